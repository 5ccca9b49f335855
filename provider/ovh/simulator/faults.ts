import type { BodyChange } from "./bodyPatch";
import { pathPattern, splitBranch } from "./pathTemplate";

/** What goes wrong with a call. */
export type Fault =
  /** An answer with another status, mostly an error. Without `afterEffect` the call has none. A body in JSON, or `html` as a gateway sends it. */
  | {
      kind: "status";
      status: number;
      body?: unknown;
      html?: string;
      /** Value of the Retry-After header: seconds or an HTTP date. */
      retryAfter?: number | string;
      /** The operation is carried out all the same. @default false */
      afterEffect?: boolean;
    }
  /** The connection is reset; nothing happened. */
  | { kind: "dropBefore" }
  /** The operation is carried out, then the connection is reset: the answer is lost. */
  | { kind: "dropAfter" }
  /** The operation is carried out at once, the answer comes `ms` milliseconds later. */
  | { kind: "slow"; ms: number }
  /** The operation is carried out, the first half of the answer comes at once, the other `ms` milliseconds later. */
  | { kind: "stalled"; ms: number }
  /** The operation is carried out, the answer breaks off half-way. */
  | { kind: "truncated" }
  /** The operation is carried out, but `text` is the answer's body, whatever that is: broken JSON, a login page, nothing. */
  | {
      kind: "body";
      text: string;
      /** @default "application/json; charset=utf-8" */
      contentType?: string;
    }
  /**
   * The operation is carried out, then the body of the answer is changed, for a value or field that the service has not had
   * before, or one that it leaves out. A list of changes, or a function from body to body. Refusals stay as they are.
   */
  | { kind: "mutate"; change: readonly BodyChange[] | ((body: unknown) => unknown) }
  /** 403 with the name of the missing IAM action; by default the one that the call needs. Strikes product calls only. */
  | { kind: "missingPermission"; action?: string }
  /**
   * The call is judged as if its timestamp were off by so many seconds, positive or negative: the refusal of a clock that is wrong,
   * unless it is within the tolerance. Strikes signed calls only; bearer tokens have no time.
   */
  | { kind: "clockSkew"; seconds: number }
  /**
   * The credential of the call counts as expired: 403 for a consumer key, which works again at the next call, and the switch
   * `badTokenStatus` for a bearer token, which stays useless unless it is the ready-made one. A token asked for afterwards works.
   * Strikes only calls that need a credential.
   */
  | { kind: "expiredToken" }
  /** Runs a function just before the call, which then goes on: for races, such as a rotation between list and hold. */
  | { kind: "interfere"; run: () => void };

/** When a fault strikes. */
export interface FaultOrder {
  /** HTTP method. @default any */
  method?: string;
  /**
   * A path with placeholders, with or without the branch (`/storage/netapp/{serviceName}/share`), or an expression tested
   * against the whole path without its query. @default any
   */
  path?: string | RegExp;
  /** How many matching calls pass before it strikes. @default 0 */
  skip?: number;
  /** How often it strikes, `Infinity` for always. @default 1 */
  times?: number;
  /** What goes wrong. */
  fault: Fault;
}

const matcher = (path: string | RegExp | undefined): ((pathname: string) => boolean) => {
  if (path === undefined) return () => true;
  if (typeof path !== "string") return (pathname) => pathname.search(path) >= 0;
  const pattern = pathPattern(path);
  return (pathname) => pattern.test(pathname) || pattern.test(splitBranch(pathname)?.rest ?? pathname);
};

/** A fault that waits for its call. */
export interface PendingFault {
  /** Its number, by which the side call takes it back. */
  readonly id: number;
  /** As it was ordered. */
  readonly order: FaultOrder;
  /** How many matching calls still pass before it strikes. */
  readonly skip: number;
  /** How often it still strikes. */
  readonly left: number;
}

/** Faults to come, for product and authentication calls. The first one added that matches strikes; one call meets one fault. */
export class Faults {
  #orders: { id: number; order: FaultOrder; matches: (pathname: string) => boolean; skip: number; left: number }[] = [];
  #added = 0;

  /** What was ordered and has not struck as often as it shall. Empty when every order was used up. */
  get pending(): readonly PendingFault[] {
    return this.#orders.map(({ id, order, skip, left }) => ({ id, order, skip, left }));
  }

  /** Orders a fault. Answers a function that takes it back. */
  add(order: FaultOrder): () => void {
    this.#added += 1;
    const id = this.#added;
    const entry = { id, order, matches: matcher(order.path), skip: order.skip ?? 0, left: order.times ?? 1 };
    if (entry.left > 0) this.#orders.push(entry);
    return () => void this.remove(id);
  }

  /** Takes one fault back by its number. Answers whether it was still waiting. */
  remove(id: number): boolean {
    const before = this.#orders.length;
    this.#orders = this.#orders.filter((other) => other.id !== id);
    return this.#orders.length < before;
  }

  /** Takes all faults back. */
  clear(): void {
    this.#orders = [];
  }

  /**
   * The fault that strikes this call, and uses it up. For the simulator's own server.
   * @param canStrike - Whether a fault means anything for this call. One that does not waits for the next.
   */
  take(method: string, pathname: string, canStrike: (fault: Fault) => boolean): Fault | undefined {
    const entry = this.#orders.find((candidate) => {
      const wanted = candidate.order.method?.toUpperCase() ?? method;
      if (wanted !== method || !candidate.matches(pathname) || !canStrike(candidate.order.fault)) return false;
      if (candidate.skip === 0) return true;
      candidate.skip -= 1;
      return false;
    });
    if (!entry) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.remove(entry.id);
    return entry.order.fault;
  }
}
