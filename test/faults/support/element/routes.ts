import { METHODS } from "../../../../provider/element/simulator/methods";
import type { Route } from "../system";

/** All calls are a POST to one path: the method of the API tells them apart. */
export const ROUTES: readonly Route[] = Object.keys(METHODS).map((method) => ({ method, path: "" }));

export function routeOf(method: string): Route & { product: boolean } {
  if (!Object.hasOwn(METHODS, method)) throw new Error(`${method} is no call that the simulator knows`);
  return { method, path: "", product: true };
}
