import { type Fields, isObject } from "../../simulator/fields";
import { fail } from "./errors";
import { atLeast, type Version } from "./versions";

const wrongType = (name: string, wanted: string) => fail("xInvalidParameterType", `${name} must be ${wanted}`);

/** Numbers sent as text count as numbers: inferred from the vendor's own examples (spec 2.1). */
const toInteger = (name: string, value: unknown): number => {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw wrongType(name, "an integer");
  return number;
};

/** The parameters of a call that its method and version know. `null` counts as absent unless said otherwise. */
export class Params {
  readonly version: Version;
  /** Parameters that are not recognised. The service ignores them, and says so (spec 2.2). */
  readonly unused: Fields;
  readonly #given: Fields;

  /**
   * @param known - Names of the method's parameters, separated by blanks; `attributes@6.0` for one that exists since a version.
   */
  constructor(given: Fields, known: string, version: Version) {
    this.version = version;
    const names = new Set<string>();
    for (const word of known.split(" ")) {
      const [name = "", since = "1.0"] = word.split("@");
      // below its version a parameter is ignored: inferred (spec 2.4)
      if (atLeast(version, since)) names.add(name);
    }
    const entries = Object.entries(given);
    this.#given = Object.fromEntries(entries.filter(([name]) => names.has(name)));
    this.unused = Object.fromEntries(entries.filter(([name]) => !names.has(name)));
  }

  /** The value as it was sent; `undefined` when there was none. */
  raw(name: string): unknown {
    return this.#given[name];
  }

  has(name: string): boolean {
    return (this.#given[name] ?? undefined) !== undefined;
  }

  /** Refuses a call without these (spec 12). */
  require(...names: string[]): void {
    const missing = names.find((name) => !this.has(name));
    if (missing !== undefined) throw fail("xMissingParameter", `Missing member=[${missing}]`);
  }

  optionalInteger(name: string): number | undefined {
    return this.has(name) ? toInteger(name, this.#given[name]) : undefined;
  }

  integer(name: string): number {
    this.require(name);
    return toInteger(name, this.#given[name]);
  }

  /** Ids or numbers; `undefined` when there are none. */
  integers(name: string): number[] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#given[name];
    if (!Array.isArray(value)) throw wrongType(name, "a list of integers");
    return value.map((one: unknown) => toInteger(name, one));
  }

  texts(name: string): string[] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#given[name];
    if (!Array.isArray(value)) throw wrongType(name, "a list of strings");
    return value.map(String);
  }

  optionalText(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#given[name];
    if (typeof value !== "string") throw wrongType(name, "a string");
    return value;
  }

  text(name: string): string {
    this.require(name);
    return this.optionalText(name) ?? "";
  }

  /** A boolean, also as the text `true` or `false` (spec 2.1). */
  flag(name: string): boolean | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#given[name];
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw wrongType(name, "a boolean");
  }

  object(name: string): Fields | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#given[name];
    if (!isObject(value)) throw wrongType(name, "an object");
    return value;
  }

  /** A time in ISO 8601, in milliseconds since the epoch. */
  time(name: string): number {
    const at = Date.parse(this.text(name));
    if (Number.isNaN(at)) throw fail("xInvalidParameter", `${name} must be an ISO 8601 time`);
    return at;
  }

  /** Numbers inside an object such as qos. */
  static numbers(fields: Fields, names: readonly string[]): Record<string, number> {
    const known = names.filter((name) => (fields[name] ?? undefined) !== undefined);
    return Object.fromEntries(known.map((name) => [name, toInteger(name, fields[name])]));
  }
}
