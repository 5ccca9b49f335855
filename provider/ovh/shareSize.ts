import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import { isLost } from "./answers";
import type { FileStorage } from "./client";
import { findShare } from "./find";
import type { ShareModel } from "./models";
import { explainQuota } from "./quota";
import { BEGIN_MS, CLONE_LIMIT_SECONDS, deletedByOthers, settledShare } from "./shareStates";
import { NO_ROOM_FOR_DATA, unfitShrinkRemedy } from "./unfitShrink";

/**
 * Brings an existing share to a size. The route is chosen by the size that the service has now, whatever the state
 * remembers, and the size is looked at afterwards: "available" is no proof, for without capacity, or with data that do not
 * fit, the service goes back to it with the old size (Manila share manager).
 */
export async function resizeShare(
  storage: FileStorage,
  id: string,
  size: number,
  operation: Operation,
  recordedAs: (share: ShareModel) => object,
): Promise<ShareModel> {
  const before = await findShare(storage, id, 0);
  if (before === undefined) throw new HoldfastError(`share ${id} is gone. Run pulumi refresh.`);
  if (before.size === size) return before;
  const change = size > before.size ? extension(before, size) : reduction(before, size);
  if (!change.from.includes(before.status)) throw new HoldfastError(change.refusal);

  const asked = operation.now();
  const send = size > before.size ? storage.extendShare : storage.shrinkShare;
  // A lost answer is no answer: the wait and the size afterwards tell.
  const lost = await send(id, size).catch(async (error: unknown) => {
    if (isLost(error)) return error;
    throw size > before.size ? await explainQuota(storage, error, size - before.size) : error;
  });
  // Until it is seen to end, it is unfinished: the next `pulumi up` goes on, to whatever size it wants then.
  operation.exists(id, recordedAs({ ...before, status: change.activity }));

  let begun = false;
  const share = await operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: ({ status }) => status,
    judge: (state, now) => {
      if (now.size === size && state === "available") return "done";
      const deleted = deletedByOthers(id, state);
      if (deleted !== undefined) return deleted;
      if (settledShare({ status: state }) === "busy") {
        begun = true;
        return "busy";
      }
      if (state === before.status && !begun && operation.now() - asked < BEGIN_MS) return "busy";
      if (state === "available") return "done";
      return new TerminalStateError(change.failure(state), state);
    },
    absent: "tolerate",
    activity: change.activity,
    limitSeconds: CLONE_LIMIT_SECONDS,
  });
  if (share === undefined) throw new HoldfastError(`share ${id} is gone.`); // `tolerate` never ends this way
  operation.exists(id, recordedAs(share));
  if (share.size === size) return share;
  if (lost === undefined || begun) throw new HoldfastError(change.unchanged(share.size));
  throw new HoldfastError(
    `share ${id} still has ${share.size} GiB: the request most likely never arrived. Run pulumi up again. ${lost.message}`,
  );
}

interface Change {
  activity: string;
  /** States in which the service takes the call (Manila). */
  from: readonly string[];
  /** Why it is not even asked in another state. */
  refusal: string;
  failure: (state: string) => string;
  /** It went back to "available" as it was. */
  unchanged: (present: number) => string;
}

const extension = ({ id, size: present, status }: ShareModel, size: number): Change => ({
  activity: "extending",
  from: ["available"],
  refusal: `share ${id} is in state "${status}" and can't be extended from ${present} to ${size} GiB. ${
    status === NO_ROOM_FOR_DATA
      ? unfitShrinkRemedy(present)
      : `Set size back to ${present}, or ask OVHcloud's support with its id.`
  }`,
  failure: (state) =>
    `share ${id} ended in state "${state}" while extending to ${size} GiB. Its data are not touched. Check the service's free capacity, then set size back to ${present} or ask OVHcloud's support.`,
  unchanged: (now) =>
    `share ${id} still has ${now} GiB after it was extended to ${size}. The service has no room for it, or refused without a word: check the free capacity and run pulumi up again.`,
});

const reduction = ({ id, size: present, status }: ShareModel, size: number): Change => ({
  activity: "shrinking",
  from: ["available", NO_ROOM_FOR_DATA],
  refusal: `share ${id} is in state "${status}" and can't be shrunk from ${present} to ${size} GiB. Set size back to ${present}, or ask OVHcloud's support with its id.`,
  failure: (state) =>
    state === NO_ROOM_FOR_DATA
      ? `share ${id} keeps its ${present} GiB: the data in it, its snapshots included, do not fit into ${size} GiB (${state}). Nothing is lost. Set size to one that holds them, or delete files and snapshots, and run pulumi up again; a shrink that fits brings the share back to "available".`
      : `share ${id} ended in state "${state}" while shrinking to ${size} GiB. Set size back to ${present}, or ask OVHcloud's support with its id.`,
  unchanged: (now) =>
    `share ${id} still has ${now} GiB after it was shrunk to ${size}: most likely the data in it, its snapshots included, do not fit. Set size to one that holds them, or delete files and snapshots, and run pulumi up again.`,
});
