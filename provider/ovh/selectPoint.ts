import { describeSeconds } from "../core/duration";
import { HoldfastError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import type { SnapshotModel } from "./models";
import { unfitBefore } from "./pointBefore";
import { describeSnapshot, lastPart, namesOf, newestFirst, timeOf } from "./snapshotTimes";

interface SnapshotRange {
  /** Only points before this time. */
  before?: string | undefined;
  /** Only points whose name begins with this. */
  namePrefix?: string | undefined;
}

export interface PointSelection extends SnapshotRange {
  /** Fail rather than go back in time. */
  onlyIfNewer: boolean;
}

const prefixOf =
  ({ namePrefix }: SnapshotRange) =>
  (snapshot: Point): boolean =>
    namePrefix === undefined || namesOf(snapshot).some((text) => text.startsWith(namePrefix));

/** Why a selection with a moment can't be held, as far as the share's list tells: a preview may ask, too. */
export function unfitSelection(
  snapshots: readonly SnapshotModel[],
  { before, onlyIfNewer, ...selection }: PointSelection,
  shareId: string,
  held: ReadonlyMap<string, Properties>,
): string | undefined {
  if (before === undefined || !onlyIfNewer) return undefined;
  const range = describeRange({ before, ...selection });
  return unfitBefore(snapshots.filter(prefixOf(selection)), { shareId, before, range }, held);
}

/**
 * The automatic snapshot to hold. Automatic and held ones are looked at together, for a held snapshot is no longer
 * automatic: without this, each further choice of "the newest" would go one point back in time.
 */
export function selectPoint(
  snapshots: readonly SnapshotModel[],
  selection: PointSelection,
  shareId: string,
  operation: Operation,
): SnapshotModel {
  const unfit = unfitSelection(snapshots, selection, shareId, operation.managed("ovh:HeldSnapshot"));
  if (unfit !== undefined) throw new HoldfastError(unfit);
  const inRange = inRangeOf(selection);
  const [newest] = newestFirst(snapshots.filter((snapshot) => inRange(snapshot) && isHoldable(snapshot)));
  const held = newestHeld(snapshots, selection, operation);
  const range = describeRange(selection);

  if (held !== undefined && selection.onlyIfNewer) {
    throw new HoldfastError(
      `the newest point of share ${shareId}${range} is already held: snapshot ${held.id} ("${held.name ?? ""}", ${held.createdAt}, ${ageOf(held, operation.now())}). Wait for the next automatic snapshot, let the clones share that one HeldSnapshot (snapshotId: held.id), clone the data of now (a Snapshot, or from: "now" of an EnvironmentClone), or set onlyIfNewer: false to take an older point.`,
    );
  }
  const [latest] = newestFirst(heldHere(shareId, operation).filter(inRange));
  if (selection.onlyIfNewer && latest !== undefined && (newest === undefined || timeOf(latest) > timeOf(newest))) {
    throw new HoldfastError(
      `the newest automatic snapshot of share ${shareId}${range} is older than what this stack has held before: snapshot ${describeSnapshot(latest)}, which was deleted first. ${selection.before ? "Set" : "Wait for the next automatic snapshot, or set"} onlyIfNewer: false to take an older point. Without deleteBeforeReplace, the held one stays until a newer one is there.`,
    );
  }
  if (newest !== undefined) return newest;
  const remedy = selection.before
    ? "Set before to a later time."
    : "Give the share a snapshot policy and wait for its first snapshot, or take one now with Snapshot.";
  throw new HoldfastError(
    `share ${shareId} has no automatic snapshot${range} (${snapshots.length} snapshots in all). ${remedy}`,
  );
}

/**
 * The newest point in the range, where it is no longer automatic: held, by whomever. `undefined` where an automatic one is newer.
 */
export function newestHeld(
  snapshots: readonly SnapshotModel[],
  range: SnapshotRange,
  operation: Operation,
): SnapshotModel | undefined {
  const [newest] = newestFirst(snapshots.filter(inRangeOf(range)).filter(isHoldable));
  const [held] = heldPoints(snapshots, range, operation);
  return held !== undefined && (newest === undefined || timeOf(held) >= timeOf(newest)) ? held : undefined;
}

/** The points in the range that are held, by whomever, newest first. */
export const heldPoints = (
  snapshots: readonly SnapshotModel[],
  range: SnapshotRange,
  operation: Operation,
): SnapshotModel[] => newestFirst(snapshots.filter(inRangeOf(range)).filter(heldAmong(snapshots, operation)));

const isHoldable = ({ type, status }: SnapshotModel): boolean => type === "automatic" && status === "available";

const inRangeOf =
  (range: SnapshotRange) =>
  (point: Point): boolean =>
    Number.isFinite(timeOf(point)) &&
    (range.before === undefined || timeOf(point) < Date.parse(range.before)) &&
    prefixOf(range)(point);

/** The points of this share that the stack is known to hold, or to have held until it deleted them just now. */
const heldHere = (shareId: string, operation: Operation): Point[] =>
  [...operation.managed("ovh:HeldSnapshot")]
    .filter(([, state]) => state["shareId"] === shareId && state["status"] === "available")
    .map(([id, { name, path, createdAt }]) => ({
      id,
      name: String(name ?? ""),
      path: String(path ?? ""),
      createdAt: String(createdAt ?? ""),
    }))
    .filter((point) => Number.isFinite(timeOf(point)));

/** What a selection looks at. */
type Point = Pick<SnapshotModel, "id" | "name" | "path" | "createdAt">;

const describeRange = ({ before, namePrefix }: SnapshotRange): string =>
  [before && ` before ${before}`, namePrefix && ` named ${namePrefix}...`].filter(Boolean).join("");

/**
 * Tells a held snapshot from one that somebody took by hand; both are `manual`. A held one keeps the automatic one's
 * path and, unless it was renamed, its name, so it has the form of an automatic one. Our own are known by their id.
 */
function heldAmong(snapshots: readonly SnapshotModel[], operation: Operation): (snapshot: SnapshotModel) => boolean {
  const own = operation.managed("ovh:HeldSnapshot");
  const taken = operation.managed("ovh:Snapshot");
  const automatic = snapshots.filter(({ type }) => type === "automatic");
  const forms = new Set(
    automatic.flatMap(({ name, path }) => [form(name), form(lastPart(path))]).filter((text) => text !== ""),
  );
  return ({ id, type, status, name, path }) =>
    (status === "available" || status === "manage_starting") &&
    !taken.has(id) &&
    type !== "automatic" &&
    type !== "system" &&
    (own.has(id) || forms.has(form(name)) || forms.has(form(lastPart(path))) || dated(path) || dated(name));
}

/** A name without what differs from one automatic snapshot to the next. */
const form = (text: string | null | undefined): string => {
  const shape = (text ?? "").replaceAll(/\d/g, "0");
  return shape === text ? "" : shape; // without a digit it is nobody's form but its own
};
/** Prefix, dot, date and time: the form that ONTAP gives to a policy's snapshots, for when no automatic one is left. */
const dated = (text: string | null | undefined): boolean => /^.+\.\d{4}-\d\d-\d\d_\d{4}\d*$/.test(lastPart(text));

/** How old data of a time are, for messages. */
const ageOf = (snapshot: Point, now: number): string => {
  const created = timeOf(snapshot);
  return Number.isNaN(created) ? "of unknown age" : `${describeSeconds(Math.max(0, (now - created) / 1000))} old`;
};
