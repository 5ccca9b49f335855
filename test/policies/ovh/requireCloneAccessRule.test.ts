import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { clone, given, made, shareId } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-require-clone-access-rule";
const nobody = [
  "advisory staging: ShareClone staging: no access rule of this program admits anybody, so it can't be mounted. Add a ShareAccessRule.",
];
const access = (from: Record<string, string[]>) =>
  given("ShareAccessRule", "lan", { shareId: UNKNOWN, accessTo: "10.0.5.0/24", accessLevel: "ro" }, from);

describe(RULE, () => {
  test("says of a clone that nobody can mount it", async ({ pack }) => {
    expect(said(await pack.all([clone()]), RULE)).toEqual(nobody);
    expect(said(await pack.all([made(clone())]), RULE)).toEqual(nobody);
    await pack.unconfigured();
    expect(said(await pack.all([clone({ snapshotId: UNKNOWN })]), RULE)).toEqual(nobody);
  });

  test("is content with one rule for it, also in a component", async ({ pack }) => {
    const inside = [
      { ...clone(), inside: "team:Environment" },
      { ...access({ shareId: ["staging"] }), inside: "x:y:C" },
    ];
    expect(said(await pack.all(inside), RULE)).toEqual([]);
    expect(said(await pack.all(inside.map((one) => made(one))), RULE)).toEqual([]);
    const theirs = { ...access({ shareId: ["staging"] }), kind: "ovh:index/storageEfsShareAcl:StorageEfsShareAcl" };
    expect(said(await pack.all([clone(), theirs]), RULE)).toEqual([]);
  });

  test("does not count the rule of another share", async ({ pack }) => {
    const others = [clone(), given("ShareClone", "more"), access({ shareId: ["more"] })];
    expect(said(await pack.all(others), RULE)).toEqual(nobody);
    // Which share an ID stands for is not seen here: not this one, while it does not exist.
    const byId = given("ShareAccessRule", "lan", { shareId, accessTo: "10.0.5.0/24", accessLevel: "ro" });
    expect(said(await pack.all([clone(), byId]), RULE)).toEqual(nobody);
    expect(said(await pack.all([made(clone()), made(byId)]), RULE)).toEqual([]);
  });
});
