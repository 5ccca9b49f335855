import type * as pulumi from "@pulumi/pulumi";
import { isOfType, lookUp, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

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
  /** Description, empty where there is none. */
  declare readonly description: pulumi.Output<string>;
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
  /** The snapshot policy that it follows, where the program sets one. */
  declare readonly snapshotPolicyId: pulumi.Output<string | undefined>;
  /** Percent of the size set aside for snapshots, where the program sets it. */
  declare readonly snapshotReserve: pulumi.Output<number | undefined>;

  constructor(name: string, args: ShareArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:Share", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Share {
    return isOfType(value, Share.__pulumiType);
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

/** One way to mount a share. */
export interface AccessPath {
  /** ID of the path. */
  id: string;
  /** What a client mounts, `10.0.0.1:/share_1`. */
  path: string;
  /** The one to use. */
  preferred: boolean;
}

/** What a `Share` is made from, as plain values. */
export interface ShareInputs {
  /** ID of the Enterprise File Storage service, a UUID. Changing it replaces the share. */
  serviceName: string;
  /**
   * Size in GiB: a whole number, at least 100; it takes this much of the service's quota.
   * Changed in place: extended, or shrunk where the data fit. A size that somebody changed elsewhere is left until
   * `pulumi refresh` shows it.
   */
  size: number;
  /** Protocol. Changing it replaces the share. @default "NFS" */
  protocol?: "NFS" | undefined;
  /**
   * Name shown in the control panel, 1 to 255 characters. Changed in place.
   * @default the resource's name, a mark of this resource, and a number; taking it out later leaves the name as it is
   */
  name?: string | undefined;
  /**
   * Description, at most 255 characters. Changed in place; taking it out clears it. With a `name`, the service's own has a
   * mark of this resource at the end, which `ovh:descriptionMark` keeps out.
   */
  description?: string | undefined;
  /**
   * Readable last part of the access path, unique in the service. Changing it replaces the share.
   * @default a path made by the service
   */
  mountPointName?: string | undefined;
  /**
   * ID of the `SnapshotPolicy` that it follows. Changed in place; a share always follows one, so taking this out attaches
   * the service's default policy. @default the service's default policy, left as it is
   */
  snapshotPolicyId?: string | undefined;
  /**
   * Percent of the size set aside for snapshots, 5 to 100; usable are the rest. Changed in place; taking it out sets it to
   * 5. @default 5, left as it is
   */
  snapshotReserve?: number | undefined;
  /**
   * How long create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets
   * the same. Changing only this calls no API. @default 30 minutes, 60 for a new size
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `Share`: its inputs, each also as an output of another resource. */
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
  "snapshotPolicyId",
  "snapshotReserve",
] as const;
