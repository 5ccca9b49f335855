import type { Preview } from "./lifecycle";
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
