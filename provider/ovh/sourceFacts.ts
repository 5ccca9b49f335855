import { knownText } from "../core/check";
import { FACTS, namedAnew, withRecordedFacts } from "../core/facts";
import type { CheckFailure, CheckResult, Preview } from "../core/lifecycle";
import type { FileStorage } from "./client";
import type { SourceFacts } from "./cloneConstraints";
import type { ShareModel, SnapshotModel } from "./models";
import { within } from "./patience";

/** What a service says of a snapshot that a program names. */
export interface Sight {
  facts?: SourceFacts | undefined;
  /** What create would refuse. */
  failure?: CheckFailure | undefined;
}

/** Looks at a snapshot. `maxAgeMs` is how old a list may be; any of this process will do where it is undefined. */
export type Look = (storage: FileStorage, snapshotId: string, maxAgeMs: () => number | undefined) => Promise<Sight>;

/**
 * Adds what the service says of the snapshot that the inputs name, where they name it anew, and refuses what create would
 * refuse. Recorded facts stay as they are. What this process has just made is left to create: no preview has known its ID,
 * and what it is like is recorded beside it.
 * @param look `undefined` where too little is known
 */
export async function withSource(
  storageOf: (serviceName: string) => FileStorage,
  checked: CheckResult,
  preview: Preview,
  look: Look | undefined,
): Promise<CheckResult> {
  const [serviceName, snapshotId] = [knownText(checked, "serviceName"), knownText(checked, "snapshotId")];
  if (snapshotId === undefined) return checked;
  if (!namedAnew(preview, checked.inputs, "snapshotId")) {
    return { ...checked, inputs: withRecordedFacts(preview, checked.inputs, "snapshotId") };
  }
  const isNew = preview.isNew("ovh:Snapshot", snapshotId) || preview.isNew("ovh:HeldSnapshot", snapshotId);
  if (serviceName === undefined || look === undefined || isNew) return checked;

  const storage = storageOf(serviceName);
  const began = preview.now();
  const sight = await preview.lookUp(async (patience) => {
    await storage.ready();
    const lists = within(storage, patience);
    const seen = await look(lists, snapshotId, () => undefined);
    // A kept list may be older than the object: nothing is refused by one that was asked for before.
    return seen.failure === undefined ? seen : look(lists, snapshotId, () => preview.now() - began);
  });
  if (sight === undefined) return checked;
  const { facts, failure } = sight;
  return {
    inputs: facts === undefined ? checked.inputs : { ...checked.inputs, [FACTS]: facts },
    failures: failure === undefined ? checked.failures : [...checked.failures, failure],
  };
}

export const sourceFacts = (snapshot: SnapshotModel, share: ShareModel): SourceFacts => ({
  snapshotId: snapshot.id,
  name: snapshot.name ?? "",
  type: snapshot.type,
  status: snapshot.status,
  createdAt: snapshot.createdAt ?? undefined,
  shareId: share.id,
  presentShareSizeGiB: share.size,
});
