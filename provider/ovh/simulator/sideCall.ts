import { refuse } from "../../simulator/refusal";
import type * as shared from "../../simulator/side";
import type { Faults } from "./faults";
import type { OvhModel } from "./model";
import type { Throttling } from "./throttling";

/** What the simulator's own calls need. */
export interface SideCall extends shared.SideCall {
  model: OvhModel;
  faults: Faults;
  throttling: Throttling;
}

/** One of the simulator's own calls. */
export type SideHandler = shared.SideHandler<SideCall>;

/** An id that one of the given objects must have. */
export const requireKnown = (known: readonly { id: string }[], id: string): string => {
  if (!known.some((one) => one.id === id)) throw refuse(404, `The simulator has nothing with id ${id}`);
  return id;
};
