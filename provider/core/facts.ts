import type { CheckFailure, CheckResult, Preview } from "./lifecycle";
import type { Properties } from "./properties";

/**
 * The input that no program sets: what a check looked up about something that the program names by its ID, when it began to
 * name it. It stays as it was then, and absent where nobody could be asked: the world may move on, and no preview shows it.
 */
export const FACTS = "source";

/**
 * Whether inputs name something anew: a create follows, or the recorded ones name something else. Where those tell nothing,
 * as after a move or in an old state, it counts as named before.
 */
export function namedAnew({ creating, recorded }: Preview, inputs: Properties, ...keys: readonly string[]): boolean {
  return creating || keys.some((key) => isId(recorded[key]) && recorded[key] !== inputs[key]);
}

const isId = (value: unknown): boolean => typeof value === "string" || typeof value === "number";

/** The inputs with the facts that are recorded for what they name, if there are any. */
export function withRecordedFacts({ recorded }: Preview, inputs: Properties, ...keys: readonly string[]): Properties {
  const kept = keys.every((key) => recorded[key] === inputs[key]) ? recorded[FACTS] : undefined;
  return kept === undefined ? inputs : { ...inputs, [FACTS]: kept };
}

/** What a service says of something that a program names. */
export interface Sight<Facts> {
  facts?: Facts | undefined;
  /** What create would refuse. */
  failure?: CheckFailure | undefined;
}

/** Looks at it. `maxAgeMs` is how old a list may be; any of this process will do where it is undefined. */
export type Look<Facts> = (maxAgeMs: () => number | undefined) => Promise<Sight<Facts>>;

/**
 * Adds what the service says of what the inputs name under `keys`, where they name it anew, and refuses what create would
 * refuse. Recorded facts stay as they are. What this process has just made is left to create: no preview has known its ID.
 * @param look prepares the look; `undefined` where too little is known
 */
export async function withFacts<Facts extends object>(
  checked: CheckResult,
  preview: Preview,
  keys: readonly string[],
  look: ((patience: AbortSignal) => Promise<Look<Facts>>) | undefined,
): Promise<CheckResult> {
  if (!namedAnew(preview, checked.inputs, ...keys)) {
    return { ...checked, inputs: withRecordedFacts(preview, checked.inputs, ...keys) };
  }
  if (look === undefined) return checked;
  const began = preview.now();
  const sight = await preview.lookUp(async (patience) => {
    const at = await look(patience);
    const seen = await at(() => undefined);
    // A kept list may be older than the object: nothing is refused by one that was asked for before.
    return seen.failure === undefined ? seen : at(() => preview.now() - began);
  });
  if (sight === undefined) return checked;
  const { facts, failure } = sight;
  return {
    inputs: facts === undefined ? checked.inputs : { ...checked.inputs, [FACTS]: facts },
    failures: failure === undefined ? checked.failures : [...checked.failures, failure],
  };
}
