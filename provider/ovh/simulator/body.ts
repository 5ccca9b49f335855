import type { PolicyRule } from "./records";
import { refuse } from "./refusal";

/** The members of a JSON object in a request body. */
export type Fields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whatever the content type says: the Node client of the vendor sends none with OAuth2. An empty body is `undefined`. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    const body: unknown = JSON.parse(bytes.toString("utf8"));
    return body;
  } catch {
    throw refuse(400, "The body is not valid JSON");
  }
}

/** The body as an object; a missing one counts as empty. */
export function fieldsOf(body: unknown): Fields {
  if (body === undefined || body === null) return {};
  if (!isObject(body)) throw refuse(400, "The body must be a JSON object");
  return body;
}

/** A path segment or field that must be a UUID. */
export function uuid(value: unknown, name: string): string {
  if (typeof value !== "string" || !UUID.test(value)) throw refuse(400, `${name} is not a valid UUID`);
  return value.toLowerCase();
}

/** A text of at most 255 characters (Manila: names and descriptions). `undefined` when missing or null. */
export function optionalText(fields: Fields, name: string, longest = 255): string | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw refuse(400, `${name} must be a string`);
  if (value.length > longest) throw refuse(400, `${name} is longer than ${longest} characters`);
  return value;
}

/** A text that must be there. */
export function requiredText(fields: Fields, name: string): string {
  const value = optionalText(fields, name);
  if (value === undefined || value === "") throw refuse(400, `${name} is missing`);
  return value;
}

/** A `long` that must be there. */
export function integer(fields: Fields, name: string): number {
  const value = fields[name] ?? undefined;
  if (value === undefined) throw refuse(400, `${name} is missing`);
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw refuse(400, `${name} must be an integer`);
  return value;
}

/** A boolean; `undefined` when missing, and when null where that is not a value of its own. */
export function optionalBoolean(fields: Fields, name: string): boolean | undefined {
  const value = fields[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") throw refuse(400, `${name} must be true or false`);
  return value;
}

/** One of the given texts. */
export function choice<Value extends string>(fields: Fields, name: string, values: readonly Value[]): Value {
  const given = requiredText(fields, name);
  const found = values.find((value) => value === given);
  if (found === undefined) throw refuse(400, `${name} must be one of ${values.join(", ")}`);
  return found;
}

const numbers = (schedule: Fields, name: string, low: number, high: number): number[] => {
  const list = schedule[name] ?? [];
  if (!Array.isArray(list)) throw refuse(400, `schedule.${name} must be a list of integers`);
  return list.map((value: unknown) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
      throw refuse(400, `schedule.${name} must be a list of integers from ${low} to ${high}`);
    }
    return value;
  });
};

const policyRule = (value: unknown): PolicyRule => {
  const fields = fieldsOf(value);
  const schedule = fieldsOf(fields["schedule"]);
  const minutes = numbers(schedule, "minutes", 0, 59);
  if (minutes.length === 0) throw refuse(400, "schedule.minutes needs at least one minute");
  const copies = integer(fields, "copies");
  if (copies < 1) throw refuse(400, "copies must be at least 1");
  return {
    copies,
    prefix: requiredText(fields, "prefix"),
    schedule: {
      minutes,
      hours: numbers(schedule, "hours", 0, 23),
      days: numbers(schedule, "days", 1, 31),
      months: numbers(schedule, "months", 1, 12),
      weekdays: numbers(schedule, "weekdays", 0, 6),
    },
  };
};

/** The rules of a snapshot policy. */
export function policyRules(fields: Fields): PolicyRule[] {
  const rules = fields["rules"] ?? undefined;
  if (rules === undefined) throw refuse(400, "rules is missing");
  if (!Array.isArray(rules)) throw refuse(400, "rules must be a list");
  return rules.map(policyRule);
}

/** Read-only fields of all models: ignored in bodies, or refused when the simulator is told so. */
export function refuseReadOnly(fields: Fields, names: readonly string[]): void {
  const found = names.find((name) => fields[name] !== undefined);
  if (found !== undefined) throw refuse(400, `${found} is read-only`);
}
