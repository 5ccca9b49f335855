import type * as pulumi from "@pulumi/pulumi";
import { ConfigurationError } from "../core/errors";
import { AccountProvider, accountOf, type Given, isEmpty, type ProviderKind } from "../core/provider";
import { type Form, flag, parseAs } from "../core/settings";
import {
  ALL_FIELDS,
  configKey,
  type ElementField,
  incomplete,
  inProvider,
  isVersion,
  noneGiven,
  REQUIRED_FIELDS,
} from "./credentials";
import { ALL_SETTINGS } from "./settings";

/**
 * A second NetApp Element cluster, or the same one as another cluster administrator, for the resources and look-ups that are
 * given it with `{ provider }`, and for the children of a component that is given it with `{ providers: [it] }` or has it by
 * inheritance.
 *
 * The account is the arguments and nothing else: neither stack configuration nor environment adds to it.
 * `adoptWithinMinutes` also comes from the environment, and not from the stack configuration. `password` is made
 * secret, so the state holds it encrypted. An argument that another resource of the program makes is taken as it is: as long
 * as a preview does not know it, what the provider serves is shown without asking the cluster. A new password or address
 * changes no resource; `refresh` and `destroy` use those of the last `up`.
 *
 * Errors: `endpoint`, `username` or `password` is missing; a name that is no argument; a value that can't be one. Where
 * the values are plain, the constructor fails; otherwise the first call does. No message repeats the password.
 * Source: NetApp Element API reference, "Authentication" and "Request endpoints".
 * @example
 * ```ts
 * const recovery = new pulumi.Config("recovery");
 * const secondCluster = new Provider("recovery", {
 *   endpoint: recovery.require("endpoint"),
 *   username: recovery.require("username"),
 *   password: recovery.requireSecret("password"),
 *   caCert: recovery.get("caCert"),
 * });
 * const elsewhere = getVolumes({ namePrefix: "production" }, { provider: secondCluster });
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

/** Arguments of `Provider`. */
export interface ProviderArgs {
  /**
   * The cluster's management virtual address (MVIP), a name or an address with or without a port, or the URL of its API such
   * as `https://10.1.2.3`; plain http for this machine only.
   */
  endpoint: pulumi.Input<string>;
  /** Name of the cluster administrator. Access types `volumes`, `read` and `write` let it do all that resources need. */
  username: pulumi.Input<string>;
  /** The administrator's password. Made secret. */
  password: pulumi.Input<string>;
  /** Version of the API to use, such as `12.5`: at least 9.0. @default the newest that the cluster has */
  apiVersion?: pulumi.Input<string> | undefined;
  /**
   * Certificate to trust, the cluster's own or that of its authority: PEM text, or the path of a PEM file. A cluster signs
   * its own until it is given another. @default the authorities that Node.js trusts
   */
  caCert?: pulumi.Input<string> | undefined;
  /**
   * Whether the cluster has to show a certificate that is trusted. Without that, whoever stands between can read the
   * password: `caCert` is the way to go. @default true
   */
  verifyCertificate?: pulumi.Input<boolean> | undefined;
  /**
   * How old an object may be, in minutes, that an interrupted creation is taken to have made: then it is taken over instead
   * of made a second time; a clone that is still being copied at any age. 0 takes nothing over.
   * @default HOLDFAST_ADOPT_WITHIN_MINUTES, or 60
   */
  adoptWithinMinutes?: pulumi.Input<number> | undefined;
}

/** What messages call it. */
export const CLASS_NAME = "element.Provider";

/** What the parts of an account may be that are neither names nor texts of others. */
const FORMS: Partial<Record<ElementField, Form<unknown>>> = {
  apiVersion: { wanted: "a version such as 12.5", parse: (text) => (isVersion(text) ? text : undefined) },
  verifyCertificate: flag(),
};

const KIND: ProviderKind = {
  className: CLASS_NAME,
  fields: ALL_FIELDS.map((name) => {
    const form = FORMS[name];
    return {
      name,
      key: configKey(name),
      secret: name === "password",
      flag: name === "verifyCertificate",
      parse: (text, label) => (form === undefined ? text : parseAs(form, text, label)),
    };
  }),
  settings: ALL_SETTINGS,
  refuse: refuseMissing,
};

function refuseMissing(label: string, given: Given): void {
  const present = REQUIRED_FIELDS.filter((field) => !isEmpty(given[field]));
  const missing = REQUIRED_FIELDS.filter((field) => isEmpty(given[field]));
  if (present.length === 0) throw new ConfigurationError(noneGiven(label), REQUIRED_FIELDS);
  if (missing.length > 0) throw new ConfigurationError(incomplete(inProvider(label), present, missing), missing);
}
