import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { clone, clonesOf, given, made, snapshotId, source } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-require-manual-clone-source";

describe(RULE, () => {
  test("refuses a snapshot that is known to be automatic before the clone is made", async ({ pack }) => {
    const staging = clone({ source: source({ type: "automatic" }) });
    const refused = [
      'mandatory staging: ShareClone staging: snapshot "nightly" is "automatic", and only manual snapshots can be cloned. Hold it first with HeldSnapshot.',
    ];

    expect(said(await pack.analyze(staging), RULE)).toEqual(refused);
    // In a preview, in an update, and in the state: once.
    expect(said(await pack.all([staging]), RULE)).toEqual(refused);
    expect(said(await pack.all([made(staging)]), RULE)).toEqual(refused);
    await pack.unconfigured();
    expect(said(await pack.all([staging]), RULE)).toEqual(refused);
  });

  test("refuses a snapshot of the service's own, and takes a manual one", async ({ pack }) => {
    expect(said(await pack.all([clone({ source: source({ type: "system" }) })]), RULE)).toEqual([
      expect.stringMatching(/^mandatory staging: .* is "system"/),
    ]);
    expect(said(await pack.all([clone({ source: source() })]), RULE)).toEqual([]);
  });

  test("says once, as a note, that only create can decide on an ID that could not be looked up", async ({ pack }) => {
    const undecided = [
      "advisory staging: ShareClone staging: not decided yet: snapshotId is an ID, and what it names could not be looked up. Create decides: it refuses a snapshot that is not manual.",
    ];
    expect(said(await pack.all([clone()]), RULE)).toEqual(undecided);
    // Facts about another snapshot are none about this one.
    const stale = source({ snapshotId: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", type: "automatic" });
    expect(said(await pack.all([clone({ source: stale })]), RULE)).toEqual(undecided);
    // Create has decided.
    expect(said(await pack.all([made(clone())]), RULE)).toEqual([]);
  });

  test("counts what it can't decide as a violation where a gate insists", async ({ pack }) => {
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([clone()]), RULE)).toEqual([
      expect.stringMatching(/^mandatory staging: .*Create decides/),
    ]);
    expect(said(await pack.all(clonesOf("Snapshot")), RULE)).toEqual([]);
  });

  test.for(["Snapshot", "HeldSnapshot", "ovh:index/storageEfsShareSnapshot:StorageEfsShareSnapshot"])(
    "takes a %s of the program, before and after it exists",
    async (kind, { pack }) => {
      const [point, staging] = clonesOf(kind);
      if (point === undefined || staging === undefined) throw new Error("a snapshot and a clone");
      expect(said(await pack.all([staging, point]), RULE)).toEqual([]);
      const after = [made(point), made({ ...staging, props: { ...staging.props, snapshotId } })];
      expect(said(await pack.all(after), RULE)).toEqual([]);
    },
  );

  test("follows the snapshot into a component and through other values", async ({ pack }) => {
    const inside = [
      { ...given("HeldSnapshot", "point"), inside: "team:Environment" },
      {
        ...given("ShareClone", "staging", { snapshotId: UNKNOWN }, { snapshotId: ["other", "point"] }),
        inside: "x:y:C",
      },
      given("Share", "other"),
    ];
    expect(said(await pack.all(inside), RULE)).toEqual([]);
  });

  test("does not take a share for a snapshot", async ({ pack }) => {
    const fromShare = [
      given("Share", "data"),
      given("ShareClone", "staging", { snapshotId: UNKNOWN }, { snapshotId: ["data"] }),
    ];
    expect(said(await pack.all(fromShare), RULE)).toEqual([
      "advisory staging: ShareClone staging: not decided yet: snapshotId is not known yet, and comes from no snapshot of this program. Create decides: it refuses a snapshot that is not manual.",
    ]);
  });
});
