import type { Route } from "./route";
import { SERVICE_ROUTES } from "./routesServices";
import { SHARE_ROUTES } from "./routesShares";
import { SNAPSHOT_ROUTES } from "./routesSnapshots";

/** All calls of the product that are simulated. */
export const ROUTES: readonly Route[] = [...SERVICE_ROUTES, ...SHARE_ROUTES, ...SNAPSHOT_ROUTES];

const IAM_PREFIX = "storageNetApp:apiovh:";

/** The full name of an IAM action. */
export const fullAction = (action: string): string => (action.includes(":") ? action : IAM_PREFIX + action);

/** One call of the API. */
export interface OvhOperation {
  /** HTTP method. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below the branch, with placeholders in braces; fits `path` of a fault. */
  readonly path: string;
  /** Full name of the IAM action that it needs. */
  readonly action: string;
}

/**
 * Every product call that the OVHcloud simulator knows: services, networks, shares, snapshots, access, policies and reserves. The
 * published ones that are missing, replications and metrics, answer 501.
 * @example
 * ```ts
 * for (const { method, path } of ovhOperations) simulator.faults.add({ method, path, fault: { kind: "dropAfter" } });
 * ```
 */
export const ovhOperations: readonly OvhOperation[] = ROUTES.map(({ method, path, action }) => ({
  method,
  path,
  action: fullAction(action),
}));
