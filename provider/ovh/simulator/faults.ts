import { pathPattern, splitBranch } from "./pathTemplate";

/** What goes wrong with a call. */
export type Fault =
  /** An error answer. Without `afterEffect` the call has none. A body in JSON, or `html` as a gateway sends it. */
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
  /** The operation is carried out, the answer breaks off half-way. */
  | { kind: "truncated" }
  /** 403 with the name of the missing IAM action; by default the one that the call needs. */
  | { kind: "missingPermission"; action?: string }
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

/** Faults to come, for product and authentication calls. The first one added that matches strikes; one call meets one fault. */
export class Faults {
  #orders: { order: FaultOrder; matches: (pathname: string) => boolean; skip: number; left: number }[] = [];

  /** Orders a fault. Answers a function that takes it back. */
  add(order: FaultOrder): () => void {
    const entry = { order, matches: matcher(order.path), skip: order.skip ?? 0, left: order.times ?? 1 };
    this.#orders.push(entry);
    return () => {
      this.#orders = this.#orders.filter((other) => other !== entry);
    };
  }

  /** Takes all faults back. */
  clear(): void {
    this.#orders = [];
  }

  /** The fault that strikes this call, and uses it up. For the simulator's own server. */
  take(method: string, pathname: string): Fault | undefined {
    const entry = this.#orders.find((candidate) => {
      const wanted = candidate.order.method?.toUpperCase() ?? method;
      if (candidate.left <= 0 || wanted !== method || !candidate.matches(pathname)) return false;
      if (candidate.skip === 0) return true;
      candidate.skip -= 1;
      return false;
    });
    if (!entry) return undefined;
    entry.left -= 1;
    return entry.order.fault;
  }
}
