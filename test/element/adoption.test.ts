import { describe } from "vitest";
import type { ElementSimulatorOptions } from "../../provider/simulators";
import { clones, crashed, said, snapshots } from "./support/crashed";
import { expect, messageOf, test, type World } from "./support/test";

const CLONE = "element:VolumeClone";
const SNAPSHOT = "element:Snapshot";
const LOST = { kind: "dropAfter" } as const;

const args = (world: World) => ({ volumeID: world.database, newAccountID: world.testAccount });

const SHOWN: readonly NonNullable<ElementSimulatorOptions["initVolumes"]>[] = ["hidden", "listed"];

describe.for(SHOWN)("on a cluster where a clone that is being copied is %s", (initVolumes) => {
  test("a clone whose answer was lost is found, not made a second time", async ({ start }) => {
    const world = await start({ initVolumes });
    const clone = world.resource(CLONE);
    world.simulator.faults.add({ method: "CloneVolume", fault: LOST });
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(clones(world)).toEqual([clone.id]);
    expect(clone.outputs).toMatchObject({ status: "active" });
    expect(said(clone)).toMatch(/the answer to its creation was lost .* is it\./);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(1);
  });

  test("a clone of a process that died before anything was saved is taken over, while it runs and afterwards", async ({
    start,
  }) => {
    const world = await start({ initVolumes });
    for (const [name, seconds] of [
      ["early", 0],
      ["late", 600],
    ] as const) {
      const clone = world.resource(CLONE, name);
      await crashed(world, clone, args(world));
      world.clock.pass(seconds * 1000);
      expect(await clone.up(args(world))).toEqual(["create"]);
      expect(clones(world).at(-1)).toBe(clone.id);
      expect(said(clone)).toMatch(/took over volume \d+ .* which an interrupted run made/);
    }
    expect(clones(world)).toHaveLength(2);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(2);
  });

  test("two clones alike whose answers were both lost stay two", async ({ start }) => {
    const world = await start({ initVolumes });
    const [one, other] = [world.resource(CLONE, "one"), world.resource(CLONE, "other")];
    world.simulator.faults.add({ method: "CloneVolume", times: 2, fault: LOST });
    await Promise.all([one.up(args(world)), other.up(args(world))]);
    expect(one.id).not.toBe(other.id);
    expect(clones(world).toSorted()).toEqual([one.id, other.id].toSorted());
    expect(one.outputs["name"]).toMatch(/^one-/);
    expect(other.outputs["name"]).toMatch(/^other-/);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(2);
  });

  test("another stack's clone of the same source that runs is left to it", async ({ start }) => {
    const world = await start({ initVolumes });
    const theirs = world.resource(CLONE, "copy", "production");
    await crashed(world, theirs, args(world));
    const [others = ""] = clones(world);
    const clone = world.resource(CLONE);
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(clone.id).not.toBe(others);
    expect(await theirs.up(args(world))).toEqual(["create"]);
    expect(theirs.id).toBe(others);
    expect(clones(world)).toHaveLength(2);
  });
});

test("a clone that waits for its turn, of which no job tells, is waited for and taken over", async ({ start }) => {
  const world = await start({ overLimit: "queue" });
  const { element } = world.nextProcess();
  for (const name of ["a", "b"]) await element.cloneVolume({ volumeID: world.database, name, attributes: {} });
  const byHand = clones(world);
  const clone = world.resource(CLONE);
  // Somebody else's clones have begun since this list was made.
  world.simulator.faults.add({
    method: "ListSyncJobs",
    times: 2,
    fault: { kind: "mutate", change: () => ({ syncJobs: [] }) },
  });
  world.simulator.faults.add({
    method: "ListAsyncResults",
    fault: { kind: "mutate", change: () => ({ asyncHandles: [] }) },
  });
  await crashed(world, clone, args(world));
  world.simulator.faults.clear();
  const [ours = ""] = clones(world).filter((id) => !byHand.includes(id));
  expect(world.simulator.model.jobs.map(({ startedAt }) => startedAt === null)).toEqual([false, false, true]);

  expect(await clone.up(args(world))).toEqual(["create"]);
  expect(clone.id).toBe(ours);
  expect(clones(world)).toHaveLength(3);
});

test("a clone that somebody makes of ours, with its attributes and the mark in them, is never taken for ours", async ({
  world,
}) => {
  const clone = world.resource(CLONE);
  await clone.up(args(world));
  const { attributes } = world.simulator.model.volumes.find(({ volumeID }) => String(volumeID) === clone.id) ?? {};
  const copied = world.simulator.model.addVolume("by-hand", {
    attributes: attributes ?? {},
    accountID: world.testAccount,
  });
  const before = clone.id;
  clone.process = world.nextProcess();
  expect(await clone.up({ ...args(world), access: "readOnly" })).toEqual(["update"]);
  expect(clone.id).toBe(before);
  await clone.destroy();
  clone.process = world.nextProcess();
  expect(await clone.up(args(world))).toEqual(["create"]);
  expect(clones(world)).toEqual([String(copied.volumeID), clone.id]);
  expect(said(clone)).not.toContain("took over");
});

describe.for(["xDBConnectionLoss", "xRecvTimeout", "xDBNameOfNextYear"])("after the doubtful error %s", (name) => {
  test.for([
    ["with its effect, nothing is sent again", true, 1],
    ["without its effect, it is sent again", false, 2],
  ] as const)("a clone is made once: %s", async ([, apply, calls], { world }) => {
    const clone = world.resource(CLONE);
    world.simulator.faults.add({ method: "CloneVolume", fault: { kind: "error", name, apply } });
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(clones(world)).toEqual([clone.id]);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(calls);
  });

  test.for([
    ["with its effect, nothing is sent again", true, 1],
    ["without its effect, it is sent again", false, 2],
  ] as const)("a snapshot is taken once: %s", async ([, apply, calls], { world }) => {
    const point = world.resource(SNAPSHOT, "point");
    world.simulator.faults.add({ method: "CreateSnapshot", fault: { kind: "error", name, apply } });
    expect(await point.up({ volumeID: world.database })).toEqual(["create"]);
    expect(snapshots(world)).toEqual([point.id]);
    expect(world.calls(/^CreateSnapshot$/)).toHaveLength(calls);
  });
});

describe("a snapshot", () => {
  test("whose answer was lost is found, not taken a second time", async ({ world }) => {
    const point = world.resource(SNAPSHOT, "point");
    world.simulator.faults.add({ method: "CreateSnapshot", fault: LOST });
    expect(await point.up({ volumeID: world.database })).toEqual(["create"]);
    expect(snapshots(world)).toEqual([point.id]);
    expect(world.calls(/^CreateSnapshot$/)).toHaveLength(1);
  });

  test("of a process that died is taken over, and given what is wanted now", async ({ world }) => {
    const point = world.resource(SNAPSHOT, "point");
    const wanted = { volumeID: world.database, snapMirrorLabel: "daily" };
    await crashed(world, point, wanted, "CreateSnapshot");
    expect(await point.up({ ...wanted, snapMirrorLabel: "weekly" })).toEqual(["create"]);
    expect(snapshots(world)).toEqual([point.id]);
    expect(world.simulator.model.snapshots[0]?.snapMirrorLabel).toBe("weekly");
    expect(point.outputs["snapMirrorLabel"]).toBe("weekly");
  });

  test("of which the answer tells no more than its ids is the one that was ordered: no up replaces it", async ({
    world,
  }) => {
    const point = world.resource(SNAPSHOT, "point");
    const bare = (result: unknown) => {
      const { snapshotID, volumeID } = (result as { snapshot: Record<string, unknown> }).snapshot;
      return { snapshot: { snapshotID, volumeID } };
    };
    const wanted = { volumeID: world.database, attributes: { purpose: "tests" } };
    for (const method of ["CreateSnapshot", "ModifySnapshot"])
      world.simulator.faults.add({ method, fault: { kind: "mutate", change: bare } });
    await point.up(wanted);
    expect(point.outputs).toMatchObject({ name: expect.stringMatching(/^point-/), attributes: { purpose: "tests" } });
    expect(await point.up({ ...wanted, snapMirrorLabel: "daily" })).toEqual(["update"]);
    expect(await point.up({ ...wanted, snapMirrorLabel: "daily" })).not.toContain("replace");
    expect(snapshots(world)).toEqual([point.id]);
  });
});

describe("what an interrupted run has left", () => {
  test("has other settings than wanted now: it is taken over, and changed", async ({ world }) => {
    const clone = world.resource(CLONE);
    const left = { ...args(world), access: "readOnly", attributes: { purpose: "then" }, newSize: 100 * 2 ** 30 };
    await crashed(world, clone, left);
    const [id = ""] = clones(world);
    const now = {
      ...left,
      access: "readWrite",
      attributes: { purpose: "now" },
      newSize: 120 * 2 ** 30,
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
    };
    expect(await clone.up(now)).toEqual(["create"]);
    expect(clone.id).toBe(id);
    const { newAccountID, volumeID, ...shown } = now;
    expect(clone.outputs).toMatchObject(shown);
    clone.process = world.nextProcess();
    expect(await clone.up(now)).toEqual(["same"]);
    expect(clones(world)).toEqual([id]);
  });

  test("is of another point in time, or larger than wanted: it is left alone", async ({ world }) => {
    const clone = world.resource(CLONE);
    await crashed(world, clone, { ...args(world), trigger: 1 });
    const [left = ""] = clones(world);
    expect(await clone.up({ ...args(world), trigger: 2 })).toEqual(["create"]);
    expect(clone.id).not.toBe(left);
    const smaller = world.resource(CLONE, "smaller");
    await crashed(world, smaller, args(world));
    await smaller.up({ ...args(world), newSize: 50 * 2 ** 30 });
    expect(smaller.outputs["totalSize"]).toBe(50 * 2 ** 30);
    expect(clones(world)).toHaveLength(4);
  });

  test("is not taken over where adoptWithinMinutes is 0, nor waited for", async ({ world }) => {
    const clone = world.resource(CLONE);
    await crashed(world, clone, args(world));
    clone.process = world.nextProcess({ settings: { adoptWithinMinutes: 0 } });
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(clones(world)).toHaveLength(2);
    expect(said(clone)).not.toContain("took over");
  });

  test.for([
    [59, 1],
    [61, 2],
  ] as const)(
    "%s min ago, of 60 that adoptWithinMinutes has: there are %s clones then",
    async ([minutes, number], { world }) => {
      const clone = world.resource(CLONE);
      await crashed(world, clone, args(world));
      const [left = ""] = clones(world);
      world.clock.pass(minutes * 60_000);
      expect(await clone.up(args(world))).toEqual(["create"]);
      expect(clones(world)).toHaveLength(number);
      if (number === 1) return;
      expect(said(clone)).toMatch(
        new RegExp(`volume ${left} .* is left alone, and a new one is made.*import ${CLONE} copy ${left}`),
      );
    },
  );

  test("is neither taken nor doubled while the stack's state can't be read", async ({ world }) => {
    const clone = world.resource(CLONE);
    await crashed(world, clone, args(world));
    const [left = ""] = clones(world);
    clone.process = world.nextProcess({ readState: async () => ({ unreadable: "pulumi stack export failed" }) });
    const message = await messageOf(clone.up(args(world)));
    expect(message).toMatch(
      new RegExp(
        `^VolumeClone copy: volume ${left} .* an interrupted run may have made it.*pulumi stack export failed.*Nothing was created`,
      ),
    );
    expect(message).toContain(`npx pulumi-holdfast import ${CLONE} copy ${left}`);
    expect(clones(world)).toEqual([left]);
  });
});
