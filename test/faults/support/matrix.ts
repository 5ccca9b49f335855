import { describe, expect, inject, test } from "vitest";
import { type Call, describeCall } from "./calls";
import { combine, type Outcome, type Studied, study } from "./combination";
import { FAULTS, type FaultKind } from "./faults";
import { MAIN, type Phase } from "./scenario";
import type { WorldOptions } from "./service";
import { record } from "./table";

/** Most of a combination's time is spent on waiting for a socket. */
const AT_ONCE = 6;

/** Runs tasks side by side, a few at a time. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.map((item, index) => ({ item, index }));
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next.index] = await work(next.item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** One combination that failed, with everything that was wrong. */
const describeProblems = ({ call, fault, problems, message }: Outcome): string =>
  `${call}, ${fault}: ${problems.join(" | ")}${message === undefined ? "" : ` || after: ${message}`}`;

export async function combineEach(
  combinations: readonly { studied: Studied; call: Call; fault: FaultKind }[],
): Promise<Outcome[]> {
  const outcomes = await inParallel(combinations, ({ studied, call, fault }) => combine(studied, call, fault));
  record(inject("faultResults"), outcomes);
  return outcomes;
}

export const combineAll = (studied: Studied, call: Call, faults: readonly FaultKind[]): Promise<Outcome[]> =>
  combineEach(faults.map((fault) => ({ studied, call, fault })));

export const failed = (outcomes: readonly Outcome[]): string[] =>
  outcomes.filter(({ problems }) => problems.length > 0).map(describeProblems);

/** The scenario up to a phase, as it goes when nothing goes wrong. */
export async function studyPhase(name: string, scenario: readonly Phase[], options?: WorldOptions): Promise<Studied> {
  const phases = scenario.slice(0, scenario.findIndex((phase) => phase.name === name) + 1);
  const studied = (await study(phases, options)).at(-1);
  if (studied === undefined) throw new Error(`The scenario has no phase ${name}`);
  return studied;
}

/** One test for each call that a phase of the scenario makes, which meets every fault that means anything for it. */
export function describeMatrix(name: string, scenario: readonly Phase[] = MAIN): void {
  describe(`after any fault of any call of ${name}`, async () => {
    const only = process.env["HOLDFAST_FAULT"];
    const studied = await studyPhase(name, scenario);
    for (const call of studied.calls) {
      const faults = FAULTS.filter(
        (fault) => fault.fits(call) && (only === undefined || new RegExp(only).test(fault.name)),
      );
      test(`the scenario comes to its end: ${describeCall(call)}, ${faults.length} faults`, async () => {
        expect(failed(await combineAll(studied, call, faults))).toEqual([]);
      });
    }
  });
}
