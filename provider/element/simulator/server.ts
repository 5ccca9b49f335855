import { selfSigned } from "../../simulator/certificate";
import { deliver } from "../../simulator/faultyAnswer";
import { isObject } from "../../simulator/fields";
import { Refusal, reasonOf } from "../../simulator/refusal";
import { type HttpAnswer, send } from "../../simulator/send";
import { readBody, remember, type Service, serve } from "../../simulator/serve";
import { SIDE_PREFIX } from "../../simulator/side";
import { loadState, stateSaver } from "../../simulator/stateFile";
import { lockStateFile } from "../../simulator/stateLock";
import { answerCall, common, htmlPage, isUnknown, readRequest, withoutSecrets } from "./dispatch";
import { ElementFaults } from "./faults";
import { ElementModel } from "./model";
import { type ElementCall, type ElementSimulatorOptions, type Settings, withDefaults } from "./options";
import type { ElementCredentials } from "./records";
import { newState, STATE_FORM } from "./seed";
import { answerSide } from "./sideApi";
import { supportedVersions } from "./versions";

/** A running simulator. */
export interface ElementSimulator {
  /** Address of the cluster, for example `https://127.0.0.1:49152`; the API is below `/json-rpc/`. */
  readonly url: string;
  /** The certificate to trust, in PEM; `undefined` without `tls`. */
  readonly caCert: string | undefined;
  /**
   * Environment variables for programs that shall use the simulator: ELEMENT_ENDPOINT, ELEMENT_USERNAME, ELEMENT_PASSWORD, and the ids
   * HOLDFAST_ELEMENT_VOLUME (to clone; not with `empty`), HOLDFAST_ELEMENT_ACCOUNT and HOLDFAST_ELEMENT_ACCESS_GROUP (for tests).
   */
  readonly environment: Record<string, string>;
  /** What clients log in with. Worth nothing anywhere else. */
  readonly credentials: ElementCredentials;
  /** Calls of the API in their order, the newest 100,000. */
  readonly calls: readonly ElementCall[];
  /** Methods, or HTTP methods and paths, that the simulator does not know. */
  readonly unmatched: readonly string[];
  /** What the cluster remembers, and ways to reach behind the API. */
  readonly model: ElementModel;
  /** What goes wrong next. */
  readonly faults: ElementFaults;
  /** Ends all connections and the server. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a simulator of a NetApp Element (SolidFire) cluster on 127.0.0.1: its JSON-RPC API as far as volumes, clones, snapshots,
 * accounts, access groups and quality of service go. It refuses what the cluster refuses; what nobody publishes is a switch.
 * @example
 * ```ts
 * const simulator = await simulateElement({ cloneMs: 200 });
 * Object.assign(process.env, simulator.environment);
 * simulator.model.steerClone({ outcome: "failed" });
 * simulator.faults.add({ method: "CloneVolume", fault: { kind: "dropAfter" } });
 * await simulator.close();
 * ```
 */
export async function simulateElement(options: ElementSimulatorOptions = {}): Promise<ElementSimulator> {
  const settings = withDefaults(options);
  // a version that is none shall stop the start
  supportedVersions(settings.apiVersion);
  const unlock = settings.stateFile === undefined ? () => {} : lockStateFile(settings.stateFile);
  try {
    return await startSimulator(settings, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The answer to one of the simulator's own calls that is refused. */
const sideRefusal = (error: unknown): HttpAnswer => ({
  status: error instanceof Refusal ? error.status : 500,
  body: { message: reasonOf(error) },
});

/** The x-name in an answer. */
const errorIn = (answer: HttpAnswer | undefined): string | undefined => {
  const error = isObject(answer?.body) ? answer.body["error"] : undefined;
  const name = isObject(error) ? error["name"] : undefined;
  return typeof name === "string" ? name : undefined;
};

async function startSimulator(settings: Settings, unlock: () => void): Promise<ElementSimulator> {
  const { stateFile, tls } = settings;
  const state = (stateFile === undefined ? undefined : loadState(stateFile, STATE_FORM)) ?? newState(settings);
  const save = stateFile === undefined ? () => {} : stateSaver(stateFile, state, STATE_FORM);
  // a file that cannot be written shall stop the start, not the first change
  save();
  const model = new ElementModel(state, settings, save);
  const faults = new ElementFaults();
  const calls: ElementCall[] = [];
  const unmatched: string[] = [];

  const handle: Service["handle"] = async (incoming, response, closing) => {
    const { method: httpMethod = "GET", url = "/", headers } = incoming;
    // clients compare it with the times of objects
    response.setHeader("date", new Date(model.now).toUTCString());
    const [path = "/"] = url.split("?");
    if (path.startsWith(SIDE_PREFIX)) {
      try {
        const body = await readBody(incoming);
        send(response, answerSide({ model, faults, method: httpMethod, path, headers, body, calls, unmatched }));
      } catch (error) {
        send(response, sideRefusal(error));
      }
      return;
    }
    // Clients reckon ages by it.
    response.setHeader("Date", new Date(model.now).toUTCString());
    const at = settings.now();
    let body: Buffer;
    try {
      body = await readBody(incoming);
    } catch (error) {
      const page = htmlPage(error instanceof Refusal ? error.status : 400);
      send(response, { ...page, headers: { ...page.headers, connection: "close" } });
      return;
    }
    const request = readRequest(httpMethod, path, headers.authorization, body);
    const { method, version } = request;
    const call: { -readonly [Name in keyof ElementCall]: ElementCall[Name] } = {
      method,
      params: withoutSecrets(request.params),
      version,
      httpStatus: 0,
      at,
    };
    remember(calls, call);
    if (isUnknown(request)) {
      const named = httpMethod === "POST" && version !== "" && method !== "";
      unmatched.push(named ? method : `${httpMethod} ${path}`);
    }
    const fault = faults.take(method);
    const answer = await answerCall(model, request, fault, closing);
    call.httpStatus = answer?.status ?? 0;
    const error = errorIn(answer);
    if (error !== undefined) call.error = error;
    settings.onCall(call);
    deliver({ incoming, response }, answer, common(fault), {}, closing);
  };

  const certificate = tls ? selfSigned() : undefined;
  const { origin, close } = await serve({
    port: settings.port,
    certificate,
    handle,
    failed: (_, response) => send(response, htmlPage(500)),
    closed: unlock,
  });
  const { credentials, first } = state;
  return {
    url: origin,
    caCert: certificate?.cert,
    environment: {
      ELEMENT_ENDPOINT: origin,
      ELEMENT_USERNAME: credentials.username,
      ELEMENT_PASSWORD: credentials.password,
      ...(first.volumeID === 0 ? {} : { HOLDFAST_ELEMENT_VOLUME: String(first.volumeID) }),
      HOLDFAST_ELEMENT_ACCOUNT: String(first.accountID),
      HOLDFAST_ELEMENT_ACCESS_GROUP: String(first.volumeAccessGroupID),
    },
    credentials,
    calls,
    unmatched,
    model,
    faults,
    close,
  };
}
