import type { Operation } from "../core/lifecycle";
import { type Making, makeOnce } from "../core/once";
import { remembered } from "../core/remembered";
import type { Element, NewClone } from "./client";
import { CLONE_LIMIT_SECONDS } from "./copying";
import { type Earlier, hiddenClone, untilShown } from "./hidden";
import { clusterOf } from "./identity";
import { marked, markFor, markOf, nameFor } from "./marks";
import type { CloneModel, VolumeModel } from "./models";
import { byMark, makerOf } from "./once";
import { untilTaken } from "./ready";
import { isInvalidParameter, isNotReady, isOverLimit, isSnapshotLimit } from "./refusal";
import { cloneJobOf, cloneJobs, createSlots, type Slot } from "./slots";
import { type Source, usableSource } from "./source";
import { describeVolume, isActive, isDeleted } from "./volumes";

/** What a clone is made of; what can be changed later is here too where CloneVolume takes it. */
export interface CloneOrder {
  volumeID: number;
  snapshotID?: number | undefined;
  trigger?: unknown;
  name?: string | undefined;
  access?: string | undefined;
  attributes?: Record<string, unknown> | undefined;
  enable512e?: boolean | undefined;
  enableSnapMirrorReplication?: boolean | undefined;
  newAccountID?: number | undefined;
  newSize?: number | undefined;
}

/** A clone that has begun. */
export interface Begun {
  volume: VolumeModel;
  cloneID: number | undefined;
  asyncHandle: number | undefined;
  clusterUniqueID: string;
  sourceCreateTime: string | undefined;
  /** An earlier run has begun it: it may have other settings than wanted. */
  left: boolean;
  /** Others of this process have to wait until the copying is over. */
  done(): void;
}

/** How clones are begun on a cluster: each once, and no more at a time than it takes. */
export type Cloning = (order: CloneOrder, operation: Operation) => Promise<Begun>;

interface Candidate {
  id: string;
  createdAt?: string | undefined;
  volume: VolumeModel;
}
/** `copied` tells that it is no older than this run as far as its age decides anything: it was copied meanwhile. */
const candidateOf = (volume: VolumeModel, copied = false): Candidate => ({
  id: String(volume.volumeID),
  // What is still copying was interrupted, however long ago it was begun.
  createdAt: copied || !isActive(volume) ? undefined : volume.createTime,
  volume,
});

/** How long a volume that is new may refuse a clone oddly, in milliseconds. Clients in production wait for up to 30 s. */
const SETTLING_MS = 60_000;
/** How old a volume may be, in milliseconds, that counts as new: a copying of many hours may have ended only now. */
const NEW_MS = 24 * 3_600_000;

export function createCloning(element: Element): Cloning {
  const slots = createSlots(element);
  const begun = new Map<number, number | undefined>();
  const earlier = remembered(() => volumesOfBefore(element));
  const list = {
    recent: async (maxAgeMs: number) => (await element.volumes.recent(maxAgeMs)).map((one) => candidateOf(one)),
  };

  return async (order, operation) => {
    const clusterUniqueID = await clusterOf(element);
    const source = await usableSource(element, order);
    const clone = newClone(order, source, clusterUniqueID, operation);
    const mark = markOf(clone.attributes)?.mark;
    const accountID = clone.newAccountID ?? source.volume.accountID;
    const isLike = ({ volume }: Candidate): boolean =>
      markOf(volume.attributes)?.mark === mark &&
      !isDeleted(volume) &&
      volume.name === clone.name &&
      volume.accountID === accountID &&
      (order.newSize === undefined || volume.totalSize <= order.newSize);

    const hidden = (maxAgeMs: number, earlier?: Earlier) =>
      hiddenClone(element, { order, begun, clusterUniqueID, operation }, maxAgeMs, earlier);
    const { volumes, isWhole } = await earlier();
    const waited = await untilShown(element, order, hidden, operation);
    const isNew = ({ volumeID }: VolumeModel) => !volumes.some((one) => one.volumeID === volumeID);
    // What was still copied at that list may be complete by now, and is shown only in a new one.
    const shown = isWhole && !waited ? volumes : await element.volumes.recent(0);
    const before = shown.map((one) => candidateOf(one, isNew(one)));

    let slot: Slot | undefined;
    let sent: CloneModel | undefined;
    const make = async (): Promise<Candidate> => {
      slot ??= await slots.take(order.volumeID, operation, CLONE_LIMIT_SECONDS);
      sent = await send(element, clone, source, operation);
      slot.runs(sent.volumeID);
      begun.set(sent.volumeID, sent.asyncHandle);
      return candidateOf(sent.volume ?? expected(sent.volumeID, clone, source));
    };
    const making: Making<Candidate> = {
      ...byMark("element:VolumeClone", clusterUniqueID),
      list,
      before,
      isLike,
      hidden,
      hiddenSeconds: CLONE_LIMIT_SECONDS,
      describe: ({ volume }) => describeVolume(volume),
      wanted: `volume "${clone.name}"`,
    };
    try {
      const { object, left } = await makeOnce(makerOf(element), making, operation, make);
      const { volume } = object;
      slot?.runs(volume.volumeID);
      // The answer to the call that made it, if it is the one that was made by it.
      const isSent = sent?.volumeID === volume.volumeID;
      // They only help: for the lack of them the volume's own number is not to be lost.
      const own = (isSent ? sent : await numbersOf(element, volume.volumeID).catch(() => undefined)) ?? NO_NUMBERS;
      begun.set(volume.volumeID, own.asyncHandle);
      return {
        volume,
        cloneID: own.cloneID,
        asyncHandle: own.asyncHandle,
        clusterUniqueID,
        sourceCreateTime: source.snapshot?.createTime,
        left,
        done: () => slot?.free(),
      };
    } catch (error) {
      slot?.free();
      throw error;
    }
  };
}

/** No more than the method takes: it ignores what it does not know. */
function newClone(order: CloneOrder, { snapshot }: Source, cluster: string, operation: Operation): NewClone {
  const { volumeID, snapshotID, trigger, name, access, attributes, enable512e } = order;
  const mark = markFor(operation, cluster, { volumeID, snapshotID, name, enable512e, trigger });
  return {
    volumeID,
    snapshotID,
    name: name ?? nameFor(operation, mark, { longest: 64, signs: /[^A-Za-z0-9-]/g }),
    access,
    attributes: marked(attributes, { mark, volumeID, snapshotID }),
    enable512e,
    enableSnapMirrorReplication: order.enableSnapMirrorReplication,
    newAccountID: order.newAccountID,
    // What is left out is the volume's size or the snapshot's, nobody knows: with a snapshot it is always said.
    newSize: order.newSize ?? snapshot?.totalSize,
  };
}

/** What an answer that leaves the volume out would have told. */
const expected = (volumeID: number, clone: NewClone, { volume }: Source): VolumeModel => ({
  ...volume,
  volumeID,
  name: clone.name,
  accountID: clone.newAccountID ?? volume.accountID,
  access: clone.access ?? volume.access,
  attributes: clone.attributes,
  totalSize: clone.newSize ?? volume.totalSize,
  status: "init",
  createTime: undefined,
  iqn: undefined,
  scsiEUIDeviceID: undefined,
  scsiNAADeviceID: undefined,
  volumeUUID: undefined,
  volumeAccessGroups: [],
});

async function send(element: Element, clone: NewClone, { volume }: Source, operation: Operation): Promise<CloneModel> {
  const began = operation.now();
  const settling = () => operation.now() - began < SETTLING_MS;
  const isNew = !((await element.now()) - Date.parse(volume.createTime ?? "") > NEW_MS);
  const source = `volume ${clone.volumeID}`;
  return untilTaken(operation, () => element.cloneVolume(clone), {
    passing: (error) => {
      if (isOverLimit(error)) return "waiting for a free clone slot";
      if (isNotReady(error) || (isInvalidParameter(error) && isNew && settling()))
        return `waiting for ${source} to be ready`;
      // A clone takes a snapshot for itself.
      return isSnapshotLimit(error) && settling() ? `waiting for a free snapshot of ${source}` : undefined;
    },
    activity: "waiting for its turn to be cloned",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });
}

/**
 * The volumes that are shown before this process makes any. `isWhole`: nothing was being copied, so these are all that earlier
 * runs have begun.
 */
async function volumesOfBefore(element: Element): Promise<{ volumes: readonly VolumeModel[]; isWhole: boolean }> {
  const [jobs, handles] = await Promise.all([cloneJobs(element, 0), element.asyncHandles.recent(0)]);
  // After those: what ends between the two would be in neither.
  const volumes = await element.volumes.recent(0);
  return { volumes, isWhole: jobs.length === 0 && handles.every(({ completed }) => completed) };
}

interface Numbers {
  cloneID: number | undefined;
  asyncHandle: number | undefined;
}
const NO_NUMBERS: Numbers = { cloneID: undefined, asyncHandle: undefined };

/** What is known of a clone that an interrupted run has begun, or whose answer was lost. */
async function numbersOf(element: Element, volumeID: number): Promise<Numbers> {
  const job = await cloneJobOf(element, volumeID, 0);
  if (job?.cloneID === undefined) return NO_NUMBERS;
  const handles = await element.asyncHandles.recent(0);
  const handle = handles.find(({ data }) => data?.cloneID === job.cloneID);
  return { cloneID: job.cloneID, asyncHandle: handle?.asyncResultID };
}
