import { describeSeconds } from "../core/duration";
import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import { sentence } from "../core/once";
import type { Element } from "./client";
import type { SyncJobModel, VolumeModel } from "./models";
import { cloneJobOf } from "./slots";
import { describeVolume, findVolume, isDeleted } from "./volumes";

/** A clone that is being made, as far as it is known. */
export interface Copying {
  volumeID: number;
  /** Not known of one that an interrupted run has begun. */
  asyncHandle: number | undefined;
}

interface Progress {
  status: string;
  failure?: string | undefined;
  job?: SyncJobModel | undefined;
}

/** How long each wait of a creation may take, for its turn as for the copying, where the program sets no limit: 4 hours. */
export const CLONE_LIMIT_SECONDS = 4 * 3600;

/**
 * Waits until the copying is over. Its result tells; where the cluster does not know that any more, or not yet, the volume's
 * own state does. A failure is a result that is complete and has an error: there is no word for it.
 */
export async function untilCopied(
  element: Element,
  { volumeID, asyncHandle }: Copying,
  operation: Operation,
): Promise<VolumeModel> {
  const id = `volume ${volumeID}`;
  const jobOf = (maxAgeMs: number) => cloneJobOf(element, volumeID, maxAgeMs);
  const progressOf = async (maxAgeMs: number): Promise<Progress | undefined> => {
    const result = asyncHandle === undefined ? undefined : await element.asyncResult(asyncHandle);
    if (result !== undefined) {
      const { error } = result;
      // The volume in a result may be the source: it tells nothing here.
      const failure = error && `${error.name ?? "an error"}${error.message ? `: ${error.message}` : ""}`;
      const over = result.status.toLowerCase() === "complete";
      return { status: result.status, failure, job: over ? undefined : await jobOf(maxAgeMs) };
    }
    const volume = await findVolume(element, volumeID, maxAgeMs);
    if (volume !== undefined) return { status: volume.status, job: await jobOf(maxAgeMs) };
    const job = await jobOf(maxAgeMs);
    if (job === undefined && element.tellsOfClone(asyncHandle)) return undefined;
    return { status: "init", job };
  };
  await operation.wait({
    read: progressOf,
    state: ({ status, failure }) => (failure === undefined ? status : "failed"),
    progress: ({ status, job }) => (job === undefined ? { step: status, text: status } : described(job)),
    remaining: ({ job }) => job?.remainingTime,
    judge: (_, { status, failure }) => {
      if (failure !== undefined) {
        return new TerminalStateError(
          `${sentence(`${id} could not be copied: ${failure}`)} The next pulumi up takes away what there is, and clones again.`,
          "failed",
        );
      }
      switch (status.toLowerCase()) {
        case "complete":
        case "active":
          return "done";
        case "deleted":
          return gone(id);
        default:
          return "busy";
      }
    },
    absent: "tolerate",
    activity: "cloning",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });
  return untilActive(element, volumeID, operation);
}

/** A clone may be complete a moment before the lists have it. */
async function untilActive(element: Element, volumeID: number, operation: Operation): Promise<VolumeModel> {
  const volume = await operation.wait({
    read: (maxAgeMs) => findVolume(element, volumeID, maxAgeMs),
    state: ({ status }) => status,
    judge: (state, found) => {
      if (isDeleted(found)) return gone(describeVolume(found));
      return state.toLowerCase() === "active" ? "done" : "busy";
    },
    absent: "tolerate",
    activity: "waiting for its volume",
    limitSeconds: CLONE_LIMIT_SECONDS,
  });
  return volume as VolumeModel; // absent is no end of this wait
}

const gone = (what: string) =>
  new HoldfastError(
    `${what} was deleted while it was being made. Run pulumi refresh, then pulumi up makes a new one; for 8 hours it can be restored in the cluster's user interface.`,
  );

/** Per cent between two lines of a log. */
const STEP = 5;

/** `cloning, 42 %, about 3 min left` */
function described({ percentComplete, remainingTime, stage }: SyncJobModel): { step: string; text: string } {
  const step = [
    "cloning",
    stage === "whole" ? undefined : stage,
    percentComplete && Math.floor(percentComplete / STEP),
  ];
  const parts = ["cloning"];
  if (stage !== undefined && stage !== "whole") parts.push(stage);
  if (percentComplete !== undefined) parts.push(`${Math.floor(percentComplete)} %`);
  if (remainingTime !== undefined && remainingTime > 0) parts.push(`about ${describeSeconds(remainingTime)} left`);
  return { step: step.join(), text: parts.join(", ") };
}
