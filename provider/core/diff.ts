import type { Difference } from "./lifecycle";
import { equal, keysIn, type Properties } from "./properties";
import { containsUnknown } from "./unknowns";

/** Which changes make a new object. Every other input is changed in place. */
export interface DiffTable {
  /** A change of one of these replaces the object. */
  replace: readonly string[];
  /** Those of which the object keeps what it has when the program takes them out: there is nothing to make anew for. */
  stays?: readonly string[];
  /** Old and new can't exist side by side. */
  deleteBeforeReplace?: (olds: Properties, news: Properties) => boolean;
}

/** Hidden output: the optional inputs that the program left out when the object was made or last changed. */
export const ABSENT = "__absent";

/** The inputs that the program is known to have left out; `undefined` where the state does not tell. */
export const absentInputs = (state: Properties): readonly string[] | undefined =>
  typeof state[ABSENT] === "string" ? keysIn(state[ABSENT]) : undefined;

/**
 * Compares what was recorded with what is wanted. A replace key without an old value replaces only where the program is
 * known to have left it out: an older version, an import or an alias may just not have recorded it. An unknown new value
 * counts as changed. `changes` stays undefined, so the engine shows exact properties and `replaceOnChanges` works.
 */
export function changed(olds: Properties, news: Properties, table: DiffTable): Difference {
  const absent = absentInputs(olds) ?? [];
  const replaces = table.replace.filter((key) => {
    // The service's own choice, a path's name for example, is no input that was taken out.
    if (news[key] === undefined && (absent.includes(key) || table.stays?.includes(key))) return false;
    if (olds[key] === undefined && !(absent.includes(key) && news[key] !== undefined)) return false;
    return containsUnknown(news[key]) || !equal(olds[key], news[key]);
  });
  const difference: Difference = { replaces };
  // Also without a reason of ours: `replaceOnChanges` may have one.
  if (table.deleteBeforeReplace?.(olds, news)) difference.deleteBeforeReplace = true;
  return difference;
}
