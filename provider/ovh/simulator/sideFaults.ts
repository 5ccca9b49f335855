import { parseJson } from "./body";
import { faultOrder, type InterferingCall } from "./faultOrders";
import type { PendingFault } from "./faults";
import { pathPattern } from "./pathTemplate";
import { refuse } from "./refusal";
import { nothing, type SideAnswer, type SideCall, type SideRoute } from "./sideCall";

const shown = ({ id, order, skip, left }: PendingFault) => {
  const { method, path, fault } = order;
  return {
    id,
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : path instanceof RegExp ? { pathRegex: path.source } : { path }),
    skip,
    left: left === Infinity ? "always" : left,
    kind: fault.kind,
  };
};

/**
 * Calls about faults.
 * @param answer - Answers another of the simulator's own calls, for faults that make one first.
 */
export const faultRoutes = (answer: (call: SideCall) => SideAnswer, knows: (call: InterferingCall) => boolean) => {
  const interfere =
    (call: SideCall) =>
    ({ method, path, body }: InterferingCall): (() => void) => {
      if (!knows({ method, path, body })) throw refuse(400, `call: the simulator has no call ${method} ${path}`);
      const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
      return () => {
        try {
          answer({ ...call, method, path, body: bytes });
        } catch (error) {
          // its own error, so that nobody takes it for the service's
          const reason = error instanceof Error ? error.message : String(error);
          throw new Error(`The fault's own call ${method} ${path} failed: ${reason}`);
        }
      };
    };
  const routes: readonly SideRoute[] = [
    [
      "POST",
      pathPattern("/simulator/faults"),
      (call) => {
        call.faults.add(faultOrder(parseJson(call.body), interfere(call)));
        return { status: 201, body: call.faults.pending.map(shown).at(-1) };
      },
    ],
    ["GET", pathPattern("/simulator/faults"), ({ faults }) => ({ status: 200, body: faults.pending.map(shown) })],
    [
      "DELETE",
      pathPattern("/simulator/faults"),
      ({ faults }) => {
        faults.clear();
        return nothing;
      },
    ],
    [
      "DELETE",
      pathPattern("/simulator/faults/{id}"),
      ({ faults }, { id = "" }) => {
        if (!faults.remove(Number(id))) throw refuse(404, `No fault ${id} is waiting`);
        return nothing;
      },
    ],
  ];
  return routes;
};
