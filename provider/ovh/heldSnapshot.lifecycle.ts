import { z } from "zod";
import { type CrossRule, checkKnown, knownText, type Shape } from "../core/check";
import { changed } from "../core/diff";
import type { CheckResult, Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import { findShare, noSuchShare } from "./find";
import type { HeldSnapshotInputs } from "./heldSnapshot";
import { checkMoment } from "./heldSnapshot.preview";
import { hold, noSource, unfitToHold } from "./holding";
import type { SnapshotModel } from "./models";
import { description, instant, name, serviceName, shareId, snapshotId, timeouts } from "./schemas";
import {
  changeSnapshot,
  deleteSnapshot,
  readRecorded,
  readSnapshot,
  type SnapshotFacts,
  settledSnapshot,
  settleSnapshot,
  snapshotFacts,
} from "./snapshots";
import { type Look, sourceFacts, withSource } from "./sourceFacts";

const select = z.strictObject(
  {
    newest: z.literal(true, { error: "must be true, the only way to select" }),
    before: instant.optional(),
    namePrefix: z.string({ error: "must be a text" }).min(1, "must not be empty: leave it out instead").optional(),
  },
  { error: "must be { newest: true }, with before and namePrefix as you like" },
);

export const heldSnapshotInputs = z.strictObject({
  serviceName,
  shareId,
  snapshotId: snapshotId.optional(),
  select: select.optional(),
  onlyIfNewer: z.boolean({ error: "must be true or false" }).default(true),
  trigger: z.unknown().optional(),
  name: name.optional(),
  description: description.optional(),
  timeouts,
} satisfies Shape<HeldSnapshotInputs>);
export interface HeldSnapshotOutputs extends SnapshotFacts {
  /** The automatic snapshot's id, which ended when it was held. */
  sourceSnapshotId: string;
  /** The share's size in GiB when the snapshot was held: a clone needs at least as much. The API does not keep it. */
  shareSize?: number | undefined;
}
type Known = z.output<typeof heldSnapshotInputs>;

/** One of both says which snapshot, never both. A value that is still unknown is not seen here, but its key counts. */
const oneSource =
  (news: object): CrossRule =>
  () => {
    const given = ["snapshotId", "select"].filter((key) => (Reflect.get(news, key) ?? undefined) !== undefined);
    if (given.length === 1) return undefined;
    return given.length === 0
      ? {
          property: "select",
          reason:
            "is missing, and so is snapshotId: set select to { newest: true }, or snapshotId to an automatic snapshot.",
        }
      : { property: "select", reason: "and snapshotId exclude each other: set only one of them." };
  };

export const heldSnapshot = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<Known, HeldSnapshotOutputs> => ({
  inputKeys: Object.keys(heldSnapshotInputs.shape),
  hints: ["onlyIfNewer"],
  async check(news, preview) {
    const checked = checkKnown(heldSnapshotInputs, news, [oneSource(news)]);
    const seen = await withSource(storageOf, checked, preview, lookAtSource(checked));
    const failures = await checkMoment(storageOf, seen, preview);
    return { ...seen, failures: [...seen.failures, ...failures] };
  },
  diff: (olds, news) => changed(olds, news, { replace: ["serviceName", "shareId", "snapshotId", "select", "trigger"] }),
  settled: settledSnapshot,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { held, source, parent } = await hold(storage, inputs, operation);
    const outputs = (held: SnapshotModel, source: SnapshotModel): HeldSnapshotOutputs => ({
      ...snapshotFacts(storage, inputs.shareId, held),
      sourceSnapshotId: source.id,
      shareSize: parent.size,
    });
    operation.exists(held.id, outputs(held, source));
    const settled = await settleSnapshot(storage, inputs.shareId, held.id, operation, {
      activity: "holding",
      remedy: "The next pulumi up deletes it, and holds again. A replicated share can't be held.",
    });
    operation.exists(held.id, outputs(settled, source));
    if (inputs.name === undefined && inputs.description === undefined)
      return { id: held.id, outputs: outputs(settled, source) };
    const facts = await changeSnapshot(storage, inputs.shareId, held.id, inputs, operation, outputs(settled, source));
    return { id: held.id, outputs: { ...outputs(settled, source), ...facts } };
  },

  async read(id, state) {
    const [storage, shareId] = [storageOf(recorded(state, "serviceName")), recorded(state, "shareId")];
    const found = await readRecorded(storage, shareId, id);
    if (found === undefined) return undefined;
    return {
      ...snapshotFacts(storage, shareId, found),
      sourceSnapshotId: state.sourceSnapshotId ?? "",
      shareSize: state.shareSize,
    };
  },

  update: async (id, olds, news, operation) => ({
    ...(await changeSnapshot(storageOf(news.serviceName), news.shareId, id, news, operation, olds)),
    sourceSnapshotId: olds.sourceSnapshotId ?? "",
    shareSize: olds.shareSize,
  }),

  async delete(id, state, operation) {
    await deleteSnapshot(storageOf(recorded(state, "serviceName")), recorded(state, "shareId"), id, operation);
  },
});

/** What create would see. A state that passes is for create, and a share that does not exist yet has no snapshots. */
function lookAtSource(checked: CheckResult): Look | undefined {
  const shareId = knownText(checked, "shareId");
  if (shareId === undefined) return undefined;
  return async (storage, snapshotId, maxAgeMs) => {
    const [share, snapshot] = await Promise.all([
      findShare(storage, shareId, maxAgeMs()),
      readSnapshot(storage, shareId, snapshotId, maxAgeMs()),
    ]);
    if (share === undefined) return { failure: { property: "shareId", reason: noSuchShare(storage, shareId) } };
    const reason = snapshot === undefined ? noSource(shareId, snapshotId) : unfitToHold(snapshot);
    return {
      facts: snapshot === undefined ? undefined : sourceFacts(snapshot, share),
      failure: reason === undefined ? undefined : { property: "snapshotId", reason },
    };
  };
}
