import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { changes, createProject, type Project, packageRoot } from "./support/project";
import { test } from "./support/test";

const PROGRAM = `
  const share = new Share("production", { serviceName, size: 100, description: "kept" });
  const taken = new Snapshot("taken", { serviceName, shareId: share.id });
  const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true }, trigger: 1 });
  const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: 120, name: "clone" }, { customTimeouts: { create: "1h" } });
  new ShareAccessRule("rule", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "ro" });
`;

/** Ids of the objects that a state speaks of, by the mark that stands for each in a fixture. */
async function marks(project: Project): Promise<Map<string, string>> {
  const ids = [...(await project.state())].map(([name, { id = "" }]): [string, string] => [`@${name}@`, id]);
  return new Map([
    ...ids,
    ["@service@", project.env["HOLDFAST_OVH_SERVICE"] ?? ""],
    ["@parent@", project.env["SHARE"] ?? ""],
  ]);
}

/** Every version's state stays readable. To add one: WRITE_STATE=<version> npm run test:e2e -- test/e2e/state.test.ts */
for (const version of ["0.1.0"]) {
  test(`a state written by version ${version} is read without a change, refreshed and destroyed`, async ({
    project,
    simulator,
  }) => {
    const fixture = join(packageRoot, `test/e2e/fixtures/state-${version}.json`);
    await project.program(PROGRAM);
    expect((await project.up()).code).toBe(0);
    if (process.env["WRITE_STATE"] === version) {
      let text = await project.exportState();
      for (const [mark, id] of await marks(project)) text = text.replaceAll(id, mark);
      const state = JSON.parse(text.replaceAll(project.folder, "/project"));
      delete state.deployment.secrets_providers;
      for (const resource of state.deployment.resources) {
        delete resource.stackTrace;
        delete resource.sourcePosition;
      }
      await writeFile(fixture, `${JSON.stringify(state, undefined, 2)}\n`);
    }
    const older = await createProject({ env: { ...simulator.environment, SHARE: simulator.shareId } });
    try {
      let text = await readFile(fixture, "utf8");
      for (const [mark, id] of await marks(project)) text = text.replaceAll(mark, id);
      await writeFile(join(older.folder, "state.json"), text);
      await older.program(PROGRAM);
      const imported = await older.pulumi("stack", "import", "--file", "state.json");
      expect(imported.code, imported.text).toBe(0);

      const unchanged = await older.up();
      expect(unchanged.code, unchanged.text).toBe(0);
      expect(changes(unchanged)).toEqual([]);
      expect((await older.refresh()).code).toBe(0);
      expect(changes(await older.up())).toEqual([]);
      const destroyed = await older.destroy();
      expect(destroyed.code, destroyed.text).toBe(0);
      expect(simulator.model.shares.map(({ id }) => id)).toEqual([simulator.shareId]);
    } finally {
      await older.remove();
    }
  });
}
