import { createHttp, type Http } from "../../../provider/core/http";
import type { State as ServiceState } from "../../../provider/ovh/simulator/records";
import { type OvhCall, type OvhSimulator, simulateOvh } from "../../../provider/simulators";
import { JumpingClock } from "../../ovh/support/clock";
import { type ProviderProcess, startProcess } from "../../ovh/support/providerProcess";
import { type Program, Stack, type StackState } from "./stack";

/** What lasts from one command to the next: the service with everything in it, the state file, and the time. */
export interface Situation {
  service: Omit<ServiceState, "credentials">;
  stack: StackState;
  time: number;
}

/** A simulated service with a stack on it. */
export interface World {
  readonly simulator: OvhSimulator;
  readonly clock: JumpingClock;
  readonly stack: Stack;
  readonly serviceName: string;
  /** The share that was there before the program. */
  readonly production: string;
  /** What all provider processes have logged. */
  readonly logs: ProviderProcess["logs"];
  /** Called with each call when its answer is decided. */
  readonly watchers: ((call: OvhCall) => void)[];
  /** Calls for which this says yes meet a port where nobody listens. */
  refuses: (method: string, path: string) => boolean;
  /** Everything that was never to be shown. */
  readonly secrets: readonly string[];
  snapshot(): Situation;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Goes on from here. @default a new service and an empty stack */
  from?: Situation | undefined;
  /** @default 30 */
  requestTimeoutSeconds?: number | undefined;
  /** Logs in with OAuth2. */
  serviceAccount?: boolean | undefined;
}

/** Each step takes longer than one pause between reads, so that every wait sees its object busy. */
export const STEP_MS = 300;

/** A port on which nothing listens: connections to it are refused by the kernel. */
const CLOSED_PORT = "1";

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { from, requestTimeoutSeconds = 30, serviceAccount = false } = options;
  const clock = new JumpingClock();
  const watchers: World["watchers"] = [];
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

  let refuses: World["refuses"] = () => false;
  const opened: Http[] = [];
  const processes: ProviderProcess[] = [];
  const logs: World["logs"] = [];
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

export const placeOf = ({ serviceName, production, simulator }: World): Place => ({
  serviceName,
  production,
  hourly: simulator.model.policies.find(({ isDefault, rules }) => !isDefault && rules.length > 0)?.id ?? "",
});

export type ProgramAt = (place: Place) => Program;
