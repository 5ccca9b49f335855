import { COMMON_MEMBERS, flag, type OrderForm, text } from "../../simulator/faultOrders";
import { type CommonFault, type CommonOrder, FaultQueue } from "../../simulator/faults";

/** What goes wrong with a call to the Element simulator. */
export type ElementFault =
  | CommonFault
  /** An API error, with HTTP 200. With `apply` the call is carried out all the same, as some transient errors have it. */
  | {
      kind: "error";
      /** The x-name, for example `xDBConnectionLoss`. */
      name: string;
      /** @default the name */
      message?: string;
      /** @default false */
      apply?: boolean;
    }
  /** The body `null` with HTTP 200: a node that is up but does not serve the API. Nothing happens. */
  | { kind: "nullBody" }
  /** The administrator lacks the access type: xPermissionDenied, as it also comes during upgrades. Nothing happens. */
  | { kind: "permission" };

/** When a fault strikes. */
export interface ElementFaultOrder extends CommonOrder<ElementFault> {
  /** Name of the JSON-RPC method, or "any". @default "any" */
  method?: string;
}

/** Faults to come. The first one added that matches strikes; one call meets one fault. */
export class ElementFaults extends FaultQueue<ElementFault, ElementFaultOrder> {
  /** The fault that strikes a call of this method, and uses it up. For the simulator's own server. */
  take(method: string): ElementFault | undefined {
    return this.strike((order) => (order.method ?? "any") === "any" || order.method === method);
  }
}

/** A fault order in JSON. */
export const ORDER_FORM: OrderForm = {
  kinds: {
    ...COMMON_MEMBERS,
    error: { needs: { name: text }, may: { message: text, apply: flag } },
    nullBody: {},
    permission: {},
  },
  names: ["method"],
  target: (fields) => (fields["method"] === undefined ? {} : { method: text(fields, "method") }),
};
