import type { ResourceKind } from "../../kinds";
import type { FileStorage } from "../../ovh/client";
import { listedIn } from "../../ovh/find";
import { markOf, type Worded } from "../../ovh/marks";

/** An object of a kind that can carry a mark, with or without one. */
export interface Found {
  storage: FileStorage;
  kind: ResourceKind;
  id: string;
  /** The share of a snapshot. */
  shareId?: string;
  name: string;
  status: string;
  /** As the service writes it. */
  createdAt: string | undefined;
  /** The same by this machine's clock, in milliseconds since the epoch. */
  madeAt: number | undefined;
  /** GiB, of a share. */
  size?: number;
  mark: string | undefined;
  /** The mark stands in the name and may be a word of it: the other place, a description, leaves no doubt. */
  doubtful: boolean;
}

interface Listed extends Worded {
  id: string;
  status: string;
  createdAt?: string | null | undefined;
}

/** How many shares are asked for their snapshots at a time. */
const ASKED_AT_A_TIME = 4;

/** All that a service has of these kinds: one list of shares, one of policies, and one of snapshots for each share. */
export async function findObjects(storage: FileStorage): Promise<Found[]> {
  const [shares, policies] = await Promise.all([storage.shares.recent(0), storage.policies.recent(0)]);
  const ahead = (await storage.now()) - Date.now();
  const facts = (kind: ResourceKind, listed: Listed) => factsOf(storage, kind, listed, ahead);
  const found: Found[] = [
    ...shares.map((share) => ({
      ...facts(share.snapshotID ? "ovh:ShareClone" : "ovh:Share", share),
      size: share.size,
    })),
    ...policies.map((policy) => facts("ovh:SnapshotPolicy", policy)),
  ];
  for (let first = 0; first < shares.length; first += ASKED_AT_A_TIME) {
    const some = shares.slice(first, first + ASKED_AT_A_TIME).map(async ({ id: shareId }) => {
      const snapshots = await listedIn(storage, shareId, () => storage.share(shareId).snapshots.recent(0));
      // Those of policies and of OVHcloud vanish with their share, and are never ours.
      return snapshots
        .filter(({ type }) => type !== "automatic" && type !== "system")
        .map((snapshot) => ({ ...facts("ovh:Snapshot", snapshot), shareId }));
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

function factsOf(storage: FileStorage, kind: ResourceKind, listed: Listed, ahead: number): Found {
  const { id, name, description, status, createdAt } = listed;
  const mark = markOf({ name, description });
  const time = Date.parse(createdAt ?? "");
  return {
    storage,
    kind,
    id: id.toLowerCase(),
    name: name ?? "",
    status,
    createdAt: createdAt ?? undefined,
    madeAt: Number.isNaN(time) ? undefined : time - ahead,
    mark,
    doubtful: mark !== undefined && /^[a-z]+$/.test(mark) && markOf({ description }) === undefined,
  };
}
