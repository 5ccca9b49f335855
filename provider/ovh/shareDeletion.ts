import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Waiting } from "../core/lifecycle";
import { isNotFound } from "./answers";
import type { FileStorage } from "./client";
import { refusedDeletion } from "./deletion";
import { findShare, listedIn } from "./find";
import { CLONE_LIMIT_SECONDS, LEAVING, SHARE_LIMIT_SECONDS, settledShare } from "./shareStates";
import { holdsUnfitShrink, unfitShrinkRemedy } from "./unfitShrink";

/** Deletes a share and waits until the service no longer lists it. */
export async function deleteShare(storage: FileStorage, id: string, operation: Waiting): Promise<void> {
  const share = await untilDeletable(storage, id, operation);
  if (share === undefined || share.status === "deleted") return;
  if (share.status !== "deleting" && !(await beginDeletion(storage, id))) {
    await untilSnapshotsGone(storage, id, operation);
    if (!(await beginDeletion(storage, id))) {
      const remedy = holdsUnfitShrink(share) ? unfitShrinkRemedy(share.size) : "Ask OVHcloud's support with its id.";
      throw new HoldfastError(
        `share ${id} is in state "${share.status}", and the service does not delete it. ${remedy}`,
      );
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

/** Whether the share is gone or on its way; false after a refusal that its snapshots or its state explain. */
async function beginDeletion(storage: FileStorage, id: string): Promise<boolean> {
  const refused = await refusedDeletion({
    send: () => storage.deleteShare(id),
    read: () => findShare(storage, id, 0),
    leaving: LEAVING,
  });
  if (refused === undefined) return true;
  const { refusal, object } = refused;
  if (isNotFound(refusal) || (DELETABLE.has(object.status) && !(await hasManualSnapshots(storage, id)))) throw refusal;
  return false;
}

/** States in which the service deletes a share (Manila). */
const DELETABLE: ReadonlySet<string> = new Set(["available", "error", "inactive"]);

const manualSnapshots = async (storage: FileStorage, id: string, maxAgeMs: number) =>
  (await listedIn(storage, id, () => storage.share(id).snapshots.recent(maxAgeMs))).filter(
    ({ type }) => type === "manual",
  );

const hasManualSnapshots = async (storage: FileStorage, id: string) =>
  (await manualSnapshots(storage, id, 0)).length > 0;

/** The service refuses to delete a share that is still busy: after an interrupted creation, for example. */
const untilDeletable = (storage: FileStorage, id: string, operation: Waiting) =>
  operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (share) => share.status,
    judge: (state) => (settledShare({ status: state }) !== "busy" || LEAVING.has(state) ? "done" : "busy"),
    absent: "done",
    activity: "waiting for the share to settle",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });

/** Manual snapshots block a share's deletion, those still being deleted too. The others vanish with the share. */
async function untilSnapshotsGone(storage: FileStorage, id: string, operation: Waiting): Promise<void> {
  await operation.wait({
    read: async (maxAgeMs) => {
      const manual = await manualSnapshots(storage, id, maxAgeMs);
      const staying = manual.filter(({ status }) => status !== "deleting");
      return { deleting: manual.length - staying.length, staying };
    },
    state: ({ deleting }) => `waiting for ${deleting} of its snapshots to be deleted`,
    judge: (_, { deleting, staying }) => {
      if (staying.length > 0) return blocked(id, staying);
      return deleting > 0 ? "busy" : "done";
    },
    absent: "done",
    activity: "waiting for its snapshots",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
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
