import { faultOrder, type InterferingCall, type OrderForm } from "./faultOrders";
import type { CommonOrder, FaultQueue, PendingOrder } from "./faults";
import { parseJson } from "./fields";
import { reasonOf, refuse } from "./refusal";
import { nothing, type SideCall, type SideCalls, type SideRoute } from "./side";

const shown = <Order extends CommonOrder<{ kind: string }>>(
  { id, order, skip, left }: PendingOrder<Order>,
  target: (order: Order) => object,
) => ({ id, ...target(order), skip, left: left === Infinity ? "always" : left, kind: order.fault.kind });

/**
 * Calls about faults.
 * @param target - For which call an order is, in JSON.
 */
export const faultRoutes = <
  AnyFault extends { kind: string },
  Order extends CommonOrder<AnyFault>,
  Call extends SideCall & { faults: FaultQueue<AnyFault, Order> },
>(
  { answer, knows }: SideCalls<Call>,
  form: OrderForm,
  target: (order: Order) => object,
): readonly SideRoute<Call>[] => {
  const interfere =
    (call: Call) =>
    ({ method, path, body }: InterferingCall): (() => void) => {
      if (!knows(method, path)) throw refuse(400, `call: the simulator has no call ${method} ${path}`);
      const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
      return () => {
        try {
          answer({ ...call, method, path, body: bytes });
        } catch (error) {
          // its own error, so that nobody takes it for the service's
          throw new Error(`The fault's own call ${method} ${path} failed: ${reasonOf(error)}`);
        }
      };
    };
  return [
    [
      "POST",
      "/simulator/faults",
      (call) => {
        call.faults.add(faultOrder<Order>(parseJson(call.body), form, interfere(call)));
        const added = call.faults.pending.at(-1);
        return { status: 201, body: added && shown(added, target) };
      },
    ],
    [
      "GET",
      "/simulator/faults",
      ({ faults }) => ({ status: 200, body: faults.pending.map((one) => shown(one, target)) }),
    ],
    [
      "DELETE",
      "/simulator/faults",
      ({ faults }) => {
        faults.clear();
        return nothing;
      },
    ],
    [
      "DELETE",
      "/simulator/faults/{id}",
      ({ faults }, { id = "" }) => {
        if (!faults.remove(Number(id))) throw refuse(404, `No fault ${id} is waiting`);
        return nothing;
      },
    ],
  ];
};
