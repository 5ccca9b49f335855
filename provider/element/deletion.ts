import { ApiError } from "../core/errors";
import type { Waiting } from "../core/lifecycle";
import type { Element } from "./client";
import { requireSame } from "./identity";
import type { VolumeModel } from "./models";
import { whenReady } from "./ready";
import { isUnknownMethod } from "./refusal";
import { cloneJobOf } from "./slots";
import { describeVolume, findVolume, isActive, isDeleted } from "./volumes";

const DELETE_LIMIT_SECONDS = 600;

/** A volume that is to go, as far as the state tells of it. */
export interface Leaving {
  volumeID: number;
  cloneID?: number | undefined;
  volumeUUID?: string | undefined;
  /** Removed at once and for ever, instead of kept restorable. */
  purge: boolean;
}

/** Deletes a volume, also one that is still being made, and waits until nothing of it runs any more. */
export async function deleteVolume(
  element: Element,
  { volumeID, cloneID, volumeUUID, purge }: Leaving,
  operation: Waiting,
): Promise<void> {
  const volume = await listed(element, volumeID);
  if (volume !== undefined) requireSame({ volumeUUID }, volume, describeVolume(volume));
  const isCopied = volume !== undefined && (isActive(volume) || isDeleted(volume));
  if (!isCopied) {
    const job = await cloneJobOf(element, volumeID, 0);
    if (volume === undefined && job === undefined && cloneID === undefined) return;
    await cancel(element, job?.cloneID ?? cloneID);
  }
  const what = `volume ${volumeID}`;
  let status = volume?.status;
  if (volume === undefined || !isDeleted(volume)) {
    status = (await whenReady(what, operation, () => element.deleteVolume(volumeID)))?.status;
  }
  if (purge) await whenReady(what, operation, () => purged(element, volumeID));
  // Both take effect at once, so the answer tells; of a copying, only a look does.
  if (isCopied && (purge || (status !== undefined && isDeleted({ status })))) return;
  await operation.wait<Pick<VolumeModel, "status">>({
    read: async (maxAgeMs) => {
      const found = await findVolume(element, volumeID, maxAgeMs);
      if (found !== undefined) return isDeleted(found) && !purge ? undefined : found;
      return (await cloneJobOf(element, volumeID, maxAgeMs)) && { status: "init" };
    },
    state: ({ status }) => status,
    judge: () => "busy",
    absent: "done",
    activity: "deleting",
    limitSeconds: DELETE_LIMIT_SECONDS,
  });
}

/**
 * The volume, from one list for all that a command deletes: an ID never comes to name another volume, and what was active is to
 * be deleted whatever has become of it since.
 */
async function listed(element: Element, volumeID: number): Promise<VolumeModel | undefined> {
  const earlier = (await element.volumes.first()).find((volume) => volume.volumeID === volumeID);
  return earlier !== undefined && isActive(earlier) ? earlier : findVolume(element, volumeID, 0);
}

/** What has no job any more is complete or gone: no name is documented for that, so whatever is refused for good is taken for it. */
async function cancel(element: Element, cloneID: number | undefined): Promise<void> {
  if (cloneID === undefined) return;
  await element.cancelClone(cloneID).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.code === undefined || isUnknownMethod(error)) throw error;
  });
}

/** A second purge is refused, as is that of a volume which the cluster has removed by itself in between. */
async function purged(element: Element, volumeID: number): Promise<void> {
  await element.purgeVolume(volumeID).catch(async (error: unknown) => {
    const left = await findVolume(element, volumeID, 0).catch(() => "unknown" as const);
    if (left !== undefined) throw error;
  });
}
