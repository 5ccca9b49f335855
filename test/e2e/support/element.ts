import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test as base } from "vitest";
import { type ElementSimulator, type ElementSimulatorOptions, simulateElement } from "../../../provider/simulators";
import { createProject, type Project } from "./project";

/** What programs of these tests begin with. */
const HEADER = `import * as pulumi from "@pulumi/pulumi";
import { Provider, Snapshot, VolumeClone } from "pulumi-holdfast/element";
const [volumeID, accountID, groupID] = ["VOLUME", "ACCOUNT", "ACCESS_GROUP"].map((name) => Number(process.env["HOLDFAST_ELEMENT_" + name]));
`;

/** A simulated cluster with the volume `database`, and a project whose programs use it. */
export const testOn = (options: ElementSimulatorOptions) =>
  base.extend<{ cluster: ElementSimulator; project: Project }>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
    cluster: async ({}, use) => {
      const cluster = await simulateElement(options);
      await use(cluster);
      await cluster.close();
    },
    project: async ({ cluster }, use) => {
      const project = await createProject({ env: cluster.environment });
      await use(project);
      await project.remove();
    },
  });

export const test = testOn({});

/** Replaces the program. The classes, `pulumi`, and the ids of the volume, the account and the group for tests are in scope. */
export const write = (project: Project, text: string): Promise<void> =>
  writeFile(join(project.folder, "index.mjs"), HEADER + text);

/** The volume that is cloned. */
export function databaseOf({ model }: ElementSimulator) {
  const [volume] = model.volumes;
  if (volume === undefined) throw new Error("the cluster is empty");
  return volume;
}

/** Calls of a method, those that change something only when none is given. */
export const callsOf = ({ calls }: ElementSimulator, method?: string) =>
  calls.filter((call) => (method === undefined ? !/^(Get|List)/.test(call.method) : call.method === method));

/** Volumes with a name that begins so, those in the making and deleted ones too. */
export const volumesNamed = ({ model }: ElementSimulator, prefix: string) =>
  model.volumes.filter(({ name }) => name.startsWith(prefix));
