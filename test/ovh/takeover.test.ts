import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import type { ResourceKind } from "../../provider/kinds";
import type { Resource } from "../support/resource";
import { expect, messageOf, test, type World } from "./support/test";

// States as @ovhcloud/pulumi-ovh 2.19.1 writes them, handed over by an alias of its type.

/** A resource whose state is another provider's: its outputs name the id, know nothing of ours, and have keys of their own. */
function handedOver(world: World, kind: ResourceKind, id: string, inputs: Properties, outputs: Properties): Resource {
  const resource = world.resource(kind);
  const state = { ...inputs, createdAt: "2026-11-27T12:56:50.067Z", status: "available", ...outputs };
  resource.state = { id, inputs, outputs: { __pulumi_raw_state_delta: { obj: {} }, id, ...state }, initErrors: [] };
  return resource;
}

const api = (world: World) => world.process.storageOf(world.serviceName);

const THEIR_SHARE = { protocol: "NFS", size: 100, name: "data-7328693", description: "Orders" } as const;

/** Their share as the service has it, with what their state says otherwise. */
async function theirShare(world: World, kind: ResourceKind = "ovh:Share", outputs: Properties = {}) {
  const mountPointName = outputs["mountPointName"] === "orders" ? "orders" : undefined;
  const { id } = await api(world).createShare({ ...THEIR_SHARE, mountPointName });
  settled(world);
  const inputs = { serviceName: world.serviceName, ...THEIR_SHARE };
  return handedOver(world, kind, id, inputs, { snapshotId: "", ...outputs });
}

/** Just made: the service is still applying it. */
async function theirRule(world: World, outputs: Properties = {}) {
  const { createAccessRule } = api(world).share(world.production);
  const { id } = await createAccessRule({ accessTo: "10.0.0.1/32", accessLevel: "ro" });
  const inputs = { serviceName: world.serviceName, shareId: world.production, accessTo: "10.0.0.1/32" };
  return handedOver(world, "ovh:ShareAccessRule", id, inputs, {
    accessLevel: "ro",
    accessType: "ip",
    status: "active",
    ...outputs,
  });
}

async function theirSnapshot(world: World) {
  const { id } = await api(world).share(world.production).createSnapshot({ name: "before", description: "" });
  settled(world);
  const inputs = { serviceName: world.serviceName, shareId: world.production, name: "before", description: "" };
  return handedOver(world, "ovh:Snapshot", id, inputs, { path: "/.snapshot/before", type: "manual" });
}

/** What their program made is long finished. */
const settled = (world: World): void => world.simulator.model.advanceClock(3_600_000);

const written = (world: World) => world.calls(/^(POST|PUT|DELETE) /);

/** Runs and tells which writes it sent. */
async function sent(world: World, run: () => Promise<unknown>): Promise<string[]> {
  const before = written(world).length;
  await run();
  return written(world).slice(before);
}

const rule = (world: World, args: Properties = {}): Properties => ({
  serviceName: world.serviceName,
  shareId: world.production,
  accessTo: "10.0.0.1/32",
  accessLevel: "ro",
  ...args,
});

test("moves a share whose program leaves name and description out: both stay, and nothing is sent", async ({
  world,
}) => {
  const share = await theirShare(world);
  const { id } = share;
  const args = { serviceName: world.serviceName, size: 100 };

  expect(await sent(world, async () => expect(await share.up(args)).toEqual(["update"]))).toEqual([]);

  expect(share.id).toBe(id);
  expect(share.outputs).toMatchObject({ name: "data-7328693", description: "Orders", status: "available" });
  expect(share.outputs["accessPaths"]).toHaveLength(2);
  for (const theirs of ["id", "snapshotId", "__pulumi_raw_state_delta"])
    expect(share.outputs).not.toHaveProperty(theirs);
  share.process = world.nextProcess();
  expect(await share.up(args)).toEqual(["same"]);
  const moved = share.state;
  await share.refresh();
  expect(share.state).toEqual(moved);
});

test("applies in the move what the program has otherwise than their state", async ({ world }) => {
  const share = await theirShare(world);
  const args = { serviceName: world.serviceName, size: 150, name: "orders", description: "All orders" };

  expect(await share.up(args)).toEqual(["update"]);

  const live = world.simulator.model.shares.find(({ id }) => id === share.id);
  expect(live).toMatchObject({ size: 150, name: "orders", description: "All orders" });
  expect(await share.up({ ...args, description: undefined })).toEqual(["update"]);
  expect(live).toMatchObject({ name: "orders", description: "" });
});

test("leaves what somebody changed elsewhere to the refresh, which shows it, and the next up repairs it", async ({
  world,
}) => {
  const share = await theirShare(world);
  const live = world.simulator.model.shares.find(({ id }) => id === share.id);
  Object.assign(live ?? {}, { size: 500, name: "theirs", description: "" });
  const args = { serviceName: world.serviceName, size: 100, name: "data-7328693", description: "Orders" };

  expect(await sent(world, () => share.up(args))).toEqual([]);
  expect(share.outputs).toMatchObject({ size: 500, name: "theirs", description: "" });
  share.process = world.nextProcess();
  await share.refresh();
  expect(share.state?.inputs).toMatchObject({ size: 500, name: "theirs", description: "" });

  expect(await share.up(args)).toEqual(["update"]);
  expect(live).toMatchObject({ size: 100, name: "data-7328693", description: "Orders" });
});

for (const mountPointName of ["", "orders"]) {
  test(`keeps a share with the mount point name "${mountPointName}" that the program leaves out`, async ({ world }) => {
    const share = await theirShare(world, "ovh:Share", { mountPointName });
    const args = { serviceName: world.serviceName, size: 100 };

    expect(await share.up(args)).toEqual(["update"]);
    expect(share.outputs["mountPointName"]).toBe(mountPointName || undefined);
    share.process = world.nextProcess();
    await share.refresh();
    expect(await share.up(args)).toEqual(["same"]);
  });
}

test("moves a snapshot, whose share's size is known to nobody", async ({ world }) => {
  const snapshot = await theirSnapshot(world);
  const args = { serviceName: world.serviceName, shareId: world.production, name: "before", description: "" };

  expect(await sent(world, async () => expect(await snapshot.up(args)).toEqual(["update"]))).toEqual([]);

  expect(snapshot.outputs).toMatchObject({ type: "manual", status: "available", path: expect.any(String) });
  expect(snapshot.outputs).not.toHaveProperty("shareSize");
  expect(await snapshot.up(args)).toEqual(["same"]);
  const { id } = snapshot;
  await snapshot.destroy();
  expect(world.simulator.model.snapshots.map((one) => one.id)).not.toContain(id);
});

test("moves an access rule that says /32, and waits until it is active", async ({ world }) => {
  const moved = await theirRule(world);
  expect(await moved.up(rule(world))).toEqual(["update"]);
  expect(moved.outputs).toMatchObject({ accessTo: "10.0.0.1", status: "active" });
  expect(moved.outputs).not.toHaveProperty("accessType");
  expect(await moved.up(rule(world))).toEqual(["same"]);
});

test("moves a clone without asking about its snapshot, now or later, though that is long gone", async ({ world }) => {
  const { id: snapshotId } = await api(world).share(world.production).createSnapshot({ name: "before" });
  settled(world);
  const { id } = await api(world).createShare({ ...THEIR_SHARE, snapshotID: snapshotId });
  settled(world);
  await api(world).share(world.production).deleteSnapshot(snapshotId);
  settled(world);
  const inputs = { serviceName: world.serviceName, ...THEIR_SHARE, snapshotId };
  const clone = handedOver(world, "ovh:ShareClone", id, inputs, {});
  const args = { serviceName: world.serviceName, size: 100, snapshotId };

  expect(await clone.up(args)).toEqual(["update"]);
  clone.process = world.nextProcess();
  expect(await clone.up(args)).toEqual(["same"]);
  await clone.refresh();
  expect(await clone.up(args)).toEqual(["same"]);
  expect([clone.state?.inputs, clone.outputs].map((kept) => kept?.["source"])).toEqual([undefined, undefined]);
  expect(world.calls(/GET .*snapshot$/)).toEqual([]);
});

test("refuses in the preview what would make a new object, with the way out", async ({ world }) => {
  const moved = await theirRule(world);
  const writes = written(world);

  expect(await messageOf(moved.up(rule(world, { accessLevel: "rw" })))).toBe(
    'ShareAccessRule data: it comes from another provider, and accessLevel is "ro" in its state and "rw" here. That would make a new object, and nothing is replaced while it moves: set accessLevel to "ro", run pulumi up, and change it afterwards.',
  );
  const unknown = rule(world, { shareId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
  expect(await messageOf(moved.diff(unknown))).toContain(`"${world.production}" in its state and not known yet here`);
  const share = await theirShare(world, "ovh:ShareClone");
  const clone = { serviceName: world.serviceName, size: 100, snapshotId: world.automatic()[0]?.id };
  expect(await messageOf(share.diff(clone))).toContain('snapshotId is "" in its state');
  expect(written(world).slice(writes.length)).toEqual(["POST /share"]); // the arrangement's own

  expect(await moved.up(rule(world))).toEqual(["update"]);
  expect(await moved.up(rule(world, { accessLevel: "rw" }))).toEqual(["delete-replaced", "replace"]);
});

test("names what the service has otherwise than their state said, and the next up makes the object again", async ({
  world,
}) => {
  const moved = await theirRule(world, { accessLevel: "rw" });

  expect(await messageOf(moved.up(rule(world, { accessLevel: "rw" })))).toBe(
    'ShareAccessRule data: accessLevel is "ro" at the service, not "rw" as the other provider\'s state says. Set it to what the service has, or the next pulumi up makes a new object.',
  );
  expect(moved.outputs).toMatchObject({ accessLevel: "ro" });

  expect(await moved.up(rule(world, { accessLevel: "rw" }))).toEqual(["delete-replaced", "replace"]);
  expect(moved.outputs).toMatchObject({ accessLevel: "rw" });
});

test("tells of a rule in error, which the next up makes again", async ({ world }) => {
  const moved = await theirRule(world, { status: "error" });
  world.simulator.model.setStatus(moved.id, "error");

  expect(await messageOf(moved.up(rule(world)))).toContain('ended in state "error"');
  expect(await moved.up(rule(world))).toEqual(["delete-replaced", "replace"]);
});

test("tells of what is gone, and a refresh with our provider then forgets it", async ({ world }) => {
  const snapshot = await theirSnapshot(world);
  world.simulator.model.rotateAway(snapshot.id);
  const args = { serviceName: world.serviceName, shareId: world.production, name: "before" };

  expect(await messageOf(snapshot.up(args))).toBe(
    `Snapshot data: ${snapshot.id} is in the state that another provider wrote, but the service does not have it any more. Run pulumi refresh, then pulumi up makes a new one.`,
  );
  await snapshot.refresh();
  expect(snapshot.state).toBeUndefined();
  expect(await snapshot.up(args)).toEqual(["create"]);
});

test("leaves the state as it is where the service could not be asked", async ({ world }) => {
  const share = await theirShare(world);
  const theirs = share.state;
  const args = { serviceName: world.serviceName, size: 100 };
  share.process = world.nextProcess({ apiUrl: "http://127.0.0.1:9/1.0" });

  await messageOf(share.up(args));
  expect(share.state).toBe(theirs);

  share.process = world.nextProcess();
  expect(await share.up(args)).toEqual(["update"]);
});

test("keeps a moved share as ours when a change of the move fails, and the next up goes on", async ({ world }) => {
  const share = await theirShare(world);
  const args = { serviceName: world.serviceName, size: 150 };
  world.simulator.model.steer("extendShare", { outcome: "failed" });

  expect(await messageOf(share.up(args))).toContain("extending_error");
  expect(share.outputs).toMatchObject({ status: "extending_error", size: 100, name: "data-7328693" });
  expect(share.outputs).not.toHaveProperty("id");

  world.simulator.model.setStatus(share.id, "available");
  share.process = world.nextProcess();
  expect(await share.up(args)).toEqual(["update"]);
  expect(share.outputs).toMatchObject({ status: "available", size: 150 });
});

describe("a move whose first up does not finish undoes nothing that was done elsewhere either", () => {
  const args = (world: World, more: Properties = {}): Properties => ({
    serviceName: world.serviceName,
    ...THEIR_SHARE,
    ...more,
  });
  const live = (world: World, share: Resource) => world.simulator.model.shares.find(({ id }) => id === share.id);
  /** Every call of this kind fails until the next command. */
  const failing = (world: World, method: string, path: RegExp) =>
    world.simulator.faults.add({ method, path, fault: { kind: "status", status: 500 }, times: 5 });
  const nextUp = (world: World, share: Resource, inputs: Properties) => {
    share.process = world.nextProcess();
    return sent(world, () => share.up(inputs));
  };

  /** Somebody has extended and renamed it; the program wants another description, which can't be sent. */
  async function failedMove(world: World) {
    const share = await theirShare(world);
    Object.assign(live(world, share) ?? {}, { size: 500, name: "theirs" });
    failing(world, "PUT", /\/share\/[^/]*$/);
    expect(await messageOf(share.up(args(world, { description: "ours" })))).toContain("answered 500");
    return share;
  }

  test("when a change fails, however often", async ({ world }) => {
    const share = await failedMove(world);
    failing(world, "PUT", /\/share\/[^/]*$/);
    share.process = world.nextProcess();
    await messageOf(share.up(args(world, { description: "ours" })));

    share.process = world.nextProcess();
    expect(await share.diff(args(world, { description: "ours" }))).toEqual({ replaces: [] });
    expect(await nextUp(world, share, args(world, { description: "ours" }))).toEqual([`PUT /share/${share.id}`]);
    expect(live(world, share)).toMatchObject({ size: 500, name: "theirs", description: "ours" });
  });

  test("when it is interrupted while the share is being extended", async ({ world }) => {
    const share = await theirShare(world);
    await api(world).extendShare(share.id, 500);
    world.clock.later(3000, () => world.process.interrupt());
    expect(await messageOf(share.up(args(world)))).toContain("interrupted");

    expect(await nextUp(world, share, args(world))).toEqual([]);
    expect(live(world, share)).toMatchObject({ size: 500, status: "available" });
  });

  test("when a refresh in between still finds the share being extended", async ({ world }) => {
    const share = await theirShare(world);
    await api(world).extendShare(share.id, 500);
    world.clock.later(3000, () => world.process.interrupt());
    await messageOf(share.up(args(world)));
    share.process = world.nextProcess();
    await share.refresh();

    expect(await nextUp(world, share, args(world))).toEqual([]);
    expect(live(world, share)?.size).toBe(500);
  });

  test("until a refresh shows it: the up after that brings the share to what the program says", async ({ world }) => {
    const share = await failedMove(world);
    share.process = world.nextProcess();
    await share.refresh();
    expect(share.state?.inputs).toMatchObject({ size: 500, name: "theirs" });

    await nextUp(world, share, args(world));
    expect(live(world, share)).toMatchObject({ size: 100, name: THEIR_SHARE.name });
  });

  test("and what the program changes after the failure is done", async ({ world }) => {
    const share = await failedMove(world);
    await nextUp(world, share, args(world, { size: 600 }));
    expect(live(world, share)).toMatchObject({ size: 600, name: "theirs", description: "Orders" });
  });

  test("and an up that succeeds ends the move", async ({ world }) => {
    const share = await failedMove(world);
    await nextUp(world, share, args(world));
    expect(Object.keys(share.outputs).filter((key) => key.startsWith("__"))).toEqual([
      "__provider",
      "__urn",
      "__absent",
    ]);
    share.process = world.nextProcess();
    expect(await share.up(args(world))).toEqual(["same"]);
    await nextUp(world, share, args(world, { size: 200 }));
    expect(live(world, share)?.size).toBe(200);
  });
});
