import { Output, RunError } from "@pulumi/pulumi";

// Arguments of components that must be known in the program, because they decide which resources there are.

/** A mistake in one of them. It reaches the user as its message alone. */
export type Refuse = (property: string, problem: string) => RunError;

export const refusing =
  (kind: string, name: string): Refuse =>
  (property, problem) =>
    new RunError(`${kind} ${name}: ${property} ${problem}`);

/** Whether a value comes later. */
export const isLater = (value: unknown): boolean => Output.isInstance(value) || value instanceof Promise;

/** A value of a program, for messages. An output has no text of its own. */
export function shown(value: unknown): string {
  if (isLater(value)) return "an output";
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${shown(inner)}`);
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
}

/** One of a few words. */
export function refuseOther(property: string, value: unknown, words: readonly string[], refuse: Refuse): void {
  if (value === undefined || (typeof value === "string" && words.includes(value))) return;
  const allowed = words.map((word) => `"${word}"`).join(" or ");
  throw refuse(property, `is ${shown(value)}, but must be ${allowed}, a plain value.`);
}
