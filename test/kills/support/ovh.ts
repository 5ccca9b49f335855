import { ovhOperations, simulateOvh } from "../../../provider/simulators";
import type { System } from "./system";

/** How long a step of the service takes, so that what was left behind may still be under way afterwards. */
const STEP_MS = 40;

const ROUTES = ovhOperations.map(({ method, path }) => ({
  method,
  path,
  pattern: new RegExp(`^/(?:1\\.0|v1)${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

const LEAVING: ReadonlySet<string> = new Set(["deleting", "deleted", "queued_to_deny", "denying"]);

/** OVHcloud Enterprise File Storage. */
export const OVH: System = {
  async open(onCall) {
    const simulator = await simulateOvh({ schedule: false, stepMs: STEP_MS, onCall });
    const { model } = simulator;
    const live = (records: readonly { id: string; status: string }[]) =>
      records.filter(({ status }) => !LEAVING.has(status)).map(({ id }) => id);
    return {
      environment: { ...simulator.environment, SHARE: simulator.shareId },
      get called() {
        return simulator.calls.length;
      },
      since: (number) =>
        simulator.calls.slice(number).flatMap((call) => {
          const route = ROUTES.find(({ method, pattern }) => method === call.method && pattern.test(call.path));
          // the time, a token: nothing of the product happens
          return route === undefined ? [] : [{ method: route.method, path: route.path, write: route.method !== "GET" }];
        }),
      // Manual snapshots only, for the others are the policy's.
      objects: () => ({
        shares: live(model.shares),
        snapshots: live(model.snapshots.filter(({ type }) => type === "manual")),
        rules: live(model.shares.flatMap(({ rules }) => rules)),
        policies: live(model.policies),
      }),
      prepare() {
        // A hold takes an automatic snapshot away for ever.
        model.advanceClock(3_600_000);
        model.takeAutomaticSnapshot(simulator.shareId);
      },
      order: ({ method, path, occurrence }, fault) => simulator.faults.add({ method, path, skip: occurrence, fault }),
      get unmatched() {
        return simulator.unmatched;
      },
      close: () => simulator.close(),
    };
  },
  write: (project, program) => project.program(program),
  nameOf: (_, id) => id,
};
