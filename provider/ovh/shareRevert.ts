import type * as pulumi from "@pulumi/pulumi";
import { isOfType, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

/**
 * An act: takes a whole share back to a manual snapshot, in place and at once, and with that loses everything written
 * since, newer snapshots included. It is done when the resource is made, and again for a new `trigger`; never by itself. To look at old data beside the present ones, make a `ShareClone` instead.
 *
 * Preview tells what would be lost, and refuses what the service refuses: a snapshot that is not manual (hold an
 * automatic one first), or not the share's newest manual one, and a share that is busy. Access rules and snapshots in
 * transit are only warned about: create waits for them, and for a share that has become busy since. Preview asks for
 * `confirmDataLossOf`: write the ID as a text, for one that is computed confirms whatever comes. Where the service can't
 * be asked, create decides. Stop what uses the share before: clients that have it mounted see its files change.
 *
 * A revert gives the share its snapshot's size; if that is smaller, it is extended to what it had, and if larger, left so
 * with a warning. A revert that ends in `reverting_error` fails every further `pulumi up`, and is not repeated, until
 * `trigger` changes or the resource is taken out of the program. So does one whose answer was lost, where nothing at the
 * service tells whether it was done (`unknown`). A revert to the same snapshot that is under way when create comes, from a
 * process that was killed most likely, counts as the one wanted. Taking the resource out, or `pulumi destroy`, calls
 * nothing: what was done stays done. Also a refresh calls nothing. There is no `ShareRevert.get`: the service keeps no record of
 * reverts, so there is nothing to look up.
 *
 * Source: OVHcloud guide "Enterprise File Storage - Reverting a volume from a snapshot"; size and order: Manila.
 * @example
 * ```ts
 * const undo = new ShareRevert("undo", { serviceName, shareId, snapshotId: held.id, trigger: 1, confirmDataLossOf: shareId });
 * ```
 */
export class ShareRevert extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:ShareRevert";

  /** ID of the service. */
  declare readonly serviceName: pulumi.Output<string>;
  /** ID of the share. */
  declare readonly shareId: pulumi.Output<string>;
  /** ID of the snapshot that the program names now. */
  declare readonly snapshotId: pulumi.Output<string>;
  /** ID of the snapshot that the share was taken back to: `snapshotId` when that was done. */
  declare readonly revertedTo: pulumi.Output<string>;
  /** When the service took the revert, or its answer was lost, or it was found under way, RFC 3339. */
  declare readonly revertedAt: pulumi.Output<string>;
  /** The time of the data that the share has since, RFC 3339. */
  declare readonly dataFrom: pulumi.Output<string>;
  /** The share's size in GiB right before. Of a revert that was found under way, its size then. */
  declare readonly sizeBefore: pulumi.Output<number>;
  /** The share's size in GiB when all was over: `sizeBefore`, unless the snapshot was larger. */
  declare readonly sizeAfter: pulumi.Output<number>;
  /** The newer snapshots that were lost with the data; those that would be while that is not known. */
  declare readonly lostSnapshots: pulumi.Output<LostSnapshot[]>;
  /**
   * `available` when all is done; else what still goes on or has failed: `reverting`, `extending`, `reverting_error`.
   * `unknown` where the answer was lost and nothing tells whether the share was reverted: look at its data.
   */
  declare readonly status: pulumi.Output<string>;

  constructor(name: string, args: ShareRevertArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:ShareRevert", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is ShareRevert {
    return isOfType(value, ShareRevert.__pulumiType);
  }
}

/** A snapshot that is no more. */
export interface LostSnapshot {
  /** ID of the snapshot. */
  id: string;
  /** Name of the snapshot. */
  name: string;
  /** The time of its data, RFC 3339. */
  createdAt: string;
}

/** What a `ShareRevert` is made from, as plain values. */
export interface ShareRevertInputs {
  /** ID of the Enterprise File Storage service, a UUID. Changing it reverts again, there. */
  serviceName: string;
  /** ID of the share that is taken back. Changing it reverts the other share; the first one stays reverted. */
  shareId: string;
  /**
   * ID of the snapshot to go back to: manual, and the newest manual one of the share. Changing only this reverts nothing:
   * it is recorded, with a warning.
   */
  snapshotId: string;
  /**
   * Any value; a new one reverts again, also the first one where there was none. Taking it out reverts nothing, and giving
   * it back then is a new one, whatever the value. @default none: one revert when the resource is made
   */
  trigger?: unknown;
  /**
   * The ID of the share again, as agreement to the loss of everything newer than the snapshot. Nothing is reverted without
   * it. Changing it changes nothing by itself.
   */
  confirmDataLossOf?: string | undefined;
  /**
   * How long create and update wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets the
   * same. Changing only this calls no API. @default 30 minutes for the share to settle, 60 for the revert
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `ShareRevert`: its inputs, each also as an output of another resource. */
export interface ShareRevertArgs extends Wrapped<ShareRevertInputs> {}

/** Known only when it is done. */
const OUTPUTS = [
  "serviceName",
  "shareId",
  "snapshotId",
  "revertedTo",
  "revertedAt",
  "dataFrom",
  "sizeBefore",
  "sizeAfter",
  "lostSnapshots",
  "status",
] as const;
