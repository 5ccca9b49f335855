import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./inquiry";
import type {
  GetClusterLimitsArgs,
  GetClusterLimitsResult,
  GetSnapshotsArgs,
  GetSnapshotsOutputArgs,
  GetSnapshotsResult,
  GetVolumeArgs,
  GetVolumeOutputArgs,
  GetVolumeResult,
  GetVolumesArgs,
  GetVolumesOutputArgs,
  GetVolumesResult,
} from "./lookupTypes";

export type * from "./lookupTypes";

/**
 * Looks up a volume, by ID or by name. A deleted one is found with `status: "deleted"` only.
 *
 * Asks the cluster at once, in previews too, with the account of `provider`, of the provider that `parent` passes on, or of
 * the stack. Needs a cluster administrator who may call `GetAPI` and `ListVolumes`.
 * Errors: no such volume (the message tells what there is), or more than one has the name (the message lists them: names need
 * not be unique); wrong arguments; without an account, or with `HOLDFAST_OFFLINE=1`; a refused account or a cluster out of
 * reach, in previews as well.
 * Source: Element API reference, ListVolumes and the volume object.
 * @example
 * ```ts
 * const database = getVolume({ volumeID: databaseID });
 * export const databaseIqn = database.then(({ iqn }) => iqn);
 * ```
 */
export function getVolume(args: GetVolumeArgs, opts?: pulumi.InvokeOptions): Promise<GetVolumeResult> {
  return ask("getVolume", args, opts);
}

/**
 * As {@link getVolume}, for arguments that are outputs. It waits for the resources that they come from, and for those in
 * `dependsOn`. In a preview it is unknown while one of these is, without an account, or with `HOLDFAST_OFFLINE=1`.
 * @example
 * ```ts
 * export const databaseBytes = getVolumeOutput({ volumeID: databaseID }).totalSize;
 * ```
 */
export function getVolumeOutput(
  args: GetVolumeOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetVolumeResult> {
  return askOutput("getVolume", args, opts);
}

/**
 * Lists the volumes of the cluster, without the deleted ones unless `status` says so. None that fits is an empty list and no
 * error.
 *
 * Account, time and errors are those of {@link getVolume}. Source: Element API reference, ListVolumes.
 * @example
 * ```ts
 * const ofTests = getVolumes({ accountID: testAccountID });
 * export const testVolumes = ofTests.then(({ volumes }) => volumes.map(({ name, totalSize }) => `${name}: ${totalSize} bytes`));
 * ```
 */
export function getVolumes(args: GetVolumesArgs = {}, opts?: pulumi.InvokeOptions): Promise<GetVolumesResult> {
  return ask("getVolumes", args, opts);
}

/**
 * As {@link getVolumes}, for arguments that are outputs. When it is unknown in a preview: see {@link getVolumeOutput}.
 * @example
 * ```ts
 * export const deletedNames = getVolumesOutput({ status: "deleted" }).volumes.apply((all) => all.map(({ name }) => name));
 * ```
 */
export function getVolumesOutput(
  args: GetVolumesOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetVolumesResult> {
  return askOutput("getVolumes", args, opts);
}

/**
 * Lists the snapshots of a volume, newest first; those of a deleted volume too. None that fits is an empty list and no error;
 * a missing volume is one.
 *
 * It lists anew at every `pulumi up`: a `VolumeClone` that takes the first one's ID is replaced when there is a newer
 * snapshot.
 * Account, time and errors are those of {@link getVolume}; it needs `ListSnapshots` as well.
 * Source: Element API reference, ListSnapshots and the snapshot object.
 * @example
 * ```ts
 * const nightly = getSnapshots({ volumeID: databaseID, namePrefix: "nightly" });
 * export const newestNight = nightly.then(({ snapshots: [newest] }) => newest?.createTime);
 * ```
 */
export function getSnapshots(args: GetSnapshotsArgs, opts?: pulumi.InvokeOptions): Promise<GetSnapshotsResult> {
  return ask("getSnapshots", args, opts);
}

/**
 * As {@link getSnapshots}, for arguments that are outputs. When it is unknown in a preview: see {@link getVolumeOutput}.
 * @example
 * ```ts
 * export const snapshotsLeft = getSnapshotsOutput({ volumeID: databaseID }).snapshots.apply((all) => 32 - all.length);
 * ```
 */
export function getSnapshotsOutput(
  args: GetSnapshotsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetSnapshotsResult> {
  return askOutput("getSnapshots", args, opts);
}

/**
 * Looks up what the cluster is called and what it takes: sizes, names, simultaneous clones, snapshots, QoS.
 *
 * Account, time and errors are those of {@link getVolume}; it needs `GetLimits` and `GetClusterInfo`.
 * Source: Element API reference, GetLimits, GetClusterInfo and GetAPI.
 * @example
 * ```ts
 * const limits = getClusterLimits();
 * export const mostClonesAtOnce = limits.then(({ cloneJobsPerVolumeMax }) => cloneJobsPerVolumeMax);
 * ```
 */
export function getClusterLimits(
  args: GetClusterLimitsArgs = {},
  opts?: pulumi.InvokeOptions,
): Promise<GetClusterLimitsResult> {
  return ask("getClusterLimits", args, opts);
}

/**
 * As {@link getClusterLimits}, for the end of resources: it waits for those in `dependsOn`. When it is unknown in a preview:
 * see {@link getVolumeOutput}.
 * @example
 * ```ts
 * export const largestVolume = getClusterLimitsOutput().volumeSizeMax;
 * ```
 */
export function getClusterLimitsOutput(
  args: GetClusterLimitsArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetClusterLimitsResult> {
  return askOutput("getClusterLimits", args, opts);
}
