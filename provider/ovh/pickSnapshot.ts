import { HoldfastError } from "../core/errors";
import { few } from "../core/few";
import type { SnapshotModel } from "./models";
import { namesOf, newestFirst, timeOf } from "./snapshotTimes";

/** What a snapshot must be. */
export interface SnapshotFilter {
  type?: string | undefined;
  status?: string | undefined;
  name?: string | undefined;
  namePrefix?: string | undefined;
  /** Only what is older, RFC 3339. */
  before?: string | undefined;
}

/** Those that fit, newest first; what has no time comes last. */
export function matching(snapshots: readonly SnapshotModel[], filter: SnapshotFilter): SnapshotModel[] {
  const { type, status, name, namePrefix, before } = filter;
  const limit = before === undefined ? undefined : Date.parse(before);
  return newestFirst(
    snapshots.filter(
      (snapshot) =>
        (type === undefined || snapshot.type === type) &&
        (status === undefined || snapshot.status === status) &&
        (name === undefined || namesOf(snapshot).includes(name)) &&
        (namePrefix === undefined || namesOf(snapshot).some((text) => text.startsWith(namePrefix))) &&
        // One without a time can't be said to be older.
        (limit === undefined || timeOf(snapshot) < limit),
    ),
  );
}

/** What was looked for, by an ID or a filter, and what there is instead. */
export function noSnapshot(
  snapshots: readonly SnapshotModel[],
  wanted: string | SnapshotFilter,
  shareId: string,
): HoldfastError {
  const byId = typeof wanted === "string";
  const what = byId
    ? wanted
    : `with ${Object.entries(wanted)
        .flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]))
        .join(", ")}`;
  const race = byId
    ? "An automatic snapshot may have been rotated away since its id was noted, and a held one has a new id."
    : "A policy rotates automatic snapshots away: what the control panel or an earlier look-up showed may be gone by now.";
  return new HoldfastError(`share ${shareId} has no snapshot ${what}. ${candidates(snapshots)} ${race}`);
}

function candidates(snapshots: readonly SnapshotModel[]): string {
  if (snapshots.length === 0) return "It has no snapshots at all.";
  const named = ({ id, name, type, status, createdAt }: SnapshotModel) =>
    `"${name ?? ""}" (${[type, status, createdAt, id].join(", ")})`;
  return `It has ${few(newestFirst(snapshots), named, "older ones")}.`;
}
