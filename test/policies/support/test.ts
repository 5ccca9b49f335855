import { test as base } from "vitest";
import { type Analyzer, startPack, type Verdict } from "./analyzer";

let started: Promise<Analyzer> | undefined;

/** The whole pack, with every rule's own level and defaults. */
export const test = base.extend<{ pack: Analyzer }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  pack: async ({}, use) => {
    started ??= startPack("holdfast");
    const pack = await started;
    await pack.configure();
    await use(pack);
  },
});

/** What one rule said: `level of`, and the last line of its message. */
export const said = (verdicts: Verdict[], rule: string): string[] =>
  verdicts
    .filter((one) => one.rule === rule)
    .map(({ level, of, message }) => `${level} ${of}: ${message.split("\n").at(-1)}`);
