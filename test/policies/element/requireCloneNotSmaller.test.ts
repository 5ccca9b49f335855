import { describe, expect } from "vitest";
import { secret, UNKNOWN } from "../support/analyzer";
import {
  BYTES,
  clone,
  cloneOfPoint,
  data,
  given,
  knownClone,
  made,
  point,
  snapshotID,
  source,
  volumeID,
} from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-require-clone-not-smaller";
const MIB = 1_048_576;
const tooSmall = (of: string, bytes: number) =>
  `mandatory copy: VolumeClone copy: newSize is less than the ${bytes} bytes that ${of} has, and what is beyond is cut off. Set it to at least that, or leave it out.`;
const note = (problem: string) =>
  `advisory copy: VolumeClone copy: not decided yet: ${problem} This rule decides during the update.`;
const notKnown = note("the size of what is cloned is not known.");

describe(RULE, () => {
  test("refuses a clone that is smaller than the snapshot or volume that was looked up, before it is made", async ({
    pack,
  }) => {
    const small = knownClone({ newSize: BYTES - MIB });
    expect(said(await pack.analyze(small), RULE)).toEqual([tooSmall("its source", BYTES)]);
    expect(said(await pack.all([small]), RULE)).toEqual([tooSmall("its source", BYTES)]);
    expect(said(await pack.all([made(small)]), RULE)).toEqual([tooSmall("its source", BYTES)]);
    const live = clone({ snapshotID: undefined, source: source(), newSize: BYTES - MIB });
    expect(said(await pack.all([live]), RULE)).toEqual([tooSmall("its source", BYTES)]);
    await pack.unconfigured();
    expect(said(await pack.all([small]), RULE)).toEqual([tooSmall("its source", BYTES)]);
  });

  test("compares what the cluster makes of the sizes, and is content with as much and with no newSize", async ({
    pack,
  }) => {
    for (const newSize of [BYTES, BYTES - MIB + 1, BYTES + 1, undefined]) {
      expect(said(await pack.all([knownClone({ newSize })]), RULE), String(newSize)).toEqual([]);
    }
  });

  test("compares with what a snapshot of the program has recorded, in a preview and in the state", async ({ pack }) => {
    const taken = made(point(), { snapshotID, totalSize: BYTES });
    const small = cloneOfPoint({ newSize: BYTES - MIB });
    expect(said(await pack.all([small, taken]), RULE)).toEqual([tooSmall("Snapshot point", BYTES)]);
    expect(said(await pack.all([made(small, { snapshotID }), taken]), RULE)).toEqual([
      tooSmall("Snapshot point", BYTES),
    ]);
    expect(said(await pack.all([cloneOfPoint({ newSize: BYTES }), taken]), RULE)).toEqual([]);
  });

  test("knows of a snapshot that is yet to be taken that it will have no less than its volume has now", async ({
    pack,
  }) => {
    const facts = { source: source() };
    expect(said(await pack.all([cloneOfPoint({ ...facts, newSize: BYTES - MIB }), point()]), RULE)).toEqual([
      tooSmall("Snapshot point", BYTES),
    ]);
    expect(said(await pack.all([cloneOfPoint({ ...facts, newSize: BYTES }), point()]), RULE)).toEqual([]);
    // A copy of an older snapshot is as large as that was.
    const older = point({ sourceSnapshotID: 3 });
    expect(said(await pack.all([cloneOfPoint({ ...facts, newSize: BYTES - MIB }), older]), RULE)).toEqual([notKnown]);
  });

  test("compares with no volume that may have grown since, while a change hides what a snapshot has recorded", async ({
    pack,
  }) => {
    // Of what exists, the ID is known all the same.
    const known = cloneOfPoint({ snapshotID, source: source(), newSize: BYTES - MIB });
    expect(said(await pack.all([known, point({ retention: "48:00:00" })]), RULE)).toEqual([notKnown]);
    const ofData = { ...cloneOfPoint({ newSize: BYTES - MIB }), from: { volumeID: ["data"], snapshotID: ["point"] } };
    const ofHidden = { ...point({ volumeID: 7 }), from: { volumeID: ["data"] } };
    expect(said(await pack.all([ofData, ofHidden, data({ newSize: BYTES })]), RULE)).toEqual([notKnown]);
  });

  test("follows the program from a clone to the snapshot of a clone that is made with it, inside of components", async ({
    pack,
  }) => {
    const chain = (dataProps: Record<string, unknown>, newSize = BYTES - MIB) => [
      { ...cloneOfPoint({ volumeID: UNKNOWN, newSize }), from: { volumeID: ["point"], snapshotID: ["point"] } },
      { ...point({ volumeID: UNKNOWN }), from: { volumeID: ["data"] }, inside: "team:Environment" },
      data(dataProps),
    ];
    expect(said(await pack.all(chain({ newSize: BYTES - 7 })), RULE)).toEqual([tooSmall("Snapshot point", BYTES)]);
    expect(said(await pack.all(chain({ source: source({ snapshotID }) })), RULE)).toEqual([
      tooSmall("Snapshot point", BYTES),
    ]);
    expect(said(await pack.all(chain({ newSize: BYTES }, BYTES)), RULE)).toEqual([]);
    expect(said(await pack.all(chain({ newSize: UNKNOWN })), RULE)).toEqual([notKnown, expect.stringMatching(/ data/)]);
    // It may have grown since the snapshot was taken, which the preview of a change hides.
    expect(said(await pack.all(chain({ newSize: BYTES, status: "active", totalSize: BYTES })), RULE)).toEqual([
      notKnown,
    ]);
  });

  test("compares a clone of a live volume with that, if both are made together", async ({ pack }) => {
    const live = { ...clone({ volumeID: UNKNOWN, snapshotID: undefined, newSize: BYTES - MIB }) };
    const of = { ...live, from: { volumeID: ["data"] } };
    expect(said(await pack.all([of, data({ newSize: BYTES })]), RULE)).toEqual([tooSmall("its source", BYTES)]);
    // What is not known yet may also be the volume that data itself is a clone of.
    expect(said(await pack.all([of, data({ newSize: BYTES, volumeID: UNKNOWN })]), RULE)).toContain(notKnown);
  });

  test("notes what it can't know, and says nothing of what exists", async ({ pack }) => {
    const small = clone({ newSize: 1_000_000_000 });
    expect(said(await pack.all([small]), RULE)).toEqual([notKnown]);
    expect(said(await pack.all([clone({ newSize: UNKNOWN })]), RULE)).toEqual([note("newSize is not known yet.")]);
    expect(said(await pack.all([made(small)]), RULE)).toEqual([]);
    // Facts of another volume, or of another snapshot, are none.
    for (const other of [{ volumeID: 6 }, { snapshotID: 17 }]) {
      expect(said(await pack.all([knownClone({ newSize: 1_000_000_000 }, other)]), RULE)).toEqual([notKnown]);
    }
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([small]), RULE)).toEqual([expect.stringMatching(/^mandatory copy: .*not decided yet/)]);
  });

  test("refuses only what fits none of the snapshots that the program chooses between", async ({ pack }) => {
    const both = (first: number, second: number) => [
      { ...cloneOfPoint({ newSize: 2000 * MIB }), from: { snapshotID: ["one", "two"] } },
      made(given("Snapshot", "one", { volumeID }), { totalSize: first * MIB }),
      made(given("Snapshot", "two", { volumeID }), { totalSize: second * MIB }),
    ];
    expect(said(await pack.all(both(3000, 4000)), RULE)).toEqual([tooSmall("Snapshot one", 3000 * MIB)]);
    expect(said(await pack.all(both(1000, 4000)), RULE)).toEqual([
      note("newSize is less than the size of Snapshot two, if that is cloned."),
    ]);
    expect(said(await pack.all(both(1000, 2000)), RULE)).toEqual([]);
  });

  test("allows the clones that the team names", async ({ pack }) => {
    await pack.configure({ [RULE]: { allowed: ["::copy"] } });
    const small = knownClone({ newSize: BYTES - MIB });
    expect(said(await pack.all([small]), RULE)).toEqual([]);
    expect(said(await pack.all([clone({ newSize: UNKNOWN })]), RULE)).toEqual([]);
    expect(said(await pack.all([{ ...small, name: "other" }]), RULE)).toEqual([
      expect.stringMatching(/^mandatory other/),
    ]);
  });

  test("reads secrets, and prints no size of the clone", async ({ pack }) => {
    const [only] = said(await pack.all([knownClone({ newSize: secret(1_234_567_890) })]), RULE);
    expect(only).toEqual(tooSmall("its source", BYTES));
  });
});
