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

const median = (numbers: number[]): number => numbers.toSorted((left, right) => left - right)[numbers.length >> 1] ?? 0;

test(`the policy pack on a preview of ${4 * SETS} new resources`, async ({ project }) => {
  await project.program(PROGRAM);
  const seconds: { without: number[]; with: number[] } = { without: [], with: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, args] of [
      ["without", []],
      ["with", ["--policy-pack", join(packageRoot, "policies")]],
    ] as const) {
      const run = await project.preview(...args);
      expect(run.code, run.text).toBe(0);
      expect(run.steps).toHaveLength(4 * SETS);
      seconds[name].push(run.seconds);
    }
  }
  const added = median(seconds.with.map((second, round) => second - (seconds.without[round] ?? 0)));
  console.log(
    `preview of ${4 * SETS}: ${median(seconds.without).toFixed(1)} s, with the pack ${median(seconds.with).toFixed(1)} s, ${added.toFixed(2)} s more (of ${seconds.with.map((s, i) => (s - (seconds.without[i] ?? 0)).toFixed(2)).join(", ")})`,
  );
  expect(added).toBeLessThan(LIMIT_SECONDS);
}, 600_000);
