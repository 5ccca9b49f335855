import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { clone, given, hoursAgo, made, snapshotId, source } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-require-clone-freshness";
const stale = (hours: number) => [
  expect.stringMatching(
    new RegExp(
      `^advisory staging: ShareClone staging: its data are from \\S+Z, more than ${hours} hours ago\\. Clone a newer`,
    ),
  ),
];

describe(RULE, () => {
  test("says of a snapshot that was looked up that it is too old", async ({ pack }) => {
    const of = (hours: number) => clone({ source: source({ createdAt: hoursAgo(hours) }) });
    expect(said(await pack.analyze(of(169)), RULE)).toEqual(stale(168));
    expect(said(await pack.all([of(169)]), RULE)).toEqual(stale(168));
    expect(said(await pack.all([made(of(169))]), RULE)).toEqual(stale(168));
    expect(said(await pack.all([of(167)]), RULE)).toEqual([]);
    await pack.unconfigured();
    expect(said(await pack.all([of(169)]), RULE)).toEqual(stale(168));
    await pack.configure({ [RULE]: { maxAgeHours: 1.5 } });
    expect(said(await pack.all([of(2)]), RULE)).toEqual(stale(1.5));
    expect(said(await pack.all([of(1)]), RULE)).toEqual([]);
  });

  test("says so of a snapshot of the program, also in a component, and while the clone exists", async ({ pack }) => {
    const point = { ...given("HeldSnapshot", "point"), inside: "x:y:C" };
    const staging = given("ShareClone", "staging", { snapshotId: UNKNOWN }, { snapshotId: ["point"] });
    const held = made(point, { createdAt: hoursAgo(200) });
    expect(said(await pack.all([staging, held]), RULE)).toEqual(stale(168));
    expect(said(await pack.all([made(staging, { snapshotId }), held]), RULE)).toEqual(stale(168));
    // In an update the snapshot's id is known, and check looks it up: still once.
    const found = { ...clone({ source: source({ createdAt: hoursAgo(200) }) }), from: { snapshotId: ["point"] } };
    expect(said(await pack.all([found, held]), RULE)).toEqual(stale(168));
    expect(said(await pack.all([staging, made(point)]), RULE)).toEqual([]);
    // About to be made.
    expect(said(await pack.all([staging, point]), RULE)).toEqual([]);
  });

  test("says so of what the clone has recorded, whatever became of its snapshot", async ({ pack }) => {
    const old = made(clone(), { sourceCreatedAt: hoursAgo(200) });
    expect(said(await pack.all([old]), RULE)).toEqual(stale(168));
    const point = made(given("HeldSnapshot", "point"), { createdAt: hoursAgo(1) });
    expect(said(await pack.all([{ ...old, from: { snapshotId: ["point"] } }, point]), RULE)).toEqual(stale(168));
    expect(said(await pack.all([made(clone(), { sourceCreatedAt: hoursAgo(167) })]), RULE)).toEqual([]);
  });

  test("lets the newest count where the program chooses between several", async ({ pack }) => {
    const either = (one: number, two: number) => [
      given("ShareClone", "staging", { snapshotId: UNKNOWN }, { snapshotId: ["one", "two"] }),
      made(given("Snapshot", "one"), { createdAt: hoursAgo(one) }),
      made(given("Snapshot", "two"), { createdAt: hoursAgo(two) }),
    ];
    expect(said(await pack.all(either(200, 1)), RULE)).toEqual([]);
    expect(said(await pack.all(either(200, 300)), RULE)).toEqual(stale(168));
  });

  test("keeps silent where no date is known", async ({ pack }) => {
    expect(said(await pack.all([clone()]), RULE)).toEqual([]);
    const { createdAt: _, ...undated } = source();
    expect(said(await pack.all([clone({ source: undated })]), RULE)).toEqual([]);
    expect(said(await pack.all([clone({ snapshotId: UNKNOWN })]), RULE)).toEqual([]);
  });
});
