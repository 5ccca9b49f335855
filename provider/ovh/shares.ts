import { changed } from "../core/diff";
import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Difference, Operation, Preview } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import type { FileStorage, Texts } from "./client";
import { findShare, PROOF_AGE_MS } from "./find";
import { withoutMark } from "./marks";
import type { AccessPathModel, ShareModel } from "./models";
import type { AccessPath } from "./share";
import {
  applySettings,
  detachedPolicyWarning,
  readSettings,
  type ShareSettings,
  settingsToApply,
} from "./shareSettings";
import { resizeShare } from "./shareSize";
import { CLONE_LIMIT_SECONDS, deletedByOthers, SETTLED, settledShare } from "./shareStates";
import { changedTexts, markedTexts } from "./texts";
import { holdsUnfitShrink, unfitShrink } from "./unfitShrink";

/** What the service says of a share, whether it was made empty or from a snapshot. */
export interface ShareFacts extends ShareSettings {
  serviceName: string;
  name: string;
  description: string;
  protocol: string;
  /** GiB. */
  size: number;
  mountPointName?: string | undefined;
  status: string;
  createdAt?: string | undefined;
  accessPaths?: AccessPath[] | undefined;
  preferredAccessPath?: string | undefined;
  /** The program's size, where the share has another one that somebody set elsewhere: nothing new was asked for. */
  unappliedSize?: number | undefined;
}

/** An available share's access paths are a matter of seconds, if they are late at all. */
const PATHS_LIMIT_SECONDS = 2 * 60;

/** A share as the state keeps it. Access paths are fetched apart: without them, those recorded stay. */
export function shareFacts(storage: FileStorage, share: ShareModel, paths?: readonly AccessPathModel[]): ShareFacts {
  const facts: ShareFacts = {
    serviceName: storage.serviceName,
    name: share.name ?? "",
    description: withoutMark(share.description),
    protocol: "NFS", // the only one there is: an unknown word in an answer is no reason to replace a share with its data
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

/** How a wait for a share is told of. */
export interface Settling {
  activity: string;
  limitSeconds: number;
  /** What to do when it fails. */
  remedy: string;
}

/** What a change of the program means for a share, and what its user should know beforehand. */
export function diffShare(
  olds: Properties,
  news: Properties,
  preview: Preview,
  replace: readonly string[],
): Difference {
  const difference = changed(olds, news, { replace, deleteBeforeReplace: sharesMountPoint });
  if (difference.replaces.length > 0) return difference;
  for (const warning of [detachedPolicyWarning(olds, news), unfitShrinkWarning(olds, news)]) {
    if (warning !== undefined) preview.warn(warning);
  }
  return difference;
}

/** With a mount point name that stays, old and new can't exist side by side: it is unique in the service. */
const sharesMountPoint = (olds: Properties, news: Properties): boolean =>
  olds["mountPointName"] !== undefined &&
  olds["mountPointName"] === news["mountPointName"] &&
  olds["serviceName"] === news["serviceName"];

/** What the update is going to fail with, unless it shrinks the share. */
function unfitShrinkWarning(olds: Properties, news: Properties): string | undefined {
  const [status, size, wanted] = [olds["status"], olds["size"], news["size"]];
  if (typeof status !== "string" || !holdsUnfitShrink({ status }) || typeof size !== "number") return undefined;
  return typeof wanted === "number" && wanted < size ? undefined : `the share ${unfitShrink(size)}`;
}

/** Waits until the share is available, and reads how it is mounted. */
export async function settleShare(
  storage: FileStorage,
  id: string,
  operation: Operation,
  wait: Settling,
): Promise<{ share: ShareModel; facts: ShareFacts }> {
  const share = await operation.wait({
    read: (maxAgeMs) => findShare(storage, id, maxAgeMs),
    state: (found) => found.status,
    judge: (state) => {
      if (state === "available") return "done";
      const deleted = deletedByOthers(id, state);
      if (deleted !== undefined) return deleted;
      if (!SETTLED.has(state)) return "busy";
      const ended =
        wait.activity === state ? `is in state "${state}"` : `ended in state "${state}" while ${wait.activity}`;
      return new TerminalStateError(`share ${id} ${ended}. ${wait.remedy}`, state);
    },
    absent: "tolerate",
    activity: wait.activity,
    limitSeconds: wait.limitSeconds,
  });
  if (share === undefined) throw new HoldfastError(`share ${id} is gone.`); // `tolerate` never ends this way
  return { share, facts: shareFacts(storage, share, await listedPaths(storage, id, operation)) };
}

/** When an available share gets its access paths is not published: without one, nobody can mount it. */
async function listedPaths(storage: FileStorage, id: string, operation: Operation): Promise<AccessPathModel[]> {
  const paths = await operation.wait({
    read: () => storage.accessPaths(id),
    state: ({ length }) => `${length} access paths`,
    judge: (_, { length }) => (length > 0 ? "done" : "busy"),
    absent: "tolerate",
    activity: "waiting for its access paths",
    limitSeconds: PATHS_LIMIT_SECONDS,
  });
  return paths ?? [];
}

/** The live share; what costs a call of its own is read only where the state has it, access paths where it has none. */
export async function readShare(
  storage: FileStorage,
  id: string,
  recorded: Partial<ShareFacts>,
): Promise<{ share: ShareModel; facts: ShareFacts } | undefined> {
  // What a kept list lacks may be younger than the list: gone is what is not in a fresh one either.
  const share = (await findShare(storage, id)) ?? (await findShare(storage, id, PROOF_AGE_MS));
  if (share === undefined || share.status === "deleted") return undefined;
  const available = share.status === "available";
  const wanted = available && (recorded.accessPaths ?? []).length === 0;
  const facts = shareFacts(storage, share, wanted ? await storage.accessPaths(id) : undefined);
  const settings = available ? await readSettings(storage, id, recorded) : {};
  const mountPointName = facts.mountPointName ?? recorded.mountPointName;
  // From here on the inputs show the live size.
  return { share, facts: { ...facts, ...settings, mountPointName, unappliedSize: undefined } };
}

/** What a new size changes. */
const sizeFacts = ({ size, status }: ShareModel) => ({ size, status });

/** Inputs of a share that can be changed in place. */
export interface ChangeableShare extends Texts, ShareSettings {
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
  const keepsSize = asksForNoSize(recorded, wanted.size, operation);
  const unappliedSize = keepsSize ? wanted.size : undefined;
  const { share, facts: resumed } = await resumeShare(storage, id, { ...recorded, unappliedSize }, operation);
  let facts: ShareFacts = { ...resumed, unappliedSize: share.size === wanted.size ? undefined : unappliedSize };
  operation.exists(id, facts);
  refuseNewMountPoint(id, share.mountPointName || recorded.mountPointName, wanted.mountPointName);
  const settings = await settingsToApply(storage, id, wanted, operation);

  const texts = changedTexts(share, wanted, operation);
  if (texts !== undefined) {
    await storage.renameShare(id, markedTexts(texts, share));
    facts = { ...facts, ...texts };
    operation.exists(id, facts);
  }
  facts = { ...facts, ...(await applySettings(storage, id, settings, operation)) };
  operation.exists(id, facts);
  if (keepsSize || share.size === wanted.size) {
    if (share.size !== wanted.size) operation.warn(changedElsewhere(wanted.size, share.size));
    if (holdsUnfitShrink(share)) throw new HoldfastError(`share ${id} ${unfitShrink(share.size)}`);
    return facts;
  }
  const recordedAs = (resized: ShareModel) => ({ ...facts, ...sizeFacts(resized) });
  return recordedAs(await resizeShare(storage, id, wanted.size, operation, recordedAs));
}

/**
 * Whether the program wants the size that it wanted before: another live one was set elsewhere, and no preview shows that
 * it would be undone. What was never finished ends at the program's size, and so does what the state does not tell.
 */
function asksForNoSize(recorded: Partial<ShareFacts>, wanted: number, operation: Operation): boolean {
  if (operation.untouched.includes("size")) return true;
  if (operation.creating) return false;
  if (recorded.unappliedSize !== undefined) return recorded.unappliedSize === wanted;
  return recorded.size === wanted && settledShare(recorded) !== "busy";
}

const changedElsewhere = (wanted: number, live: number): string =>
  `size is ${wanted} in the program, but the share has ${live} GiB: changed elsewhere. Left so; run pulumi refresh to see it, and the next pulumi up sets it.`;

/** The share as it is now, once it is settled. One in a failed state can still be renamed. */
async function resumeShare(storage: FileStorage, id: string, recorded: Partial<ShareFacts>, operation: Operation) {
  const found = await findShare(storage, id, 0);
  if (found === undefined) {
    throw new HoldfastError(
      `share ${id} is gone from service ${storage.serviceName}. Run pulumi refresh, then pulumi up makes a new one.`,
    );
  }
  const { accessPaths, preferredAccessPath, unappliedSize } = recorded;
  const facts = { ...shareFacts(storage, found), accessPaths, preferredAccessPath, unappliedSize };
  const usable = found.status !== "available" || (accessPaths ?? []).length > 0;
  if (settledShare(found) === "settled" && usable) return { share: found, facts };
  operation.exists(id, facts);
  return settleShare(storage, id, operation, {
    activity: found.status === "available" ? "reading its access paths" : found.status,
    limitSeconds: CLONE_LIMIT_SECONDS,
    remedy: operation.creating
      ? "The next pulumi up deletes it and makes it again."
      : "Look at the share in the control panel, or ask OVHcloud's support with its id.",
  });
}

function refuseNewMountPoint(id: string, present: string | undefined, wanted: string | undefined): void {
  if (wanted === undefined || (present ?? "") === wanted) return;
  throw new HoldfastError(
    `share ${id} has the mount point name "${present ?? ""}", which can't be changed to "${wanted}" in place. Set mountPointName to what the share has, or replace the resource with pulumi up --replace.`,
  );
}
