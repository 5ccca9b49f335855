/** Contents of a volume or snapshot: number of a 4096-byte block to its text. Blocks that are missing were never written. */
export type Blocks = Readonly<Record<number, string>>;

/** The numbers of a quality of service that can be set. */
export interface QoSNumbers {
  /** Guaranteed I/O operations per second. */
  minIOPS: number;
  /** The most in the long run. */
  maxIOPS: number;
  /** The most for a while. */
  burstIOPS: number;
}

/** A volume as the simulator keeps it. Times are milliseconds since the epoch. */
export interface VolumeRecord {
  /** Never used again. */
  readonly volumeID: number;
  /** Need not be unique. */
  name: string;
  /** The owner. */
  accountID: number;
  /** `init` while a clone is copied, `active`, or `deleted` until the purge. */
  status: string;
  /** `readOnly`, `readWrite`, `locked`, `replicationTarget` or `snapMirrorTarget`. */
  access: string;
  /** Free name and value pairs. */
  attributes: Readonly<Record<string, unknown>>;
  /** Bytes, a multiple of 1,048,576. */
  totalSize: number;
  /** Emulation of 512-byte sectors. */
  enable512e: boolean;
  /** Whether it can be replicated with SnapMirror. */
  enableSnapMirrorReplication: boolean;
  /** Its quality of service. */
  qos: QoSNumbers;
  /** The policy that it follows, or `null`. */
  qosPolicyID: number | null;
  /** Can be changed with ModifyVolume. */
  createdAt: number;
  /** `null` when it is not deleted. */
  deletedAt: number | null;
  /** From when on it counts as settled, as the source of a clone. */
  readyAt: number;
  /** 0 while it is new or copied, then 1. */
  sliceCount: number;
  /** As the API writes them. */
  volumePairs: readonly object[];
  /** Shown with the switch `volumeUUIDs`. */
  volumeUUID: string;
  /** Snapshots that go first in, first out. */
  fifoSize: number;
  /** Snapshot slots reserved for those. */
  minFifoSize: number;
  /** Shown from version 12.8 on. */
  dontMoveForIopsRebalance: boolean;
  /** Its contents. */
  blocks: Blocks;
  /** Changes refused because it was not ready. */
  notReady: number;
}

/** A snapshot as the simulator keeps it. */
export interface SnapshotRecord {
  /** Never used again. */
  readonly snapshotID: number;
  /** The volume that it is of. */
  readonly volumeID: number;
  /** Need not be unique. */
  name: string;
  /** When it was taken. */
  readonly createdAt: number;
  /** Bytes: the size of the volume at that time. */
  readonly totalSize: number;
  /** Whether it is replicated. */
  enableRemoteReplication: boolean;
  /** `null` keeps it. */
  expiresAt: number | null;
  /** Whether it goes by the first-in-first-out pool of its volume. */
  fifo: boolean;
  /** A label, or `null`. */
  snapMirrorLabel: string | null;
  /** Free name and value pairs. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** A random UUID. */
  readonly snapshotUUID: string;
  /** The contents at that time. */
  readonly blocks: Blocks;
}

/** An account as the simulator keeps it. */
export interface AccountRecord {
  /** Never used again. */
  readonly accountID: number;
  /** Unique. */
  username: string;
  /** Free name and value pairs. */
  attributes: Readonly<Record<string, unknown>>;
  /** CHAP secrets: in answers about accounts and in the state file, nowhere else. */
  initiatorSecret: string;
  /** See `initiatorSecret`. */
  targetSecret: string;
}

/** A volume access group as the simulator keeps it. */
export interface AccessGroupRecord {
  /** Never used again. */
  readonly volumeAccessGroupID: number;
  /** Need not be unique. */
  name: string;
  /** All members, also deleted volumes that are not purged. */
  volumes: number[];
  /** IQNs of hosts. */
  initiators: readonly string[];
  /** Free name and value pairs. */
  attributes: Readonly<Record<string, unknown>>;
}

/** A QoS policy as the simulator keeps it. */
export interface QoSPolicyRecord {
  /** Never used again. */
  readonly qosPolicyID: number;
  /** Need not be unique. */
  name: string;
  /** What its volumes get. */
  qos: QoSNumbers;
}

/** Why a clone or copy failed. */
export interface JobError {
  /** An x-name. */
  name: string;
  /** For people. */
  message: string;
}

/** A clone or copy that has not ended. */
export interface JobRecord {
  /** Never used again. */
  readonly cloneID: number;
  /** For GetAsyncResult. */
  readonly asyncHandle: number;
  /** `clone` makes a volume, `copy` overwrites one (CopyVolume). */
  readonly kind: "clone" | "copy";
  /** The source. */
  readonly srcVolumeID: number;
  /** The volume that is written. */
  readonly dstVolumeID: number;
  /** The snapshot that is copied, or `null` for the volume itself. */
  readonly snapshotID: number | null;
  /** The node of the source. */
  readonly nodeID: number;
  /** `null` while it waits for a slot. */
  startedAt: number | null;
  /** How long it copies; `null` for one that never ends by itself. */
  ms: number | null;
  /** How it ends, `null` for well. */
  readonly error: JobError | null;
  /** How much is copied. */
  readonly totalBytes: number;
  /** The contents at the point in time of the call. */
  readonly blocks: Blocks;
}

/** What GetAsyncResult tells about a job, until somebody has consumed it. */
export interface HandleRecord {
  /** Never used again. */
  readonly asyncHandle: number;
  /** The job. */
  readonly cloneID: number;
  /** The source. */
  readonly srcVolumeID: number;
  /** The volume that is written. */
  readonly dstVolumeID: number;
  /** When the job was ordered. */
  readonly createdAt: number;
  /** When it changed last. */
  updatedAt: number;
  /** Whether the job has ended, well or not. */
  completed: boolean;
  /** Why it failed, or `null`. */
  error: JobError | null;
  /** Queries that still answer as if it did not exist. */
  lag: number;
}

/** An entry of the event log. */
export interface EventRecord {
  /** Never used again. */
  readonly eventID: number;
  /** For example `cloneEvent`. */
  readonly eventInfoType: string;
  /** For people. */
  readonly message: string;
  /** Ids of what it is about. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What an administrator logs in with. */
export interface ElementCredentials {
  /** Always `admin` at first. */
  readonly username: string;
  /** Random. */
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
