import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import { type OvhSimulator, type OvhSimulatorOptions, simulateOvh } from "../../../provider/simulators";

/** A clock that stands still until told otherwise. */
export class Clock {
  time = Date.UTC(2026, 0, 31, 10, 20, 30);
  readonly now = (): number => this.time;
  pass(ms: number): void {
    this.time += ms;
  }
}

/** An answer with its parsed body. */
export interface Reply {
  status: number;
  /** Parsed JSON, or the text when it is not JSON; `undefined` for an empty body. */
  body: unknown;
  text: string;
  headers: Headers;
}

/** The parsed body as an object; fails the test when it is none. */
export const object = (reply: Reply): Record<string, unknown> => {
  if (typeof reply.body !== "object" || reply.body === null || Array.isArray(reply.body)) {
    throw new Error(`Not an object: ${reply.status} ${reply.text}`);
  }
  return { ...reply.body };
};

/** The parsed body as a list of objects; fails the test when it is none. */
export const items = (reply: Reply): Record<string, unknown>[] => {
  if (!Array.isArray(reply.body)) throw new Error(`Not a list: ${reply.status} ${reply.text}`);
  return reply.body.map((body: unknown) => object({ ...reply, body }));
};

/** A member that must be a text. */
export const text = (from: Record<string, unknown>, name: string): string => {
  const value = from[name];
  if (typeof value !== "string") throw new Error(`${name} is ${String(value)}`);
  return value;
};

export const read = async (response: Response): Promise<Reply> => {
  const content = await response.text();
  let body: unknown;
  try {
    body = content === "" ? undefined : JSON.parse(content);
  } catch {
    body = content;
  }
  return { status: response.status, body, text: content, headers: response.headers };
};

/** A signature as the API's documentation computes it. */
export const sign = (secret: string, consumer: string, method: string, url: string, body: string, time: number) =>
  `$1$${createHash("sha1").update([secret, consumer, method, url, body, time].join("+")).digest("hex")}`;

/** Calls a simulator with its application keys. */
export class Client {
  readonly simulator: OvhSimulator;
  readonly #now: () => number;

  constructor(simulator: OvhSimulator, now: () => number) {
    this.simulator = simulator;
    this.#now = now;
  }

  headers(method: string, url: string, body: string): Record<string, string> {
    const { applicationKey, applicationSecret, consumerKey } = this.simulator.credentials;
    const time = Math.floor(this.#now() / 1000);
    return {
      "x-ovh-application": applicationKey,
      "x-ovh-consumer": consumerKey,
      "x-ovh-timestamp": String(time),
      "x-ovh-signature": sign(applicationSecret, consumerKey, method, url, body, time),
    };
  }

  /** `path` below the branch. */
  async call(method: string, path: string, body?: unknown): Promise<Reply> {
    const url = this.simulator.url + path;
    const content = body === undefined ? "" : JSON.stringify(body);
    const init = { method, headers: this.headers(method, url, content) };
    return read(await fetch(url, content === "" ? init : { ...init, body: content }));
  }

  /** `path` below the service. */
  service(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.call(method, `/storage/netapp/${this.simulator.serviceName}${path}`, body);
  }

  /** `path` below the share that exists at start. */
  share(method: string, path: string, body?: unknown): Promise<Reply> {
    return this.service(method, `/share/${this.simulator.shareId}${path}`, body);
  }

  /** A new share, settled. */
  async newShare(fields: object = {}): Promise<string> {
    const reply = await this.service("POST", "/share", { protocol: "NFS", size: 100, ...fields });
    return text(object(reply), "id");
  }

  /** A new manual snapshot of a share, settled. */
  async newSnapshot(shareId: string, fields: object = {}): Promise<string> {
    const reply = await this.service("POST", `/share/${shareId}/snapshot`, fields);
    return text(object(reply), "id");
  }

  /** The automatic snapshots of the share that exists at start. */
  async automatic(): Promise<Record<string, unknown>[]> {
    const all = items(await this.share("GET", "/snapshot?detail=true"));
    return all.filter((snapshot) => snapshot["type"] === "automatic");
  }
}

/** A simulator with a clock that stands still, closed when the test ends. */
export async function start(options: OvhSimulatorOptions = {}) {
  const clock = new Clock();
  const simulator = await simulateOvh({ now: clock.now, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, clock, model: simulator.model, client: new Client(simulator, options.now ?? clock.now) };
}
