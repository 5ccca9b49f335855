import { SMALLEST_SHARE_GIB } from "./schemas";

/** The data are more than the wanted size holds. Nothing is lost: the service refuses to go on (Manila). */
export const NO_ROOM_FOR_DATA = "shrinking_possible_data_loss_error";

/** What brings a share back to "available": the service takes nothing but another shrink in this state (Manila). */
export const unfitShrinkRemedy = (size: number): string =>
  size > SMALLEST_SHARE_GIB
    ? `A shrink that fits brings it back: set size to ${size - 1} first. Where it holds more than that, delete files or snapshots before.`
    : `It has ${size} GiB, the smallest size, so no shrink can bring it back: ask OVHcloud's support with its id.`;

/** What it means to leave a share, named by the caller, in this state. */
export const unfitShrink = (size: number): string =>
  `is in state "${NO_ROOM_FOR_DATA}": its data, its snapshots included, did not fit into the size that it was to be shrunk to. Nothing is lost, but it can't be extended, reverted, snapshotted or deleted so. ${unfitShrinkRemedy(size)}`;

/** Whether a share is in this state: each `pulumi up` says so, for a refresh takes the error of the first one out of the state. */
export const holdsUnfitShrink = (outputs: { status?: string | undefined }): boolean =>
  outputs.status === NO_ROOM_FOR_DATA;
