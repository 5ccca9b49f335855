import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { changed } from "../core/diff";
import type { Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import { listedIn, requireShare } from "./find";
import { type Marked, marked } from "./marks";
import type { ShareModel, SnapshotModel } from "./models";
import { type Making, makeOnce, withoutEarlier } from "./once";
import { description, name, serviceName, shareId, timeouts } from "./schemas";
import { sendAgain } from "./sendAgain";
import type { SnapshotInputs } from "./snapshot";
import {
  changeSnapshot,
  deleteSnapshot,
  readRecorded,
  type SnapshotFacts,
  settledParent,
  settledSnapshot,
  settleSnapshot,
  snapshotFacts,
} from "./snapshots";

export const snapshotInputs = z.strictObject({
  serviceName,
  shareId,
  trigger: z.unknown().optional(),
  name: name.optional(),
  description: description.optional(),
  timeouts,
} satisfies Shape<SnapshotInputs>);
export interface SnapshotOutputs extends SnapshotFacts {
  /** The share's size in GiB when the snapshot was taken: a clone needs at least as much. The API does not keep it. */
  shareSize?: number | undefined;
}

export const snapshot = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<z.output<typeof snapshotInputs>, SnapshotOutputs> => ({
  inputKeys: Object.keys(snapshotInputs.shape),
  check: (news) => checkKnown(snapshotInputs, news),
  diff: (olds, news) => changed(olds, news, { replace: ["serviceName", "shareId", "trigger"] }),
  settled: settledSnapshot,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { serviceName, shareId, trigger } = inputs;
    const { snapshots, createSnapshot } = storage.share(shareId);
    let parent: ShareModel | undefined;
    const before = await listedIn(storage, shareId, snapshots.first);
    const marks = marked(operation, { serviceName, shareId, trigger }, inputs, {
      existing: before,
      inDescription: storage.settings().descriptionMark,
    });
    const { object: created, left } = await makeOnce(
      storage,
      { ...making(storage, shareId, marks), before },
      operation,
      () =>
        sendAgain(
          storage,
          () => ({ shareId }),
          operation,
          async () => {
            parent = await settledParent(storage, shareId, operation);
            return createSnapshot(marks.texts);
          },
        ),
    );
    // What is there is kept, whatever state its share is in.
    const { size: shareSize } = parent ?? (await requireShare(storage, shareId));
    const outputs = (facts: SnapshotFacts) => ({ ...facts, shareSize });
    const known = outputs(snapshotFacts(storage, shareId, created));
    operation.exists(created.id, known);
    if (left) {
      const own = withoutEarlier(operation, inputs);
      return {
        id: created.id,
        outputs: outputs(await changeSnapshot(storage, shareId, created.id, inputs, own, known)),
      };
    }
    const settled = await settleSnapshot(storage, shareId, created.id, operation, {
      activity: "creating",
      remedy: "The next pulumi up deletes it and takes it again.",
    });
    return { id: created.id, outputs: outputs(snapshotFacts(storage, shareId, settled)) };
  },

  async read(id, state) {
    const [storage, shareId] = [storageOf(recorded(state, "serviceName")), recorded(state, "shareId")];
    const found = await readRecorded(storage, shareId, id);
    return found && { ...snapshotFacts(storage, shareId, found), shareSize: state.shareSize };
  },

  update: async (id, olds, news, operation) => ({
    ...(await changeSnapshot(storageOf(news.serviceName), news.shareId, id, news, operation, olds)),
    shareSize: olds.shareSize,
  }),

  async delete(id, state, operation) {
    await deleteSnapshot(storageOf(recorded(state, "serviceName")), recorded(state, "shareId"), id, operation);
  },
});

const making = (
  storage: FileStorage,
  shareId: string,
  { carries, texts, marked }: Marked,
): Omit<Making<SnapshotModel>, "before"> => ({
  kind: "ovh:Snapshot",
  parents: [storage.serviceName, shareId],
  list: storage.share(shareId).snapshots,
  isLike: (snapshot) => carries(snapshot) && snapshot.status !== "deleting",
  sign: "carries this resource's mark",
  known: marked,
  describe: ({ id, name }) => `snapshot ${id} ("${name ?? ""}")`,
  wanted: `snapshot ${texts.name ?? ""}`,
});
