import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const valid = (world: World): Properties => ({ serviceName: world.serviceName, size: 200 });

/** One share of 200 GiB that settled. */
async function existing(world: World, args: Properties = {}) {
  const share = world.resource("ovh:Share");
  await share.up({ ...valid(world), ...args });
  return share;
}
const live = (world: World, id: string) => world.simulator.model.shares.find((share) => share.id === id);

describe("extending a share", () => {
  test("extends and verifies the new size", async ({ world }) => {
    const share = await existing(world);

    expect(await share.up({ ...valid(world), size: 300 })).toEqual(["update"]);

    expect(live(world, share.id)?.size).toBe(300);
    expect(share.outputs).toMatchObject({ size: 300, status: "available" });
    expect(await share.up({ ...valid(world), size: 300 })).toEqual(["same"]);
  });

  test("fails when the share is available again with its old size, and tries again with the next up", async ({
    world,
  }) => {
    const share = await existing(world);
    world.simulator.model.steer("extendShare", { outcome: "unchanged" });

    expect(await messageOf(share.up({ ...valid(world), size: 300 }))).toContain(
      `share ${share.id} still has 200 GiB after it was extended to 300`,
    );
    expect(share.outputs).toMatchObject({ size: 200 });
    expect(await share.up({ ...valid(world), size: 300 })).toEqual(["update"]);
    expect(share.outputs).toMatchObject({ size: 300 });
  });

  test("never replaces a share whose extension failed", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.steer("extendShare", { outcome: "failed" });
    const { id } = share;

    expect(await messageOf(share.up({ ...valid(world), size: 300 }))).toMatch(
      /ended in state "extending_error" while extending to 300 GiB\. Its data are not touched\. .*set size back to 200/,
    );
    const second = await messageOf(share.up({ ...valid(world), size: 300 }));
    expect(second).toContain('is in state "extending_error"');
    expect(second).not.toContain("while extending_error");
    expect(await share.up(valid(world))).toEqual(["update"]);
    await share.refresh();
    expect((await share.diff(valid(world))).replaces).toEqual([]);
    expect(share.id).toBe(id);
  });

  test("says how many GiB are missing for an extension", async ({ start }) => {
    const world = await start({ quotaGiB: 500 });
    const share = await existing(world);

    expect(await messageOf(share.up({ ...valid(world), size: 450 }))).toContain(
      `it needs 250 GiB, but service ${world.serviceName} has 200 GiB free of 500 GiB: 50 GiB are missing`,
    );
    expect(share.outputs).toMatchObject({ size: 200 });
  });

  test("takes a lost answer to an extension for no answer and looks at the size", async ({ world }) => {
    const share = await existing(world);
    world.simulator.faults.add({ method: "POST", path: /\/extend$/, fault: { kind: "dropAfter" } });

    expect(await share.up({ ...valid(world), size: 300 })).toEqual(["update"]);
    expect(live(world, share.id)?.size).toBe(300);
    expect(world.calls(/extend/)).toHaveLength(1);
  });

  test("waits first for an extension that is still going on", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.steer("extendShare", { ms: 300_000 });
    const args = { ...valid(world), size: 300, timeouts: { update: "1m" } };
    expect(await messageOf(share.up(args))).toMatch(/still extending after 60 s/);

    expect(await share.up({ ...args, size: 400, timeouts: { update: "10m" } })).toEqual(["update"]);
    expect(live(world, share.id)?.size).toBe(400);
  });
});

describe("shrinking a share", () => {
  test("uses the service's own route and verifies the new size", async ({ world }) => {
    const share = await existing(world);

    expect(await share.up({ ...valid(world), size: 150 })).toEqual(["update"]);

    expect(live(world, share.id)?.size).toBe(150);
    expect(share.outputs).toMatchObject({ size: 150, status: "available" });
    expect(world.calls(/extend|shrink/)).toEqual([`POST /share/${share.id}/shrink`]);
    expect(await share.up({ ...valid(world), size: 150 })).toEqual(["same"]);
  });

  test("chooses the route by the size that the service has, whatever the state remembers", async ({ world }) => {
    const share = await existing(world);
    await world.process.storageOf(world.serviceName).extendShare(share.id, 400);
    world.clock.pass(STEP_MS);

    expect(await share.up({ ...valid(world), size: 300 })).toEqual(["update"]);

    expect(live(world, share.id)?.size).toBe(300);
    expect(world.calls(/shrink/)).toEqual([`POST /share/${share.id}/shrink`]);
  });

  test("sends nothing when somebody has brought the share to the wanted size already", async ({ world }) => {
    const share = await existing(world);
    await world.process.storageOf(world.serviceName).extendShare(share.id, 400);
    world.clock.pass(STEP_MS);

    expect(await share.up({ ...valid(world), size: 400 })).toEqual(["update"]);

    expect(share.outputs).toMatchObject({ size: 400 });
    expect(world.calls(/extend/)).toHaveLength(1);
  });

  test("says that nothing is lost when the data do not fit, and a size that holds them goes through", async ({
    world,
  }) => {
    const share = await existing(world);
    const { id } = share;
    world.simulator.model.steer("shrinkShare", { outcome: "failed", status: "shrinking_possible_data_loss_error" });

    expect(await messageOf(share.up({ ...valid(world), size: 120 }))).toBe(
      `Share data: share ${id} keeps its 200 GiB: the data in it, its snapshots included, do not fit into 120 GiB (shrinking_possible_data_loss_error). Nothing is lost. Set size to one that holds them, or delete files and snapshots, and run pulumi up again; a shrink that fits brings the share back to "available".`,
    );
    expect(share.outputs).toMatchObject({ size: 200, status: "shrinking_possible_data_loss_error" });

    expect(await messageOf(share.up({ ...valid(world), size: 300 }))).toContain(
      `can't be extended from 200 to 300 GiB. A shrink that fits brings it back: set size to 199 first.`,
    );
    expect(await share.up({ ...valid(world), size: 180 })).toEqual(["update"]);
    expect(share.outputs).toMatchObject({ size: 180, status: "available" });
    expect(share.id).toBe(id);
  });

  test("says what is likely when the share is available again with its old size", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.steer("shrinkShare", { outcome: "unchanged" });

    expect(await messageOf(share.up({ ...valid(world), size: 150 }))).toContain(
      `share ${share.id} still has 200 GiB after it was shrunk to 150: most likely the data in it, its snapshots included, do not fit`,
    );
    expect(share.outputs).toMatchObject({ size: 200 });
  });

  test("never replaces a share whose shrinking failed", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.steer("shrinkShare", { outcome: "failed" });
    const { id } = share;

    expect(await messageOf(share.up({ ...valid(world), size: 150 }))).toContain(
      'ended in state "shrinking_error" while shrinking to 150 GiB',
    );
    expect(await messageOf(share.up({ ...valid(world), size: 150 }))).toContain(
      'is in state "shrinking_error" and can\'t be shrunk from 200 to 150 GiB. Set size back to 200',
    );
    expect(await share.up(valid(world))).toEqual(["update"]);
    expect(share.id).toBe(id);
  });

  test("is not over before it has begun: the old state and size right after the call are no answer", async ({
    world,
  }) => {
    const share = await existing(world);
    const unchanged = { id: share.id, size: 200, status: "available" };
    world.simulator.faults.add({
      method: "GET",
      path: /\/share$/,
      times: 2,
      fault: { kind: "status", status: 200, body: [unchanged] },
    });

    expect(await share.up({ ...valid(world), size: 150 })).toEqual(["update"]);

    expect(share.outputs).toMatchObject({ size: 150 });
  });

  test("takes a lost answer for no answer and looks at the size", async ({ world }) => {
    const share = await existing(world);
    world.simulator.faults.add({ method: "POST", path: /\/shrink$/, fault: { kind: "dropAfter" } });

    expect(await share.up({ ...valid(world), size: 150 })).toEqual(["update"]);
    expect(world.calls(/shrink/)).toHaveLength(1);
  });

  test("brings a clone back to its size that was extended by hand", async ({ world }) => {
    const storage = world.process.storageOf(world.serviceName);
    const { id: snapshotId } = await storage.share(world.production).createSnapshot({});
    world.clock.pass(STEP_MS);
    const clone = world.resource("ovh:ShareClone");
    const args = { serviceName: world.serviceName, snapshotId, size: 100 };
    await clone.up(args);
    await storage.extendShare(clone.id, 300);
    world.clock.pass(STEP_MS);
    clone.process = world.nextProcess();
    await clone.refresh();

    expect(clone.state?.inputs).toMatchObject({ size: 300 });
    expect(await clone.up(args)).toEqual(["update"]);
    expect(live(world, clone.id)?.size).toBe(100);
  });
});
