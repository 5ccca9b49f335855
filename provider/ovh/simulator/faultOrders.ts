import { choice, type Fields, fieldsOf, requiredText } from "./body";
import type { BodyChange } from "./bodyPatch";
import type { Fault, FaultOrder } from "./faults";
import { refuse } from "./refusal";

/** A call to one of the simulator's own routes, which an `interfere` fault makes first. */
export interface InterferingCall {
  method: string;
  path: string;
  body: unknown;
}

const KINDS = [
  "status",
  "dropBefore",
  "dropAfter",
  "slow",
  "stalled",
  "truncated",
  "body",
  "mutate",
  "missingPermission",
  "clockSkew",
  "expiredToken",
  "interfere",
] as const satisfies readonly Fault["kind"][];

/** Members that nobody reads are most likely misspelt, and a fault that means something else is worse than none. */
const refuseOthers = (fields: Fields, known: readonly string[], what: string): void => {
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) throw refuse(400, `${what} has no member ${other}; it has ${known.join(", ")}`);
};

const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  if (typeof value !== "string") throw refuse(400, `${name} must be a string`);
  return value;
};

const number = (fields: Fields, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number => {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
    const from = least === Number.MIN_SAFE_INTEGER ? "" : ` of at least ${least}`;
    throw refuse(
      400,
      `${name} must be an integer${most === Number.MAX_SAFE_INTEGER ? from : ` from ${least} to ${most}`}`,
    );
  }
  return value;
};

/** A member of the result, if the order has it. */
const given = <Name extends string, Value>(
  fields: Fields,
  name: Name,
  read: (fields: Fields, name: Name) => Value,
): Partial<Record<Name, Value>> => {
  const member: Partial<Record<Name, Value>> = {};
  if (fields[name] !== undefined) member[name] = read(fields, name);
  return member;
};

const flag = (fields: Fields, name: string): boolean => {
  const value = fields[name];
  if (typeof value !== "boolean") throw refuse(400, `${name} must be true or false`);
  return value;
};

const secondsOrDate = (fields: Fields, name: string): number | string => {
  const value = fields[name];
  return typeof value === "string" ? value : number(fields, name, 0);
};

const bodyChange = (value: unknown): BodyChange => {
  const fields = fieldsOf(value);
  refuseOthers(fields, ["path", "value"], "A change");
  const path = text(fields, "path");
  if (path !== "" && !path.startsWith("/")) throw refuse(400, `The path "${path}" must be empty or begin with a slash`);
  return { path, ...given(fields, "value", () => fields["value"]) };
};

const bodyChanges = (fields: Fields): BodyChange[] => {
  const { change } = fields;
  if (!Array.isArray(change) || change.length === 0) throw refuse(400, "change must be a list of changes");
  return change.map(bodyChange);
};

const interferingCall = (fields: Fields): InterferingCall => {
  const call = fieldsOf(fields["call"]);
  refuseOthers(call, ["method", "path", "body"], "call");
  return { method: requiredText(call, "method").toUpperCase(), path: requiredText(call, "path"), body: call["body"] };
};

/** The members of each kind besides `kind`, and how they are read. */
const MEMBERS: Readonly<Record<Fault["kind"], readonly string[]>> = {
  status: ["status", "body", "html", "retryAfter", "afterEffect"],
  dropBefore: [],
  dropAfter: [],
  slow: ["ms"],
  stalled: ["ms"],
  truncated: [],
  body: ["text", "contentType"],
  mutate: ["change"],
  missingPermission: ["action"],
  clockSkew: ["seconds"],
  expiredToken: [],
  interfere: ["call"],
};

const faultOf = (value: unknown, interfere: (call: InterferingCall) => () => void): Fault => {
  const fields = fieldsOf(value);
  const kind = choice(fields, "kind", KINDS);
  refuseOthers(fields, ["kind", ...MEMBERS[kind]], `A fault of kind ${kind}`);
  switch (kind) {
    case "status":
      return {
        kind,
        status: number(fields, "status", 200, 599),
        ...given(fields, "body", () => fields["body"]),
        ...given(fields, "html", text),
        ...given(fields, "retryAfter", secondsOrDate),
        ...given(fields, "afterEffect", flag),
      };
    case "slow":
    case "stalled":
      return { kind, ms: number(fields, "ms", 0, 2_147_483_647) };
    case "body":
      return { kind, text: text(fields, "text"), ...given(fields, "contentType", text) };
    case "mutate":
      return { kind, change: bodyChanges(fields) };
    case "missingPermission":
      return { kind, ...given(fields, "action", text) };
    case "clockSkew":
      return { kind, seconds: number(fields, "seconds", Number.MIN_SAFE_INTEGER) };
    case "interfere":
      return { kind, run: interfere(interferingCall(fields)) };
    default:
      return { kind };
  }
};

const pathOf = (fields: Fields): { path?: string | RegExp } => {
  if (fields["pathRegex"] === undefined) return given(fields, "path", text);
  if (fields["path"] !== undefined) throw refuse(400, "Give path or pathRegex, not both");
  try {
    return { path: new RegExp(text(fields, "pathRegex")) };
  } catch (error) {
    throw refuse(400, `pathRegex is no regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/**
 * A fault order from JSON: as `FaultOrder`, but `pathRegex` holds the source of an expression, `times` may be `"always"`, and an
 * `interfere` fault has a `call` to one of the simulator's own routes instead of a function.
 */
export function faultOrder(body: unknown, interfere: (call: InterferingCall) => () => void): FaultOrder {
  const fields = fieldsOf(body);
  refuseOthers(fields, ["method", "path", "pathRegex", "skip", "times", "fault"], "A fault order");
  return {
    ...given(fields, "method", text),
    ...pathOf(fields),
    ...given(fields, "skip", () => number(fields, "skip", 0)),
    ...given(fields, "times", () => (fields["times"] === "always" ? Infinity : number(fields, "times", 1))),
    fault: faultOf(fields["fault"], interfere),
  };
}
