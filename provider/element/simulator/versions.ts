/** A version of the API, `<major>.<minor>`. */
export type Version = readonly [major: number, minor: number];

/** Reads a version, or `undefined` when the text is none. */
export function versionOf(text: string): Version | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

/** Whether a version is another one or newer. Text that is no version is older than everything. */
export function atLeast([major, minor]: Version, text: string): boolean {
  const [otherMajor, otherMinor] = versionOf(text) ?? [0, 0];
  return major > otherMajor || (major === otherMajor && minor >= otherMinor);
}

/** Newest minor version of each major one. That there is an endpoint for each in between is our assumption, but for 5 (NetApp: GetAPI). */
const NEWEST_MINOR: Readonly<Record<number, number>> = {
  1: 0,
  2: 0,
  3: 0,
  4: 0,
  5: 1,
  6: 0,
  7: 4,
  8: 7,
  9: 6,
  10: 9,
  11: 8,
  12: 9,
};

/** The versions that a cluster answers: from 1.0 up to its own (spec 2.4). */
export function supportedVersions(current: string): string[] {
  const own = versionOf(current);
  if (own === undefined) throw new Error(`apiVersion must look like "12.5", not "${current}"`);
  const known = Object.entries(NEWEST_MINOR).flatMap(([major, newest]) =>
    Array.from({ length: newest + 1 }, (_, minor) => `${major}.${minor}`),
  );
  return [...known.filter((version) => version !== current && atLeast(own, version)), current];
}
