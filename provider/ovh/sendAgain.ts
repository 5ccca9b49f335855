import type { Operation } from "../core/lifecycle";
import { isConflict } from "./answers";
import type { FileStorage } from "./client";
import { findShare, PROOF_AGE_MS } from "./find";
import { CLONE_LIMIT_SECONDS, LEAVING, settledShare } from "./shareStates";
import { readSnapshot, settledSnapshot } from "./snapshots";

/** What a creation is made on or from: while that is busy, the service refuses it. */
export interface Ground {
  shareId: string;
  snapshotId?: string | undefined;
}

/** How often a call is sent that somebody else's change came before. */
const MOST_ATTEMPTS = 4;

/**
 * Sends a creation. Resources of one program run side by side, and others use the service, too: what was settled at the
 * last look may be busy when the call arrives. A refusal for that had no effect, so the call is sent again once the ground
 * has settled. Every other error stands: a call whose answer was lost is never sent again.
 */
export async function sendAgain<T>(
  storage: FileStorage,
  ground: () => Ground,
  operation: Operation,
  send: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1, looked = false; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error;
      // Where it can't be looked at, the refusal says more than the error of the look.
      const busy = await busyNow(storage, ground()).catch(() => "");
      if (busy !== "") await untilSettled(storage, ground(), operation);
      // In such a state nothing is sent: the look before the call says what the refusal does not.
      else if (looked || !(await isUnfit(storage, ground()).catch(() => false))) throw error;
      looked = true;
    }
  }
}

/** Waits while a share or a snapshot is in a state that passes. What is gone, or in a state that stays, is settled. */
export async function untilSettled(storage: FileStorage, ground: Ground, operation: Operation): Promise<void> {
  await operation.wait({
    read: (maxAgeMs) => busyOf(storage, ground, maxAgeMs),
    state: (busy) => busy || "settled",
    judge: (_, busy) => (busy === "" ? "done" : "busy"),
    absent: "done",
    activity: `waiting for the ${ground.snapshotId === undefined ? "share" : "snapshot and its share"}`,
    limitSeconds: CLONE_LIMIT_SECONDS, // a revert or a resize of that size goes before
  });
}

/** Whether a snapshot is in a state that passes: one that is being deleted is never available again. */
export const isPassing = ({ status }: { status: string }): boolean =>
  status !== "deleting" && settledSnapshot({ status }) === "busy";

/** What has to end first, such as `share reverting, snapshot restoring`. */
async function busyOf(storage: FileStorage, { shareId, snapshotId }: Ground, maxAgeMs: number): Promise<string> {
  const [share, snapshot] = await Promise.all([
    findShare(storage, shareId, maxAgeMs),
    snapshotId === undefined ? undefined : readSnapshot(storage, shareId, snapshotId, maxAgeMs),
  ]);
  const passes = share !== undefined && !LEAVING.has(share.status) && settledShare(share) === "busy";
  const busy = passes ? [`share ${share.status}`] : [];
  if (snapshot !== undefined && isPassing(snapshot)) busy.push(`snapshot ${snapshot.status}`);
  return busy.join(", ");
}

/** Whether the share is gone, or in a state that stays. */
async function isUnfit(storage: FileStorage, { shareId }: Ground): Promise<boolean> {
  const share = await findShare(storage, shareId, PROOF_AGE_MS);
  return share === undefined || (share.status !== "available" && !LEAVING.has(share.status));
}

/** The same after a refusal: a list that was asked for before does not show what it is about. */
async function busyNow(storage: FileStorage, ground: Ground): Promise<string> {
  const { snapshots } = storage.share(ground.shareId);
  await storage.shares.writing(() => snapshots.writing(async () => {}));
  return busyOf(storage, ground, 0);
}
