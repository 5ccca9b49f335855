import { refuse } from "../../simulator/refusal";
import type { NetworkRecord, PolicyRecord, ServiceRecord, ShareRecord, SnapshotRecord } from "./records";
import type { World } from "./world";

/** All snapshot records of a share, hidden ones too, oldest first. */
export const snapshotsOf = (world: World, shareId: string): SnapshotRecord[] =>
  [...world.state.snapshots.values()].filter((snapshot) => snapshot.shareId === shareId);

/** Whether the API shows a snapshot: the source of a hold disappears while the hold is under way (unconfirmed; our assumption). */
export const isVisible = (world: World, snapshot: SnapshotRecord): boolean =>
  snapshot.heldAs === null || world.settings.heldSource === "listed";

/** The service with an id, or 404. */
export function findService(world: World, id: string): ServiceRecord {
  const service = world.state.services.get(id);
  if (!service) throw refuse(404, `Service ${id} does not exist`);
  return service;
}

/** A network of a service, or 404. */
export function findNetwork(world: World, serviceId: string, id: string): NetworkRecord {
  const { network } = findService(world, serviceId);
  if (network.id !== id) throw refuse(404, `Network ${id} does not exist`);
  return network;
}

/** A share of a service, or 404. */
export function findShare(world: World, serviceId: string, id: string): ShareRecord {
  const share = world.state.shares.get(id);
  if (share?.serviceId !== findService(world, serviceId).id) throw refuse(404, `Share ${id} does not exist`);
  return share;
}

/** A visible snapshot of a share, or 404. */
export function findSnapshot(world: World, serviceId: string, shareId: string, id: string): SnapshotRecord {
  const share = findShare(world, serviceId, shareId);
  const snapshot = world.state.snapshots.get(id);
  if (snapshot?.shareId !== share.id || !isVisible(world, snapshot)) {
    throw refuse(404, `Snapshot ${id} does not exist on share ${shareId}`);
  }
  return snapshot;
}

/** A snapshot policy of a service, or 404. */
export function findPolicy(world: World, serviceId: string, id: string): PolicyRecord {
  const policy = world.state.policies.get(id);
  if (policy?.serviceId !== findService(world, serviceId).id) throw refuse(404, `Snapshot policy ${id} does not exist`);
  return policy;
}

/** Refuses unless the share is available (Manila; the service's own code is unconfirmed). */
export function requireAvailable(world: World, share: ShareRecord, what: string): void {
  if (share.status !== "available") {
    throw refuse(
      world.settings.refusals.shareBusy,
      `${what} needs share ${share.id} to be available; it is ${share.status}`,
    );
  }
}
