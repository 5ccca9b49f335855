import * as pulumi from "@pulumi/pulumi";
import { EXPLICIT_KEY } from "../core/credentials";
import { ConfigurationError } from "../core/errors";
import {
  ALL_FIELDS,
  type CredentialField,
  configKey,
  FIELDS_OF,
  incomplete,
  kindsOf,
  noneGiven,
  tooManyKinds,
} from "./credentials";
import { isLater } from "./plainArguments";
import { ALL_SETTINGS } from "./settings";

/**
 * A second OVHcloud account, for the resources and look-ups that are given it with `{ provider }`, and for the children of
 * a component that is given it with `{ providers: [it] }` or has it by inheritance.
 *
 * Its endpoint and credentials are the arguments and nothing else: neither stack configuration nor environment nor file
 * adds to them. The other arguments also come from the environment, and not from the stack configuration.
 * `applicationSecret`, `consumerKey`, `clientSecret` and `accessToken` are made secret, so the state holds them encrypted. A
 * credential that another resource of the program makes is taken as it is: as long as a preview does not know it, what the
 * provider serves is shown without asking the service. New credentials change no resource; `refresh` and `destroy` use
 * those of the last `up`.
 *
 * Errors: two kinds of credentials, an incomplete kind, or none; a name that is no argument; a setting out of its
 * range. Where the values are plain, the constructor fails; otherwise the first call does. No message repeats a credential.
 * Source: OVHcloud guide "First steps with the OVHcloud APIs" (application keys) and "Managing OVHcloud service accounts
 * via the API" (service accounts).
 * @example
 * ```ts
 * const account = new pulumi.Config("second");
 * const second = new Provider("second", {
 *   endpoint: account.require("endpoint"),
 *   accessToken: account.requireSecret("accessToken"),
 * });
 * const elsewhere = new Share("elsewhere", { serviceName, size: 100 }, { provider: second });
 * ```
 */
export class Provider extends pulumi.ProviderResource {
  /** @internal */
  static readonly __pulumiType = "pulumi:providers:pulumi-nodejs";

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    const label = `ovh.Provider "${name}"`;
    const given: Given = { ...args };
    refuseMistakes(label, given);
    const settings = ARGUMENTS.flatMap((field) => {
      const value = given[field];
      if (isEmpty(value)) return [];
      return [[configKey(field), SECRETS.has(field) ? pulumi.secret(value) : value]];
    });
    for (const { name: setting, key } of ALL_SETTINGS) {
      if (!isEmpty(given[setting])) settings.push([key, asText(given[setting])]);
    }
    // The package under which the engine knows every dynamic resource.
    super("pulumi-nodejs", name, { ...Object.fromEntries(settings), [EXPLICIT_KEY]: label }, opts);
    accounts.set(this, { label, settings: Object.fromEntries(settings) });
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Provider {
    return accountOf(value) !== undefined;
  }
}

/** Arguments of `Provider`: one kind of credentials, whole. */
export type ProviderArgs = ApplicationKeyArgs | ServiceAccountArgs | AccessTokenArgs;

/** What every account has. */
export interface EndpointArgs {
  /**
   * Where the API is: `ovh-eu`, `ovh-ca`, `ovh-us` or another name that OVHcloud's tools know, or the URL of an API such as
   * `https://eu.api.ovh.com/1.0`; plain http for this machine only. @default "ovh-eu"
   */
  endpoint?: pulumi.Input<string> | undefined;
  /**
   * Calls to the API per second, above 0, that this provider never exceeds, repetitions included. Without it, calls are
   * made as they come until the service refuses one as too many (429), and then at the rate that it takes.
   * @default HOLDFAST_REQUESTS_PER_SECOND, or none
   */
  requestsPerSecond?: pulumi.Input<number> | undefined;
  /**
   * How old an object may be, in minutes, that an interrupted creation is taken to have made: then it is taken over instead
   * of made a second time. 0 takes nothing over. @default HOLDFAST_ADOPT_WITHIN_MINUTES, or 60
   */
  adoptWithinMinutes?: pulumi.Input<number> | undefined;
  /**
   * Whether an object whose name the program chooses carries the mark by which it is found again, at the end of its
   * description. @default HOLDFAST_DESCRIPTION_MARK, or true
   */
  descriptionMark?: pulumi.Input<boolean> | undefined;
}

/** An application with a consumer key: requests are signed. */
export interface ApplicationKeyArgs extends EndpointArgs {
  /** Names the application. No secret. */
  applicationKey: pulumi.Input<string>;
  /** Signs the requests. Made secret. */
  applicationSecret: pulumi.Input<string>;
  /** Stands for the account and the calls that it allows. Made secret. */
  consumerKey: pulumi.Input<string>;
  /** Belongs to another kind of credentials. */
  clientId?: undefined;
  /** Belongs to another kind of credentials. */
  clientSecret?: undefined;
  /** Belongs to another kind of credentials. */
  accessToken?: undefined;
}

/** A service account (OAuth2): on `ovh-eu`, `ovh-ca` and `ovh-us` only. */
export interface ServiceAccountArgs extends EndpointArgs {
  /** Names the service account. No secret. */
  clientId: pulumi.Input<string>;
  /** Its secret. Made secret. */
  clientSecret: pulumi.Input<string>;
  /** Belongs to another kind of credentials. */
  applicationKey?: undefined;
  /** Belongs to another kind of credentials. */
  applicationSecret?: undefined;
  /** Belongs to another kind of credentials. */
  consumerKey?: undefined;
  /** Belongs to another kind of credentials. */
  accessToken?: undefined;
}

/** A token that something else has fetched. It is not renewed, so it has to outlive the operation. */
export interface AccessTokenArgs extends EndpointArgs {
  /** The token. Made secret. */
  accessToken: pulumi.Input<string>;
  /** Belongs to another kind of credentials. */
  applicationKey?: undefined;
  /** Belongs to another kind of credentials. */
  applicationSecret?: undefined;
  /** Belongs to another kind of credentials. */
  consumerKey?: undefined;
  /** Belongs to another kind of credentials. */
  clientId?: undefined;
  /** Belongs to another kind of credentials. */
  clientSecret?: undefined;
}

type Given = Record<string, unknown>;

const ARGUMENTS: readonly (CredentialField | "endpoint")[] = ["endpoint", ...ALL_FIELDS];
const SECRETS: ReadonlySet<string> = new Set(["applicationSecret", "consumerKey", "clientSecret", "accessToken"]);

/** As in every other place where an account can be, an empty text counts as not set. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

/** A provider process gets texts. */
const asText = (value: unknown) => pulumi.output([value]).apply(([known]) => (isEmpty(known) ? undefined : `${known}`));

/** Reports what is wrong whatever an output turns out to be; the provider process looks again at all of it. */
function refuseMistakes(label: string, given: Given): void {
  for (const [key, value] of Object.entries(given)) {
    const setting = ALL_SETTINGS.find(({ name }) => name === key);
    if (setting !== undefined) {
      if (!isEmpty(value) && !isLater(value)) setting.parse(String(value), `${label}: ${key}`);
      continue;
    }
    const known = ARGUMENTS.find((name) => name === key);
    if (known === undefined) {
      const names = [...ARGUMENTS, ...ALL_SETTINGS.map(({ name }) => name)];
      const meant = names.find((name) => name.toLowerCase() === key.toLowerCase());
      const advice = meant === undefined ? `It takes ${names.join(", ")}.` : `Did you mean ${meant}?`;
      throw new ConfigurationError(`${label}: ${key} is not known here. ${advice}`);
    }
    if (!isEmpty(value) && !isLater(value) && typeof value !== "string") {
      throw new ConfigurationError(`${label}: ${key} must be a text.`);
    }
  }
  const filled = ALL_FIELDS.filter((field) => !isEmpty(given[field]));
  const wording = { place: label, spell: (field: CredentialField) => field };
  const plain = filled.filter((field) => !isLater(given[field]));
  if (kindsOf(plain).length > 1) throw new ConfigurationError(tooManyKinds(wording, plain));
  const [kind, ...others] = kindsOf(filled);
  if (kind === undefined) throw new ConfigurationError(noneGiven(label), ALL_FIELDS);
  const missing = FIELDS_OF[kind].filter((field) => !filled.includes(field));
  if (others.length === 0 && missing.length > 0) {
    throw new ConfigurationError(incomplete(wording, filled, missing), missing);
  }
}

/** What look-ups need of a provider. They run in the program, where nobody but the constructor has seen the arguments. */
export interface ProviderAccount {
  /** What messages call it. */
  label: string;
  /** By their configuration keys, secrets as secret outputs. */
  settings: Record<string, unknown>;
}

/**
 * Kept beside the providers, so that nothing that prints, compares or serializes one meets its credentials, and in one
 * place for all copies of the package in this process.
 */
const accounts = sharedAccounts();

function sharedAccounts(): WeakMap<object, ProviderAccount> {
  const key = Symbol.for("pulumi-holdfast/ovh.Provider/1");
  const known: unknown = Reflect.get(globalThis, key);
  if (known instanceof WeakMap) return known;
  const made = new WeakMap<object, ProviderAccount>();
  Object.defineProperty(globalThis, key, { value: made });
  return made;
}

/** The account of one of our providers. */
export const accountOf = (value: unknown): ProviderAccount | undefined =>
  typeof value === "object" && value !== null ? accounts.get(value) : undefined;
