import { COMMON_MEMBERS, flag, type OrderForm, text } from "../../simulator/faultOrders";
import { type CommonFault, type CommonOrder, FaultQueue } from "../../simulator/faults";
import { reasonOf, refuse } from "../../simulator/refusal";
import { METHODS } from "./methods";

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

/** A fault that waits for a method which nobody can call would make a test pass that shows nothing. */
const requireMethod = (method = "any"): void => {
  if (method !== "any" && !Object.hasOwn(METHODS, method)) throw new Error(`The simulator has no method ${method}`);
};

/** Faults to come. The first one added that matches strikes; one call meets one fault. */
export class ElementFaults extends FaultQueue<ElementFault, ElementFaultOrder> {
  /** Orders a fault. Answers a function that takes it back. Throws for a method that there is not. */
  override add(order: ElementFaultOrder): () => void {
    requireMethod(order.method);
    return super.add(order);
  }

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
  target(fields) {
    if (fields["method"] === undefined) return {};
    const method = text(fields, "method");
    try {
      requireMethod(method);
    } catch (error) {
      throw refuse(400, reasonOf(error));
    }
    return { method };
  },
};
