import { describe, expect } from "vitest";
import { allPolicies, elementPolicies, ovhPolicies, policyPack } from "../../policies/index";
import { secret, UNKNOWN } from "./support/analyzer";
import { clone, given } from "./support/ovh";
import { test } from "./support/test";

describe("the pack", () => {
  test("has rules that say what they are for and what to do, with a default for each setting", () => {
    const levels = (policies: typeof allPolicies) =>
      policies.map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`);
    expect(levels(ovhPolicies)).toEqual([
      "ovh-require-manual-clone-source mandatory",
      "ovh-require-clone-covers-snapshot mandatory",
      "ovh-require-clone-same-service mandatory",
      "ovh-require-nfs mandatory",
      "ovh-limit-clone-size advisory",
      "ovh-restrict-access-rules mandatory",
      "ovh-require-clone-freshness advisory",
      "ovh-limit-held-snapshots advisory",
      "ovh-protect-parent-share advisory",
      "ovh-require-clone-access-rule advisory",
    ]);
    expect(levels(elementPolicies)).toEqual([
      "element-require-clone-not-smaller mandatory",
      "element-require-snapshot-of-volume mandatory",
      "element-restrict-clone-access mandatory",
      "element-separate-clone-account mandatory",
      "element-limit-parallel-clones advisory",
      "element-require-snapshot-retention advisory",
      "element-check-qos mandatory",
    ]);
    expect(allPolicies).toEqual([...ovhPolicies, ...elementPolicies]);
    for (const { name, description, severity, remediationSteps, configSchema } of allPolicies) {
      expect([description, remediationSteps], name).toEqual([
        expect.stringMatching(/\.$/),
        expect.stringMatching(/\.$/),
      ]);
      expect(severity, name).toBeDefined();
      for (const setting of Object.values(configSchema?.properties ?? {})) {
        expect(setting, name).toMatchObject({ description: expect.any(String), default: expect.anything() });
      }
    }
  });

  test("never trips over unknown values, secrets, or resources that are not ours", async ({ pack }) => {
    const kinds = [
      "Share",
      "Snapshot",
      "HeldSnapshot",
      "ShareClone",
      "ShareAccessRule",
      "SnapshotPolicy",
      "pulumi-nodejs:dynamic/element:VolumeClone",
      "pulumi-nodejs:dynamic/element:Snapshot",
      "aws:s3/bucket:Bucket",
    ];
    const keys = [
      "serviceName",
      "shareId",
      "snapshotId",
      "size",
      "protocol",
      "source",
      "accessTo",
      "accessLevel",
      "status",
      "createdAt",
      "shareSize",
      "name",
      "volumeID",
      "snapshotID",
      "newSize",
      "totalSize",
      "access",
      "newAccountID",
      "accountID",
      "qos",
      "qosPolicyID",
      "retention",
      "expirationTime",
    ];
    for (const value of [
      UNKNOWN,
      secret(UNKNOWN),
      secret("private-text"),
      secret(7_654_321),
      { deep: [UNKNOWN] },
      null,
      "",
      0,
    ]) {
      const resources = kinds.map((kind, number) => ({
        ...given(kind, `r${number}`, Object.fromEntries(keys.map((key) => [key, value]))),
        from: Object.fromEntries(keys.map((key) => [key, kinds.map((_, other) => `r${other}`)])),
      }));
      const verdicts = await pack.all(resources);
      for (const { message } of verdicts) {
        expect(message).not.toMatch(/can't be known during preview|private-text|7654321/);
        if (message.includes("not decided yet")) expect(message).toMatch(/decides|Look which share/);
      }
    }
  });

  test("finds the one clone of a stack of 1,000 resources that is too small, and leaves all others in peace", async ({
    pack,
  }) => {
    const rule = { shareId: UNKNOWN, accessTo: "10.0.5.0/24", accessLevel: "rw" };
    const resources = Array.from({ length: 250 }, (_, n) => [
      { ...given("Share", `data${n}`, { size: 300 }), protect: true },
      given("Snapshot", `point${n}`, { shareId: UNKNOWN }, { shareId: [`data${n}`] }),
      given(
        "ShareClone",
        `clone${n}`,
        { snapshotId: UNKNOWN, size: n === 170 ? 200 : 300 },
        { snapshotId: [`point${n}`] },
      ),
      given("ShareAccessRule", `lan${n}`, rule, { shareId: [`clone${n}`] }),
    ]).flat();
    await pack.configure({ "ovh-limit-held-snapshots": { maxPerService: 250 } });
    expect((await pack.all(resources)).map(({ rule, level, of }) => [rule, level, of])).toEqual([
      ["ovh-require-clone-covers-snapshot", "mandatory", "clone170"],
    ]);
  });

  test.for([
    [
      "a setting that a rule does not have",
      { "ovh-limit-clone-size": { maxSizeGib: 5 } },
      'ovh-limit-clone-size has no setting "maxSizeGib". It has enforcementLevel, maxSizeGiB, maxGrowthFactor.',
    ],
    [
      "a rule that there isn't",
      { "ovh-limit-clone-sizes": { enforcementLevel: "mandatory" as const } },
      'there is no rule "ovh-limit-clone-sizes" in this pack. It has ovh-require-manual-clone-source,',
    ],
    [
      "a network that is none",
      { "ovh-restrict-access-rules": { forbiddenNetworks: ["10.0.0.0/8", "production"] } },
      '"production" in forbiddenNetworks is no IPv4 address or network, such as 10.0.5.0/24.',
    ],
  ] as const)("refuses %s, from the engine and from a program", async ([, config, message], { pack }) => {
    await expect(pack.configure(config)).rejects.toThrow(message);
    expect(() => policyPack("team", { config })).toThrow(message);
    // What was refused is not used.
    expect(await pack.all([clone({ size: 20_000 })])).toContainEqual(
      expect.objectContaining({ rule: "ovh-limit-clone-size" }),
    );
  });
});
