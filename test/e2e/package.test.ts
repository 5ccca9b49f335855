import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { installEngine } from "../../provider/cli/engine";
import { test as onMachine } from "../cli/machine";
import { changes, packageRoot } from "./support/project";
import { test as onEngine } from "./support/test";

const run = promisify(execFile);
const node = join(packageRoot, "node_modules", ".bin", "node");

/** A folder whose node_modules has the package as npm would publish it, and its peer. */
const test = onMachine.extend<{ program: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  program: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-package-"));
    const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: packageRoot });
    const installed = join(folder, "node_modules", "pulumi-holdfast");
    await mkdir(installed, { recursive: true });
    await run("tar", ["-xzf", join(folder, stdout.trim()), "-C", installed, "--strip-components", "1"]);
    // Its dependencies, and the peer that a program brings along.
    for (const name of ["@pulumi", "@types", "cron-parser", "luxon", "ovh", "undici", "zod"]) {
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
       import { VolumeClone } from "pulumi-holdfast/element";
       import { element, HoldfastError, ovh as namespace } from "pulumi-holdfast";
       import { simulateOvh } from "pulumi-holdfast/simulators";
       import { createRequire } from "node:module";
       const required = createRequire(import.meta.url)("pulumi-holdfast/ovh");
       const same = [required.Share === ovh.Share, namespace.Share === ovh.Share, element.VolumeClone === VolumeClone];
       console.log(JSON.stringify([...same, typeof HoldfastError, typeof simulateOvh]));`,
    );
    const { stdout } = await run(node, ["both.mjs"], { cwd: program });
    expect(JSON.parse(stdout)).toEqual([true, true, true, "function", "function"]);
  });

  /** What requiring an entry loads, without the SDK. */
  const loadedBy = async (program: string, entry: string) => {
    const file = `loaded-${entry}.cjs`;
    const source = `require("pulumi-holdfast/${entry}"); console.log(JSON.stringify(Object.keys(require.cache)));`;
    await writeFile(join(program, file), source);
    const { stdout } = await run(node, [file], { cwd: program, maxBuffer: 2 ** 24 });
    const all: string[] = JSON.parse(stdout).filter((loaded: string) => !loaded.includes("@pulumi"));
    return {
      own: all.flatMap((loaded) => loaded.split("pulumi-holdfast/dist/provider/")[1] ?? []).toSorted(),
      heavy: all.filter((loaded) => /node_modules\/(zod|undici|ovh|cron-parser|luxon)\//.test(loaded)),
    };
  };
  const ofEverySystem = [
    "core/behind.js",
    "core/code.js",
    "core/credentials.js",
    "core/errors.js",
    "core/inquiry.js",
    "core/inquiryAccount.js",
    "core/offline.js",
    "core/plainArguments.js",
    "core/provider.js",
    "core/resource.js",
    "core/settings.js",
  ];

  test("loads neither schemas, nor an HTTP client, nor a simulator, nor another system into a user's program", async ({
    program,
  }) => {
    const ovh = await loadedBy(program, "ovh");
    expect(ovh.own).toEqual([
      ...ofEverySystem,
      "ovh/cloneComponent.js",
      "ovh/credentials.js",
      "ovh/environmentClone.js",
      "ovh/heldSnapshot.js",
      "ovh/index.js",
      "ovh/inquiry.js",
      "ovh/lookups.js",
      "ovh/networks.js",
      "ovh/provider.js",
      "ovh/recoveryClone.js",
      "ovh/refreshTrigger.js",
      "ovh/settings.js",
      "ovh/share.js",
      "ovh/shareAccessRule.js",
      "ovh/shareClone.js",
      "ovh/shareRevert.js",
      "ovh/snapshot.js",
      "ovh/snapshotPolicy.js",
    ]);
    const element = await loadedBy(program, "element");
    expect(element.own).toEqual([
      ...ofEverySystem,
      "element/credentials.js",
      "element/index.js",
      "element/inquiry.js",
      "element/lookups.js",
      "element/provider.js",
      "element/settings.js",
      "element/snapshot.js",
      "element/volumeClone.js",
    ]);
    expect([...ovh.heavy, ...element.heavy]).toEqual([]);

    // What a look-up needs is there once one is made.
    await writeFile(
      join(program, "asked.cjs"),
      `const told = (error) => [error.message, Object.keys(require.cache).some((file) => file.includes("node_modules/zod/"))];
       const ask = (system, name, args) => require("pulumi-holdfast/" + system)[name](args).catch(told);
       (async () => {
         const answers = [await ask("element", "getVolume", { name: 1 }), await ask("ovh", "getService", { name: 1 })];
         console.log(JSON.stringify(answers));
       })();`,
    );
    const asked = await run(node, ["asked.cjs"], { cwd: program });
    expect(JSON.parse(asked.stdout)).toEqual([
      ["getVolume: name must be a text.", true],
      ["getService: name must be a text.", true],
    ]);
  });

  test("loads what reads cron texts when the first one comes, and not before", async ({ program }) => {
    await writeFile(
      join(program, "cron.cjs"),
      `const policy = require("pulumi-holdfast/runtime").provider("ovh:SnapshotPolicy");
       const loaded = () => Object.keys(require.cache).some((file) => /node_modules\\/(cron-parser|luxon)\\//.test(file));
       const check = async (timing) => {
         const serviceName = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
         const { failures } = await policy.check({}, { serviceName, rules: [{ prefix: "x", ...timing }] });
         return [failures, loaded()];
       };
       (async () => {
         const answers = [await check({ schedule: { minutes: [0] } }), await check({ cron: "@daily" })];
         console.log(JSON.stringify(answers));
         process.exit();
       })();`,
    );
    const { stdout } = await run(node, ["cron.cjs"], { cwd: program });
    expect(JSON.parse(stdout)).toEqual([
      [[], false],
      [[], true],
    ]);
  });

  test("types every argument, with its documentation, for programs of both module kinds", async ({ program }) => {
    const source = `import * as pulumi from "@pulumi/pulumi";
      import { EnvironmentClone, getService, getShare, getSnapshotOutput, HeldSnapshot, Provider, RecoveryClone, Share, ShareClone, Snapshot } from "pulumi-holdfast/ovh";
      import * as element from "pulumi-holdfast/element";
      import { VolumeClone } from "pulumi-holdfast/element";
      import { ovhPolicies, policyPack } from "pulumi-holdfast/policies";
      policyPack("team", { policies: [...ovhPolicies], config: { "ovh-require-nfs": "disabled" } });
      const share = new Share("a", { serviceName: pulumi.secret("x"), size: pulumi.output(100), timeouts: { create: "5m" } });
      const held = new HeldSnapshot("b", { serviceName: "x", shareId: share.id, select: { newest: true, before: pulumi.output("x") } });
      const clone = new ShareClone("c", { serviceName: "x", snapshotId: held.id, size: share.size, name: undefined });
      export const path: pulumi.Output<string> = clone.preferredAccessPath;
      const environment = new EnvironmentClone("e", { serviceName: share.serviceName, shareId: share.id, size: share.size, refresh: { schedule: "daily" }, accessRules: [{ accessTo: "10.0.5.0/24", accessLevel: "rw" }] }, { providers: [] });
      export const parts: [HeldSnapshot | Snapshot | undefined, ShareClone, pulumi.Output<string>] = [environment.source, environment.clone, environment.mountCommand];
      export const recovery: HeldSnapshot | undefined = new RecoveryClone("r", { serviceName: "x", shareId: "y", size: 100, before: pulumi.output("x"), accessRules: [{ accessTo: "10.0.5.7" }] }).source;
      // @ts-expect-error: decides which resources there are
      new EnvironmentClone("f", { serviceName: "x", shareId: "y", size: 100, from: pulumi.output("now") });
      // @ts-expect-error: a size is a number
      new Share("d", { serviceName: "x", size: "100" });
      const second = new Provider("second", { accessToken: pulumi.secret("x") });
      export const found: pulumi.Output<string> = getSnapshotOutput({ serviceName: share.serviceName, shareId: share.id, type: "automatic" }, { provider: second, dependsOn: [held] }).id;
      export const plain: Promise<number> = getService({ name: "x" }, { provider: second }).then(({ freeGiB }) => freeGiB);
      // @ts-expect-error: one kind of credentials
      new Provider("two", { accessToken: "x", clientId: "x", clientSecret: "x" });
      // @ts-expect-error: a whole kind
      new Provider("half", { clientId: "x" });
      // @ts-expect-error: outputs are for getShareOutput
      getShare({ serviceName: share.serviceName, shareId: share.id });
      // @ts-expect-error: there is no such property
      new Share("e", { serviceName: "x", size: 100, sizeGb: 1 });
      const volume = new VolumeClone("v", { volumeID: pulumi.output(5), qos: { minIOPS: 50, maxIOPS: pulumi.output(100), burstIOPS: 100 } });
      const cluster = new element.Provider("cluster", { endpoint: "x", username: "x", password: pulumi.secret("x"), verifyCertificate: true });
      export const bytes: pulumi.Output<number> = element.getVolumeOutput({ volumeID: volume.cloneVolumeID }, { provider: cluster }).totalSize;
      // @ts-expect-error: the whole account
      new element.Provider("part", { endpoint: "x", username: "x" });
      // @ts-expect-error: outputs are for getVolumeOutput
      element.getVolume({ volumeID: volume.cloneVolumeID });
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
    expect(await readFile(types, "utf8")).toContain("Size in GiB: a whole number, at least 100;");
  });

  test("types its entries for the classic resolution of CommonJS programs", async ({ program }) => {
    const source = `import { provider } from "pulumi-holdfast/runtime";
      import { Share } from "pulumi-holdfast/ovh";
      import { VolumeClone } from "pulumi-holdfast/element";
      import { simulateOvh } from "pulumi-holdfast/simulators";
      import { HoldfastError } from "pulumi-holdfast";
      import { ovhPolicies } from "pulumi-holdfast/policies";
      export const known = [HoldfastError, VolumeClone, simulateOvh, provider, ...ovhPolicies.map(({ name }) => name)];
      // @ts-expect-error: a size is a number
      new Share("d", { serviceName: "x", size: "100" });
    `;
    await writeFile(join(program, "classic.ts"), source);
    const compilerOptions = {
      module: "commonjs",
      moduleResolution: "node10",
      ignoreDeprecations: "6.0",
      target: "es2022",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
    };
    await writeFile(join(program, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["classic.ts"] }));
    const tsc = join(packageRoot, "node_modules", "typescript", "bin", "tsc");
    const { stdout } = await run(node, [tsc, "-p", program], { cwd: program }).catch((error) => error);
    expect(stdout).toBe("");
  });

  test("finds the engine that a checkout has built, whatever the modes of its recipe's files", async ({
    machine,
    program,
  }) => {
    machine.go();
    const env = { ...machine.env, HOLDFAST_ENGINE: "build" };
    const built = await installEngine({ env, recipe: join(packageRoot, "scripts", "engine") });
    const recipe = join(program, "node_modules", "pulumi-holdfast", "scripts", "engine");
    for (const file of await readdir(recipe)) await chmod(join(recipe, file), 0o600);
    const engine = join(program, "node_modules/pulumi-holdfast/dist/provider/cli/engine.js");
    const code = `require(${JSON.stringify(engine)}).findEngine().then((found) => console.log(JSON.stringify(found ?? null)))`;
    const { stdout } = await run(node, ["-e", code], { cwd: program, env: { ...env, PATH: machine.env["PATH"] } });
    expect(JSON.parse(stdout)).toEqual(built);
  });

  test("tells its version", async ({ program }) => {
    const main = join(program, "node_modules/pulumi-holdfast/dist/provider/cli/main.js");
    const { stdout } = await run(node, [main, "--version"], { cwd: program });
    expect(stdout).toBe(`${JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")).version}\n`);
  });

  test("is compiled before it is packed, so that a fresh clone never makes an empty one", async ({ machine }) => {
    const clone = join(machine.folder, "clone");
    await mkdir(clone);
    for (const name of [
      "provider",
      "scripts",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "tsconfig.build.json",
    ]) {
      await cp(join(packageRoot, name), join(clone, name), { recursive: true });
    }
    await symlink(join(packageRoot, "node_modules"), join(clone, "node_modules"));
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: clone, maxBuffer: 2 ** 24 });
    const [packed]: { files: { path: string }[] }[] = Object.values(JSON.parse(stdout));
    expect(packed?.files.map(({ path }) => path)).toContain("dist/provider/index.js");
  });

  // One package for all systems, since states name one module of it: a program loads the part of its own system only.
  test("contains what it needs and nothing else, in less than 1.5 MB for two systems", async () => {
    const { stdout } = await run("npm", ["pack", "--dry-run", "--json"], { cwd: packageRoot, maxBuffer: 2 ** 24 });
    const [packed]: { unpackedSize: number; files: { path: string }[] }[] = Object.values(JSON.parse(stdout));
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(packed?.unpackedSize).toBeLessThan(1_500_000);
    expect(paths).toEqual(
      expect.arrayContaining([
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "Pulumi.yaml",
        "dist/policies/index.d.ts",
        "dist/policies/index.js",
        "dist/policies/pack.js",
        "docs/package-managers.md",
        "policies/PulumiPolicy.yaml",
        "policies/package.json",
        "examples/element-test-copy/Pulumi.yaml",
        "examples/element-test-copy/index.mts",
        "examples/refresh-environment/index.mts",
        "scripts/engine/go.mod",
        "scripts/engine/go.sum",
        "scripts/engine/main.go",
        "scripts/engine/pulumi-resource-pulumi-nodejs",
        "scripts/engine/tools.go",
      ]),
    );
    expect(
      paths.filter(
        (path) =>
          !/^(dist\/(provider|policies)|examples|policies|scripts\/engine)\/|^docs\/[^/]+\.md$|^[^/]+$/.test(path),
      ),
    ).toEqual([]);
    // Typings of what nobody can import; sources of what is published compiled.
    expect(
      paths.filter((path) =>
        /^dist\/(provider\/cli|policies(?!\/index))\/?.*\.d\.ts$|\/ovh\/[^/]*lifecycles?\.d\.ts$|^policies\/.*\.ts$/.test(
          path,
        ),
      ),
    ).toEqual([]);
    const ofDevelopment = (path: string) => /test|\.sources|\.next|\.tsbuildinfo/.test(path);
    expect(paths.map((path) => path.replace("element-test-copy", "")).filter(ofDevelopment)).toEqual([]);
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
