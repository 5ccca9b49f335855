import type { TransitionKind } from "./progress";

/**
 * Situations in which the service refuses although the request is well formed. Its status codes are not published: each
 * default is our assumption, and each can be changed, so that a client is tested against all of them.
 */
export interface RefusalStatuses {
  /** Clone of an automatic or system snapshot. @default 400 */
  cloneNotManual: number;
  /** Clone of a snapshot that is not available. @default 409 */
  cloneNotAvailable: number;
  /** Clone smaller than its snapshot. @default 400 */
  cloneTooSmall: number;
  /** Share, clone or extension beyond the quota. @default 409 */
  quota: number;
  /** More shares, snapshots or access rules than allowed, or a larger share. @default 409 */
  limit: number;
  /** Extend, shrink, revert, snapshot, hold or access rule while the share is in another state than needed. @default 409 */
  shareBusy: number;
  /** Extend to a smaller or shrink to a larger size, or to the same. @default 400 */
  wrongDirection: number;
  /** Deletion of a share with manual snapshots, or in a state that forbids it. @default 409 */
  shareDeletion: number;
  /** Deletion of a snapshot in a state that forbids it, or of a system snapshot. @default 409 */
  snapshotDeletion: number;
  /** New name or description for a snapshot that is not manual. @default 409 */
  snapshotEdit: number;
  /** Hold of a manual or system snapshot, or of one that is not available. @default 409 */
  holdNotAutomatic: number;
  /** Second hold of the same automatic snapshot. @default 404 */
  holdTwice: number;
  /** Revert to another snapshot than the latest, to one that is not manual, or not available. @default 409 */
  revert: number;
  /** Revert to a snapshot of another share. @default 400 */
  revertForeign: number;
  /** Access rule for an address that has one. @default 409 */
  duplicateRule: number;
  /** Mount point name that another share of the service has. @default 409 */
  duplicateMountPoint: number;
  /** Change or deletion of the default policy, deletion of a policy in use. @default 409 */
  policy: number;
  /** Share or access rule before the network is configured. @default 409 */
  network: number;
  /** Confirmation of a termination with a token that was not sent, is too old or was used. @default 400 */
  terminationToken: number;
  /** Any change on a suspended service. @default 460 */
  suspended: number;
}

/** Behaviour that nobody publishes. The default of each switch is our assumption. */
export interface OvhSwitches {
  /** Status codes of refusals, see {@link RefusalStatuses}. */
  refusals?: Partial<RefusalStatuses>;
  /** Replaces 409 in every refusal that has it by default: 400 and 403 are what OpenStack Manila would answer. @default 409 */
  conflictStatus?: 400 | 403 | 409;
  /**
   * How calls without a result are answered: a `null` body, no body, status 204, or each in turn (empty 200, empty 202, 204, `null`).
   * The vendor's Python client fails on an empty 200 or 202. @default "null"
   */
  voidAnswer?: "null" | "empty" | "204" | "rotate";
  /** Success codes: as far as we know or assume (201 for creations, 202 for work that goes on), or 200 wherever no guide shows another. @default "assumed" */
  successStatus?: "assumed" | "200";
  /** Success code of a hold. @default 201 */
  holdStatus?: number;
  /** What happens to the automatic entry while its hold is under way: hidden, or still listed. Its id answers 404 afterwards in both cases. @default "hidden" */
  heldSource?: "hidden" | "listed";
  /** Whether a snapshot in state manage_error can be deleted. @default true */
  manageErrorDeletable?: boolean;
  /** What list elements look like without `detail=true`: nothing but the id, or the other fields as null. @default "absent" */
  briefLists?: "absent" | "null";
  /** Whether read-only fields in a body are ignored or refused with 400. @default "ignored" */
  readOnlyFields?: "ignored" | "refused";
  /** Largest size of a share in GiB; the concepts guide says 27.55 TiB. @default no limit */
  largestShareGiB?: number;
  /** Snapshots of any type per share. @default 200 */
  snapshotsPerShare?: number;
  /** Manual snapshots per service; the control panel stops at 50. @default no limit */
  manualSnapshotsPerService?: number;
  /** Access rules per share. @default 16 */
  rulesPerShare?: number;
  /** Shares per TiB of quota; the concepts guide says 10. @default no limit */
  sharesPerTiB?: number;
  /**
   * How a shrink below the used space ends, with the size as it was: `shrinking_possible_data_loss_error`, or `available`, as newer
   * versions of OpenStack Manila do it. @default "shrinking_possible_data_loss_error"
   */
  shrinkBelowUsed?: "shrinking_possible_data_loss_error" | "available";
  /** Whether a snapshot can be deleted while shares cloned from it exist. @default true */
  clonedSnapshotDeletable?: boolean;
  /** Whether a share ends in error_deleting while shares cloned from its snapshots exist. @default false */
  clonesBlockParent?: boolean;
  /** Whether a deleted share or terminated service shows the state `deleted` for one step before it is gone. @default false */
  showDeleted?: boolean;
  /** The mount path of an address and a junction name. @default `10.1.2.3:/junction` */
  formatAccessPath?: (address: string, junction: string) => string;
  /** Milliseconds between a share's becoming available and its access paths. @default 0 */
  accessPathDelayMs?: number;
  /** How times are written: `2026-01-31T10:00:00.000Z`, or with an offset, `2026-01-31T12:00:00+02:00`. @default "utc" */
  timeFormat?: "utc" | "offset";
  /** Status of the answer to a wrong signature. @default 400 */
  badSignatureStatus?: 400 | 403;
  /** Status of the answer to an unknown or expired bearer token. @default 401 */
  badTokenStatus?: 401 | 403;
  /** How far a request's timestamp may be from the simulator's time, in seconds. @default 30 */
  maxSkewSeconds?: number;
  /** Lifetime of the bearer tokens it gives, in seconds. @default 3599 */
  tokenSeconds?: number;
  /** Calls that one credential may make in any second; one more is refused with 429. @default any number */
  requestsPerSecond?: number;
  /** Whether such a refusal has the header `Retry-After`, in whole seconds. @default true */
  retryAfter?: boolean;
  /** Whether signatures are checked. Keys, consumer keys and times are checked anyway. @default true */
  checkSignatures?: boolean;
}

/** One call that the simulator received. */
export interface OvhCall {
  /** HTTP method. */
  readonly method: string;
  /** Path without the query, branch included. */
  readonly path: string;
  /** Query without its question mark; empty when there was none. */
  readonly query: string;
  /** Status of the answer; 0 while there is none, and when the connection was reset. */
  readonly status: number;
  /** When it came, in milliseconds since the epoch by the simulator's clock. */
  readonly at: number;
}

/** How the simulator starts. Everything is optional. */
export interface OvhSimulatorOptions extends OvhSwitches {
  /** TCP port on 127.0.0.1. @default a free one */
  port?: number;
  /** Milliseconds that each step of an asynchronous operation takes. With 0 it is over at the next read. @default 0 */
  stepMs?: number;
  /** Other durations for single kinds of operation, in milliseconds. */
  stepMsOf?: Partial<Record<TransitionKind, number>>;
  /** What a clone takes longer, in milliseconds for each TiB of its size. @default 0 */
  cloneMsPerTiB?: number;
  /** File that keeps the whole state across starts, credentials included (mode 0600). One simulator at a time: `<file>.lock` keeps others away. @default none */
  stateFile?: string;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  now?: () => number;
  /** How far `/auth/time` and the timestamp check are ahead of the clock, in milliseconds. @default 0 */
  clockSkewMs?: number;
  /** Capacity of the first service in GiB. Not applied to a restored state. @default 10240 */
  quotaGiB?: number;
  /** Start without a share. @default false */
  empty?: boolean;
  /** Carry out the schedules of snapshot policies as time passes. @default true */
  schedule?: boolean;
  /**
   * Milliseconds between two automatic snapshots of each share, at least 1000: its policy takes them at this pace, by its first
   * rule and with that rule's number of copies, instead of at the times of its rules. For trials that cannot wait for the
   * next full hour. Counted from the epoch by the simulator's clock, so that the same times give the same snapshots.
   * @default at the times of the rules
   */
  snapshotEveryMs?: number;
  /** Network of the first service. `to_configure` refuses shares. Not applied to a restored state. @default "associated" */
  networkStatus?: "to_configure" | "associating" | "associated" | "dissociating";
  /** IAM actions that the caller lacks, for example `share/create` or `storageNetApp:apiovh:share/create`. @default none */
  deniedActions?: readonly string[];
  /** Told of each call when its answer is decided. @default nobody */
  onCall?: (call: OvhCall) => void;
}

const REFUSALS: Readonly<RefusalStatuses> = {
  cloneNotManual: 400,
  cloneNotAvailable: 409,
  cloneTooSmall: 400,
  quota: 409,
  limit: 409,
  shareBusy: 409,
  wrongDirection: 400,
  shareDeletion: 409,
  snapshotDeletion: 409,
  snapshotEdit: 409,
  holdNotAutomatic: 409,
  holdTwice: 404,
  revert: 409,
  revertForeign: 400,
  duplicateRule: 409,
  duplicateMountPoint: 409,
  policy: 409,
  network: 409,
  terminationToken: 400,
  suspended: 460,
};

const refusalStatuses = (conflict: number, chosen: Partial<RefusalStatuses>): RefusalStatuses => {
  const statuses = { ...REFUSALS };
  for (const [key, status] of Object.entries(REFUSALS)) {
    // Object.entries forgets the key type; REFUSALS has no other keys
    if (status === 409) statuses[key as keyof RefusalStatuses] = conflict;
  }
  return { ...statuses, ...chosen };
};

/** Every option with its default filled in. */
export const withDefaults = (options: OvhSimulatorOptions) => ({
  refusals: refusalStatuses(options.conflictStatus ?? 409, options.refusals ?? {}),
  voidAnswer: options.voidAnswer ?? "null",
  successStatus: options.successStatus ?? "assumed",
  holdStatus: options.holdStatus ?? 201,
  heldSource: options.heldSource ?? "hidden",
  manageErrorDeletable: options.manageErrorDeletable ?? true,
  briefLists: options.briefLists ?? "absent",
  readOnlyFields: options.readOnlyFields ?? "ignored",
  largestShareGiB: options.largestShareGiB ?? Number.POSITIVE_INFINITY,
  snapshotsPerShare: options.snapshotsPerShare ?? 200,
  manualSnapshotsPerService: options.manualSnapshotsPerService ?? Number.POSITIVE_INFINITY,
  rulesPerShare: options.rulesPerShare ?? 16,
  sharesPerTiB: options.sharesPerTiB ?? Number.POSITIVE_INFINITY,
  shrinkBelowUsed: options.shrinkBelowUsed ?? "shrinking_possible_data_loss_error",
  clonedSnapshotDeletable: options.clonedSnapshotDeletable ?? true,
  clonesBlockParent: options.clonesBlockParent ?? false,
  showDeleted: options.showDeleted ?? false,
  formatAccessPath: options.formatAccessPath ?? ((address: string, junction: string) => `${address}:/${junction}`),
  accessPathDelayMs: options.accessPathDelayMs ?? 0,
  timeFormat: options.timeFormat ?? "utc",
  badSignatureStatus: options.badSignatureStatus ?? 400,
  badTokenStatus: options.badTokenStatus ?? 401,
  maxSkewSeconds: options.maxSkewSeconds ?? 30,
  tokenSeconds: options.tokenSeconds ?? 3599,
  checkSignatures: options.checkSignatures ?? true,
  requestsPerSecond: options.requestsPerSecond,
  retryAfter: options.retryAfter ?? true,
  port: options.port ?? 0,
  stepMs: options.stepMs ?? 0,
  stepMsOf: options.stepMsOf ?? {},
  cloneMsPerTiB: options.cloneMsPerTiB ?? 0,
  stateFile: options.stateFile,
  now: options.now ?? Date.now,
  clockSkewMs: options.clockSkewMs ?? 0,
  quotaGiB: options.quotaGiB ?? 10_240,
  empty: options.empty ?? false,
  schedule: options.schedule ?? true,
  snapshotEveryMs: options.snapshotEveryMs,
  networkStatus: options.networkStatus ?? "associated",
  deniedActions: options.deniedActions ?? [],
  onCall: options.onCall ?? (() => {}),
});

/** The options as the simulator's parts see them. */
export type Settings = ReturnType<typeof withDefaults>;
