import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Operation, Waiting } from "../core/lifecycle";
import type { FileStorage, Texts } from "./client";
import { refusedDeletion } from "./deletion";
import { listedIn, PROOF_AGE_MS, requireShare } from "./find";
import { withoutMark } from "./marks";
import type { ShareModel, SnapshotModel } from "./models";
import { SHARE_LIMIT_SECONDS, settledShare } from "./shareStates";
import { changedTexts, markedTexts } from "./texts";

/** What the service says of a snapshot, taken or held. */
export interface SnapshotFacts {
  serviceName: string;
  shareId: string;
  name: string;
  description: string;
  type: string;
  status: string;
  createdAt?: string | undefined;
  path?: string | undefined;
}

const FAILED: ReadonlySet<string> = new Set(["error", "error_deleting", "manage_error", "unmanage_error"]);

const DELETING: ReadonlySet<string> = new Set(["deleting"]);

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
  description: withoutMark(snapshot.description),
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

/** As {@link readSnapshot}, for what is recorded: what a kept list lacks may be younger than the list. */
export const readRecorded = async (
  storage: FileStorage,
  shareId: string,
  id: string,
): Promise<SnapshotModel | undefined> =>
  (await readSnapshot(storage, shareId, id)) ?? (await readSnapshot(storage, shareId, id, PROOF_AGE_MS));

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

/** Resumes an unfinished wait, then changes name and description. */
export async function changeSnapshot(
  storage: FileStorage,
  shareId: string,
  id: string,
  wanted: Texts,
  operation: Operation,
  previous: object,
): Promise<SnapshotFacts> {
  const present = await readSnapshot(storage, shareId, id, 0);
  if (present === undefined) {
    throw new HoldfastError(
      `snapshot ${id} is gone from share ${shareId}. Run pulumi refresh, then pulumi up makes a new one.`,
    );
  }
  operation.exists(id, { ...previous, ...snapshotFacts(storage, shareId, present) });
  const settled = await settleSnapshot(storage, shareId, id, operation, {
    activity: present.status === "available" ? "updating" : present.status,
    remedy: operation.creating
      ? "The next pulumi up deletes it and makes it again."
      : "Delete it in the control panel, or ask OVHcloud's support with its id.",
  });
  const facts = snapshotFacts(storage, shareId, settled);
  const texts = changedTexts(settled, wanted, operation);
  if (texts === undefined) return facts;
  operation.exists(id, { ...previous, ...facts });
  await storage.share(shareId).renameSnapshot(id, markedTexts(texts, settled));
  return { ...facts, ...texts };
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
  operation: Waiting,
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
    const refused = await refusedDeletion({
      send: () => storage.share(shareId).deleteSnapshot(id),
      read: () => readSnapshot(storage, shareId, id, 0),
      leaving: DELETING,
    });
    if (refused?.object.status === "manage_error") {
      throw new HoldfastError(
        `snapshot ${id} is in state "manage_error" and the service does not delete it (${refused.refusal.message}). Ask OVHcloud's support to remove it, then run pulumi refresh.`,
      );
    }
    if (refused !== undefined) throw refused.refusal;
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
