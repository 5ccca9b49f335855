import { deliver } from "../../simulator/faultyAnswer";
import { send } from "../../simulator/send";
import { readBody, remember, type Service, serve } from "../../simulator/serve";
import { SIDE_PREFIX } from "../../simulator/side";
import { loadState, stateSaver } from "../../simulator/stateFile";
import { lockStateFile } from "../../simulator/stateLock";
import { TOKEN_PATH } from "./authRoutes";
import { Dispatcher, destinationOf } from "./dispatch";
import { Faults } from "./faults";
import { answerCall, canStrike, common, refusalAnswer } from "./faultyAnswer";
import { OvhModel } from "./model";
import { type OvhCall, type OvhSimulatorOptions, type Settings, withDefaults } from "./options";
import { newState } from "./seed";
import { answerSide } from "./sideApi";
import { STATE_FORM } from "./stateFile";
import { checkRequestsPerSecond, Throttling } from "./throttling";

/** Every kind of credential that the simulator accepts. They are worth nothing anywhere else. */
export interface OvhSimulatorCredentials {
  /** Names the application in signed requests. */
  readonly applicationKey: string;
  /** Signs requests; never sent. */
  readonly applicationSecret: string;
  /** Grants all calls to the application. */
  readonly consumerKey: string;
  /** OAuth2 service account. */
  readonly clientId: string;
  /** Its secret. */
  readonly clientSecret: string;
  /** A bearer token that does not expire. */
  readonly accessToken: string;
  /** Where a service account gets its tokens. */
  readonly tokenUrl: string;
}

/** A running simulator. */
export interface OvhSimulator {
  /** Base address of the API, for example `http://127.0.0.1:49152/1.0`. The alias `/v1` works as well. */
  readonly url: string;
  /** UUID of the service that exists at start. */
  readonly serviceName: string;
  /** UUID of the share that exists at start, with automatic snapshots. Empty with the option `empty`, or without a network. */
  readonly shareId: string;
  /** Environment variables for programs that shall use the simulator: OVH_ENDPOINT, the application keys, HOLDFAST_OVH_SERVICE, HOLDFAST_OVH_SHARE. */
  readonly environment: Record<string, string>;
  /** What clients may log in with. */
  readonly credentials: OvhSimulatorCredentials;
  /** Product and authentication calls in their order, the newest 100,000. */
  readonly calls: readonly OvhCall[];
  /** Calls that the simulator does not know, for example `GET /1.0/me`. */
  readonly unmatched: readonly string[];
  /** What the service remembers, and ways to reach behind the API. */
  readonly model: OvhModel;
  /** What goes wrong next. */
  readonly faults: Faults;
  /** How many calls the service takes. */
  readonly throttling: Throttling;
  /** Ends all connections and the server. Safe to call twice. */
  close(): Promise<void>;
}

/** A request id in the vendor's form, such as FR.ws-8.5860f657.4632.0180. */
const queryId = (number: number, at: number): string =>
  `SIM.ws-1.${Math.floor(at / 1000).toString(16)}.${process.pid}.${String(number).padStart(4, "0")}`;

/**
 * Starts a simulator of OVHcloud Enterprise File Storage on 127.0.0.1. It keeps to the published API and refuses what the service
 * refuses; replications, orders and metrics are not simulated.
 * @example
 * ```ts
 * const simulator = await simulateOvh({ stepMs: 200 });
 * Object.assign(process.env, simulator.environment);
 * simulator.model.steer("cloneShare", { outcome: "failed" });
 * simulator.faults.add({ method: "POST", path: "/storage/netapp/{serviceName}/share", fault: { kind: "dropAfter" } });
 * await simulator.close();
 * ```
 */
export async function simulateOvh(options: OvhSimulatorOptions = {}): Promise<OvhSimulator> {
  const settings = withDefaults(options);
  if (!Number.isSafeInteger(settings.quotaGiB) || settings.quotaGiB < 100) {
    throw new Error(`quotaGiB must be an integer of at least 100, not ${settings.quotaGiB}`);
  }
  const every = settings.snapshotEveryMs;
  if (every !== undefined && (!Number.isSafeInteger(every) || every < 1000)) {
    throw new Error(`snapshotEveryMs must be an integer of at least 1000, not ${every}`);
  }
  checkRequestsPerSecond(settings.requestsPerSecond);
  const unlock = settings.stateFile === undefined ? () => {} : lockStateFile(settings.stateFile);
  try {
    return await startSimulator(settings, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startSimulator(settings: Settings, unlock: () => void): Promise<OvhSimulator> {
  const { stateFile } = settings;
  const state = (stateFile === undefined ? undefined : loadState(stateFile, STATE_FORM)) ?? newState(settings);
  const save = stateFile === undefined ? () => {} : stateSaver(stateFile, state, STATE_FORM);
  // a file that cannot be written shall stop the start, not the first change
  save();
  const model = new OvhModel(state, settings, save);
  const faults = new Faults();
  const throttling = new Throttling(settings);
  const calls: OvhCall[] = [];
  const unmatched: string[] = [];
  let received = 0;
  let origin = "";
  const dispatcher = new Dispatcher(model, () => origin);
  /** What the head of every answer says: the call's number, and the simulator's time. */
  const stamp = (id: string) => ({ "x-ovh-queryid": id, date: new Date(model.now).toUTCString() });

  const handle: Service["handle"] = async (incoming, response, closing) => {
    const { method = "GET", url: target = "/", headers } = incoming;
    const [path = "/", ...rest] = target.split("?");
    const query = rest.join("?");
    received += 1;
    const head = stamp(queryId(received, settings.now()));
    if (path.startsWith(SIDE_PREFIX)) {
      try {
        const body = await readBody(incoming);
        send(response, answerSide({ model, faults, throttling, method, path, headers, body, calls, unmatched }), head);
      } catch (error) {
        send(response, refusalAnswer(error), head);
      }
      return;
    }
    const call = { method, path, query, status: 0, at: settings.now() };
    remember(calls, call);
    const answered = (status: number): void => {
      call.status = status;
      settings.onCall(call);
    };
    let body: Buffer;
    try {
      body = await readBody(incoming);
    } catch (error) {
      const answer = refusalAnswer(error);
      answered(answer.status);
      send(response, { ...answer, headers: { connection: "close" } }, head);
      return;
    }
    const host = headers.host ?? "";
    const request = { method, path, target, host, body, headers, query: new URLSearchParams(query) };
    const destination = destinationOf(method, path);
    if (destination.kind === "unknown") unmatched.push(`${method} ${path}`);
    const tooMany = throttling.refusal(request);
    if (tooMany) {
      answered(tooMany.status);
      send(response, tooMany, head);
      return;
    }
    const fault = faults.take(method, path, (candidate) => canStrike(candidate, request, destination));
    const answer = await answerCall(dispatcher, [request, destination], fault, closing);
    answered(answer?.status ?? 0);
    deliver({ incoming, response }, answer, common(fault), head, closing);
  };

  const server = await serve({
    port: settings.port,
    handle,
    failed: (error, response) => send(response, refusalAnswer(error), stamp("SIM")),
    closed: unlock,
  });
  origin = server.origin;
  const url = `${origin}/1.0`;
  const credentials = { ...model.credentials.initial, tokenUrl: `${origin}${TOKEN_PATH}` };
  return {
    url,
    serviceName: state.serviceName,
    shareId: state.shareId,
    environment: {
      OVH_ENDPOINT: url,
      OVH_APPLICATION_KEY: credentials.applicationKey,
      OVH_APPLICATION_SECRET: credentials.applicationSecret,
      OVH_CONSUMER_KEY: credentials.consumerKey,
      HOLDFAST_OVH_SERVICE: state.serviceName,
      ...(state.shareId === "" ? {} : { HOLDFAST_OVH_SHARE: state.shareId }),
    },
    credentials,
    calls,
    unmatched,
    model,
    faults,
    throttling,
    close: server.close,
  };
}
