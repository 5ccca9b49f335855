import { type CommonFault, type CommonOrder, FaultQueue, type PendingOrder } from "../../simulator/faults";
import { pathPattern } from "../../simulator/paths";
import { splitBranch } from "./pathTemplate";

/** What goes wrong with a call. */
export type Fault =
  | CommonFault
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
  | { kind: "expiredToken" };

/** When a fault strikes. */
export interface FaultOrder extends CommonOrder<Fault> {
  /** HTTP method. @default any */
  method?: string;
  /**
   * A path with placeholders, with or without the branch (`/storage/netapp/{serviceName}/share`), or an expression tested
   * against the whole path without its query. @default any
   */
  path?: string | RegExp;
}

const matches = (path: string | RegExp | undefined, pathname: string): boolean => {
  if (path === undefined) return true;
  if (typeof path !== "string") return pathname.search(path) >= 0;
  const pattern = pathPattern(path);
  return pattern.test(pathname) || pattern.test(splitBranch(pathname)?.rest ?? pathname);
};

/** A fault that waits for its call. */
export type PendingFault = PendingOrder<FaultOrder>;

/** Faults to come, for product and authentication calls. The first one added that matches strikes; one call meets one fault. */
export class Faults extends FaultQueue<Fault, FaultOrder> {
  /** Orders a fault. Answers a function that takes it back. Throws where the path makes no sense. */
  override add(order: FaultOrder): () => void {
    if (typeof order.path === "string") pathPattern(order.path);
    return super.add(order);
  }

  /**
   * The fault that strikes this call, and uses it up. For the simulator's own server.
   * @param canStrike - Whether a fault means anything for this call. One that does not waits for the next.
   */
  take(method: string, pathname: string, canStrike: (fault: Fault) => boolean): Fault | undefined {
    return this.strike((order) => {
      const wanted = order.method?.toUpperCase() ?? method;
      return wanted === method && matches(order.path, pathname) && canStrike(order.fault);
    });
  }
}
