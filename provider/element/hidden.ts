import type { Operation } from "../core/lifecycle";
import { member } from "../core/stackState";
import type { Element } from "./client";
import { CLONE_LIMIT_SECONDS } from "./copying";
import { isRecorded } from "./identity";
import { cloneJobs } from "./slots";
import type { Named } from "./source";

// A clone that is being made may not be listed, so nobody sees its mark: to clone the same source again could double it.

export interface Searching {
  order: Named;
  /** What this process has begun: volumes, with their async handles where they are known. */
  begun: ReadonlyMap<number, number | undefined>;
  clusterUniqueID: string;
  operation: Operation;
}

/** What ran and waited when somebody began to look: what is begun later is no earlier run's. */
export interface Earlier {
  jobs: ReadonlySet<number | undefined>;
  handles: ReadonlySet<number>;
  /** Some waited unseen for their turn: their jobs begin later. */
  queued: boolean;
}

const HANDLES_AGE_MS = 1000;
const openHandles = async (element: Element, maxAgeMs: number) =>
  (await element.asyncHandles.recent(Math.max(maxAgeMs, HANDLES_AGE_MS))).filter(
    ({ completed, resultType }) => !completed && resultType === "Clone",
  );

async function earlierOf(element: Element): Promise<Earlier> {
  const jobs = (await cloneJobs(element, 0)).map(({ dstVolumeID }) => dstVolumeID);
  const handles = (await openHandles(element, 0)).map(({ asyncResultID }) => asyncResultID);
  return { jobs: new Set(jobs), handles: new Set(handles), queued: handles.length > jobs.length };
}

/**
 * Whether a clone of the same source runs whose volume is not shown yet, and of which nobody knows whose it is: it may be
 * the one that an interrupted run has begun. The same goes for one that waits unseen for its turn.
 */
export async function hiddenClone(
  element: Element,
  { order, begun, clusterUniqueID, operation }: Searching,
  maxAgeMs: number,
  earlier?: Earlier,
): Promise<boolean> {
  const { adoptWithinMinutes } = element.settings();
  if (adoptWithinMinutes === 0) return false;
  const window = adoptWithinMinutes * 60;
  const managed = operation.managed("element:VolumeClone");
  const open = await openHandles(element, maxAgeMs);
  const isEarlier = (asyncResultID: number) => earlier?.handles.has(asyncResultID) ?? true;
  const mayBegin = earlier?.queued !== false && open.some(({ asyncResultID }) => isEarlier(asyncResultID));
  const running = (await cloneJobs(element, maxAgeMs)).filter(
    ({ dstVolumeID }) => earlier === undefined || mayBegin || earlier.jobs.has(dstVolumeID),
  );
  const jobs = running.filter(
    ({ dstVolumeID }) => dstVolumeID === undefined || (!begun.has(dstVolumeID) && !managed.has(String(dstVolumeID))),
  );
  const handleOf = (volumeID = 0) => begun.get(volumeID) ?? managed.get(String(volumeID))?.["asyncHandle"];
  // Each of these has one of the handles that nobody knows.
  const withoutHandle = running.filter(
    ({ dstVolumeID }) => (earlier?.jobs.has(dstVolumeID) ?? true) && handleOf(dstVolumeID) === undefined,
  ).length;
  const known = new Set([...begun.values(), ...[...managed.values()].map(({ asyncHandle }) => asyncHandle)]);
  const now = await element.now();
  const handles = open.filter(
    ({ asyncResultID, createTime }) =>
      isEarlier(asyncResultID) && !known.has(asyncResultID) && !(now - Date.parse(createTime ?? "") > window * 1000),
  );
  const like = jobs.filter(
    ({ srcVolumeID, snapshotID }) => srcVolumeID === order.volumeID && (snapshotID || undefined) === order.snapshotID,
  );
  if (like.length === 0 && handles.length <= withoutHandle) return false;
  const shown = new Set((await element.volumes.recent(maxAgeMs)).map(({ volumeID }) => volumeID));
  const state = await operation.stackState();
  const isStrange = (volumeID: number | undefined): boolean =>
    volumeID === undefined ||
    (!shown.has(volumeID) &&
      ("unreadable" in state ||
        !isRecorded(state.resources, "element:VolumeClone", String(volumeID), clusterUniqueID)));
  if (like.some(({ dstVolumeID }) => isStrange(dstVolumeID))) return true;
  const recorded = new Set(
    "unreadable" in state ? [] : state.resources.map(({ outputs }) => member(outputs, "asyncHandle")),
  );
  return handles.filter(({ asyncResultID }) => !recorded.has(asyncResultID)).length > withoutHandle;
}

/** Waits until nothing hidden can be what is to be made. Answers whether it had to. */
export async function untilShown(
  element: Element,
  { volumeID }: Named,
  hidden: (maxAgeMs: number, earlier: Earlier) => Promise<boolean>,
  operation: Operation,
): Promise<boolean> {
  const earlier = await earlierOf(element);
  const reason = `waiting for a running clone of volume ${volumeID} to show whether an interrupted run has begun it`;
  let waited = false;
  await operation.wait({
    read: async (maxAgeMs) => {
      const found = await hidden(maxAgeMs, earlier);
      waited ||= found;
      return { found };
    },
    state: ({ found }) => (found ? reason : "shown"),
    judge: (_, { found }) => (found ? "busy" : "done"),
    absent: "tolerate",
    activity: reason,
    limitSeconds: CLONE_LIMIT_SECONDS,
  });
  return waited;
}
