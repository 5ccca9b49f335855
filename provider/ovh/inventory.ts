import type { Waiting } from "../core/lifecycle";
import type { Found, Inventory } from "../core/system";
import type { ResourceKind } from "../kinds";
import type { FileStorage } from "./client";
import { listedIn } from "./find";
import { markOf, type Worded } from "./marks";
import { deletePolicy } from "./policyDeletion";
import { deleteShare } from "./shareDeletion";
import { LEAVING } from "./shareStates";
import { deleteSnapshot } from "./snapshots";

interface Listed extends Worded {
  id: string;
  status: string;
  createdAt?: string | null | undefined;
}

/** What hangs on another one goes first. */
const RANKS: readonly ResourceKind[] = ["ovh:ShareClone", "ovh:Snapshot", "ovh:Share", "ovh:SnapshotPolicy"];

/** How many shares are asked for their snapshots at a time. */
const ASKED_AT_A_TIME = 4;

/** Of a path, as other providers write ids and as objects are imported, the last part is the object's own. */
export const ownId = (path: string): string => path.toLowerCase().split("/").at(-1) ?? "";

/** All shares, snapshots and policies of these services. */
export async function ovhInventory(storages: readonly FileStorage[]): Promise<Inventory> {
  const objects: Found[] = [];
  for (const storage of storages) objects.push(...(await findObjects(storage)));
  // A UUID says enough, whatever the type: other providers manage such objects, too.
  return { objects, keyOf: ({ id }) => ownId(id) };
}

/** One list of shares, one of policies, and one of snapshots for each share. */
async function findObjects(storage: FileStorage): Promise<Found[]> {
  const [shares, policies] = await Promise.all([storage.shares.recent(0), storage.policies.recent(0)]);
  const ahead = (await storage.now()) - Date.now();
  const found: Found[] = [
    ...shares.map((share) => ({
      ...factsOf(storage, share.snapshotID ? "ovh:ShareClone" : "ovh:Share", share, ahead),
      size: `${share.size} GiB`,
      details: { serviceName: storage.serviceName, size: share.size },
      remove: (operation: Waiting) => deleteShare(storage, share.id, operation),
    })),
    ...policies.map((policy) => ({
      ...factsOf(storage, "ovh:SnapshotPolicy", policy, ahead),
      // It goes when no share follows it any more.
      phase: 1,
      remove: (operation: Waiting) => deletePolicy(storage, policy.id, operation),
    })),
  ];
  for (let first = 0; first < shares.length; first += ASKED_AT_A_TIME) {
    const some = shares.slice(first, first + ASKED_AT_A_TIME).map(async ({ id: shareId }) => {
      const snapshots = await listedIn(storage, shareId, () => storage.share(shareId).snapshots.recent(0));
      // Those of policies and of OVHcloud vanish with their share, and are never ours.
      return snapshots
        .filter(({ type }) => type !== "automatic" && type !== "system")
        .map((snapshot) => ({
          ...factsOf(storage, "ovh:Snapshot", snapshot, ahead),
          path: `${storage.serviceName}/${shareId}/${snapshot.id}`,
          holds: shareId,
          details: { serviceName: storage.serviceName, shareId },
          remove: (operation: Waiting) => deleteSnapshot(storage, shareId, snapshot.id, operation),
        }));
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

function factsOf(
  { serviceName }: FileStorage,
  kind: ResourceKind,
  { id, name, description, status, createdAt }: Listed,
  ahead: number,
): Omit<Found, "remove"> {
  const mark = markOf({ name, description });
  const time = Date.parse(createdAt ?? "");
  const own = ownId(id);
  // Where the mark stands in the name it may be a word of it: the other place, a description, leaves no doubt.
  const doubtful = mark !== undefined && /^[a-z]+$/.test(mark) && markOf({ description }) === undefined;
  return {
    kind,
    key: own,
    id: own,
    called: own,
    path: `${serviceName}/${own}`,
    options: ["--service", serviceName],
    name: name ?? "",
    status,
    usable: status === "available",
    leaving: LEAVING.has(status),
    createdAt: createdAt ?? undefined,
    madeAt: Number.isNaN(time) ? undefined : time - ahead,
    mark,
    doubt: doubtful ? `Nothing but "${mark}" in its name looks like a mark: it may be a word of your own.` : undefined,
    details: { serviceName },
    phase: 0,
    rank: RANKS.indexOf(kind),
  };
}
