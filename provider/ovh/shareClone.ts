import type * as pulumi from "@pulumi/pulumi";
import { isOfType, lookUp, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";
import type { SourceFacts } from "./cloneConstraints";
import type { AccessPath } from "./share";

/**
 * A new share filled with the contents of a snapshot. Later changes of the parent share do not reach it. It takes its
 * full size from the service's quota, and inherits neither access rules nor name, policy or mount point. A snapshot that
 * is still being taken, or that its share is being reverted to, is waited for.
 *
 * A preview asks the service about a snapshot whose ID is known when it is named anew, and refuses at once what can't be
 * cloned. Where the service can't be asked, create decides.
 *
 * Errors: the snapshot is not `manual`, or is in a state that it does not leave; `size` is smaller than the snapshot; no
 * room in the quota. `source` is never taken from a program.
 * Source: OVHcloud guide "Enterprise File Storage - Cloning a volume".
 * @example
 * ```ts
 * const staging = new ShareClone("staging", { serviceName, snapshotId: held.id, size: 500 });
 * ```
 */
export class ShareClone extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:ShareClone";

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
  /** The snapshot it was made from. */
  declare readonly sourceSnapshotId: pulumi.Output<string>;
  /**
   * What was true of the snapshot when the program began to name it by its ID: it is not updated. `undefined` where the ID
   * came from a resource made in the same run, or the service could not be asked.
   */
  declare readonly source: pulumi.Output<SourceFacts | undefined>;
  /**
   * The time of the data: when that snapshot was taken, RFC 3339. Not known of one that was looked up, imported or moved
   * here: the service does not tell.
   */
  declare readonly sourceCreatedAt: pulumi.Output<string | undefined>;

  constructor(name: string, args: ShareCloneArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:ShareClone", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is ShareClone {
    return isOfType(value, ShareClone.__pulumiType);
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id `<serviceName>/<id>`, or the id alone with `serviceName` in `state`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Partial<Pick<ShareCloneArgs, "serviceName">> = {},
    opts?: pulumi.CustomResourceOptions,
  ): ShareClone {
    const found = lookUp("ShareClone", name, id, ["serviceName"], state, opts);
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new ShareClone(name, found.args as ShareCloneArgs, found.opts);
  }
}

/** What a `ShareClone` is made from, as plain values. */
export interface ShareCloneInputs {
  /** ID of the Enterprise File Storage service, a UUID; the snapshot is looked up in it. Changing it replaces the clone. */
  serviceName: string;
  /** ID of a `manual` snapshot; turn an automatic one into a manual one with `HeldSnapshot`. Changing it replaces the clone. */
  snapshotId: string;
  /**
   * ID of the share that the snapshot belongs to, so that it is found with fewer calls. Adding, changing or removing it
   * changes nothing. @default looked for on the program's shares, then on all shares of the service
   */
  shareId?: string | undefined;
  /**
   * Size in GiB: a whole number, at least 100 and at least the snapshot's size.
   * Changed in place: extended, or shrunk where the data fit. A size that somebody changed elsewhere is left until
   * `pulumi refresh` shows it.
   */
  size: number;
  /** Protocol. Changing it replaces the clone. @default "NFS" */
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
   * Readable last part of the access path, unique in the service: with one, the old clone is deleted before its
   * replacement is made. Changing it replaces the clone. @default a path made by the service
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
   * the same. Changing only this calls no API. @default 60 minutes, 30 for delete
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `ShareClone`: its inputs, each also as an output of another resource. */
export interface ShareCloneArgs extends Wrapped<ShareCloneInputs> {}

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
  "sourceSnapshotId",
  "source",
  "sourceCreatedAt",
] as const;
