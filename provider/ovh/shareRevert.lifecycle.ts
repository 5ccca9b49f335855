import { z } from "zod";
import { checkKnown, knownText, type Shape } from "../core/check";
import { changed } from "../core/diff";
import { HoldfastError } from "../core/errors";
import type { CheckFailure, CheckResult, Lifecycle, Preview } from "../core/lifecycle";
import { equal, type Properties, recorded } from "../core/properties";
import { isUnknown } from "../core/unknowns";
import type { FileStorage } from "./client";
import { within } from "./patience";
import { finishRevert, type RevertFacts, readScene, revertShare } from "./reverting";
import { describeLoss, describeRunning, judgeRevert, type RevertVerdict, refusedBeforehand } from "./revertVerdict";
import { serviceName, shareId, snapshotId, timeouts } from "./schemas";
import type { ShareRevertInputs } from "./shareRevert";

export const shareRevertInputs = z.strictObject({
  serviceName,
  shareId,
  snapshotId,
  trigger: z.unknown().optional(),
  // Compared with shareId where a revert is about to happen, and ignored otherwise: any text is taken here.
  confirmDataLossOf: z.string({ error: "must be the ID of the share, a text" }).toLowerCase().optional(),
  timeouts,
} satisfies Shape<ShareRevertInputs>);
type Known = z.output<typeof shareRevertInputs>;

/** How old a list may be that a check decides with, in milliseconds: several reverts of one program share it. */
const CHECK_AGE_MS = 2000;

/**
 * An act as a resource. It has no object of its own at the service: read and delete call nothing, and what was done is
 * in the state alone. Done is done, so nothing but a change of the program does it again; also a revert that failed is
 * never repeated by itself, for its share may have new data by then.
 */
export const shareRevert = (storageOf: (serviceName: string) => FileStorage): Lifecycle<Known, RevertFacts> => ({
  inputKeys: Object.keys(shareRevertInputs.shape),
  hints: ["confirmDataLossOf"],

  async check(news, preview) {
    const checked = checkKnown(shareRevertInputs, news);
    // Without a share there is nothing to tell, and nothing is reverted before there is one.
    const shareId = preview.creating ? knownText(checked, "shareId") : undefined;
    if (shareId === undefined) return checked;
    const [service, snapshotId] = [knownText(checked, "serviceName"), knownText(checked, "snapshotId")];
    let verdict: RevertVerdict | undefined;
    if (service !== undefined && snapshotId !== undefined) {
      const storage = storageOf(service);
      const scene = await preview.lookUp(async (patience) => {
        await storage.ready();
        return readScene(within(storage, patience), shareId, CHECK_AGE_MS);
      });
      verdict = scene && judgeRevert(scene, { serviceName: service, shareId, snapshotId });
    }
    const loss = describeLoss({ shareId, snapshotId }, verdict, preview.now());
    const unconfirmed = refuseUnconfirmed(checked, shareId, loss);
    const failures = [
      ...checked.failures,
      ...(verdict === undefined ? [] : refusedBeforehand(verdict)),
      ...unconfirmed,
    ];
    if (failures.length === 0 && verdict !== undefined) warnOf(shareId, loss, verdict, preview);
    return { inputs: checked.inputs, failures };
  },

  diff(olds, news, preview) {
    // One that is taken out asks for nothing new.
    const trigger = news["trigger"] === undefined ? [] : ["trigger"];
    const difference = changed(olds, news, { replace: ["serviceName", "shareId", ...trigger] });
    if (difference.replaces.length === 0 && !equal(olds["snapshotId"], news["snapshotId"])) {
      warnOfUnused(olds, news, preview);
    }
    return difference;
  },

  // Never "failed", which would revert again: whatever has not ended well goes to update, and that decides.
  settled: ({ status }) => (status === undefined || status === "available" ? "settled" : "busy"),

  async create(inputs, operation) {
    if (inputs.confirmDataLossOf !== inputs.shareId) {
      throw new HoldfastError(
        `confirmDataLossOf must be "${inputs.shareId}", the ID of the share that loses data, before it is reverted.`,
      );
    }
    return revertShare(storageOf(inputs.serviceName), inputs, operation);
  },

  async read(_, state) {
    if (state.revertedAt !== undefined) return factsOf(state);
    throw new HoldfastError(
      "a revert is an act, which nobody can look up or import: the service keeps no record of it. Make a ShareRevert to revert a share.",
    );
  },

  update: async (id, olds, news, operation) => {
    const facts = factsOf(olds);
    if (!operation.creating) return facts;
    operation.exists(id, facts);
    return finishRevert(storageOf(news.serviceName), id, facts, operation);
  },

  // What was lost does not come back, and what stays belongs to others.
  async delete() {},
});

function refuseUnconfirmed({ inputs, failures }: CheckResult, shareId: string, loss: string): CheckFailure[] {
  const property = "confirmDataLossOf";
  const given = inputs[property];
  if (given === shareId || isUnknown(given) || failures.some((failure) => failure.property === property)) return [];
  const what = given === undefined ? "is missing" : "is not the ID of this share";
  return [{ property, reason: `${what}: ${loss}. To agree, set confirmDataLossOf: "${shareId}".` }];
}

function warnOf(shareId: string, loss: string, { busy, running, snapshot }: RevertVerdict, preview: Preview): void {
  const isOn = running && snapshot !== undefined;
  preview.warn(isOn ? describeRunning(shareId, snapshot) : `${loss}. There is no way back.`);
  if (busy.length > 0) preview.warn(`it waits until the service takes a revert: ${busy.join(", ")}.`);
}

function warnOfUnused(olds: Properties, news: Properties, preview: Preview): void {
  const { revertedTo = olds["snapshotId"], revertedAt } = olds;
  if (revertedTo === undefined || equal(revertedTo, news["snapshotId"])) return;
  const wanted = isUnknown(news["snapshotId"]) ? "another snapshot, not known yet" : `snapshot ${news["snapshotId"]}`;
  const done = revertedAt === undefined ? "" : `, as it was reverted to ${revertedTo} at ${revertedAt}`;
  preview.warn(
    `snapshotId now names ${wanted}, but the share stays as it is${done}: nothing is reverted until trigger changes.`,
  );
}

/** What the state tells of what was done. */
function factsOf(state: Partial<RevertFacts>): RevertFacts {
  return {
    serviceName: recorded(state, "serviceName"),
    shareId: recorded(state, "shareId"),
    revertedTo: recorded(state, "revertedTo"),
    revertedAt: recorded(state, "revertedAt"),
    dataFrom: state.dataFrom,
    sizeBefore: state.sizeBefore ?? 0,
    sizeAfter: state.sizeAfter,
    lostSnapshots: state.lostSnapshots ?? [],
    status: state.status ?? "available",
  };
}
