import { z } from "zod";
import { lackIn } from "../core/answerText";
import type { Clock } from "../core/clock";
import { type Collection, createCollection, type Journey } from "../core/collection";
import type { Connection } from "../core/connection";
import { ApiError } from "../core/errors";
import { ended, unlessAborted } from "../core/interruption";
import { given } from "../core/properties";
import { remembered } from "../core/remembered";
import { type Operation, retrying } from "../core/retry";
import {
  type AsyncHandleModel,
  type AsyncResultModel,
  asyncHandleModel,
  asyncResultModel,
  type CloneModel,
  type ClusterModel,
  cloneModel,
  clusterModel,
  type LimitsModel,
  limitsModel,
  type SnapshotModel,
  type SyncJobModel,
  snapshotModel,
  syncJobModel,
  type VolumeModel,
  volumeModel,
} from "./models";
import type { Reached } from "./reach";
import { isDenied, isHandleMissing, isMember, isNoMember, isSnapshotGone, isVolumeGone } from "./refusal";
import { type StorageSettings, storageSettings } from "./settings";

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
  /** The newest that the cluster has. */
  currentVersion(): Promise<string>;
  /** Asked once per process. */
  cluster(): Promise<ClusterModel>;
  /** Asked once per process. */
  limits(): Promise<LimitsModel>;
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
  /** Whether any call tells of a clone that no list of volumes shows: an administrator may lack the right to all of them. */
  tellsOfClone(asyncHandle: number | undefined): boolean;
  cloneVolume(clone: NewClone): Promise<CloneModel>;
  cancelClone(cloneID: number): Promise<void>;
  modifyVolume(volumeID: number, changes: VolumeChanges): Promise<VolumeModel>;
  /** The volume as it is then; `undefined` of what was gone before, and where the answer does not tell it. */
  deleteVolume(volumeID: number): Promise<VolumeModel | undefined>;
  purgeVolume(volumeID: number): Promise<void>;
  joinAccessGroup(volumeAccessGroupID: number, volumeID: number): Promise<void>;
  leaveAccessGroup(volumeAccessGroupID: number, volumeID: number): Promise<void>;
  createSnapshot(snapshot: NewSnapshot): Promise<SnapshotModel>;
  modifySnapshot(snapshotID: number, changes: SnapshotChanges): Promise<SnapshotModel>;
  deleteSnapshot(snapshotID: number): Promise<void>;
}

export interface ElementOptions {
  connection: Connection<Reached>;
  clock: Clock;
  /** Ends the pauses between attempts. */
  signal: AbortSignal;
  /** @default what holds where nothing is set */
  settings?: () => StorageSettings;
  /** Tells what is no failure and must be known all the same, each only once. */
  warn: (message: string) => void;
}

/** The typed client of a cluster. It owns methods, parameters, parsing and repetition. */
export function createElement(options: ElementOptions): Element {
  const { connection, clock } = options;
  const warn = once(options.warn);
  const call = caller(options, warn);
  const list = <T>(model: z.ZodType<T>, member: string, method: string, params: object = {}) =>
    createCollection(clock, (patience, journey) =>
      call(z.object({ [member]: z.array(model) }), "read", method, params, patience, journey).then(
        (answer) => answer[member] as T[], // the object has this one member
      ),
    );
  /** Methods that this administrator may not call, as far as they were called. */
  const denied = new Set<string>();
  /** What only helps: an administrator without the right to ask for it does without. */
  const ifAllowed = <T>(collection: Collection<T>, method: string, without: string): Collection<T> => {
    const none = (error: unknown): T[] => {
      if (!isDenied(error)) throw error;
      denied.add(method);
      warn(`${method} is not allowed to this cluster admin (access types read or reporting): ${without}.`);
      return [];
    };
    return {
      ...collection,
      recent: (...asking) => collection.recent(...asking).catch(none),
      kept: (...asking) => collection.kept(...asking).catch(none),
    };
  };

  const volumes = list(volumeModel, "volumes", "ListVolumes", { includeVirtualVolumes: false });
  const snapshots = list(snapshotModel, "snapshots", "ListSnapshots");
  const perVolume = new Map<number, Collection<SnapshotModel>>();
  const snapshotsOf = (volumeID: number) => {
    const known = perVolume.get(volumeID) ?? list(snapshotModel, "snapshots", "ListSnapshots", { volumeID });
    perVolume.set(volumeID, known);
    return known;
  };
  const syncJobs = list(syncJobModel, "syncJobs", "ListSyncJobs");
  const asyncHandles = list(asyncHandleModel, "asyncHandles", "ListAsyncResults", { asyncResultTypes: ["Clone"] });
  const copying = <R>(write: () => Promise<R>) =>
    volumes.writing(() => syncJobs.writing(() => asyncHandles.writing(write)));
  /** Whose snapshot it is, its id does not tell: no list from before serves any more. */
  const taking = <R>(write: () => Promise<R>) =>
    snapshots.writing([...perVolume.values()].reduce((inner, own) => () => own.writing(inner), write));
  const volumeAnswer = z.object({ volume: volumeModel }).transform(({ volume }) => volume);
  const deletedAnswer = z.object({ volume: volumeModel.optional().catch(undefined) }).transform(({ volume }) => volume);
  const snapshotAnswer = z.object({ snapshot: snapshotModel }).transform(({ snapshot }) => snapshot);
  const membership = (method: string, volumeAccessGroupID: number, volumeID: number) =>
    volumes.writing(() => call(nothing, "read", method, { volumeAccessGroupID, volumes: [volumeID] }));

  return {
    settings: options.settings ?? (() => storageSettings(() => undefined)),
    now: async () => (await connection()).now(),
    ready: async () => void (await connection({ quietly: true })),
    apiVersion: async () => (await connection()).apiVersion,
    currentVersion: async () => (await connection()).currentVersion,
    cluster: remembered(() =>
      call(z.object({ clusterInfo: clusterModel }), "read", "GetClusterInfo", {}).then(
        ({ clusterInfo }) => clusterInfo,
      ),
    ),
    limits: remembered(() => call(limitsModel, "read", "GetLimits", {})),
    volumes,
    snapshots,
    snapshotsOf,
    syncJobs: ifAllowed(syncJobs, "ListSyncJobs", "how far a clone is can't be shown"),
    asyncHandles: ifAllowed(asyncHandles, "ListAsyncResults", "clones that wait for their turn can't be seen"),
    asyncResult: (asyncHandle) =>
      call(asyncResultModel, "read", "GetAsyncResult", { asyncHandle, keepResult: true }).catch((error: unknown) => {
        if (isHandleMissing(error)) return undefined;
        if (!isDenied(error)) throw error;
        denied.add("GetAsyncResult");
        warn(
          "GetAsyncResult is not allowed to this cluster admin (access types read or write): whether a clone is complete is told by its volume alone.",
        );
        return undefined;
      }),
    tellsOfClone: (asyncHandle) =>
      !denied.has("ListSyncJobs") || (asyncHandle !== undefined && !denied.has("GetAsyncResult")),
    cloneVolume: (clone) => copying(() => call(cloneModel, "create", "CloneVolume", given(clone))),
    cancelClone: (cloneID) => copying(() => call(nothing, "delete", "CancelClone", { cloneID })),
    modifyVolume: (volumeID, changes) =>
      volumes.writing(() => call(volumeAnswer, "read", "ModifyVolume", { volumeID, ...given(changes) })),
    deleteVolume: (volumeID) =>
      copying(() => call(deletedAnswer, "delete", "DeleteVolume", { volumeID })).catch(unless(isVolumeGone)),
    purgeVolume: (volumeID) =>
      copying(() => call(nothing, "delete", "PurgeDeletedVolume", { volumeID })).catch(unless(isVolumeGone)),
    joinAccessGroup: (group, volumeID) =>
      membership("AddVolumesToVolumeAccessGroup", group, volumeID).catch(unless(isMember)),
    leaveAccessGroup: (group, volumeID) =>
      membership("RemoveVolumesFromVolumeAccessGroup", group, volumeID).catch(unless(isNoMember)),
    createSnapshot: (snapshot) => taking(() => call(snapshotAnswer, "create", "CreateSnapshot", given(snapshot))),
    modifySnapshot: (snapshotID, changes) =>
      taking(() => call(snapshotAnswer, "read", "ModifySnapshot", { snapshotID, ...given(changes) })),
    deleteSnapshot: (snapshotID) =>
      taking(() => call(nothing, "delete", "DeleteSnapshot", { snapshotID })).catch(unless(isSnapshotGone)),
  };
}

type Call = <T>(
  model: z.ZodType<T>,
  operation: Operation,
  method: string,
  params: object,
  patience?: AbortSignal,
  journey?: Journey,
) => Promise<T>;

/** How each method is called: repeated where that is safe, parsed, and ended by an interruption. */
function caller({ connection, clock, signal: interrupted }: ElementOptions, warn: (message: string) => void): Call {
  return async (model, operation, method, params, patience, journey = { leftAt: undefined }) => {
    const signal = patience === undefined ? interrupted : AbortSignal.any([interrupted, patience]);
    const to = await connection();
    return retrying(
      operation,
      async () => {
        if (operation === "create" && signal.aborted) throw ended(`${method} was not sent`);
        journey.leftAt = clock.now();
        const sent = to.call(method, params);
        // What only reads may be left alone; a change is waited for, or its outcome would be lost.
        const answered = /^(Get|List)/.test(method) ? unlessAborted(sent, signal, method) : sent;
        const { result, unused } = await answered;
        for (const name of unused) {
          warn(`${method} ignored ${name}: version ${to.apiVersion} of the API does not know it.`);
        }
        const parsed = model.safeParse(result);
        if (parsed.success) return parsed.data;
        throw new ApiError(`${method} answered ${lackIn(parsed.error, "the result")}`, {
          method,
          path: `/json-rpc/${to.apiVersion}`,
          status: 200,
        });
      },
      { clock, signal },
    );
  };
}

const nothing = z.unknown().transform(() => undefined);

/** What is as it should be already is no failure. */
const unless =
  (isFine: (error: unknown) => boolean) =>
  (error: unknown): undefined => {
    if (!isFine(error)) throw error;
    return undefined;
  };

function once(tell: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    tell(message);
  };
}
