import * as pulumi from "@pulumi/pulumi";
import { lookUp, ManagedResource, outputs, type Wrapped } from "../core/resource";
import type { ShareAccessRuleInputs } from "./shareAccessRule.lifecycle";

/**
 * Admits a client address or network to a share. Every change makes a new rule; the old one goes first where both are
 * for the same network, because the service refuses two.
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
    return pulumi.Resource.isInstance(value) && Reflect.get(value, "__pulumiType") === ShareAccessRule.__pulumiType;
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

/** Arguments of `ShareAccessRule`. */
export interface ShareAccessRuleArgs extends Wrapped<ShareAccessRuleInputs> {}

/** Known only from the service. */
const OUTPUTS = ["serviceName", "shareId", "accessTo", "accessLevel", "status", "createdAt"] as const;
