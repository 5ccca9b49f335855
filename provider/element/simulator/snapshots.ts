import { randomUUID } from "node:crypto";
import { fail, invalid, noSnapshot, outOfRange } from "./errors";
import type { Call } from "./method";
import type { SnapshotRecord, VolumeRecord } from "./records";
import { iso, renderSnapshot } from "./render";
import { liveVolume, readAttributes, requireSpace } from "./volumeRules";
import type { World } from "./world";

const findSnapshot = ({ state }: World, id: number): SnapshotRecord => {
  const snapshot = state.snapshots.get(id);
  if (!snapshot) throw noSnapshot(id);
  return snapshot;
};

const snapshotsOf = ({ state }: World, volumeID: number): SnapshotRecord[] =>
  [...state.snapshots.values()].filter((snapshot) => snapshot.volumeID === volumeID);

const readName = ({ world, params }: Call): string | undefined => {
  const name = params.optionalText("name");
  const { snapshotNameLengthMax: most } = world.settings.limits;
  if (name !== undefined && name.length > most)
    throw outOfRange(world.settings, `name is longer than ${most} characters`);
  return name;
};

const readLabel = ({ world, params }: Call): string | undefined => {
  const label = params.optionalText("snapMirrorLabel");
  const { snapMirrorLabelLengthMax: most } = world.settings.limits;
  if (label !== undefined && label.length > most) {
    throw fail("xExceededLimit", `snapMirrorLabel is longer than ${most} characters`);
  }
  return label;
};

type Expiry = Pick<SnapshotRecord, "expiresAt" | "fifo">;

/** `expirationTime`: a time, null to keep it, or "fifo". `undefined` when it is not there. */
const readExpirationTime = ({ params }: Call): Expiry | undefined => {
  if (params.raw("expirationTime") === null) return { expiresAt: null, fifo: false };
  if (!params.has("expirationTime")) return undefined;
  return params.raw("expirationTime") === "fifo"
    ? { expiresAt: null, fifo: true }
    : { expiresAt: params.time("expirationTime"), fifo: false };
};

/** `retention` ("HH:mm:ss") or `expirationTime`, not both (spec 8.1). */
const readExpiry = (call: Call): Expiry => {
  const { params, world } = call;
  const retention = params.optionalText("retention");
  if (retention === undefined) return readExpirationTime(call) ?? { expiresAt: null, fifo: false };
  if (params.has("expirationTime")) throw invalid("retention and expirationTime exclude each other");
  const [, hours, minutes, seconds] = /^(\d+):([0-5]\d):([0-5]\d)$/.exec(retention) ?? [];
  if (hours === undefined) throw invalid(`retention must look like 24:00:00, not ${retention}`);
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return { expiresAt: world.now() + ms, fifo: false };
};

/** The pool of 32, and the first-in-first-out part of it (spec 8.1, 8.2). */
const requireSlot = (world: World, volume: VolumeRecord, fifo: boolean): void => {
  const taken = snapshotsOf(world, volume.volumeID);
  const most = world.settings.limits.snapshotsPerVolumeMax;
  if (taken.length >= most || (fifo && taken.filter((one) => one.fifo).length >= volume.fifoSize)) {
    throw fail("xMaxSnapshotsPerVolumeExceeded", `Volume ${volume.volumeID} has no room for another snapshot`);
  }
};

/** Takes a snapshot of a volume as it is now, or copies one of it. */
export function addSnapshot(world: World, volume: VolumeRecord, given: Partial<SnapshotRecord> = {}): SnapshotRecord {
  const now = world.now();
  const snapshot: SnapshotRecord = {
    // the default name is the time (spec 8.1)
    name: iso(now),
    createdAt: now,
    totalSize: volume.totalSize,
    enableRemoteReplication: false,
    expiresAt: null,
    fifo: false,
    snapMirrorLabel: null,
    attributes: {},
    snapshotUUID: randomUUID(),
    blocks: volume.blocks,
    ...given,
    snapshotID: world.nextID("snapshot"),
    volumeID: volume.volumeID,
  };
  world.state.snapshots.set(snapshot.snapshotID, snapshot);
  return snapshot;
}

const answer = (world: World, snapshot: SnapshotRecord) => {
  const shown = renderSnapshot(world, snapshot);
  return { checksum: shown.checksum, snapshotID: shown.snapshotID, snapshot: shown };
};

/** A snapshot of this volume, where a call names one. */
const ownSnapshot = ({ world }: Call, id: number, volumeID: number): SnapshotRecord => {
  const snapshot = findSnapshot(world, id);
  if (snapshot.volumeID !== volumeID) {
    throw fail(world.settings.refusals.foreignSnapshot, `SnapshotID ${id} does not exist on volume ${volumeID}.`);
  }
  return snapshot;
};

/** CreateSnapshot (spec 8.1). */
export function createSnapshot(call: Call): object {
  const { world, params } = call;
  const volume = liveVolume(world, params.integer("volumeID"));
  const copied = params.optionalInteger("snapshotID") ?? 0;
  const from = copied === 0 ? undefined : ownSnapshot(call, copied, volume.volumeID);
  const name = readName(call);
  const expiry = readExpiry(call);
  const label = readLabel(call);
  const attributes = readAttributes(world, params);
  const enableRemoteReplication = params.flag("enableRemoteReplication") ?? false;
  requireSpace(world);
  requireSlot(world, volume, expiry.fifo);
  const snapshot = addSnapshot(world, volume, {
    ...expiry,
    enableRemoteReplication,
    ...(from && { blocks: from.blocks, totalSize: from.totalSize }),
    ...(name !== undefined && name !== "" && { name }),
    ...(label !== undefined && { snapMirrorLabel: label }),
    ...(attributes && { attributes }),
  });
  return answer(world, snapshot);
}

/** ListSnapshots (spec 8.1). */
export function listSnapshots({ world, params }: Call): object {
  const volumeID = params.optionalInteger("volumeID");
  const snapshotID = params.optionalInteger("snapshotID");
  // of a deleted volume they are kept until the purge (spec 7)
  if (volumeID !== undefined && !world.state.volumes.has(volumeID)) liveVolume(world, volumeID);
  const found = [...world.state.snapshots.values()].filter(
    (snapshot) =>
      (volumeID === undefined || snapshot.volumeID === volumeID) &&
      (snapshotID === undefined || snapshot.snapshotID === snapshotID),
  );
  if (snapshotID !== undefined && found.length === 0 && world.settings.unknownSnapshots !== "empty") {
    throw noSnapshot(snapshotID);
  }
  return { snapshots: found.map((snapshot) => renderSnapshot(world, snapshot)) };
}

/** ModifySnapshot (spec 8.1): neither retention nor attributes. */
export function modifySnapshot(call: Call): object {
  const { world, params } = call;
  const snapshot = findSnapshot(world, params.integer("snapshotID"));
  const name = readName(call);
  const label = readLabel(call);
  const expiry = readExpirationTime(call);
  const remote = params.flag("enableRemoteReplication");
  Object.assign(snapshot, expiry);
  if (name !== undefined) snapshot.name = name;
  if (label !== undefined) snapshot.snapMirrorLabel = label;
  if (remote !== undefined) snapshot.enableRemoteReplication = remote;
  return { snapshot: renderSnapshot(world, snapshot) };
}

/** DeleteSnapshot (spec 8.1): at once and for good. */
export function deleteSnapshot({ world, params }: Call): object {
  const { snapshotID } = findSnapshot(world, params.integer("snapshotID"));
  world.state.snapshots.delete(snapshotID);
  return {};
}

/** RollbackToSnapshot (spec 8.1): the volume's image becomes the snapshot's; its size stays (our assumption). */
export function rollbackToSnapshot(call: Call): object {
  const { world, params } = call;
  params.require("volumeID", "snapshotID");
  const volume = liveVolume(world, params.integer("volumeID"));
  const snapshot = ownSnapshot(call, params.integer("snapshotID"), volume.volumeID);
  const name = readName(call) ?? `${snapshot.name}-copy`;
  const attributes = readAttributes(world, params) ?? {};
  const saves = params.flag("saveCurrentState") ?? false;
  if (saves) requireSlot(world, volume, false);
  const saved = saves ? addSnapshot(world, volume, { name, attributes }) : undefined;
  volume.blocks = snapshot.blocks;
  return saved ? answer(world, saved) : { checksum: null, snapshotID: null, snapshot: null };
}
