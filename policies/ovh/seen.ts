import { typeOf } from "../../provider/core/code";
import { isUnknown } from "../../provider/core/unknowns";
import type { SourceFacts } from "../../provider/ovh/cloneConstraints";
import { raw, type Seen, text } from "../seen";

export const CLONE: string = typeOf("ovh:ShareClone");
export const SHARE: string = typeOf("ovh:Share");
/** What admits a client or network, by whichever provider: their properties have the same names. */
export const RULES: readonly string[] = [
  typeOf("ovh:ShareAccessRule"),
  "ovh:index/storageEfsShareAcl:StorageEfsShareAcl",
];

/** What can be cloned: all of them are manual, by whichever provider (`@ovhcloud/pulumi-ovh`) they were taken. */
export const SNAPSHOTS: readonly string[] = [
  typeOf("ovh:Snapshot"),
  typeOf("ovh:HeldSnapshot"),
  "ovh:index/storageEfsShareSnapshot:StorageEfsShareSnapshot",
];
/** What snapshots are taken of. */
export const SHARES: readonly string[] = [SHARE, CLONE, "ovh:index/storageEfsShare:StorageEfsShare"];

/** What check found out about the source that the program names by its ID; `undefined` where it could not ask, or had none to ask for. */
export function facts(of: Seen): SourceFacts | undefined {
  const source = raw(of, "source");
  if (typeof source !== "object" || source === null) return undefined;
  const [id, type, size] = ["snapshotId", "type", "presentShareSizeGiB"].map((key) => Reflect.get(source, key));
  // Only check writes this property, and these are what every version of it has written.
  const whole = typeof id === "string" && typeof type === "string" && typeof size === "number" && !isUnknown(type);
  return whole && id === text(of, "snapshotId") ? (source as SourceFacts) : undefined;
}
