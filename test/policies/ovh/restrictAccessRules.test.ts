import { describe, expect } from "vitest";
import { secret, UNKNOWN } from "../support/analyzer";
import { given, made, shareId } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-restrict-access-rules";
const access = (accessTo: unknown, accessLevel: unknown = "rw", from: Record<string, string[]> = {}) =>
  given("ShareAccessRule", "lan", { shareId, accessTo, accessLevel }, from);
const wide = (given: number, least: number, level: string) =>
  `mandatory lan: ShareAccessRule lan: accessTo is a /${given}, wider than the /${least} that is agreed on for "${level}". Give it a narrower network.`;

describe(RULE, () => {
  test("refuses a network that is wider than agreed on, before the rule is made", async ({ pack }) => {
    expect(said(await pack.analyze(access("10.8.0.0/23")), RULE)).toEqual([wide(23, 24, "rw")]);
    expect(said(await pack.all([access("10.0.0.0/15", "ro")]), RULE)).toEqual([wide(15, 16, "ro")]);
    expect(said(await pack.all([made(access("10.8.0.0/23"))]), RULE)).toEqual([wide(23, 24, "rw")]);
    for (const fine of [
      access("10.8.0.0/24"),
      access("10.8.0.0/16", "ro"),
      access("10.8.0.7"),
      access("10.8.0.7/32"),
    ]) {
      expect(said(await pack.all([fine]), RULE)).toEqual([]);
    }
    await pack.unconfigured();
    expect(said(await pack.all([access("10.8.0.0/23")]), RULE)).toEqual([wide(23, 24, "rw")]);
  });

  test("takes the team's own limits, of which one may be left out, and never everybody", async ({ pack }) => {
    await pack.configure({ [RULE]: { minPrefixLength: { rw: 8 } } });
    expect(said(await pack.all([access("10.0.0.0/8")]), RULE)).toEqual([]);
    expect(said(await pack.all([access("10.0.0.0/15", "ro")]), RULE)).toEqual([wide(15, 16, "ro")]);
    await pack.configure({ [RULE]: { minPrefixLength: { rw: 1, ro: 1 } } });
    for (const level of ["ro", "rw"]) {
      expect(said(await pack.all([access("0.0.0.0/0", level)]), RULE)).toEqual([
        "mandatory lan: ShareAccessRule lan: accessTo admits everybody. Give it the network of those who need the share.",
      ]);
    }
  });

  test("notes a network that is not known yet, and a level where that decides", async ({ pack }) => {
    const decider = "This rule decides during the update, before it is made.";
    const open = [
      [access(UNKNOWN), "accessTo is not known yet."],
      [access("10.8.0.0/16", UNKNOWN), 'accessTo is too wide for "rw", and accessLevel is not known yet.'],
    ] as const;
    for (const [one, problem] of open) {
      await pack.configure();
      expect(said(await pack.all([one]), RULE)).toEqual([
        `advisory lan: ShareAccessRule lan: not decided yet: ${problem} ${decider}`,
      ]);
      await pack.configure({ [RULE]: { undecided: "mandatory" } });
      expect(said(await pack.all([one]), RULE)).toEqual([expect.stringMatching(/^mandatory lan/)]);
    }
    await pack.configure({ [RULE]: { forbiddenNetworks: ["10.9.1.0/24"] } });
    expect(said(await pack.all([access(UNKNOWN)]), RULE)).toEqual([
      expect.stringContaining(`${decider} Whether it is one of forbiddenNetworks, only afterwards.`),
    ]);
  });

  test("decides without the level where that makes no difference", async ({ pack }) => {
    expect(said(await pack.all([access("10.8.0.0/24", UNKNOWN)]), RULE)).toEqual([]);
    expect(said(await pack.all([access("10.0.0.0/15", UNKNOWN)]), RULE)).toEqual([wide(15, 16, "ro")]);
    expect(said(await pack.all([access("0.0.0.0/0", UNKNOWN)]), RULE)).toEqual([
      expect.stringMatching(/^mandatory lan: .* accessTo admits everybody/),
    ]);
  });

  test("is for the rules of another provider, too", async ({ pack }) => {
    const theirs = { ...access("10.8.0.0/23"), kind: "ovh:index/storageEfsShareAcl:StorageEfsShareAcl" };
    expect(said(await pack.all([theirs]), RULE)).toEqual([
      wide(23, 24, "rw").replace("ShareAccessRule", "StorageEfsShareAcl"),
    ]);
    await pack.configure({ [RULE]: { forbiddenNetworks: ["10.8.1.0/24"], minPrefixLength: { rw: 8 } } });
    expect(
      said(await pack.all([given("ShareClone", "staging"), { ...theirs, from: { shareId: ["staging"] } }]), RULE),
    ).toEqual([expect.stringMatching(/^mandatory lan: .* which must not see ShareClone staging/)]);
  });

  test("keeps clones, and only clones, away from forbidden networks", async ({ pack }) => {
    await pack.configure({ [RULE]: { forbiddenNetworks: ["172.16.0.0/12", "10.9.1.0/24"] } });
    const clone = { ...given("ShareClone", "staging"), inside: "team:Environment" };
    const share = given("Share", "production");
    const to = async (network: string, target: string) =>
      said(await pack.all([clone, share, access(network, "ro", { shareId: [target] })]), RULE);
    const refused = (forbidden: string) => [
      `mandatory lan: ShareAccessRule lan: accessTo has addresses of ${forbidden}, which must not see ShareClone staging. Give it another network.`,
    ];

    expect(await to("172.20.3.0/24", "staging")).toEqual(refused("172.16.0.0/12"));
    expect(await to("10.9.0.0/16", "staging")).toEqual(refused("10.9.1.0/24"));
    expect(await to("10.9.1.7", "staging")).toEqual(refused("10.9.1.0/24"));
    expect(await to("10.9.2.0/24", "staging")).toEqual([]);
    expect(await to("172.32.0.0/16", "staging")).toEqual([]);
    expect(await to("10.9.1.0/24", "production")).toEqual([]);
    // Nobody can tell what share that is.
    expect(await to("10.9.1.0/24", "elsewhere")).toEqual([
      expect.stringMatching(
        /^advisory lan: .*accessTo has addresses of 10\.9\.1\.0\/24, and its share, which may be a clone/,
      ),
    ]);
    const stood = [made(clone), made(access("10.9.1.7", "ro", { shareId: ["staging"] }))];
    expect(said(await pack.all(stood), RULE)).toEqual(refused("10.9.1.0/24"));
  });

  test("prints no network that may be a secret", async ({ pack }) => {
    const [only] = said(await pack.all([access(secret("10.123.0.0/20"), secret("ro"))]), RULE);
    expect(only).toBeUndefined();
    const [wider] = said(await pack.all([access(secret("10.123.0.0/20"))]), RULE);
    expect(wider).toEqual(wide(20, 24, "rw"));
    expect(wider).not.toContain("10.123");
  });
});
