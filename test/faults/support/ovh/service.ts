import { createHttp, type Http } from "../../../../provider/core/http";
import { type Fault, type OvhSimulator, simulateOvh } from "../../../../provider/simulators";
import { type ProviderProcess, startProcess } from "../../../ovh/support/providerProcess";
import { JumpingClock } from "../../../support/clock";
import { orderedIn } from "../ordered";
import { Stack } from "../stack";
import type { Ordered, ProgramAt, Route, World, WorldOptions } from "../system";

/** A simulated service with a stack on it. */
export interface OvhWorld extends World {
  readonly simulator: OvhSimulator;
  readonly serviceName: string;
  /** The share that was there before the program. */
  readonly production: string;
  order(which: Partial<Route> & { skip?: number }, fault: Fault, times?: number): Ordered;
}

export interface OvhWorldOptions extends WorldOptions {
  /** Logs in with OAuth2. */
  serviceAccount?: boolean | undefined;
}

/** Each step takes longer than one pause between reads, so that every wait sees its object busy. */
export const STEP_MS = 300;

/** A port on which nothing listens: connections to it are refused by the kernel. */
const CLOSED_PORT = "1";

export async function startWorld(options: OvhWorldOptions = {}): Promise<OvhWorld> {
  const { from, requestTimeoutSeconds = 30, serviceAccount = false } = options;
  const clock = new JumpingClock();
  const watchers: OvhWorld["watchers"] = [];
  const simulator = await simulateOvh({
    now: clock.now,
    stepMs: STEP_MS,
    onCall: (call) => {
      for (const watch of watchers) watch(call);
    },
  });
  // A state of the simulator's own making, under new credentials.
  const { state } = simulator.model.world;
  if (from !== undefined) {
    clock.time = from.time;
    Object.assign(state, structuredClone(from.service));
  }

  let refuses: OvhWorld["refuses"] = () => false;
  const opened: Http[] = [];
  const processes: ProviderProcess[] = [];
  const logs: OvhWorld["logs"] = [];
  const start = (): ProviderProcess => {
    const http = createHttp({ requestTimeoutSeconds });
    opened.push(http);
    const process = startProcess(simulator, clock, {
      serviceAccount,
      readState: async () => ({ ids: stack.ids, resources: [], interrupted: new Set() }), // no command of ours is killed
      http: {
        ...http,
        exchange: (request) => {
          const url = new URL(request.url);
          if (refuses(request.method, url.pathname)) url.port = CLOSED_PORT;
          return http.exchange({ ...request, url });
        },
      },
    });
    processes.push(process);
    return process;
  };
  const stack: Stack = new Stack(start, from?.stack);
  const { applicationSecret, consumerKey, clientSecret, accessToken } = simulator.credentials;
  return {
    simulator,
    clock,
    stack,
    serviceName: state.serviceName,
    production: state.shareId,
    get logs() {
      return [...logs, ...processes.flatMap((process) => process.logs)];
    },
    watchers,
    get unmatched() {
      return simulator.unmatched;
    },
    order: (which, fault, times = 1) => orderedIn(simulator.faults, { ...which, times, fault }),
    calm: () => simulator.faults.clear(),
    get refuses() {
      return refuses;
    },
    set refuses(when) {
      refuses = when;
    },
    secrets: [applicationSecret, consumerKey, clientSecret, accessToken],
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

/** What a program is made for. */
export interface Place {
  serviceName: string;
  production: string;
  /** The policy with rules that the service has at start. */
  hourly: string;
}

export const placeOf = ({ serviceName, production, simulator }: OvhWorld): Place => ({
  serviceName,
  production,
  hourly: simulator.model.policies.find(({ isDefault, rules }) => !isDefault && rules.length > 0)?.id ?? "",
});

export type OvhProgram = ProgramAt<OvhWorld>;
