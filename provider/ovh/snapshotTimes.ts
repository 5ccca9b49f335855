import type { SnapshotModel } from "./models";

/** What is compared and named here: a snapshot as the service lists it, or as the state has kept it. */
type Point = Pick<SnapshotModel, "id" | "name" | "path" | "createdAt">;

/** Milliseconds since the epoch, `NaN` where it is not known: that compares as neither newer nor older. */
export const timeOf = ({ createdAt }: Pick<Point, "createdAt">): number => Date.parse(createdAt ?? "");

/** Newest first; what has no time comes last. */
export function newestFirst<T extends Pick<Point, "createdAt">>(snapshots: readonly T[]): T[] {
  const known = snapshots.filter((snapshot) => !Number.isNaN(timeOf(snapshot)));
  const unknown = snapshots.filter((snapshot) => Number.isNaN(timeOf(snapshot)));
  return [...known.toSorted((left, right) => timeOf(right) - timeOf(left)), ...unknown];
}

export const lastPart = (path: string | null | undefined): string => path?.split("/").at(-1) ?? "";

/** The name, and the last part of the path: a snapshot that was renamed keeps it. */
export const namesOf = ({ name, path }: Pick<Point, "name" | "path">): string[] =>
  [name ?? "", lastPart(path)].filter((text) => text !== "");

/** `id ("name", time)`, for messages. */
export const describeSnapshot = ({ id, name, createdAt }: Pick<Point, "id" | "name" | "createdAt">): string =>
  `${id} ("${name ?? ""}", ${createdAt ?? "of unknown time"})`;
