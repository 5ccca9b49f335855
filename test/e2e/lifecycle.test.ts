import { describe, expect } from "vitest";
import { changes } from "./support/project";
import { plainTest as test } from "./support/test";

const FIVE = `
  const share = new Share("production", { serviceName, size: 100 });
  const taken = new Snapshot("taken", { serviceName, shareId: share.id });
  const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true } });
  const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: share.size });
  const rule = new ShareAccessRule("rule", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "ro" });
  export const names = { share: share.name, taken: taken.name, held: held.name };
  export const status = pulumi.all([share.status, taken.status, held.status, clone.status, rule.status]);
  export const mount = clone.preferredAccessPath;
  export const least = taken.shareSize;
`;

describe("on the real engine", () => {
  test("makes all five kinds, changes nothing the second time, and destroys everything in one go", async ({
    project,
    simulator,
  }) => {
    await project.program(FIVE);

    const first = await project.up();
    expect(first.text).not.toMatch(/error|warning/i);
    expect(changes(first).toSorted()).toEqual([
      "create clone",
      "create held",
      "create production",
      "create rule",
      "create taken",
    ]);
    expect(await project.outputs()).toMatchObject({
      names: { share: expect.stringMatching(/^production-[a-z2-7]{13}-0$/), held: expect.stringMatching(/^hourly\./) },
      status: ["available", "available", "available", "available", "active"],
      mount: expect.stringMatching(/^[\d.]+:\/\S+$/),
      least: 100,
    });
    expect(simulator.model.shares).toHaveLength(3);

    expect(changes(await project.up())).toEqual([]);
    expect(changes(await project.refresh())).toEqual([]);
    expect(changes(await project.up())).toEqual([]);

    const destroyed = await project.destroy();
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(simulator.model.shares.map(({ id }) => id)).toEqual([simulator.shareId]);
    expect(simulator.model.snapshots.filter(({ type }) => type === "manual")).toEqual([]);
    expect(simulator.unmatched).toEqual([]);
  });
});
