import { execFile } from "node:child_process";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { simulateElement } from "../../provider/simulators";
import { createProject, type Project, packageRoot } from "./support/project";

/** What a user types. The simulator writes its file before it answers. */
const COMMANDS = `
pulumi up
pulumi config set trigger second
pulumi up
pulumi stack output --json >outputs.json
cp simulator.json made.json
pulumi destroy
`.replaceAll(/pulumi (up|destroy)/g, "pulumi $1 --yes --skip-preview --color never");

/** What a simulator's file holds. */
async function remembered({ folder }: Project, file: string) {
  const { model, close } = await simulateElement({ stateFile: join(folder, file) });
  const { volumes, snapshots, accounts, accessGroups } = model;
  await close();
  return { volumes, snapshots, accounts, accessGroups };
}

test("the example makes a copy for tests, renews it and takes it away, over TLS and without a cluster", async () => {
  const project = await createProject();
  try {
    await cp(join(packageRoot, "examples/element-test-copy"), project.folder, { recursive: true });
    await project.pulumi("stack", "init", "test");
    const main = join(packageRoot, "dist/provider/cli/main.js");
    const args = [main, "simulate", "element", "--tls", "--state", "simulator.json", "--", "bash", "-ec", COMMANDS];

    const { stdout } = await promisify(execFile)("node", args, { cwd: project.folder, env: project.env });

    const outputs = JSON.parse(await readFile(join(project.folder, "outputs.json"), "utf8"));
    const made = await remembered(project, "made.json");
    const [database, copy, ...others] = made.volumes;
    expect([database?.name, others, made.snapshots.length]).toEqual(["database", [], 1]);
    expect(outputs).toEqual({
      cloneVolumeID: copy?.volumeID,
      dataFrom: expect.stringMatching(/^\d{4}-.*Z$/),
      iqn: expect.stringContaining(`.${copy?.volumeID}`),
    });
    expect(copy).toMatchObject({
      accountID: made.accounts.find(({ username }) => username === "test")?.accountID,
      access: "readWrite",
      qos: { minIOPS: 50, maxIOPS: 1000, burstIOPS: 2000 },
    });
    expect(made.accessGroups.at(-1)).toMatchObject({ name: "test-hosts", volumes: [copy?.volumeID] });
    expect(stdout).toMatch(/VolumeClone database-test created replacement/);
    const left = await remembered(project, "simulator.json");
    expect([left.volumes.map(({ name }) => name), left.snapshots]).toEqual([["database"], []]);
  } finally {
    await project.remove();
  }
});
