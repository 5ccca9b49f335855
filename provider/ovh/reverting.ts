import { ApiError, HoldfastError, InterruptedError, TerminalStateError, WaitTimeoutError } from "../core/errors";
import type { Created, Operation } from "../core/lifecycle";
import { isConflict, isLost, isNotFound } from "./answers";
import type { FileStorage } from "./client";
import { findShare, listedIn } from "./find";
import type { ShareModel, SnapshotModel } from "./models";
import { gone, NO_SECOND_TIME, NOT_KNOWN, seeRevert, untilBegun } from "./revertBegin";
import { describeRunning, judgeRevert, type RevertPlan, type RevertScene, type RevertVerdict } from "./revertVerdict";
import type { LostSnapshot } from "./shareRevert";
import { resizeShare } from "./shareSize";
import { BEGIN_MS, CLONE_LIMIT_SECONDS, deletedByOthers, SHARE_LIMIT_SECONDS, settledShare } from "./shareStates";
import { settledParent } from "./snapshots";

/** What was done, and what became of it. */
export interface RevertFacts {
  serviceName: string;
  shareId: string;
  /** `snapshotId` when it was done. */
  revertedTo: string;
  /** When the service answered, or when that was known to be lost, or when a revert was found under way. */
  revertedAt: string;
  dataFrom?: string | undefined;
  /** GiB. A revert changes it at its end (Manila), so that a revert found under way shows it, too. */
  sizeBefore: number;
  /** GiB. `undefined` until the share is seen to be reverted. */
  sizeAfter?: number | undefined;
  lostSnapshots: LostSnapshot[];
  status: string;
}

/** How often a call is sent that somebody else's change came before. */
const MOST_ATTEMPTS = 3;

/** Everything that decides whether a share can be reverted. `maxAgeMs` is how old a shared list may be. */
export async function readScene(storage: FileStorage, shareId: string, maxAgeMs: number): Promise<RevertScene> {
  const { snapshots, accessRules } = storage.share(shareId);
  const [itsSnapshots, itsRules] = await Promise.all([
    listedIn(storage, shareId, () => snapshots.recent(maxAgeMs)),
    listedIn(storage, shareId, () => accessRules.recent(maxAgeMs)).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 403) return []; // who may not see them leaves them to the service
      throw error;
    }),
  ]);
  // After its snapshots: a revert that ends in between was seen to restore one, and is not taken for somebody else's.
  const share = await findShare(storage, shareId, maxAgeMs);
  if (share === undefined) return { share, snapshots: [], accessRules: [] };
  return { share, snapshots: itsSnapshots, accessRules: itsRules };
}

/**
 * Reverts a share, once everything is settled, and waits until it has its data and its size. A revert to the same snapshot
 * that is under way is the one wanted: who wants it has begun it, most likely, and was killed before it was recorded.
 */
export async function revertShare(
  storage: FileStorage,
  plan: RevertPlan,
  operation: Operation,
): Promise<Created<RevertFacts>> {
  for (let attempt = 1; ; attempt += 1) {
    const { share, snapshot, lost, running } = await untilReady(storage, plan, operation);
    if (running) operation.warn(describeRunning(plan.shareId, snapshot));
    const answer = running ? "taken" : await send(storage, plan, attempt === MOST_ATTEMPTS);
    if (answer === "busy") continue;
    const revertedAt = new Date(operation.now()).toISOString();
    const id = `${plan.shareId}/${plan.snapshotId}/${revertedAt}`;
    const facts: RevertFacts = {
      serviceName: plan.serviceName,
      shareId: plan.shareId,
      revertedTo: plan.snapshotId,
      revertedAt,
      dataFrom: snapshot.createdAt ?? undefined,
      sizeBefore: share.size,
      lostSnapshots: lost.map(({ id, name, createdAt }) => ({ id, name: name ?? "", createdAt: createdAt ?? "" })),
      status: answer === "taken" ? "reverting" : NOT_KNOWN,
    };
    operation.exists(id, facts);
    return { id, outputs: await finishRevert(storage, id, facts, operation, answer === "taken" ? undefined : answer) };
  }
}

/**
 * Goes on where a revert stands that was sent. Never sends it again.
 * @param lost why there was no answer, right after the call
 */
export async function finishRevert(
  storage: FileStorage,
  id: string,
  recorded: RevertFacts,
  operation: Operation,
  lost?: HoldfastError,
): Promise<RevertFacts> {
  let sent = recorded;
  if (sent.status === NOT_KNOWN) {
    await untilBegun(storage, sent, operation, lost);
    sent = { ...sent, status: "reverting" };
    operation.exists(id, sent);
  }
  if (sent.sizeAfter !== undefined) return restoreSize(storage, id, sent, operation);
  if (sent.status === "reverting_error") throw await stillFailed(storage, sent);
  const { share, snapshots } = await untilReverted(storage, sent, operation);
  const listed = new Set(snapshots.map((snapshot) => snapshot.id));
  const lostSnapshots = sent.lostSnapshots.filter((lost) => !listed.has(lost.id));
  const reverted = { ...sent, lostSnapshots, ...sizeSince(sent, share) };
  operation.exists(id, reverted);
  if (share.size > sent.sizeBefore) operation.warn(larger(sent, share.size));
  return restoreSize(storage, id, reverted, operation);
}

function refuse({ refusals }: RevertVerdict): void {
  if (refusals.length === 0) return;
  throw new HoldfastError(refusals.map(({ property, reason }) => `${property} ${reason}`).join(" "));
}

/** Waits until the service would take the call, for the share, its rules and its snapshots; or finds the revert under way. */
async function untilReady(
  storage: FileStorage,
  plan: RevertPlan,
  operation: Operation,
): Promise<{ share: ShareModel; snapshot: SnapshotModel; lost: SnapshotModel[]; running: boolean }> {
  const scene = await operation.wait({
    read: (maxAgeMs) => readScene(storage, plan.shareId, maxAgeMs),
    state: (present) => judgeRevert(present, plan).busy.join(", ") || "ready",
    judge: (_, present) => {
      const verdict = judgeRevert(present, plan);
      refuse(verdict);
      return verdict.busy.length > 0 ? "busy" : "done";
    },
    absent: "tolerate",
    activity: "waiting to revert",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
  const { snapshot, lost, running } = judgeRevert(scene ?? { share: undefined, snapshots: [], accessRules: [] }, plan);
  if (scene?.share === undefined || snapshot === undefined) {
    throw new HoldfastError(`share ${plan.shareId} is gone.`); // refused before it gets here
  }
  return { share: scene.share, snapshot, lost, running };
}

/** Sends the revert. The answer may be that somebody's change came before it, or an error where there was no answer. */
async function send(
  storage: FileStorage,
  plan: RevertPlan,
  lastTime: boolean,
): Promise<"taken" | "busy" | HoldfastError> {
  try {
    await storage.share(plan.shareId).revert(plan.snapshotId);
    return "taken";
  } catch (error) {
    if (isLost(error)) return error;
    if (!isConflict(error) && !isNotFound(error)) throw error;
    // Somebody was faster: what it means is in the lists.
    const verdict = judgeRevert(await readScene(storage, plan.shareId, 0), plan);
    refuse(verdict);
    if (!verdict.running && (verdict.busy.length === 0 || lastTime)) throw error;
    return "busy";
  }
}

/** Waits until share and snapshot are available again. */
async function untilReverted(
  storage: FileStorage,
  sent: RevertFacts,
  operation: Operation,
): Promise<{ share: ShareModel; snapshots: readonly SnapshotModel[] }> {
  const { shareId, revertedTo } = sent;
  let begun = false;
  const live = await operation.wait({
    read: (maxAgeMs) => seeRevert(storage, shareId, maxAgeMs),
    state: ({ share, snapshots }) =>
      share?.status === "available"
        ? (snapshots.find(({ id, status }) => id === revertedTo && status === "restoring")?.status ?? "available")
        : (share?.status ?? "gone"),
    judge: (state, { share, snapshots }) => {
      if (share === undefined) return new TerminalStateError(gone(shareId), state);
      if (state === "available") {
        const listed = new Set(snapshots.map(({ id }) => id));
        begun ||= share.size !== sent.sizeBefore || sent.lostSnapshots.some(({ id }) => !listed.has(id));
        return begun || operation.now() - Date.parse(sent.revertedAt) >= BEGIN_MS ? "done" : "busy";
      }
      if (state === "reverting_error") return new TerminalStateError(failed(sent, share.status), state);
      const deleted = deletedByOthers(shareId, state);
      if (deleted !== undefined) return deleted;
      begun = true;
      if (settledShare({ status: state }) === "busy") return "busy";
      return new TerminalStateError(
        `share ${shareId} ended in state "${state}" while reverting. ${NO_SECOND_TIME}`,
        state,
      );
    },
    absent: "tolerate",
    activity: "reverting",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });
  if (live?.share === undefined) throw new HoldfastError(gone(shareId)); // it is there, or the wait has failed
  return { share: live.share, snapshots: live.snapshots };
}

const failed = ({ shareId, revertedTo, revertedAt }: RevertFacts, present: string): string =>
  `the revert of share ${shareId} to snapshot ${revertedTo}, begun at ${revertedAt}, ended in state "reverting_error"${present === "reverting_error" ? "" : ` (the share is now "${present}")`}. Share and snapshots exist, but which data the share has is not known: look at them, or at a ShareClone of the snapshot, and ask OVHcloud's support with the share's id. ${NO_SECOND_TIME}`;

async function stillFailed(storage: FileStorage, sent: RevertFacts): Promise<HoldfastError> {
  const share = await findShare(storage, sent.shareId, 0);
  return new HoldfastError(failed(sent, share?.status ?? "gone"));
}

/** `extending` until the share has its size back, also where that is still to begin. */
const sizeSince = ({ sizeBefore }: RevertFacts, { size, status }: ShareModel) => ({
  sizeAfter: size,
  status: size < sizeBefore ? "extending" : status,
});

const larger = ({ shareId, sizeBefore }: RevertFacts, sizeAfter: number): string =>
  `share ${shareId} has ${sizeAfter} GiB since the revert, and had ${sizeBefore} before: the snapshot's size. It is left so. Set size of its Share to ${sizeAfter}; or run pulumi refresh, and the next pulumi up shrinks it to ${sizeBefore} GiB where the data fit.`;

/**
 * A revert gives the share its snapshot's size (Manila). What that took is given back, so that the share's own resource
 * sees no difference.
 */
async function restoreSize(
  storage: FileStorage,
  id: string,
  reverted: RevertFacts,
  operation: Operation,
): Promise<RevertFacts> {
  if (reverted.status === "available") return reverted;
  const { shareId, sizeBefore } = reverted;
  try {
    const present = await settledParent(storage, shareId, operation);
    // Somebody may have extended it since, further perhaps.
    if (present.size >= sizeBefore) return { ...reverted, ...sizeSince(reverted, present) };
    const recordedAs = (share: ShareModel) => ({ ...reverted, ...sizeSince(reverted, share) });
    const own: Operation = { ...operation, exists: (_, outputs) => operation.exists(id, outputs) };
    return recordedAs(await resizeShare(storage, shareId, sizeBefore, own, recordedAs));
  } catch (error) {
    // These say themselves how it goes on.
    if (error instanceof InterruptedError || error instanceof WaitTimeoutError) throw error;
    if (!(error instanceof HoldfastError)) throw error;
    throw new HoldfastError(
      `share ${shareId} is reverted, and is not reverted again; but it has ${reverted.sizeAfter} GiB now and not its ${sizeBefore} GiB from before, for: ${error.message} The next pulumi up tries to extend it again; to leave it at ${reverted.sizeAfter} GiB, set size of its Share to that and take this resource out of the program.`,
      { cause: error },
    );
  }
}
