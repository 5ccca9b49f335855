import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, test, type World } from "./support/test";

const HOUR = 3_600_000;
const newest = (world: World): Properties => ({
  serviceName: world.serviceName,
  shareId: world.production,
  select: { newest: true },
});
const given = (world: World, snapshotId: string | undefined): Properties => ({
  serviceName: world.serviceName,
  shareId: world.production,
  snapshotId,
});
const live = (world: World, id: string) => world.simulator.model.snapshots.find((snapshot) => snapshot.id === id);

/** Holds the newest point. */
async function held(world: World, args: Properties = {}, name = "point", stack = "dev") {
  const resource = world.resource("ovh:HeldSnapshot", name, stack);
  await resource.up({ ...newest(world), ...args });
  return resource;
}

describe("holding", () => {
  test("the newest automatic snapshot gives it a new id, and keeps its name, time and path", async ({ world }) => {
    const source = world.automatic().at(-1);
    const point = await held(world);

    expect(point.id).not.toBe(source?.id);
    expect(point.outputs).toMatchObject({
      sourceSnapshotId: source?.id,
      shareSize: 100,
      type: "manual",
      status: "available",
      name: "hourly.2026-01-31_1000",
      createdAt: "2026-01-31T10:00:00.000Z",
      path: "/.snapshot/hourly.2026-01-31_1000",
    });
    expect(await point.up(newest(world))).toEqual(["same"]);
    expect(world.calls(/hold$/)).toHaveLength(1);
  });

  test("a given snapshot works, and its later disappearance changes nothing", async ({ world }) => {
    const [oldest] = world.automatic();
    const point = world.resource("ovh:HeldSnapshot", "point");
    await point.up(given(world, oldest?.id));
    point.process = world.nextProcess();

    await point.refresh();

    expect(await point.up(given(world, oldest?.id))).toEqual(["same"]);
    expect(point.outputs).toMatchObject({ sourceSnapshotId: oldest?.id, createdAt: "2026-01-31T08:00:00.000Z" });
  });

  test("takes the newest point before a time, whatever offset the service and the program write", async ({ start }) => {
    const world = await start({ timeFormat: "offset" });
    const point = await held(world, { select: { newest: true, before: "2026-01-31T11:00:00+01:00" } });

    expect(point.outputs["name"]).toBe("hourly.2026-01-31_0900");
    expect(await point.up({ ...newest(world), select: { newest: true, before: "2026-01-31T10:00:00Z" } })).toEqual([
      "same",
    ]);
  });

  test("takes only points of the prefix", async ({ world }) => {
    world.simulator.model.takeAutomaticSnapshot(world.production, "daily");

    const point = await held(world, { select: { newest: true, namePrefix: "hourly." } });

    expect(point.outputs["name"]).toBe("hourly.2026-01-31_1000");
    expect(await messageOf(held(world, { select: { newest: true, namePrefix: "weekly." } }, "other"))).toBe(
      `HeldSnapshot other: share ${world.production} has no automatic snapshot named weekly.... (4 snapshots in all). Give the share a snapshot policy and wait for its first snapshot, or take one now with Snapshot.`,
    );
  });

  test("sets name and description afterwards", async ({ world }) => {
    const point = await held(world, { name: "before the migration", description: "Ask Ada" });

    expect(live(world, point.id)).toMatchObject({ name: "before the migration", description: "Ask Ada" });
    expect(point.outputs).toMatchObject({ name: "before the migration", description: "Ask Ada", shareSize: 100 });
    expect(await point.up({ ...newest(world), name: "before the migration" })).toEqual(["update"]);
    expect(live(world, point.id)?.description).toBe("");
  });

  test("keeps the id when only the name could not be set, and the next up sets it", async ({ world }) => {
    world.simulator.faults.add({ method: "PUT", fault: { kind: "status", status: 403 } });
    const point = world.resource("ovh:HeldSnapshot", "point");
    expect(await messageOf(point.up({ ...newest(world), name: "kept" }))).toContain("403");

    expect(await point.up({ ...newest(world), name: "kept" })).toEqual(["update"]);

    expect(live(world, point.id)?.name).toBe("kept");
    expect(point.outputs).toMatchObject({ shareSize: 100, sourceSnapshotId: expect.any(String) });
    expect(world.calls(/hold$/)).toHaveLength(1);
  });

  test("waits for a share that is busy", async ({ world }) => {
    await world.process.storageOf(world.serviceName).extendShare(world.production, 200);

    const point = await held(world);

    expect(point.outputs).toMatchObject({ shareSize: 200 });
  });

  test("fails on a share that does not exist, or is in a state that it does not leave", async ({ world }) => {
    const point = world.resource("ovh:HeldSnapshot", "point");
    const shareId = "00000000-0000-4000-8000-000000000000";
    expect(await messageOf(point.up({ ...newest(world), shareId }))).toContain(
      `service ${world.serviceName} has no share ${shareId}. Check shareId and serviceName.`,
    );

    world.simulator.model.setStatus(world.production, "error");
    world.clock.pass(1);
    expect(await messageOf(point.up(newest(world)))).toContain(`its share ${world.production} is in state "error"`);
    expect(point.state).toBeUndefined();
  });

  test("works with a service that still lists the automatic entry meanwhile", async ({ start }) => {
    const world = await start({ heldSource: "listed" });
    const point = await held(world);
    expect(point.outputs).toMatchObject({ type: "manual", status: "available" });
  });
});

describe("a point that is held already", () => {
  test("is not held again: the error names it, its age and the ways out", async ({ world }) => {
    const first = await held(world);
    const second = world.resource("ovh:HeldSnapshot", "second");
    const expected = `HeldSnapshot second: the newest point of share ${world.production} is already held: snapshot ${first.id} ("hourly.2026-01-31_1000", 2026-01-31T10:00:00.000Z, 21 min old). Wait for the next automatic snapshot, let the clones share that one HeldSnapshot (snapshotId: held.id), clone the data of now (a Snapshot, or from: "now" of an EnvironmentClone), or set onlyIfNewer: false to take an older point.`;

    expect(await messageOf(second.up(newest(world)))).toBe(expected);
    expect(second.state).toBeUndefined();
    expect(world.calls(/hold$/)).toHaveLength(1);
  });

  test("lets an older one be taken with onlyIfNewer: false", async ({ world }) => {
    await held(world);
    const second = await held(world, { onlyIfNewer: false }, "second");

    expect(second.outputs["createdAt"]).toBe("2026-01-31T09:00:00.000Z");
  });

  test("stops a trigger without new data, and does not once there are new data", async ({ world }) => {
    const point = await held(world, { trigger: 1 });
    const { id } = point;
    expect(await messageOf(point.up({ ...newest(world), trigger: 2 }))).toContain(
      `the newest point of share ${world.production} is already held: snapshot ${id}`,
    );
    expect(point.id).toBe(id);

    world.clock.pass(HOUR);
    expect(await point.up({ ...newest(world), trigger: 2 })).toEqual(["replace", "delete-replaced"]);
    expect(point.outputs["createdAt"]).toBe("2026-01-31T11:00:00.000Z");
    expect(live(world, id)).toBeUndefined();
  });

  test("when two resources select at once, exactly one succeeds and the other one explains", async ({ world }) => {
    const points = ["a", "b"].map((name) => world.resource("ovh:HeldSnapshot", name));

    const results = await Promise.allSettled(points.map((point) => point.up(newest(world))));

    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(results[1]).toMatchObject({
      reason: { message: expect.stringContaining(`is already held: snapshot ${points[0]?.id}`) },
    });
    expect(world.calls(/hold$/)).toHaveLength(1);
  });

  test("is seen by another environment, also after it was renamed there", async ({ world }) => {
    await held(world, { name: "golden" }, "point", "dev");
    const other = world.resource("ovh:HeldSnapshot", "point", "qa");
    other.process = world.nextProcess();

    expect(await messageOf(other.up(newest(world)))).toContain("is already held: snapshot");
  });

  test("is known by its id in the same program, whatever name and path say", async ({ world }) => {
    const point = await held(world, { name: "golden" });
    const record = live(world, point.id);
    if (record !== undefined) record.path = "/opaque";

    const second = world.resource("ovh:HeldSnapshot", "second");
    expect(await messageOf(second.up(newest(world)))).toContain(`is already held: snapshot ${point.id}`);
  });

  test("by another process at the same moment is explained, and held only once", async ({ world }) => {
    const [one, other] = [world.resource("ovh:HeldSnapshot", "a"), world.resource("ovh:HeldSnapshot", "b", "qa")];
    other.process = world.nextProcess();
    const { faults } = world.simulator;
    faults.add({ method: "POST", path: /hold$/, fault: { kind: "slow", ms: 60 } });

    const results = await Promise.allSettled([one.up(newest(world)), other.up(newest(world))]);

    const reasons = results.map((result) => (result.status === "rejected" ? String(result.reason) : "held"));
    expect(reasons.toSorted().at(-1)).toBe("held");
    expect(reasons.toSorted()[0]).toMatch(/is already held: snapshot|was rotated away, or held by somebody else/);
    expect(world.simulator.model.snapshots.filter(({ type }) => type === "manual")).toHaveLength(1);
  });

  test("is seen when no automatic snapshot is left", async ({ world }) => {
    for (const { id } of world.automatic().slice(0, 2)) world.simulator.model.rotateAway(id);
    await held(world);
    const other = world.resource("ovh:HeldSnapshot", "other");
    other.process = world.nextProcess();

    expect(await messageOf(other.up(newest(world)))).toContain("is already held");
  });

  test("is not a snapshot that somebody took by hand", async ({ world }) => {
    await world.process.storageOf(world.serviceName).share(world.production).createSnapshot({ name: "before 2.1" });

    const point = await held(world);

    expect(point.outputs["createdAt"]).toBe("2026-01-31T10:00:00.000Z");
  });

  test("is not one outside of the range that was asked for", async ({ world }) => {
    await held(world);
    const earlier = await held(world, { select: { newest: true, before: "2026-01-31T09:30:00Z" } }, "earlier");
    expect(earlier.outputs["createdAt"]).toBe("2026-01-31T09:00:00.000Z");
  });
});

describe("a source that can't be held", () => {
  test("is explained when it was rotated away between looking and holding", async ({ world }) => {
    const source = world.automatic().at(-1);
    const run = () => world.simulator.model.rotateAway(source?.id ?? "");
    world.simulator.faults.add({ path: /\/hold$/, fault: { kind: "interfere", run } });
    const point = world.resource("ovh:HeldSnapshot", "point");

    expect(await messageOf(point.up(newest(world)))).toBe(
      `HeldSnapshot point: automatic snapshot ${source?.id} ("hourly.2026-01-31_1000") was rotated away, or held by somebody else, between looking and holding. Run pulumi up again.`,
    );
    expect(point.state).toBeUndefined();
  });

  test("is explained when it is missing, manual, made by OVHcloud, or still being made", async ({ world }) => {
    const point = world.resource("ovh:HeldSnapshot", "point");
    const missing = "00000000-0000-4000-8000-000000000000";
    expect(await messageOf(point.up(given(world, missing)))).toContain(
      "Its policy may have rotated it away, or it is held already, under a new id:",
    );
    const contents = world.process.storageOf(world.serviceName).share(world.production);
    const { id } = await contents.createSnapshot({ name: "by hand" });
    expect(await messageOf(point.up(given(world, id)))).toContain("is already manual: nothing rotates it away");
    const system = world.simulator.model.takeSystemSnapshot(world.production);
    world.clock.pass(1);
    expect(await messageOf(point.up(given(world, system.id)))).toContain('is "system", made by OVHcloud itself');
    const [oldest] = world.automatic();
    world.simulator.model.setStatus(oldest?.id ?? "", "creating");
    world.clock.pass(1);
    expect(await messageOf(point.up(given(world, oldest?.id)))).toContain('is in state "creating"');
    expect(world.calls(/hold$/)).toEqual([]);
  });

  test("turns out so only at the call, on a share that turned busy: it is chosen anew afterwards", async ({
    world,
  }) => {
    const { faults, model } = world.simulator;
    const run = () => {
      model.setStatus(world.production, "reverting");
      world.clock.later(20_000, () => {
        model.takeAutomaticSnapshot(world.production, "hourly");
        model.setStatus(world.production, "available");
      });
    };
    faults.add({ method: "POST", path: /hold$/, fault: { kind: "interfere", run } });
    const before = world.automatic().length;

    const point = await held(world);

    expect(point.outputs).toMatchObject({ status: "available", type: "manual" });
    expect(world.automatic()).toHaveLength(before);
    expect(Date.parse(String(point.outputs["createdAt"]))).toBeGreaterThan(Date.UTC(2026, 0, 31, 10, 20));
    expect(world.calls(/hold$/)).toHaveLength(2);
  });

  test("and is gone when the share is no longer busy is explained", async ({ world }) => {
    const { faults, model } = world.simulator;
    const source = world.automatic().at(-1)?.id ?? "";
    const run = () => {
      model.setStatus(world.production, "reverting");
      world.clock.later(20_000, () => {
        model.rotateAway(source);
        model.setStatus(world.production, "available");
      });
    };
    faults.add({ method: "POST", path: /hold$/, fault: { kind: "interfere", run } });
    const point = world.resource("ovh:HeldSnapshot", "point");

    expect(await messageOf(point.up(given(world, source)))).toContain(
      `share ${world.production} has no snapshot ${source}. Its policy may have rotated it away`,
    );
    expect(point.state).toBeUndefined();
    expect(world.calls(/hold$/)).toHaveLength(1);
  });

  test("keeps the reason of the service where none of ours fits", async ({ start }) => {
    const world = await start({ manualSnapshotsPerService: 0 });
    const point = world.resource("ovh:HeldSnapshot", "point");

    expect(await messageOf(point.up(newest(world)))).toMatch(/answered 409 .* has its 0 manual snapshots/);
  });
});

describe("a hold that fails", () => {
  test("keeps the new id, and the next up deletes it and holds again", async ({ world }) => {
    world.simulator.model.steer("holdSnapshot", { outcome: "failed" });
    const point = world.resource("ovh:HeldSnapshot", "point");
    expect(await messageOf(point.up(newest(world)))).toMatch(
      /ended in state "manage_error" while holding\. The next pulumi up deletes it, and holds again\. A replicated share can't be held\.$/,
    );
    const failed = point.id;
    expect(live(world, failed)?.status).toBe("manage_error");
    expect(point.outputs).toMatchObject({ status: "manage_error" });

    point.process = world.nextProcess();
    expect(await point.up(newest(world))).toEqual(["delete-replaced", "replace"]);
    expect(live(world, failed)).toBeUndefined();
    expect(point.outputs).toMatchObject({ status: "available", createdAt: "2026-01-31T10:00:00.000Z" });
  });

  test("tells whom to ask when the service does not delete it", async ({ start }) => {
    const world = await start({ manageErrorDeletable: false });
    world.simulator.model.steer("holdSnapshot", { outcome: "failed" });
    const point = world.resource("ovh:HeldSnapshot", "point");
    await messageOf(point.up(newest(world)));

    expect(await messageOf(point.destroy())).toMatch(
      /is in state "manage_error" and the service does not delete it .*Ask OVHcloud's support/,
    );
  });

  test("is waited for again when it was interrupted", async ({ world }) => {
    world.clock.later(3_000, () => world.process.interrupt());
    const point = world.resource("ovh:HeldSnapshot", "point");
    expect(await messageOf(point.up(newest(world)))).toContain("the wait was interrupted (seen: manage_starting");

    point.process = world.nextProcess();
    expect(await point.up(newest(world))).toEqual(["update"]);
    expect(point.outputs).toMatchObject({ status: "available", shareSize: 100, sourceSnapshotId: expect.any(String) });
    expect(world.calls(/hold$/)).toHaveLength(1);
  });
});

describe("changes of a held snapshot", () => {
  test("replace on every way to choose another point, also on one that is not known yet", async ({ world }) => {
    const point = await held(world, { trigger: "monday" });
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const args = { ...newest(world), trigger: "monday" };
    const replaces = async (changes: Properties) => (await point.diff({ ...args, ...changes })).replaces;

    expect(await replaces({ trigger: "tuesday" })).toEqual(["trigger"]);
    expect(await replaces({ trigger: undefined })).toEqual(["trigger"]);
    expect(await replaces({ trigger: unknown })).toEqual(["trigger"]);
    expect(await replaces({ shareId: unknown })).toEqual(["shareId"]);
    expect(await replaces({ select: { newest: true, namePrefix: "hourly" } })).toEqual(["select"]);
    expect(await replaces({ select: undefined, snapshotId: unknown })).toEqual(["snapshotId", "select"]);
    expect(await replaces({ name: "x", description: "y", timeouts: { create: "1h" } })).toEqual([]);
    expect(await point.diff({ ...args, onlyIfNewer: false })).toEqual({ replaces: [], changes: false });
    expect(await point.diff(args)).toEqual({ replaces: [], changes: false });
  });

  test("never replace because of what an older version did not record", async ({ world }) => {
    const point = await held(world);
    const { __absent, select, ...older } = point.outputs;
    point.state = { id: point.id, inputs: {}, outputs: older, initErrors: [] };

    expect([__absent, select]).toEqual([expect.any(String), { newest: true }]);
    expect((await point.diff({ ...newest(world), trigger: 1 })).replaces).toEqual([]);
  });
});

describe("the end of a held snapshot", () => {
  test("is waited for, and a second deletion succeeds", async ({ world }) => {
    const point = await held(world);
    const { id, outputs } = point;
    await point.destroy();
    await point.host.delete(id, outputs);
    expect(live(world, id)).toBeUndefined();
    expect(world.calls(/^DELETE/)).toHaveLength(1);
  });

  test("waits for a hold that still goes on", async ({ world }) => {
    world.simulator.model.steer("holdSnapshot", { ms: 100_000 });
    const point = world.resource("ovh:HeldSnapshot", "point");
    await messageOf(point.up({ ...newest(world), timeouts: { create: "5s" } }));

    await point.destroy();

    expect(world.simulator.model.snapshots.filter(({ type }) => type === "manual")).toEqual([]);
  });

  test("is noticed by a refresh only when the share's list lacks it", async ({ world }) => {
    const point = await held(world);
    point.process = world.nextProcess();
    const remove = world.simulator.faults.add({
      path: /snapshot$/,
      times: Number.POSITIVE_INFINITY,
      fault: { kind: "status", status: 404 },
    });
    expect(await messageOf(point.refresh())).toMatch(/^HeldSnapshot point: GET .* answered 404/);
    expect(await messageOf(point.destroy())).toMatch(/^HeldSnapshot point: GET .* answered 404/);
    remove();

    world.simulator.model.rotateAway(point.id);
    point.process = world.nextProcess();
    await point.refresh();
    expect(point.state).toBeUndefined();
  });
});

test("a record whose hold failed, somebody else's, does not count as the newest held point", async ({ world }) => {
  world.simulator.model.steer("holdSnapshot", { outcome: "failed" });
  const [newestPoint] = world.simulator.model.snapshots.toSorted((a, b) => b.createdAt - a.createdAt);
  await world.process
    .storageOf(world.serviceName)
    .share(world.production)
    .holdSnapshot(newestPoint?.id ?? "");
  await world.clock.sleep(60_000);

  const point = world.resource("ovh:HeldSnapshot", "second");
  expect(await point.up(newest(world))).toEqual(["create"]);
});

describe("a replacement that deletes first", () => {
  test("does not go back in time when there is no newer point, and says what was lost", async ({ world }) => {
    const point = await held(world, { trigger: 1 });
    const { id } = point;
    await point.destroy();

    const message = await messageOf(point.up({ ...newest(world), trigger: 2 }));

    expect(message).toContain(
      `is older than what this stack has held before: snapshot ${id} ("hourly.2026-01-31_1000"`,
    );
    expect(message).toContain("set onlyIfNewer: false to take an older point");
    expect(await point.up({ ...newest(world), trigger: 2, onlyIfNewer: false })).toEqual(["create"]);
  });
});

test("a snapshot that the program itself takes is none that was held, whatever its name", async ({ world }) => {
  const taken = world.resource("ovh:Snapshot", "release");
  await taken.up({ serviceName: world.serviceName, shareId: world.production, name: "release.2026-11-21_1400" });
  const point = world.resource("ovh:HeldSnapshot", "point");
  expect(await point.up(newest(world))).toEqual(["create"]);
});

describe("the newest point before a moment", () => {
  const upTo = (world: World, moment: string, more: Properties = {}): Properties => ({
    ...newest(world),
    select: { newest: true, before: moment, ...more },
  });
  /** A process whose checks can't ask: create decides. */
  const withoutLookUps = (world: World) => {
    const point = world.resource("ovh:HeldSnapshot", "point");
    point.process = world.nextProcess();
    world.simulator.faults.add({ method: "GET", fault: { kind: "status", status: 403 } });
    return point;
  };

  test("is looked at in the preview, and named where somebody took or holds it already", async ({ world }) => {
    const other = world.resource("ovh:HeldSnapshot", "theirs", "qa");
    other.process = world.nextProcess();
    await other.up(newest(world));
    const point = world.resource("ovh:HeldSnapshot", "point");
    const expected = `the newest point of share ${world.production} before 2026-01-31T10:10:00.000Z is manual already, and can't be held again: snapshot ${other.id} ("hourly.2026-01-31_1000", 2026-01-31T10:00:00.000Z). Clone it by its ID: a RecoveryClone takes snapshotId: "${other.id}" in place of before, a ShareClone takes it without a HeldSnapshot. For an older point, set before to 2026-01-31T10:00:00.000Z or earlier.`;

    const { failures } = await point.check(upTo(world, "2026-01-31T11:10:00+01:00"));

    expect(failures).toEqual([{ property: "select", reason: expected }]);
    expect(await messageOf(withoutLookUps(world).up(upTo(world, "2026-01-31T10:10:00Z")))).toBe(
      `HeldSnapshot point: ${expected}`,
    );
    expect(world.calls(/hold$/)).toHaveLength(1);
    expect(await point.up(upTo(world, "2026-01-31T10:00:00.000Z"))).toEqual(["create"]);
    expect(point.outputs["createdAt"]).toBe("2026-01-31T09:00:00.000Z");
  });

  test("counts what was taken by hand, unless an older automatic one is asked for", async ({ world }) => {
    const contents = world.process.storageOf(world.serviceName).share(world.production);
    const taken = await contents.createSnapshot({ name: "before 2.1" });
    await world.clock.sleep(60_000);
    const point = world.resource("ovh:HeldSnapshot", "point");
    const moment = new Date(world.clock.now()).toISOString();

    expect(await messageOf(point.up(upTo(world, moment)))).toContain(`snapshot ${taken.id} ("before 2.1", `);
    expect((await point.check(upTo(world, moment, { namePrefix: "hourly" }))).failures).toEqual([]);
    expect((await point.check({ ...newest(world) })).failures).toEqual([]);
    await point.up({ ...upTo(world, moment), onlyIfNewer: false });
    expect(point.outputs["createdAt"]).toBe("2026-01-31T10:00:00.000Z");
  });

  test("that the stack itself holds is to be left as it is", async ({ world }) => {
    const point = world.resource("ovh:HeldSnapshot", "point");
    await point.up(upTo(world, "2026-01-31T10:10:00Z"));
    const { id } = point;

    expect(await messageOf(point.up(upTo(world, "2026-01-31T10:20:00Z")))).toContain(
      `HeldSnapshot point of this stack holds it: leave that one as it is, and clone it once more by snapshotId: "${id}"`,
    );
    expect([point.id, await point.up(upTo(world, "2026-01-31T10:10:00Z"))]).toEqual([id, ["same"]]);
    expect(await point.up(upTo(world, "2026-01-31T09:30:00Z"))).toEqual(["replace", "delete-replaced"]);
  });

  test("is missing before all points, with the oldest one named", async ({ world }) => {
    const [oldest] = world.automatic();
    const expected = `share ${world.production} has no snapshot before 2025-01-01T00:00:00.000Z to hold or to clone. Its oldest one is automatic snapshot ${oldest?.id} ("${oldest?.name}", 2026-01-31T08:00:00.000Z): set before to a later time, or do without.`;
    const { failures } = await world.resource("ovh:HeldSnapshot").check(upTo(world, "2025-01-01T00:00:00Z"));
    expect(failures).toEqual([{ property: "select", reason: expected }]);
    expect(await messageOf(withoutLookUps(world).up(upTo(world, "2025-01-01T00:00:00Z")))).toContain(expected);

    for (const { id } of world.automatic()) world.simulator.model.rotateAway(id);
    world.clock.pass(3000);
    expect(await messageOf(world.resource("ovh:HeldSnapshot").up(upTo(world, "2026-01-31T10:10:00Z")))).toContain(
      "to hold or to clone. It has none at all.",
    );
  });

  test("may lie in the future, with a warning, and is not asked for again once it is held", async ({ world }) => {
    const point = world.resource("ovh:HeldSnapshot", "point");
    const args = upTo(world, "2026-01-31T11:20:30+00:00");
    await point.up(args);
    expect(point.outputs["createdAt"]).toBe("2026-01-31T10:00:00.000Z");
    const warnings = world.process.logs.filter(({ severity }) => severity === "warning");
    expect(warnings).toMatchObject([
      { message: expect.stringContaining("select.before 2026-01-31T11:20:30.000Z is in the future") },
    ]);
    const calls = world.simulator.calls.length;
    expect(await point.up(args)).toEqual(["same"]);
    expect(world.simulator.calls).toHaveLength(calls);
  });

  test("is left to create where share or moment are not known yet", async ({ world }) => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const point = world.resource("ovh:HeldSnapshot", "point");
    for (const args of [upTo(world, unknown), { ...upTo(world, "2025-01-01T00:00:00Z"), shareId: unknown }]) {
      expect((await point.check(args)).failures).toEqual([]);
    }
    expect(world.simulator.calls).toEqual([]);
  });
});
