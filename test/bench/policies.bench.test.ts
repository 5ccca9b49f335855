import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { packageRoot } from "../e2e/support/project";
import { test } from "../e2e/support/test";

const SETS = 250;
const ROUNDS = 5;
const LIMIT_SECONDS = 1.5;

/** Four resources of a clone's life each: 1,000 in all, so that every rule has something to look at. */
const PROGRAM = `for (let n = 0; n < ${SETS}; n += 1) {
  const data = new Share("data" + n, { serviceName, size: 100 }, { protect: true });
  const point = new Snapshot("point" + n, { serviceName, shareId: data.id });
  const clone = new ShareClone("clone" + n, { serviceName, snapshotId: point.id, size: data.size });
  new ShareAccessRule("lan" + n, { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
}`;

/** The least that a pack can be: what it costs is the engine's and the SDK's. */
const EMPTY_PACK = `const { PolicyPack } = require(${JSON.stringify(join(packageRoot, "node_modules", "@pulumi", "policy"))});
new PolicyPack("empty", { policies: [{ name: "nothing", description: "Nothing.", validateStack: () => {} }] });`;

const median = (numbers: number[]): number => numbers.toSorted((left, right) => left - right)[numbers.length >> 1] ?? 0;

test(`the policy pack on a preview of ${4 * SETS} new resources, beside no pack and an empty one`, async ({
  project,
}) => {
  await project.program(PROGRAM);
  const empty = join(project.folder, "empty-pack");
  await mkdir(empty);
  await writeFile(join(empty, "PulumiPolicy.yaml"), "runtime:\n  name: nodejs\n  options:\n    typescript: false\n");
  await writeFile(join(empty, "package.json"), JSON.stringify({ name: "empty", version: "1.0.0", main: "index.js" }));
  await writeFile(join(empty, "index.js"), EMPTY_PACK);
  const packs = { none: [], empty: ["--policy-pack", empty], ours: ["--policy-pack", join(packageRoot, "policies")] };
  const seconds: Record<keyof typeof packs, number[]> = { none: [], empty: [], ours: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ["none", "empty", "ours"] as const) {
      const run = await project.preview(...packs[name]);
      expect(run.code, run.text).toBe(0);
      expect(run.steps).toHaveLength(4 * SETS);
      seconds[name].push(run.seconds);
    }
  }
  const over = (base: number[]) => seconds.ours.map((second, round) => second - (base[round] ?? 0));
  const shown = (differences: number[]) =>
    `${median(differences).toFixed(2)} s (${differences.map((one) => one.toFixed(2)).join(", ")})`;
  console.log(
    `preview of ${4 * SETS}: ${median(seconds.none).toFixed(1)} s, with an empty pack ${median(seconds.empty).toFixed(1)} s, with ours ${median(seconds.ours).toFixed(1)} s; ours takes more than none by ${shown(over(seconds.none))}, more than the empty one by ${shown(over(seconds.empty))}`,
  );
  expect(median(over(seconds.empty))).toBeLessThan(LIMIT_SECONDS);
}, 900_000);
