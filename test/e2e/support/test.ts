import { test as base } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../../provider/simulators";
import { createProject, type Project } from "./project";

/** A simulated service with the share `simulator.shareId` that a policy snapshots, and a project whose programs use it. */
export const test = base.extend<{ simulator: OvhSimulator; project: Project }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  simulator: async ({}, use) => {
    // Without the hourly schedule: a full hour that strikes during a test must not make a difference.
    const simulator = await simulateOvh({ schedule: false });
    await use(simulator);
    await simulator.close();
  },
  project: async ({ simulator }, use) => {
    const project = await createProject({ env: { ...simulator.environment, SHARE: simulator.shareId } });
    await use(project);
    await project.remove();
  },
});

/** On processes that start as a user's do. */
export const plainTest = test.extend<{ project: Project }>({
  project: async ({ simulator }, use) => {
    const project = await createProject({ env: { ...simulator.environment, SHARE: simulator.shareId }, plain: true });
    await use(project);
    await project.remove();
  },
});
