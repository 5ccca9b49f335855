import { randomUUID } from "node:crypto";
import { fail, invalid, noVolume } from "./errors";
import type { Call } from "./method";
import { CURVE, chooseQoS, DEFAULT_QOS } from "./qos";
import type { VolumeRecord } from "./records";
import { renderVolume } from "./render";
import {
  findAccount,
  liveVolume,
  purge,
  readAccess,
  readAttributes,
  readFifo,
  readName,
  readSize,
  requireReady,
  requireRoom,
  requireSpace,
} from "./volumeRules";
import type { World } from "./world";

/** What every volume has at first. */
export function newVolume(
  world: World,
  given: Pick<VolumeRecord, "name" | "accountID" | "totalSize"> & Partial<VolumeRecord>,
): VolumeRecord {
  const now = world.now();
  const volume: VolumeRecord = {
    status: "active",
    access: "readWrite",
    attributes: {},
    enable512e: false,
    enableSnapMirrorReplication: false,
    qos: { ...DEFAULT_QOS },
    qosPolicyID: null,
    createdAt: now,
    deletedAt: null,
    readyAt: now + world.settings.settleMs,
    sliceCount: 0,
    volumePairs: [],
    volumeUUID: randomUUID(),
    fifoSize: 24,
    minFifoSize: 0,
    dontMoveForIopsRebalance: false,
    blocks: {},
    notReady: 0,
    ...given,
    volumeID: world.nextID("volume"),
  };
  world.state.volumes.set(volume.volumeID, volume);
  return volume;
}

/** CreateVolume (spec 6.3). */
export function createVolume(call: Call): object {
  const { world, params } = call;
  params.require("name", "accountID", "totalSize");
  const accountID = params.integer("accountID");
  const name = readName(world, params);
  findAccount(world, accountID);
  const totalSize = readSize(world, params.integer("totalSize"));
  const attributes = readAttributes(world, params) ?? {};
  const access = readAccess(params.optionalText("access") ?? "readWrite", []);
  const settings = {
    enable512e: params.flag("enable512e") ?? false,
    enableSnapMirrorReplication: params.flag("enableSnapMirrorReplication") ?? false,
    fifoSize: readFifo(params, "fifoSize") ?? 24,
    minFifoSize: readFifo(params, "minFifoSize") ?? 0,
    dontMoveForIopsRebalance: params.flag("dontMoveForIopsRebalance") ?? false,
  };
  const qos = chooseQoS(call, { qos: { ...DEFAULT_QOS }, qosPolicyID: null });
  requireSpace(world);
  requireRoom(world, accountID);
  const volume = newVolume(world, { name, accountID, totalSize, attributes, access, ...settings, ...qos });
  return { curve: { ...CURVE }, volume: renderVolume(world, volume, params.version), volumeID: volume.volumeID };
}

/** ModifyVolume (spec 6.1): what is left out stays. */
export function modifyVolume(call: Call): object {
  const { world, params } = call;
  const volume = liveVolume(world, params.integer("volumeID"));
  requireReady(world, volume);
  const changes: Partial<VolumeRecord> = chooseQoS(call, volume);
  const accountID = params.optionalInteger("accountID");
  if (accountID !== undefined) changes.accountID = findAccount(world, accountID).accountID;
  const access = params.optionalText("access");
  if (access !== undefined) changes.access = readAccess(access, volume.volumePairs);
  // replaces all of them (spec 6.1; inferred)
  const attributes = readAttributes(world, params);
  const ignored = attributes !== undefined && Object.keys(attributes).length === 0;
  if (attributes !== undefined && !(ignored && world.settings.emptyAttributes === "ignored")) {
    changes.attributes = attributes;
  }
  const size = params.optionalInteger("totalSize");
  if (size !== undefined) {
    const totalSize = readSize(world, size);
    if (totalSize < volume.totalSize) {
      throw fail("xVolumeShrinkProhibited", "Lowering a volume size is not allowed.");
    }
    changes.totalSize = totalSize;
  }
  const mirrored = params.flag("enableSnapMirrorReplication");
  if (mirrored !== undefined) changes.enableSnapMirrorReplication = mirrored;
  for (const name of ["fifoSize", "minFifoSize"] as const) {
    const fifo = readFifo(params, name);
    if (fifo !== undefined) changes[name] = fifo;
  }
  const fixed = params.flag("dontMoveForIopsRebalance");
  if (fixed !== undefined) changes.dontMoveForIopsRebalance = fixed;
  if (params.flag("setCreateTime") === true) changes.createdAt = params.time("createTime");
  Object.assign(volume, changes);
  return { volume: renderVolume(world, volume, params.version) };
}

/** DeleteVolume (spec 7, 15.3). */
export function deleteVolume({ world, params }: Call): object {
  const { state, settings } = world;
  const id = params.integer("volumeID");
  const volume = state.volumes.get(id);
  if (!volume) throw noVolume(id, "Volume");
  if (volume.status === "deleted") throw fail(settings.refusals.deletedTwice, `Volume ${id} is already deleted`);
  if ([...state.jobs.values()].some((job) => job.kind === "clone" && job.dstVolumeID === id)) {
    throw fail(settings.refusals.deletedInit, `Volume ${id} is being cloned. Cancel the clone first.`);
  }
  volume.status = "deleted";
  volume.deletedAt = world.now();
  return { curve: { ...CURVE }, volume: renderVolume(world, volume, params.version), volumeID: id };
}

const deletedVolume = ({ world, params }: Call, refusal: string): VolumeRecord => {
  const id = params.integer("volumeID");
  const volume = world.state.volumes.get(id);
  if (!volume) throw noVolume(id);
  if (volume.status !== "deleted") throw fail(refusal, `Volume ${id} is not deleted`);
  return volume;
};

/** PurgeDeletedVolume (spec 7): for good, with the snapshots. */
export function purgeDeletedVolume(call: Call): object {
  purge(call.world, deletedVolume(call, call.world.settings.refusals.purgedActive).volumeID);
  return {};
}

/** RestoreDeletedVolume (spec 7). */
export function restoreDeletedVolume(call: Call): object {
  const volume = deletedVolume(call, call.world.settings.refusals.restoredActive);
  volume.status = "active";
  volume.deletedAt = null;
  return {};
}

/** The volumes that lists show, in the order of their ids. A clone that is being copied may be hidden (spec 3.2; switch). */
const listed = ({ state, settings }: World): VolumeRecord[] =>
  [...state.volumes.values()]
    .filter((volume) => volume.status !== "init" || settings.initVolumes === "listed")
    .sort((one, other) => one.volumeID - other.volumeID);

const rendered = ({ world, params }: Call, volumes: readonly VolumeRecord[]): { volumes: object[] } => ({
  volumes: volumes.map((volume) => {
    const shown = renderVolume(world, volume, params.version);
    return volume.status === "init" ? { ...shown, status: world.settings.initStatus } : shown;
  }),
});

/** From an id on, which need not exist itself (spec 5), and at most so many. */
const paged = ({ params }: Call, volumes: readonly VolumeRecord[], most: number): VolumeRecord[] => {
  const start = params.optionalInteger("startVolumeID") ?? 0;
  const limit = params.optionalInteger("limit") ?? most;
  return volumes.filter((volume) => volume.volumeID >= start).slice(0, limit === 0 ? undefined : limit);
};

const STATUSES = ["creating", "snapshotting", "active", "deleted"];

/** ListVolumes (spec 5): active and deleted ones unless a status is given. */
export function listVolumes(call: Call): object {
  const { world, params } = call;
  const ids = params.integers("volumeIDs");
  const accounts = params.integers("accounts");
  if (ids !== undefined && ["accounts", "startVolumeID", "limit"].some((name) => params.has(name))) {
    throw invalid("volumeIDs excludes accounts, startVolumeID and limit");
  }
  const status = params.optionalText("volumeStatus");
  if (status !== undefined && !STATUSES.includes(status)) throw fail("xUnrecognizedEnumString", status);
  const name = params.optionalText("volumeName");
  const isPaired = params.flag("isPaired");
  const found = listed(world).filter(
    (volume) =>
      (ids === undefined || ids.includes(volume.volumeID)) &&
      (accounts === undefined || accounts.length === 0 || accounts.includes(volume.accountID)) &&
      (name === undefined || volume.name === name) &&
      (isPaired === undefined || volume.volumePairs.length > 0 === isPaired) &&
      // the filter has words of its own
      (status === undefined || (volume.status === "init" ? "creating" : volume.status) === status),
  );
  const [missing] = ids?.filter((id) => !world.state.volumes.has(id)) ?? [];
  if (found.length === 0 && missing !== undefined && world.settings.unknownVolumes !== "empty") throw noVolume(missing);
  return rendered(call, paged(call, found, 10_000));
}

/** ListActiveVolumes (spec 5). */
export function listActiveVolumes(call: Call): object {
  const active = listed(call.world).filter((volume) => volume.status === "active");
  return rendered(call, paged(call, active, 0));
}

/** ListDeletedVolumes (spec 5). */
export function listDeletedVolumes(call: Call): object {
  return rendered(
    call,
    listed(call.world).filter((volume) => volume.status === "deleted"),
  );
}

/** ListVolumesForAccount (spec 5): active and deleted ones. */
export function listVolumesForAccount(call: Call): object {
  const { accountID } = findAccount(call.world, call.params.integer("accountID"));
  return rendered(
    call,
    listed(call.world).filter((volume) => volume.accountID === accountID),
  );
}

/** GetVolumeCount (spec 5); that it counts what lists show is our assumption. */
export function getVolumeCount({ world }: Call): object {
  return { count: listed(world).length };
}
