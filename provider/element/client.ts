import type { Collection } from "../core/collection";
import type {
  AccountModel,
  AsyncHandleModel,
  AsyncResultModel,
  CloneModel,
  ClusterModel,
  LimitsModel,
  SnapshotModel,
  SyncJobModel,
  VolumeModel,
} from "./models";
import type { StorageSettings } from "./settings";

/** What CloneVolume takes, under its names. */
export interface NewClone {
  volumeID: number;
  name: string;
  /** Always sent: what is left out would be inherited, the marks of others included. */
  attributes: Record<string, unknown>;
  access?: string | undefined;
  enable512e?: boolean | undefined;
  enableSnapMirrorReplication?: boolean | undefined;
  newAccountID?: number | undefined;
  newSize?: number | undefined;
  snapshotID?: number | undefined;
}

/** What ModifyVolume takes of what we change. */
export interface VolumeChanges {
  access?: string | undefined;
  accountID?: number | undefined;
  attributes?: Record<string, unknown> | undefined;
  totalSize?: number | undefined;
  qos?: { minIOPS: number; maxIOPS: number; burstIOPS: number } | undefined;
  qosPolicyID?: number | undefined;
  associateWithQoSPolicy?: boolean | undefined;
  enableSnapMirrorReplication?: boolean | undefined;
}

export interface NewSnapshot {
  volumeID: number;
  snapshotID?: number | undefined;
  name: string;
  attributes: Record<string, unknown>;
  retention?: string | undefined;
  expirationTime?: string | undefined;
  enableRemoteReplication?: boolean | undefined;
  snapMirrorLabel?: string | undefined;
  ensureSerialCreation?: boolean | undefined;
}

/** What ModifySnapshot takes. `null` keeps for ever. */
export interface SnapshotChanges {
  name?: string | undefined;
  expirationTime?: string | null | undefined;
  enableRemoteReplication?: boolean | undefined;
  snapMirrorLabel?: string | undefined;
}

/** One cluster. */
export interface Element {
  settings(): StorageSettings;
  /** The cluster's time in milliseconds since the epoch, as far as it is known. */
  now(): Promise<number>;
  /** Fails where there are no credentials. For look-ups that may as well not be made: the user is not told by it. */
  ready(): Promise<void>;
  /** The version of the API in use, such as `12.5`. */
  apiVersion(): Promise<string>;
  /** Asked once per process. */
  cluster(): Promise<ClusterModel>;
  /** Asked once per process. */
  limits(): Promise<LimitsModel>;
  accounts(): Promise<readonly AccountModel[]>;
  /** Active ones, deleted ones that are not purged yet, and those in `init` if the release shows them. */
  readonly volumes: Collection<VolumeModel>;
  /** Of one volume. */
  snapshotsOf(volumeID: number): Collection<SnapshotModel>;
  /** Of all volumes. */
  readonly snapshots: Collection<SnapshotModel>;
  /** Those that run now. */
  readonly syncJobs: Collection<SyncJobModel>;
  /** Clones only. */
  readonly asyncHandles: Collection<AsyncHandleModel>;
  /** Not consumed by reading. `undefined` where the cluster does not know the handle, which proves nothing. */
  asyncResult(handle: number): Promise<AsyncResultModel | undefined>;
  cloneVolume(clone: NewClone): Promise<CloneModel>;
  cancelClone(cloneID: number): Promise<void>;
  modifyVolume(volumeID: number, changes: VolumeChanges): Promise<VolumeModel>;
  deleteVolume(volumeID: number): Promise<void>;
  purgeVolume(volumeID: number): Promise<void>;
  joinAccessGroup(volumeAccessGroupID: number, volumeID: number): Promise<void>;
  leaveAccessGroup(volumeAccessGroupID: number, volumeID: number): Promise<void>;
  createSnapshot(snapshot: NewSnapshot): Promise<SnapshotModel>;
  modifySnapshot(snapshotID: number, changes: SnapshotChanges): Promise<SnapshotModel>;
  deleteSnapshot(snapshotID: number): Promise<void>;
}
