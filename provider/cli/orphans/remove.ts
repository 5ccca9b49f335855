import { systemClock } from "../../core/clock";
import { HoldfastError, WaitTimeoutError } from "../../core/errors";
import type { Waiting } from "../../core/lifecycle";
import { waitFor } from "../../core/wait";
import type { ResourceKind } from "../../kinds";
import { deletePolicy } from "../../ovh/policyDeletion";
import { deleteShare } from "../../ovh/shareDeletion";
import { LEAVING } from "../../ovh/shareStates";
import { deleteSnapshot } from "../../ovh/snapshots";
import type { Found } from "./find";
import { isNewer, quoted, titleOf } from "./show";
import type { States } from "./states";

/** What keeps an object from being deleted, by id. */
export type Reasons = Map<string, string>;

/** What speaks against the deletion of these ids. Where anything does, nothing is deleted. */
export function refusals(ids: readonly string[], objects: readonly Found[], states: States): Reasons {
  const reasons = ids.map((id) => [id, refusal(id, ids, objects, states)] as const);
  return new Map(reasons.flatMap(([id, reason]) => (reason === undefined ? [] : [[id, reason]])));
}

function refusal(id: string, ids: readonly string[], objects: readonly Found[], states: States): string | undefined {
  const managed = inState(id, states);
  if (managed !== undefined) return `it ${managed}. Take it out of that program: its pulumi up deletes it.`;
  const object = objects.find((one) => one.id === id);
  if (object === undefined) {
    return "no share, snapshot or snapshot policy has this id in the services that were looked at. Access rules carry no mark: see the control panel.";
  }
  const what = `${object.kind} ${quoted(object.name)}`;
  if (object.mark === undefined) {
    return `${what} carries no mark of Holdfast: somebody else made it, or it is a held snapshot. Delete it in the control panel.`;
  }
  if (isNewer(object, states)) {
    return `${what} was made after ${states.oldest.file} was exported, and may be in that state by now. Export it again.`;
  }
  const blocking = objects.filter((one) => one.shareId === id && !LEAVING.has(one.status) && !ids.includes(one.id));
  if (blocking.length === 0) return undefined;
  const told = blocking.map((one) => `\n    ${one.id} (${quoted(one.name)}) ${wayOut(one, states)}`);
  return `${what} has manual snapshots, and the service deletes no share that has any. Delete these first:${told.join("")}`;
}

function inState(id: string, { managed }: States): string | undefined {
  const at = managed.get(id);
  return at && `is in ${at.file}, as ${at.urn}`;
}

const wayOut = ({ id, mark }: Found, states: States): string =>
  inState(id, states) ??
  (mark === undefined
    ? "carries no mark: delete it in the control panel"
    : `carries a mark and is in no given state: add --delete ${id}`);

/** What hangs on another one goes first: it is younger. A policy goes when no share follows it any more. */
const RANKS: readonly ResourceKind[] = ["ovh:ShareClone", "ovh:Snapshot", "ovh:Share", "ovh:SnapshotPolicy"];
const isPolicy = ({ kind }: Found): number => Number(kind === "ovh:SnapshotPolicy");
const inOrder = (left: Found, right: Found): number =>
  isPolicy(left) - isPolicy(right) ||
  (right.madeAt ?? 0) - (left.madeAt ?? 0) ||
  RANKS.indexOf(left.kind) - RANKS.indexOf(right.kind);

/** Deletes one after another, and waits until each is gone. */
export async function remove(
  objects: readonly Found[],
  err: (text: string) => void,
  gone: (object: Found) => void,
): Promise<Reasons> {
  const reasons: Reasons = new Map();
  for (const object of objects.toSorted(inOrder)) {
    try {
      await removeOne(object, waiting(object, err));
      gone(object);
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      // The waiter's own words are for a resource of a program.
      const late = `${object.kind} ${quoted(object.name)} is not gone so far. The service goes on: run the same command again to wait for it.`;
      reasons.set(object.id, error instanceof WaitTimeoutError ? late : error.message);
    }
  }
  return reasons;
}

function removeOne({ kind, id, storage, shareId }: Found, operation: Waiting): Promise<void> {
  if (shareId !== undefined) return deleteSnapshot(storage, shareId, id, operation);
  return kind === "ovh:SnapshotPolicy" ? deletePolicy(storage, id, operation) : deleteShare(storage, id, operation);
}

/** As in a provider process, but that nobody interrupts: Ctrl-C ends the command, and the service goes on. */
function waiting(object: Found, err: (text: string) => void): Waiting {
  const pace = {
    clock: systemClock,
    signal: new AbortController().signal,
    floorMs: 250,
    ceilingMs: 15_000,
    random: Math.random,
  };
  const subject = titleOf(object);
  const report = (state: string) => state !== "" && err(`${subject}: ${state}\n`);
  return { wait: (options) => waitFor({ subject, pace, kept: () => true, limit: undefined, report }, options) };
}
