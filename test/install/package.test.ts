import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { findEngine } from "../../provider/cli/engine";
import { simulateOvh } from "../../provider/simulators";
import { changes, type Project, packageRoot } from "../e2e/support/project";
import { type Cell, install, NEWEST_SDK } from "./support/install";
import { type Tarball, test } from "./support/tarball";

const manifest: { devDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(packageRoot, "package.json"), "utf8"),
);
const withNpm: Cell = { manager: "npm", program: "JavaScript, ESM", node: 24, sdk: NEWEST_SDK };

/** A fresh program with the installed package, and a simulated service. */
async function using(cell: Cell, tarball: Tarball, work: (project: Project) => Promise<void>): Promise<void> {
  const simulator = await simulateOvh({ schedule: false });
  const project = await install(cell, tarball, simulator.environment);
  try {
    await work(project);
  } finally {
    await project.remove();
    await simulator.close();
  }
}

describe("the installed package, without the repository,", () => {
  test("shows its demo", async ({ tarball }) => {
    await using(withNpm, tarball, async ({ programFolder: cwd, env }) => {
      const engine = await findEngine();
      const options = { cwd, env: { ...env, HOLDFAST_ENGINE: engine?.root } };
      const { stdout } = await promisify(execFile)("npx", ["pulumi-holdfast", "demo"], options);
      expect(stdout).toMatch(/^It works: \d+ s, \d+ API calls\.$/m);
      expect(stdout).toContain("node_modules/pulumi-holdfast/examples/refresh-environment/index.mts");
    });
  });

  test("has the example, which runs where it is copied to", async ({ tarball }) => {
    await using(withNpm, tarball, async (project) => {
      const installed = join(project.programFolder, "node_modules", "pulumi-holdfast");
      for (const name of ["Pulumi.yaml", "examples"]) {
        await cp(join(installed, name), join(project.programFolder, name), { recursive: true });
      }
      // the stack belongs to a project of the name that Pulumi.yaml had before
      expect((await project.pulumi("stack", "init", "example")).code).toBe(0);
      const up = await project.up("--stack", "example");
      expect(up.code, up.text).toBe(0);
      expect(changes(up).toSorted()).toEqual(["create developers", "create development", "create production-data"]);
      expect((await project.destroy("--stack", "example")).code).toBe(0);
    });
  });

  test("has the policy pack, which stops a program where pnpm has put it", async ({ tarball }) => {
    const packages = { "@pulumi/policy": manifest.devDependencies["@pulumi/policy"] ?? "" };
    await using({ ...withNpm, manager: "pnpm", packages }, tarball, async (project) => {
      const pack = ["--policy-pack", join(project.programFolder, "node_modules", "pulumi-holdfast", "policies")];
      const allowed = await project.preview(...pack);
      expect(allowed.code, allowed.text).toBe(0);

      const program = join(project.programFolder, "index.js");
      await writeFile(program, (await readFile(program, "utf8")).replace("10.0.5.0/24", "10.8.0.0/16"));
      const stopped = await project.preview(...pack);
      expect(stopped.code).not.toBe(0);
      expect(stopped.text).toContain("ShareAccessRule developers: accessTo is 10.8.0.0/16, wider than the /24");
    });
  });
});
