import { HoldfastError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import { isConflict, isLost, isNotFound } from "./answers";
import type { FileStorage, ShareContents } from "./client";
import type { HeldSnapshotInputs } from "./heldSnapshot";
import type { ShareModel, SnapshotModel } from "./models";
import { importHint, isManaged, LOOK_SECONDS, sentence } from "./once";
import { heldPoints, newestHeld, selectPoint } from "./selectPoint";
import { sendAgain } from "./sendAgain";
import { settledParent } from "./snapshots";
import { describeSnapshot } from "./snapshotTimes";

/** What to hold: one of both. */
export type Choice = Pick<HeldSnapshotInputs, "serviceName" | "shareId" | "snapshotId" | "select"> & {
  onlyIfNewer: boolean;
};

/** A snapshot that was held, the automatic one that it was, and its share. */
export interface Holding {
  held: SnapshotModel;
  source: SnapshotModel;
  parent: ShareModel;
}

/** Decisions about one share are made one after another: two that ran at once would choose the same snapshot. */
const turns = new WeakMap<object, Promise<unknown>>();
function inTurn<T>(share: object, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(share) ?? Promise.resolve()).then(work, work);
  turns.set(share, turn);
  return turn;
}

/** Holds the given snapshot, or the one that `select` decides on: anew each time, for what there is changes meanwhile. */
export async function hold(storage: FileStorage, choice: Choice, operation: Operation): Promise<Holding> {
  const { shareId } = choice;
  const contents = storage.share(shareId);
  let chosen: SnapshotModel | undefined;
  const ground = () => ({ shareId, snapshotId: chosen?.id });
  try {
    return await sendAgain(storage, ground, operation, async () => {
      chosen = undefined;
      const parent = await settledParent(storage, shareId, operation);
      return inTurn(contents, async () => {
        const snapshots = await contents.snapshots.recent(0);
        const source = await choose(snapshots, choice, operation);
        chosen = source;
        return { held: await holdOnce(contents, source, snapshots, operation), source, parent };
      });
    });
  } catch (error) {
    if (chosen === undefined || (!isNotFound(error) && !isConflict(error))) throw error;
    const { id } = chosen;
    if ((await contents.snapshots.recent(0)).some((still) => still.id === id)) throw error;
    throw new HoldfastError(rotatedAway(chosen));
  }
}

const rotatedAway = ({ id, name }: SnapshotModel): string =>
  `automatic snapshot ${id} ("${name ?? ""}") was rotated away, or held by somebody else, between looking and holding. Run pulumi up again.`;

/** Name, time and path stay when a snapshot is held: a new one that has them all is it (OVHcloud guide on holding). */
const isHeldOf =
  (source: SnapshotModel) =>
  ({ type, status, name, createdAt, path }: SnapshotModel): boolean =>
    (type === "manual" || status.startsWith("manage_")) &&
    name === source.name &&
    path === source.path &&
    Date.parse(createdAt ?? "") === Date.parse(source.createdAt ?? "");

/** Sends the hold. When its answer is lost, what became of it is looked up; one that did not happen is sent again, once. */
async function holdOnce(
  contents: ShareContents,
  source: SnapshotModel,
  before: readonly SnapshotModel[],
  operation: Operation,
  attempt = 1,
): Promise<SnapshotModel> {
  try {
    return await contents.holdSnapshot(source.id);
  } catch (error) {
    if (!isLost(error)) throw error;
    const isIt = (one: SnapshotModel) => isHeldOf(source)(one) && !before.some(({ id }) => id === one.id);
    const after = await operation
      .wait({
        read: (maxAgeMs) => contents.snapshots.recent(maxAgeMs),
        state: () => "looking",
        judge: (_, list) => (list.some(isIt) ? "done" : "busy"),
        absent: "tolerate",
        activity: "looking for what was held",
        limitSeconds: LOOK_SECONDS,
      })
      .catch(() => contents.snapshots.recent(0)) // the time for looking is up: what is there now decides
      .catch(() => undefined);
    const held = after?.find(isIt);
    if (held !== undefined) {
      operation.inform(`the answer to the hold was lost, but it was done: snapshot ${describeSnapshot(held)} is it.`);
      return held;
    }
    if (after === undefined) throw unheard(source, error);
    if (!after.some(({ id, type }) => id === source.id && type === "automatic")) {
      throw new HoldfastError(rotatedAway(source));
    }
    if (attempt === 2) throw unheard(source, error);
    return holdOnce(contents, source, before, operation, attempt + 1);
  }
}

const unheard = (source: SnapshotModel, lost: HoldfastError): HoldfastError =>
  new HoldfastError(
    `${sentence(lost.message)} The service does not show that snapshot ${describeSnapshot(source)} was held. Run pulumi up again: it looks first.`,
  );

async function choose(
  snapshots: readonly SnapshotModel[],
  choice: Choice,
  operation: Operation,
): Promise<SnapshotModel> {
  const { shareId, snapshotId, select, onlyIfNewer } = choice;
  if (select !== undefined) await refuseWhatMayBeOurs(snapshots, choice, operation);
  const source =
    select === undefined
      ? snapshots.find(({ id }) => id === snapshotId)
      : selectPoint(snapshots, { ...select, onlyIfNewer }, shareId, operation);
  if (source === undefined) throw new HoldfastError(noSource(shareId, snapshotId));
  const unfit = unfitToHold(source);
  if (unfit !== undefined) throw new HoldfastError(unfit);
  if (source.status !== "available") {
    throw new HoldfastError(
      `${describeSource(source)} is in state "${source.status}". It must be available to be held: run pulumi up again later.`,
    );
  }
  return source;
}

/**
 * A hold leaves no mark of ours, so after a crash the newest point may be what this resource has held: then another hold would
 * take an older point, and the first one would stay for ever. Whoever says `onlyIfNewer: false` wants the older one, unless the
 * engine knows of an interrupted creation.
 */
async function refuseWhatMayBeOurs(
  snapshots: readonly SnapshotModel[],
  { serviceName, shareId, select, onlyIfNewer }: Choice,
  operation: Operation,
): Promise<void> {
  const held = newestHeld(snapshots, select ?? {}, operation);
  if (held === undefined) return tellOfOlderHold(heldPoints(snapshots, select ?? {}, operation), operation);
  if (isManaged(operation, held.id)) return;
  const state = await operation.stackState();
  const readable = "unreadable" in state ? undefined : state;
  if (readable?.ids.has(held.id)) return;
  if (!onlyIfNewer && !readable?.interrupted.has(operation.urn)) return;
  const whose = "unreadable" in state ? `may not manage (${state.unreadable})` : "does not manage";
  // What is being replaced is in the state, where an import of the same name finds it in its way.
  const replacing = [...operation.managed("ovh:HeldSnapshot").values()].some(({ __urn }) => __urn === operation.urn);
  const keep = replacing
    ? `Then delete snapshot ${held.id}, and run pulumi up again when there is a newer automatic one.`
    : importHint({ kind: "ovh:HeldSnapshot", parents: [serviceName, shareId] }, operation, held.id);
  throw new HoldfastError(
    `the newest point of share ${shareId} is already held: snapshot ${describeSnapshot(held)}, which this stack ${whose}. If an interrupted run of it made that hold, another one would go back in time. Nothing was held. ${keep} If somebody else holds it, wait for the next automatic snapshot, clone the held one by its id (snapshotId of a ShareClone), or set onlyIfNewer: false to take an older point.`,
  );
}

/** A newer point is held then, and nothing lists the one that the interrupted run may have held. */
async function tellOfOlderHold(held: readonly SnapshotModel[], operation: Operation): Promise<void> {
  const foreign = held.filter(({ id }) => !isManaged(operation, id));
  if (foreign.length === 0) return;
  const state = await operation.stackState();
  if ("unreadable" in state || !state.interrupted.has(operation.urn)) return;
  const lost = foreign.find(({ id }) => !state.ids.has(id));
  if (lost === undefined) return;
  operation.warn(
    `an interrupted run of it may have held snapshot ${describeSnapshot(lost)}, which this stack does not manage. A newer one is held now. Where nobody needs that one, delete it in the control panel.`,
  );
}

export const noSource = (shareId: string, snapshotId: string | undefined): string =>
  `share ${shareId} has no snapshot ${snapshotId}. Its policy may have rotated it away, or it is held already, under a new id: a run that was interrupted may have done that (npx pulumi-holdfast import takes the held one into the state). Use select: { newest: true } to hold the newest one there is.`;

const describeSource = ({ id, name }: SnapshotModel): string => `snapshot ${id} ("${name ?? ""}")`;

/** Why a snapshot of this type can't be held, with the way out (OVHcloud guide "Holding an automatic snapshot"). */
export function unfitToHold(source: SnapshotModel): string | undefined {
  if (source.type === "automatic") return undefined;
  if (source.type === "manual") {
    return `${describeSource(source)} is already manual: nothing rotates it away. Use its id directly, for a ShareClone for example, without HeldSnapshot.`;
  }
  return `${describeSource(source)} is "${source.type}", made by OVHcloud itself, and can't be held. Hold an automatic one, or take a Snapshot.`;
}
