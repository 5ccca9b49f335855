import { HoldfastError } from "./errors";

/** A bag of properties as it travels between the engine and a lifecycle. */
export type Properties = Record<string, unknown>;

/** Keys of ours that begin with two underscores: kept in the state, shown to nobody, never sent to a service. */
export const isHidden = (key: string): boolean => key.startsWith("__");

/** The keys that a hidden output lists. */
export const keysIn = (list: unknown): readonly string[] =>
  typeof list === "string" ? list.split(",").filter(Boolean) : [];

/** The bag without hidden keys. */
export const visible = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !isHidden(key)));

/**
 * The bag as the engine accepts it: an `undefined` anywhere fails the whole operation with "Unexpected struct type.",
 * so undefined and null members are left out, times become RFC 3339 texts, and what can't be stored is an error here.
 */
export function clean(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, cleanValue(value, key)]),
  );
}

function cleanValue(value: unknown, where: string): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number" && !Number.isFinite(value)) throw new HoldfastError(`${where} is not a finite number.`);
  if (typeof value === "bigint") return cleanBigInt(value, where);
  if (typeof value === "function" || typeof value === "symbol") {
    throw new HoldfastError(`${where} is a ${typeof value}: it can't be stored in the state.`);
  }
  if (Array.isArray(value)) return value.map((item, index) => cleanValue(item ?? null, `${where}[${index}]`));
  if (typeof value === "object" && value !== null) return clean(Object.fromEntries(Object.entries(value)));
  return value;
}

function cleanBigInt(value: bigint, where: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new HoldfastError(`${where} is ${value}: too large for the state.`);
  return number;
}

/** True when both are the same JSON value. Order of members does not count. */
export function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const leftEntries = Object.entries(left).filter(([, value]) => value !== undefined);
  const rightMembers = new Map(Object.entries(right).filter(([, value]) => value !== undefined));
  return (
    leftEntries.length === rightMembers.size &&
    leftEntries.every(([key, value]) => rightMembers.has(key) && equal(value, rightMembers.get(key)))
  );
}

/** The members that are set: what is left out stays as a service has it. */
export const given = (members: object): Properties =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** A text that every state of the kind holds. Without it nothing can be looked up, which proves nothing gone. */
export function recorded<K extends string>(state: { [key in K]?: string | undefined }, key: K): string {
  const value = state[key];
  if (typeof value === "string" && value !== "") return value;
  throw new HoldfastError(
    `the state has no ${key}, so the object can't be looked up. Import it again with its parents.`,
  );
}
