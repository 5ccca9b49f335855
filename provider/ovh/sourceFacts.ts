import { knownText } from "../core/check";
import { type Sight, withFacts } from "../core/facts";
import type { CheckResult, Preview } from "../core/lifecycle";
import type { FileStorage } from "./client";
import type { SourceFacts } from "./cloneConstraints";
import type { ShareModel, SnapshotModel } from "./models";
import { within } from "./patience";

/** Looks at a snapshot. `maxAgeMs` is how old a list may be; any of this process will do where it is undefined. */
export type Look = (
  storage: FileStorage,
  snapshotId: string,
  maxAgeMs: () => number | undefined,
) => Promise<Sight<SourceFacts>>;

/**
 * Adds what the service says of the snapshot that the inputs name.
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
  const isNew = preview.isNew("ovh:Snapshot", snapshotId) || preview.isNew("ovh:HeldSnapshot", snapshotId);
  const asked = serviceName === undefined || look === undefined || isNew ? undefined : { serviceName, look };
  return withFacts(
    checked,
    preview,
    ["snapshotId"],
    asked &&
      (async (patience) => {
        const storage = storageOf(asked.serviceName);
        await storage.ready();
        const lists = within(storage, patience);
        return (maxAgeMs) => asked.look(lists, snapshotId, maxAgeMs);
      }),
  );
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
