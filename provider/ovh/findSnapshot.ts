import { HoldfastError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import type { FileStorage } from "./client";
import type { SnapshotModel } from "./models";
import { readSnapshot } from "./snapshots";

export interface FoundSnapshot {
  snapshot: SnapshotModel;
  shareId: string;
  /** GiB that a clone needs at least, where one of our resources has recorded it: the API does not tell. */
  shareSize: number | undefined;
}

/** How old a list may be that tells a source's type and state, in milliseconds. */
const FACTS_AGE_MS = 2000;

/**
 * The API finds a snapshot only under its share. Looked through in this order: the given share, the share of our own
 * resource with this id, the program's shares, all shares. Lists are kept for the process; before a snapshot is said not
 * to exist, they are read anew.
 */
export async function findSnapshot(
  storage: FileStorage,
  id: string,
  hint: string | undefined,
  operation: Operation,
): Promise<FoundSnapshot> {
  const own = operation.managed("ovh:HeldSnapshot").get(id) ?? operation.managed("ovh:Snapshot").get(id);
  const shareSize = typeof own?.["shareSize"] === "number" ? own["shareSize"] : undefined;
  const ownShare = typeof own?.["shareId"] === "string" ? own["shareId"] : undefined;
  const programs = [...operation.managed("ovh:Share").keys(), ...operation.managed("ovh:ShareClone").keys()];
  const first = [hint, ownShare, ...programs].filter((candidate) => candidate !== undefined);

  const shareId = (await locate(storage, id, first)) ?? (await locate(storage, id, first, FACTS_AGE_MS));
  const snapshot = shareId === undefined ? undefined : await readSnapshot(storage, shareId, id, FACTS_AGE_MS);
  if (shareId !== undefined && snapshot !== undefined) return { snapshot, shareId, shareSize };
  throw new HoldfastError(
    `service ${storage.serviceName} has no snapshot ${id} on any of its shares. An automatic snapshot may have been rotated away, and a held one has a new id. Check snapshotId and serviceName.`,
  );
}

/** The share that has the snapshot: where that is never changes, so kept lists do. */
async function locate(
  storage: FileStorage,
  id: string,
  first: readonly string[],
  maxAgeMs?: number,
): Promise<string | undefined> {
  const shares = await (maxAgeMs === undefined ? storage.shares.kept() : storage.shares.recent(maxAgeMs));
  const present = new Set(shares.map((share) => share.id));
  for (const shareId of new Set([...first, ...present])) {
    if (present.has(shareId) && (await readSnapshot(storage, shareId, id, maxAgeMs)) !== undefined) return shareId;
  }
  return undefined;
}
