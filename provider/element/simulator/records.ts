/** Contents of a volume or snapshot: number of a 4096-byte block to its text. Blocks that are missing were never written. */
export type Blocks = Readonly<Record<number, string>>;

/** The numbers of a quality of service that can be set. */
export interface QoSNumbers {
  minIOPS: number;
  maxIOPS: number;
  burstIOPS: number;
}

/** A volume as the simulator keeps it. Times are milliseconds since the epoch. */
export interface VolumeRecord {
  readonly volumeID: number;
  name: string;
  accountID: number;
  /** `init` while a clone is copied, `active`, or `deleted` until the purge. */
  status: string;
  /** `readOnly`, `readWrite`, `locked`, `replicationTarget` or `snapMirrorTarget`. */
  access: string;
  attributes: Readonly<Record<string, unknown>>;
  /** Bytes, a multiple of 1,048,576. */
  totalSize: number;
  enable512e: boolean;
  enableSnapMirrorReplication: boolean;
  qos: QoSNumbers;
  qosPolicyID: number | null;
  createdAt: number;
  deletedAt: number | null;
  /** From when on it counts as settled, as the source of a clone. */
  readyAt: number;
  sliceCount: number;
  volumePairs: readonly object[];
  volumeUUID: string;
  fifoSize: number;
  minFifoSize: number;
  dontMoveForIopsRebalance: boolean;
  blocks: Blocks;
  /** Changes refused because it was not ready. */
  notReady: number;
}

/** A snapshot as the simulator keeps it. */
export interface SnapshotRecord {
  readonly snapshotID: number;
  readonly volumeID: number;
  name: string;
  readonly createdAt: number;
  /** Bytes: the size of the volume at that time. */
  readonly totalSize: number;
  enableRemoteReplication: boolean;
  /** `null` keeps it. */
  expiresAt: number | null;
  /** Whether it goes by the first-in-first-out pool of its volume. */
  fifo: boolean;
  snapMirrorLabel: string | null;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly snapshotUUID: string;
  readonly blocks: Blocks;
}

/** An account as the simulator keeps it. */
export interface AccountRecord {
  readonly accountID: number;
  username: string;
  attributes: Readonly<Record<string, unknown>>;
  /** CHAP secrets: in answers about accounts and in the state file, nowhere else. */
  initiatorSecret: string;
  targetSecret: string;
}

/** A volume access group as the simulator keeps it. */
export interface AccessGroupRecord {
  readonly volumeAccessGroupID: number;
  name: string;
  /** All members, also deleted volumes that are not purged. */
  volumes: number[];
  initiators: readonly string[];
  attributes: Readonly<Record<string, unknown>>;
}

/** A QoS policy as the simulator keeps it. */
export interface QoSPolicyRecord {
  readonly qosPolicyID: number;
  name: string;
  qos: QoSNumbers;
}

/** Why a clone or copy failed. */
export interface JobError {
  /** An x-name. */
  name: string;
  message: string;
}

/** A clone or copy that has not ended. */
export interface JobRecord {
  readonly cloneID: number;
  readonly asyncHandle: number;
  /** `clone` makes a volume, `copy` overwrites one (CopyVolume). */
  readonly kind: "clone" | "copy";
  readonly srcVolumeID: number;
  readonly dstVolumeID: number;
  readonly snapshotID: number | null;
  readonly nodeID: number;
  /** `null` while it waits for a slot. */
  startedAt: number | null;
  /** How long it copies; `null` for one that never ends by itself. */
  ms: number | null;
  /** How it ends, `null` for well. */
  readonly error: JobError | null;
  readonly totalBytes: number;
  /** The contents at the point in time of the call. */
  readonly blocks: Blocks;
}

/** What GetAsyncResult tells about a job, until somebody has consumed it. */
export interface HandleRecord {
  readonly asyncHandle: number;
  readonly cloneID: number;
  readonly srcVolumeID: number;
  readonly dstVolumeID: number;
  readonly createdAt: number;
  updatedAt: number;
  completed: boolean;
  error: JobError | null;
  /** Queries that still answer as if it did not exist. */
  lag: number;
}

/** An entry of the event log. */
export interface EventRecord {
  readonly eventID: number;
  readonly eventInfoType: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** What an administrator logs in with. */
export interface ElementCredentials {
  readonly username: string;
  readonly password: string;
}

/** Every kind of object has ids of its own. */
export const COUNTERS = {
  volume: 1,
  account: 11,
  accessGroup: 21,
  qosPolicy: 31,
  snapshot: 101,
  clone: 501,
  handle: 901,
  event: 2001,
} as const;

/** A kind of object with ids. */
export type Counter = keyof typeof COUNTERS;

/** How full the cluster is (NetApp: GetClusterFullThreshold). From `stage4Critical` on nothing new can be made. */
export const STAGES = [
  "stage1Happy",
  "stage2Aware",
  "stage3Low",
  "stage4Critical",
  "stage5CompletelyConsumed",
] as const;

/** One of {@link STAGES}. */
export type Fullness = (typeof STAGES)[number];

/** Everything the simulator knows. Maps keep the order of creation. */
export interface State {
  volumes: Map<number, VolumeRecord>;
  snapshots: Map<number, SnapshotRecord>;
  accounts: Map<number, AccountRecord>;
  accessGroups: Map<number, AccessGroupRecord>;
  qosPolicies: Map<number, QoSPolicyRecord>;
  /** By cloneID. */
  jobs: Map<number, JobRecord>;
  handles: Map<number, HandleRecord>;
  events: EventRecord[];
  /** The next id of each kind. */
  counters: Record<Counter, number>;
  /** How far the model's time is ahead of the clock, in milliseconds. */
  clockOffsetMs: number;
  fullness: Fullness;
  clusterUUID: string;
  /** Four characters. */
  clusterUniqueID: string;
  credentials: ElementCredentials;
  /** Ids of what exists at start; the volume is 0 with the option `empty`. */
  first: { volumeID: number; accountID: number; volumeAccessGroupID: number };
}
