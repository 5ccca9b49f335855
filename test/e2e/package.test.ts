import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { test as base, describe, expect } from "vitest";
import { changes, packageRoot } from "./support/project";
import { test as onEngine } from "./support/test";

const run = promisify(execFile);
const node = join(packageRoot, "node_modules", ".bin", "node");

/** A folder whose node_modules has the package as npm would publish it, and its peer. */
const test = base.extend<{ program: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  program: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-package-"));
    const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: packageRoot });
    const installed = join(folder, "node_modules", "pulumi-holdfast");
    await mkdir(installed, { recursive: true });
    await run("tar", ["-xzf", join(folder, stdout.trim()), "-C", installed, "--strip-components", "1"]);
    // Its dependencies, and the peer that a program brings along.
    for (const name of ["@pulumi", "@types", "ovh", "undici", "zod"]) {
      await symlink(join(packageRoot, "node_modules", name), join(folder, "node_modules", name));
    }
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "program", private: true }));
    await use(folder);
    await rm(folder, { recursive: true });
  },
});

describe("the packed package", () => {
  test("loads by require and by import, under the same names", async ({ program }) => {
    await writeFile(
      join(program, "both.mjs"),
      `import * as ovh from "pulumi-holdfast/ovh";
       import { HoldfastError, ovh as namespace } from "pulumi-holdfast";
       import { simulateOvh } from "pulumi-holdfast/simulators";
       import { createRequire } from "node:module";
       const required = createRequire(import.meta.url)("pulumi-holdfast/ovh");
       console.log(JSON.stringify([required.Share === ovh.Share, namespace.Share === ovh.Share, typeof HoldfastError, typeof simulateOvh]));`,
    );
    const { stdout } = await run(node, ["both.mjs"], { cwd: program });
    expect(JSON.parse(stdout)).toEqual([true, true, "function", "function"]);
  });

  test("loads neither schemas, nor an HTTP client, nor a simulator into a user's program", async ({ program }) => {
    await writeFile(
      join(program, "loaded.cjs"),
      `require("pulumi-holdfast/ovh"); console.log(JSON.stringify(Object.keys(require.cache)));`,
    );
    const { stdout } = await run(node, ["loaded.cjs"], { cwd: program, maxBuffer: 2 ** 24 });
    const own: string[] = JSON.parse(stdout).filter((file: string) => !file.includes("@pulumi"));
    const names = own
      .filter((file) => file.includes("pulumi-holdfast/dist"))
      .map((file) => file.split("/dist/provider/")[1]);
    expect(names.toSorted()).toEqual([
      "core/resource.js",
      "ovh/heldSnapshot.js",
      "ovh/index.js",
      "ovh/share.js",
      "ovh/shareAccessRule.js",
      "ovh/shareClone.js",
      "ovh/snapshot.js",
    ]);
    expect(own.filter((file) => /node_modules\/(zod|undici|ovh)\//.test(file))).toEqual([]);
  });

  test("types every argument, with its documentation, for programs of both module kinds", async ({ program }) => {
    const source = `import * as pulumi from "@pulumi/pulumi";
      import { HeldSnapshot, Share, ShareClone } from "pulumi-holdfast/ovh";
      const share = new Share("a", { serviceName: pulumi.secret("x"), size: pulumi.output(100), timeouts: { create: "5m" } });
      const held = new HeldSnapshot("b", { serviceName: "x", shareId: share.id, select: { newest: true, before: pulumi.output("x") } });
      const clone = new ShareClone("c", { serviceName: "x", snapshotId: held.id, size: share.size, name: undefined });
      export const path: pulumi.Output<string> = clone.preferredAccessPath;
      // @ts-expect-error: a size is a number
      new Share("d", { serviceName: "x", size: "100" });
      // @ts-expect-error: there is no such property
      new Share("e", { serviceName: "x", size: 100, sizeGb: 1 });
    `;
    await writeFile(join(program, "a.cts"), source);
    await writeFile(join(program, "b.mts"), source);
    const tsc = join(packageRoot, "node_modules", "typescript", "bin", "tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2022",
      "--skipLibCheck",
      "--types",
      "node",
    ];
    const { stdout } = await run(node, [tsc, ...options, "a.cts", "b.mts"], { cwd: program }).catch((error) => error);
    expect(stdout).toBe("");
    const types = join(program, "node_modules/pulumi-holdfast/dist/provider/ovh/share.d.ts");
    expect(await readFile(types, "utf8")).toContain("Size in GiB: a whole number, at least 100.");
  });

  test("contains what it needs and nothing else, in less than 1 MB", async () => {
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: packageRoot, maxBuffer: 2 ** 24 });
    const [packed]: { unpackedSize: number; files: { path: string }[] }[] = Object.values(JSON.parse(stdout));
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(packed?.unpackedSize).toBeLessThan(1_000_000);
    expect(paths).toEqual(
      expect.arrayContaining([
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Pulumi.yaml",
        "examples/refresh-environment/index.mts",
      ]),
    );
    expect(paths.filter((path) => !/^(dist\/provider|examples)\/|^[^/]+$/.test(path))).toEqual([]);
    expect(paths.filter((path) => /test|\.sources|\.next|\.tsbuildinfo/.test(path))).toEqual([]);
  });
});

describe("the repository itself", () => {
  onEngine("is a Pulumi project that refreshes an environment", async ({ project, simulator }) => {
    // The stack is made in the temporary project of the same name, so that nothing is written beside the root's Pulumi.yaml.
    await writeFile(join(project.folder, "Pulumi.yaml"), await readFile(join(packageRoot, "Pulumi.yaml")));
    await project.pulumi("stack", "init", "root");
    const inRoot = ["--cwd", packageRoot, "--stack", "root", "--config-file", join(project.folder, "Pulumi.root.yaml")];

    const up = await project.up(...inRoot);
    expect(up.code, up.text).toBe(0);
    expect(changes(up).toSorted()).toEqual(["create developers", "create development", "create production-data"]);
    expect(up.text).toMatch(/mountCommand *: "mount -t nfs -o vers=3 [\d.]+:\/\S+ \/mnt\/development"/);
    const destroyed = await project.destroy(...inRoot);
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares).toHaveLength(1);
  });
});
