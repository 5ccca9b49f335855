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

  test("takes a gateway's answer for no answer as well", async ({ world }) => {
    for (const [index, status] of [408, 502, 504].entries()) {
      const share = world.resource("ovh:Share", `data-${index}`);
      await share.up(valid(world));
      world.simulator.faults.add({
        method: "POST",
        path: /\/extend$/,
        fault: { kind: "status", status, afterEffect: true, html: "<h1>Gateway Timeout</h1>" },
      });

      expect(await share.up({ ...valid(world), size: 300 })).toEqual(["update"]);
      expect(share.outputs).toMatchObject({ size: 300, status: "available" });
    }
    expect(world.calls(/extend/)).toHaveLength(3);
  });

  test("repeats a gateway's answer where the extension never began", async ({ world }) => {
    const share = await existing(world);
    world.simulator.faults.add({ method: "POST", path: /\/extend$/, fault: { kind: "status", status: 504 } });

    const message = await messageOf(share.up({ ...valid(world), size: 300 }));

    expect(message).toContain(`share ${share.id} still has 200 GiB`);
    expect(message).toMatch(/POST .*extend answered 504/);
    expect(await share.up({ ...valid(world), size: 300 })).toEqual(["update"]);
    expect(share.outputs).toMatchObject({ size: 300 });
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

describe("a size that somebody changed elsewhere", () => {
  /** A share of 200 GiB, extended to 500 by hand since. */
  const extendedByHand = async (world: World) => {
    const share = await existing(world);
    await world.process.storageOf(world.serviceName).extendShare(share.id, 500);
    world.clock.pass(STEP_MS);
    share.process = world.nextProcess();
    return share;
  };
  const resizes = (world: World) => world.calls(/shrink/);
  const warning = expect.objectContaining({
    severity: "warning",
    message:
      "Share data: size is 200 in the program, but the share has 500 GiB: changed elsewhere. Left so; run pulumi refresh to see it, and the next pulumi up sets it.",
  });

  test("is left as it is by a change of something else, again and again, until a refresh shows it", async ({
    world,
  }) => {
    const share = await extendedByHand(world);

    for (const description of ["one", "two"]) {
      share.process = world.nextProcess();
      expect(await share.up({ ...valid(world), description })).toEqual(["update"]);
      expect(share.process.logs).toContainEqual(warning);
      expect(live(world, share.id)).toMatchObject({ size: 500, description });
      expect(share.outputs).toMatchObject({ size: 500 });
    }
    expect(await share.up({ ...valid(world), description: "two" })).toEqual(["same"]);
    expect(resizes(world)).toEqual([]);

    share.process = world.nextProcess();
    await share.refresh();
    expect(share.state?.inputs).toMatchObject({ size: 500 });
    expect(await share.up({ ...valid(world), description: "two" })).toEqual(["update"]);
    expect(live(world, share.id)?.size).toBe(200);
    expect(share.outputs).toMatchObject({ size: 200 });
    expect(share.process.logs).not.toContainEqual(warning);
  });

  test("is left also where the other change fails half-way", async ({ world }) => {
    const share = await extendedByHand(world);
    world.simulator.faults.add({ method: "PUT", fault: { kind: "status", status: 403 } });
    const args = { ...valid(world), description: "text" };
    expect(await messageOf(share.up(args))).toContain("403");

    share.process = world.nextProcess();
    expect(await share.up(args)).toEqual(["update"]);

    expect(live(world, share.id)).toMatchObject({ size: 500, description: "text" });
    expect(resizes(world)).toEqual([]);
  });

  test("is set by the next change of size in the program", async ({ world }) => {
    const share = await extendedByHand(world);
    await share.up({ ...valid(world), description: "text" });

    expect(await share.up({ ...valid(world), size: 300, description: "text" })).toEqual(["update"]);

    expect(live(world, share.id)?.size).toBe(300);
    expect(await share.up({ ...valid(world), size: 200, description: "text" })).toEqual(["update"]);
    expect(live(world, share.id)?.size).toBe(200);
  });

  test("is set where the state tells of no size", async ({ world }) => {
    const share = await extendedByHand(world);
    const { size, ...older } = share.outputs;
    share.state = { id: share.id, inputs: {}, outputs: older, initErrors: [] };

    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(size).toBe(200);
    expect(live(world, share.id)?.size).toBe(200);
  });

  test("is none where our own resize was interrupted: the next up ends at the program's size", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.steer("extendShare", { ms: 300_000 });
    const limited = { ...valid(world), timeouts: { update: "1m" } };
    expect(await messageOf(share.up({ ...limited, size: 300 }))).toContain("still extending");
    world.clock.pass(300_000);
    share.process = world.nextProcess();

    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(live(world, share.id)?.size).toBe(200);
    expect(resizes(world)).toHaveLength(1);
  });

  test("is none while the creation is not finished", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck" });
    const share = world.resource("ovh:Share");
    await messageOf(share.up({ ...valid(world), timeouts: { create: "10s" } }));
    world.simulator.model.release(share.id);
    await world.process.storageOf(world.serviceName).extendShare(share.id, 500);
    world.clock.pass(STEP_MS);
    share.process = world.nextProcess();

    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(live(world, share.id)?.size).toBe(200);
  });
});

describe("a share after a shrink that did not fit", () => {
  const STATE = "shrinking_possible_data_loss_error";
  /** Shrunk below its data, and the size set back to what it has. */
  const stuck = async (world: World, size = 200) => {
    const share = world.resource("ovh:Share");
    await share.up({ ...valid(world), size });
    world.simulator.model.setUsedGiB(share.id, 90);
    world.simulator.model.setStatus(share.id, STATE);
    share.process = world.nextProcess();
    await share.refresh();
    share.process = world.nextProcess();
    return share;
  };

  test("is no success when size is set back: every up says which size frees it, and that one does", async ({
    world,
  }) => {
    const share = await existing(world);
    world.simulator.model.setUsedGiB(share.id, 150);
    expect(await messageOf(share.up({ ...valid(world), size: 120 }))).toContain("do not fit into 120 GiB");
    const sent = world.calls(/^(POST|PUT)/);

    for (const refreshed of [false, true, true]) {
      if (refreshed) await share.refresh();
      share.process = world.nextProcess();
      expect(await messageOf(share.up(valid(world)))).toBe(
        `Share data: share ${share.id} is in state "${STATE}": its data, its snapshots included, did not fit into the size that it was to be shrunk to. Nothing is lost, but it can't be extended, reverted, snapshotted or deleted so. A shrink that fits brings it back: set size to 199 first. Where it holds more than that, delete files or snapshots before.`,
      );
      expect(share.outputs).toMatchObject({ size: 200, status: STATE });
    }
    expect(world.calls(/^(POST|PUT)/)).toEqual(sent);

    expect(await share.up({ ...valid(world), size: 199 })).toEqual(["update"]);
    expect(share.outputs).toMatchObject({ size: 199, status: "available" });
    expect(await share.up({ ...valid(world), size: 199 })).toEqual(["same"]);
  });

  test("shows in a preview after a refresh, and not where the program shrinks it", async ({ world }) => {
    const share = await stuck(world);
    const warnings = () => share.process.logs.filter(({ severity }) => severity === "warning");

    expect(await share.diff({ ...valid(world), size: 150 })).toMatchObject({ replaces: [] });
    expect(warnings()).toEqual([]);
    expect(await share.diff(valid(world))).toMatchObject({ changes: true, replaces: [] });
    expect(warnings()).toMatchObject([{ message: expect.stringContaining("set size to 199 first") }]);
  });

  test("is still renamed before the up says so", async ({ world }) => {
    const share = await stuck(world);

    expect(await messageOf(share.up({ ...valid(world), description: "text" }))).toContain("set size to 199 first");

    expect(live(world, share.id)).toMatchObject({ description: "text", status: STATE });
  });

  test("has no size that frees it at 100 GiB: only the support can help", async ({ world }) => {
    const share = await stuck(world, 100);
    const support =
      "It has 100 GiB, the smallest size, so no shrink can bring it back: ask OVHcloud's support with its id.";

    expect(await messageOf(share.up({ ...valid(world), size: 100 }))).toContain(support);
    const extension = await messageOf(share.up({ ...valid(world), size: 150 }));
    expect(extension).toContain(support);
    expect(extension).not.toContain("set size to 100");
    expect(await messageOf(share.destroy())).toContain(support);
  });

  test("is deleted once it is freed: destroy says how", async ({ world }) => {
    const share = await stuck(world);

    expect(await messageOf(share.destroy())).toContain(
      `share ${share.id} is in state "${STATE}", and the service does not delete it. A shrink that fits brings it back: set size to 199 first.`,
    );

    await share.up({ ...valid(world), size: 199 });
    await share.destroy();
    expect(share.state).toBeUndefined();
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
