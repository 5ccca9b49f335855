/** What a list from earlier lacks may be younger than the list: missing is what a new one lacks as well. */
export async function afresh<T, A extends { maxAgeMs: number }>(
  list: (asking: A) => Promise<readonly T[]>,
  select: (all: readonly T[]) => T[],
  asking: A,
): Promise<{ all: readonly T[]; matches: T[] }> {
  const earlier = await list(asking);
  const matches = select(earlier);
  if (matches.length > 0) return { all: earlier, matches };
  const all = await list({ ...asking, maxAgeMs: 0 });
  return { all, matches: select(all) };
}
