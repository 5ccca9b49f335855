import { typeOf } from "../core/code";
import type { Waiting } from "../core/lifecycle";
import { member } from "../core/stackState";
import type { Found, Inventory } from "../core/system";
import type { ElementKind } from "../kinds";
import type { Element } from "./client";
import { deleteVolume } from "./deletion";
import { clusterOf } from "./identity";
import { markOf } from "./marks";
import type { SnapshotModel, VolumeModel } from "./models";
import { isActive, isDeleted } from "./volumes";

/** Volumes and snapshots are numbered each by themselves. */
export const keyOf = (kind: ElementKind, id: string): string => `${kind} ${id}`;

const KINDS: readonly ElementKind[] = ["element:VolumeClone", "element:Snapshot"];
const GIB = 1024 ** 3;

export const gibText = (bytes: number): string => `${Number((bytes / GIB).toFixed(2))} GiB`;

/** All volumes and snapshots of a cluster. */
export async function elementInventory(element: Element): Promise<Inventory> {
  const cluster = await clusterOf(element);
  const [volumes, snapshots] = await Promise.all([element.volumes.recent(0), element.snapshots.recent(0)]);
  const ahead = (await element.now()) - Date.now();
  const deleted = new Set(volumes.filter(isDeleted).map(({ volumeID }) => volumeID));
  return {
    objects: [
      ...volumes.map((volume) => volumeFound(element, volume, cluster, ahead)),
      ...snapshots.map((snapshot) => ({
        ...snapshotFound(element, snapshot, cluster, ahead),
        leaving: false,
        // It is purged with its volume, or comes back with it.
        follows: deleted.has(snapshot.volumeID),
      })),
    ],
    keyOf({ type, id, outputs }) {
      const kind = KINDS.find((one) => typeOf(one) === type);
      if (kind === undefined) return undefined;
      // Every cluster has the same numbers. One that is not told, or is secret, may be this one.
      const recorded = member(outputs, "clusterUniqueID");
      return typeof recorded !== "string" || recorded === cluster ? keyOf(kind, id) : undefined;
    },
  };
}

function volumeFound(element: Element, volume: VolumeModel, clusterUniqueID: string, ahead: number): Found {
  const { volumeID, accountID, totalSize, purgeTime, volumeUUID } = volume;
  return {
    ...factsOf("element:VolumeClone", String(volumeID), volume, ahead),
    called: String(volumeID),
    path: String(volumeID),
    status: volume.status,
    usable: isActive(volume),
    leaving: isDeleted(volume),
    size: gibText(totalSize),
    details: { clusterUniqueID, accountID, totalSize, purgeTime },
    rank: 1,
    afterwards: "until it is purged, 8 hours later, it can be restored, and takes its space",
    remove: (operation: Waiting, { purge }) => deleteVolume(element, { volumeID, volumeUUID, purge }, operation),
  };
}

function snapshotFound(element: Element, snapshot: SnapshotModel, clusterUniqueID: string, ahead: number) {
  const { snapshotID, volumeID, status = "", totalSize, expirationTime } = snapshot;
  const path = `${volumeID}/${snapshotID}`;
  return {
    ...factsOf("element:Snapshot", String(snapshotID), snapshot, ahead),
    called: path,
    path,
    holds: keyOf("element:VolumeClone", String(volumeID)),
    status,
    usable: status === "" || status.toLowerCase() === "done",
    details: { clusterUniqueID, volumeID, totalSize, expirationTime },
    rank: 0,
    remove: () => element.deleteSnapshot(snapshotID),
  };
}

function factsOf(
  kind: ElementKind,
  id: string,
  { name = "", attributes, createTime }: Pick<SnapshotModel, "name" | "attributes" | "createTime">,
  ahead: number,
) {
  const mark = markOf(attributes)?.mark;
  const time = Date.parse(createTime ?? "");
  const named = mark !== undefined && name.endsWith(`-${mark}`);
  return {
    kind,
    key: keyOf(kind, id),
    id,
    options: [],
    name,
    createdAt: createTime,
    madeAt: Number.isNaN(time) ? undefined : time - ahead,
    mark,
    // Where CloneVolume is called without attributes, as by hand, the copy gets those of its source.
    doubt:
      mark === undefined || named || kind !== "element:VolumeClone"
        ? undefined
        : "Its attributes carry the mark, and its name does not: it may be a copy that somebody made of a clone of yours, with its attributes.",
    phase: 0,
  };
}
