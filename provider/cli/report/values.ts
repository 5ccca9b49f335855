import { isUnknown } from "../../core/unknowns";

/** A JSON object, of which nothing else is known. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
export const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];

/** The key that marks a value of a special kind in the engine's JSON, and the kind that is a secret (SDK `runtime/rpc`). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET_KIND = "1b47061264138c4ac30d75fd1eb44270";

/** What stands in a report where a secret was. */
export const SECRET = "[secret]";

/** Properties without hidden keys, and with a word in place of each secret, at any depth. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (!isFields(value)) return value;
  if (SIGNATURE in value) return value[SIGNATURE] === SECRET_KIND ? SECRET : "(asset)";
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, entry]) => [key, withoutSecrets(entry)]),
  );
}

/** Paths of the values that are not known before the update: `size`, `select.before`. */
export function unknownPaths(value: unknown, path = ""): string[] {
  if (isUnknown(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => unknownPaths(entry, path === "" ? key : `${path}.${key}`));
}

/** All texts and names of properties in a value. */
export function textsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value === "string") found.add(value);
  if (typeof value !== "object" || value === null) return found;
  for (const [key, entry] of Object.entries(value)) textsIn(entry, found.add(key));
  return found;
}
