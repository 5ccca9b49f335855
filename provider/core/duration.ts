const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  "\u03bcs": 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|\u03bcs|ms|s|m|h)/g;
const WHOLE = new RegExp(`^(?:${PART.source})+$`);
/** Go counts nanoseconds in 63 bits. */
const MOST_SECONDS = 2 ** 63 / 1e9;

/**
 * Seconds of a Pulumi duration such as `90s`, `15m` or `1h30m`; `undefined` for any other text.
 * The form is Go's, which is what `customTimeouts` takes.
 */
export function durationSeconds(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    seconds += Number(amount) * (UNIT_SECONDS[unit ?? ""] ?? Number.NaN);
  }
  return seconds < MOST_SECONDS ? seconds : undefined;
}

/** A length of time for people: `45 s`, `12 min`, `3 h`, `2 days`. */
export function describeSeconds(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
