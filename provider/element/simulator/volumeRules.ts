import type { Fields } from "../../simulator/fields";
import { fail, invalid, noAccount, noVolume, outOfRange } from "./errors";
import type { Params } from "./params";
import type { AccountRecord, VolumeRecord } from "./records";
import { STAGES } from "./records";
import type { World } from "./world";

/** Volumes are kept in whole MiB, whatever "rounded up to the nearest 1MB" says (spec 6.4). */
const MIB = 1_048_576;

/** A deleted volume can be restored for so long (spec 7). */
const KEPT_MS = 8 * 3_600_000;

const MOST_ATTRIBUTE_BYTES = 1000;

/** When a deleted volume is purged by itself; `null` for one that is not deleted. */
export const purgeTime = ({ deletedAt }: VolumeRecord): number | null =>
  deletedAt === null ? null : deletedAt + KEPT_MS;

/** Takes a volume away for good, with its snapshots; its id is never used again (spec 7, 15.3). */
export function purge({ state }: World, volumeID: number): void {
  state.volumes.delete(volumeID);
  for (const snapshot of state.snapshots.values()) {
    if (snapshot.volumeID === volumeID) state.snapshots.delete(snapshot.snapshotID);
  }
  for (const group of state.accessGroups.values()) group.volumes = group.volumes.filter((id) => id !== volumeID);
}

/** A volume that is not deleted, or the error for none (spec 15.3). */
export function liveVolume({ state }: World, id: number, by: "VolumeID" | "Volume" = "VolumeID"): VolumeRecord {
  const volume = state.volumes.get(id);
  if (!volume || volume.status === "deleted") throw noVolume(id, by);
  return volume;
}

/** An account, or the error for none. */
export function findAccount({ state }: World, id: number): AccountRecord {
  const account = state.accounts.get(id);
  if (!account) throw noAccount(id);
  return account;
}

/** A change to a volume that a clone is copied to is refused some times (spec 3.2; switch). */
export function requireReady({ settings, commit }: World, volume: VolumeRecord): void {
  if (volume.status !== "init" || volume.notReady >= settings.notReadyCalls) return;
  volume.notReady += 1;
  commit();
  throw fail("xNotReadyForIO", `Volume ${volume.volumeID} is not ready for IO`);
}

/** From stage 4 on nothing new can be made (spec 3.2). */
export function requireSpace({ state, settings }: World): void {
  if (STAGES.indexOf(state.fullness) >= STAGES.indexOf("stage4Critical")) {
    throw fail(settings.refusals.fullness, `The cluster is too full: ${state.fullness}`);
  }
}

/** Whether deleted volumes that are not purged count is not known; here they do (spec 11). */
export function requireRoom({ state, settings }: World, accountID: number): void {
  const { volumeCountMax, volumesPerAccountCountMax } = settings.limits;
  const own = [...state.volumes.values()].filter((volume) => volume.accountID === accountID).length;
  if (state.volumes.size >= volumeCountMax || own >= volumesPerAccountCountMax) {
    throw fail("xMaxVolumeCountExceeded", "The maximum number of volumes is reached");
  }
}

/** A volume's name: only its length is limited, and others may have it (spec 3.1). */
export function readName({ settings }: World, params: Params): string {
  const name = params.text("name");
  const { volumeNameLengthMin: least, volumeNameLengthMax: most } = settings.limits;
  if (name.length < least || name.length > most) {
    throw outOfRange(settings, `name must have ${least} to ${most} characters, not ${name.length}`);
  }
  return name;
}

/** A size in bytes within the limits, rounded up. */
export function readSize({ settings }: World, bytes: number): number {
  const { volumeSizeMin: least, volumeSizeMax: most } = settings.limits;
  if (bytes < least || bytes > most)
    throw outOfRange(settings, `The size must be ${least} to ${most} bytes, not ${bytes}`);
  return Math.ceil(bytes / MIB) * MIB;
}

/** Attributes: below 1000 bytes of JSON (spec 3.1). */
export function readAttributes({ settings }: World, params: Params): Fields | undefined {
  const attributes = params.object("attributes");
  if (attributes !== undefined && Buffer.byteLength(JSON.stringify(attributes)) >= MOST_ATTRIBUTE_BYTES) {
    throw outOfRange(settings, `attributes must be less than ${MOST_ATTRIBUTE_BYTES} bytes of JSON`);
  }
  return attributes;
}

const ACCESS = ["readOnly", "readWrite", "locked", "replicationTarget", "snapMirrorTarget"];

/** The access of a volume. As a target of no replication it is locked (spec 1). */
export function readAccess(wanted: string, volumePairs: readonly object[]): string {
  if (!ACCESS.includes(wanted)) throw fail("xUnrecognizedEnumString", wanted);
  return wanted === "replicationTarget" && volumePairs.length === 0 ? "locked" : wanted;
}

/** A non-negative number of snapshots. */
export function readFifo(params: Params, name: "fifoSize" | "minFifoSize"): number | undefined {
  const size = params.optionalInteger(name);
  if (size !== undefined && size < 0) throw invalid(`${name} must not be negative`);
  return size;
}
