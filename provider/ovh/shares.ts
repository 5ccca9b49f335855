import { describeSeconds } from "../core/duration";
import { ConnectionError, HoldfastError, TerminalStateError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import {
  type AccessPathModel,
  type FileStorage,
  findShare,
  isConflict,
  isNotFound,
  listedIn,
  type ShareModel,
  type Texts,
} from "./client";
import type { AccessPath } from "./share";

/** What the service says of a share, whether it was made empty or from a snapshot. */
export interface ShareFacts {
  serviceName: string;
  name: string;
  description?: string | undefined;
  protocol: string;
  /** GiB. */
  size: number;
  mountPointName?: string | undefined;
  status: string;
  createdAt?: string | undefined;
  accessPaths?: AccessPath[] | undefined;
  preferredAccessPath?: string | undefined;
}

/** States that a share does not leave by itself (NetAppShareStatusEnum, grouped as the control panel does). */
const FAILED: ReadonlySet<string> = new Set([
  "error",
  "error_deleting",
  "extending_error",
  "shrinking_error",
  "shrinking_possible_data_loss_error",
  "reverting_error",
  "manage_error",
  "unmanage_error",
]);
/** Settled, whether usable or not. Every other state, an undocumented one too, is busy. */
const SETTLED: ReadonlySet<string> = new Set(["available", "inactive", "unmanaged", ...FAILED]);

/** Seconds that a wait may take where the program sets no limit. Making an empty share takes minutes at most. */
export const SHARE_LIMIT_SECONDS = 30 * 60;
/** A clone takes time in proportion to its snapshot's size, a resize too. */
export const CLONE_LIMIT_SECONDS = 60 * 60;

export function settledShare(outputs: { status?: string | undefined }): "settled" | "busy" | "failed" {
  if (outputs.status === "error") return "failed"; // only a creation ends in this state
  return outputs.status === undefined || SETTLED.has(outputs.status) ? "settled" : "busy";
}

/** A share as the state keeps it. Access paths are fetched apart: without them, those recorded stay. */
export function shareFacts(storage: FileStorage, share: ShareModel, paths?: readonly AccessPathModel[]): ShareFacts {
  const facts: ShareFacts = {
    serviceName: storage.serviceName,
    name: share.name ?? "",
    description: share.description || undefined,
    protocol: share.protocol ?? "NFS",
    size: share.size,
    mountPointName: share.mountPointName || undefined,
    status: share.status,
    createdAt: share.createdAt ?? undefined,
  };
  if (paths === undefined) return facts;
  const accessPaths = paths.map(({ id, path, preferred }) => ({ id, path, preferred }));
  const preferred = accessPaths.find((path) => path.preferred) ?? accessPaths[0];
  return { ...facts, accessPaths, preferredAccessPath: preferred?.path };
}

/** Waits until the share is available, and reads how it is mounted. */
export async function settleShare(
  storage: FileStorage,
  id: string,
  operation: Operation,
  wait: { activity: string; limitSeconds: number; remedy: string },
): Promise<{ share: ShareModel; facts: ShareFacts }> {
  const share = await operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (found) => found.status,
    judge: (state) => {
      if (state === "available") return "done";
      if (state === "deleting" || state === "deleted") {
        return new TerminalStateError(
          `share ${id} is being deleted by somebody else. Run pulumi refresh when it is gone.`,
          state,
        );
      }
      if (!SETTLED.has(state)) return "busy";
      return new TerminalStateError(
        `share ${id} ended in state "${state}" while ${wait.activity}. ${wait.remedy}`,
        state,
      );
    },
    absent: "tolerate",
    activity: wait.activity,
    limitSeconds: wait.limitSeconds,
  });
  if (share === undefined) throw new HoldfastError(`share ${id} is gone.`); // `tolerate` never ends this way
  return { share, facts: shareFacts(storage, share, await storage.accessPaths(id)) };
}

/** The live share; access paths cost a call of their own and are read only where the state has none. */
export async function readShare(
  storage: FileStorage,
  id: string,
  recorded: { accessPaths?: AccessPath[] | undefined },
): Promise<{ share: ShareModel; facts: ShareFacts } | undefined> {
  const share = await findShare(storage, id);
  if (share === undefined || share.status === "deleted") return undefined;
  const wanted = share.status === "available" && (recorded.accessPaths ?? []).length === 0;
  return { share, facts: shareFacts(storage, share, wanted ? await storage.accessPaths(id) : undefined) };
}

/** Inputs of a share that can be changed in place. */
export interface ChangeableShare extends Texts {
  size: number;
  mountPointName?: string | undefined;
}

/** Brings a share to its inputs: resumes an unfinished wait, then applies what differs from what the service has. */
export async function changeShare(
  storage: FileStorage,
  id: string,
  recorded: Partial<ShareFacts>,
  wanted: ChangeableShare,
  operation: Operation,
): Promise<ShareFacts> {
  let { share, facts } = await resumeShare(storage, id, recorded, operation);
  operation.exists(id, facts);
  refuseNewMountPoint(id, share, wanted);

  const texts = changedTexts(share, wanted, operation.dropped);
  if (texts !== undefined) {
    await storage.renameShare(id, texts);
    const description = (texts.description ?? facts.description) || undefined;
    facts = { ...facts, name: texts.name ?? facts.name, description };
    operation.exists(id, facts);
  }
  if (wanted.size !== share.size) facts = await extend(storage, share, wanted.size, operation);
  return facts;
}

/** The share as it is now, once it is available. */
async function resumeShare(storage: FileStorage, id: string, recorded: Partial<ShareFacts>, operation: Operation) {
  const found = await findShare(storage, id, 0);
  if (found === undefined) {
    throw new HoldfastError(
      `share ${id} is gone from service ${storage.serviceName}. Run pulumi refresh, then pulumi up makes a new one.`,
    );
  }
  const { accessPaths, preferredAccessPath } = recorded;
  const facts = { ...shareFacts(storage, found), accessPaths, preferredAccessPath };
  if (found.status === "available" && accessPaths !== undefined) return { share: found, facts };
  operation.exists(id, facts);
  return settleShare(storage, id, operation, {
    activity: found.status === "available" ? "reading its access paths" : found.status,
    limitSeconds: CLONE_LIMIT_SECONDS,
    remedy: "Look at the share in the control panel, or ask OVHcloud's support with its id.",
  });
}

/** Only the texts that the service has otherwise. A description that the program took out is cleared by an empty one. */
export function changedTexts(
  live: { name?: string | null | undefined; description?: string | null | undefined },
  wanted: Texts,
  dropped: readonly string[],
): Texts | undefined {
  const description = dropped.includes("description") ? "" : wanted.description;
  const texts: Texts = {};
  if (wanted.name !== undefined && wanted.name !== live.name) texts.name = wanted.name;
  if (description !== undefined && description !== (live.description ?? "")) texts.description = description;
  return Object.keys(texts).length > 0 ? texts : undefined;
}

function refuseNewMountPoint(id: string, share: ShareModel, wanted: ChangeableShare): void {
  if (wanted.mountPointName === undefined || (share.mountPointName ?? "") === wanted.mountPointName) return;
  throw new HoldfastError(
    `share ${id} has the mount point name "${share.mountPointName ?? ""}", which can't be changed to "${wanted.mountPointName}" in place. Set mountPointName to what the share has, or replace the resource with pulumi up --replace.`,
  );
}

async function extend(
  storage: FileStorage,
  share: ShareModel,
  size: number,
  operation: Operation,
): Promise<ShareFacts> {
  if (size < share.size) {
    throw new HoldfastError(
      `size is ${size} GiB, below the share's ${share.size} GiB. This version does not shrink: set size to at least ${share.size}.`,
    );
  }
  try {
    await storage.extendShare(share.id, size);
  } catch (error) {
    // A lost answer is no answer: the wait and the size afterwards tell.
    if (!(error instanceof ConnectionError) || error.failure === "unreachable") {
      throw await explainQuota(storage, error, size - share.size);
    }
  }
  const remedy = `Its data are not touched. Check the service's free capacity, then set size back to ${share.size} or ask OVHcloud's support.`;
  const settled = await settleShare(storage, share.id, operation, {
    activity: "extending",
    limitSeconds: CLONE_LIMIT_SECONDS,
    remedy,
  });
  operation.exists(share.id, settled.facts);
  // "available" is no proof: without capacity the service goes back to it with the old size (Manila share manager).
  if (settled.share.size !== size) {
    throw new HoldfastError(
      `share ${share.id} still has ${settled.share.size} GiB after it was extended to ${size}. The service has no room for it, or refused without a word: check the free capacity and run pulumi up again.`,
    );
  }
  return settled.facts;
}

/** GiB of the service's quota that no share takes. Nominal sizes count, clones included. */
export async function freeQuota(
  storage: FileStorage,
  shares: readonly ShareModel[],
): Promise<{ quota: number; free: number }> {
  const { quota } = await storage.service();
  return { quota, free: quota - shares.reduce((sum, share) => sum + share.size, 0) };
}

export const quotaMessage = (
  storage: FileStorage,
  needed: number,
  { quota, free }: { quota: number; free: number },
): string =>
  `it needs ${needed} GiB, but service ${storage.serviceName} has ${Math.max(free, 0)} GiB free of ${quota} GiB: ${needed - Math.max(free, 0)} GiB are missing. Delete a share or clone that nobody needs, or order more capacity; where this replaces another clone, deleteBeforeReplace frees its space first.`;

/** A refusal for lack of room has no published code: where the numbers say so, the message does. */
export async function explainQuota(storage: FileStorage, error: unknown, needed: number): Promise<unknown> {
  const full = error instanceof Error && "status" in error && error.status === 413;
  if (!isConflict(error) && !full) return error;
  const room = await freeQuota(storage, await storage.shares.recent(0)).catch(() => undefined);
  if (room === undefined || needed <= room.free) return error;
  return new HoldfastError(
    `${quotaMessage(storage, needed, room)} The service said: ${error instanceof Error ? error.message : ""}`,
  );
}

/** Deletes a share and waits until the service no longer lists it. */
export async function deleteShare(storage: FileStorage, id: string, operation: Operation): Promise<void> {
  const share = await untilDeletable(storage, id, operation);
  if (share === undefined) return;
  if (share.status !== "deleting") {
    try {
      await storage.deleteShare(id);
    } catch (error) {
      if (!isConflict(error)) {
        if (!isNotFound(error) || (await findShare(storage, id, 0)) !== undefined) throw error;
        return;
      }
      await untilSnapshotsGone(storage, id, operation, error);
      await storage.deleteShare(id).catch((again: unknown) => {
        if (!isNotFound(again)) throw again;
      });
    }
  }
  await operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (found) => found.status,
    judge: (state) => {
      if (state === "deleted") return "done";
      if (state !== "error_deleting") return "busy";
      return new TerminalStateError(
        `share ${id} could not be deleted (error_deleting). A clone made from one of its snapshots may still depend on it: delete the clones first, or ask OVHcloud's support.`,
        state,
      );
    },
    absent: "done",
    activity: "deleting",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
}

/** The service refuses to delete a share that is still busy: after an interrupted creation, for example. */
const untilDeletable = (storage: FileStorage, id: string, operation: Operation) =>
  operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (share) => share.status,
    judge: (state) => (SETTLED.has(state) || state === "deleting" || state === "deleted" ? "done" : "busy"),
    absent: "done",
    activity: "waiting for the share to settle",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });

/** Manual snapshots block a share's deletion, those still being deleted too. The others vanish with the share. */
async function untilSnapshotsGone(
  storage: FileStorage,
  id: string,
  operation: Operation,
  refusal: Error,
): Promise<void> {
  const { snapshots } = storage.share(id);
  await operation.wait({
    read: async (maxAgeMs) => {
      const manual = (await listedIn(storage, id, () => snapshots.recent(maxAgeMs))).filter(
        ({ type }) => type === "manual",
      );
      const staying = manual.filter(({ status }) => status !== "deleting");
      return { deleting: manual.length - staying.length, staying };
    },
    state: ({ deleting, staying }) => (staying.length > 0 ? "blocked" : `${deleting} snapshots being deleted`),
    judge: (_, { deleting, staying }) => {
      if (staying.length > 0) return blocked(id, staying);
      if (deleting > 0) return "busy";
      return "done";
    },
    absent: "done",
    activity: "waiting for its snapshots",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
  operation.note(`its snapshots are gone, deleting the share (before: ${refusal.message})`);
}

const blocked = (
  id: string,
  snapshots: readonly { id: string; name?: string | null | undefined; createdAt?: string | null | undefined }[],
) =>
  new HoldfastError(
    `share ${id} has manual snapshots, and the service deletes no share that has any: ${snapshots
      .map(({ id: snapshot, name, createdAt }) => `${snapshot} ("${name ?? ""}"${createdAt ? `, ${createdAt}` : ""})`)
      .join(", ")}. Delete them first: in the stacks that hold them, or in the control panel.`,
  );

/** How old data of a time are, for messages. */
export const ageOf = (createdAt: string | null | undefined, now: number): string => {
  const created = Date.parse(createdAt ?? "");
  return Number.isNaN(created) ? "of unknown age" : `${describeSeconds(Math.max(0, (now - created) / 1000))} old`;
};
