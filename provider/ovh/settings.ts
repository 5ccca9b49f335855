// What a user can set beside endpoint and credentials: `ovh:<name>` in the stack configuration or the argument of an explicit
// provider, otherwise an environment variable. Programs load this file as well as provider processes: it loads nothing heavy.

import { EXPLICIT_KEY } from "../core/credentials";
import { ConfigurationError } from "../core/errors";

/** Values of the stack configuration, or of an explicit provider. */
type Config = (key: string) => string | undefined;

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

/** Calls of the account per second and process. */
export const requestsPerSecond = setting("requestsPerSecond", above(0, "10"));
/** How old an object may be that an interrupted creation is taken to have made, in minutes. */
export const adoptWithinMinutes = setting("adoptWithinMinutes", atLeast(0, "60"));
/** Whether descriptions may carry the mark by which such an object is found. */
export const descriptionMark = setting("descriptionMark", flag());

export const ALL_SETTINGS: readonly Setting<unknown>[] = [requestsPerSecond, adoptWithinMinutes, descriptionMark];

/** How creations find what an interrupted one has left behind. */
export interface StorageSettings {
  adoptWithinMinutes: number;
  descriptionMark: boolean;
}

/** As they are set, or by default: what is an hour old at most is taken over, and descriptions carry the mark. */
export const storageSettings = (config: Config): StorageSettings => ({
  adoptWithinMinutes: adoptWithinMinutes.read(config) ?? 60,
  descriptionMark: descriptionMark.read(config) ?? true,
});

/** What a setting may be. `parse` answers `undefined` for anything else. */
interface Form<T> {
  wanted: string;
  parse: (text: string) => T | undefined;
}

function above(bound: number, example: string): Form<number> {
  return { wanted: `a number above ${bound}, such as ${example}`, parse: (text) => number(text, (n) => n > bound) };
}

function atLeast(bound: number, example: string): Form<number> {
  return { wanted: `a number from ${bound} on, such as ${example}`, parse: (text) => number(text, (n) => n >= bound) };
}

function flag(): Form<boolean> {
  const values: Readonly<Record<string, boolean>> = { true: true, false: false };
  return { wanted: "true or false", parse: (text) => (Object.hasOwn(values, text) ? values[text] : undefined) };
}

function number(text: string, fits: (value: number) => boolean): number | undefined {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) && fits(value) ? value : undefined;
}

function setting<T>(name: string, form: Form<T>): Setting<T> {
  const key = `ovh:${name}`;
  const variable = `HOLDFAST_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  const parse = (text: string, label: string): T | undefined => {
    const trimmed = text.trim();
    const value = form.parse(trimmed);
    if (value !== undefined || trimmed === "") return value;
    throw new ConfigurationError(`${label} is "${trimmed}", but must be ${form.wanted}. Set it so, or remove it.`);
  };
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
