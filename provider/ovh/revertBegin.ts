import { HoldfastError, InterruptedError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import type { FileStorage } from "./client";
import { findShare, listedIn } from "./find";
import type { ShareModel, SnapshotModel } from "./models";
import type { RevertFacts } from "./reverting";
import { BEGIN_MS, deletedByOthers, SHARE_LIMIT_SECONDS, settledShare } from "./shareStates";

/** The status of a revert whose answer was lost, until something tells that the service has taken it. */
export const NOT_KNOWN = "unknown";

/** What a revert changes at the service. */
export interface RevertSight {
  /** `undefined` where the service has no such share. */
  share: ShareModel | undefined;
  snapshots: readonly SnapshotModel[];
}

export async function seeRevert(storage: FileStorage, shareId: string, maxAgeMs: number): Promise<RevertSight> {
  const share = await findShare(storage, shareId, maxAgeMs);
  const list = () => storage.share(shareId).snapshots.recent(maxAgeMs);
  return { share, snapshots: share === undefined ? [] : await listedIn(storage, shareId, list) };
}

/**
 * Looks for something that only this revert can have caused. Ends well when there is something, and with an error that it
 * is not known when the service had time enough to begin: then only its user can tell, for a second revert would lose what
 * was written since.
 * @param lost why the answer is not known, right after the call
 */
export async function untilBegun(
  storage: FileStorage,
  sent: RevertFacts,
  operation: Operation,
  lost: HoldfastError | undefined,
): Promise<void> {
  // Another change of the share in between makes its size no sign any more.
  let changedByOthers = false;
  await operation.wait({
    read: (maxAgeMs) => seeRevert(storage, sent.shareId, maxAgeMs).catch((error: unknown) => throwUnseen(sent, error)),
    state: ({ share }) => share?.status ?? "gone",
    judge: (state, sight) => {
      if (sight.share === undefined) return new HoldfastError(gone(sent.shareId));
      const early = operation.now() - Date.parse(sent.revertedAt) < BEGIN_MS;
      changedByOthers ||= state !== "reverting" && settledShare({ status: state }) === "busy";
      if (isOn(sent, sight) || (early && mayBeDone(sent, sight, changedByOthers))) return "done";
      const deleted = deletedByOthers(sent.shareId, state);
      if (deleted !== undefined) return new HoldfastError(deleted.message); // its state says nothing about the revert
      return early ? "busy" : new HoldfastError(after(lost, notKnown(sent, state)));
    },
    absent: "tolerate",
    activity: "looking whether the revert is on",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
}

/** Nobody could look. */
function throwUnseen(sent: RevertFacts, error: unknown): never {
  // An interruption says itself how it goes on.
  if (error instanceof InterruptedError || !(error instanceof HoldfastError)) throw error;
  throw new HoldfastError(after(error, notKnown(sent)), { cause: error });
}

/** Beyond doubt, whenever it is seen: the snapshot can be restored, and the share fail to be reverted, only by a revert. */
const isOn = ({ revertedTo }: RevertFacts, { share, snapshots }: RevertSight): boolean =>
  share?.status === "reverting_error" ||
  snapshots.some(({ id, status }) => id === revertedTo && status === "restoring");

/** Right after the call only, for later others may have caused it: a revert, the snapshot's size, the lost snapshots. */
function mayBeDone(sent: RevertFacts, { share, snapshots }: RevertSight, changedByOthers: boolean): boolean {
  if (share?.status === "reverting") return true;
  if (!changedByOthers && share?.size !== sent.sizeBefore) return true;
  const listed = new Set(snapshots.map(({ id }) => id));
  // All of them: a policy may rotate one away at any time.
  return sent.lostSnapshots.length > 0 && sent.lostSnapshots.every(({ id }) => !listed.has(id));
}

export const gone = (shareId: string): string =>
  `share ${shareId} was deleted by somebody else while it was reverted. Take this resource out of the program.`;

export const NO_SECOND_TIME =
  "Nothing is reverted a second time by itself: once the share is available, change trigger to revert it again, or take this resource out of the program to leave it as it is.";

const notKnown = ({ shareId, revertedTo, revertedAt, dataFrom }: RevertFacts, present = "available"): string =>
  `It is not known whether share ${shareId} was reverted to snapshot ${revertedTo} (${dataFrom ?? "of unknown time"}): the answer to the call of ${revertedAt} was lost, and nothing at the service tells${present === "available" ? "" : ` (the share is now "${present}")`}. Look at its data, beside a ShareClone of the snapshot perhaps. ${NO_SECOND_TIME}`;

const after = (cause: HoldfastError | undefined, text: string): string =>
  cause === undefined ? text : `${cause.message.replace(/\.?$/, ".")} ${text}`;
