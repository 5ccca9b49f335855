import type { System } from "../system";
import { FAULTS } from "./faults";
import { HELP } from "./people";
import { describeRoute, ROUTES, routeOf } from "./routes";
import { type OvhWorld, type OvhWorldOptions, startWorld } from "./service";
import { declaredCount, differences } from "./wanted";

const all = ({ simulator: { model } }: OvhWorld) => ({
  shares: model.shares,
  snapshots: model.snapshots,
  rules: model.shares.flatMap((share) => share.rules),
  policies: model.policies,
});

/** OVHcloud Enterprise File Storage. */
export const OVH: System<OvhWorld, OvhWorldOptions> = {
  start: startWorld,
  routes: ROUTES,
  routeOf,
  writes: ({ method }) => method !== "GET",
  hasJustBegun({ simulator: { model }, clock }) {
    const { shares, snapshots, policies } = model;
    const parts = shares.flatMap((share) => [...share.rules, share.policy, share.reserve]);
    return [...shares, ...parts, ...snapshots, ...policies].some(({ progress }) => progress?.since === clock.time);
  },
  describeRoute,
  faults: FAULTS,
  // Automatic snapshots come and go by themselves.
  objects(world) {
    const { snapshots, ...others } = all(world);
    return { ...others, snapshots: snapshots.filter(({ type }) => type === "manual") };
  },
  seedOf: (world) => new Set(Object.values(all(world)).flatMap((objects) => objects.map(({ id }) => id))),
  declared: declaredCount,
  wrong: differences,
  help: HELP,
  mostInstead(most, { fault, call }) {
    // A policy whose deletion ended in `error` goes after the new one is there: shares follow it.
    const replaced = fault === "a state that fails" && call.path.endsWith("/snapshotPolicy/{snapshotPolicyId}");
    return replaced ? { ...most, policies: (most["policies"] ?? 0) + 1 } : most;
  },
};
