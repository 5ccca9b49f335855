import type { HandleRecord, JobError, JobRecord, State } from "./records";
import { iso } from "./render";
import type { World } from "./world";

/** How the next clones or copies go. */
export interface Steering {
  /** `stuck` never ends by itself (see `model.release`), `failed` ends with an error and without a volume. @default "normal" */
  outcome?: "normal" | "stuck" | "failed";
  /** What a failed one ends with. @default xSnapshotFailed */
  error?: JobError;
  /** Milliseconds that it takes. @default the option `cloneMs` */
  ms?: number;
  /** How many are steered, `Infinity` for all to come. @default 1 */
  times?: number;
}

const FAILURE: JobError = { name: "xSnapshotFailed", message: "The simulator was told to let this clone fail." };

const takeSteering = (world: World): Steering => {
  const [order] = world.steerings;
  if (!order) return {};
  order.left -= 1;
  if (order.left <= 0) world.steerings = world.steerings.slice(1);
  return order.steering;
};

/** Nodes of the simulated cluster; a volume lies on one of them (our assumption). */
const NODES = 4;

/** The node that a source volume lies on. */
export const nodeOf = (volumeID: number): number => 1 + (volumeID % NODES);

/** The limit that one more running job of a source would exceed, if any (spec 3.3). */
export function limitReached({ state, settings }: World, srcVolumeID: number): "Volume" | "Node" | undefined {
  const { cloneJobsPerVolumeMax, cloneJobsPerNodeMax } = settings.limits;
  const running = [...state.jobs.values()].filter((job) => job.startedAt !== null);
  if (running.filter((job) => job.srcVolumeID === srcVolumeID).length >= cloneJobsPerVolumeMax) return "Volume";
  const counted = running.filter((job) => settings.cloneLimitScope === "cluster" || job.nodeID === nodeOf(srcVolumeID));
  return counted.length >= cloneJobsPerNodeMax ? "Node" : undefined;
}

/** Starts a clone or copy, or lets it wait for its turn. */
export function addJob(
  world: World,
  wanted: Pick<JobRecord, "kind" | "srcVolumeID" | "dstVolumeID" | "snapshotID" | "totalBytes" | "blocks">,
): JobRecord {
  const { outcome = "normal", error, ms } = takeSteering(world);
  const { state, settings } = world;
  const now = world.now();
  const job: JobRecord = {
    ...wanted,
    cloneID: world.nextID("clone"),
    asyncHandle: world.nextID("handle"),
    nodeID: nodeOf(wanted.srcVolumeID),
    startedAt: limitReached(world, wanted.srcVolumeID) === undefined ? now : null,
    ms: outcome === "stuck" ? null : (ms ?? settings.cloneMs),
    error: outcome === "failed" ? (error ?? FAILURE) : null,
  };
  const { cloneID, asyncHandle, srcVolumeID, dstVolumeID } = job;
  state.jobs.set(cloneID, job);
  const at = { createdAt: now, updatedAt: now };
  const handle = { asyncHandle, cloneID, srcVolumeID, dstVolumeID, ...at, completed: false, error: null };
  state.handles.set(asyncHandle, { ...handle, lag: settings.handleLag });
  return job;
}

/** Ends a handle, if nobody has removed it. */
export function completeHandle(state: State, asyncHandle: number, error: JobError | null, at: number): void {
  const handle = state.handles.get(asyncHandle);
  if (handle) Object.assign(handle, { completed: true, updatedAt: at, error });
}

const finish = (world: World, job: JobRecord, at: number): void => {
  const { state, settings } = world;
  const { srcVolumeID, dstVolumeID, cloneID } = job;
  state.jobs.delete(cloneID);
  completeHandle(state, job.asyncHandle, job.error, at);
  const volume = state.volumes.get(dstVolumeID);
  if (job.error) {
    if (job.kind === "clone") state.volumes.delete(dstVolumeID);
    world.log("cloneEvent", "Clone volume failed", { srcVolumeID, dstVolumeID, cloneID }, at);
    return;
  }
  if (volume) {
    volume.blocks = job.blocks;
    if (job.kind === "clone")
      Object.assign(volume, { status: "active", sliceCount: 1, readyAt: at + settings.settleMs });
  }
  world.log("cloneEvent", "Clone volume succeeded", { srcVolumeID, dstVolumeID, cloneID }, at);
};

const startWaiting = (world: World, at: number): void => {
  for (const job of world.state.jobs.values()) {
    if (job.startedAt === null && limitReached(world, job.srcVolumeID) === undefined) job.startedAt = at;
  }
};

const endOf = ({ startedAt, ms }: JobRecord): number => (startedAt === null || ms === null ? Infinity : startedAt + ms);

/** Ends every job whose time has come, in its order, and lets those that wait begin at that time. */
export function settleJobs(world: World, now: number): void {
  for (;;) {
    startWaiting(world, now);
    const [next] = [...world.state.jobs.values()].sort((one, other) => endOf(one) - endOf(other));
    if (!next || endOf(next) > now) return;
    const at = endOf(next);
    finish(world, next, at);
    startWaiting(world, at);
  }
}

/** How far a job is; one that is stuck stays half-way. */
const fractionOf = ({ startedAt, ms }: JobRecord, now: number): number => {
  if (startedAt === null) return 0;
  if (ms === null) return 0.5;
  return ms === 0 ? 1 : Math.min(1, (now - startedAt) / ms);
};

/** A running job as ListSyncJobs shows it (spec 4.3). */
export function renderJob(job: JobRecord, now: number) {
  const elapsedTime = Math.round(now - (job.startedAt ?? now)) / 1000;
  const currentBytes = Math.floor(job.totalBytes * fractionOf(job, now));
  const percentComplete = (100 * currentBytes) / job.totalBytes;
  return {
    type: "clone",
    cloneID: job.cloneID,
    srcVolumeID: job.srcVolumeID,
    dstVolumeID: job.dstVolumeID,
    ...(job.snapshotID === null ? {} : { snapshotID: job.snapshotID }),
    nodeID: job.nodeID,
    stage: percentComplete < 10 ? "metadata" : "data",
    percentComplete,
    currentBytes,
    totalBytes: job.totalBytes,
    bytesPerSecond: elapsedTime === 0 ? 0 : currentBytes / elapsedTime,
    elapsedTime,
    remainingTime: percentComplete === 0 ? null : (elapsedTime * (100 - percentComplete)) / percentComplete,
  };
}

const resultVolume = ({ settings }: World, { srcVolumeID, dstVolumeID }: HandleRecord): number =>
  settings.asyncResultVolumeID === "clone" ? dstVolumeID : srcVolumeID;

/** A handle as GetAsyncResult shows it (spec 4.1). What `details` holds besides the volume is not known. */
export function renderHandle(world: World, handle: HandleRecord) {
  const volumeID = resultVolume(world, handle);
  const times = { createTime: iso(handle.createdAt), lastUpdateTime: iso(handle.updatedAt) };
  if (!handle.completed) return { status: "running", resultType: "Clone", details: { volumeID }, ...times };
  const outcome =
    handle.error === null
      ? { result: { cloneID: handle.cloneID, message: "Clone complete.", volumeID } }
      : { error: { ...handle.error, volumeID } };
  return { status: "complete", resultType: "Clone", ...outcome, ...times };
}

/** A handle as ListAsyncResults shows it (spec 4.2). */
export function renderListedHandle(world: World, handle: HandleRecord) {
  const volumeID = resultVolume(world, handle);
  const message = handle.completed ? (handle.error?.message ?? "Clone complete.") : "";
  return {
    asyncResultID: handle.asyncHandle,
    completed: handle.completed,
    success: handle.completed && handle.error === null,
    resultType: "Clone",
    createTime: iso(handle.createdAt),
    lastUpdateTime: iso(handle.updatedAt),
    data: { cloneID: handle.cloneID, message, volumeID },
  };
}
