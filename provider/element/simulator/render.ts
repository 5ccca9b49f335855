import { renderQoS } from "./qos";
import type { SnapshotRecord, VolumeRecord } from "./records";
import { atLeast, type Version } from "./versions";
import { purgeTime } from "./volumeRules";
import type { World } from "./world";

/** A time as the API writes it: UTC, whole seconds (spec 2.1). */
export const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

const hex = (text: string): string => Buffer.from(text, "latin1").toString("hex");

/** Two groups of eight digits: the cluster's characters and the volume's id (spec 5.1; inferred). */
const scsiPart = (uniqueID: string, volumeID: number): string => hex(uniqueID) + volumeID.toString(16).padStart(8, "0");

/** A volume as the API writes it (spec 5.1); later versions have more members. */
export function renderVolume({ state, settings }: World, volume: VolumeRecord, version: Version) {
  const { volumeID, name, volumeUUID } = volume;
  const { clusterUniqueID: uniqueID } = state;
  const purged = purgeTime(volume);
  return {
    volumeID,
    name,
    accountID: volume.accountID,
    status: volume.status,
    access: volume.access,
    attributes: volume.attributes,
    totalSize: volume.totalSize,
    blockSize: 4096,
    enable512e: volume.enable512e,
    ...(atLeast(version, "10.0")
      ? { enableSnapMirrorReplication: volume.enableSnapMirrorReplication, qosPolicyID: volume.qosPolicyID }
      : {}),
    qos: renderQoS(volume.qos),
    createTime: iso(volume.createdAt),
    deleteTime: volume.deletedAt === null ? "" : iso(volume.deletedAt),
    purgeTime: purged === null ? "" : iso(purged),
    lastAccessTime: null,
    lastAccessTimeIO: null,
    iqn: `iqn.2010-01.com.solidfire:${uniqueID}.${name.toLowerCase()}.${volumeID}`,
    scsiEUIDeviceID: `${scsiPart(uniqueID, volumeID)}f47acc0100000000`,
    scsiNAADeviceID: `6f47acc100000000${scsiPart(uniqueID, volumeID)}`,
    sliceCount: volume.sliceCount,
    volumeAccessGroups: [...state.accessGroups.values()]
      .filter((group) => group.volumes.includes(volumeID))
      .map((group) => group.volumeAccessGroupID),
    volumePairs: volume.volumePairs,
    virtualVolumeID: null,
    currentProtectionScheme: "doubleHelix",
    previousProtectionScheme: null,
    ...(settings.volumeUUIDs ? { volumeUUID, volumeConsistencyGroupUUID: volumeUUID } : {}),
    ...(atLeast(version, "12.3") ? { fifoSize: volume.fifoSize, minFifoSize: volume.minFifoSize } : {}),
    ...(atLeast(version, "12.8") ? { dontMoveForIopsRebalance: volume.dontMoveForIopsRebalance } : {}),
  };
}

/** No UUID, for what belongs to no group (spec 8.2). */
const ZERO_UUID = "00000000-0000-0000-0000-000000000000";

/** A snapshot as the API writes it (spec 8.2). */
export function renderSnapshot({ state }: World, snapshot: SnapshotRecord) {
  const { snapshotID, volumeID, snapshotUUID } = snapshot;
  const volume = state.volumes.get(volumeID);
  const copying = [...state.jobs.values()].some((job) => job.kind === "copy" && job.snapshotID === snapshotID);
  const at = iso(snapshot.createdAt);
  return {
    snapshotID,
    volumeID,
    volumeName: volume?.name ?? "",
    name: snapshot.name,
    checksum: "0x0",
    createTime: at,
    instanceCreateTime: at,
    status: copying ? "cloning" : "done",
    totalSize: snapshot.totalSize,
    enableRemoteReplication: snapshot.enableRemoteReplication,
    expirationTime: snapshot.expiresAt === null ? null : iso(snapshot.expiresAt),
    expirationReason: snapshot.fifo ? "fifo" : snapshot.expiresAt === null ? "None" : "Api",
    remoteStatuses: [],
    snapshotUUID,
    instanceSnapshotUUID: snapshotUUID,
    groupID: 0,
    groupSnapshotUUID: ZERO_UUID,
    snapMirrorLabel: snapshot.snapMirrorLabel,
    virtualVolumeID: null,
    attributes: snapshot.attributes,
  };
}
