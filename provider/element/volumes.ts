import { HoldfastError } from "../core/errors";
import type { Element } from "./client";
import { markOf, withoutMark } from "./marks";
import type { SnapshotModel, VolumeModel } from "./models";
import type { VolumeQos } from "./volumeClone";

/** What a `VolumeClone` has of the service, and what the service does not keep. */
export interface CloneOutputs {
  volumeID?: number | undefined;
  snapshotID?: number | undefined;
  cloneVolumeID: number;
  cloneID?: number | undefined;
  asyncHandle?: number | undefined;
  name: string;
  accountID: number;
  newAccountID?: number | undefined;
  totalSize: number;
  newSize?: number | undefined;
  access: string;
  attributes: Record<string, unknown>;
  enable512e?: boolean | undefined;
  enableSnapMirrorReplication?: boolean | undefined;
  qos?: VolumeQos | undefined;
  curve?: Record<string, number> | undefined;
  qosPolicyID?: number | undefined;
  volumeAccessGroupIDs?: number[] | undefined;
  volumeAccessGroups: number[];
  status: string;
  createTime?: string | undefined;
  iqn: string;
  scsiEUIDeviceID: string;
  scsiNAADeviceID: string;
  volumeUUID?: string | undefined;
  clusterUniqueID?: string | undefined;
  sourceCreateTime?: string | undefined;
}

export const isDeleted = ({ status }: Pick<VolumeModel, "status">): boolean => status.toLowerCase() === "deleted";

export const isActive = ({ status }: Pick<VolumeModel, "status">): boolean => status.toLowerCase() === "active";

/** A volume as a message names it. */
export const describeVolume = ({ volumeID, name }: Pick<VolumeModel, "volumeID" | "name">): string =>
  `volume ${volumeID} ("${name}")`;

export const describeSnapshot = ({ snapshotID, name }: Pick<SnapshotModel, "snapshotID" | "name">): string =>
  `snapshot ${snapshotID} ("${name ?? ""}")`;

/** A volume of a list at most so old, deleted ones too. */
export const findVolume = async (
  element: Element,
  volumeID: number,
  maxAgeMs: number,
): Promise<VolumeModel | undefined> =>
  (await element.volumes.recent(maxAgeMs)).find((volume) => volume.volumeID === volumeID);

/** What an id looks like. */
export const NUMBER = /^[1-9]\d{0,14}$/;

/** The number that an id is. */
export function numberOf(id: string, what: string): number {
  if (NUMBER.test(id)) return Number(id);
  throw new HoldfastError(`"${id}" is no ID of a ${what}: they are numbers such as 42.`);
}

const ids = (numbers: readonly number[]): number[] => [...numbers].sort((left, right) => left - right);

/** On a volume without a pair the service shows what it makes of `replicationTarget` (Element API reference, CloneVolume). */
export const isAccess = (volume: VolumeModel, wanted: string): boolean =>
  volume.access === wanted ||
  (wanted === "replicationTarget" && volume.access === "locked" && (volume.volumePairs ?? []).length === 0);

/** What is known of a clone already. */
type Known = { [K in keyof CloneOutputs]?: CloneOutputs[K] | undefined };

/** The facts of a volume, beside what is known of it and the service does not tell. */
export function cloneFacts(volume: VolumeModel, known: Known): CloneOutputs {
  const lineage = markOf(volume.attributes);
  const groups = ids(volume.volumeAccessGroups ?? []);
  const { qos, access } = volume;
  return {
    volumeID: known.volumeID ?? lineage?.volumeID,
    snapshotID: known.volumeID === undefined ? lineage?.snapshotID : known.snapshotID,
    cloneVolumeID: volume.volumeID,
    cloneID: known.cloneID,
    asyncHandle: known.asyncHandle,
    name: volume.name,
    accountID: volume.accountID,
    newAccountID: known.newAccountID === undefined ? undefined : volume.accountID,
    totalSize: volume.totalSize,
    newSize: known.newSize === undefined ? undefined : volume.totalSize,
    access: known.access !== undefined && isAccess(volume, known.access) ? known.access : access,
    attributes: withoutMark(volume.attributes),
    enable512e: volume.enable512e,
    enableSnapMirrorReplication: volume.enableSnapMirrorReplication,
    qos: qos && { minIOPS: qos.minIOPS, maxIOPS: qos.maxIOPS, burstIOPS: qos.burstIOPS },
    curve: qos?.curve,
    qosPolicyID: volume.qosPolicyID,
    volumeAccessGroupIDs: known.volumeAccessGroupIDs?.filter((id) => groups.includes(id)),
    volumeAccessGroups: groups,
    status: volume.status,
    createTime: volume.createTime,
    iqn: volume.iqn ?? "",
    scsiEUIDeviceID: volume.scsiEUIDeviceID ?? "",
    scsiNAADeviceID: volume.scsiNAADeviceID ?? "",
    volumeUUID: volume.volumeUUID,
    clusterUniqueID: known.clusterUniqueID,
    sourceCreateTime: known.sourceCreateTime,
  };
}
