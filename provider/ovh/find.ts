import { HoldfastError } from "../core/errors";
import { isNotFound } from "./answers";
import type { FileStorage } from "./client";
import type { ShareModel } from "./models";

/** How old a list may be that proves something gone, in milliseconds. */
export const PROOF_AGE_MS = 2000;

/**
 * A member of a list that belongs to a share. A share without the list's route is proved gone by a list of shares that
 * answered without it; anything else that answers 404, a wrong endpoint for example, proves nothing and fails.
 */
export async function listedIn<T extends { id: string }>(
  storage: FileStorage,
  shareId: string,
  list: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await list();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const shares = await storage.shares.recent(PROOF_AGE_MS);
    if (shares.some((share) => share.id === shareId)) throw error;
    return [];
  }
}

/** One share as the service lists it now. */
export async function findShare(storage: FileStorage, id: string, maxAgeMs?: number): Promise<ShareModel | undefined> {
  const shares = maxAgeMs === undefined ? await storage.shares.kept() : await storage.shares.recent(maxAgeMs);
  return shares.find((share) => share.id === id);
}

/**
 * The share that something is to be made on; an error where the service has no such share. What became of it in a moment
 * shows when the service refuses: then it is looked at again.
 */
export async function requireShare(storage: FileStorage, id: string): Promise<ShareModel> {
  const share = (await findShare(storage, id, PROOF_AGE_MS)) ?? (await findShare(storage, id, 0));
  if (share !== undefined) return share;
  throw new HoldfastError(noSuchShare(storage, id));
}

export const noSuchShare = ({ serviceName }: FileStorage, id: string): string =>
  `service ${serviceName} has no share ${id}. Check shareId and serviceName.`;
