import { describe, expect } from "vitest";
import { changes } from "./support/project";
import { test } from "./support/test";

const program = (rules: string, more = "") => `
  const policy = new SnapshotPolicy("backup", { serviceName, rules: [${rules}] });
  export const { rules, storedRules } = policy;
  ${more}
`;
const NIGHTLY = '{ prefix: "nightly", copies: 14, cron: "0 3 * * *" }';

describe("a snapshot policy", () => {
  test("is made as its cron text means, and other words for the same replace nothing", async ({
    project,
    simulator,
  }) => {
    await project.program(program(NIGHTLY));
    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    const [policy] = simulator.model.policies.slice(-1);
    expect(policy?.rules).toEqual([
      { prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3], days: [], months: [], weekdays: [] } },
    ]);
    expect(await project.outputs()).toEqual({
      rules: [{ prefix: "nightly", copies: 14, cron: "0 3 * * *" }],
      storedRules: [{ prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3] } }],
    });
    expect((await project.refresh()).code).toBe(0);
    expect(changes(await project.up())).toEqual([]);

    const writes = () => simulator.calls.filter(({ method }) => method !== "GET").length;
    const before = writes();
    await project.program(program('{ prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3] } }'));
    const reworded = await project.up();

    expect(reworded.code, reworded.text).toBe(0);
    expect(changes(reworded)).toEqual(["update backup"]);
    expect(writes()).toBe(before);
    expect(changes(await project.up())).toEqual([]);
  });

  test("is replaced by other rules, and its share moves to the new one before the old one goes", async ({
    project,
    simulator,
  }) => {
    const share = 'new Share("data", { serviceName, size: 100, snapshotPolicyId: policy.id });';
    await project.program(program(NIGHTLY, share));
    expect((await project.up()).code).toBe(0);
    const id = (await project.state()).get("backup")?.id;
    expect(simulator.model.shares.at(-1)?.policy.id).toBe(id);

    await project.program(program('{ prefix: "nightly", copies: 14, cron: "0 4 * * *" }', share));
    const preview = await project.preview("--diff");
    const replaced = await project.up();

    expect(preview.text).toMatch(/"0 3 \* \* \*" => "0 4 \* \* \*"/);
    expect(replaced.code, replaced.text).toBe(0);
    expect(changes(replaced)).toEqual([
      "create-replacement backup",
      "replace backup",
      "update data",
      "delete-replaced backup",
    ]);
    const next = (await project.state()).get("backup")?.id;
    expect(next).not.toBe(id);
    expect(simulator.model.shares.at(-1)?.policy.id).toBe(next);
    expect(simulator.model.policies.map((policy) => policy.id)).not.toContain(id);

    // One that fails later is made anew in the same order: its share can't move before there is another one.
    simulator.model.setStatus(next ?? "", "error");
    await project.refresh();
    const repaired = await project.up();
    expect(repaired.code, repaired.text).toBe(0);
    expect(changes(repaired)).toEqual(changes(replaced));
    expect(repaired.text).toContain(
      'SnapshotPolicy backup: it is in state "error": it is made again, and then deleted.',
    );
    expect(simulator.model.policies.map((policy) => policy.id)).not.toContain(next);
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.policies).toHaveLength(2);
  });

  test("is let go by a share of the program in the up that takes both out", async ({ project, simulator }) => {
    await project.program(
      program(NIGHTLY, 'new Share("data", { serviceName, size: 100, snapshotPolicyId: policy.id });'),
    );
    expect((await project.up()).code).toBe(0);

    await project.program('new Share("data", { serviceName, size: 100 });');
    const detached = await project.up();

    expect(detached.code, detached.text).toBe(0);
    expect(changes(detached)).toEqual(["update data", "delete backup"]);
    const standard = simulator.model.policies.find(({ isDefault }) => isDefault);
    expect(simulator.model.shares.at(-1)?.policy.id).toBe(standard?.id);
  });

  test("stays while a share outside of the stack follows it, and the message names that share", async ({
    project,
    simulator,
  }) => {
    await project.program(program(NIGHTLY));
    await project.up();
    const id = (await project.state()).get("backup")?.id ?? "";
    const [theirs] = simulator.model.shares;
    const [standard] = simulator.model.policies.filter(({ isDefault }) => isDefault);
    if (theirs === undefined || standard === undefined) throw new Error("no share or no default policy");
    theirs.policy.id = id;

    const blocked = await project.destroy();

    expect(blocked.code).not.toBe(0);
    expect(blocked.text).toContain(
      `SnapshotPolicy backup: snapshot policy ${id} is followed by shares, and the service deletes no policy that is: ${theirs.id} ("production"). A share always follows one: set snapshotPolicyId of these shares to another policy, for example the service's default one, ${standard.id}, then try again.`,
    );
    expect([...(await project.state()).keys()]).toEqual(["backup"]);
    theirs.policy.id = standard.id;
    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
  });

  test("that nobody made, the service's default one, is looked up and followed", async ({ project, simulator }) => {
    const standard = simulator.model.policies.find(({ isDefault }) => isDefault)?.id ?? "";
    await project.program(`
      const standard = SnapshotPolicy.get("standard", serviceName + "/${standard}");
      new Share("data", { serviceName, size: 100, snapshotPolicyId: standard.id });
      export const isDefault = standard.isDefault;
    `);

    const up = await project.up();

    expect(up.code, up.text).toBe(0);
    expect(await project.outputs()).toEqual({ isDefault: true });
    expect(simulator.model.shares.at(-1)?.policy.id).toBe(standard);
    expect((await project.destroy()).code).toBe(0);
    expect(simulator.model.policies.map(({ id }) => id)).toContain(standard);
  });

  test("with rules that can't be is refused in the preview", async ({ project, simulator }) => {
    await project.program(program('{ prefix: "x", cron: "0 3 13 * 5" }, { prefix: "x", cron: "@daily" }'));

    const preview = await project.preview();

    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("its 0.cron restricts the day of month and the day of week");
    expect(preview.text).toContain('its 0 and its 1 both have the prefix "x": each rule needs its own.');
    expect(simulator.calls.filter(({ path }) => path.includes("/storage/"))).toEqual([]);
  });
});
