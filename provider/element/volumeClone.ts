import type * as pulumi from "@pulumi/pulumi";
import { isOfType, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

/** Bounds on the I/O of a volume, in I/O operations of 4 KiB per second. */
export interface VolumeQos {
  /** What the cluster guarantees. */
  minIOPS: number;
  /** What a volume may have in the long run. */
  maxIOPS: number;
  /** What it may have for a short time. */
  burstIOPS: number;
}

/** Who may do what with a volume: `replicationTarget` means something on a paired volume only, and is `locked` on others. */
export type VolumeAccess = "readOnly" | "readWrite" | "locked" | "replicationTarget";

/**
 * What was true of the source when the program began to name it by its ID. Looked up once, kept in the inputs under `source`,
 * and never taken from a program, so that a policy can rely on it.
 */
export interface VolumeSource {
  /** ID of the source volume. */
  volumeID: number;
  /** ID of the source snapshot, where there is one that existed then: a run that makes both knows the volume only. */
  snapshotID?: number | undefined;
  /** Name of the source volume. */
  name: string;
  /** ID of the account that owns the source volume. */
  accountID: number;
  /** What the source volume allows, which a clone without `access` inherits. */
  access: string;
  /** Whether the source volume is paired for replication. */
  paired: boolean;
  /** Bytes of that snapshot, or of the volume. */
  totalSize: number;
  /** The time of the data: the snapshot's, RFC 3339. `undefined` without that snapshot. */
  createTime?: string | undefined;
}

/**
 * A full copy of a volume, as it is when the clone begins or as a snapshot has it. It depends on neither afterwards.
 *
 * It belongs to no volume access group unless `volumeAccessGroupIDs` puts it into some: membership is never inherited, and
 * without it no initiator reaches the clone. QoS comes from the source until `qos` or `qosPolicyID` changes it, once the
 * copying is over. At most 2 clones of one source and 8 in a cluster run at once; others wait for their turn.
 *
 * A creation that times out or is interrupted keeps the clone in the state, and the next `pulumi up` goes on waiting.
 * Deleted is kept restorable for 8 hours unless `deletionPolicy` says `purge`.
 *
 * Errors: the source or its snapshot does not exist; an account, QoS policy or access group that is not there; the copying
 * failed; the cluster is too full; the endpoint leads to another cluster than the one that the state speaks of.
 * Source: Element API reference, CloneVolume, GetAsyncResult, ListSyncJobs, ModifyVolume, DeleteVolume.
 * @example
 * ```ts
 * const copy = new VolumeClone("copy", { volumeID: databaseID, newAccountID: testAccountID, access: "readWrite" });
 * ```
 */
export class VolumeClone extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/element:VolumeClone";

  /** ID of the source volume. The clone's own is `cloneVolumeID`, and as a text `id`. */
  declare readonly volumeID: pulumi.Output<number>;
  /** ID of the source snapshot, where it was made from one. */
  declare readonly snapshotID: pulumi.Output<number | undefined>;
  /** ID of the clone itself, as the API takes it. */
  declare readonly cloneVolumeID: pulumi.Output<number>;
  /** Number of the copying, for the service's support. */
  declare readonly cloneID: pulumi.Output<number | undefined>;
  /** Number under which the cluster told of the copying. */
  declare readonly asyncHandle: pulumi.Output<number | undefined>;
  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** ID of the account that owns it. */
  declare readonly accountID: pulumi.Output<number>;
  /** Size in bytes, a multiple of 1 MiB. */
  declare readonly totalSize: pulumi.Output<number>;
  /** Who may do what with it. */
  declare readonly access: pulumi.Output<string>;
  /** Attributes, without what this package keeps in them. */
  declare readonly attributes: pulumi.Output<Record<string, unknown>>;
  /** Whether it emulates sectors of 512 bytes. */
  declare readonly enable512e: pulumi.Output<boolean>;
  /** Whether SnapMirror may replicate it. */
  declare readonly enableSnapMirrorReplication: pulumi.Output<boolean>;
  /** The bounds in effect. */
  declare readonly qos: pulumi.Output<VolumeQos>;
  /** What an I/O costs by its size in bytes, of 100 for one of 4096. */
  declare readonly curve: pulumi.Output<Record<string, number>>;
  /** ID of the QoS policy that it follows, if any. */
  declare readonly qosPolicyID: pulumi.Output<number | undefined>;
  /** The access groups that `volumeAccessGroupIDs` names and that it is in. */
  declare readonly volumeAccessGroupIDs: pulumi.Output<number[] | undefined>;
  /** All access groups that it is in. */
  declare readonly volumeAccessGroups: pulumi.Output<number[]>;
  /** The service's word for its state, `active` when it can be used. */
  declare readonly status: pulumi.Output<string>;
  /** When it was made, RFC 3339. */
  declare readonly createTime: pulumi.Output<string>;
  /** What an initiator connects to. Empty while the service has not told it. */
  declare readonly iqn: pulumi.Output<string>;
  /** Its EUI, by which a host knows the disk. */
  declare readonly scsiEUIDeviceID: pulumi.Output<string>;
  /** Its NAA, by which a host knows the disk. */
  declare readonly scsiNAADeviceID: pulumi.Output<string>;
  /** Its UUID, where the release has one. */
  declare readonly volumeUUID: pulumi.Output<string | undefined>;
  /** The cluster that it is in: 4 characters. IDs mean something in it only. */
  declare readonly clusterUniqueID: pulumi.Output<string>;
  /**
   * What was true of the source when the program began to name it: it is not updated. `undefined` where the volume was
   * made in the same run, or the cluster could not be asked.
   */
  declare readonly source: pulumi.Output<VolumeSource | undefined>;
  /** The time of the data where it was made from a snapshot, RFC 3339. Not known of a clone that was imported. */
  declare readonly sourceCreateTime: pulumi.Output<string | undefined>;

  constructor(name: string, args: VolumeCloneArgs, opts?: pulumi.CustomResourceOptions) {
    super("element:VolumeClone", name, { ...outputs(OUTPUTS), ...args }, opts);
    // The preview of a change hides outputs, but no id: what names this volume would seem to be replaced.
    this.cloneVolumeID = this.id.apply(Number);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is VolumeClone {
    return isOfType(value, VolumeClone.__pulumiType);
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id the volume's ID, as a text of digits
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): VolumeClone {
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new VolumeClone(name, { __get: true } as unknown as VolumeCloneArgs, { ...opts, id });
  }
}

/** What a `VolumeClone` is made from, as plain values. */
export interface VolumeCloneInputs {
  /** ID of the volume to clone. Changing it replaces the clone. */
  volumeID: number;
  /** ID of a snapshot of that volume to clone from. Changing it replaces the clone. @default the volume as it is */
  snapshotID?: number | undefined;
  /** Any value; changing it clones again, and deletes the old clone afterwards. */
  trigger?: unknown;
  /**
   * Name, 1 to 64 letters, digits and hyphens. It need not be unique. Changing it replaces the clone.
   * @default the resource's name and a mark of this resource; taking it out later leaves the name as it is
   */
  name?: string | undefined;
  /**
   * Who may do what with it. Changed in place; `locked` and `replicationTarget` cut the connections that there are.
   * @default what the source allows; taking it out later leaves it as it is
   */
  access?: VolumeAccess | undefined;
  /**
   * Names and values, less than 1000 bytes as JSON, of which this package needs up to 120 for its own mark. Changed in place as
   * a whole. The service would copy the source's, with the marks of whoever owns that: this package never does.
   * @default none; taking them out later removes them
   */
  attributes?: Record<string, unknown> | undefined;
  /**
   * Emulation of sectors of 512 bytes. Changing it replaces the clone. @default as the source has it; taking it out later
   * leaves it as it is
   */
  enable512e?: boolean | undefined;
  /**
   * Whether SnapMirror may replicate it. Changed in place. It is not inherited. @default false; taking it out
   * later leaves it as it is
   */
  enableSnapMirrorReplication?: boolean | undefined;
  /** ID of the account to own it. Changed in place. @default the source's account; taking it out later leaves it as it is */
  newAccountID?: number | undefined;
  /**
   * Size in bytes, rounded up to a multiple of 1 MiB (1,048,576): 1,000,000,000 to 17,592,186,044,416, as the cluster's limits
   * are. A clone may be smaller than its source, which cuts off the end: shrink file systems first. Made larger in place;
   * a smaller size replaces the clone. @default the size of what is cloned; taking it out later leaves it as it is
   */
  newSize?: number | undefined;
  /**
   * Bounds on its I/O, all three. Set once the copying is over, and changed in place. Not together with `qosPolicyID`.
   * @default as the source has them; taking them out later leaves them as they are
   */
  qos?: VolumeQos | undefined;
  /**
   * ID of the QoS policy to follow. Set once the copying is over, and changed in place; taking it out ends the
   * association and keeps the numbers. Not together with `qos`. @default none
   */
  qosPolicyID?: number | undefined;
  /**
   * IDs of the volume access groups to be in, which are never inherited. Joined once the copying is over, and changed in
   * place; groups that somebody else puts it into are left alone. @default none
   */
  volumeAccessGroupIDs?: number[] | undefined;
  /**
   * What deleting means: `delete` keeps the volume restorable for 8 hours, in which it takes its space; `purge` removes it
   * and all its snapshots at once and for ever. Changing it calls no API. @default "delete"
   */
  deletionPolicy?: "delete" | "purge" | undefined;
  /**
   * What becomes of a clone that is still copying when the limit of its creation is reached: `keep` leaves it in the state, and
   * the next `pulumi up` goes on waiting; `cancel` ends the copying, and deletes and purges what there is. Changing it calls
   * no API. @default "keep"
   */
  onTimeout?: "keep" | "cancel" | undefined;
  /**
   * How long create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets
   * the same. Changing only this calls no API. @default for create 4 hours for each of its waits, for its turn and for the
   * copying; 10 minutes for all else
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `VolumeClone`: its inputs, each also as an output of another resource. */
export interface VolumeCloneArgs extends Wrapped<VolumeCloneInputs> {}

/** Known only from the service. */
const OUTPUTS = [
  "volumeID",
  "snapshotID",
  "cloneVolumeID",
  "cloneID",
  "asyncHandle",
  "name",
  "accountID",
  "totalSize",
  "access",
  "attributes",
  "enable512e",
  "enableSnapMirrorReplication",
  "qos",
  "curve",
  "qosPolicyID",
  "volumeAccessGroupIDs",
  "volumeAccessGroups",
  "status",
  "createTime",
  "iqn",
  "scsiEUIDeviceID",
  "scsiNAADeviceID",
  "volumeUUID",
  "clusterUniqueID",
  "source",
  "sourceCreateTime",
] as const;
