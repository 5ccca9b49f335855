import { afterAll, describe } from "vitest";
import { live, STEPS, type Times } from "./support/cell";
import { type Cell, NEWEST_SDK, OLDEST_SDK } from "./support/install";
import { MANAGERS, type ManagerName } from "./support/managers";
import type { ProgramName } from "./support/programs";
import { test } from "./support/tarball";
import { versionOf } from "./support/tools";

const TS5: ProgramName = "TypeScript 5, CommonJS";
const TS6: ProgramName = "TypeScript 6, CommonJS";
const TS5_ESM: ProgramName = "TypeScript 5, ESM";
const STRIPPED: ProgramName = "TypeScript 6, ESM, types stripped";
const JS: ProgramName = "JavaScript, ESM";
const CJS: ProgramName = "JavaScript, CommonJS";

/**
 * Every package manager with every kind of program. Node and SDK alternate, so that each manager and each kind meets
 * both of both.
 */
const CELLS: [ManagerName, ProgramName, 22 | 24, "oldest" | "newest"][] = [
  ["npm", TS5, 22, "oldest"],
  ["npm", TS6, 24, "newest"],
  ["npm", TS5_ESM, 22, "newest"],
  ["npm", STRIPPED, 24, "oldest"],
  ["npm", JS, 22, "oldest"],
  ["npm", CJS, 24, "newest"],
  ["pnpm", TS5, 24, "newest"],
  ["pnpm", TS6, 22, "oldest"],
  ["pnpm", TS5_ESM, 24, "oldest"],
  ["pnpm", STRIPPED, 22, "newest"],
  ["pnpm", JS, 24, "newest"],
  ["pnpm", CJS, 22, "oldest"],
  ["pnpm workspace", TS5, 22, "newest"],
  ["pnpm workspace", TS6, 24, "oldest"],
  ["pnpm workspace", TS5_ESM, 22, "oldest"],
  ["pnpm workspace", STRIPPED, 24, "newest"],
  ["pnpm workspace", JS, 22, "newest"],
  ["pnpm workspace", CJS, 24, "oldest"],
  ["yarn", TS5, 24, "oldest"],
  ["yarn", TS6, 22, "newest"],
  ["yarn", TS5_ESM, 24, "newest"],
  ["yarn", STRIPPED, 22, "oldest"],
  ["yarn", JS, 24, "oldest"],
  ["yarn", CJS, 22, "newest"],
  ["yarn 4", TS5, 22, "newest"],
  ["yarn 4", TS6, 24, "oldest"],
  ["yarn 4", TS5_ESM, 22, "oldest"],
  ["yarn 4", STRIPPED, 24, "newest"],
  ["yarn 4", JS, 22, "newest"],
  ["yarn 4", CJS, 24, "oldest"],
  // other versions of these, and what we know to work without promising it
  ["npm 10", TS6, 22, "newest"],
  ["npm 12", TS6, 24, "newest"],
  ["pnpm 10", TS6, 22, "newest"],
  ["yarn 4 PnP", CJS, 22, "newest"],
  ["bun", STRIPPED, 24, "newest"],
];

const rows: { cell: Cell; name: string; done: Partial<Times>; ok: boolean }[] = [];

describe.concurrent("a program runs from preview to destroy", () => {
  for (const [manager, program, node, age] of CELLS) {
    const sdk = age === "oldest" ? OLDEST_SDK : NEWEST_SDK;
    const name = `${manager} (${versionOf(MANAGERS[manager].tool)}), ${program}, Node ${node}, SDK ${sdk}`;
    test(name, async ({ tarball }) => {
      const cell: Cell = { manager, program, node, sdk };
      const row = { cell, name, done: {}, ok: false };
      rows.push(row);
      await live(cell, tarball, (step) => Object.assign(row.done, step));
      row.ok = true;
    });
  }
});

afterAll(() => {
  const columns = STEPS.map((step) => step.padStart(8)).join("");
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows
    .toSorted((one, other) => one.name.localeCompare(other.name))
    .map(({ name, done, ok }) => {
      const seconds = STEPS.map((step) => (done[step]?.toFixed(1) ?? "-").padStart(8)).join("");
      return `${name.padEnd(width)}${seconds}  ${ok ? "ok" : "FAILED"}`;
    });
  console.log(["seconds".padEnd(width) + columns, ...lines].join("\n"));
});
