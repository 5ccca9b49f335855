import { describe, expect, inject, test } from "vitest";
import { describeCall } from "./calls";
import { combine, type Outcome, type Studied, study } from "./combination";
import type { Call, FaultKind, Phase, System, World, WorldOptions } from "./system";
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

export async function runEach(combinations: readonly (() => Promise<Outcome>)[]): Promise<Outcome[]> {
  const outcomes = await inParallel(combinations, (combination) => combination());
  record(inject("faultResults"), outcomes);
  return outcomes;
}

export const combineAll = <W extends World, O extends WorldOptions>(
  studied: Studied<W, O>,
  call: Call,
  faults: readonly FaultKind<W, O>[],
): Promise<Outcome[]> => runEach(faults.map((fault) => () => combine(studied, call, fault)));

export const failed = (outcomes: readonly Outcome[]): string[] =>
  outcomes.filter(({ problems }) => problems.length > 0).map(describeProblems);

/** The scenario up to a phase, as it goes when nothing goes wrong. */
export async function studyPhase<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  name: string,
  scenario: readonly Phase<W>[],
  options: O,
): Promise<Studied<W, O>> {
  const phases = scenario.slice(0, scenario.findIndex((phase) => phase.name === name) + 1);
  const studied = (await study(system, phases, options)).at(-1);
  if (studied === undefined) throw new Error(`The scenario has no phase ${name}`);
  return studied;
}

/** One test for each call that a phase of a scenario makes, which meets every fault that means anything for it. */
export function describeMatrix<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  scenario: readonly Phase<W>[],
  name: string,
): void {
  describe(`after any fault of any call of ${name}`, async () => {
    const only = process.env["HOLDFAST_FAULT"];
    const studied = await studyPhase(system, name, scenario, {} as O); // every option is optional
    for (const call of studied.calls) {
      const faults = system.faults.filter(
        (fault) => fault.fits(call) && (only === undefined || new RegExp(only).test(fault.name)),
      );
      test(`the scenario comes to its end: ${describeCall(system, call)}, ${faults.length} faults`, async () => {
        expect(failed(await combineAll(studied, call, faults))).toEqual([]);
      });
    }
  });
}

/** Combinations of all phases of scenarios, each of which meets `STRIDE`-th others, and those of `always`. */
export function describeSample<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  studied: readonly Studied<W, O>[],
  stride: number,
  isAlways: (call: Call, fault: FaultKind<W, O>) => boolean,
): void {
  const all = studied.flatMap((one) =>
    one.calls.flatMap((call) =>
      system.faults.filter(({ fits }) => fits(call)).map((fault) => ({ studied: one, call, fault })),
    ),
  );
  const sample = all.filter(({ call, fault }, index) => index % stride === 0 || isAlways(call, fault));
  for (const { phase } of studied) {
    const own = sample.filter((one) => one.studied.phase === phase);
    test(`${phase.name}: ${own.length} combinations`, { timeout: 300_000 }, async () => {
      expect(failed(await runEach(own.map((one) => () => combine(one.studied, one.call, one.fault))))).toEqual([]);
    });
  }
}
