import type { VolumeSource } from "../../../provider/element/volumeClone";
import { type Given, UNKNOWN } from "./analyzer";

export const volumeID = 5;
export const snapshotID = 16;
/** The account of the source, and another one. */
export const [production, testing] = [1, 2];
/** Bytes of the volume with that ID, a whole number of MiB. */
export const BYTES = 5_000_658_944;

/** What check found out about the volume or the snapshot with this ID. */
export const source = (facts: Partial<VolumeSource> = {}): VolumeSource => ({
  volumeID,
  name: "mysqldata",
  accountID: production,
  access: "readWrite",
  paired: false,
  totalSize: BYTES,
  ...facts,
});

export const given = (
  kind: "VolumeClone" | "Snapshot",
  name: string,
  props: Record<string, unknown> = {},
  from: Record<string, string[]> = {},
): Given => ({ kind: `pulumi-nodejs:dynamic/element:${kind}`, name, props, from });

/** The same as it stands in the state, with what only the cluster knows. */
export const made = (resource: Given, outputs: Record<string, unknown> = {}): Given => ({
  ...resource,
  inputs: resource.props,
  props: { status: resource.kind.endsWith("Snapshot") ? "done" : "active", ...resource.props, ...outputs },
});

/** A clone of the snapshot that the program names by its ID, which every rule is content with once that was looked up. */
export const clone = (props: Record<string, unknown> = {}): Given =>
  given("VolumeClone", "copy", { volumeID, snapshotID, newAccountID: testing, access: "readWrite", ...props });

/** The same, looked up. */
export const knownClone = (props: Record<string, unknown> = {}, facts: Partial<VolumeSource> = {}): Given =>
  clone({ source: source({ snapshotID, ...facts }), ...props });

/** A snapshot of that volume that does not exist yet. */
export const point = (props: Record<string, unknown> = {}): Given =>
  given("Snapshot", "point", { volumeID, retention: "24:00:00", ...props });

/** A clone of that snapshot. */
export const cloneOfPoint = (props: Record<string, unknown> = {}): Given => ({
  ...clone({ snapshotID: UNKNOWN, ...props }),
  from: { snapshotID: ["point"] },
});

/** A clone whose own volume is cloned and snapshotted in turn. */
export const data = (props: Record<string, unknown> = {}): Given => ({ ...knownClone(props), name: "data" });
