import { splitBranch } from "../../../../provider/ovh/simulator/pathTemplate";
import { pathPattern } from "../../../../provider/simulator/paths";
import { ovhOperations } from "../../../../provider/simulators";
import type { Route } from "../system";

const TOKEN_PATH = "/auth/oauth2/token";

const ROUTES_WITH_PATTERNS = [
  ...ovhOperations.map(({ method, path }) => ({ method, path, product: true })),
  { method: "GET", path: "/auth/time", product: false },
  { method: "POST", path: TOKEN_PATH, product: false },
].map((route) => ({ ...route, pattern: pathPattern(route.path) }));

/** The calls below the branch, with placeholders. */
export const ROUTES: readonly Route[] = ROUTES_WITH_PATTERNS.map(({ method, path }) => ({ method, path }));

export function routeOf(method: string, path: string): Route & { product: boolean } {
  const rest = splitBranch(path)?.rest ?? path;
  const found = ROUTES_WITH_PATTERNS.find((route) => route.method === method && route.pattern.test(rest));
  if (found === undefined) throw new Error(`${method} ${path} is no call that the simulator knows`);
  return { method, path: found.path, product: found.product };
}

/** `POST /share` */
export const describeRoute = ({ method, path }: Route): string =>
  `${method} ${path.replace("/storage/netapp/{serviceName}", "") || "/"}`;
