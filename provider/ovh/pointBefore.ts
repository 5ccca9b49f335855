import type { Properties } from "../core/properties";
import type { SnapshotModel } from "./models";
import { describeSnapshot, newestFirst, timeOf } from "./snapshotTimes";

/**
 * Why the newest of a share's points before a moment can't be held; `undefined` when it can. A manual one counts, whoever
 * took or holds it: it is nearer to the moment than the automatic ones behind it, and waiting brings no other.
 * @param points those of the share that the selection's other terms admit
 * @param held the stack's held snapshots: recorded states by id
 */
export function unfitBefore(
  points: readonly SnapshotModel[],
  { shareId, before, range }: { shareId: string; before: string; range: string },
  held: ReadonlyMap<string, Properties>,
): string | undefined {
  const usable = newestFirst(points.filter(isUsable));
  const [newest, ...older] = usable.filter((point) => timeOf(point) < Date.parse(before));
  if (newest === undefined) {
    const oldest = usable.at(-1);
    const there = oldest
      ? `Its oldest one is ${typeOf(oldest)} snapshot ${describeSnapshot(oldest)}: set before to a later time, or do without.`
      : "It has none at all.";
    return `share ${shareId} has no snapshot${range} to hold or to clone. ${there}`;
  }
  // Of two from the same moment, the manual one is there already.
  const manual = [newest, ...older].find((point) => typeOf(point) === "manual" && timeOf(point) === timeOf(newest));
  if (manual === undefined) return undefined;
  const { id, createdAt } = manual;
  const what = `the newest point of share ${shareId}${range} is manual already, and can't be held again: snapshot ${describeSnapshot(manual)}.`;
  const own = held.get(id);
  const earlier = `For an older point, set before to ${createdAt} or earlier.`;
  if (own !== undefined) {
    const holder = String(own["__urn"] ?? "")
      .split("::")
      .at(-1);
    return `${what} HeldSnapshot ${holder} of this stack holds it: leave that one as it is, and clone it once more by snapshotId: "${id}" where you need another clone. ${earlier}`;
  }
  return `${what} Clone it by its ID: a RecoveryClone takes snapshotId: "${id}" in place of before, a ShareClone takes it without a HeldSnapshot. ${earlier}`;
}

const typeOf = ({ type }: SnapshotModel): string => (type === "automatic" ? type : "manual");

const isUsable = (point: SnapshotModel): boolean =>
  Number.isFinite(timeOf(point)) &&
  point.type !== "system" &&
  (point.status === "available" || point.status === "manage_starting");
