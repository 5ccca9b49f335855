import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { clone, data, knownClone, made } from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-restrict-clone-access";
const says = (problem: string) => `mandatory copy: VolumeClone copy: ${problem}`;
const inherited = says('access is left out, and its source is not "readWrite": the clone inherits that. Set access.');
const notKnown =
  "advisory copy: VolumeClone copy: not decided yet: access is left out, and what its source allows is not known. This rule decides during the update, if check can look it up then. Set access.";

describe(RULE, () => {
  test("takes what is agreed on, and refuses anything else before the clone is made", async ({ pack }) => {
    for (const access of ["readOnly", "readWrite", "locked"]) {
      expect(said(await pack.all([clone({ access })]), RULE)).toEqual([]);
    }
    await pack.configure({ [RULE]: { allowed: ["readOnly", "locked"] } });
    const refused = says("access is none of readOnly, locked, which are agreed on.");
    expect(said(await pack.analyze(clone()), RULE)).toEqual([refused]);
    expect(said(await pack.all([made(clone())]), RULE)).toEqual([refused]);
    expect(said(await pack.all([clone({ access: "readOnly" })]), RULE)).toEqual([]);
  });

  test("refuses replicationTarget whether the source has a pair or not, and notes it where the team allows it", async ({
    pack,
  }) => {
    const refused = says(
      "access is none of readOnly, readWrite, locked, which are agreed on. It is for a volume with a pair, and a new clone has none.",
    );
    for (const paired of [true, false]) {
      expect(said(await pack.all([knownClone({ access: "replicationTarget" }, { paired })]), RULE)).toEqual([refused]);
    }
    await pack.configure({ [RULE]: { allowed: ["replicationTarget", "readWrite"] } });
    const target = clone({ access: "replicationTarget" });
    expect(said(await pack.all([target]), RULE)).toEqual([
      "advisory copy: VolumeClone copy: not decided yet: access is for a volume with a pair, and a new clone has none. The cluster decides: without a pair, it makes the clone locked.",
    ]);
    // Somebody may have paired it since.
    expect(said(await pack.all([made(target)]), RULE)).toEqual([]);
  });

  test("refuses to inherit what is not readWrite, by what check has looked up", async ({ pack }) => {
    const heir = (access: string) => knownClone({ access: undefined }, { access });
    for (const access of ["readOnly", "locked", "replicationTarget"]) {
      expect(said(await pack.analyze(heir(access)), RULE)).toEqual([inherited]);
      expect(said(await pack.all([heir(access)]), RULE)).toEqual([inherited]);
    }
    expect(said(await pack.all([heir("readWrite")]), RULE)).toEqual([]);
    await pack.configure({ [RULE]: { allowed: ["readOnly"] } });
    expect(said(await pack.all([heir("readWrite")]), RULE)).toEqual([
      says('access is left out, so that the clone inherits "readWrite", which is not agreed on. Set access.'),
    ]);
  });

  test("refuses to inherit it from a clone of the program, or through one", async ({ pack }) => {
    const heir = {
      ...clone({ volumeID: UNKNOWN, snapshotID: undefined, access: undefined }),
      from: { volumeID: ["data"] },
    };
    expect(said(await pack.all([heir, data({ access: "locked" })]), RULE)).toEqual([inherited]);
    expect(said(await pack.all([heir, data({ access: "readWrite" })]), RULE)).toEqual([]);
    expect(said(await pack.all([heir, made(data({ access: "readOnly" }))]), RULE)).toEqual([inherited]);
    const through = { ...knownClone({ access: undefined }, { access: "locked" }), name: "data" };
    expect(said(await pack.all([heir, through]), RULE)).toEqual([
      expect.stringMatching(/^mandatory data: /),
      inherited,
    ]);
  });

  test("notes an access that is not known yet, of the clone or of its source", async ({ pack }) => {
    expect(said(await pack.all([clone({ access: undefined })]), RULE)).toEqual([notKnown]);
    expect(said(await pack.all([clone({ access: UNKNOWN })]), RULE)).toEqual([
      "advisory copy: VolumeClone copy: not decided yet: access is not known yet. This rule decides during the update, before it is made.",
    ]);
    const heir = { ...clone({ volumeID: UNKNOWN, access: undefined }), from: { volumeID: ["data"] } };
    expect(said(await pack.all([heir, data({ access: UNKNOWN })]), RULE)).toContain(notKnown);
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([clone({ access: undefined })]), RULE)).toEqual([
      notKnown.replace("advisory", "mandatory"),
    ]);
    expect(said(await pack.all([made(clone({ access: undefined }))]), RULE)).toEqual([]);
  });
});
