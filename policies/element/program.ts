import { toMebibytes } from "../../provider/element/sizes";
import { byUrn, exists, type InStack, isSet, madeFrom, number, unknown } from "../seen";
import { CLONE, facts, factsOfCloned, ofSnapshot, SNAPSHOT } from "./seen";

/*
 * From a clone back to its snapshot and volume, by what their properties were made from. The only volumes of a program are
 * clones; all others it names by their ID, and then the facts in the inputs decide.
 */

/** All clones, in an order that does not change from run to run. */
export const clonesOf = (resources: InStack[]): InStack[] => byUrn(resources.filter(({ type }) => type === CLONE));

/** The snapshots of the program that a clone may be made from: one, unless the program chooses between several. */
export const snapshotsOf = (clone: InStack): InStack[] => madeFrom(clone, "snapshotID", [SNAPSHOT]);

/** The clone of the program that a clone or a snapshot is made from, where that is certain. */
export function volumeOf(of: InStack): InStack | undefined {
  const [made, ...others] = madeFrom(of, "volumeID", [CLONE, SNAPSHOT]);
  if (made === undefined || others.length > 0) return undefined;
  if (made.type === SNAPSHOT) return volumeOf(made);
  const id = number(of, "volumeID");
  // A clone has two IDs to give away, its own and that of its source. Where that one is known, any other is its own.
  const source = number(made, "volumeID");
  const own = id === number(made, "cloneVolumeID") && id !== undefined;
  return own || (source !== undefined && id !== source) ? made : undefined;
}

/** Whether a snapshot is one of the volume that is cloned; `undefined` where it can't be told yet. */
export function isOfSameVolume(snapshot: InStack, clone: InStack): boolean | undefined {
  const ids = [number(snapshot, "volumeID"), number(clone, "volumeID")] as const;
  if (!ids.includes(undefined)) return ids[0] === ids[1];
  if (madeFrom(clone, "volumeID", [SNAPSHOT]).some(({ urn }) => urn === snapshot.urn)) return true;
  const volume = volumeOf(snapshot);
  return volume !== undefined && volume.urn === volumeOf(clone)?.urn ? true : undefined;
}

/**
 * Bytes of what is cloned, where they are certain: those that a snapshot has recorded, or those of a volume that is made in the
 * same run. One that exists may have grown since a snapshot or a clone was made of it. The preview of a change hides what a
 * snapshot has recorded; then the clone knows its ID all the same.
 */
export function clonedBytes(clone: InStack, snapshot?: InStack): number | undefined {
  if (snapshot === undefined) return newBytes(clone);
  const recorded = number(snapshot, "totalSize");
  const isNew = !exists(snapshot) && number(clone, "snapshotID") === undefined;
  if (recorded !== undefined || !isNew || isSet(snapshot, "sourceSnapshotID")) return recorded;
  // A volume can't shrink: a new snapshot has as much as the volume had when it was looked up, or more.
  return newBytes(snapshot) ?? (isOfSameVolume(snapshot, clone) ? facts(clone)?.totalSize : undefined);
}

/** What the volume will have that something is made from, and that is yet to be made itself: until then, nobody knows its ID. */
function newBytes(of: InStack): number | undefined {
  const clone = unknown(of, "volumeID") ? volumeOf(of) : undefined;
  if (clone === undefined || exists(clone)) return undefined;
  const newSize = number(clone, "newSize");
  if (newSize !== undefined) return toMebibytes(newSize);
  if (isSet(clone, "newSize")) return undefined;
  const known = factsOfCloned(clone)?.totalSize;
  if (known !== undefined) return known;
  const [snapshot, ...others] = snapshotsOf(clone);
  if (others.length > 0 || (snapshot === undefined && ofSnapshot(clone))) return undefined;
  return clonedBytes(clone, snapshot);
}
