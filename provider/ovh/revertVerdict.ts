import { describeSeconds } from "../core/duration";
import type { CheckFailure } from "../core/lifecycle";
import type { AccessRuleModel, ShareModel, SnapshotModel } from "./models";
import { isPassing } from "./sendAgain";
import { LEAVING, settledShare } from "./shareStates";
import { describeSnapshot, timeOf } from "./snapshotTimes";

/** A share to be reverted and what belongs to it, as the service has them at one time. */
export interface RevertScene {
  /** `undefined` where the service has no such share. */
  share: ShareModel | undefined;
  snapshots: readonly SnapshotModel[];
  accessRules: readonly AccessRuleModel[];
}

/** What a program wants done, as far as it is known. */
export interface RevertPlan {
  serviceName: string;
  shareId: string;
  snapshotId: string;
}

export interface RevertVerdict {
  /** Why the service would refuse, where that does not pass by itself. */
  refusals: CheckFailure[];
  /** What has to end first: `share extending`. */
  busy: string[];
  /** The snapshot to revert to, where the share has it. */
  snapshot: SnapshotModel | undefined;
  /** What goes with the data: the newer snapshots that block nothing. */
  lost: SnapshotModel[];
  /** A revert to this very snapshot is under way already. Nothing is refused or awaited then. */
  running: boolean;
  /** The state of a share that is busy with something else. It is in `busy` too. */
  occupied: string | undefined;
}

/**
 * What the service would say to a revert now (OVHcloud guide "Reverting a volume from a snapshot"; what must be settled
 * first: Manila). The same for a preview and right before the call.
 */
export function judgeRevert(scene: RevertScene, { serviceName, shareId, snapshotId }: RevertPlan): RevertVerdict {
  const { share, snapshots, accessRules } = scene;
  const snapshot = snapshots.find(({ id }) => id === snapshotId);
  const verdict: RevertVerdict = { refusals: [], busy: [], snapshot, lost: [], running: false, occupied: undefined };
  if (share === undefined) {
    const reason = `is no share of service ${serviceName}. Check shareId and serviceName.`;
    return { ...verdict, refusals: [{ property: "shareId", reason }] };
  }
  const standing = stateOfShare(share);
  note(verdict, "shareId", "share", share.status, standing);
  if (standing === "busy") verdict.occupied = share.status;
  for (const rule of accessRules) {
    if (rule.status !== "active")
      note(verdict, "shareId", `access rule ${rule.accessTo}`, rule.status, stateOfRule(rule));
  }
  if (snapshot === undefined) {
    const reason = `is no snapshot of share ${shareId}. An automatic one may have been rotated away, and a held one has a new id. Check snapshotId and shareId.`;
    return { ...verdict, refusals: [...verdict.refusals, { property: "snapshotId", reason }] };
  }
  if (snapshot.type === "manual") {
    note(verdict, "snapshotId", `snapshot ${snapshot.id}`, snapshot.status, stateOfSnapshot(snapshot));
  } else {
    verdict.refusals.push({ property: "snapshotId", reason: wrongType(snapshot) });
  }
  const newer = snapshots.filter((other) => timeOf(other) > timeOf(snapshot));
  verdict.lost = newer.filter(goesWithTheData);
  if (isRunning(share, snapshot)) {
    return { ...verdict, refusals: [], busy: [], running: true, occupied: undefined };
  }
  // Held ones are manual, too. In whatever state: Manila looks at the times alone.
  const blocking = newer.filter((other) => !goesWithTheData(other));
  for (const other of blocking.filter(({ status }) => status === "deleting")) {
    verdict.busy.push(`snapshot ${other.id} deleting`);
  }
  const staying = blocking.filter(({ status }) => status !== "deleting");
  if (staying.length > 0) verdict.refusals.push({ property: "snapshotId", reason: notNewest(shareId, staying) });
  return verdict;
}

/**
 * What a preview refuses: also a share that is busy with something else. Access rules and snapshots in transit settle in
 * seconds, while what keeps a share busy may take an hour and changes what a revert loses.
 */
export function refusedBeforehand({ refusals, occupied }: RevertVerdict): CheckFailure[] {
  if (occupied === undefined) return refusals;
  const reason = `is a share in state "${occupied}", and only an available one can be reverted. Run the same command again when it is available.`;
  return [{ property: "shareId", reason }, ...refusals];
}

/** Who meets a revert that is under way. */
export const describeRunning = (shareId: string, snapshot: SnapshotModel): string =>
  `share ${shareId} is being reverted to snapshot ${describeSnapshot(snapshot)} already, most likely by a run that was interrupted: that one counts, and no second one follows.`;

/** What a revert costs, as far as it is known, as the beginning of a sentence. */
export function describeLoss(
  { shareId, snapshotId }: { shareId: string; snapshotId: string | undefined },
  verdict: RevertVerdict | undefined,
  now: number,
): string {
  const { snapshot, lost = [] } = verdict ?? {};
  if (snapshot === undefined) {
    const which = snapshotId === undefined ? "a snapshot that is not known yet" : `snapshot ${snapshotId}`;
    return `reverting share ${shareId} to ${which} loses everything written since it was taken, and all newer snapshots`;
  }
  const time = timeOf(snapshot);
  const since = Number.isNaN(time)
    ? "it was taken"
    : `${snapshot.createdAt} (${describeSeconds(Math.max(0, (now - time) / 1000))} ago)`;
  const also = lost.length === 0 ? "" : ` and the newer snapshots ${lost.map(describeSnapshot).join(", ")}`;
  return `reverting share ${shareId} to snapshot ${describeSnapshot(snapshot)} loses everything written since ${since}${also}`;
}

/** Only manual ones stand in the way of a revert. The others are lost with the data. */
const goesWithTheData = ({ type }: SnapshotModel): boolean => type === "automatic" || type === "system";

/** A state is fine, passes, or is refused for the reason given. */
type Standing = "ready" | "busy" | { reason: string };

/** Nothing but a revert to it restores a snapshot. The share's list may be a moment older, or younger. */
const isRunning = (share: ShareModel, snapshot: SnapshotModel): boolean =>
  snapshot.type === "manual" &&
  snapshot.status === "restoring" &&
  (share.status === "reverting" || share.status === "available");

function note(verdict: RevertVerdict, property: string, what: string, status: string, standing: Standing): void {
  if (standing === "busy") verdict.busy.push(`${what} ${status}`);
  else if (standing !== "ready") verdict.refusals.push({ property, reason: standing.reason });
}

function stateOfShare({ status }: ShareModel): Standing {
  if (status === "available") return "ready";
  const ends = LEAVING.has(status);
  if (!ends && settledShare({ status }) === "busy") return "busy";
  return {
    reason: `is a share in state "${status}", and only an available one can be reverted. ${ends ? "It is being deleted: take this resource out of the program." : "Look at it in the control panel, or ask OVHcloud's support with its id."}`,
  };
}

function stateOfSnapshot(snapshot: SnapshotModel): Standing {
  const { status } = snapshot;
  if (status === "available") return "ready";
  if (isPassing(snapshot)) return "busy";
  return {
    reason: `is snapshot ${describeSnapshot(snapshot)} in state "${status}", and only an available one can be reverted to. Choose another one.`,
  };
}

const stateOfRule = ({ id, accessTo, status }: AccessRuleModel): Standing =>
  status === "error"
    ? {
        reason: `is a share whose access rule ${id} (${accessTo}) is in state "error", and the service reverts none before all its rules have effect. Delete the rule, and make it again afterwards.`,
      }
    : "busy";

function wrongType(snapshot: SnapshotModel): string {
  const what = `is snapshot ${describeSnapshot(snapshot)} of type "${snapshot.type}", and only manual ones can be reverted to.`;
  return snapshot.type === "automatic"
    ? `${what} Hold it with HeldSnapshot, and set snapshotId to that resource's id, which is a new one.`
    : `${what} Choose a manual one, or hold an automatic one with HeldSnapshot.`;
}

function notNewest(shareId: string, newer: readonly SnapshotModel[]): string {
  const newest = newer.reduce((latest, other) => (timeOf(other) > timeOf(latest) ? other : latest));
  const [are, them] = newer.length === 1 ? ["is", "it"] : ["are", "them"];
  return `is not the newest manual snapshot of share ${shareId}, and only that one can be reverted to: ${newer.map(describeSnapshot).join(", ")} ${are} newer. Delete ${them} first (a revert loses what is newer anyway), or set snapshotId to ${newest.id}.`;
}
