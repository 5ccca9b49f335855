import type fc from "fast-check";

/** `HOLDFAST_SEED` looks elsewhere, `HOLDFAST_RUNS` longer or shorter; without them each run is the same. */
const numberFrom = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

export const SEED = numberFrom("HOLDFAST_SEED", 20_261_127);

/** Settings of a property that is tried so many times, or as often as `HOLDFAST_RUNS` says. */
export const runs = (numRuns: number): fc.Parameters<unknown> => ({
  seed: SEED,
  numRuns: numberFrom("HOLDFAST_RUNS", numRuns),
  // A failure is reported with its smallest example, and finding that must not take for ever.
  interruptAfterTimeLimit: 120_000,
  markInterruptAsFailure: true,
});
