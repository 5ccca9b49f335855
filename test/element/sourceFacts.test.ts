import { afterEach, describe, vi } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, Refused, test, type World } from "./support/test";

afterEach(() => {
  vi.unstubAllEnvs();
});

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const GIB = 2 ** 30;

const args = (world: World, more: Properties = {}): Properties => ({
  volumeID: world.database,
  newAccountID: world.testAccount,
  access: "readWrite",
  ...more,
});

/** A snapshot of the program, made in the process that runs now. */
async function snapshotOf(world: World, volumeID = world.database): Promise<number> {
  const point = world.resource("element:Snapshot", "point");
  await point.up({ volumeID });
  return Number(point.id);
}

/** What a check says, in a process of its own: another `pulumi` command. */
async function checked(world: World, more: Properties) {
  const clone = world.resource("element:VolumeClone", "preview");
  clone.process = world.nextProcess();
  const { inputs, failures } = await clone.check(args(world, more));
  return { source: inputs["source"], failures: failures.map(({ property, reason }) => `${property} ${reason}`) };
}

const ofVolume = (world: World) => ({
  volumeID: world.database,
  name: "database",
  accountID: expect.any(Number),
  access: "readWrite",
  paired: false,
  totalSize: 100 * GIB,
});

describe("the facts about the source", () => {
  test("are those of a volume that is cloned as it is", async ({ world }) => {
    expect(await checked(world, {})).toEqual({ source: ofVolume(world), failures: [] });
  });

  test("are those of a snapshot that exists, with its time and its size", async ({ world }) => {
    const snapshotID = await snapshotOf(world);
    world.simulator.model.setVolume(world.database, { totalSize: 200 * GIB });
    const { source, failures } = await checked(world, { snapshotID });
    expect(failures).toEqual([]);
    expect(source).toEqual({ ...ofVolume(world), snapshotID, createTime: expect.stringMatching(/Z$/) });
  });

  test("are those of the volume while its snapshot is yet to be taken, from the preview on", async ({ world }) => {
    const preview = await checked(world, { snapshotID: UNKNOWN });
    expect(preview).toEqual({ source: ofVolume(world), failures: [] });

    const snapshotID = await snapshotOf(world);
    const clone = world.resource("element:VolumeClone");
    await clone.up(args(world, { snapshotID }));
    expect(clone.outputs["source"]).toEqual(ofVolume(world));

    clone.process = world.nextProcess();
    world.simulator.model.setVolume(world.database, { access: "locked" });
    expect(await clone.up(args(world, { snapshotID }))).toEqual(["same"]);
    expect(clone.outputs["source"]).toEqual(ofVolume(world));
  });

  test("are none of a volume that the same run makes, nor where nobody can be asked", async ({ world }) => {
    const source = world.resource("element:VolumeClone", "source");
    await source.up(args(world));
    const clone = world.resource("element:VolumeClone");
    const { inputs } = await clone.check(args(world, { volumeID: Number(source.id) }));
    expect(inputs["source"]).toBeUndefined();
    expect(await checked(world, { volumeID: UNKNOWN })).toEqual({ source: undefined, failures: [] });
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    expect(await checked(world, {})).toEqual({ source: undefined, failures: [] });
  });

  test("are never taken from a program", async ({ world }) => {
    const forged = { ...ofVolume(world), accountID: 99, access: "readOnly" };
    expect((await checked(world, { source: forged })).source).not.toMatchObject({ accountID: 99 });
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    expect((await checked(world, { source: forged })).source).toBeUndefined();
  });
});

describe("a source that create would refuse", () => {
  test("is refused in the preview: no such volume, also for a snapshot that is yet to be taken", async ({ world }) => {
    const refused = [
      expect.stringMatching(/^volumeID the cluster has no volume 404\. There are volume \d+ \("database"\)/),
    ];
    expect((await checked(world, { volumeID: 404 })).failures).toEqual(refused);
    expect((await checked(world, { volumeID: 404, snapshotID: UNKNOWN })).failures).toEqual(refused);
  });

  test("is refused in the preview: a snapshot of another volume", async ({ world }) => {
    const { volumeID } = world.simulator.model.addVolume("other");
    const snapshotID = await snapshotOf(world, volumeID);
    expect((await checked(world, { snapshotID })).failures).toEqual([
      expect.stringMatching(/^snapshotID volume \d+ \("database"\) has no snapshot \d+: .* or is another volume's\./),
    ]);
  });

  test("is refused by create where the run makes the snapshot itself", async ({ world }) => {
    const { volumeID } = world.simulator.model.addVolume("other");
    const snapshotID = await snapshotOf(world, volumeID);
    const clone = world.resource("element:VolumeClone");
    const refusal = clone.up(args(world, { snapshotID }));
    await expect(refusal).rejects.toThrow(/has no snapshot \d+/);
    await expect(refusal).rejects.not.toBeInstanceOf(Refused);
    expect(world.calls(/^CloneVolume$/)).toEqual([]);
  });
});
