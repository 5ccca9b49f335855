import type * as pulumi from "@pulumi/pulumi";
import { ask, askOutput } from "./inquiry";
import type {
  GetServiceArgs,
  GetServiceOutputArgs,
  GetServiceResult,
  GetShareArgs,
  GetShareOutputArgs,
  GetShareResult,
  GetSharesArgs,
  GetSharesOutputArgs,
  GetSharesResult,
  GetSnapshotArgs,
  GetSnapshotOutputArgs,
  GetSnapshotResult,
  GetSnapshotsArgs,
  GetSnapshotsOutputArgs,
  GetSnapshotsResult,
} from "./lookupTypes";

export type * from "./lookupTypes";

/**
 * Looks up a service: by ID, by name, or the only one that the account has.
 *
 * Asks the service at once, in previews too, with the account of `provider`, of the provider that `parent` passes on, or of
 * the stack. Needs the IAM actions `storageNetApp:apiovh:get` and `storageNetApp:apiovh:share/get`.
 * Errors: no such service, or more than one fits (the message lists them); wrong arguments; without credentials, or with
 * `HOLDFAST_OFFLINE=1`; refused credentials or a service out of reach, in previews as well.
 * Source: OVHcloud API, `GET /storage/netapp` and `GET /storage/netapp/{serviceName}`.
 * @example
 * ```ts
 * const service = getService();
 * export const region = service.then(({ region }) => region);
 * ```
 */
export function getService(args: GetServiceArgs = {}, opts?: pulumi.InvokeOptions): Promise<GetServiceResult> {
  return ask("getService", args, opts);
}

/**
 * As {@link getService}, for arguments that are outputs. It waits for the resources that they come from, and for those in
 * `dependsOn`. In a preview it is unknown while one of these is, without credentials, or with `HOLDFAST_OFFLINE=1`.
 * @example
 * ```ts
 * export const freeGiB = getServiceOutput({ serviceName }).freeGiB;
 * ```
 */
export function getServiceOutput(
  args: GetServiceOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetServiceResult> {
  return askOutput("getService", args, opts);
}

/**
 * Looks up a share, by ID or by name, with the paths to mount it.
 *
 * Account, time and errors are those of {@link getService}; a missing share is an error that lists the service's shares.
 * Needs the IAM actions `storageNetApp:apiovh:share/get` and `storageNetApp:apiovh:share/accessPath/get`.
 * Source: OVHcloud API, `GET /storage/netapp/{serviceName}/share` and `.../share/{shareId}/accessPath`.
 * @example
 * ```ts
 * const found = getShare({ serviceName, name: "production" });
 * export const productionPath = found.then((share) => share.preferredAccessPath);
 * ```
 */
export function getShare(args: GetShareArgs, opts?: pulumi.InvokeOptions): Promise<GetShareResult> {
  return ask("getShare", args, opts);
}

/**
 * As {@link getShare}, for arguments that are outputs. When it is unknown in a preview: see {@link getServiceOutput}.
 * @example
 * ```ts
 * export const protocol = getShareOutput({ serviceName, shareId }).protocol;
 * ```
 */
export function getShareOutput(
  args: GetShareOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetShareResult> {
  return askOutput("getShare", args, opts);
}

/**
 * Lists the shares of a service. None that fits is an empty list and no error.
 *
 * Account, time and errors are those of {@link getService}. Needs the IAM action `storageNetApp:apiovh:share/get`.
 * Source: OVHcloud API, `GET /storage/netapp/{serviceName}/share`.
 * @example
 * ```ts
 * const available = getShares({ serviceName, status: "available" });
 * export const sizes = available.then(({ shares }) => shares.map(({ name, size }) => `${name}: ${size} GiB`));
 * ```
 */
export function getShares(args: GetSharesArgs, opts?: pulumi.InvokeOptions): Promise<GetSharesResult> {
  return ask("getShares", args, opts);
}

/**
 * As {@link getShares}, for arguments that are outputs. When it is unknown in a preview: see {@link getServiceOutput}.
 * @example
 * ```ts
 * export const shareNames = getSharesOutput({ serviceName }).shares.apply((all) => all.map(({ name }) => name));
 * ```
 */
export function getSharesOutput(
  args: GetSharesOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetSharesResult> {
  return askOutput("getShares", args, opts);
}

/**
 * Looks up one snapshot of a share: by ID, or the newest (by `createdAt`) of those that fit. Without filters that is the
 * newest available one of any type.
 *
 * A stack that keeps a point uses `HeldSnapshot` with `select`, which chooses once: this function chooses at every
 * `pulumi up`, so a resource that takes its ID is replaced when there is a newer snapshot.
 * Account, time and errors are those of {@link getService}; where nothing fits, the message lists the share's snapshots.
 * Needs the IAM actions `storageNetApp:apiovh:share/get` and `storageNetApp:apiovh:share/snapshot/get`.
 * Source: OVHcloud API, `GET /storage/netapp/{serviceName}/share/{shareId}/snapshot`.
 * @example
 * ```ts
 * const newest = getSnapshot({ serviceName, shareId, type: "automatic" });
 * export const newestData = newest.then(({ name, createdAt }) => `${name}, ${createdAt}`);
 * ```
 */
export function getSnapshot(args: GetSnapshotArgs, opts?: pulumi.InvokeOptions): Promise<GetSnapshotResult> {
  return ask("getSnapshot", args, opts);
}

/**
 * As {@link getSnapshot}, for arguments that are outputs. When it is unknown in a preview: see {@link getServiceOutput}.
 * @example
 * ```ts
 * export const newestPath = getSnapshotOutput({ serviceName, shareId, namePrefix: "hourly" }).path;
 * ```
 */
export function getSnapshotOutput(
  args: GetSnapshotOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetSnapshotResult> {
  return askOutput("getSnapshot", args, opts);
}

/**
 * Lists the snapshots of a share, newest first. None that fits is an empty list and no error; a missing share is one.
 *
 * Account, time and errors are those of {@link getService}. Needs the IAM actions `storageNetApp:apiovh:share/get` and
 * `storageNetApp:apiovh:share/snapshot/get`.
 * Source: OVHcloud API, `GET /storage/netapp/{serviceName}/share/{shareId}/snapshot`.
 * @example
 * ```ts
 * const kept = getSnapshots({ serviceName, shareId, type: "manual" });
 * export const keptNames = kept.then(({ snapshots }) => snapshots.map(({ name }) => name));
 * ```
 */
export function getSnapshots(args: GetSnapshotsArgs, opts?: pulumi.InvokeOptions): Promise<GetSnapshotsResult> {
  return ask("getSnapshots", args, opts);
}

/**
 * As {@link getSnapshots}, for arguments that are outputs. When it is unknown in a preview: see {@link getServiceOutput}.
 * @example
 * ```ts
 * export const snapshotCount = getSnapshotsOutput({ serviceName, shareId }).snapshots.length;
 * ```
 */
export function getSnapshotsOutput(
  args: GetSnapshotsOutputArgs,
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetSnapshotsResult> {
  return askOutput("getSnapshots", args, opts);
}
