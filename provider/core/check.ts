import { z } from "zod";
import { durationSeconds } from "./duration";
import { FACTS } from "./facts";
import type { CheckFailure, CheckResult } from "./lifecycle";
import { isHidden, type Properties } from "./properties";
import { containsUnknown, isUnknown } from "./unknowns";

const DURATION = 'must be a Pulumi duration such as "90s", "15m" or "1h30m"';
const duration = z.string({ error: DURATION }).refine((text) => (durationSeconds(text) ?? 0) > 0, DURATION);

/** The limits that every resource takes. Changing only these calls no API. */
export const timeouts = z
  .strictObject(
    {
      create: duration.optional(),
      update: duration.optional(),
      delete: duration.optional(),
    },
    { error: 'must be { create, update, delete }, each a Pulumi duration such as "15m"' },
  )
  .optional();

/** The hidden inputs that our classes send. A program could send others, and forge what only the provider may record. */
const HIDDEN_INPUTS: ReadonlySet<string> = new Set(["__provider", "__urn", "__organization"]);

/** A schema for each input of a resource, no more and no fewer: the interface documents, the schema decides. */
export type Shape<Inputs> = { [K in keyof Required<Inputs>]: z.ZodType<unknown, Inputs[K]> };

/** A rule over more than one property. It sees every value that is known and has the right type. */
export type CrossRule = (known: Properties) => CheckFailure | undefined;

/**
 * Checks a program's inputs against a schema, property by property, so that one unknown value hides no other mistake.
 * A problem is reported only where the value is known; what is unknown passes unchanged. Texts, times and the like are
 * normalised by the schema's own transforms. Facts are never taken from a program.
 */
export function checkKnown(schema: z.ZodObject, news: Properties, rules: readonly CrossRule[] = []): CheckResult {
  const inputs: Properties = {};
  const failures: CheckFailure[] = [];
  const known: Properties = {};

  for (const [key, value] of Object.entries(news)) {
    if (isHidden(key)) {
      if (HIDDEN_INPUTS.has(key)) inputs[key] = value;
    } else if (key !== FACTS && !Object.hasOwn(schema.shape, key)) {
      failures.push({ property: key, reason: unknownProperty(key, Object.keys(schema.shape)) });
    }
  }
  for (const [key, property] of Object.entries(schema.shape)) {
    const value = Object.hasOwn(news, key) ? (news[key] ?? undefined) : undefined;
    const result = parsed(property, value);
    if (result === undefined) {
      failures.push({ property: key, reason: UNREADABLE });
      continue;
    }
    const problems = result.success ? [] : knownProblems(result.error.issues, value);
    for (const problem of problems) {
      failures.push({ property: key, reason: value === undefined ? missing(key) : reasonOf(problem, property) });
    }
    const checked = result.success ? result.data : value;
    if (!finite(checked)) {
      if (problems.length === 0) failures.push({ property: key, reason: NOT_FINITE });
      continue; // no state can hold it
    }
    if (checked !== undefined) inputs[key] = checked;
    if (result.success && checked !== undefined) known[key] = checked;
  }
  for (const rule of rules) {
    const failure = rule(known);
    if (failure) failures.push(failure);
  }
  return { inputs, failures };
}

/** A text among what was checked that is there, valid and known. */
export function knownText({ inputs, failures }: CheckResult, key: string): string | undefined {
  const value = inputs[key];
  if (typeof value !== "string" || isUnknown(value)) return undefined;
  return failures.some(({ property }) => property === key) ? undefined : value;
}

const UNREADABLE = "has members that are called like parts of every object: remove them.";

/** zod throws for an object in the place of a text whose `length` has a `valueOf` or a `toString` that is no function. */
function parsed(property: z.ZodType, value: unknown) {
  try {
    return z.safeParse(property, value);
  } catch {
    return undefined;
  }
}

const NOT_FINITE = "has a number that is NaN or infinite: set it to a finite one.";

/** NaN and infinities arrive as they are where a program has reckoned them. */
function finite(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(finite);
}

const missing = (key: string): string => `is missing: set ${key}.`;

/** The engine prints the value of the whole property, so what is wrong inside it is named in the reason. */
function reasonOf(problem: z.core.$ZodIssue, property: z.core.$ZodType): string {
  const inside = problem.path.join(".");
  if (problem.code === "unrecognized_keys") {
    const allowed = innerKeys(property, problem.path);
    return problem.keys
      .map((key) => `${[inside, key].filter(Boolean).join(".")} ${unknownProperty(key, allowed)}`)
      .join(" ");
  }
  return `${inside === "" ? "" : `its ${inside} `}${problem.message}.`;
}

/** What the object at a place inside of a property takes. */
function innerKeys(property: unknown, path: readonly PropertyKey[]): string[] {
  if (property instanceof z.ZodOptional) return innerKeys(property.unwrap(), path);
  if (property instanceof z.ZodPipe) return innerKeys(property.in, path);
  const [step, ...rest] = path;
  if (property instanceof z.ZodArray) return innerKeys(property.element, rest);
  if (!(property instanceof z.ZodObject)) return [];
  return step === undefined ? Object.keys(property.shape) : innerKeys(Reflect.get(property.shape, step), rest);
}

/** Issues whose place, or any place above it, is not an unknown; a union that holds an unknown can't be decided yet. */
function knownProblems(issues: readonly z.core.$ZodIssue[], value: unknown): readonly z.core.$ZodIssue[] {
  return issues.filter((issue) => {
    let at = value;
    for (const step of issue.path) {
      if (isUnknown(at)) return false;
      at = typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined;
    }
    return !isUnknown(at) && !(issue.code === "invalid_union" && containsUnknown(at));
  });
}

function unknownProperty(key: string, allowed: readonly string[]): string {
  const meant = allowed.find((name) => name.toLowerCase() === key.toLowerCase()) ?? closest(key, allowed);
  return meant === undefined
    ? `is not known here: check its spelling, or remove it. It takes ${allowed.join(", ")}.`
    : `is not known here: did you mean ${meant}?`;
}

/** The allowed name that shares its beginning, `sizeGb` for `size`, or that is a slip or two away, `triger` for `trigger`. */
function closest(key: string, allowed: readonly string[]): string | undefined {
  const given = key.toLowerCase();
  const names = allowed.map((name) => ({ name, lower: name.toLowerCase() }));
  const sharing = names.find(({ lower }) => given.startsWith(lower) || lower.startsWith(given));
  const near = names
    .map(({ name, lower }) => ({ name, slips: slipsBetween(given, lower) }))
    .filter(({ name, slips }) => slips <= Math.min(2, Math.floor(name.length / 3)))
    .toSorted((left, right) => left.slips - right.slips);
  return sharing?.name ?? near[0]?.name;
}

/** How many letters have to be added, taken out or changed to get from one text to the other (Levenshtein). */
function slipsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [index, other] of [...to].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[index], row[index + 1], row[index]];
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
