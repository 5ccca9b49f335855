import type { HttpAnswer } from "../../simulator/send";
import { bearerToken, type SignedRequest } from "./credentials";
import type { Settings } from "./options";
import { errorClass } from "./refusal";

const WINDOW_MS = 1000;

/**
 * How many calls the service takes. That it refuses too many with 429 is known to its clients; number, header, body and how it
 * counts are not published. Our assumption: so many of one credential in any second, and a refused call does not count.
 */
export class Throttling {
  /** Calls that one credential may make in any second; `undefined` for any number. */
  requestsPerSecond: number | undefined;
  /** Whether a refusal says in `Retry-After` when to ask again, in whole seconds. */
  retryAfter: boolean;
  readonly #now: () => number;
  /** When calls were taken, by credential. */
  readonly #taken = new Map<string, number[]>();

  /** Made by `simulateOvh`. */
  constructor({ requestsPerSecond, retryAfter, now }: Settings) {
    this.requestsPerSecond = requestsPerSecond;
    this.retryAfter = retryAfter;
    this.#now = now;
  }

  /** @internal Counts a call: the answer to one too many, `undefined` for one that is taken. */
  refusal(request: Pick<SignedRequest, "headers">): HttpAnswer | undefined {
    const most = this.requestsPerSecond;
    if (most === undefined) return undefined;
    const now = this.#now();
    const who = credentialOf(request);
    const recent = (this.#taken.get(who) ?? []).filter((at) => at > now - WINDOW_MS);
    this.#taken.set(who, recent);
    const [oldest = now] = recent.slice(-most);
    if (recent.length < most) {
      recent.push(now);
      return undefined;
    }
    const seconds = Math.ceil((oldest + WINDOW_MS - now) / 1000);
    return {
      status: 429,
      body: { class: errorClass(429), message: `More than ${most} calls per second` },
      headers: this.retryAfter ? { "retry-after": String(seconds) } : {},
    };
  }
}

/** Calls without a credential, such as for the time, are counted together. */
const credentialOf = (request: Pick<SignedRequest, "headers">): string => {
  const { "x-ovh-consumer": consumerKey, authorization } = request.headers;
  return String(consumerKey ?? bearerToken(request) ?? authorization ?? "");
};

/** Throws where a number of calls makes no sense. */
export function checkRequestsPerSecond(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`requestsPerSecond must be an integer of at least 1, not ${String(value)}`);
}
