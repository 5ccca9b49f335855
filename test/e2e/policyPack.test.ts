import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { allPolicies } from "../../policies/index";
import { byHand } from "../ovh/support/byHand";
import { blocks, compile } from "./support/examples";
import { createProject, type Project, packageRoot } from "./support/project";
import { named, programOf, ruleExamples, runnable, verdicts, violations } from "./support/rules";
import { test } from "./support/test";

const pack = ["--policy-pack", join(packageRoot, "policies")];

/** A file for `--policy-pack-config`. */
async function configured(project: Project, config: object): Promise<string[]> {
  const file = join(project.folder, "policies.json");
  await writeFile(file, JSON.stringify(config));
  return [...pack, "--policy-pack-config", file];
}

describe("the policy pack", () => {
  test("stops a rule that admits too much before anything is made, even without a preview", async ({
    project,
    simulator,
  }) => {
    const rule = (accessTo: string, level: string) =>
      project.program(
        `new ShareAccessRule("lan", { serviceName, shareId: process.env.SHARE, accessTo: "${accessTo}", accessLevel: "${level}" });`,
      );
    await rule("10.8.0.0/16", "rw");

    const refused = await project.up(...pack);
    expect(refused.code).not.toBe(0);
    expect(refused.text).toContain(
      'ShareAccessRule lan: accessTo is a /16, wider than the /24 that is agreed on for "rw". Give it a narrower network.',
    );
    expect(simulator.calls.filter(({ method }) => method !== "GET")).toEqual([]);

    await rule("10.8.0.0/16", "ro");
    const allowed = await project.up(...pack);
    expect(allowed.code, allowed.text).toBe(0);
    expect(verdicts(allowed)).toEqual([]);
  });

  test("notes in a preview what it can't know yet, also offline, and stops the update before the rule is made", async ({
    project,
    simulator,
  }) => {
    await project.program(`
      const taken = new Snapshot("taken", { serviceName, shareId: process.env.SHARE });
      const accessTo = taken.status.apply(() => "0.0.0.0/0");
      new ShareAccessRule("later", { serviceName, shareId: process.env.SHARE, accessTo, accessLevel: "rw" });
      const snapshotId = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
      if (process.env.HOLDFAST_OFFLINE) new ShareClone("unseen", { serviceName, snapshotId, size: 200 });
    `);
    const rules = () => simulator.model.shares.flatMap((share) => share.rules.map((rule) => rule.accessTo));
    const before = rules();

    project.env["HOLDFAST_OFFLINE"] = "1";
    const preview = await project.preview(...pack);
    expect(preview.code, preview.text).toBe(0);
    expect(verdicts(preview)).toEqual([
      "advisory ovh-require-clone-access-rule unseen",
      "note ovh-require-clone-covers-snapshot unseen",
      "note ovh-require-clone-same-service unseen",
      "note ovh-require-manual-clone-source unseen",
      "note ovh-restrict-access-rules later",
    ]);
    delete project.env["HOLDFAST_OFFLINE"];
    const up = await project.up(...pack);

    expect(up.code).not.toBe(0);
    expect(up.text).toContain("ShareAccessRule later: accessTo admits everybody.");
    expect(rules()).toEqual(before);
  });

  test("says the same of a program, of its stack, and of the state alone", async ({ project, simulator }) => {
    const manual = await byHand(simulator).share(simulator.shareId).createSnapshot({ name: "by hand" });
    await project.program(`
      class Environment extends pulumi.ComponentResource {
        constructor(name) {
          super("team:Environment", name);
          const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true } }, { parent: this });
          this.snapshotId = held.id.apply((id) => id);
          this.registerOutputs({ snapshotId: this.snapshotId });
        }
      }
      const production = Share.get("production", serviceName + "/" + process.env.SHARE);
      const environment = new Environment("environment");
      new ShareClone("far-too-large", { serviceName, snapshotId: pulumi.all([environment.snapshotId, production.size]).apply(([id]) => id), size: 500 });
      new ShareClone("named", { serviceName, snapshotId: "${manual.id}", size: 400 });
      const data = new Share("data", { serviceName, size: pulumi.secret(321) });
      const point = new Snapshot("point", { serviceName, shareId: data.id });
      const clone = new ShareClone("fine", { serviceName, snapshotId: point.id, size: data.size });
      new ShareAccessRule("wide", { serviceName, shareId: clone.id, accessTo: "10.8.0.0/16", accessLevel: "rw" });
    `);
    const known = [
      "advisory ovh-limit-clone-size named",
      "advisory ovh-protect-parent-share data",
      "advisory ovh-require-clone-access-rule far-too-large",
      "advisory ovh-require-clone-access-rule named",
      "mandatory ovh-restrict-access-rules wide",
    ];
    const measured = ["advisory ovh-limit-clone-size far-too-large", ...known];

    const before = await project.preview(...pack);
    // The clone's share is not in the program, and its size will be known once it was held.
    expect(verdicts(before), before.text).toEqual([...known, "note ovh-require-clone-covers-snapshot far-too-large"]);
    expect(before.text).not.toContain("321 GiB");
    const made = await project.up();
    expect(made.code, made.text).toBe(0);
    const after = await project.preview(...pack);
    expect(verdicts(after), after.text).toEqual(measured);
    const analyzed = await project.pulumi("policy", "analyze", ...pack);
    expect(verdicts(analyzed), analyzed.text).toEqual(measured);
    expect([before, after, analyzed].map(({ code }) => code === 0)).toEqual([false, false, false]);
  });

  test("lets what exists change: a share is extended, its snapshot described anew, a clone shrunk", async ({
    project,
  }) => {
    const program = (size: number, description: string, cloneSize: number) =>
      project.program(`
        const data = new Share("data", { serviceName, size: ${size} }, { protect: true });
        const point = new Snapshot("point", { serviceName, shareId: data.id, description: "${description}" });
        const clone = new ShareClone("clone", { serviceName, snapshotId: point.id, size: ${cloneSize} });
        new ShareAccessRule("lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
      `);
    await program(300, "monday", 300);
    expect((await project.up()).code).toBe(0);

    await program(500, "the start of the week", 300);
    const described = await project.preview(...pack);
    expect(described.code, described.text).toBe(0);
    await program(300, "monday", 250);
    const shrinking = await project.preview(...pack);
    expect(shrinking.code, shrinking.text).toBe(0);
    expect(verdicts(shrinking), shrinking.text).toEqual(["note ovh-require-clone-covers-snapshot clone"]);
    const shrunk = await project.up(...pack);
    expect(shrunk.code, shrunk.text).toBe(0);
    expect(verdicts(await project.preview(...pack))).toEqual([]);
    const analyzed = await project.pulumi("policy", "analyze", ...pack);
    expect(analyzed.code, analyzed.text).toBe(0);
  });

  test("refuses a configuration that it would otherwise ignore", async ({ project }) => {
    await project.program(`new Share("data", { serviceName, size: 100 });`);
    const refused = async (config: object, message: string) => {
      const preview = await project.preview(...(await configured(project, config)));
      expect(preview.code, preview.text).not.toBe(0);
      expect(preview.text).toContain(message);
      expect(preview.text).not.toMatch(/at .*\.js:\d+/);
    };
    await refused(
      { "ovh-limit-clone-size": { maxSizeGib: 5 } },
      'Policy configuration: ovh-limit-clone-size has no setting "maxSizeGib"',
    );
    await refused({ "ovh-limit-clones": "mandatory" }, 'Policy configuration: there is no rule "ovh-limit-clones"');
    await refused({ "ovh-limit-clone-size": { maxSizeGiB: "5" } }, "maxSizeGiB: Invalid type. Expected: integer");
  });
});

describe("without the pack", () => {
  test("a resource refuses by itself what the mandatory rules for clones refuse", async ({ project, simulator }) => {
    const { id: automatic } = simulator.model.takeAutomaticSnapshot(simulator.shareId);
    const other = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const wrong = {
      elsewhere: [`{ serviceName: "${other}", snapshotId: point.id, size: 300 }`, new RegExp(`elsewhere.*${other}`)],
      small: ["{ serviceName, snapshotId: point.id, size: 200 }", /small.*size is 200 GiB.*needs 300 GiB/],
      automatic: [
        `{ serviceName, snapshotId: data.status.apply(() => "${automatic}"), size: 300 }`,
        /automatic.*only manual snapshots can be cloned/,
      ],
    } as const;
    for (const [name, [args, reason]] of Object.entries(wrong)) {
      await project.program(`
        const data = new Share("data", { serviceName, size: 300 });
        const point = new Snapshot("point", { serviceName, shareId: data.id });
        new ShareClone("${name}", ${args});
      `);
      const up = await project.up();
      expect(up.code, name).not.toBe(0);
      expect(up.text).toMatch(reason);
    }
    expect(simulator.model.shares).toHaveLength(2);
  });
});

describe("the documented examples of the rules", () => {
  const examples = ruleExamples("ovh");
  const failing = (rule: string) => examples.find((one) => one.rule === rule)?.fails ?? "";
  /** Those that need a run of their own: check refuses the first two, and the third counts what others have. */
  const ALONE = ["ovh-require-nfs", "ovh-require-manual-clone-source", "ovh-limit-held-snapshots"];
  const together = examples.filter(({ rule }) => !ALONE.includes(rule));

  test("compile, for every system", ({ project }) => {
    const modules = (["ovh", "element"] as const).flatMap((system) =>
      ruleExamples(system).flatMap(({ rule, fails, passes }) => [
        programOf(system, [fails], `${rule} fails`),
        programOf(system, [passes], `${rule} passes`),
      ]),
    );
    expect(modules).toHaveLength(2 * allPolicies.length);
    expect(compile(modules, project.folder)).toEqual([]);
  });

  test("pass, and fail by their own rule and no other", async ({ project, simulator }) => {
    const write = (programs: string[]) =>
      writeFile(join(project.folder, "index.mjs"), runnable(programOf("ovh", programs, "")));

    await write(examples.map(({ passes }) => passes));
    const passing = await project.preview(...pack);
    expect(passing.code, passing.text).toBe(0);
    expect(violations(passing), passing.text).toEqual([]);

    await write([failing("ovh-require-clone-freshness")]);
    const held = await project.up();
    expect(held.code, held.text).toBe(0);
    await write(together.map(({ fails }) => fails));
    const config = await configured(project, { "ovh-require-clone-freshness": { maxAgeHours: 1e-6 } });
    const wrong = await project.preview(...config);
    expect(wrong.code, wrong.text).not.toBe(0);
    const found = violations(wrong).map((line) => line.split(" "));
    for (const { rule, fails } of together) {
      const rules = found.filter(([, , name = ""]) => named(fails).includes(name)).map(([, which]) => which);
      expect(rules, wrong.text).toEqual([rule]);
    }
    expect(found).toHaveLength(together.length);

    await write([failing("ovh-limit-held-snapshots")]);
    const counted = await project.preview(
      ...(await configured(project, { "ovh-limit-held-snapshots": { maxPerShare: 1 } })),
    );
    expect(verdicts(counted), counted.text).toEqual(["advisory ovh-limit-held-snapshots count-first"]);

    await write([failing("ovh-require-nfs")]);
    expect((await project.preview(...pack)).text).toContain('must be "NFS"');

    simulator.model.takeAutomaticSnapshot(simulator.shareId);
    await write([failing("ovh-require-manual-clone-source")]);
    const automatic = await project.preview(...pack);
    expect(automatic.text).toContain("only manual snapshots can be cloned");
  });
});

describe("the installed package", () => {
  test("has the pack, and is the library of a team's own", async ({ simulator }) => {
    const guide = join(packageRoot, "docs/policies.md");
    const lay = async (folder: string) => {
      const run = promisify(execFile);
      const { stdout } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: packageRoot });
      const modules = join(folder, "node_modules");
      await mkdir(join(modules, "pulumi-holdfast"), { recursive: true });
      const into = ["-C", join(modules, "pulumi-holdfast"), "--strip-components", "1"];
      await run("tar", ["-xzf", join(folder, stdout.trim()), ...into]);
      for (const name of ["@pulumi", "cron-parser", "luxon", "ovh", "undici", "zod"]) {
        await symlink(join(packageRoot, "node_modules", name), join(modules, name));
      }
      const yaml = "name: e2e\nmain: index.mjs\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n";
      await writeFile(join(folder, "Pulumi.yaml"), yaml);
      await writeFile(join(folder, "package.json"), JSON.stringify({ name: "e2e", private: true }));
      // The three files of the guide, as they stand.
      await mkdir(join(folder, "team"));
      const [config] = blocks(guide, "yaml");
      const [, manifest] = blocks(guide, "json");
      const [main] = blocks(guide, "ts");
      await writeFile(join(folder, "team", "PulumiPolicy.yaml"), config?.code ?? "");
      await writeFile(join(folder, "team", "package.json"), manifest?.code ?? "");
      await writeFile(join(folder, "team", "index.mts"), main?.code ?? "");
      return folder;
    };
    const project = await createProject({ env: { ...simulator.environment, SHARE: simulator.shareId }, lay });
    try {
      await project.program(`
        const data = new Share("data", { serviceName, size: 2049 });
        const point = new Snapshot("point", { serviceName, shareId: data.id });
        const clone = new ShareClone("clone", { serviceName, snapshotId: point.id, size: data.size });
        new ShareAccessRule("lan", { serviceName, shareId: clone.id, accessTo: "10.20.5.0/24", accessLevel: "rw" });
      `);
      const packs = ["node_modules/pulumi-holdfast/policies", "team"].flatMap((path) => ["--policy-pack", path]);
      const preview = await project.preview(...packs);

      expect(preview.code, preview.text).not.toBe(0);
      const [ours = "", theirs = ""] = preview.text.split(/^.*team@v1\.0\.0/m);
      const byPack = [verdicts({ text: ours }), verdicts({ text: theirs })].toSorted((a, b) => a.length - b.length);
      expect(byPack, preview.text).toEqual([
        ["advisory ovh-protect-parent-share data"],
        [
          "advisory ovh-protect-parent-share data",
          "advisory team-describe-shares data",
          "mandatory ovh-limit-clone-size clone",
          "mandatory ovh-restrict-access-rules lan",
        ],
      ]);
      expect(preview.text).toMatch(/holdfast@v\d/);
    } finally {
      await project.remove();
    }
  });
});
