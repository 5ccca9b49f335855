import { type OvhCall, ovhOperations } from "../../../provider/simulators";

/** One call of an operation, the same in every run of it. */
export interface Moment {
  method: string;
  /** The route, with placeholders. */
  path: string;
  /** How many calls of this route come before it in the operation. */
  occurrence: number;
  write: boolean;
}

export const described = ({ method, path, occurrence }: Moment): string =>
  `${method} ${path.replace("/storage/netapp/{serviceName}", "") || "service"} #${occurrence + 1}`;

const ROUTES = ovhOperations.map(({ method, path }) => ({
  method,
  path,
  pattern: new RegExp(`^/(?:1\\.0|v1)${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** The calls of an operation that ran undisturbed. What a wait reads again and again counts once between two changes. */
export function moments(calls: readonly OvhCall[]): Moment[] {
  const found: Moment[] = [];
  const occurrences = new Map<string, number>();
  let since = new Set<string>();
  for (const call of calls) {
    const route = ROUTES.find(({ method, pattern }) => method === call.method && pattern.test(call.path));
    if (route === undefined) continue; // the time, a token: nothing of the product happens
    const { method, path } = route;
    const key = `${method} ${path}`;
    const occurrence = occurrences.get(key) ?? 0;
    occurrences.set(key, occurrence + 1);
    const write = method !== "GET";
    if (write) since = new Set();
    else if (since.has(key)) continue;
    else since.add(key);
    found.push({ method, path, occurrence, write });
  }
  return found;
}
