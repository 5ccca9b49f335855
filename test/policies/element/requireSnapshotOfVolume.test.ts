import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { clone, cloneOfPoint, data, given, knownClone, made, point, snapshotID, source } from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-require-snapshot-of-volume";
const live = (level: string) =>
  `${level} copy: VolumeClone copy: snapshotID is left out, so that the volume is cloned as it is just then. Clone a Snapshot of it, or set liveVolume.`;
const wrong =
  "mandatory copy: VolumeClone copy: Snapshot point is not one of the volume that volumeID names. Give the clone the volumeID of its snapshot.";
const note = (problem: string) =>
  `advisory copy: VolumeClone copy: not decided yet: ${problem} Create decides: the cluster refuses a snapshot of another volume.`;

describe(RULE, () => {
  test("advises against a clone of the live volume, unless the team refuses or allows it", async ({ pack }) => {
    const bare = clone({ snapshotID: undefined });
    expect(said(await pack.analyze(bare), RULE)).toEqual([live("advisory")]);
    for (const one of [bare, made(bare), clone({ snapshotID: 0 }), clone({ snapshotID: null, source: source() })]) {
      expect(said(await pack.all([one]), RULE)).toEqual([live("advisory")]);
    }
    await pack.configure({ [RULE]: { liveVolume: "mandatory" } });
    expect(said(await pack.all([bare]), RULE)).toEqual([live("mandatory")]);
    await pack.configure({ [RULE]: { liveVolume: "mandatory", enforcementLevel: "advisory" } });
    expect(said(await pack.all([bare]), RULE)).toEqual([live("advisory")]);
    await pack.configure({ [RULE]: { liveVolume: "allowed" } });
    expect(said(await pack.all([bare]), RULE)).toEqual([]);
    await pack.unconfigured();
    expect(said(await pack.all([bare]), RULE)).toEqual([live("advisory")]);
  });

  test("refuses a snapshot of the program that is one of another volume", async ({ pack }) => {
    expect(said(await pack.all([cloneOfPoint(), point({ volumeID: 6 })]), RULE)).toEqual([wrong]);
    const taken = made(point({ volumeID: 6 }), { snapshotID });
    expect(said(await pack.all([cloneOfPoint({ snapshotID }), taken]), RULE)).toEqual([wrong]);
    expect(said(await pack.all([cloneOfPoint(), point()]), RULE)).toEqual([]);
  });

  test("is content with a snapshot whose volumeID the clone takes, and with one of the same volume of the program", async ({
    pack,
  }) => {
    const ofPoint = { ...cloneOfPoint({ volumeID: UNKNOWN }), from: { volumeID: ["point"], snapshotID: ["point"] } };
    const open = { ...point({ volumeID: UNKNOWN }), from: { volumeID: ["data"] }, inside: "team:Environment" };
    const ofData = { ...cloneOfPoint({ volumeID: UNKNOWN }), from: { volumeID: ["data"], snapshotID: ["point"] } };
    expect(said(await pack.all([ofPoint, open, data()]), RULE)).toEqual([]);
    expect(said(await pack.all([ofData, open, data()]), RULE)).toEqual([]);
  });

  test("notes that two volumes that are yet to be made may be the same, and does not guess", async ({ pack }) => {
    const open = { ...point({ volumeID: UNKNOWN }), from: { volumeID: ["data"] } };
    const elsewhere = { ...cloneOfPoint({ volumeID: UNKNOWN }), from: { volumeID: ["more"], snapshotID: ["point"] } };
    const unsure = note("the volume of the clone or of its snapshot is not known yet.");
    expect(said(await pack.all([elsewhere, open, data(), { ...data(), name: "more" }]), RULE)).toEqual([unsure]);
    expect(said(await pack.all([cloneOfPoint(), open, data()]), RULE)).toEqual([unsure]);
  });

  test("takes the word of check for a snapshot that the program names by its ID", async ({ pack }) => {
    expect(said(await pack.all([knownClone()]), RULE)).toEqual([]);
    const byId = note("snapshotID is an ID, and what it names could not be looked up.");
    expect(said(await pack.all([clone()]), RULE)).toEqual([byId]);
    // Facts of the volume alone prove nothing.
    expect(said(await pack.all([clone({ source: source() })]), RULE)).toEqual([byId]);
    expect(said(await pack.all([clone({ snapshotID: UNKNOWN })]), RULE)).toEqual([
      note("snapshotID is not known yet, and comes from no snapshot of this program."),
    ]);
    expect(said(await pack.all([made(clone())]), RULE)).toEqual([]);
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([clone()]), RULE)).toEqual([byId.replace("advisory", "mandatory")]);
  });

  test("refuses only where none of the snapshots that the program chooses between is right", async ({ pack }) => {
    const both = (first: number, second: number) => [
      { ...cloneOfPoint(), from: { snapshotID: ["one", "two"] } },
      given("Snapshot", "one", { volumeID: first }),
      given("Snapshot", "two", { volumeID: second }),
    ];
    expect(said(await pack.all(both(6, 7)), RULE)).toEqual([wrong.replace("point", "one")]);
    expect(said(await pack.all(both(5, 7)), RULE)).toEqual([
      note("Snapshot two is one of another volume, if that is cloned."),
    ]);
    expect(said(await pack.all(both(5, 5)), RULE)).toEqual([]);
  });
});
