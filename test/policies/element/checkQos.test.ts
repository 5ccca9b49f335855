import { describe, expect } from "vitest";
import { policyPack } from "../../../policies/index";
import { secret, UNKNOWN } from "../support/analyzer";
import { clone, made } from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-check-qos";
const says = (problem: string) => `mandatory copy: VolumeClone copy: ${problem}`;
const note = (problem: string) =>
  `advisory copy: VolumeClone copy: not decided yet: ${problem} This rule decides during the update, before it is made.`;
const fine = { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 };

describe(RULE, () => {
  test("takes numbers within bounds and in order, and refuses others before the clone is made", async ({ pack }) => {
    expect(said(await pack.all([clone({ qos: fine })]), RULE)).toEqual([]);
    expect(said(await pack.all([clone()]), RULE)).toEqual([]);
    const wrong = [
      [{ ...fine, minIOPS: 49 }, "qos: its minIOPS must be 50 to 15000."],
      [{ ...fine, burstIOPS: 200_001 }, "qos: its burstIOPS must be 100 to 200000."],
      [{ ...fine, minIOPS: 1001 }, "qos: its minIOPS must not be above its maxIOPS."],
      [{ ...fine, maxIOPS: 2001 }, "qos: its maxIOPS must not be above its burstIOPS."],
    ] as const;
    for (const [qos, problem] of wrong) {
      expect(said(await pack.analyze(clone({ qos })), RULE)).toEqual([says(problem)]);
      expect(said(await pack.all([made(clone({ qos }))]), RULE)).toEqual([says(problem)]);
    }
    await pack.unconfigured();
    expect(said(await pack.all([clone({ qos: wrong[0][0] })]), RULE)).toEqual([says(wrong[0][1])]);
  });

  test("takes the team's own bounds, of which one end may be left out", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxIOPS: { max: 999 }, burstIOPS: { min: 500, max: 5000 } } });
    expect(said(await pack.all([clone({ qos: fine })]), RULE)).toEqual([says("qos: its maxIOPS must be 100 to 999.")]);
    expect(said(await pack.all([clone({ qos: { ...fine, maxIOPS: 100 } })]), RULE)).toEqual([]);
    await expect(pack.configure({ [RULE]: { maxIOPS: { max: 99 } } })).rejects.toThrow(
      `${RULE}: the min of maxIOPS is above its max.`,
    );
    expect(() => policyPack("team", { config: { [RULE]: { minIOPS: { min: 20_000 } } } })).toThrow(
      `${RULE}: the min of minIOPS is above its max.`,
    );
  });

  test("refuses numbers and a policy together, and leaves the numbers of a policy alone", async ({ pack }) => {
    expect(said(await pack.all([clone({ qos: fine, qosPolicyID: 3 })]), RULE)).toEqual([
      says("it has both qos and qosPolicyID, and only one of them can be. Remove one."),
    ]);
    await pack.configure({ [RULE]: { maxIOPS: { max: 999 } } });
    expect(said(await pack.all([clone({ qosPolicyID: 3 })]), RULE)).toEqual([]);
    // What it has of its source or of its policy is not the program's.
    expect(said(await pack.all([made(clone({ qosPolicyID: 3 }), { qos: fine })]), RULE)).toEqual([]);
    expect(said(await pack.all([made(clone(), { qos: fine })]), RULE)).toEqual([]);
  });

  test("demands numbers or a policy where the team does", async ({ pack }) => {
    await pack.configure({ [RULE]: { required: true } });
    for (const one of [clone(), made(clone(), { qos: fine })]) {
      expect(said(await pack.all([one]), RULE)).toEqual([
        says("it has neither qos nor qosPolicyID, so that it has the QoS of its source. Set one of them."),
      ]);
    }
    for (const props of [{ qos: fine }, { qosPolicyID: 3 }, { qosPolicyID: UNKNOWN }]) {
      expect(said(await pack.all([clone(props)]), RULE), JSON.stringify(props)).toEqual([]);
    }
  });

  test("decides on what is known, and notes what is not", async ({ pack }) => {
    expect(said(await pack.all([clone({ qos: UNKNOWN })]), RULE)).toEqual([note("qos is not known yet.")]);
    expect(said(await pack.all([clone({ qos: { ...fine, maxIOPS: UNKNOWN } })]), RULE)).toEqual([
      note("a part of qos is not known yet."),
    ]);
    expect(said(await pack.all([clone({ qos: { maxIOPS: UNKNOWN, minIOPS: 500, burstIOPS: 499 } })]), RULE)).toEqual([
      says("qos: its minIOPS must not be above its burstIOPS."),
    ]);
    expect(said(await pack.all([clone({ qos: fine, qosPolicyID: UNKNOWN })]), RULE)).toEqual([
      note("qosPolicyID is not known yet."),
    ]);
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([clone({ qos: UNKNOWN })]), RULE)).toEqual([expect.stringMatching(/^mandatory copy/)]);
  });

  test("reads secrets, and prints no number of the program", async ({ pack }) => {
    const [only] = said(await pack.all([clone({ qos: secret({ ...fine, minIOPS: 7654 }) })]), RULE);
    expect(only).toEqual(says("qos: its minIOPS must not be above its maxIOPS."));
  });
});
