import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test as base, expect } from "vitest";
import { type ElementSimulator, simulateElement } from "../../provider/simulators";
import { holdfast, importAsTold } from "./support/importing";
import { changes, createProject, type Project } from "./support/project";

const test = base.extend<{ cluster: ElementSimulator; project: Project }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  cluster: async ({}, use) => {
    const cluster = await simulateElement();
    await use(cluster);
    await cluster.close();
  },
  project: async ({ cluster }, use) => {
    const project = await createProject({ env: cluster.environment });
    await use(project);
    await project.remove();
  },
});

test("a volume and a snapshot made by hand are adopted, and pulumi up changes nothing", async ({
  project,
  cluster,
}) => {
  const { model } = cluster;
  const [source] = model.volumes;
  const { volumeID } = model.addVolume("training", { attributes: { team: "blue" } });
  const { snapshotID } = model.takeSnapshot(volumeID, "before the release");
  await project.program(`
    import { Snapshot as Point, VolumeClone } from "pulumi-holdfast/element";
    const clone = new VolumeClone("training", { volumeID: ${source?.volumeID}, name: "training", newSize: ${1024 ** 3}, access: "readWrite" });
    new Point("point", { volumeID: clone.cloneVolumeID, name: "before the release" });
  `);
  const type = (kind: string) => `pulumi-nodejs:dynamic/element:${kind}`;
  const resources = [
    { type: type("VolumeClone"), name: "training", id: `${volumeID}`, inputs: { volumeID: source?.volumeID } },
    { type: type("Snapshot"), name: "point", id: `${volumeID}/${snapshotID}` },
  ];
  await writeFile(join(project.folder, "pending.json"), JSON.stringify({ resources }));

  await importAsTold(project, await holdfast(project, "--file", "pending.json"));
  const unchanged = await project.up("--expect-no-changes");

  expect([unchanged.code, changes(unchanged)], unchanged.text).toEqual([0, []]);
  expect([...(await project.state())].map(([name, { id }]) => [name, id]).toSorted()).toEqual([
    ["point", `${snapshotID}`],
    ["training", `${volumeID}`],
  ]);
  expect(cluster.calls.filter(({ method }) => !/^(Get|List)/.test(method))).toEqual([]);
});
