import { refuse } from "./refusal";

/** Turns a path with placeholders in braces into a pattern; every placeholder stands for one segment. */
export function pathPattern(template: string): RegExp {
  const source = template
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 1 ? `(?<${part}>[^/]+)` : part.replaceAll(/[.+*?^$()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`);
}

/** The branch at the head of a path, `/1.0` or its alias `/v1`, and the path below it. */
export function splitBranch(path: string): { branch: string; rest: string } | undefined {
  const [, branch, rest] = /^(\/1\.0|\/v1)(\/.*)$/.exec(path) ?? [];
  return branch === undefined || rest === undefined ? undefined : { branch, rest };
}

/** A path segment without its percent signs. */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse(400, `${segment} is not a valid path segment`);
  }
}
