import type * as pulumi from "@pulumi/pulumi";
import { isOfType, lookUp, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

/**
 * Admits a client address or network to a share. Every change makes a new rule; the old one goes first where both are
 * for the same network, because the service refuses two. A busy share is waited for.
 *
 * Source: OVHcloud guide "Enterprise File Storage - Managing volume ACLs".
 * @example
 * ```ts
 * new ShareAccessRule("developers", { serviceName, shareId: staging.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export class ShareAccessRule extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:ShareAccessRule";

  /** ID of the service. */
  declare readonly serviceName: pulumi.Output<string>;
  /** ID of the share. */
  declare readonly shareId: pulumi.Output<string>;
  /** The IPv4 address or network that is admitted. */
  declare readonly accessTo: pulumi.Output<string>;
  /** What it may do. */
  declare readonly accessLevel: pulumi.Output<"ro" | "rw">;
  /** The service's word for its state, `active` when it has effect. */
  declare readonly status: pulumi.Output<string>;
  /** When it was made, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;

  constructor(name: string, args: ShareAccessRuleArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:ShareAccessRule", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is ShareAccessRule {
    return isOfType(value, ShareAccessRule.__pulumiType);
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id `<serviceName>/<shareId>/<id>`, or the id alone with `serviceName` and `shareId` in `state`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Partial<Pick<ShareAccessRuleArgs, "serviceName" | "shareId">> = {},
    opts?: pulumi.CustomResourceOptions,
  ): ShareAccessRule {
    const found = lookUp("ShareAccessRule", name, id, ["serviceName", "shareId"], state, opts);
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new ShareAccessRule(name, found.args as ShareAccessRuleArgs, found.opts);
  }
}

/** What a `ShareAccessRule` is made from, as plain values. */
export interface ShareAccessRuleInputs {
  /** ID of the Enterprise File Storage service, a UUID. Changing it replaces the rule. */
  serviceName: string;
  /** ID of the share. Changing it replaces the rule. */
  shareId: string;
  /**
   * IPv4 address or network in CIDR form that may mount the share, `10.0.5.0/24`. The service takes at most 16 rules per
   * share, and one per network. Changing it replaces the rule.
   */
  accessTo: string;
  /** What it may do: read only (`ro`), or read and write (`rw`). Changing it replaces the rule. */
  accessLevel: "ro" | "rw";
  /**
   * How long create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets
   * the same. Changing only this calls no API. @default 10 minutes
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `ShareAccessRule`: its inputs, each also as an output of another resource. */
export interface ShareAccessRuleArgs extends Wrapped<ShareAccessRuleInputs> {}

/** Known only from the service. */
const OUTPUTS = ["serviceName", "shareId", "accessTo", "accessLevel", "status", "createdAt"] as const;
