import type { Made, Moment } from "./system";

export type { Moment } from "./system";

export const described = ({ method, path, occurrence }: Moment): string =>
  `${[method, path.replace("/storage/netapp/{serviceName}", "") || (path && "service")].filter(Boolean).join(" ")} #${occurrence + 1}`;

/** The calls of an operation that ran undisturbed. What a wait reads again and again counts once between two changes. */
export function moments(calls: readonly Made[]): Moment[] {
  const found: Moment[] = [];
  const occurrences = new Map<string, number>();
  let since = new Set<string>();
  for (const { method, path, write } of calls) {
    const key = `${method} ${path}`;
    const occurrence = occurrences.get(key) ?? 0;
    occurrences.set(key, occurrence + 1);
    if (write) since = new Set();
    else if (since.has(key)) continue;
    else since.add(key);
    found.push({ method, path, occurrence, write });
  }
  return found;
}
