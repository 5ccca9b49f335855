import { refuse } from "./refusal";

/** Turns a path with placeholders in braces into a pattern; every placeholder stands for one segment. */
export function pathPattern(template: string): RegExp {
  const source = template
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 === 1 ? `(?<${part}>[^/]+)` : part.replaceAll(/[.+*?^$()|[\]\\]/g, "\\$&")))
    .join("");
  return new RegExp(`^${source}$`);
}

/** A path segment without its percent signs. */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refuse(400, `${segment} is not a valid path segment`);
  }
}
