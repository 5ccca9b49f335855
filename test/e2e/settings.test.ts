import { describe, expect } from "vitest";
import { changes } from "./support/project";
import { test } from "./support/test";

describe("size, policy and reserve of a share", () => {
  test("change in place both ways, and a preview tells what taking a policy out means", async ({
    project,
    simulator,
  }) => {
    const { model } = simulator;
    const policy = model.policies.find(({ isDefault }) => !isDefault)?.id ?? "";
    const fallback = model.policies.find(({ isDefault }) => isDefault)?.id;
    const program = (size: number, settings: string) => `
      const share = new Share("data", { serviceName, size: ${size}${settings} });
      const taken = new Snapshot("taken", { serviceName, shareId: share.id });
      const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: 200${settings} });
      export const settings = [share.snapshotPolicyId, clone.snapshotReserve];
    `;
    const own = () => model.shares.filter(({ id }) => id !== simulator.shareId);
    await project.program(program(200, `, snapshotPolicyId: "${policy}", snapshotReserve: 20`));

    const made = await project.up();

    expect(made.code, made.text).toBe(0);
    expect(await project.outputs()).toEqual({ settings: [policy, 20] });
    expect(own().map((share) => [share.policy.id, share.reserve.percent])).toEqual([
      [policy, 20],
      [policy, 20],
    ]);
    expect(changes(await project.refresh())).toEqual([]);
    expect(changes(await project.up())).toEqual([]);

    await project.program(program(150, ""));
    const preview = await project.preview("--diff");
    const changed = await project.up();

    expect(preview.text).toMatch(/~ size *: 200 => 150/);
    expect(preview.text).toContain(
      `Share data: snapshotPolicyId ${policy} was taken out. A share always follows a policy: this one goes back to the service's default policy`,
    );
    expect(changed.code, changed.text).toBe(0);
    expect(changes(changed).toSorted()).toEqual(["update clone", "update data"]);
    expect(own().map((share) => [share.size, share.policy.id, share.reserve.percent])).toEqual([
      [150, fallback, 5],
      [200, fallback, 5],
    ]);
    expect(changes(await project.up())).toEqual([]);
    expect((await project.destroy()).code).toBe(0);
  });
});
