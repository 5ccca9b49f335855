import { HoldfastError } from "../core/errors";
import { few, NAMED } from "../core/few";
import type { Asking } from "./lookups.calls";
import type { ClusterLimits, GetVolumeArgs, GetVolumeResult, VolumeSnapshot } from "./lookupTypes";
import { withoutMark } from "./marks";
import type { LimitsModel, SnapshotModel, VolumeModel } from "./models";
import { isVolumeGone } from "./refusal";
import { isDeleted } from "./volumes";

/** Whether it is in this state, or in any but deleted. */
export const inState = (volume: VolumeModel, status: string | undefined): boolean =>
  status === undefined ? !isDeleted(volume) : volume.status.toLowerCase() === status.toLowerCase();

/** Nothing fits: what there is instead, first of all the one that is meant where only its state does not fit. */
export function noVolume(
  { volumeID, name, accountID, status }: GetVolumeArgs,
  all: readonly VolumeModel[],
): HoldfastError {
  const owned = all.filter((one) => accountID === undefined || one.accountID === accountID);
  const meant = owned.filter((one) => (volumeID === undefined ? one.name === name : one.volumeID === volumeID));
  const what = volumeID === undefined ? `named "${name}"` : `${volumeID}`;
  const owner = accountID === undefined ? "the cluster" : `account ${accountID}`;
  const state = status === undefined ? "" : ` with status ${status}`;
  const there = owned.filter((one) => !isDeleted(one));
  const instead =
    meant.length > 0
      ? meant.slice(0, NAMED).map(stateOf).join(" ")
      : `It has ${there.length === 0 ? "no volumes" : described(there)}.`;
  return new HoldfastError(`${owner} has no volume ${what}${state}. ${instead}`);
}

const stateOf = (volume: VolumeModel): string => {
  const { volumeID, status, purgeTime } = volume;
  if (!isDeleted(volume)) return `Volume ${volumeID} is ${status}.`;
  const until = purgeTime === undefined ? "it is purged" : `it is purged at ${purgeTime}`;
  return `Volume ${volumeID} is deleted, and can be restored until ${until}; status "deleted" looks it up.`;
};

/** Names repeat, so what else tells volumes apart is named with them. */
export const distinguished = (volumes: readonly VolumeModel[]): string =>
  few(volumes, ({ volumeID, accountID, status, createTime }) =>
    [`${volumeID} (account ${accountID}`, status, createTime].filter(Boolean).join(", ").concat(")"),
  );

const described = (volumes: readonly VolumeModel[]): string =>
  few(volumes, ({ volumeID, name }) => `"${name}" (${volumeID})`);

/** The snapshots of a volume; an error that tells the cluster's volumes where it has no such volume. */
export async function snapshotsOf(volumeID: number, { account, maxAgeMs }: Asking): Promise<readonly SnapshotModel[]> {
  const { element } = account;
  const exists = async (volumes: Promise<readonly VolumeModel[]>) => {
    const all = await volumes;
    if (!all.some((one) => one.volumeID === volumeID)) throw noVolume({ volumeID }, all);
  };
  try {
    const listed = await element.snapshotsOf(volumeID).recent(maxAgeMs);
    // Some releases list all snapshots whatever is asked for.
    const snapshots = listed.filter((one) => one.volumeID === volumeID);
    // A release may answer for a volume that it does not have as for one without snapshots.
    if (snapshots.length === 0) await exists(element.volumes.recent(maxAgeMs));
    return snapshots;
  } catch (error) {
    if (!isVolumeGone(error)) throw error;
    await exists(element.volumes.recent(0));
    throw error;
  }
}

export function volumeResult(volume: VolumeModel): GetVolumeResult {
  const { qos, attributes, volumeAccessGroups = [], volumePairs = [], ...others } = volume;
  return {
    ...others,
    attributes: withoutMark(attributes),
    curve: qos?.curve,
    qos: qos && { minIOPS: qos.minIOPS, maxIOPS: qos.maxIOPS, burstIOPS: qos.burstIOPS },
    volumeAccessGroups,
    paired: volumePairs.length > 0,
  };
}

export const snapshotResult = ({ attributes, name, status, ...others }: SnapshotModel): VolumeSnapshot => ({
  ...others,
  name: name ?? "",
  status: status ?? "unknown",
  attributes: withoutMark(attributes),
});

export function limitsOf(limits: LimitsModel): ClusterLimits {
  const told = LIMITS.map((name) => [name, limits[name]] as const);
  return Object.fromEntries(told.filter(([, value]) => typeof value === "number"));
}

const LIMITS = [
  "volumeSizeMin",
  "volumeSizeMax",
  "volumeNameLengthMin",
  "volumeNameLengthMax",
  "volumeCountMax",
  "volumesPerAccountCountMax",
  "cloneJobsPerVolumeMax",
  "cloneJobsPerNodeMax",
  "snapshotsPerVolumeMax",
  "snapshotNameLengthMax",
  "snapMirrorLabelLengthMax",
  "volumeMinIOPSMin",
  "volumeMinIOPSMax",
  "volumeMaxIOPSMin",
  "volumeMaxIOPSMax",
  "volumeBurstIOPSMin",
  "volumeBurstIOPSMax",
  "qosPolicyCountMax",
  "volumeAccessGroupsPerVolumeCountMax",
  "volumesPerVolumeAccessGroupCountMax",
] as const satisfies readonly (keyof ClusterLimits)[];
