import { describe, expect } from "vitest";
import { secret, UNKNOWN } from "../support/analyzer";
import { clone, given, made, shareId, source } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-limit-clone-size";
const tooLarge = (limit: number) =>
  `advisory staging: ShareClone staging: size is above the limit of ${limit} GiB. Lower it, or raise maxSizeGiB.`;
const grown = (factor: number, parent: number) =>
  `advisory staging: ShareClone staging: size is more than ${factor} times the ${parent} GiB of the share that it is made from. Lower it, or raise maxGrowthFactor.`;

describe(RULE, () => {
  test("says of a clone's own size that it is too large, in a preview, an update and the state", async ({ pack }) => {
    expect(said(await pack.analyze(clone({ size: 10_241 })), RULE)).toEqual([tooLarge(10_240)]);
    expect(said(await pack.all([made(clone({ size: 10_241 }))]), RULE)).toEqual([tooLarge(10_240)]);
    expect(said(await pack.all([clone({ size: 10_240 })]), RULE)).toEqual([]);
    await pack.unconfigured();
    expect(said(await pack.all([clone({ size: 10_241 })]), RULE)).toEqual([tooLarge(10_240)]);
  });

  test("takes the team's limit and level", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxSizeGiB: 150, enforcementLevel: "mandatory" } });
    expect(said(await pack.all([clone({ size: 151 })]), RULE)).toEqual([
      tooLarge(150).replace("advisory", "mandatory"),
    ]);
    await pack.configure({ [RULE]: { enforcementLevel: "disabled" } });
    expect(said(await pack.all([clone({ size: 20_000 })]), RULE)).toEqual([]);
  });

  test("compares with the share of a snapshot that was looked up", async ({ pack }) => {
    const of = (size: number) => clone({ size, source: source({ presentShareSizeGiB: 200 }) });
    expect(said(await pack.analyze(of(401)), RULE)).toEqual([grown(2, 200)]);
    expect(said(await pack.all([of(401)]), RULE)).toEqual([grown(2, 200)]);
    expect(said(await pack.all([of(400)]), RULE)).toEqual([]);
    await pack.configure({ [RULE]: { maxGrowthFactor: 1.5 } });
    expect(said(await pack.all([of(301)]), RULE)).toEqual([grown(1.5, 200)]);
  });

  test("compares with the share of a snapshot of the program, also in a component", async ({ pack }) => {
    const program = (shareSize: unknown, size = 401) => [
      given("ShareClone", "staging", { snapshotId: UNKNOWN, size }, { snapshotId: ["point"] }),
      { ...given("Snapshot", "point", { shareId: UNKNOWN }, { shareId: ["data"] }), inside: "x:y:C" },
      given("Share", "data", { size: shareSize }),
    ];
    expect(said(await pack.all(program(200)), RULE)).toEqual([grown(2, 200)]);
    expect(said(await pack.all(program(200, 400)), RULE)).toEqual([]);
    expect(said(await pack.all(program(UNKNOWN)), RULE)).toEqual([]);
    // In an update the snapshot's id is known, and check looks it up: still once.
    const found = { ...clone({ size: 401, source: source() }), from: { snapshotId: ["point"] } };
    expect(said(await pack.all([found, ...program(200).slice(1)]), RULE)).toEqual([grown(2, 200)]);
    // What a snapshot has recorded is hidden while it is changed, and its share may have another size by now.
    const known = { ...clone({ size: 401 }), from: { snapshotId: ["point"] } };
    expect(said(await pack.all([known, ...program(200).slice(1)]), RULE)).toEqual([]);
    const [staging, point] = program(1000);
    if (staging === undefined || point === undefined) throw new Error("a clone and a snapshot");
    expect(said(await pack.all([staging, made(point, { shareId, shareSize: 200 })]), RULE)).toEqual([grown(2, 200)]);
  });

  test("keeps silent on a size that is not known yet, and prints none", async ({ pack }) => {
    expect(said(await pack.all([clone({ size: UNKNOWN })]), RULE)).toEqual([]);
    expect(said(await pack.all([clone({ size: secret(10_777) })]), RULE)).toEqual([tooLarge(10_240)]);
  });
});
