import type { Wrapped } from "../core/resource";
import type { AccessPath } from "./share";

/** Which service to look up. Without any property: the only one that the account has. */
export interface GetServiceArgs {
  /** ID of the Enterprise File Storage service, a UUID. Either this or `name`, or neither. */
  serviceName?: string | undefined;
  /** Name of the service, its own or the one that the control panel shows. It must be the only one with it. */
  name?: string | undefined;
}

/** A service: a pool of capacity with the shares in it. */
export interface GetServiceResult {
  /** ID of the service: what every resource takes as `serviceName`. */
  id: string;
  /** Name of the service. */
  name: string;
  /** Where it is, `eu-west-rbx` for example. */
  region: string;
  /** The service's word for its state, `running` when it can be used. */
  status: string;
  /** `premium`, the only level so far. */
  performanceLevel: string;
  /** Capacity in GiB. */
  quota: number;
  /** GiB that no share takes: the nominal sizes of all shares count, clones included. */
  freeGiB: number;
  /** When it was ordered, RFC 3339. Absent where the service does not tell. */
  createdAt?: string | undefined;
}

/** Which share to look up: by `shareId` or by `name`. */
export interface GetShareArgs {
  /** ID of the Enterprise File Storage service, a UUID. */
  serviceName: string;
  /** ID of the share. Either this or `name`. */
  shareId?: string | undefined;
  /** Name of the share. It must be the only one with it in the service. */
  name?: string | undefined;
}

/** A share, as a list tells of it. */
export interface ShareResult {
  /** ID of the share. */
  id: string;
  /** ID of the service. */
  serviceName: string;
  /** Name shown in the control panel. */
  name: string;
  /** Description, empty where there is none. */
  description: string;
  /** Size in GiB. */
  size: number;
  /** Protocol, `NFS`. */
  protocol: string;
  /** Readable last part of the access path. Absent where the service made the path. */
  mountPointName?: string | undefined;
  /** ID of the snapshot that the share is a clone of. Absent for one that began empty. */
  snapshotId?: string | undefined;
  /** The service's word for its state, `available` when it can be used. */
  status: string;
  /** When it was made, RFC 3339. Absent where the service does not tell. */
  createdAt?: string | undefined;
}

/** A share and how to mount it. */
export interface GetShareResult extends ShareResult {
  /** All ways to mount it; empty while it is being made. */
  accessPaths: AccessPath[];
  /** The path to mount, `10.0.0.1:/share_1`. Absent while there is none. A client also needs a `ShareAccessRule`. */
  preferredAccessPath?: string | undefined;
}

/** Which shares to list: all that fit every given property. */
export interface GetSharesArgs {
  /** ID of the Enterprise File Storage service, a UUID. */
  serviceName: string;
  /** Only shares whose name begins with this text. @default any name */
  namePrefix?: string | undefined;
  /** Only shares in this state, `available` for example. @default any state */
  status?: string | undefined;
}

/** The shares that fit. */
export interface GetSharesResult {
  /** ID of the service. */
  serviceName: string;
  /** In the service's order; empty when none fits. */
  shares: ShareResult[];
}

/** Which snapshots to list: all that fit every given property. */
export interface GetSnapshotsArgs {
  /** ID of the Enterprise File Storage service, a UUID. */
  serviceName: string;
  /** ID of the share. */
  shareId: string;
  /**
   * `manual` (taken or held, stays until somebody deletes it), `automatic` (its policy rotates it away) or `system`
   * (made by OVHcloud). @default any type
   */
  type?: "manual" | "automatic" | "system" | undefined;
  /** Only snapshots in this state. @default any state */
  status?: string | undefined;
  /** Only snapshots with this name, or with this last part of the path. @default any name */
  name?: string | undefined;
  /** Only snapshots whose name, or last part of the path, begins with this: the prefix of a policy's rule. @default any name */
  namePrefix?: string | undefined;
  /** Only snapshots from before this RFC 3339 time, with `Z` or an offset: `2026-11-21T09:00:00Z`. @default any time */
  before?: string | undefined;
}

/** Which snapshot to look up: the one with `snapshotId`, or else the newest that fits every other property. */
export interface GetSnapshotArgs extends Omit<GetSnapshotsArgs, "status"> {
  /** ID of the snapshot, whatever its state. It goes with no filter. @default the newest that fits the filters */
  snapshotId?: string | undefined;
  /** Only snapshots in this state. @default "available" */
  status?: string | undefined;
}

/** A snapshot. */
export interface GetSnapshotResult {
  /** ID of the snapshot. A hold gives it a new one. */
  id: string;
  /** ID of the service. */
  serviceName: string;
  /** ID of the share. */
  shareId: string;
  /** Name. */
  name: string;
  /** Description, empty where there is none. */
  description: string;
  /** `manual`, `automatic` or `system`. Only a manual one can be cloned: `HeldSnapshot` makes it of an automatic one. */
  type: string;
  /** The service's word for its state, `available` when it can be used. */
  status: string;
  /** The time of the data, RFC 3339. Absent where the service does not tell. */
  createdAt?: string | undefined;
  /** Where the snapshot can be seen in the mounted share. */
  path?: string | undefined;
}

/** The snapshots that fit. */
export interface GetSnapshotsResult {
  /** ID of the service. */
  serviceName: string;
  /** ID of the share. */
  shareId: string;
  /** Newest first; empty when none fits. */
  snapshots: GetSnapshotResult[];
}

/** {@link GetServiceArgs}, each property also as an output of a resource. */
export interface GetServiceOutputArgs extends Wrapped<GetServiceArgs> {}
/** {@link GetShareArgs}, each property also as an output of a resource. */
export interface GetShareOutputArgs extends Wrapped<GetShareArgs> {}
/** {@link GetSharesArgs}, each property also as an output of a resource. */
export interface GetSharesOutputArgs extends Wrapped<GetSharesArgs> {}
/** {@link GetSnapshotArgs}, each property also as an output of a resource. */
export interface GetSnapshotOutputArgs extends Wrapped<GetSnapshotArgs> {}
/** {@link GetSnapshotsArgs}, each property also as an output of a resource. */
export interface GetSnapshotsOutputArgs extends Wrapped<GetSnapshotsArgs> {}
