import type { System } from "../system";
import { FAULTS } from "./faults";
import { ROUTES, routeOf } from "./routes";
import { type ElementWorld, type ElementWorldOptions, startWorld } from "./service";
import { declaredCount, differences } from "./wanted";

/** What is deleted stays for 8 hours, and counts as gone. */
const all = ({ simulator: { model } }: ElementWorld) => ({
  volumes: model.volumes
    .filter(({ status }) => status !== "deleted")
    .map(({ volumeID, status }) => ({ id: `volume ${volumeID}`, status })),
  snapshots: model.snapshots.map(({ snapshotID }) => ({ id: `snapshot ${snapshotID}`, status: "done" })),
});

/** NetApp Element. */
export const ELEMENT: System<ElementWorld, ElementWorldOptions> = {
  start: startWorld,
  routes: ROUTES,
  routeOf,
  writes: ({ method }) => !/^(Get|List)/.test(method),
  hasJustBegun: ({ simulator: { model }, clock }) => model.jobs.some(({ startedAt }) => startedAt === clock.time),
  describeRoute: ({ method }) => method,
  faults: FAULTS,
  objects: all,
  seedOf: (world) => new Set(Object.values(all(world)).flatMap((objects) => objects.map(({ id }) => id))),
  declared: declaredCount,
  wrong: differences,
  help: [],
};
