import { byUrn, exists, type InStack, madeFrom, number, text } from "../seen";
import { CLONE, SHARES, SNAPSHOTS } from "./seen";

/*
 * From a clone back to its snapshot and share, by what their properties were made from. A policy sees no ids, and nothing
 * that was looked up with `get`: there, the facts in the inputs decide.
 */

/** All clones, in an order that does not change from run to run. */
export const clonesOf = (resources: InStack[]): InStack[] => byUrn(resources.filter(({ type }) => type === CLONE));

/** The snapshots of the program that a clone may be made from: one, unless the program chooses between several. */
export const sourcesOf = (clone: InStack): InStack[] => madeFrom(clone, "snapshotId", SNAPSHOTS);

/** The share that a snapshot was or will be taken of, where it is in the program. */
export function parentOf(snapshot: InStack): InStack | undefined {
  const [share, ...others] = madeFrom(snapshot, "shareId", SHARES);
  return others.length === 0 ? share : undefined;
}

/**
 * GiB that a clone needs of a snapshot: the size of its share when it was made. Before that, the size that the program gives
 * the share. Of one that exists, only what was recorded: the share may have changed since. The preview of a change hides
 * that; then the clone knows the ID all the same.
 */
export const neededGiB = (snapshot: InStack, clone: InStack): number | undefined => {
  const recorded = number(snapshot, "shareSize");
  if (recorded !== undefined || exists(snapshot) || namesExisting(clone)) return recorded;
  const share = parentOf(snapshot);
  return share === undefined ? undefined : number(share, "size");
};

/** Whether what the clone is made from exists: an ID is known to nobody before that. */
export const namesExisting = (clone: InStack): boolean => text(clone, "snapshotId") !== undefined;
