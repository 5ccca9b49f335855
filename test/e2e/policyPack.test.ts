import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { packageRoot } from "./support/project";
import { test } from "./support/test";

const pack = ["--policy-pack", join(packageRoot, "policies")];

describe("the policy pack", () => {
  test("stops a rule that admits too much before anything is made, and lets a narrower one through", async ({
    project,
    simulator,
  }) => {
    const rule = (accessTo: string, level: string) =>
      project.program(
        `new ShareAccessRule("lan", { serviceName, shareId: process.env.SHARE, accessTo: "${accessTo}", accessLevel: "${level}" });`,
      );
    await rule("10.8.0.0/16", "rw");

    const preview = await project.preview(...pack);
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain(
      'ShareAccessRule lan: accessTo is 10.8.0.0/16, wider than the /24 that is agreed on for "rw". Give it a narrower network.',
    );
    expect((await project.up(...pack)).code).not.toBe(0);
    expect(simulator.calls.filter(({ method }) => method !== "GET")).toEqual([]);

    await rule("0.0.0.0/0", "ro");
    expect((await project.preview(...pack)).text).toContain("wider than the /16");

    await rule("10.8.0.0/16", "ro");
    const allowed = await project.up(...pack);
    expect(allowed.code, allowed.text).toBe(0);
  });

  test("lets a preview pass that can't know the network yet, and stops the update before the rule is made", async ({
    project,
    simulator,
  }) => {
    await project.program(`
      const taken = new Snapshot("taken", { serviceName, shareId: process.env.SHARE });
      const accessTo = taken.status.apply(() => "0.0.0.0/0");
      new ShareAccessRule("later", { serviceName, shareId: process.env.SHARE, accessTo, accessLevel: "rw" });
    `);
    const rules = () => simulator.model.shares.flatMap((share) => share.rules.map((rule) => rule.accessTo));
    const before = rules();

    const preview = await project.preview(...pack);
    expect(preview.code, preview.text).toBe(0);
    expect(preview.text).not.toContain("can't be known during preview");
    const up = await project.up(...pack);

    expect(up.code).not.toBe(0);
    expect(up.text).toContain(
      'ShareAccessRule later: accessTo is 0.0.0.0/0, wider than the /24 that is agreed on for "rw"',
    );
    expect(rules()).toEqual(before);
  });

  test("advises on large clones by the team's own limit, and keeps silent on what is unknown yet", async ({
    project,
  }) => {
    await project.program(`
      const taken = new Snapshot("taken", { serviceName, shareId: process.env.SHARE });
      const wanted = taken.status.apply(() => 200);
      new ShareClone("known", { serviceName, snapshotId: taken.id, size: 200 });
      new ShareClone("unknown", { serviceName, snapshotId: taken.id, size: wanted });
    `);
    const config = join(project.folder, "policy.json");
    await writeFile(config, JSON.stringify({ "ovh-limit-clone-size": { maxSizeGiB: 150 } }));

    const preview = await project.preview(...pack, "--policy-pack-config", config);

    expect(preview.code, preview.text).toBe(0);
    expect(preview.text).toContain("ShareClone known: size is 200 GiB, above the limit of 150 GiB");
    expect(preview.text).not.toContain("ShareClone unknown: size");
    expect(preview.text).not.toContain("can't be known during preview");
  });
});
