import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import { type FileStorage, findShare, isConflict, isNotFound, listedIn } from "./client";
import { CLONE_LIMIT_SECONDS, SHARE_LIMIT_SECONDS, settledShare } from "./shares";

/** Deletes a share and waits until the service no longer lists it. */
export async function deleteShare(storage: FileStorage, id: string, operation: Operation): Promise<void> {
  const share = await untilDeletable(storage, id, operation);
  if (share === undefined) return;
  if (share.status !== "deleting") {
    try {
      await storage.deleteShare(id);
    } catch (error) {
      if (!isConflict(error)) {
        if (!isNotFound(error) || (await findShare(storage, id, 0)) !== undefined) throw error;
        return;
      }
      // A repeated DELETE is refused as well, when the answer to the first was lost and the deletion goes on.
      if ((await findShare(storage, id, 0))?.status !== "deleting") {
        await untilSnapshotsGone(storage, id, operation, error);
        await storage.deleteShare(id).catch(async (again: unknown) => {
          const begun = isConflict(again) && (await findShare(storage, id, 0))?.status === "deleting";
          if (!isNotFound(again) && !begun) throw again;
        });
      }
    }
  }
  await operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (found) => found.status,
    judge: (state) => {
      if (state === "deleted") return "done";
      if (state !== "error_deleting") return "busy";
      return new TerminalStateError(
        `share ${id} could not be deleted (error_deleting). A clone made from one of its snapshots may still depend on it: delete the clones first, or ask OVHcloud's support.`,
        state,
      );
    },
    absent: "done",
    activity: "deleting",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
}

/** The service refuses to delete a share that is still busy: after an interrupted creation, for example. */
const untilDeletable = (storage: FileStorage, id: string, operation: Operation) =>
  operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (share) => share.status,
    judge: (state) =>
      settledShare({ status: state }) !== "busy" || state === "deleting" || state === "deleted" ? "done" : "busy",
    absent: "done",
    activity: "waiting for the share to settle",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });

/** Manual snapshots block a share's deletion, those still being deleted too. The others vanish with the share. */
async function untilSnapshotsGone(
  storage: FileStorage,
  id: string,
  operation: Operation,
  refusal: Error,
): Promise<void> {
  const { snapshots } = storage.share(id);
  await operation.wait({
    read: async (maxAgeMs) => {
      const manual = (await listedIn(storage, id, () => snapshots.recent(maxAgeMs))).filter(
        ({ type }) => type === "manual",
      );
      const staying = manual.filter(({ status }) => status !== "deleting");
      return { deleting: manual.length - staying.length, staying };
    },
    state: ({ deleting, staying }) => (staying.length > 0 ? "blocked" : `${deleting} snapshots being deleted`),
    judge: (_, { deleting, staying }) => {
      if (staying.length > 0) return blocked(id, staying);
      if (deleting > 0) return "busy";
      return "done";
    },
    absent: "done",
    activity: "waiting for its snapshots",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
  operation.note(`its snapshots are gone, deleting the share (before: ${refusal.message})`);
}

const blocked = (
  id: string,
  snapshots: readonly { id: string; name?: string | null | undefined; createdAt?: string | null | undefined }[],
) =>
  new HoldfastError(
    `share ${id} has manual snapshots, and the service deletes no share that has any: ${snapshots
      .map(({ id: snapshot, name, createdAt }) => `${snapshot} ("${name ?? ""}"${createdAt ? `, ${createdAt}` : ""})`)
      .join(", ")}. Delete them first: in the stacks that hold them, or in the control panel.`,
  );
