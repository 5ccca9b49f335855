import { HoldfastError } from "../core/errors";
import type { Created, Operation } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import type { ResourceKind } from "../kinds";
import { isConflict } from "./answers";
import type { FileStorage, NewShare, Texts } from "./client";
import { type Marked, marked } from "./marks";
import type { ShareModel } from "./models";
import { type Making, makeOnce, withoutEarlier } from "./once";
import { explainQuota } from "./quota";
import { applySettings, type ShareSettings, settingsToApply } from "./shareSettings";
import { LEAVING } from "./shareStates";
import { changeShare, type Settling, type ShareFacts, settleShare, shareFacts } from "./shares";

/** A share that is to be made, empty or from a snapshot. */
export interface NewShareOrder<Facts extends ShareFacts> {
  kind: ResourceKind;
  /** What makes another share when it changes, as the API names it. */
  createOnly: Pick<NewShare, "protocol" | "snapshotID" | "mountPointName">;
  wanted: Texts & ShareSettings & { size: number };
  wait: Settling;
  /** Sends the call, once everything is as the service needs it. */
  send(share: NewShare): Promise<ShareModel>;
  factsOf(share: ShareModel, facts: ShareFacts): Facts;
}

/** Makes a share, or takes over what an interrupted run made of it, and waits until it is available. Its id is kept at once. */
export async function makeShare<Facts extends ShareFacts>(
  storage: FileStorage,
  { kind, createOnly, wanted, wait, send, factsOf }: NewShareOrder<Facts>,
  operation: Operation,
): Promise<Created<Facts>> {
  const { snapshotPolicyId, snapshotReserve, size, ...texts } = wanted;
  const before = await storage.shares.first();
  const marks = marked(operation, markedInputs(storage, createOnly), texts, {
    existing: before,
    inDescription: storage.settings().descriptionMark,
  });
  const { object: share, left } = await makeOnce(
    storage,
    { ...making(storage, kind, createOnly, marks), before },
    operation,
    () =>
      send({ ...createOnly, size, ...marks.texts }).catch(async (error: unknown) => {
        await refuseTakenMountPoint(storage, error, createOnly.mountPointName);
        throw await explainQuota(storage, error, size);
      }),
  );
  const exists = (facts: ShareFacts) => operation.exists(share.id, factsOf(share, facts));
  exists(shareFacts(storage, share));
  const settled = await settleShare(storage, share.id, operation, wait);
  exists(settled.facts);
  if (left) {
    const own = {
      ...withoutEarlier(operation, wanted),
      exists: (_: string, facts: object) => exists({ ...settled.facts, ...facts }),
    };
    const changed = await changeShare(storage, share.id, settled.facts, wanted, own);
    return { id: share.id, outputs: factsOf(settled.share, changed) };
  }
  const settings = await settingsToApply(storage, share.id, { snapshotPolicyId, snapshotReserve }, operation);
  const applied = await applySettings(storage, share.id, settings, operation);
  return { id: share.id, outputs: { ...factsOf(settled.share, settled.facts), ...applied } };
}

/** Under these names since the first version: other ones would be another mark. */
const markedInputs = (
  { serviceName }: FileStorage,
  { protocol, snapshotID, mountPointName }: NewShareOrder<ShareFacts>["createOnly"],
): Properties => ({ serviceName, snapshotId: snapshotID, protocol, mountPointName });

const making = (
  { shares, serviceName }: FileStorage,
  kind: ResourceKind,
  { snapshotID = "", mountPointName }: NewShareOrder<ShareFacts>["createOnly"],
  { carries, texts, marked }: Marked,
): Omit<Making<ShareModel>, "before"> => ({
  kind,
  parents: [serviceName],
  list: shares,
  isLike: (share) =>
    carries(share) &&
    !LEAVING.has(share.status) &&
    (share.snapshotID ?? "") === snapshotID &&
    (mountPointName === undefined || share.mountPointName === mountPointName),
  sign: "carries this resource's mark",
  known: marked,
  describe: ({ id, name }) => `share ${id} ("${name ?? ""}")`,
  wanted: `share ${texts.name ?? ""}`,
});

/** What a refusal means where the name is taken, by the very object that is to be replaced perhaps. */
async function refuseTakenMountPoint(storage: FileStorage, refusal: unknown, name: string | undefined): Promise<void> {
  if (name === undefined || !isConflict(refusal)) return;
  const owner = (await storage.shares.recent(0)).find((share) => share.mountPointName === name);
  if (owner === undefined) return;
  throw new HoldfastError(
    `mountPointName "${name}" belongs to share ${owner.id} ("${owner.name ?? ""}"), and is unique in the service. Choose another one; where that share is to be replaced by this one, set deleteBeforeReplace: true.`,
  );
}
