import { randomUUID } from "node:crypto";
import { refuse } from "../../simulator/refusal";
import { findService, findShare, findSnapshot, isVisible, requireAvailable, snapshotsOf } from "./lookup";
import { begin } from "./progress";
import type { SnapshotRecord } from "./records";
import { requireQuota } from "./shares";
import type { World } from "./world";

const manualSnapshots = (world: World, serviceId: string): number =>
  [...world.state.snapshots.values()].filter(
    ({ type, shareId }) => type === "manual" && world.state.shares.get(shareId)?.serviceId === serviceId,
  ).length;

const requireManualRoom = (world: World, serviceId: string): void => {
  const most = world.settings.manualSnapshotsPerService;
  if (manualSnapshots(world, serviceId) >= most) {
    throw refuse(world.settings.refusals.limit, `Service ${serviceId} has its ${most} manual snapshots`);
  }
};

/** The snapshots of a share that the API shows. */
export const listSnapshots = (world: World, serviceId: string, shareId: string): SnapshotRecord[] =>
  snapshotsOf(world, findShare(world, serviceId, shareId).id).filter((snapshot) => isVisible(world, snapshot));

/** A new manual snapshot. Two may have the same name (unconfirmed; our assumption). */
export function createSnapshot(
  world: World,
  serviceId: string,
  shareId: string,
  input: { name: string | null; description: string | null },
): SnapshotRecord {
  const share = findShare(world, serviceId, shareId);
  requireAvailable(world, share, "snapshot");
  const { snapshotsPerShare, refusals } = world.settings;
  if (listSnapshots(world, serviceId, shareId).length >= snapshotsPerShare) {
    throw refuse(refusals.limit, `Share ${shareId} has its ${snapshotsPerShare} snapshots`);
  }
  requireManualRoom(world, serviceId);
  const id = randomUUID();
  const snapshot: SnapshotRecord = {
    id,
    shareId,
    name: input.name,
    description: input.description,
    type: "manual",
    createdAt: world.now(),
    path: `/.snapshot/share_snapshot_${id.replaceAll("-", "_")}`,
    size: share.size,
    usedGiB: share.usedGiB,
    files: share.files,
    rule: "",
    heldAs: null,
    heldFrom: "",
    status: "creating",
    progress: null,
  };
  begin(world, "createSnapshot", snapshot, {
    through: ["creating"],
    success: { status: "available" },
    failure: { status: "error" },
    unchanged: { status: "available" },
  });
  world.state.snapshots.set(id, snapshot);
  world.commit();
  return snapshot;
}

/** Changes name and description of a manual snapshot. The panel offers it for no other type (the refusal is our assumption). */
export function updateSnapshot(
  world: World,
  snapshot: SnapshotRecord,
  change: { name: string | undefined; description: string | undefined },
): void {
  if (snapshot.type !== "manual") {
    const message = `Snapshot ${snapshot.id} is ${snapshot.type} and cannot be changed`;
    throw refuse(world.settings.refusals.snapshotEdit, message);
  }
  snapshot.name = change.name ?? snapshot.name;
  snapshot.description = change.description ?? snapshot.description;
  world.commit();
}

/** Starts the deletion of a snapshot. */
export function deleteSnapshot(world: World, serviceId: string, shareId: string, snapshotId: string): void {
  const snapshot = findSnapshot(world, serviceId, shareId, snapshotId);
  const { refusals, manageErrorDeletable, clonedSnapshotDeletable } = world.settings;
  if (snapshot.type === "system") {
    throw refuse(refusals.snapshotDeletion, `Snapshot ${snapshotId} belongs to OVHcloud and cannot be deleted`);
  }
  const deletable = ["available", "error", ...(manageErrorDeletable ? ["manage_error"] : [])];
  if (!deletable.includes(snapshot.status)) {
    throw refuse(refusals.snapshotDeletion, `Snapshot ${snapshotId} is ${snapshot.status} and cannot be deleted now`);
  }
  const clones = [...world.state.shares.values()].filter((share) => share.snapshotId === snapshotId);
  if (!clonedSnapshotDeletable && clones.length > 0) {
    throw refuse(refusals.snapshotDeletion, `Snapshot ${snapshotId} has clones: ${clones.map(({ id }) => id).join()}`);
  }
  begin(world, "deleteSnapshot", snapshot, {
    through: ["deleting"],
    success: { gone: true },
    failure: { status: "error_deleting" },
    unchanged: { status: "available" },
  });
  world.commit();
}

/**
 * Turns an automatic snapshot into a manual one: a new record with the same name, time and path (OVHcloud guide: hold an
 * automatic snapshot). Its size is the share's size now (Manila: manage existing snapshot).
 */
export function holdSnapshot(world: World, serviceId: string, shareId: string, snapshotId: string): SnapshotRecord {
  const { refusals } = world.settings;
  const known = world.state.snapshots.get(snapshotId);
  const wasHeld = !known && [...world.state.snapshots.values()].some(({ heldFrom }) => heldFrom === snapshotId);
  if (wasHeld || (known && known.heldAs !== null)) {
    throw refuse(refusals.holdTwice, `Snapshot ${snapshotId} does not exist any more: it was held`);
  }
  const source = findSnapshot(world, serviceId, shareId, snapshotId);
  if (source.type !== "automatic") {
    throw refuse(
      refusals.holdNotAutomatic,
      `Snapshot ${snapshotId} is ${source.type}; only automatic ones can be held`,
    );
  }
  if (source.status !== "available") {
    throw refuse(refusals.holdNotAutomatic, `Snapshot ${snapshotId} is ${source.status}, not available`);
  }
  const share = findShare(world, serviceId, shareId);
  requireAvailable(world, share, "hold");
  requireManualRoom(world, serviceId);
  const held: SnapshotRecord = {
    ...source,
    id: randomUUID(),
    type: "manual",
    description: null,
    size: share.size,
    rule: "",
    heldAs: null,
    heldFrom: source.id,
    status: "manage_starting",
    progress: null,
  };
  begin(world, "holdSnapshot", held, {
    through: ["manage_starting"],
    success: { status: "available", removeSnapshots: [source.id] },
    failure: { status: "manage_error" },
    unchanged: { status: "manage_error" },
  });
  source.heldAs = held.id;
  world.state.snapshots.set(held.id, held);
  world.commit();
  return held;
}

/** Whether a snapshot came after another one; of two made in the same millisecond, the one that was made later. */
const isNewer = (world: World, one: SnapshotRecord, other: SnapshotRecord): boolean => {
  if (one.createdAt !== other.createdAt) return one.createdAt > other.createdAt;
  const ids = [...world.state.snapshots.keys()];
  return ids.indexOf(one.id) > ids.indexOf(other.id);
};

const RULE_SETTLED = ["active", "error"];

/**
 * Rolls a share back to its latest manual snapshot (OVHcloud guide: revert). Newer snapshots of other types are lost with the data,
 * and the size becomes the snapshot's, for which the quota must have room (Manila).
 */
export function revertShare(world: World, serviceId: string, shareId: string, snapshotId: string): void {
  const { refusals } = world.settings;
  const share = findShare(world, serviceId, shareId);
  const snapshot = world.state.snapshots.get(snapshotId);
  const owner = snapshot && world.state.shares.get(snapshot.shareId);
  if (!snapshot || owner?.serviceId !== serviceId || !isVisible(world, snapshot)) {
    throw refuse(404, `Snapshot ${snapshotId} does not exist`);
  }
  if (snapshot.shareId !== shareId) {
    throw refuse(refusals.revertForeign, `Snapshot ${snapshotId} belongs to another share`);
  }
  requireAvailable(world, share, "revert");
  if (snapshot.type !== "manual") {
    throw refuse(refusals.revert, `Snapshot ${snapshotId} is ${snapshot.type}; only manual ones can be reverted to`);
  }
  if (snapshot.status !== "available") throw refuse(refusals.revert, `Snapshot ${snapshotId} is ${snapshot.status}`);
  if (share.rules.some((rule) => !RULE_SETTLED.includes(rule.status))) {
    throw refuse(refusals.revert, `Access rules of share ${shareId} are still being applied`);
  }
  const newer = snapshotsOf(world, shareId).filter((other) => isNewer(world, other, snapshot));
  const newerManual = newer.filter((other) => other.type === "manual").map((other) => other.id);
  if (newerManual.length > 0) {
    const message = `Snapshot ${snapshotId} is not the latest one of share ${shareId}; newer ones: ${newerManual.join(", ")}`;
    throw refuse(refusals.revert, message);
  }
  requireQuota(world, findService(world, serviceId), snapshot.size - share.size);
  begin(world, "revertShare", share, {
    through: ["reverting"],
    success: {
      status: "available",
      size: snapshot.size,
      files: snapshot.files,
      usedGiB: snapshot.usedGiB,
      removeSnapshots: newer.map((other) => other.id),
    },
    failure: { status: "reverting_error" },
    unchanged: { status: "available" },
  });
  snapshot.status = "restoring";
  // as long as its share: see `settle`
  const phases = [{ status: "restoring", ms: null, reads: 0 }];
  snapshot.progress = { phases, since: world.now(), end: { status: "available" } };
  world.commit();
}
