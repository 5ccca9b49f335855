/** So many objects are named in a message. */
export const NAMED = 10;

/** `a, b and 7 more`: the first ones, and of the rest how many there are. @param rest what these are called */
export function few<T>(all: readonly T[], text: (one: T) => string, rest = "more"): string {
  const named = all.slice(0, NAMED).map(text).join(", ");
  return all.length > NAMED ? `${named} and ${all.length - NAMED} ${rest}` : named;
}
