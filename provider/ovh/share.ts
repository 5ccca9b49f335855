import * as pulumi from "@pulumi/pulumi";
import { lookUp, ManagedResource, outputs, type Wrapped } from "../core/resource";
import type { ShareInputs } from "./share.lifecycle";
import type { AccessPath } from "./shares";

/**
 * A share (volume) of OVHcloud Enterprise File Storage, served over NFSv3. Nobody can mount it before a
 * `ShareAccessRule` admits a client. It is deleted only when it has no manual snapshots.
 *
 * Errors: the service has no room for `size` (the message tells how many GiB are missing); manual snapshots that other
 * stacks or people hold block the deletion (the message names them).
 * Source: OVHcloud guides "Enterprise File Storage - Concepts" and "- Managing volumes".
 * @example
 * ```ts
 * const production = new Share("production", { serviceName, size: 500 });
 * ```
 */
export class Share extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:Share";

  /** ID of the service. */
  declare readonly serviceName: pulumi.Output<string>;
  /** Name shown in the control panel. */
  declare readonly name: pulumi.Output<string>;
  /** Description. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** Size in GiB. */
  declare readonly size: pulumi.Output<number>;
  /** Protocol, `NFS`. */
  declare readonly protocol: pulumi.Output<string>;
  /** Readable last part of the access path. */
  declare readonly mountPointName: pulumi.Output<string | undefined>;
  /** The service's word for its state, `available` when it can be used. */
  declare readonly status: pulumi.Output<string>;
  /** When it was made, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** All ways to mount it. */
  declare readonly accessPaths: pulumi.Output<AccessPath[]>;
  /** The path to mount, `10.0.0.1:/share_1`. A client also needs a `ShareAccessRule`. */
  declare readonly preferredAccessPath: pulumi.Output<string>;

  constructor(name: string, args: ShareArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:Share", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Share {
    return pulumi.Resource.isInstance(value) && Reflect.get(value, "__pulumiType") === Share.__pulumiType;
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id `<serviceName>/<id>`, or the id alone with `serviceName` in `state`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Partial<Pick<ShareArgs, "serviceName">> = {},
    opts?: pulumi.CustomResourceOptions,
  ): Share {
    const found = lookUp("Share", name, id, ["serviceName"], state, opts);
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new Share(name, found.args as ShareArgs, found.opts);
  }
}

/** Arguments of `Share`. */
export interface ShareArgs extends Wrapped<ShareInputs> {}

/** Known only from the service. */
const OUTPUTS = [
  "serviceName",
  "name",
  "description",
  "size",
  "protocol",
  "mountPointName",
  "status",
  "createdAt",
  "accessPaths",
  "preferredAccessPath",
] as const;
