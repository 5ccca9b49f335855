import { fail, invalid, noHandle, noSnapshot } from "./errors";
import { addJob, completeHandle, limitReached, renderHandle, renderJob, renderListedHandle, settleJobs } from "./jobs";
import type { Call } from "./method";
import { CURVE } from "./qos";
import type { Blocks, SnapshotRecord, VolumeRecord } from "./records";
import { renderVolume } from "./render";
import {
  findAccount,
  liveVolume,
  readAccess,
  readAttributes,
  readName,
  readSize,
  requireRoom,
  requireSpace,
} from "./volumeRules";
import { newVolume } from "./volumes";
import type { World } from "./world";

const BLOCK = 4096;

/** What of a content fits into a size: shrinking truncates (spec 3.1). */
export const fitting = (blocks: Blocks, bytes: number): Blocks =>
  Object.fromEntries(Object.entries(blocks).filter(([number]) => Number(number) < bytes / BLOCK));

/** A source that is itself still being copied, or new (spec 3.2; switch). */
const requireSettled = (world: World, { volumeID, status, readyAt }: VolumeRecord): void => {
  if (status === "active" && readyAt <= world.now()) return;
  const { sourceNotReady } = world.settings;
  throw sourceNotReady === "notActive"
    ? fail("xInvalidParameter", `Volume ${volumeID} is not in the active state`)
    : fail(sourceNotReady, `Volume ${volumeID} is not ready`);
};

/** The snapshot to copy from; 0 is none, as peers send it (spec 3.1). */
const sourceSnapshot = ({ world, params }: Call, volumeID: number): SnapshotRecord | undefined => {
  const id = params.optionalInteger("snapshotID") ?? 0;
  if (id === 0) return undefined;
  const snapshot = world.state.snapshots.get(id);
  if (!snapshot) throw noSnapshot(id);
  if (snapshot.volumeID !== volumeID) {
    throw fail(world.settings.refusals.foreignSnapshot, `SnapshotID ${id} does not exist on volume ${volumeID}.`);
  }
  return snapshot;
};

const requireSlot = (world: World, volumeID: number): void => {
  const limit = world.settings.overLimit === "error" ? limitReached(world, volumeID) : undefined;
  if (limit !== undefined)
    throw fail(`xMaxClonesPer${limit}Exceeded`, `Too many clones are running on this ${limit.toLowerCase()}`);
};

/** CloneVolume (spec 1, 3, 15.3). */
export function cloneVolume(call: Call): object {
  const { world, params } = call;
  params.require("volumeID", "name");
  const source = liveVolume(world, params.integer("volumeID"));
  const name = readName(world, params);
  requireSpace(world);
  requireSettled(world, source);
  const snapshot = sourceSnapshot(call, source.volumeID);
  const accountID = params.optionalInteger("newAccountID") ?? source.accountID;
  findAccount(world, accountID);
  const { settings } = world;
  const before = snapshot && settings.snapshotCloneSize === "snapshot" ? snapshot.totalSize : source.totalSize;
  // 0 is "not set" by peers' convention (spec 3.1)
  const newSize = params.optionalInteger("newSize") ?? 0;
  const totalSize = newSize === 0 ? before : readSize(world, newSize);
  const inherited = params.raw("attributes") === undefined || settings.attributesNull === "inherited";
  const attributes = readAttributes(world, params) ?? (inherited ? source.attributes : {});
  const access = readAccess(params.optionalText("access") ?? source.access, []);
  const enable512e = params.flag("enable512e") ?? source.enable512e;
  // not inherited (spec 1)
  const enableSnapMirrorReplication = params.flag("enableSnapMirrorReplication") ?? false;
  requireRoom(world, accountID);
  requireSlot(world, source.volumeID);
  const volume = newVolume(world, {
    name,
    accountID,
    access,
    attributes: structuredClone(attributes),
    totalSize,
    enable512e,
    enableSnapMirrorReplication,
    qos: { ...source.qos },
    qosPolicyID: settings.qosPolicyInheritance === "policy" ? source.qosPolicyID : null,
    status: "init",
    fifoSize: source.fifoSize,
    minFifoSize: source.minFifoSize,
  });
  const job = addJob(world, {
    kind: "clone",
    srcVolumeID: source.volumeID,
    dstVolumeID: volume.volumeID,
    snapshotID: snapshot?.snapshotID ?? null,
    totalBytes: totalSize,
    // the point in time of the call
    blocks: fitting(snapshot?.blocks ?? source.blocks, totalSize),
  });
  const { cloneID, asyncHandle } = job;
  const { volumeID } = volume;
  return { asyncHandle, cloneID, curve: { ...CURVE }, volume: renderVolume(world, volume, params.version), volumeID };
}

/** CopyVolume (spec 9): overwrites the data of a volume of the same size. */
export function copyVolume(call: Call): object {
  const { world, params } = call;
  params.require("volumeID", "dstVolumeID");
  const source = liveVolume(world, params.integer("volumeID"));
  const target = liveVolume(world, params.integer("dstVolumeID"));
  if (source === target) throw invalid("dstVolumeID must be another volume");
  requireSettled(world, source);
  requireSettled(world, target);
  const snapshot = sourceSnapshot(call, source.volumeID);
  if ((snapshot?.totalSize ?? source.totalSize) !== target.totalSize) {
    throw fail(world.settings.refusals.copiedSize, `Volume ${target.volumeID} has another size`);
  }
  requireSlot(world, source.volumeID);
  const { asyncHandle, cloneID } = addJob(world, {
    kind: "copy",
    srcVolumeID: source.volumeID,
    dstVolumeID: target.volumeID,
    snapshotID: snapshot?.snapshotID ?? null,
    totalBytes: target.totalSize,
    blocks: snapshot?.blocks ?? source.blocks,
  });
  return { asyncHandle, cloneID };
}

/** CancelClone (spec 4.4): the fate of volume and handle are switches. */
export function cancelClone({ world, params }: Call): object {
  const { state, settings } = world;
  const cloneID = params.integer("cloneID");
  const job = state.jobs.get(cloneID);
  if (!job) throw fail(settings.refusals.unknownClone, `Clone ${cloneID} is not running`);
  state.jobs.delete(cloneID);
  if (job.kind === "clone" && settings.cancelledVolume === "removed") state.volumes.delete(job.dstVolumeID);
  if (settings.cancelledHandle === "removed") state.handles.delete(job.asyncHandle);
  else {
    const error = { name: settings.refusals.cancelled, message: "The clone was cancelled." };
    completeHandle(state, job.asyncHandle, error, world.now());
  }
  // another one may begin now
  settleJobs(world, world.now());
  return {};
}

/** GetAsyncResult (spec 4.1, 15.4): reading a complete result without keepResult consumes it. */
export function getAsyncResult({ world, params }: Call): object {
  const { state, settings } = world;
  const id = params.integer("asyncHandle");
  const keep = params.flag("keepResult") ?? false;
  const handle = state.handles.get(id);
  if (!handle) throw noHandle(settings, id);
  if (handle.lag > 0) {
    handle.lag -= 1;
    world.commit();
    throw noHandle(settings, id);
  }
  const answer = renderHandle(world, handle);
  if (handle.completed && !keep) {
    state.handles.delete(id);
    world.commit();
  }
  return answer;
}

/** ListAsyncResults (spec 4.2): listing consumes nothing. */
export function listAsyncResults({ world, params }: Call): object {
  const types = params.texts("asyncResultTypes");
  const wanted = types === undefined || types.length === 0 || types.includes("Clone");
  const handles = wanted ? [...world.state.handles.values()] : [];
  return { asyncHandles: handles.map((handle) => renderListedHandle(world, handle)) };
}

/** ListSyncJobs (spec 4.3): only what is running now. */
export function listSyncJobs({ world }: Call): object {
  const running = [...world.state.jobs.values()].filter((job) => job.startedAt !== null);
  return { syncJobs: running.map((job) => renderJob(job, world.now())) };
}
