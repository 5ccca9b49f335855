import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { clone, given, made, source } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-protect-parent-share";
const program = (kind = "Snapshot", protect = false) => [
  given("ShareClone", "staging", { snapshotId: UNKNOWN }, { snapshotId: ["point"] }),
  given("ShareClone", "testing", { snapshotId: UNKNOWN }, { snapshotId: ["point"] }),
  { ...given(kind, "point", { shareId: UNKNOWN }, { shareId: ["data"] }), inside: "x:y:C" },
  { ...given("Share", "data", { size: 100 }), protect },
];
const bare = [
  "advisory data: Share data: ShareClone staging is made from its data, and nothing keeps the program from deleting it. Set protect: true in its options.",
];

describe(RULE, () => {
  test("says once of a share whose data are cloned that nothing protects it", async ({ pack }) => {
    expect(said(await pack.all(program()), RULE)).toEqual(bare);
    expect(said(await pack.all(program("HeldSnapshot")), RULE)).toEqual(bare);
    expect(said(await pack.all(program().map((one) => made(one))), RULE)).toEqual(bare);
    await pack.unconfigured();
    expect(said(await pack.all(program()), RULE)).toEqual(bare);
  });

  test("is content with protect, and with shares that the team says are retained", async ({ pack }) => {
    expect(said(await pack.all(program("Snapshot", true)), RULE)).toEqual([]);
    await pack.configure({ [RULE]: { retained: ["::data"] } });
    expect(said(await pack.all(program()), RULE)).toEqual([]);
    await pack.configure({ [RULE]: { retained: ["other"] } });
    expect(said(await pack.all(program()), RULE)).toEqual(bare);
  });

  test("says nothing of shares that nobody clones, or that the program does not have", async ({ pack }) => {
    expect(
      said(await pack.all([given("Share", "data"), clone({ source: source() }), clone({ snapshotId: UNKNOWN })]), RULE),
    ).toEqual([]);
    expect(said(await pack.all(program().slice(2)), RULE)).toEqual([]);
  });
});
