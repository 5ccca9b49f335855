import { createHash, randomUUID } from "node:crypto";
import { refuse } from "../../simulator/refusal";
import { findService, findShare, isVisible, requireAvailable, snapshotsOf } from "./lookup";
import { begin } from "./progress";
import type { ServiceRecord, ShareRecord, SnapshotRecord } from "./records";
import type { World } from "./world";

/** What a new share is made from. */
export interface NewShare {
  name: string | null;
  description: string | null;
  /** GiB. */
  size: number;
  /** Id of the snapshot to clone; empty for an empty share. */
  snapshotId: string;
  mountPointName: string | null;
}

/** Smallest share in GiB (OVHcloud guide: concepts). */
const SMALLEST_SHARE = 100;

const sharesOf = (world: World, serviceId: string): ShareRecord[] =>
  [...world.state.shares.values()].filter((share) => share.serviceId === serviceId);

/** The quota that is left, in GiB. A share counts with its nominal size, during an extension with the larger one, until it is gone. */
export function freeQuota(world: World, service: ServiceRecord): number {
  return sharesOf(world, service.id).reduce(
    (free, share) => free - Math.max(share.size, share.progress?.end.size ?? 0),
    service.quota,
  );
}

const requireSize = (world: World, size: number): void => {
  if (size < SMALLEST_SHARE) throw refuse(400, `Size ${size} is below the minimum of ${SMALLEST_SHARE} GiB`);
  const { largestShareGiB, refusals } = world.settings;
  if (size > largestShareGiB) {
    throw refuse(refusals.limit, `Size ${size} is above the maximum of ${largestShareGiB} GiB`);
  }
};

/** Refuses when the quota has no room for so many GiB more. */
export function requireQuota(world: World, service: ServiceRecord, more: number): void {
  const free = freeQuota(world, service);
  if (more > 0 && more > free) {
    const message = `Quota exceeded: ${more} GiB requested, ${free} GiB of the service's quota of ${service.quota} GiB are free`;
    throw refuse(world.settings.refusals.quota, message);
  }
}

/** Refuses while the private network is not configured (OVHcloud guide: network configuration; the code is unconfirmed). */
export function requireNetwork(world: World, service: ServiceRecord): void {
  if (service.network.status !== "associated") {
    const message = `The network of service ${service.id} is ${service.network.status}; configure it first`;
    throw refuse(world.settings.refusals.network, message);
  }
}

const requireRoom = (world: World, service: ServiceRecord): void => {
  const most = world.settings.sharesPerTiB * Math.floor(service.quota / 1024);
  if (sharesOf(world, service.id).length >= most) {
    throw refuse(world.settings.refusals.limit, `Service ${service.id} has its ${most} shares`);
  }
};

/** The snapshot of a clone, looked up within the service: the body names no parent share. */
const cloneSource = (world: World, service: ServiceRecord, { snapshotId, size }: NewShare): SnapshotRecord => {
  const { refusals } = world.settings;
  const snapshot = world.state.snapshots.get(snapshotId);
  const parent = snapshot && world.state.shares.get(snapshot.shareId);
  // ids of other services are unknown here (unconfirmed; our assumption)
  if (!snapshot || parent?.serviceId !== service.id || !isVisible(world, snapshot)) {
    throw refuse(404, `Snapshot ${snapshotId} does not exist`);
  }
  if (snapshot.type !== "manual") {
    const message = `Snapshot ${snapshotId} is ${snapshot.type}; a share can only be created from a manual one`;
    throw refuse(refusals.cloneNotManual, message);
  }
  if (snapshot.status !== "available") {
    throw refuse(refusals.cloneNotAvailable, `Snapshot ${snapshotId} is ${snapshot.status}, not available`);
  }
  if (size < snapshot.size) {
    throw refuse(refusals.cloneTooSmall, `Size ${size} is below the snapshot's ${snapshot.size} GiB`);
  }
  return snapshot;
};

const requireMountPoint = (world: World, service: ServiceRecord, name: string | null): void => {
  if (name === null) return;
  // charset and uniqueness are unconfirmed, our assumption
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    throw refuse(400, `mountPointName "${name}" may only have letters, digits, underscores and hyphens`);
  }
  if (sharesOf(world, service.id).some((share) => share.mountPointName === name)) {
    throw refuse(world.settings.refusals.duplicateMountPoint, `mountPointName "${name}" is in use`);
  }
};

/** Two addresses of the service's subnet, the same for all its shares. */
const addressesOf = (service: ServiceRecord): [string, string] => {
  const digest = createHash("sha1").update(service.id).digest();
  const subnet = `10.${digest.readUInt8(0)}.${digest.readUInt8(1)}`;
  return [`${subnet}.11`, `${subnet}.12`];
};

/** A new share, empty or filled from a snapshot. */
export function createShare(world: World, serviceId: string, input: NewShare): ShareRecord {
  const service = findService(world, serviceId);
  requireNetwork(world, service);
  requireSize(world, input.size);
  requireMountPoint(world, service, input.mountPointName);
  const source = input.snapshotId === "" ? undefined : cloneSource(world, service, input);
  requireQuota(world, service, input.size);
  requireRoom(world, service);
  const id = randomUUID();
  const junction = input.mountPointName ?? `share_${id.replaceAll("-", "")}`;
  const [preferred, second] = addressesOf(service);
  const policies = [...world.state.policies.values()].filter((policy) => policy.serviceId === service.id);
  const { formatAccessPath, cloneMsPerTiB } = world.settings;
  const share: ShareRecord = {
    id,
    serviceId,
    name: input.name,
    description: input.description,
    size: input.size,
    usedGiB: source?.usedGiB ?? 0,
    snapshotId: input.snapshotId,
    sourceShareId: source?.shareId ?? "",
    mountPointName: input.mountPointName,
    createdAt: world.now(),
    readyAt: null,
    accessPaths: [
      { id: randomUUID(), path: formatAccessPath(preferred, junction), preferred: true },
      { id: randomUUID(), path: formatAccessPath(second, junction), preferred: false },
    ],
    rules: [],
    // a clone starts with the defaults, not with its parent's (unconfirmed; our assumption)
    policy: { id: policies.find((policy) => policy.isDefault)?.id ?? "", status: "active", progress: null },
    reserve: { percent: 5, status: "active", progress: null },
    files: source?.files ?? {},
    scheduledUntil: world.now(),
    status: "creating",
    progress: null,
  };
  begin(world, source ? "cloneShare" : "createShare", share, {
    through: [source ? "creating_from_snapshot" : "creating"],
    success: { status: "available" },
    failure: { status: "error" },
    unchanged: { status: "available" },
    extraMs: source ? (cloneMsPerTiB * input.size) / 1024 : 0,
  });
  world.state.shares.set(id, share);
  world.commit();
  return share;
}

/** Changes name and description; `undefined` leaves as it is, an empty text clears. */
export function updateShare(
  world: World,
  share: ShareRecord,
  change: { name: string | undefined; description: string | undefined },
): void {
  share.name = change.name ?? share.name;
  share.description = change.description ?? share.description;
  world.commit();
}

/** Makes a share larger. `size` is the target in GiB, not the difference. */
export function extendShare(world: World, serviceId: string, shareId: string, size: number): void {
  const share = findShare(world, serviceId, shareId);
  requireAvailable(world, share, "extend");
  if (size <= share.size) {
    const message = `New size ${size} must be larger than the current ${share.size} GiB`;
    throw refuse(world.settings.refusals.wrongDirection, message);
  }
  requireSize(world, size);
  requireQuota(world, findService(world, serviceId), size - share.size);
  begin(world, "extendShare", share, {
    through: ["extending"],
    success: { status: "available", size },
    failure: { status: "extending_error" },
    unchanged: { status: "available" },
  });
  world.commit();
}

/**
 * Makes a share smaller. `size` is the target in GiB. Below the used space it keeps its size: it ends in
 * shrinking_possible_data_loss_error, from where a size that fits is accepted, or as the switch `shrinkBelowUsed` says (Manila).
 */
export function shrinkShare(world: World, serviceId: string, shareId: string, size: number): void {
  const share = findShare(world, serviceId, shareId);
  if (share.status !== "shrinking_possible_data_loss_error") requireAvailable(world, share, "shrink");
  requireSize(world, size);
  if (size >= share.size) {
    const message = `New size ${size} must be smaller than the current ${share.size} GiB`;
    throw refuse(world.settings.refusals.wrongDirection, message);
  }
  const tooSmall = { status: world.settings.shrinkBelowUsed };
  begin(world, "shrinkShare", share, {
    through: ["shrinking"],
    success: size < share.usedGiB ? tooSmall : { status: "available", size },
    failure: { status: "shrinking_error" },
    unchanged: { status: "available" },
  });
  world.commit();
}

/** Starts the deletion of a share. Manual snapshots forbid it in any state, also while they are being deleted (Manila). */
export function deleteShare(world: World, serviceId: string, shareId: string): void {
  const share = findShare(world, serviceId, shareId);
  const { refusals, showDeleted, clonesBlockParent } = world.settings;
  if (!["available", "error", "inactive"].includes(share.status)) {
    throw refuse(refusals.shareDeletion, `Share ${shareId} is ${share.status} and cannot be deleted now`);
  }
  const manual = snapshotsOf(world, shareId).filter((snapshot) => snapshot.type === "manual");
  if (manual.length > 0) {
    const message = `Share ${shareId} has ${manual.length} manual snapshot${manual.length === 1 ? "" : "s"}; delete them first`;
    throw refuse(refusals.shareDeletion, message);
  }
  const hasClones = sharesOf(world, serviceId).some((other) => other.sourceShareId === shareId);
  const failure = { status: "error_deleting" };
  begin(world, "deleteShare", share, {
    through: showDeleted ? ["deleting", "deleted"] : ["deleting"],
    success: clonesBlockParent && hasClones ? failure : { gone: true },
    failure,
    unchanged: { status: "available" },
  });
  world.commit();
}
