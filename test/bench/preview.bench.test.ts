import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { createProject } from "../e2e/support/project";
import { plainTest as test } from "../e2e/support/test";

const COUNT = 1000;
const ROUNDS = 3;

const OURS = `for (let number = 0; number < ${COUNT}; number += 1) new Share("share" + number, { serviceName, size: 100 });`;
const EMPTY = `import * as pulumi from "@pulumi/pulumi";
const provider = { create: async () => ({ id: "x", outs: {} }) };
class Empty extends pulumi.dynamic.Resource { constructor(name) { super(provider, name, {}); } }
for (let number = 0; number < ${COUNT}; number += 1) new Empty("empty" + number);`;

const median = (numbers: number[]): number => numbers.toSorted((left, right) => left - right)[numbers.length >> 1] ?? 0;

test(`a preview of ${COUNT} new shares against ${COUNT} empty dynamic resources`, async ({ project }) => {
  const empty = await createProject({ plain: true });
  try {
    await project.program(OURS);
    await writeFile(join(empty.folder, "index.mjs"), EMPTY);
    const seconds: { ours: number[]; empty: number[] } = { ours: [], empty: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, one] of [
        ["ours", project],
        ["empty", empty],
      ] as const) {
        const run = await one.preview();
        expect(run.code, run.text).toBe(0);
        expect(run.steps).toHaveLength(COUNT);
        seconds[name].push(run.seconds);
      }
    }
    const [ours, theirs] = [median(seconds.ours), median(seconds.empty)];
    console.log(
      `preview of ${COUNT}: shares ${ours.toFixed(1)} s, empty dynamic resources ${theirs.toFixed(1)} s, ratio ${(ours / theirs).toFixed(2)}`,
    );
  } finally {
    await empty.remove();
  }
}, 600_000);
