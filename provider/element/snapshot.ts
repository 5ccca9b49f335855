import type * as pulumi from "@pulumi/pulumi";
import { isOfType, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

/**
 * A snapshot of a volume: the volume as it is now, kept until it expires or the resource is deleted. A volume has at most
 * 32. It goes with its volume when that is purged, which a clone of it does not.
 *
 * One that has expired is gone, and that is no failure: `pulumi refresh` takes it out of the state, and as long as the
 * program has it the next `pulumi up` takes a new one. What names its `snapshotID` follows then, a clone by being replaced.
 *
 * Errors: the volume does not exist, or has all the snapshots that it may have; the endpoint leads to another cluster than
 * the one that the state speaks of.
 * Source: Element API reference, CreateSnapshot, ModifySnapshot, DeleteSnapshot.
 * @example
 * ```ts
 * const point = new Snapshot("point", { volumeID: databaseID, retention: "24:00:00" });
 * ```
 */
export class Snapshot extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/element:Snapshot";

  /** ID of the volume. */
  declare readonly volumeID: pulumi.Output<number>;
  /** ID of the snapshot itself, as the API takes it. `id` has it as a text. */
  declare readonly snapshotID: pulumi.Output<number>;
  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** Name of the volume when the snapshot was taken. */
  declare readonly volumeName: pulumi.Output<string>;
  /** The service's word for its state, `done` when it can be used. */
  declare readonly status: pulumi.Output<string>;
  /** The time of the data, RFC 3339. */
  declare readonly createTime: pulumi.Output<string>;
  /** The volume's size in bytes when the snapshot was taken: a clone has as much unless it says otherwise. */
  declare readonly totalSize: pulumi.Output<number>;
  /** A sum over the data. */
  declare readonly checksum: pulumi.Output<string>;
  /** When it expires, RFC 3339; `undefined` for never. */
  declare readonly expirationTime: pulumi.Output<string | undefined>;
  /** Whether it is replicated to the volume's pair. */
  declare readonly enableRemoteReplication: pulumi.Output<boolean>;
  /** The label by which SnapMirror chooses. */
  declare readonly snapMirrorLabel: pulumi.Output<string | undefined>;
  /** Attributes, without what this package keeps in them. */
  declare readonly attributes: pulumi.Output<Record<string, unknown>>;
  /** Its UUID, where the release has one. */
  declare readonly snapshotUUID: pulumi.Output<string | undefined>;
  /** The cluster that it is in: 4 characters. IDs mean something in it only. */
  declare readonly clusterUniqueID: pulumi.Output<string>;
  /** The version of the API that it was made or last changed with: what can be changed in place depends on it. */
  declare readonly apiVersion: pulumi.Output<string>;

  constructor(name: string, args: SnapshotArgs, opts?: pulumi.CustomResourceOptions) {
    super("element:Snapshot", name, { ...outputs(OUTPUTS), ...args }, opts);
    // The preview of a change hides outputs, but no id: what names this snapshot would seem to be replaced.
    this.snapshotID = this.id.apply(Number);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Snapshot {
    return isOfType(value, Snapshot.__pulumiType);
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id the snapshot's ID, as a text of digits
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Snapshot {
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new Snapshot(name, { __get: true } as unknown as SnapshotArgs, { ...opts, id });
  }
}

/** What a `Snapshot` is made from, as plain values. */
export interface SnapshotInputs {
  /** ID of the volume to take the snapshot of. Changing it replaces the snapshot. */
  volumeID: number;
  /** ID of an existing snapshot of that volume to make a copy of. Changing it replaces the snapshot. @default the volume as it is */
  sourceSnapshotID?: number | undefined;
  /** Any value; changing it takes a new snapshot, and deletes the old one afterwards. */
  trigger?: unknown;
  /**
   * Name, at most 255 characters. Changed in place where the API's version is 12.5 or later; before that, changing it replaces
   * the snapshot. @default the resource's name and a mark of this resource; taking it out later leaves the name as it is
   */
  name?: string | undefined;
  /**
   * How long the snapshot is kept from its creation on, `HH:mm:ss` such as `24:00:00`; hours may be more than 24. A change counts
   * from the time of the change. Not together with `expirationTime`. @default for ever
   */
  retention?: string | undefined;
  /**
   * When the snapshot expires, RFC 3339 with `Z` or an offset. Changed in place; taking it out keeps the snapshot for ever. Not
   * together with `retention`. @default never
   */
  expirationTime?: string | undefined;
  /** Whether it is replicated to the volume's pair. Changed in place. @default false */
  enableRemoteReplication?: boolean | undefined;
  /** The label by which SnapMirror chooses, at most 31 characters. Changed in place; taking it out clears it. @default none */
  snapMirrorLabel?: string | undefined;
  /**
   * Names and values, less than 1000 bytes as JSON, of which this package needs up to 120 for its own mark. Changing them
   * replaces the snapshot. @default none
   */
  attributes?: Record<string, unknown> | undefined;
  /** Whether it waits for snapshots of the volume that are being replicated. Changing it calls no API. @default false */
  ensureSerialCreation?: boolean | undefined;
  /**
   * How long create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets
   * the same. Changing only this calls no API. @default 10 minutes
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `Snapshot`: its inputs, each also as an output of another resource. */
export interface SnapshotArgs extends Wrapped<SnapshotInputs> {}

/** Known only from the service. */
const OUTPUTS = [
  "volumeID",
  "snapshotID",
  "name",
  "volumeName",
  "status",
  "createTime",
  "totalSize",
  "checksum",
  "expirationTime",
  "enableRemoteReplication",
  "snapMirrorLabel",
  "attributes",
  "snapshotUUID",
  "clusterUniqueID",
  "apiVersion",
] as const;
