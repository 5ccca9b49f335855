// What a user can set beside endpoint and credentials: `<system>:<name>` in the stack configuration or the argument of an
// explicit provider, otherwise an environment variable that all systems share. Programs load this file as well as provider
// processes: it loads nothing heavy.
import { EXPLICIT_KEY } from "./credentials";
import { ConfigurationError } from "./errors";

/** Values of the stack configuration, or of an explicit provider. */
export type Config = (key: string) => string | undefined;

export interface Setting<T> {
  /** As an argument of an explicit provider. */
  readonly name: string;
  /** Key of the configuration, such as `ovh:requestsPerSecond`. */
  readonly key: string;
  /** The value of a text, `undefined` of an empty one; a `ConfigurationError` that calls the setting `label` of any other. */
  parse(text: string, label: string): T | undefined;
  /** The value of the configuration, else of the environment; `undefined` where neither has one. */
  read(config: Config, environment?: NodeJS.ProcessEnv): T | undefined;
}

/** What a setting may be. `parse` answers `undefined` for anything else. */
export interface Form<T> {
  wanted: string;
  parse: (text: string) => T | undefined;
}

export function above(bound: number, example: string): Form<number> {
  return { wanted: `a number above ${bound}, such as ${example}`, parse: (text) => number(text, (n) => n > bound) };
}

export function atLeast(bound: number, example: string): Form<number> {
  return { wanted: `a number from ${bound} on, such as ${example}`, parse: (text) => number(text, (n) => n >= bound) };
}

export function flag(): Form<boolean> {
  const values: Readonly<Record<string, boolean>> = { true: true, false: false };
  return { wanted: "true or false", parse: (text) => (Object.hasOwn(values, text) ? values[text] : undefined) };
}

function number(text: string, fits: (value: number) => boolean): number | undefined {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) && fits(value) ? value : undefined;
}

/** The value of a text, `undefined` of an empty one; a `ConfigurationError` that calls it `label` of any other. */
export function parseAs<T>(form: Form<T>, text: string, label: string): T | undefined {
  const trimmed = text.trim();
  const value = form.parse(trimmed);
  if (value !== undefined || trimmed === "") return value;
  throw new ConfigurationError(`${label} is "${trimmed}", but must be ${form.wanted}. Set it so, or remove it.`);
}

/** How old an object may be that an interrupted creation is taken to have made, in minutes, where that is not set. */
export const ADOPT_WITHIN_MINUTES = 60;
/** The same as a setting of a system. 0 takes nothing over. */
export const adoptWithin = (system: string): Setting<number> =>
  setting(system, "adoptWithinMinutes", atLeast(0, String(ADOPT_WITHIN_MINUTES)));

/** @param system what its configuration keys begin with, `ovh` */
export function setting<T>(system: string, name: string, form: Form<T>): Setting<T> {
  const key = `${system}:${name}`;
  const variable = `HOLDFAST_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  const parse = (text: string, label: string) => parseAs(form, text, label);
  return {
    name,
    key,
    parse,
    read(config, environment = process.env) {
      const provider = config(EXPLICIT_KEY);
      const label = provider === undefined ? key : `${provider}: ${name}`;
      return parse(config(key) ?? "", label) ?? parse(environment[variable] ?? "", variable);
    },
  };
}
