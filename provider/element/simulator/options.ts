import type { AccessType } from "./permissions";

/** The values of GetLimits (spec 11). */
export const LIMITS = {
  accountCountMax: 5000,
  accountNameLengthMax: 64,
  accountNameLengthMin: 1,
  bulkVolumeJobsPerNodeMax: 8,
  bulkVolumeJobsPerVolumeMax: 2,
  cloneJobsPerNodeMax: 8,
  cloneJobsPerVirtualVolumeMax: 8,
  cloneJobsPerVolumeMax: 2,
  maxAuthSessionsPerUser: 1024,
  qosPolicyCountMax: 500,
  qosPolicyNameLengthMax: 64,
  qosPolicyNameLengthMin: 1,
  snapMirrorLabelLengthMax: 31,
  snapshotNameLengthMax: 255,
  snapshotsPerVolumeMax: 32,
  volumeAccessGroupCountMax: 1000,
  volumeAccessGroupNameLengthMax: 64,
  volumeAccessGroupNameLengthMin: 1,
  volumeAccessGroupsPerVolumeCountMax: 64,
  volumeBurstIOPSMax: 200_000,
  volumeBurstIOPSMin: 100,
  volumeCountMax: 4000,
  volumeMaxIOPSMax: 200_000,
  volumeMaxIOPSMin: 100,
  volumeMinIOPSMax: 15_000,
  volumeMinIOPSMin: 50,
  volumeNameLengthMax: 64,
  volumeNameLengthMin: 1,
  volumeSizeMax: 17_592_186_044_416,
  volumeSizeMin: 1_000_000_000,
  volumesPerAccountCountMax: 2000,
  volumesPerGroupSnapshotMax: 32,
  volumesPerVolumeAccessGroupCountMax: 2000,
};

/** The limits that GetLimits tells and the simulator keeps to. */
export type ElementLimits = typeof LIMITS;

/** The x-names of errors of which only the situation is known. Each default is our assumption. */
export const REFUSALS = {
  /** CreateVolume, CloneVolume or CreateSnapshot on a cluster that is too full. */
  fullness: "xTotalCapacityExceeded",
  /** CloneVolume, CopyVolume or rollback with the snapshot of another volume. */
  foreignSnapshot: "xSnapshotIDDoesNotExist",
  /** DeleteVolume of a deleted volume; the message says "already deleted". */
  deletedTwice: "xInvalidParameter",
  /** DeleteVolume of a volume that a clone is copied to. */
  deletedInit: "xNotReadyForIO",
  /** PurgeDeletedVolume of a volume that is not deleted. */
  purgedActive: "xInvalidParameter",
  /** RestoreDeletedVolume of a volume that is not deleted. */
  restoredActive: "xInvalidParameter",
  /** Both qos and qosPolicyID. */
  qosAndPolicy: "xInvalidParameter",
  /** minIOPS above maxIOPS, or maxIOPS above burstIOPS. */
  qosOrder: "xInvalidParameter",
  /** CancelClone of a clone that is not running. */
  unknownClone: "xDBNoSuchPath",
  /** The async result of a cancelled clone, with `cancelledHandle` "failed". */
  cancelled: "xCloneCancelled",
  /** CopyVolume to a volume of another size. */
  copiedSize: "xInvalidParameter",
};

/** See {@link ElementSwitches.refusals}. */
export type ElementRefusals = { [Situation in keyof typeof REFUSALS]: string };

/** Behaviour that nobody publishes. The first value of each switch is its default. */
export interface ElementSwitches {
  /** Whether List methods show a volume while a clone is copied to it. ListActiveVolumes never does. @default "hidden" */
  initVolumes?: "hidden" | "listed";
  /** The status of such a volume in lists. Answers to CloneVolume always say init. @default "init" */
  initStatus?: "init" | "creating";
  /** A clone beyond the limits waits for its turn, without a sync job, or is refused. @default "queue" */
  overLimit?: "queue" | "error";
  /** Whether `cloneJobsPerNodeMax` counts in the whole cluster, or on each of four nodes; a volume lies on node 1 + id modulo 4. @default "cluster" */
  cloneLimitScope?: "cluster" | "node";
  /** The error of a query for a handle that does not exist or was consumed. @default "xDBNoSuchPath" */
  missingHandle?: "xDBNoSuchPath" | "xAsyncHandleDoesNotExist";
  /** How many queries for a new handle answer as if it did not exist. @default 0 */
  handleLag?: number;
  /** Which volume the result of a clone names in `volumeID`. @default "clone" */
  asyncResultVolumeID?: "clone" | "source";
  /** What CloneVolume makes of `attributes` null. @default "empty" */
  attributesNull?: "empty" | "inherited";
  /** What ModifyVolume makes of empty `attributes`. @default "stored" */
  emptyAttributes?: "stored" | "ignored";
  /**
   * How many calls of ModifyVolume and of the access group methods a volume refuses with xNotReadyForIO while a clone is copied to
   * it; those after are accepted, with 0 all. @default Infinity
   */
  notReadyCalls?: number;
  /** How CloneVolume is refused when the source itself is still being copied; "notActive" is xInvalidParameter with the message "not in the active state". @default "xNotReadyForIO" */
  sourceNotReady?: "xNotReadyForIO" | "xSliceNotRegistered" | "notActive";
  /** For how many milliseconds a new or cloned volume, although active, is refused as a source in that way. @default 0 */
  settleMs?: number;
  /** What happens to the volume of a cancelled clone; "init" leaves it until it is deleted. @default "removed" */
  cancelledVolume?: "removed" | "init";
  /** What happens to the handle of a cancelled clone; "failed" completes it with an error. @default "removed" */
  cancelledHandle?: "removed" | "failed";
  /** Whether a clone inherits the numbers of the source's QoS policy, or the policy. @default "numbers" */
  qosPolicyInheritance?: "numbers" | "policy";
  /** How ListVolumes answers to `volumeIDs` of which none exists. @default "empty" */
  unknownVolumes?: "empty" | "xVolumeIDDoesNotExist";
  /** How ListSnapshots answers to a `snapshotID` that does not exist. @default "empty" */
  unknownSnapshots?: "empty" | "xSnapshotIDDoesNotExist";
  /** The error of a length or size beyond a limit. @default "xExceededLimit" */
  outOfRange?: "xExceededLimit" | "xInvalidParameter";
  /** The size of a clone of a snapshot without `newSize`: the snapshot's, or the volume's of now. @default "snapshot" */
  snapshotCloneSize?: "snapshot" | "volume";
  /**
   * Methods that the vendor's list of access types does not name, such as ListVolumes, ModifySnapshot or CancelClone: granted with
   * the type read (List and Get) or write, or to administrators only. @default "granted"
   */
  unlistedMethods?: "granted" | "administrator";
  /** Whether volumes carry volumeUUID and volumeConsistencyGroupUUID, as recent releases have them. @default true */
  volumeUUIDs?: boolean;
  /** Names of errors of which only the situation is known: fullness, foreignSnapshot, deletedTwice and so on. */
  refusals?: Partial<ElementRefusals>;
}

/** One call that the simulator received. */
export interface ElementCall {
  /** Name of the JSON-RPC method; empty when the body has none. */
  readonly method: string;
  /** Its parameters, secrets replaced. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Version in the path, for example 12.5; empty when the path is not the API's. */
  readonly version: string;
  /** HTTP status of the answer; 0 while there is none, and when the connection was reset. */
  readonly httpStatus: number;
  /** The x-name of the error that it was answered with. */
  readonly error?: string;
  /** When it came, in milliseconds since the epoch by the simulator's clock. */
  readonly at: number;
}

/** How the simulator starts. Everything is optional. */
export interface ElementSimulatorOptions extends ElementSwitches {
  /** TCP port on 127.0.0.1. @default a free one */
  port?: number;
  /** Speak HTTPS, with a self-signed certificate for localhost and 127.0.0.1 that is made at start. @default false */
  tls?: boolean;
  /** Milliseconds that a clone or copy takes. With 0 it is done at the next look. @default 0 */
  cloneMs?: number;
  /** Version of the cluster: newer ones answer 404, the current one and those before it know what was known then. @default "12.5" */
  apiVersion?: string;
  /** Access types of the administrator. @default ["administrator"] */
  adminAccess?: readonly AccessType[];
  /** Other values for GetLimits; the simulator keeps to them. */
  limits?: Partial<ElementLimits>;
  /** Four characters, which show in the iqn and SCSI ids of volumes. Not applied to a restored state. @default "hf01" */
  clusterUniqueID?: string;
  /** File that keeps the whole state across starts, the password included (mode 0600). One simulator at a time: `<file>.lock` keeps others away. @default none */
  stateFile?: string;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  now?: () => number;
  /** Start without a volume. @default false */
  empty?: boolean;
  /** Told of each call when its answer is decided. @default nobody */
  onCall?: (call: ElementCall) => void;
}

const DEFAULTS = {
  initVolumes: "hidden",
  initStatus: "init",
  overLimit: "queue",
  cloneLimitScope: "cluster",
  missingHandle: "xDBNoSuchPath",
  handleLag: 0,
  asyncResultVolumeID: "clone",
  attributesNull: "empty",
  emptyAttributes: "stored",
  notReadyCalls: Number.POSITIVE_INFINITY,
  sourceNotReady: "xNotReadyForIO",
  settleMs: 0,
  cancelledVolume: "removed",
  cancelledHandle: "removed",
  qosPolicyInheritance: "numbers",
  unknownVolumes: "empty",
  unknownSnapshots: "empty",
  outOfRange: "xExceededLimit",
  snapshotCloneSize: "snapshot",
  unlistedMethods: "granted",
  volumeUUIDs: true,
  port: 0,
  tls: false,
  cloneMs: 0,
  apiVersion: "12.5",
  adminAccess: ["administrator"],
  clusterUniqueID: "hf01",
  now: Date.now,
  empty: false,
  onCall: () => {},
} as const satisfies ElementSimulatorOptions;

/** The options as the simulator's parts see them. */
export interface Settings extends Required<Omit<ElementSimulatorOptions, "limits" | "refusals" | "stateFile">> {
  limits: ElementLimits;
  refusals: ElementRefusals;
  stateFile: string | undefined;
}

/** Every option with its default filled in. */
export const withDefaults = (options: ElementSimulatorOptions): Settings => {
  // programs in JavaScript pass undefined for what they don't choose
  const chosen = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    ...DEFAULTS,
    ...chosen,
    limits: { ...LIMITS, ...options.limits },
    refusals: { ...REFUSALS, ...options.refusals },
    stateFile: options.stateFile,
  };
};
