import { describe, expect } from "vitest";
import { UNKNOWN } from "../support/analyzer";
import { given, made, point, volumeID } from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-require-snapshot-retention";
const never = "advisory point: Snapshot point: it never expires. Set retention or expirationTime.";
const tooLong = (property: string, days: number) =>
  `advisory point: Snapshot point: ${property} keeps it for more than ${days} days. Lower it, or raise maxDays.`;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

describe(RULE, () => {
  test("says of a snapshot that it never expires", async ({ pack }) => {
    const kept = given("Snapshot", "point", { volumeID });
    expect(said(await pack.analyze(kept), RULE)).toEqual([never]);
    for (const one of [kept, made(kept), point({ retention: null, expirationTime: null })]) {
      expect(said(await pack.all([one]), RULE)).toEqual([never]);
    }
    await pack.unconfigured();
    expect(said(await pack.all([kept]), RULE)).toEqual([never]);
  });

  test("takes either property up to the limit, and no more", async ({ pack }) => {
    const until = (expirationTime: string) => point({ retention: undefined, expirationTime });
    expect(said(await pack.all([point({ retention: "720:00:00" })]), RULE)).toEqual([]);
    expect(said(await pack.all([point({ retention: "720:00:01" })]), RULE)).toEqual([tooLong("retention", 30)]);
    expect(said(await pack.all([until(inDays(29.9))]), RULE)).toEqual([]);
    expect(said(await pack.all([until(inDays(30.1))]), RULE)).toEqual([tooLong("expirationTime", 30)]);
    expect(said(await pack.all([until("2020-01-01T00:00:00Z")]), RULE)).toEqual([]);
  });

  test("takes the team's own limit", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxDays: 0.5, enforcementLevel: "mandatory" } });
    expect(said(await pack.all([point()]), RULE)).toEqual([tooLong("retention", 0.5).replace("advisory", "mandatory")]);
    expect(said(await pack.all([point({ retention: "12:00:00" })]), RULE)).toEqual([]);
  });

  test("goes by what the program says, not by the time that the cluster has made of it", async ({ pack }) => {
    expect(said(await pack.all([made(point(), { expirationTime: inDays(40) })]), RULE)).toEqual([]);
    expect(said(await pack.all([point({ expirationTime: inDays(40) })]), RULE)).toEqual([]);
    const kept = made(point({ retention: undefined }), { expirationTime: inDays(1) });
    expect(said(await pack.all([kept]), RULE)).toEqual([never]);
  });

  test("keeps silent on what is not known yet, or is no time", async ({ pack }) => {
    for (const props of [
      { retention: UNKNOWN },
      { retention: undefined, expirationTime: UNKNOWN },
      { retention: UNKNOWN, expirationTime: inDays(400) },
      { retention: "a day" },
      { retention: undefined, expirationTime: "tomorrow" },
    ]) {
      expect(said(await pack.all([point(props)]), RULE), JSON.stringify(props)).toEqual([]);
    }
  });
});
