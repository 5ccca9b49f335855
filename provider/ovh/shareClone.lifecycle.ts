import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { HoldfastError } from "../core/errors";
import type { Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import { lookAtSource, tooSmallForRecorded, usableSource } from "./cloneSource";
import { findSnapshot } from "./findSnapshot";
import type { ShareModel } from "./models";
import { freeQuota, quotaMessage } from "./quota";
import {
  description,
  mountPointName,
  name,
  protocol,
  serviceName,
  shareId,
  size,
  snapshotId,
  snapshotPolicyId,
  snapshotReserve,
  timeouts,
} from "./schemas";
import { sendAgain } from "./sendAgain";
import type { ShareCloneInputs } from "./shareClone";
import { makeShare } from "./shareCreation";
import { deleteShare } from "./shareDeletion";
import { CLONE_LIMIT_SECONDS, settledShare } from "./shareStates";
import { changeShare, diffShare, readShare, type ShareFacts } from "./shares";
import { withSource } from "./sourceFacts";
import { holdsUnfitShrink } from "./unfitShrink";

export const shareCloneInputs = z.strictObject({
  serviceName,
  snapshotId,
  shareId: shareId.optional(),
  size,
  protocol,
  name: name.optional(),
  description: description.optional(),
  mountPointName: mountPointName.optional(),
  snapshotPolicyId: snapshotPolicyId.optional(),
  snapshotReserve: snapshotReserve.optional(),
  timeouts,
} satisfies Shape<ShareCloneInputs>);
export interface ShareCloneOutputs extends ShareFacts {
  /** The snapshot that the service says the clone was made from. */
  sourceSnapshotId: string;
  /** When that snapshot was taken. The API does not keep it. */
  sourceCreatedAt?: string | undefined;
}

/** How old a list may be that a quota is reckoned from, in milliseconds: others use the service, too. */
const QUOTA_AGE_MS = 5000;

const REPLACE = ["serviceName", "snapshotId", "protocol", "mountPointName"];

export const shareClone = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<z.output<typeof shareCloneInputs>, ShareCloneOutputs> => ({
  inputKeys: Object.keys(shareCloneInputs.shape),
  hints: ["shareId"],
  async check(news, preview) {
    const checked = checkKnown(shareCloneInputs, news);
    const { inputs, failures } = await withSource(storageOf, checked, preview, lookAtSource(checked, preview));
    return { inputs, failures: [...failures, ...tooSmallForRecorded(checked, preview)] };
  },
  diff: (olds, news, preview) => diffShare(olds, news, preview, REPLACE),
  settled: settledShare,
  unfinished: holdsUnfitShrink,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { snapshotId, protocol, mountPointName } = inputs;
    const source: Partial<ShareCloneOutputs> = { sourceSnapshotId: snapshotId };
    const made = await makeShare(
      storage,
      {
        kind: "ovh:ShareClone",
        createOnly: { protocol, mountPointName, snapshotID: snapshotId },
        wanted: inputs,
        wait: {
          activity: "creating",
          limitSeconds: CLONE_LIMIT_SECONDS,
          remedy: "The next pulumi up deletes it and clones the snapshot again.",
        },
        send: async (share) => {
          const { shareId, snapshot } = await usableSource(storage, inputs, operation);
          source.sourceCreatedAt = snapshot.createdAt ?? undefined;
          await refuseWithoutRoom(storage, inputs.size);
          return sendAgain(
            storage,
            () => ({ shareId, snapshotId }),
            operation,
            async () => {
              // What became of it during a wait; at first, the lists of a moment ago tell.
              await usableSource(storage, inputs, operation);
              return storage.createShare(share);
            },
          );
        },
        factsOf: (share, facts) => cloneFacts(share, facts, source),
      },
      operation,
    );
    if (made.outputs.sourceCreatedAt !== undefined) return made;
    // An earlier run made it: the snapshot may be gone by now.
    const found = await findSnapshot(storage, snapshotId, inputs.shareId, operation).catch(() => undefined);
    return { ...made, outputs: { ...made.outputs, sourceCreatedAt: found?.snapshot.createdAt ?? undefined } };
  },

  async read(id, state) {
    const found = await readShare(storageOf(recorded(state, "serviceName")), id, state);
    return found && cloneFacts(found.share, found.facts, state);
  },

  async update(id, olds, news, operation) {
    const facts = await changeShare(storageOf(news.serviceName), id, olds, news, operation);
    const { sourceSnapshotId = news.snapshotId, sourceCreatedAt } = olds;
    return { ...facts, sourceSnapshotId, sourceCreatedAt };
  },

  async delete(id, state, operation) {
    await deleteShare(storageOf(recorded(state, "serviceName")), id, operation);
  },
});

/** Credentials may lack the right to read the service: then the service itself tells when it has no room. */
async function refuseWithoutRoom(storage: FileStorage, size: number): Promise<void> {
  const room = await freeQuota(storage, await storage.shares.recent(QUOTA_AGE_MS)).catch(() => undefined);
  if (room !== undefined && size > room.free) throw new HoldfastError(quotaMessage(storage, size, room));
}

/** The source that the service names, which stays when the snapshot is deleted; an empty text means that it names none. */
const cloneFacts = (share: ShareModel, facts: ShareFacts, known: Partial<ShareCloneOutputs>): ShareCloneOutputs => ({
  ...facts,
  sourceSnapshotId: share.snapshotID || known.sourceSnapshotId || "",
  sourceCreatedAt: known.sourceCreatedAt,
});
