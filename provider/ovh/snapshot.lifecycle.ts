import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { changed } from "../core/diff";
import type { Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import type { SnapshotModel } from "./models";
import { autoName } from "./names";
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
    const { snapshots, createSnapshot } = storage.share(inputs.shareId);
    const createOnly = { serviceName: inputs.serviceName, shareId: inputs.shareId };
    const ground = () => ({ shareId: inputs.shareId });
    const { parent, created } = await sendAgain(storage, ground, operation, async () => {
      const parent = await settledParent(storage, inputs.shareId, operation);
      const name = inputs.name ?? autoName(operation, createOnly, await snapshots.kept());
      return { parent, created: await createSnapshot({ name, description: inputs.description }) };
    });
    const outputs = (found: SnapshotModel) => ({
      ...snapshotFacts(storage, inputs.shareId, found),
      shareSize: parent.size,
    });
    operation.exists(created.id, outputs(created));
    const settled = await settleSnapshot(storage, inputs.shareId, created.id, operation, {
      activity: "creating",
      remedy: "The next pulumi up deletes it and takes it again.",
    });
    return { id: created.id, outputs: outputs(settled) };
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
