import { HoldfastError } from "../core/errors";
import { isConflict } from "./answers";
import type { FileStorage } from "./client";
import type { ShareModel } from "./models";

/** GiB of a quota that these shares leave. */
export const freeOf = (quota: number, shares: readonly ShareModel[]): number =>
  quota - shares.reduce((sum, share) => sum + share.size, 0);

/** How old the quota may be, in milliseconds: many clones ask for it at the same time. */
const QUOTA_AGE_MS = 5000;

/** GiB of the service's quota that no share takes. Nominal sizes count, clones included. */
export async function freeQuota(
  storage: FileStorage,
  shares: readonly ShareModel[],
): Promise<{ quota: number; free: number }> {
  const { quota } = await storage.service(QUOTA_AGE_MS);
  return { quota, free: freeOf(quota, shares) };
}

export const quotaMessage = (
  storage: FileStorage,
  needed: number,
  { quota, free }: { quota: number; free: number },
): string =>
  `it needs ${needed} GiB, but service ${storage.serviceName} has ${Math.max(free, 0)} GiB free of ${quota} GiB: ${needed - Math.max(free, 0)} GiB are missing. Delete a share or clone that nobody needs, or order more capacity; where this replaces another clone, deleteBeforeReplace, or replace: "deleteFirst" of an EnvironmentClone or RecoveryClone, frees its space first.`;

/** A refusal for lack of room has no published code: where the numbers say so, the message does. */
export async function explainQuota(storage: FileStorage, error: unknown, needed: number): Promise<unknown> {
  const full = error instanceof Error && "status" in error && error.status === 413;
  if (!isConflict(error) && !full) return error;
  const room = await freeQuota(storage, await storage.shares.recent(0)).catch(() => undefined);
  if (room === undefined || needed <= room.free) return error;
  return new HoldfastError(
    `${quotaMessage(storage, needed, room)} The service said: ${error instanceof Error ? error.message : ""}`,
  );
}
