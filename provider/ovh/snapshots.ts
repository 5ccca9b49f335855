import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import {
  type FileStorage,
  isConflict,
  isNotFound,
  listedIn,
  requireShare,
  type ShareModel,
  type SnapshotModel,
} from "./client";
import { SHARE_LIMIT_SECONDS, settledShare } from "./shares";

/** What the service says of a snapshot, taken or held. */
export interface SnapshotFacts {
  serviceName: string;
  shareId: string;
  name: string;
  description?: string | undefined;
  type: string;
  status: string;
  createdAt?: string | undefined;
  path?: string | undefined;
}

const FAILED: ReadonlySet<string> = new Set(["error", "error_deleting", "manage_error", "unmanage_error"]);

/** Seconds that taking, holding or deleting a snapshot may take where the program sets no limit. */
export const SNAPSHOT_LIMIT_SECONDS = 10 * 60;

export function settledSnapshot(outputs: { status?: string | undefined }): "settled" | "busy" | "failed" {
  if (outputs.status === "error" || outputs.status === "manage_error") return "failed";
  return outputs.status === undefined || outputs.status === "available" || FAILED.has(outputs.status)
    ? "settled"
    : "busy";
}

export const snapshotFacts = (storage: FileStorage, shareId: string, snapshot: SnapshotModel): SnapshotFacts => ({
  serviceName: storage.serviceName,
  shareId,
  name: snapshot.name ?? "",
  description: snapshot.description || undefined,
  type: snapshot.type,
  status: snapshot.status,
  createdAt: snapshot.createdAt ?? undefined,
  path: snapshot.path ?? undefined,
});

/** A snapshot of a share, or `undefined` when the service lists the share's snapshots, or the shares, without it. */
export async function readSnapshot(
  storage: FileStorage,
  shareId: string,
  id: string,
  maxAgeMs?: number,
): Promise<SnapshotModel | undefined> {
  const { snapshots } = storage.share(shareId);
  const list = () => (maxAgeMs === undefined ? snapshots.kept() : snapshots.recent(maxAgeMs));
  return (await listedIn(storage, shareId, list)).find((snapshot) => snapshot.id === id);
}

/** Waits until a new snapshot is available. */
export async function settleSnapshot(
  storage: FileStorage,
  shareId: string,
  id: string,
  operation: Operation,
  wait: { activity: string; remedy: string },
): Promise<SnapshotModel> {
  const snapshot = await operation.wait({
    read: (maxAgeMs) => readSnapshot(storage, shareId, id, maxAgeMs),
    state: (found) => found.status,
    judge: (state) => {
      if (state === "available") return "done";
      if (state === "deleting")
        return new TerminalStateError(
          `snapshot ${id} is being deleted by somebody else. Run pulumi refresh when it is gone.`,
          state,
        );
      if (!FAILED.has(state)) return "busy";
      const ended =
        wait.activity === state ? `is in state "${state}"` : `ended in state "${state}" while ${wait.activity}`;
      return new TerminalStateError(`snapshot ${id} ${ended}. ${wait.remedy}`, state);
    },
    absent: "tolerate",
    activity: wait.activity,
    limitSeconds: SNAPSHOT_LIMIT_SECONDS,
  });
  if (snapshot === undefined) throw new HoldfastError(`snapshot ${id} is gone.`); // `tolerate` never ends this way
  return snapshot;
}

/** The parent once it is available: the service takes and holds nothing on a busy share. */
export async function settledParent(storage: FileStorage, shareId: string, operation: Operation): Promise<ShareModel> {
  const present = await requireShare(storage, shareId);
  if (present.status === "available") return present;
  const share = await operation.wait({
    read: async (maxAgeMs) => (await storage.shares.recent(maxAgeMs)).find(({ id }) => id === shareId),
    state: ({ status }) => status,
    judge: (status) => {
      if (status === "available") return "done";
      if (settledShare({ status }) === "busy") return "busy";
      return new TerminalStateError(`its share ${shareId} is in state "${status}". It must be available.`, status);
    },
    absent: "tolerate",
    activity: "waiting for the share",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
  if (share === undefined) throw new HoldfastError(`its share ${shareId} is gone.`); // `tolerate` never ends this way
  return share;
}

/** Deletes a snapshot and waits until the service no longer lists it: while it does, it blocks the share's deletion. */
export async function deleteSnapshot(
  storage: FileStorage,
  shareId: string,
  id: string,
  operation: Operation,
): Promise<void> {
  const present = await operation.wait({
    read: (maxAgeMs) => readSnapshot(storage, shareId, id, maxAgeMs),
    state: ({ status }) => status,
    judge: (status) => (settledSnapshot({ status }) === "busy" && status !== "deleting" ? "busy" : "done"),
    absent: "done",
    activity: "waiting for the snapshot to settle",
    limitSeconds: SNAPSHOT_LIMIT_SECONDS,
  });
  if (present === undefined) return;
  if (present.status !== "deleting") {
    try {
      await storage.share(shareId).deleteSnapshot(id);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
      const now = await readSnapshot(storage, shareId, id, 0);
      if (now === undefined) return;
      if (now.status === "manage_error") {
        throw new HoldfastError(
          `snapshot ${id} is in state "manage_error" and the service does not delete it (${error.message}). Ask OVHcloud's support to remove it, then run pulumi refresh.`,
        );
      }
      // A repeated DELETE is refused as well, when the answer to the first was lost and the deletion goes on.
      if (now.status !== "deleting") throw error;
    }
  }
  await operation.wait({
    read: (maxAgeMs) => readSnapshot(storage, shareId, id, maxAgeMs),
    state: ({ status }) => status,
    judge: (status) =>
      status === "error_deleting"
        ? new TerminalStateError(
            `snapshot ${id} could not be deleted (error_deleting). Try again, or ask OVHcloud's support.`,
            status,
          )
        : "busy",
    absent: "done",
    activity: "deleting",
    limitSeconds: SNAPSHOT_LIMIT_SECONDS,
  });
}

export interface FoundSnapshot {
  snapshot: SnapshotModel;
  shareId: string;
  /** GiB that a clone needs at least, where one of our resources has recorded it: the API does not tell. */
  shareSize: number | undefined;
}

/** How old a list may be that tells a source's type and state, in milliseconds. */
const FACTS_AGE_MS = 2000;

/**
 * The API finds a snapshot only under its share. Looked through in this order: the given share, the share of our own
 * resource with this id, the program's shares, all shares. Lists are kept for the process; before a snapshot is said not
 * to exist, they are read anew.
 */
export async function findSnapshot(
  storage: FileStorage,
  id: string,
  hint: string | undefined,
  operation: Operation,
): Promise<FoundSnapshot> {
  const own = operation.managed("ovh:HeldSnapshot").get(id) ?? operation.managed("ovh:Snapshot").get(id);
  const shareSize = typeof own?.["shareSize"] === "number" ? own["shareSize"] : undefined;
  const ownShare = typeof own?.["shareId"] === "string" ? own["shareId"] : undefined;
  const programs = [...operation.managed("ovh:Share").keys(), ...operation.managed("ovh:ShareClone").keys()];
  const first = [hint, ownShare, ...programs].filter((candidate) => candidate !== undefined);

  const shareId = (await locate(storage, id, first)) ?? (await locate(storage, id, first, FACTS_AGE_MS));
  const snapshot = shareId === undefined ? undefined : await readSnapshot(storage, shareId, id, FACTS_AGE_MS);
  if (shareId !== undefined && snapshot !== undefined) return { snapshot, shareId, shareSize };
  throw new HoldfastError(
    `service ${storage.serviceName} has no snapshot ${id} on any of its shares. An automatic snapshot may have been rotated away, and a held one has a new id. Check snapshotId and serviceName.`,
  );
}

/** The share that has the snapshot: where that is never changes, so kept lists do. */
async function locate(
  storage: FileStorage,
  id: string,
  first: readonly string[],
  maxAgeMs?: number,
): Promise<string | undefined> {
  const shares = await (maxAgeMs === undefined ? storage.shares.kept() : storage.shares.recent(maxAgeMs));
  const present = new Set(shares.map((share) => share.id));
  for (const shareId of new Set([...first, ...present])) {
    if (present.has(shareId) && (await readSnapshot(storage, shareId, id, maxAgeMs)) !== undefined) return shareId;
  }
  return undefined;
}
