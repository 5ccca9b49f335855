/** Takes credentials out of texts, in the forms in which a service could echo them. */
export interface Secrets {
  /** One more, such as a token that was given out meanwhile. */
  add(value: string): void;
  scrub(text: string): string;
}

/** @param form what looks like a secret, whatever it is */
export function createSecrets(values: readonly string[], form?: RegExp): Secrets {
  const known = new Set<string>();
  const add = (value: string) => {
    // Anything shorter is no credential, and replacing it would spoil ordinary words.
    if (value.length < 4) return;
    const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
    known.add(value).add(encodeURIComponent(value)).add(base64);
  };
  for (const value of values) add(value);
  return {
    add,
    scrub(text) {
      const longestFirst = [...known].sort((a, b) => b.length - a.length);
      const rest = longestFirst.reduce((shorter, value) => shorter.replaceAll(value, "***"), text);
      return form === undefined ? rest : rest.replace(form, "***");
    },
  };
}
