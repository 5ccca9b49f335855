import type { CommonOrder, FaultQueue } from "../../../provider/simulator/faults";
import type { Ordered } from "./system";

/** Orders a fault of a simulator, and tells what becomes of it. */
export function orderedIn<F, O extends CommonOrder<F>>(faults: FaultQueue<F, O>, order: O): Ordered {
  const takeBack = faults.add(order);
  const left = () => faults.pending.find((pending) => pending.order === order)?.left ?? 0;
  return { struck: () => left() < (order.times ?? 1), over: () => left() === 0, takeBack };
}
