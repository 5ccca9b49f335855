/*
 * What a clone and its source must be to each other (OVHcloud guide "Enterprise File Storage - Cloning a volume"). Pure, so
 * that check, create and the policy pack share one reckoning and one wording.
 */

/** A snapshot as the service lists it, as a resource has recorded it, or as `source` keeps it. */
export interface SourceSnapshot {
  id: string;
  name?: string | null | undefined;
  type: string;
  status: string;
}

/**
 * What was true of a snapshot when a program began to name it by its ID. Looked up once, kept in the inputs under `source`, and
 * never taken from a program, so that a policy can rely on it.
 */
export interface SourceFacts {
  /** The ID that the program names. */
  snapshotId: string;
  /** Its name, empty where it had none. */
  name: string;
  /** `manual`, `automatic` or `system`. */
  type: string;
  /** The service's word for its state. */
  status: string;
  /** The time of the data, RFC 3339. */
  createdAt?: string | undefined;
  /** The share that the snapshot belongs to. */
  shareId: string;
  /** That share's size in GiB at the time of the look-up; what a clone needs at least is the size at the time of the snapshot. */
  presentShareSizeGiB: number;
}

/** What names a snapshot in a message. A policy leaves the ID out: it can't tell whether the program keeps it secret. */
type Named = Partial<Pick<SourceSnapshot, "id">> & Pick<SourceSnapshot, "name">;

const describe = ({ id, name }: Named): string =>
  id === undefined ? `snapshot "${name ?? ""}"` : `snapshot ${id} ("${name ?? ""}")`;

/** Why a snapshot of this type can't be cloned, with the way out; `undefined` when it can. */
export function unfitSourceType(snapshot: Named & Pick<SourceSnapshot, "type">): string | undefined {
  if (snapshot.type === "manual") return undefined;
  if (snapshot.type === "automatic") {
    return `${describe(snapshot)} is "automatic", and only manual snapshots can be cloned. Hold it first with HeldSnapshot.`;
  }
  return `${describe(snapshot)} is "${snapshot.type}", made by OVHcloud itself, and can't be cloned. Take a Snapshot, or hold an automatic one with HeldSnapshot.`;
}

/** Why a snapshot in this state can't be cloned. One that is still changing may come to be `available`: that is for the caller. */
export function unfitSourceStatus(snapshot: SourceSnapshot): string | undefined {
  if (snapshot.status === "available") return undefined;
  return `${describe(snapshot)} is in state "${snapshot.status}" and can't be cloned. Choose another one.`;
}

/** Whether a clone has room for a snapshot whose share had `shareSize` GiB when it was made. */
export const coversSource = (size: number, shareSize: number): boolean => size >= shareSize;

/** Why a clone of this size can't take the snapshot, whose share had `shareSize` GiB when it was made. */
export function tooSmallForSource(
  size: number,
  snapshot: Pick<SourceSnapshot, "id" | "name">,
  shareSize: number,
): string | undefined {
  if (coversSource(size, shareSize)) return undefined;
  return `size is ${size} GiB, but ${describe(snapshot)} needs ${shareSize} GiB, the size of its share when it was made. Set size to at least ${shareSize}.`;
}
