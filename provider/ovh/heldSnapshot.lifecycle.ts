import { z } from "zod";
import { type CrossRule, checkKnown, knownText, type Shape } from "../core/check";
import { changed } from "../core/diff";
import { HoldfastError } from "../core/errors";
import type { CheckResult, Lifecycle, Operation } from "../core/lifecycle";
import { recorded } from "../core/properties";
import { isConflict, isNotFound } from "./answers";
import type { FileStorage } from "./client";
import { findShare, noSuchShare } from "./find";
import type { HeldSnapshotInputs } from "./heldSnapshot";
import { checkMoment } from "./heldSnapshot.preview";
import type { ShareModel, SnapshotModel } from "./models";
import { description, instant, name, serviceName, shareId, snapshotId, timeouts } from "./schemas";
import { selectPoint } from "./selectPoint";
import { sendAgain } from "./sendAgain";
import {
  changeSnapshot,
  deleteSnapshot,
  readRecorded,
  readSnapshot,
  type SnapshotFacts,
  settledParent,
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

/** Decisions about one share are made one after another: two that ran at once would choose the same snapshot. */
const turns = new WeakMap<object, Promise<unknown>>();
function inTurn<T>(share: object, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(share) ?? Promise.resolve()).then(work, work);
  turns.set(share, turn);
  return turn;
}

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

/** Holds the given snapshot, or the one that `select` decides on: anew each time, for what there is changes meanwhile. */
async function hold(
  storage: FileStorage,
  inputs: Known,
  operation: Operation,
): Promise<{ held: SnapshotModel; source: SnapshotModel; parent: ShareModel }> {
  const { shareId } = inputs;
  const contents = storage.share(shareId);
  let chosen: SnapshotModel | undefined;
  const ground = () => ({ shareId, snapshotId: chosen?.id });
  try {
    return await sendAgain(storage, ground, operation, async () => {
      chosen = undefined;
      const parent = await settledParent(storage, shareId, operation);
      return inTurn(contents, async () => {
        const source = choose(await contents.snapshots.recent(0), inputs, operation);
        chosen = source;
        return { held: await contents.holdSnapshot(source.id), source, parent };
      });
    });
  } catch (error) {
    if (chosen === undefined || (!isNotFound(error) && !isConflict(error))) throw error;
    const { id, name } = chosen;
    if ((await contents.snapshots.recent(0)).some((still) => still.id === id)) throw error;
    throw new HoldfastError(
      `automatic snapshot ${id} ("${name ?? ""}") was rotated away, or held by somebody else, between looking and holding. Run pulumi up again.`,
    );
  }
}

function choose(snapshots: readonly SnapshotModel[], inputs: Known, operation: Operation): SnapshotModel {
  const { shareId, snapshotId, select, onlyIfNewer } = inputs;
  const source =
    select === undefined
      ? snapshots.find(({ id }) => id === snapshotId)
      : selectPoint(snapshots, { ...select, onlyIfNewer }, shareId, operation);
  if (source === undefined) throw new HoldfastError(noSource(shareId, snapshotId));
  const unfit = unfitToHold(source);
  if (unfit !== undefined) throw new HoldfastError(unfit);
  if (source.status !== "available") {
    throw new HoldfastError(
      `${describeSource(source)} is in state "${source.status}". It must be available to be held: run pulumi up again later.`,
    );
  }
  return source;
}

const noSource = (shareId: string, snapshotId: string | undefined): string =>
  `share ${shareId} has no snapshot ${snapshotId}. Its policy may have rotated it away, or it is held already, under a new id. Use select: { newest: true } to hold the newest one there is.`;

const describeSource = ({ id, name }: SnapshotModel): string => `snapshot ${id} ("${name ?? ""}")`;

/** Why a snapshot of this type can't be held, with the way out (OVHcloud guide "Holding an automatic snapshot"). */
function unfitToHold(source: SnapshotModel): string | undefined {
  if (source.type === "automatic") return undefined;
  if (source.type === "manual") {
    return `${describeSource(source)} is already manual: nothing rotates it away. Use its id directly, for a ShareClone for example, without HeldSnapshot.`;
  }
  return `${describeSource(source)} is "${source.type}", made by OVHcloud itself, and can't be held. Hold an automatic one, or take a Snapshot.`;
}
