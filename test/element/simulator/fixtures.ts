import { onTestFinished } from "vitest";
import { type ElementSimulator, type ElementSimulatorOptions, simulateElement } from "../../../provider/simulators";

/** A clock that stands still until told otherwise. */
export class Clock {
  time = Date.UTC(2026, 0, 31, 10, 20, 30);
  readonly now = (): number => this.time;
  pass(ms: number): void {
    this.time += ms;
  }
}

export const GIB = 1_073_741_824;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member that must be an object. */
export const object = (from: Fields, name: string): Fields => {
  const value = from[name];
  if (!isObject(value)) throw new Error(`${name} is ${JSON.stringify(value)}`);
  return value;
};

/** A member that must be a list of objects. */
export const items = (from: Fields, name: string): Fields[] => {
  const value = from[name];
  if (!Array.isArray(value)) throw new Error(`${name} is ${JSON.stringify(value)}`);
  return value.map((one: unknown) => object({ one }, "one"));
};

/** A member that must be a number. */
export const number = (from: Fields, name: string): number => {
  const value = from[name];
  if (typeof value !== "number") throw new Error(`${name} is ${JSON.stringify(value)}`);
  return value;
};

/** What came back of a request, parsed where it is JSON. */
export interface Reply {
  status: number;
  text: string;
  body: Fields;
  headers: Headers;
}

const read = async (response: Response): Promise<Reply> => {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = {};
  }
  return { status: response.status, text, body: isObject(body) ? body : {}, headers: response.headers };
};

/** Speaks JSON-RPC to a simulator. */
export class Client {
  readonly simulator: ElementSimulator;
  version = "12.5";

  constructor(simulator: ElementSimulator) {
    this.simulator = simulator;
  }

  get authorization(): string {
    const { username, password } = this.simulator.credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  }

  async post(body: string, path = `/json-rpc/${this.version}`, headers: Record<string, string> = {}): Promise<Reply> {
    const sent = { authorization: this.authorization, ...headers };
    return read(await fetch(this.simulator.url + path, { method: "POST", body, headers: sent }));
  }

  send(method: string, params: Fields = {}): Promise<Reply> {
    return this.post(JSON.stringify({ method, params, id: 1 }));
  }

  /** The result; fails the test when there is an error. */
  async call(method: string, params: Fields = {}): Promise<Fields> {
    const reply = await this.send(method, params);
    if (!("result" in reply.body)) throw new Error(`${method}: ${reply.status} ${reply.text}`);
    return object(reply.body, "result");
  }

  /** Name and message of the error, which comes with status 200 and the code 500; fails the test when there is none. */
  async error(method: string, params: Fields = {}): Promise<string> {
    const { status, body, text } = await this.send(method, params);
    if (!("error" in body) || "result" in body) throw new Error(`${method}: ${text}`);
    const { code, name, message } = object(body, "error");
    if (status !== 200 || code !== 500) throw new Error(`${method}: ${status} ${text}`);
    return `${name}: ${message}`;
  }

  /** One of the simulator's own calls. */
  async side(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown; text: string }> {
    const init = { method, headers: { "x-holdfast-simulator": "1" } };
    const sent = body === undefined ? init : { ...init, body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(`${this.simulator.url}/simulator${path}`, sent);
    const text = await response.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // a text
    }
    return { status: response.status, body: parsed, text };
  }

  /** A volume by its id, as ListVolumes has it, or `undefined`. */
  async volume(volumeID: number): Promise<Fields | undefined> {
    const [volume] = items(await this.call("ListVolumes", { volumeIDs: [volumeID] }), "volumes");
    return volume;
  }

  /** Clones the seed's volume; answers the ids. */
  async clone(
    params: Fields = {},
  ): Promise<{ volumeID: number; cloneID: number; asyncHandle: number; volume: Fields }> {
    const result = await this.call("CloneVolume", { volumeID: 1, name: "clone", ...params });
    return {
      volumeID: number(result, "volumeID"),
      cloneID: number(result, "cloneID"),
      asyncHandle: number(result, "asyncHandle"),
      volume: object(result, "volume"),
    };
  }

  /** A result that stays; `status` and what else it has. */
  result(asyncHandle: number): Promise<Fields> {
    return this.call("GetAsyncResult", { asyncHandle, keepResult: true });
  }
}

/** A simulator with a clock that stands still, closed when the test ends. */
export async function start(options: ElementSimulatorOptions = {}) {
  const clock = new Clock();
  const simulator = await simulateElement({ now: clock.now, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, clock, model: simulator.model, faults: simulator.faults, client: new Client(simulator) };
}
