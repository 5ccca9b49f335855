import { typeOf } from "../../provider/core/code";
import { isUnknown } from "../../provider/core/unknowns";
import type { VolumeSource } from "../../provider/element/volumeClone";
import { number, raw, type Seen, unknown } from "../seen";

export const CLONE: string = typeOf("element:VolumeClone");
export const SNAPSHOT: string = typeOf("element:Snapshot");

/**
 * What check found out about the volume that the program names by its ID; `undefined` where it could not ask, or had none to
 * ask for. The volume's part is true of a clone of any of its snapshots, also of one that is not known yet.
 */
export function facts(clone: Seen): VolumeSource | undefined {
  const source = raw(clone, "source");
  if (typeof source !== "object" || source === null) return undefined;
  const part = (key: keyof VolumeSource): unknown => Reflect.get(source, key);
  // Only check writes this property, and these are what every version of it has written.
  const numbers = (["volumeID", "accountID", "totalSize"] as const).every((key) => typeof part(key) === "number");
  const access = part("access");
  const whole = numbers && typeof access === "string" && !isUnknown(access);
  return whole && part("volumeID") === number(clone, "volumeID") ? (source as VolumeSource) : undefined;
}

/** Whether the clone is made from a snapshot, also one that is not known yet. The service takes 0 for none. */
export const ofSnapshot = (clone: Seen): boolean =>
  unknown(clone, "snapshotID") || (number(clone, "snapshotID") ?? 0) > 0;

/** The same facts where they are about the very snapshot that is cloned, or about the volume where that is. */
export function factsOfCloned(clone: Seen): VolumeSource | undefined {
  const source = facts(clone);
  if (!ofSnapshot(clone)) return source?.snapshotID === undefined ? source : undefined;
  return source?.snapshotID !== undefined && source.snapshotID === number(clone, "snapshotID") ? source : undefined;
}
