import { HoldfastError } from "../core/errors";
import type { Properties } from "../core/properties";
import type { ResourceKind } from "../kinds";
import type { FileStorage } from "./client";
import type { SnapshotModel } from "./models";
import { readSnapshot } from "./snapshots";

export interface FoundSnapshot {
  snapshot: SnapshotModel;
  shareId: string;
  /** GiB that a clone needs at least, where one of our resources has recorded it: the API does not tell. */
  shareSize: number | undefined;
}

/** What the engine is known to manage in this process. */
type Known = (kind: ResourceKind) => ReadonlyMap<string, Properties>;

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
  { managed }: { managed: Known },
): Promise<FoundSnapshot> {
  const likely = likelyShares(id, hint, managed);
  const shareId =
    (await locateSnapshot(storage, id, likely)) ?? (await locateSnapshot(storage, id, likely, () => FACTS_AGE_MS));
  const snapshot = shareId === undefined ? undefined : await readSnapshot(storage, shareId, id, FACTS_AGE_MS);
  const shareSize = recordedSource(id, managed)?.shareSize;
  if (shareId !== undefined && snapshot !== undefined) return { snapshot, shareId, shareSize };
  throw new HoldfastError(noSuchSnapshot(storage, id));
}

export const noSuchSnapshot = ({ serviceName }: FileStorage, id: string): string =>
  `service ${serviceName} has no snapshot ${id} on any of its shares. An automatic snapshot may have been rotated away, and a held one has a new id. Check snapshotId and serviceName.`;

const ownSnapshot = (id: string, managed: Known): Properties | undefined =>
  managed("ovh:HeldSnapshot").get(id) ?? managed("ovh:Snapshot").get(id);

/** A snapshot of our own, where it has recorded what a clone needs at least: `shareSize` in GiB. */
export function recordedSource(
  id: string,
  managed: Known,
): { id: string; name: string; shareSize: number } | undefined {
  const { shareSize, name } = ownSnapshot(id, managed) ?? {};
  return typeof shareSize === "number" ? { id, name: typeof name === "string" ? name : "", shareSize } : undefined;
}

/** Shares that may well have the snapshot: those that something says have it, and the program's. */
interface Likely {
  named: string[];
  programs: string[];
}

export function likelyShares(id: string, hint: string | undefined, managed: Known): Likely {
  const own = ownSnapshot(id, managed)?.["shareId"];
  return {
    named: [hint, own].filter((candidate) => typeof candidate === "string"),
    programs: [...managed("ovh:Share").keys(), ...managed("ovh:ShareClone").keys()],
  };
}

/**
 * The share that has the snapshot: where that is never changes, so kept lists do.
 * @param maxAgeMs how old a list may be @default any of this process
 * @param atOnce how many shares that nothing names are asked at the same time: more find it sooner, and ask some in vain
 */
export async function locateSnapshot(
  storage: FileStorage,
  id: string,
  { named, programs }: Likely,
  maxAgeMs?: () => number | undefined,
  atOnce = 1,
): Promise<string | undefined> {
  const age = maxAgeMs?.();
  const shares = await (age === undefined ? storage.shares.kept() : storage.shares.recent(age));
  const present = new Set(shares.map((share) => share.id));
  const candidates = [...new Set([...named, ...programs, ...present])].filter((shareId) => present.has(shareId));
  for (let from = 0; from < candidates.length; ) {
    const asked = candidates.slice(from, from + (named.includes(candidates[from] ?? "") ? 1 : atOnce));
    from += asked.length;
    const found = await Promise.all(asked.map((shareId) => readSnapshot(storage, shareId, id, maxAgeMs?.())));
    const index = found.findIndex((snapshot) => snapshot !== undefined);
    if (index >= 0) return asked[index];
  }
  return undefined;
}
