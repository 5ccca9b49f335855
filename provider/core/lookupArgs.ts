import { z } from "zod";
import { checkKnown } from "./check";
import { HoldfastError } from "./errors";
import type { CheckFailure } from "./lifecycle";
import { isHidden } from "./properties";

// How the arguments of look-ups are checked.

/** What a program passed, without what is not set. */
export type Given = Record<string, unknown>;

export const excludes = (given: Given, one: string, others: readonly string[]): CheckFailure | undefined => {
  const other = others.find((key) => key in given);
  if (!(one in given) || other === undefined) return undefined;
  return { property: other, reason: `can't be set beside ${one}: leave one of them out.` };
};

/** A text that is one. */
export const word = z.string({ error: "must be a text" }).min(1, "must not be empty: leave it out instead");

/** Checks all of it at once, and normalises it: one message tells every mistake. */
export function checking<Schema extends z.ZodObject>(
  schema: Schema,
  rule: (given: Given) => CheckFailure | undefined = () => undefined,
): (args: unknown) => z.output<Schema> {
  return (args) => {
    if (typeof args !== "object" || args === null) {
      throw new HoldfastError(`its first argument must be an object with ${Object.keys(schema.shape).join(", ")}.`);
    }
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined && value !== null));
    const { failures } = checkKnown(schema, given, [() => rule(given)]);
    // A resource's check passes over these in silence, for they come from us.
    const ours = Object.keys(given).filter((key) => key === "source" || isHidden(key));
    failures.push(...ours.map((property) => ({ property, reason: "is not known here: remove it." })));
    if (failures.length === 0) return schema.parse(given);
    throw new HoldfastError(
      failures.map(({ property, reason }) => `${property}${shown(given[property])} ${reason}`).join(" "),
    );
  };
}

const shown = (value: unknown): string => (typeof value === "string" ? ` "${value.slice(0, 200)}"` : "");
