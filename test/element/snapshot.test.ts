import { describe } from "vitest";
import { markOf } from "../../provider/element/marks";
import type { World } from "./support/test";
import { expect, messageOf, test } from "./support/test";

const SNAPSHOT = "element:Snapshot";
const HOUR_MS = 3_600_000;

const snapshotOf = (world: World, id: string) => {
  const found = world.simulator.model.snapshots.find(({ snapshotID }) => String(snapshotID) === id);
  if (found === undefined) throw new Error(`no snapshot ${id}`);
  return found;
};

describe("a snapshot", () => {
  test("holds the volume as it is, for as long as it is to be kept", async ({ world }) => {
    const { model } = world.simulator;
    model.writeBlock(world.database, 0, "then");
    const point = world.resource(SNAPSHOT, "nightly");
    await point.up({
      volumeID: world.database,
      retention: "24:00:00",
      attributes: { job: 7 },
      snapMirrorLabel: "daily",
    });
    model.writeBlock(world.database, 0, "now");
    expect(model.readSnapshotBlock(Number(point.id), 0)).toBe("then");
    expect(point.outputs).toMatchObject({
      snapshotID: Number(point.id),
      volumeID: world.database,
      name: expect.stringMatching(/^nightly-[a-z2-7]{13}$/),
      status: "done",
      attributes: { job: 7 },
      snapMirrorLabel: "daily",
      totalSize: 100 * 2 ** 30,
      expirationTime: "2026-02-01T10:20:30Z",
      clusterUniqueID: "hf01",
      apiVersion: "12.5",
    });
    await point.refresh();
    expect(
      await point.up({
        volumeID: world.database,
        retention: "24:00:00",
        attributes: { job: 7 },
        snapMirrorLabel: "daily",
      }),
    ).toEqual(["same"]);
  });

  test("of a snapshot holds what that holds", async ({ world }) => {
    const { model } = world.simulator;
    model.writeBlock(world.database, 0, "then");
    const { snapshotID } = model.takeSnapshot(world.database);
    model.writeBlock(world.database, 0, "now");
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database, sourceSnapshotID: snapshotID });
    expect(point.id).not.toBe(String(snapshotID));
    expect(model.readSnapshotBlock(Number(point.id), 0)).toBe("then");
  });

  test("that has expired is gone, no failure, and taken again as long as the program has it", async ({ world }) => {
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database, retention: "01:00:00" });
    const first = point.id;
    world.clock.pass(2 * HOUR_MS);
    point.process = world.nextProcess();
    await point.refresh();
    expect(point.state).toBeUndefined();
    expect(await point.up({ volumeID: world.database, retention: "01:00:00" })).toEqual(["create"]);
    expect(point.id).not.toBe(first);
    world.clock.pass(2 * HOUR_MS);
    point.process = world.nextProcess();
    await point.destroy();
    expect(point.state).toBeUndefined();
  });

  test("beyond the most that a volume may have is refused with what to do", async ({ world }) => {
    for (let count = 0; count < 32; count += 1) world.simulator.model.takeSnapshot(world.database);
    expect(await messageOf(world.resource(SNAPSHOT).up({ volumeID: world.database }))).toMatch(
      /volume 1 \("database"\) has as many snapshots as it may have .*Delete one of them, or let them expire\.$/,
    );
  });
});

describe("a change", () => {
  test.for([
    ["expirationTime", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"],
    ["expirationTime", "2026-03-01T02:00:00+02:00", "2026-03-01T00:00:00Z"],
    ["snapMirrorLabel", "weekly", "weekly"],
    ["enableRemoteReplication", true, true],
    ["name", "renamed", "renamed"],
  ] as const)("of %s to %s is made in place", async ([key, value, stored], { world }) => {
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database, name: "point" });
    expect(await point.up({ volumeID: world.database, name: "point", [key]: value })).toEqual(["update"]);
    expect(point.outputs[key]).toBe(stored);
    expect(snapshotOf(world, point.id).name).toBe(key === "name" ? "renamed" : "point");
    await point.refresh();
    expect(await point.up({ volumeID: world.database, name: "point", [key]: value })).toEqual(["same"]);
  });

  test("of the retention counts from now, and taking it out keeps the snapshot for ever", async ({ world }) => {
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database, retention: "24:00:00" });
    world.clock.pass(HOUR_MS);
    expect(await point.up({ volumeID: world.database, retention: "48:00:00" })).toEqual(["update"]);
    expect(point.outputs["expirationTime"]).toBe("2026-02-02T11:20:30Z");
    expect(await point.up({ volumeID: world.database })).toEqual(["update"]);
    expect(point.outputs["expirationTime"]).toBeUndefined();
  });

  test("of the retention counts by the cluster's clock", async ({ start }) => {
    const clock = { now: Date.now };
    const world = await start({ now: () => clock.now() + 2 * HOUR_MS });
    clock.now = world.clock.now;
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database, retention: "24:00:00" });
    await point.up({ volumeID: world.database, retention: "48:00:00" });
    expect(point.outputs["expirationTime"]).toBe("2026-02-02T12:20:30Z");
  });

  test("whose answer was lost is undone when the program takes it back", async ({ world }) => {
    const point = world.resource(SNAPSHOT);
    const before = { volumeID: world.database, snapMirrorLabel: "daily" };
    await point.up(before);
    world.simulator.faults.add({ method: "ModifySnapshot", times: 5, fault: { kind: "dropAfter" } });
    await messageOf(point.up({ ...before, snapMirrorLabel: "weekly" }));
    point.process = world.nextProcess();
    expect(await point.up(before)).toEqual(["update"]);
    expect(snapshotOf(world, point.id).snapMirrorLabel).toBe("daily");
  });

  test.for([
    ["volumeID", ({ simulator }: World) => simulator.model.addVolume("other").volumeID],
    ["sourceSnapshotID", ({ simulator, database }: World) => simulator.model.takeSnapshot(database).snapshotID],
    ["attributes", () => ({ job: 8 })],
    ["trigger", () => "again"],
  ] as const)("of %s takes a new one, and the old one goes last", async ([key, value], { world }) => {
    const point = world.resource(SNAPSHOT);
    const first = { volumeID: world.database, attributes: { job: 7 }, trigger: "once" };
    await point.up(first);
    const old = point.id;
    const changed = { ...first, [key]: value(world) };
    point.process = world.nextProcess();
    expect(await point.up(changed)).toEqual(["replace", "delete-replaced"]);
    expect(world.simulator.model.snapshots.map(({ snapshotID }) => String(snapshotID))).not.toContain(old);
  });

  test("of the name takes a new one where the release can't change it", async ({ start }) => {
    const world = await start({ apiVersion: "12.3" });
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database, name: "point" });
    expect((await point.diff({ volumeID: world.database, name: "renamed" })).replaces).toEqual(["name"]);
    expect(await point.up({ volumeID: world.database, name: "renamed" })).toEqual(["replace", "delete-replaced"]);
    expect(await point.up({ volumeID: world.database })).toEqual(["update"]);
    expect(point.outputs["name"]).toBe("renamed");
  });

  test("that the release would ignore is refused", async ({ start }) => {
    const world = await start({ apiVersion: "9.6" });
    expect(await messageOf(world.resource(SNAPSHOT).up({ volumeID: world.database, snapMirrorLabel: "daily" }))).toBe(
      "Snapshot copy: snapMirrorLabel needs version 10.0 of the API, and 9.6 is in use, which would ignore it. Take it out, or set element:apiVersion to a later one that the cluster has.",
    );
    expect(world.simulator.model.snapshots).toEqual([]);
  });
});

describe("deleting", () => {
  test("what is gone already, with its volume too, succeeds", async ({ world }) => {
    const point = world.resource(SNAPSHOT);
    const { volumeID } = world.simulator.model.addVolume("short-lived");
    await point.up({ volumeID });
    world.simulator.model.removeVolume(volumeID);
    point.process = world.nextProcess();
    await point.destroy();
    const other = world.resource(SNAPSHOT, "other");
    await other.up({ volumeID: world.database });
    await world.process.element.deleteSnapshot(Number(other.id));
    await other.destroy();
  });

  test("on another cluster, or of another snapshot with the same number, is refused", async ({ world, start }) => {
    const stranger = await start({ clusterUniqueID: "zz99" });
    const { snapshotID } = stranger.simulator.model.takeSnapshot(stranger.database);
    const point = world.resource(SNAPSHOT);
    await point.up({ volumeID: world.database });
    expect(point.id).toBe(String(snapshotID));
    point.process = stranger.process;
    expect(await messageOf(point.destroy())).toContain(
      `the endpoint leads to cluster "zz99", but snapshot ${point.id} is in cluster "hf01". Nothing was done.`,
    );
    expect(stranger.simulator.model.snapshots).toHaveLength(1);
  });
});

test("the mark stands in the attributes, and is shown to nobody", async ({ world }) => {
  const point = world.resource(SNAPSHOT);
  await point.up({ volumeID: world.database });
  expect(markOf(snapshotOf(world, point.id).attributes)).toMatchObject({ volumeID: world.database });
  expect(point.outputs["attributes"]).toEqual({});
});

test.for([
  [{ retention: "24:00" }, /retention must be hours, minutes and seconds such as "24:00:00"/],
  [{ retention: "00:00:00" }, /retention must be hours/],
  [{ expirationTime: "tomorrow" }, /expirationTime must be an RFC 3339 time/],
  [{ expirationTime: "2026-03-01T00:00:00" }, /expirationTime must be an RFC 3339 time/],
  [
    { retention: "24:00:00", expirationTime: "2026-03-01T00:00:00Z" },
    /retention can't be set together with expirationTime/,
  ],
  [{ snapMirrorLabel: "x".repeat(32) }, /snapMirrorLabel must have at most 31 characters/],
  [{ name: "" }, /name must not be empty/],
] as const)("%j is refused with what to do", async ([wrong, message], { world }) => {
  expect(await messageOf(world.resource(SNAPSHOT).up({ volumeID: world.database, ...wrong }))).toMatch(message);
});
