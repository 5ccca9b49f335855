import type { BodyChange } from "./bodyPatch";

/** What goes wrong with a call to any simulated service. */
export type CommonFault =
  /** An answer with another HTTP status, mostly an error. Without `afterEffect` the call has none. A body in JSON, or `html` as a gateway sends it. */
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
   * The operation is carried out, then the answer is changed, for a value or field that the service has not had before, or one that
   * it leaves out: the body, or what `result` holds with Element. A list of changes, or a function. Refusals stay as they are.
   */
  | { kind: "mutate"; change: readonly BodyChange[] | ((body: unknown) => unknown) }
  /** Runs a function just before the call, which then goes on: for races, such as a rotation between list and hold. */
  | { kind: "interfere"; run: () => void };

/** What the order of a fault has in every simulator. */
export interface CommonOrder<AnyFault> {
  /** How many matching calls pass before it strikes. @default 0 */
  skip?: number;
  /** How often it strikes, `Infinity` for always. @default 1 */
  times?: number;
  /** What goes wrong. */
  fault: AnyFault;
}

/** A fault that waits for its call. */
export interface PendingOrder<Order> {
  /** Its number, by which the side call takes it back. */
  readonly id: number;
  /** As it was ordered. */
  readonly order: Order;
  /** How many matching calls still pass before it strikes. */
  readonly skip: number;
  /** How often it still strikes. */
  readonly left: number;
}

/** Faults to come. The first one added that matches strikes; one call meets one fault. */
export class FaultQueue<AnyFault, Order extends CommonOrder<AnyFault>> {
  #orders: { id: number; order: Order; skip: number; left: number }[] = [];
  #added = 0;

  /** What was ordered and has not struck as often as it shall. Empty when every order was used up. */
  get pending(): readonly PendingOrder<Order>[] {
    return this.#orders.map((entry) => ({ ...entry }));
  }

  /** Orders a fault. Answers a function that takes it back. */
  add(order: Order): () => void {
    this.#added += 1;
    const id = this.#added;
    const entry = { id, order, skip: order.skip ?? 0, left: order.times ?? 1 };
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
   * The fault that strikes a call, and uses it up. For the simulator's own server.
   * @param matches - Whether an order is for this call and means anything for it. One that does not waits for the next.
   */
  protected strike(matches: (order: Order) => boolean): AnyFault | undefined {
    const entry = this.#orders.find((candidate) => {
      if (!matches(candidate.order)) return false;
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
