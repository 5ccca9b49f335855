import type { Wrapped } from "../core/resource";
import type { VolumeQos } from "./volumeClone";

/** Which volumes to list: all that fit every given property. */
export interface GetVolumesArgs {
  /** Only volumes that this account owns. @default any account */
  accountID?: number | undefined;
  /** Only volumes whose name begins with this text. @default any name */
  namePrefix?: string | undefined;
  /** Only volumes in this state: `active`, `init` while they are being made, or `deleted`. @default any but deleted */
  status?: string | undefined;
}

/** Which volume to look up: by `volumeID` or by `name`. */
export interface GetVolumeArgs {
  /** ID of the volume. Either this or `name`. */
  volumeID?: number | undefined;
  /** Name of the volume. It must be the only one with it among those that fit. */
  name?: string | undefined;
  /** ID of the account that owns it. It goes with `name` only. @default any account */
  accountID?: number | undefined;
  /** The state that it has to be in: `active`, `init` or `deleted`. @default any but deleted */
  status?: string | undefined;
}

/** A volume. */
export interface GetVolumeResult {
  /** ID of the volume: what resources take as `volumeID`. */
  volumeID: number;
  /** Name. Others may have the same. */
  name: string;
  /** ID of the account that owns it. */
  accountID: number;
  /** The service's word for its state, `active` when it can be used. */
  status: string;
  /** Who may do what with it: `readOnly`, `readWrite`, `locked`, `replicationTarget` or `snapMirrorTarget`. */
  access: string;
  /** Size in bytes. */
  totalSize: number;
  /** Attributes, without what this package keeps in them. */
  attributes: Record<string, unknown>;
  /** Bounds on its I/O. Absent where the service does not tell. */
  qos?: VolumeQos | undefined;
  /** What an I/O operation of a size in bytes costs: one of 4096 bytes is 100. Absent where the service does not tell. */
  curve?: Record<string, number> | undefined;
  /** ID of the QoS policy that it follows. Absent where it follows none. */
  qosPolicyID?: number | undefined;
  /** Whether it emulates sectors of 512 bytes. Absent where the service does not tell. */
  enable512e?: boolean | undefined;
  /** Whether SnapMirror may replicate it. Absent where the service does not tell. */
  enableSnapMirrorReplication?: boolean | undefined;
  /** When it was made, RFC 3339. Absent where the service does not tell. */
  createTime?: string | undefined;
  /** When it was deleted, RFC 3339. Absent of one that is not. */
  deleteTime?: string | undefined;
  /** When a deleted one goes for ever, RFC 3339. Absent of one that is not deleted. */
  purgeTime?: string | undefined;
  /** What an initiator connects to. Absent while the service has not told it. */
  iqn?: string | undefined;
  /** Its EUI, by which a host knows the disk. */
  scsiEUIDeviceID?: string | undefined;
  /** Its NAA, by which a host knows the disk. */
  scsiNAADeviceID?: string | undefined;
  /** IDs of the volume access groups that it is in. */
  volumeAccessGroups: number[];
  /** Whether it is paired for replication. */
  paired: boolean;
  /** Its UUID, where the release has one. */
  volumeUUID?: string | undefined;
}

/** The volumes that fit. */
export interface GetVolumesResult {
  /** By ascending ID; empty when none fits. */
  volumes: GetVolumeResult[];
}

/** Which snapshots to list: all that fit every given property. */
export interface GetSnapshotsArgs {
  /** ID of the volume. */
  volumeID: number;
  /** Only snapshots whose name begins with this text. @default any name */
  namePrefix?: string | undefined;
}

/** A snapshot of a volume. */
export interface VolumeSnapshot {
  /** ID of the snapshot: what resources take as `snapshotID`. */
  snapshotID: number;
  /** ID of the volume. */
  volumeID: number;
  /** Name. Others may have the same. Empty where the service does not tell. */
  name: string;
  /** Name of the volume when the snapshot was taken. Absent where the service does not tell. */
  volumeName?: string | undefined;
  /** The service's word for its state, `done` when it can be used. */
  status: string;
  /** The time of the data, RFC 3339. Absent where the service does not tell. */
  createTime?: string | undefined;
  /** The volume's size in bytes when the snapshot was taken. Absent where the service does not tell. */
  totalSize?: number | undefined;
  /** A sum over the data. */
  checksum?: string | undefined;
  /** When it expires, RFC 3339. Absent of one that is kept until somebody deletes it. */
  expirationTime?: string | undefined;
  /** Whether it is replicated to the volume's pair. Absent where the service does not tell. */
  enableRemoteReplication?: boolean | undefined;
  /** The label by which SnapMirror chooses. */
  snapMirrorLabel?: string | undefined;
  /** Attributes, without what this package keeps in them. */
  attributes: Record<string, unknown>;
  /** Its UUID, where the release has one. */
  snapshotUUID?: string | undefined;
}

/** The snapshots that fit. */
export interface GetSnapshotsResult {
  /** ID of the volume. */
  volumeID: number;
  /** Newest first; empty when none fits. */
  snapshots: VolumeSnapshot[];
}

/** There is nothing to choose: it is the account's cluster. */
export type GetClusterLimitsArgs = Record<string, never>;

/** What a cluster is and how much it takes. A limit is absent where the release does not tell it. */
export interface GetClusterLimitsResult extends ClusterLimits {
  /** The cluster's own 4 characters, which are part of its volumes' names for initiators. */
  clusterUniqueID: string;
  /** Name. Empty where the service does not tell. */
  clusterName: string;
  /** Version of the API that this account uses. */
  apiVersion: string;
  /** The newest version of the API that the cluster has. */
  currentVersion: string;
}

/** Those of a cluster's limits that bear on volumes, clones and snapshots. */
export interface ClusterLimits {
  /** Fewest bytes of a volume. */
  volumeSizeMin?: number | undefined;
  /** Most bytes of a volume. */
  volumeSizeMax?: number | undefined;
  /** Fewest characters of a volume's name. */
  volumeNameLengthMin?: number | undefined;
  /** Most characters of a volume's name. */
  volumeNameLengthMax?: number | undefined;
  /** Most volumes of the cluster. */
  volumeCountMax?: number | undefined;
  /** Most volumes of an account. */
  volumesPerAccountCountMax?: number | undefined;
  /** Most clones of a volume that run at once. */
  cloneJobsPerVolumeMax?: number | undefined;
  /** Most clones that run at once: per node, say these limits, and per cluster, say other pages of the vendor. */
  cloneJobsPerNodeMax?: number | undefined;
  /** Most snapshots of a volume. */
  snapshotsPerVolumeMax?: number | undefined;
  /** Most characters of a snapshot's name. */
  snapshotNameLengthMax?: number | undefined;
  /** Most characters of a SnapMirror label. */
  snapMirrorLabelLengthMax?: number | undefined;
  /** Least that `minIOPS` can be. */
  volumeMinIOPSMin?: number | undefined;
  /** Most that `minIOPS` can be. */
  volumeMinIOPSMax?: number | undefined;
  /** Least that `maxIOPS` can be. */
  volumeMaxIOPSMin?: number | undefined;
  /** Most that `maxIOPS` can be. */
  volumeMaxIOPSMax?: number | undefined;
  /** Least that `burstIOPS` can be. */
  volumeBurstIOPSMin?: number | undefined;
  /** Most that `burstIOPS` can be. */
  volumeBurstIOPSMax?: number | undefined;
  /** Most QoS policies of the cluster. */
  qosPolicyCountMax?: number | undefined;
  /** Most access groups that a volume can be in. */
  volumeAccessGroupsPerVolumeCountMax?: number | undefined;
  /** Most volumes of an access group. */
  volumesPerVolumeAccessGroupCountMax?: number | undefined;
}

/** {@link GetVolumesArgs}, each property also as an output of a resource. */
export interface GetVolumesOutputArgs extends Wrapped<GetVolumesArgs> {}
/** {@link GetVolumeArgs}, each property also as an output of a resource. */
export interface GetVolumeOutputArgs extends Wrapped<GetVolumeArgs> {}
/** {@link GetSnapshotsArgs}, each property also as an output of a resource. */
export interface GetSnapshotsOutputArgs extends Wrapped<GetSnapshotsArgs> {}
