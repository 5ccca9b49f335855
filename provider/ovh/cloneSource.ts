import { knownText } from "../core/check";
import { HoldfastError } from "../core/errors";
import { namedAnew } from "../core/facts";
import type { CheckFailure, CheckResult, Operation, Preview } from "../core/lifecycle";
import type { FileStorage } from "./client";
import { tooSmallForSource, unfitSourceStatus, unfitSourceType } from "./cloneConstraints";
import { findShare } from "./find";
import {
  type FoundSnapshot,
  findSnapshot,
  likelyShares,
  locateSnapshot,
  noSuchSnapshot,
  recordedSource,
} from "./findSnapshot";
import { isPassing, untilSettled } from "./sendAgain";
import { readSnapshot } from "./snapshots";
import { type Look, sourceFacts } from "./sourceFacts";

// What a clone is made from: looked at by check, where that can be done, and always by create.

/** How many shares a check asks at once for the snapshot: as many as the client does. */
const AT_ONCE = 8;

/** What create would see. A state that passes is for create to wait out. */
export const lookAtSource =
  (checked: CheckResult, { managed }: Preview): Look =>
  async (storage, snapshotId, maxAgeMs) => {
    const likely = likelyShares(snapshotId, knownText(checked, "shareId"), managed);
    const shareId =
      (await locateSnapshot(storage, snapshotId, likely, undefined, AT_ONCE)) ??
      (await locateSnapshot(storage, snapshotId, likely, maxAgeMs, AT_ONCE));
    const [share, snapshot] = await Promise.all([
      shareId === undefined ? undefined : findShare(storage, shareId, maxAgeMs()),
      shareId === undefined ? undefined : readSnapshot(storage, shareId, snapshotId, maxAgeMs()),
    ]);
    if (share === undefined || snapshot === undefined) {
      return { failure: { property: "snapshotId", reason: noSuchSnapshot(storage, snapshotId) } };
    }
    const reason = unfitSourceType(snapshot) ?? (isPassing(snapshot) ? undefined : unfitSourceStatus(snapshot));
    return {
      facts: sourceFacts(snapshot, share),
      failure: reason === undefined ? undefined : { property: "snapshotId", reason },
    };
  };

/** What a resource of the program has recorded is known without asking. Later a clone may be shrunk below it. */
export function tooSmallForRecorded(checked: CheckResult, preview: Preview): CheckFailure[] {
  const { inputs, failures } = checked;
  const snapshotId = knownText(checked, "snapshotId");
  if (snapshotId === undefined || !namedAnew(preview, inputs, "snapshotId")) return [];
  const source = recordedSource(snapshotId, preview.managed);
  const size = inputs["size"];
  if (source === undefined || typeof size !== "number" || failures.some(({ property }) => property === "size"))
    return [];
  const reason = tooSmallForSource(size, source, source.shareSize);
  return reason === undefined ? [] : [{ property: "size", reason }];
}

/** The source, once the service would take it: it is busy while it is being taken, and while its share is reverted to it. */
export async function usableSource(
  storage: FileStorage,
  { snapshotId, shareId, size }: { snapshotId: string; shareId?: string | undefined; size: number },
  operation: Operation,
): Promise<FoundSnapshot> {
  let found = await findSnapshot(storage, snapshotId, shareId, operation);
  if (isPassing(found.snapshot)) {
    await untilSettled(storage, { shareId: found.shareId, snapshotId }, operation);
    found = await findSnapshot(storage, snapshotId, shareId, operation);
  }
  refuseSource(found, size);
  return found;
}

/** Refuses what the service would refuse. */
function refuseSource({ snapshot, shareSize }: FoundSnapshot, size: number): void {
  const reason =
    unfitSourceType(snapshot) ??
    unfitSourceStatus(snapshot) ??
    (shareSize === undefined ? undefined : tooSmallForSource(size, snapshot, shareSize));
  if (reason !== undefined) throw new HoldfastError(reason);
}
