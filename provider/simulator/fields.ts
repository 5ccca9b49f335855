import { refuse } from "./refusal";

/** The members of a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with members, and no list. */
export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whatever the content type says. An empty body is `undefined`. */
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

/** A text of at most 255 characters. `undefined` when missing or null. */
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

/** An integer that must be there. */
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

/** The time to add to a model's: `{"advanceMs": 1000}`. */
export function advanceMs(body: Buffer): number {
  const { advanceMs: ms } = fieldsOf(parseJson(body));
  if (typeof ms !== "number" || !Number.isSafeInteger(ms) || ms < 0) {
    throw refuse(400, "advanceMs must be a number of milliseconds, at least 0");
  }
  return ms;
}
