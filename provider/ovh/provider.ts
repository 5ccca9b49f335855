import type * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../core/errors";
import { isLater } from "../core/plainArguments";
import { AccountProvider, accountOf, type Given, isEmpty, type ProviderKind } from "../core/provider";
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
export class Provider extends AccountProvider {
  /** @internal */
  static readonly __pulumiType = "pulumi:providers:pulumi-nodejs";

  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super(KIND, name, args, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Provider {
    return accountOf(CLASS_NAME, value) !== undefined;
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

/** What messages call it. */
export const CLASS_NAME = "ovh.Provider";

const SECRETS: ReadonlySet<CredentialField> = new Set([
  "applicationSecret",
  "consumerKey",
  "clientSecret",
  "accessToken",
]);

const KIND: ProviderKind = {
  className: CLASS_NAME,
  fields: [
    { name: "endpoint", key: configKey("endpoint") },
    ...ALL_FIELDS.map((name) => ({ name, key: configKey(name), secret: SECRETS.has(name) })),
  ],
  settings: ALL_SETTINGS,
  refuse: refuseCredentials,
};

function refuseCredentials(label: string, given: Given): void {
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
