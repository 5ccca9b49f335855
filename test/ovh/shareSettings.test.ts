import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const valid = (world: World): Properties => ({ serviceName: world.serviceName, size: 200 });

const live = (world: World, id: string) => world.simulator.model.shares.find((share) => share.id === id);

/** A snapshot policy made outside of the program. */
async function newPolicy(world: World, name = "nightly"): Promise<string> {
  const schedule = { minutes: [0], hours: [3], days: [], months: [], weekdays: [] };
  const policy = { name, rules: [{ prefix: name, copies: 7, schedule }] };
  const { id } = await world.process.storageOf(world.serviceName).createPolicy(policy);
  world.clock.pass(STEP_MS);
  return id;
}
const defaultPolicy = (world: World) => world.simulator.model.policies.find(({ isDefault }) => isDefault)?.id;

async function existing(world: World, args: Properties = {}) {
  const share = world.resource("ovh:Share");
  await share.up({ ...valid(world), ...args });
  return share;
}

describe("the snapshot policy of a share", () => {
  test("is set once the share is there, and waited for", async ({ world }) => {
    const snapshotPolicyId = await newPolicy(world);

    const share = await existing(world, { snapshotPolicyId });

    expect(live(world, share.id)?.policy).toMatchObject({ id: snapshotPolicyId, status: "active" });
    expect(share.outputs).toMatchObject({ snapshotPolicyId, status: "available" });
    expect(await share.up({ ...valid(world), snapshotPolicyId })).toEqual(["same"]);
  });

  test("is set although a part of the service does not know the new share at once", async ({ world }) => {
    const snapshotPolicyId = await newPolicy(world);
    const unknown = { kind: "status", status: 404 } as const;
    world.simulator.faults.add({ method: "GET", path: /\/snapshotPolicy$/, times: 3, fault: unknown });

    const share = await existing(world, { snapshotPolicyId });

    expect(live(world, share.id)?.policy.id).toBe(snapshotPolicyId);
  });

  test("of a clone is its own, not its parent's", async ({ world }) => {
    const snapshotPolicyId = await newPolicy(world);
    const storage = world.process.storageOf(world.serviceName);
    const { id: snapshotId } = await storage.share(world.production).createSnapshot({});
    world.clock.pass(STEP_MS);
    const clone = world.resource("ovh:ShareClone");

    await clone.up({ serviceName: world.serviceName, snapshotId, size: 100, snapshotPolicyId, snapshotReserve: 20 });

    expect(live(world, clone.id)).toMatchObject({ policy: { id: snapshotPolicyId }, reserve: { percent: 20 } });
    expect(clone.outputs).toMatchObject({ snapshotPolicyId, snapshotReserve: 20, sourceSnapshotId: snapshotId });
  });

  test("changes in place", async ({ world }) => {
    const [first, second] = [await newPolicy(world), await newPolicy(world, "weekly")];
    const share = await existing(world, { snapshotPolicyId: first });

    expect(await share.up({ ...valid(world), snapshotPolicyId: second })).toEqual(["update"]);

    expect(live(world, share.id)?.policy.id).toBe(second);
  });

  test("goes back to the service's default when the program takes it out, and the preview says so", async ({
    world,
  }) => {
    const snapshotPolicyId = await newPolicy(world);
    const share = await existing(world, { snapshotPolicyId });

    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(live(world, share.id)?.policy.id).toBe(defaultPolicy(world));
    expect(share.process.logs).toContainEqual({
      urn: share.urn,
      severity: "warning",
      message: expect.stringContaining(
        `Share data: snapshotPolicyId ${snapshotPolicyId} was taken out. A share always follows a policy`,
      ),
    });
    expect(share.outputs).not.toHaveProperty("snapshotPolicyId");
    expect(await share.up(valid(world))).toEqual(["same"]);
  });

  test("can't be taken out where the service has no default: nothing else is changed before that is known", async ({
    world,
  }) => {
    const snapshotPolicyId = await newPolicy(world);
    const share = await existing(world, { snapshotPolicyId });
    for (const policy of world.simulator.model.policies) Object.assign(policy, { isDefault: false });
    share.process = world.nextProcess();
    const sent = world.calls(/^(POST|PUT)/);

    for (const change of [{ name: "new" }, { size: 300 }, { snapshotReserve: 20 }]) {
      expect(await messageOf(share.up({ ...valid(world), ...change }))).toContain(
        `snapshotPolicyId was taken out, but share ${share.id} must follow a policy, and service ${world.serviceName} shows no default one`,
      );
    }
    expect(world.calls(/^(POST|PUT)/)).toEqual(sent);

    expect(await share.up({ ...valid(world), name: "new", snapshotPolicyId })).toEqual(["update"]);
    expect(live(world, share.id)).toMatchObject({ name: "new", policy: { id: snapshotPolicyId } });
  });

  test("is read only where the program sets it, and then shows drift", async ({ world }) => {
    const [ours, theirs] = [await newPolicy(world), await newPolicy(world, "weekly")];
    const without = await existing(world);
    const share = world.resource("ovh:Share", "with");
    await share.up({ ...valid(world), snapshotPolicyId: ours, snapshotReserve: 10 });
    const storage = world.process.storageOf(world.serviceName);
    await storage.share(share.id).followPolicy(theirs);
    await storage.share(share.id).setReserve(30);
    world.clock.pass(STEP_MS);
    without.process = world.nextProcess();
    share.process = without.process;
    const before = world.calls(/GET .*snapshot(Policy|Reserve)$/).length;

    await without.refresh();
    expect(world.calls(/GET .*snapshot(Policy|Reserve)$/)).toHaveLength(before);
    await share.refresh();

    expect(share.state?.inputs).toMatchObject({ snapshotPolicyId: theirs, snapshotReserve: 30 });
    expect(await share.up({ ...valid(world), snapshotPolicyId: ours, snapshotReserve: 10 })).toEqual(["update"]);
    expect(live(world, share.id)).toMatchObject({ policy: { id: ours }, reserve: { percent: 10 } });
  });

  test("that does not exist is named, with those that do, and the share is kept", async ({ world }) => {
    const snapshotPolicyId = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const share = world.resource("ovh:Share");

    const message = await messageOf(share.up({ ...valid(world), snapshotPolicyId }));

    expect(message).toContain(
      `snapshotPolicyId ${snapshotPolicyId} is no policy of service ${world.serviceName}. It has`,
    );
    expect(message).toContain(defaultPolicy(world) ?? "none");
    expect(share.outputs).toMatchObject({ status: "available" });
    const { id } = share;
    expect(await share.up({ ...valid(world), snapshotPolicyId: await newPolicy(world) })).toEqual(["update"]);
    expect(share.id).toBe(id);
  });

  test("whose association fails is reported, never the end of the share, and tried again", async ({ world }) => {
    const snapshotPolicyId = await newPolicy(world);
    world.simulator.model.steer("associatePolicy", { outcome: "failed" });
    const share = world.resource("ovh:Share");

    expect(await messageOf(share.up({ ...valid(world), snapshotPolicyId }))).toContain(
      `does not follow snapshot policy ${snapshotPolicyId}: its association is in state "error"`,
    );
    const { id } = share;
    share.process = world.nextProcess();
    expect(await share.up({ ...valid(world), snapshotPolicyId })).toEqual(["update"]);

    expect(share.id).toBe(id);
    expect(live(world, id)?.policy).toMatchObject({ id: snapshotPolicyId, status: "active" });
  });
});

describe("the snapshot reserve of a share", () => {
  test("changes in place, and goes back to 5 % when the program takes it out", async ({ world }) => {
    const share = await existing(world, { snapshotReserve: 20 });
    expect(live(world, share.id)?.reserve).toMatchObject({ percent: 20, status: "active" });

    expect(await share.up({ ...valid(world), snapshotReserve: 40 })).toEqual(["update"]);
    expect(live(world, share.id)?.reserve.percent).toBe(40);
    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(live(world, share.id)?.reserve.percent).toBe(5);
    expect(share.outputs).not.toHaveProperty("snapshotReserve");
    expect(await share.up(valid(world))).toEqual(["same"]);
  });

  test("is refused outside of 5 to 100 before anything is made", async ({ world }) => {
    for (const snapshotReserve of [4, 101, 7.5]) {
      const { failures } = await world.resource("ovh:Share").check({ ...valid(world), snapshotReserve });
      expect(failures).toMatchObject([{ property: "snapshotReserve", reason: expect.stringContaining("percent") }]);
    }
  });

  test("that the service does not apply is reported", async ({ world }) => {
    world.simulator.model.steer("setReserve", { outcome: "failed" });
    const share = world.resource("ovh:Share");

    expect(await messageOf(share.up({ ...valid(world), snapshotReserve: 20 }))).toContain(
      'for snapshots instead of 20 %: its reserve is in state "error"',
    );
    expect(await share.up({ ...valid(world), snapshotReserve: 20 })).toEqual(["update"]);
    expect(live(world, share.id)?.reserve).toMatchObject({ percent: 20, status: "active" });
  });
});

describe("a setting that the program takes out while the update fails", () => {
  const settings = (world: World, id: string) => {
    const { policy, reserve } = live(world, id) ?? {};
    return { policy: policy?.id, reserve: reserve?.percent };
  };
  const refused = { kind: "status", status: 500 } as const;

  for (const refreshed of [false, true]) {
    test(`is the policy: the next up takes it out, after a warning${refreshed ? ", also after a refresh" : ""}`, async ({
      world,
    }) => {
      const snapshotPolicyId = await newPolicy(world);
      const share = await existing(world, { snapshotPolicyId });
      world.simulator.faults.add({ method: "PUT", path: /\/share\/[^/]*\/snapshotPolicy$/, times: 5, fault: refused });
      expect(await messageOf(share.up(valid(world)))).toContain("answered 500");
      expect(share.outputs["snapshotPolicyId"]).toBe(snapshotPolicyId);

      share.process = world.nextProcess();
      if (refreshed) await share.refresh();
      await share.diff(valid(world));
      expect(share.process.logs).toContainEqual(
        expect.objectContaining({ message: expect.stringContaining(`${snapshotPolicyId} was taken out`) }),
      );
      expect(await share.up(valid(world))).toEqual(["update"]);

      expect(settings(world, share.id).policy).toBe(defaultPolicy(world));
      expect(share.outputs).not.toHaveProperty("snapshotPolicyId");
      expect(await share.up(valid(world))).toEqual(["same"]);
    });
  }

  test("is the reserve, interrupted while another change of it goes on", async ({ world }) => {
    const share = await existing(world, { snapshotReserve: 20 });
    await world.process.storageOf(world.serviceName).share(share.id).setReserve(25);
    world.clock.later(2000, () => world.process.interrupt());
    expect(await messageOf(share.up(valid(world)))).toContain("interrupted");

    share.process = world.nextProcess();
    world.clock.pass(STEP_MS);
    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(settings(world, share.id).reserve).toBe(5);
    expect(share.outputs).not.toHaveProperty("snapshotReserve");
  });

  test("is one of two: what is done stays done, and the other one follows", async ({ world }) => {
    const snapshotPolicyId = await newPolicy(world);
    const share = await existing(world, { snapshotPolicyId, snapshotReserve: 20 });
    world.simulator.faults.add({ method: "PUT", path: /snapshotReserve$/, times: 5, fault: refused });
    await messageOf(share.up(valid(world)));
    expect(settings(world, share.id)).toEqual({ policy: defaultPolicy(world), reserve: 20 });

    share.process = world.nextProcess();
    await share.up(valid(world));

    expect(settings(world, share.id)).toEqual({ policy: defaultPolicy(world), reserve: 5 });
  });

  test("comes back when the program sets it again, though the service may have taken it out", async ({ world }) => {
    const snapshotPolicyId = await newPolicy(world);
    const share = await existing(world, { snapshotPolicyId });
    world.clock.later(1000, () => world.process.interrupt());
    expect(await messageOf(share.up(valid(world)))).toContain("interrupted");
    expect(settings(world, share.id).policy).toBe(defaultPolicy(world));

    share.process = world.nextProcess();
    expect(await share.up({ ...valid(world), snapshotPolicyId })).toEqual(["update"]);

    expect(settings(world, share.id).policy).toBe(snapshotPolicyId);
  });

  test("does not keep limits that were taken out with it", async ({ world }) => {
    const share = await existing(world, { snapshotReserve: 20, timeouts: { delete: "1s" } });
    world.simulator.faults.add({ method: "PUT", path: /snapshotReserve$/, times: 5, fault: refused });
    await messageOf(share.up(valid(world)));

    expect(share.outputs).not.toHaveProperty("timeouts");
    await share.destroy();
  });
});

test("a name that is set back after its change failed is looked at, for the answer may have been lost", async ({
  world,
}) => {
  const share = await existing(world, { name: "first" });
  const lost = { kind: "status", status: 504, afterEffect: true } as const;
  world.simulator.faults.add({ method: "PUT", path: /\/share\/[^/]*$/, times: 5, fault: lost });
  await messageOf(share.up({ ...valid(world), name: "second" }));
  expect(live(world, share.id)?.name).toBe("second");

  share.process = world.nextProcess();
  await share.up({ ...valid(world), name: "first" });

  expect(live(world, share.id)?.name).toBe("first");
});
