import { z } from "zod";
import { type CrossRule, checkKnown, type Shape } from "../core/check";
import { changed } from "../core/diff";
import { HoldfastError, WaitTimeoutError } from "../core/errors";
import type { Lifecycle, Operation } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import { changeVolume } from "./changes";
import type { Element } from "./client";
import { createCloning } from "./cloning";
import { CLONE_LIMIT_SECONDS, type Copying, untilCopied } from "./copying";
import { deleteVolume } from "./deletion";
import { requireCluster, requireSame } from "./identity";
import type { VolumeModel } from "./models";
import {
  access,
  accountID,
  attributes,
  flag,
  newSize,
  qos,
  qosPolicyID,
  snapshotID,
  timeouts,
  volumeAccessGroupIDs,
  volumeID,
  volumeName,
} from "./schemas";
import { cloneJobOf } from "./slots";
import { withSource } from "./source";
import { refuseIgnored } from "./versions";
import type { VolumeCloneInputs } from "./volumeClone";
import { type CloneOutputs, cloneFacts, describeVolume, findVolume, isActive, isDeleted, numberOf } from "./volumes";

export const volumeCloneInputs = z.strictObject({
  volumeID,
  snapshotID: snapshotID.optional(),
  trigger: z.unknown().optional(),
  name: volumeName.optional(),
  access: access.optional(),
  attributes: attributes.optional(),
  enable512e: flag.optional(),
  enableSnapMirrorReplication: flag.optional(),
  newAccountID: accountID.optional(),
  newSize: newSize.optional(),
  qos: qos.optional(),
  qosPolicyID: qosPolicyID.optional(),
  volumeAccessGroupIDs: volumeAccessGroupIDs.optional(),
  deletionPolicy: z.enum(["delete", "purge"], { error: 'must be "delete" or "purge"' }).optional(),
  onTimeout: z.enum(["keep", "cancel"], { error: 'must be "keep" or "cancel"' }).optional(),
  timeouts,
} satisfies Shape<VolumeCloneInputs>);
type Inputs = z.output<typeof volumeCloneInputs>;
/** What the state keeps: the inputs that decide later, too. */
type Outputs = CloneOutputs & Partial<Pick<Inputs, "deletionPolicy">>;

const REPLACE = ["volumeID", "snapshotID", "trigger", "name", "enable512e"];

const oneQos: CrossRule = ({ qos, qosPolicyID }) =>
  qos === undefined || qosPolicyID === undefined
    ? undefined
    : { property: "qosPolicyID", reason: "can't be set together with qos: keep one of them." };

export const volumeClone = (element: Element): Lifecycle<Inputs, Outputs> => {
  const cloning = createCloning(element);

  /** Waits until the copying is over, or takes the clone away where the program says so. */
  const copied = async (
    copying: Copying & { cloneID: number | undefined },
    { onTimeout = "keep" }: Pick<Inputs, "onTimeout">,
    operation: Operation,
    takenAway: () => void,
  ): Promise<VolumeModel> => {
    try {
      return await untilCopied(element, copying, operation);
    } catch (error) {
      if (!(error instanceof WaitTimeoutError) || error.absent || onTimeout !== "cancel") throw error;
      const { volumeID, cloneID } = copying;
      await deleteVolume(
        element,
        { volumeID, cloneID, purge: true },
        { wait: (options) => operation.wait({ ...options, beyondLimit: true }) },
      );
      takenAway();
      throw new HoldfastError(
        `${error.message.replace(/ It stays in the state;.*$/s, "")} As onTimeout says, it was cancelled, and volume ${volumeID} deleted and purged. Raise the limit with customTimeouts, or run the same command again.`,
      );
    }
  };

  return {
    inputKeys: Object.keys(volumeCloneInputs.shape),
    local: ["deletionPolicy", "onTimeout"],
    check: (news, preview) => withSource(element, checkKnown(volumeCloneInputs, news, [oneQos]), preview),

    diff(olds, news, preview) {
      const difference = changed(olds, news, { replace: REPLACE, stays: ["name", "enable512e"] });
      const [before, after] = [olds["totalSize"], news["newSize"]];
      // Only while it is cloned can a volume be made smaller.
      if (typeof before === "number" && typeof after === "number" && after < before)
        difference.replaces.push("newSize");
      if (difference.replaces.length === 0) warnOfCut(olds, news, preview.warn);
      return difference;
    },

    settled({ status = "" }) {
      if (status.toLowerCase() === "active") return "settled";
      return status === "failed" ? "failed" : "busy";
    },

    async create(inputs, operation) {
      await refuseIgnored(element, inputs);
      const begun = await cloning(inputs, operation);
      const { cloneID, asyncHandle, clusterUniqueID, sourceCreateTime, left } = begun;
      const { volumeID: id } = begun.volume;
      const known = { ...knownOf(inputs), cloneID, asyncHandle, clusterUniqueID, sourceCreateTime };
      const exists = (volume: VolumeModel) => operation.exists(String(id), cloneFacts(volume, known));
      exists(begun.volume);
      try {
        const active = await copied({ volumeID: id, asyncHandle, cloneID }, inputs, operation, operation.undone);
        // The groups too that it is about to join: nobody knows which of them it is in when that fails.
        operation.exists(String(id), {
          ...cloneFacts(active, known),
          volumeAccessGroupIDs: inputs.volumeAccessGroupIDs,
        });
        begun.done();
        const before = { dropped: left ? ["attributes"] : [], groups: [] };
        const volume = await changeVolume(element, active, inputs, before, operation);
        return { id: String(id), outputs: cloneFacts(volume, known) };
      } finally {
        begun.done();
      }
    },

    async read(id, state, operation) {
      const number = numberOf(id, "volume");
      const clusterUniqueID = await requireCluster(element, state, `volume ${id}`);
      const volume = await look(element, number, state, () => element.volumes.kept());
      if (volume === "hidden") return state as Outputs; // it has them from its creation
      if (volume === undefined) return undefined;
      requireSame(state, volume, describeVolume(volume));
      if (isDeleted(volume)) {
        operation.warn(
          `${describeVolume(volume)} was deleted, and counts as gone. ${volume.purgeTime === undefined ? "It can still" : `Until ${volume.purgeTime} it can`} be restored in the cluster's user interface.`,
        );
        return undefined;
      }
      return cloneFacts(volume, { ...state, clusterUniqueID });
    },

    async update(id, olds, news, operation) {
      await refuseIgnored(element, news);
      const number = numberOf(id, "volume");
      const clusterUniqueID = await requireCluster(element, olds, `volume ${id}`);
      const known = { ...olds, ...knownOf(news), clusterUniqueID };
      // Until the change has ended nobody knows which groups it is in: those of before and those that are wanted are ours.
      const groups = union(olds.volumeAccessGroupIDs, news.volumeAccessGroupIDs);
      const exists = (facts: Partial<Outputs>) =>
        operation.exists(id, { ...facts, ...(groups && { volumeAccessGroupIDs: groups }) });
      let volume = await look(element, number, olds, () => element.volumes.recent(0));
      if (volume === undefined) throw missing(id);
      if (volume !== "hidden") {
        requireSame(olds, volume, describeVolume(volume));
        if (isDeleted(volume)) throw missing(id);
      }
      exists(volume === "hidden" ? olds : cloneFacts(volume, known));
      if (volume === "hidden" || !isActive(volume)) {
        const { cloneID, asyncHandle } = olds;
        const failed = () => exists({ ...olds, status: "failed" });
        volume = await copied({ volumeID: number, asyncHandle, cloneID }, news, operation, failed);
        exists(cloneFacts(volume, known));
      }
      const before = { dropped: operation.dropped, groups: olds.volumeAccessGroupIDs ?? [] };
      return cloneFacts(await changeVolume(element, volume, news, before, operation), known);
    },

    async delete(id, state, operation) {
      await requireCluster(element, state, `volume ${id}`);
      const { cloneID, volumeUUID, deletionPolicy } = state;
      const unfinished = state.status?.toLowerCase() === "active" ? {} : { cloneID };
      await deleteVolume(
        element,
        { volumeID: numberOf(id, "volume"), ...unfinished, volumeUUID, purge: deletionPolicy === "purge" },
        operation,
      );
    },
  };
};

/** What is kept of the inputs where the service does not tell it, or tells it under another name. */
const knownOf = ({ volumeID, snapshotID, access, newAccountID, newSize, volumeAccessGroupIDs }: Inputs) => ({
  volumeID,
  snapshotID,
  access,
  newAccountID,
  newSize,
  volumeAccessGroupIDs,
});

/** A volume; `hidden` where no list has it, and it may be there all the same. */
async function look(
  element: Element,
  volumeID: number,
  state: Partial<Outputs>,
  list: () => Promise<readonly VolumeModel[]>,
): Promise<VolumeModel | "hidden" | undefined> {
  const listed = (await list()).find((volume) => volume.volumeID === volumeID);
  // What has been complete once is listed as long as it exists.
  if (listed !== undefined || state.status?.toLowerCase() === "active") return listed;
  if (await isCopying(element, volumeID, state)) return "hidden";
  // It may have been completed since that list.
  return findVolume(element, volumeID, 0);
}

/** A release may not list what is still copying: then its job, or the result that it will have, tells of it. */
async function isCopying(
  element: Element,
  volumeID: number,
  { cloneVolumeID, asyncHandle, createTime }: Partial<Outputs>,
): Promise<boolean> {
  if ((await cloneJobOf(element, volumeID, 0)) !== undefined) return true;
  const result = asyncHandle === undefined ? undefined : await element.asyncResult(asyncHandle);
  if (result !== undefined) return result.status.toLowerCase() === "running";
  // Where nobody may be asked, it counts as being copied for as long as that may take.
  if (cloneVolumeID === undefined || element.tellsOfClone(asyncHandle)) return false;
  return !((await element.now()) - Date.parse(createTime ?? "") > CLONE_LIMIT_SECONDS * 1000);
}

const union = (before: readonly number[] | undefined, wanted: readonly number[] | undefined): number[] | undefined =>
  before === undefined && wanted === undefined ? undefined : [...new Set([...(before ?? []), ...(wanted ?? [])])];

const missing = (id: string) =>
  new HoldfastError(
    `volume ${id} is not there any more. Run pulumi refresh to take it out of the state, and pulumi up makes a new one.`,
  );

/** Sessions end with these (Element API reference, ModifyVolume). */
function warnOfCut(olds: Properties, news: Properties, warn: (message: string) => void): void {
  const after = news["access"];
  if (after === olds["access"] || (after !== "locked" && after !== "replicationTarget")) return;
  warn(`access becomes ${after}: the connections that there are to the volume are cut.`);
}
