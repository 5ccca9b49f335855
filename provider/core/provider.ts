import * as pulumi from "@pulumi/pulumi";
import { EXPLICIT_KEY } from "./credentials";
import { ConfigurationError } from "./errors";
import { isLater } from "./plainArguments";
import type { Setting } from "./settings";

/** A part of an account, as an argument of a provider. */
export interface AccountField {
  name: string;
  /** The key under which the engine passes it to a provider process. */
  key: string;
  /** Whether it is made secret. */
  secret?: boolean;
  /** Whether it may be a boolean as well as a text. */
  flag?: boolean;
  /** Throws a `ConfigurationError` that calls it `label` for a text that it can't be. */
  parse?: (text: string, label: string) => unknown;
}

/** What makes a system's provider its own. */
export interface ProviderKind {
  /** What messages call the class, `ovh.Provider`. */
  className: string;
  /** Endpoint and credentials, in the order of messages. */
  fields: readonly AccountField[];
  settings: readonly Setting<unknown>[];
  /** Refuses what is missing or contradicts itself whatever the outputs among the arguments turn out to be. */
  refuse: (label: string, given: Given) => void;
}

/** The arguments of a program. */
export type Given = Readonly<Record<string, unknown>>;

/** What look-ups need of a provider. They run in the program, where nobody but the constructor has seen the arguments. */
export interface ProviderAccount {
  /** What messages call it. */
  label: string;
  /** By their configuration keys, secrets as secret outputs. */
  settings: Record<string, unknown>;
}

/**
 * The base of the explicit providers of all systems: a provider process of its own, whose account is the arguments. A secret
 * that another resource of the program makes is taken as it is.
 */
export abstract class AccountProvider extends pulumi.ProviderResource {
  /** @internal */
  protected constructor(kind: ProviderKind, name: string, args: object, opts?: pulumi.ResourceOptions) {
    const label = `${kind.className} "${name}"`;
    const given: Given = { ...args };
    refuseMistakes(kind, label, given);
    const settings = settingsOf(kind, given);
    // The package under which the engine knows every dynamic resource.
    super("pulumi-nodejs", name, { ...settings, [EXPLICIT_KEY]: label }, opts);
    accounts(kind.className).set(this, { label, settings });
    labels.set(this, label);
  }
}

const labels = new WeakMap<object, string>();

/** What messages call a provider of ours, of whatever system. */
export const labelOf = (provider: object): string | undefined => labels.get(provider);

/** The account of a provider of the class that messages call so. */
export const accountOf = (className: string, value: unknown): ProviderAccount | undefined =>
  typeof value === "object" && value !== null ? accounts(className).get(value) : undefined;

/**
 * Kept beside the providers, so that nothing that prints, compares or serializes one meets its credentials, and in one
 * place for all copies of the package in this process.
 */
function accounts(className: string): WeakMap<object, ProviderAccount> {
  const key = Symbol.for(`pulumi-holdfast/${className}/1`);
  const known: unknown = Reflect.get(globalThis, key);
  if (known instanceof WeakMap) return known;
  const made = new WeakMap<object, ProviderAccount>();
  Object.defineProperty(globalThis, key, { value: made });
  return made;
}

/** As in every other place where an account can be, an empty text counts as not set. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

function settingsOf({ fields, settings }: ProviderKind, given: Given): Record<string, unknown> {
  const of = (name: string, key: string, sent: (value: unknown) => unknown) =>
    isEmpty(given[name]) ? [] : [[key, sent(given[name])] as const];
  return Object.fromEntries([
    ...fields.flatMap(({ name, key, secret = false, flag = false }) =>
      of(name, key, secret ? pulumi.secret : flag ? asText : (value) => value),
    ),
    ...settings.flatMap(({ name, key }) => of(name, key, asText)),
  ]);
}

/** A provider process gets texts. */
const asText = (value: unknown) => pulumi.output([value]).apply(([known]) => (isEmpty(known) ? undefined : `${known}`));

/** Reports what is wrong whatever an output turns out to be; the provider process looks again at all of it. */
function refuseMistakes({ fields, settings, refuse }: ProviderKind, label: string, given: Given): void {
  const all: readonly (AccountField | Setting<unknown>)[] = [...fields, ...settings];
  for (const [key, value] of Object.entries(given)) {
    const known = all.find(({ name }) => name === key);
    if (known === undefined) {
      const names = all.map(({ name }) => name);
      const meant = names.find((name) => name.toLowerCase() === key.toLowerCase());
      const advice = meant === undefined ? `It takes ${names.join(", ")}.` : `Did you mean ${meant}?`;
      throw new ConfigurationError(`${label}: ${key} is not known here. ${advice}`);
    }
    if (isEmpty(value) || isLater(value)) continue;
    const field = fields.find(({ name }) => name === key);
    if (field !== undefined && field.flag !== true && typeof value !== "string") {
      throw new ConfigurationError(`${label}: ${key} must be a text.`);
    }
    known.parse?.(String(value), `${label}: ${key}`);
  }
  refuse(label, given);
}
