import type { Operation } from "../core/lifecycle";
import type { Element } from "./client";
import type { SyncJobModel } from "./models";

/** At most so many clones run at once, where GetLimits does not say it (Element API reference, GetLimits). */
const PER_VOLUME = 2;
const PER_CLUSTER = 8;
/** How old a list of jobs may be, in milliseconds: what this process has begun is counted besides. */
const JOBS_AGE_MS = 1000;

/** The turn of a clone: it keeps others of this process waiting until it is given back. */
export interface Slot {
  /** The clone that runs in it, once its number is known. */
  runs(volumeID: number): void;
  free(): void;
}

/** How many clones may run on a cluster. Beyond that a release queues them unseen, or refuses them: neither is wanted. */
export interface Slots {
  /** Waits for a turn. `limitSeconds`: where the program sets none. */
  take(source: number, operation: Pick<Operation, "wait">, limitSeconds: number): Promise<Slot>;
}

interface Held {
  source: number;
  volumeID: number | undefined;
}

export const isClone = ({ type }: SyncJobModel): boolean => type?.toLowerCase() === "clone";

/** The clones that run now, of whoever: a list at most a second old serves. */
export const cloneJobs = async (element: Element, maxAgeMs: number): Promise<SyncJobModel[]> =>
  (await element.syncJobs.recent(Math.max(maxAgeMs, JOBS_AGE_MS))).filter(isClone);

/** The clone that runs into this volume, if one does. */
export const cloneJobOf = async (
  element: Element,
  volumeID: number,
  maxAgeMs: number,
): Promise<SyncJobModel | undefined> =>
  (await cloneJobs(element, maxAgeMs)).find(({ dstVolumeID }) => dstVolumeID === volumeID);

export function createSlots(element: Element): Slots {
  const held = new Set<Held>();

  const take = (source: number, jobs: readonly SyncJobModel[], limits: Limits): Slot | undefined => {
    const unseen = [...held].filter(
      ({ volumeID }) => volumeID === undefined || !jobs.some(({ dstVolumeID }) => dstVolumeID === volumeID),
    );
    const ofSource =
      jobs.filter(({ srcVolumeID }) => srcVolumeID === source).length +
      unseen.filter((one) => one.source === source).length;
    if (ofSource >= limits.perVolume || jobs.length + unseen.length >= limits.perCluster) return undefined;
    const own: Held = { source, volumeID: undefined };
    held.add(own);
    return {
      runs: (volumeID) => {
        own.volumeID = volumeID;
      },
      free: () => void held.delete(own),
    };
  };

  return {
    async take(source, operation, limitSeconds) {
      const limits = await limitsOf(element);
      let slot: Slot | undefined;
      await operation.wait({
        read: async (maxAgeMs) => {
          const jobs = await cloneJobs(element, maxAgeMs);
          slot = take(source, jobs, limits);
          return { free: slot !== undefined, remaining: untilFirst(jobs) };
        },
        state: () => "waiting for a free clone slot",
        remaining: ({ remaining }) => remaining,
        judge: (_, { free }) => (free ? "done" : "busy"),
        absent: "tolerate",
        activity: "waiting for a free clone slot",
        limitSeconds,
      });
      return slot as Slot; // the wait has ended with one, or has thrown
    },
  };
}

/** Seconds until the first of them is over, where the cluster tells. */
function untilFirst(jobs: readonly SyncJobModel[]): number | undefined {
  const told = jobs.flatMap(({ remainingTime }) => remainingTime ?? []);
  return told.length === 0 ? undefined : Math.min(...told);
}

interface Limits {
  perVolume: number;
  perCluster: number;
}

async function limitsOf(element: Element): Promise<Limits> {
  // Who may not ask for them is told by the refusal of a clone that is too many.
  const limits = await element.limits().catch(() => ({}));
  const limit = (key: string, otherwise: number): number => {
    const value: unknown = Reflect.get(limits, key);
    return typeof value === "number" && value > 0 ? value : otherwise;
  };
  return {
    perVolume: limit("cloneJobsPerVolumeMax", PER_VOLUME),
    // One name for two meanings: the concepts say "per cluster", GetLimits "per node". The smaller one never queues.
    perCluster: limit("cloneJobsPerNodeMax", PER_CLUSTER),
  };
}
