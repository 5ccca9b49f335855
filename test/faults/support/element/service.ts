import { createHttp, type Http } from "../../../../provider/core/http";
import { typeOf } from "../../../../provider/core/resource";
import {
  type ElementFault,
  type ElementSimulator,
  type ElementSwitches,
  simulateElement,
} from "../../../../provider/simulators";
import { type ProviderProcess, startProcess } from "../../../element/support/providerProcess";
import { JumpingClock } from "../../../support/clock";
import { orderedIn } from "../ordered";
import { Stack } from "../stack";
import type { Ordered, Route, World, WorldOptions } from "../system";

/** A simulated cluster with a stack on it. */
export interface ElementWorld extends World {
  readonly simulator: ElementSimulator;
  /** The volume that was there before the program. */
  readonly database: number;
  readonly testAccount: number;
  readonly testHosts: number;
  readonly productionHosts: number;
  readonly policy: number;
  order(which: Partial<Route> & { skip?: number }, fault: ElementFault, times?: number): Ordered;
}

export interface ElementWorldOptions extends WorldOptions {
  /** How the cluster is, where nobody publishes it. */
  switches?: ElementSwitches | undefined;
}

/** Longer than one pause between reads, so that every wait sees its clone busy. */
const CLONE_MS = 300;

/** A port on which nothing listens: connections to it are refused by the kernel. */
const CLOSED_PORT = "1";

export async function startWorld(options: ElementWorldOptions = {}): Promise<ElementWorld> {
  const { from, requestTimeoutSeconds = 30, switches } = options;
  const clock = new JumpingClock();
  const watchers: ElementWorld["watchers"] = [];
  const simulator = await simulateElement({
    now: clock.now,
    cloneMs: CLONE_MS,
    apiVersion: "12.8", // renames snapshots
    ...switches,
    onCall: ({ method, version }) => {
      for (const watch of watchers) watch({ method, path: version });
    },
  });
  // A state of the simulator's own making, under new credentials.
  const { state } = simulator.model.world;
  if (from !== undefined) {
    clock.time = from.time;
    Object.assign(state, structuredClone(from.service));
  }

  let refuses: ElementWorld["refuses"] = () => false;
  const opened: Http[] = [];
  const processes: ProviderProcess[] = [];
  const start = (): ProviderProcess => {
    const http = createHttp({ requestTimeoutSeconds });
    opened.push(http);
    const process = startProcess(simulator, clock, {
      readState: async () => ({ ids: stack.ids, resources: recorded(stack), interrupted: new Set() }), // no command of ours is killed
      http: {
        ...http,
        exchange: (request) => {
          const url = new URL(request.url);
          const { method }: { method: string } = JSON.parse(request.body ?? "{}");
          if (refuses(method, "")) url.port = CLOSED_PORT;
          return http.exchange({ ...request, url });
        },
      },
    });
    processes.push(process);
    return process;
  };
  const stack: Stack = new Stack(start, from?.stack);
  const { username, password } = simulator.credentials;
  const { first, accessGroups, qosPolicies } = state;
  return {
    simulator,
    clock,
    stack,
    database: first.volumeID,
    testAccount: first.accountID,
    testHosts: first.volumeAccessGroupID,
    productionHosts: [...accessGroups.keys()].find((id) => id !== first.volumeAccessGroupID) ?? 0,
    policy: [...qosPolicies.keys()][0] ?? 0,
    get logs() {
      return processes.flatMap((process) => process.logs);
    },
    watchers,
    get unmatched() {
      return simulator.unmatched;
    },
    order: ({ method, skip }, fault, times = 1) =>
      orderedIn(simulator.faults, { ...(method === undefined ? {} : { method }), skip: skip ?? 0, times, fault }),
    calm: () => simulator.faults.clear(),
    get refuses() {
      return refuses;
    },
    set refuses(when) {
      refuses = when;
    },
    secrets: [password, Buffer.from(`${username}:${password}`).toString("base64")],
    snapshot() {
      const { credentials: _, ...service } = simulator.model.world.state;
      return structuredClone({ service, stack: stack.state, time: clock.time });
    },
    async close() {
      for (const http of opened) await http.close();
      await simulator.close();
    },
  };
}

/** What the engine would export. */
const recorded = ({ state: { resources, replaced } }: Stack) =>
  [...resources, ...replaced].map(({ kind, state }) => ({ type: typeOf(kind), id: state.id, outputs: state.outputs }));
