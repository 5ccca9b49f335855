import { sideApi } from "../../simulator/side";
import { faultRoutes } from "../../simulator/sideFaults";
import { ORDER_FORM, targetOf } from "./faultOrders";
import type { Fault, FaultOrder } from "./faults";
import type { SideCall } from "./sideCall";
import { MODEL_ROUTES } from "./sideModel";

/** Answers the simulator's own calls, which `simulators.ts` lists. */
export const answerSide = sideApi<SideCall>((among) => [
  ...MODEL_ROUTES,
  ...faultRoutes<Fault, FaultOrder, SideCall>(among, ORDER_FORM, targetOf),
]);
