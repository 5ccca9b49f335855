import { expect, test } from "vitest";
import { ovhPolicies } from "../../policies/index";
import { startPack } from "./support/analyzer";
import { clone, clonesOf, given, shareId, source } from "./support/ovh";
import { said } from "./support/test";

const CONFIG = {
  "ovh-require-manual-clone-source": { undecided: "mandatory" },
  "ovh-limit-clone-size": { enforcementLevel: "mandatory", maxSizeGiB: 150 },
  "ovh-restrict-access-rules": { forbiddenNetworks: ["10.20.0.0/16"] },
  "ovh-require-clone-access-rule": "disabled",
} as const;

test("a team's pack has the rules, levels and settings that it names, and its own rules beside ours", async () => {
  const own = {
    name: "team-no-clones",
    description: "No clones.",
    validateResource: ({ type }: { type: string }, report: (message: string) => void) => {
      if (type.endsWith("ShareClone")) report("no clones here");
    },
  };
  const some = ovhPolicies.filter(({ name }) => name !== "ovh-require-clone-freshness");
  const pack = await startPack("team", { policies: [...some, own], config: CONFIG, enforcementLevel: "mandatory" });

  // What the engine makes of the configuration that the pack brings along.
  const { initialConfig } = await pack.info();
  expect(initialConfig).toEqual({
    "ovh-require-manual-clone-source": { level: "mandatory", settings: { undecided: "mandatory" } },
    "ovh-limit-clone-size": { level: "mandatory", settings: { maxSizeGiB: 150 } },
    // Settings without a level leave the level alone.
    "ovh-restrict-access-rules": { level: "mandatory", settings: { forbiddenNetworks: ["10.20.0.0/16"] } },
    "ovh-require-clone-access-rule": { level: "disabled", settings: {} },
  });
  await pack.configure();
  const access = given(
    "ShareAccessRule",
    "lan",
    { shareId, accessTo: "10.20.5.0/24", accessLevel: "rw" },
    { shareId: ["staging"] },
  );
  const verdicts = await pack.all([...clonesOf("Snapshot"), access]);
  expect(said(verdicts, "ovh-limit-clone-size")).toEqual([expect.stringMatching(/^mandatory staging: .*150 GiB/)]);
  expect(said(verdicts, "ovh-restrict-access-rules")).toEqual([
    expect.stringMatching(/^mandatory lan: .*10\.20\.0\.0\/16/),
  ]);
  expect(said(verdicts, "team-no-clones")).toEqual(["mandatory staging: no clones here"]);
  expect(said(await pack.all([clone()]), "ovh-require-manual-clone-source")).toEqual([
    expect.stringMatching(/^mandatory staging/),
  ]);
  expect(said(await pack.all([clone()]), "ovh-require-clone-access-rule")).toEqual([]);
  const old = clone({ source: source({ createdAt: "2020-01-01T00:00:00Z" }) });
  expect((await pack.all([old])).map(({ rule }) => rule)).not.toContain("ovh-require-clone-freshness");
});
