// What sources of endpoints and credentials have in common, for programs as well as for provider processes, so this file
// loads nothing.

/**
 * Hidden setting of an explicit provider: what messages call it, such as `ovh.Provider "second"`. Where it is set, nothing
 * but the provider's own settings counts.
 */
export const EXPLICIT_KEY = "__holdfast:provider";

/** How a source spells its fields and is called in messages. */
export interface Wording<Field extends string> {
  place: string;
  spell: (field: Field) => string;
}

/** How a message speaks of a source: a file and a provider stand for themselves. */
export const placeOf = (source: string): string => (/[\\/"]/.test(source) ? source : `the ${source}`);
