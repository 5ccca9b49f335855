import { HoldfastError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import { equal } from "../core/properties";
import type { Element, VolumeChanges } from "./client";
import { keepingMark, withoutMark } from "./marks";
import type { VolumeModel } from "./models";
import { whenReady } from "./ready";
import { isGroupGone } from "./refusal";
import type { VolumeQos } from "./volumeClone";
import { describeVolume, isAccess } from "./volumes";

/** What a program can want of a volume that exists. */
export interface Wanted {
  access?: string | undefined;
  attributes?: Record<string, unknown> | undefined;
  enableSnapMirrorReplication?: boolean | undefined;
  newAccountID?: number | undefined;
  newSize?: number | undefined;
  qos?: VolumeQos | undefined;
  qosPolicyID?: number | undefined;
  volumeAccessGroupIDs?: readonly number[] | undefined;
}

/** What was wanted before, and is not any more. */
interface Before {
  dropped: readonly string[];
  /** The groups that the program had it in. */
  groups: readonly number[];
}

/** Brings a volume to what is wanted: what is so already is not sent. */
export async function changeVolume(
  element: Element,
  volume: VolumeModel,
  wanted: Wanted,
  before: Before,
  operation: Pick<Operation, "wait" | "warn">,
): Promise<VolumeModel> {
  const changes = changesOf(volume, wanted, before.dropped);
  const what = describeVolume(volume);
  if (wanted.newSize !== undefined && wanted.newSize < volume.totalSize) {
    operation.warn(
      `${what} has ${volume.totalSize} bytes, more than newSize: somebody has made it larger, and it can't be made smaller. It stays as it is; after pulumi refresh it would be replaced.`,
    );
  }
  let changed = volume;
  if (Object.keys(changes).length > 0) {
    changed = await whenReady(what, operation, () => element.modifyVolume(volume.volumeID, changes));
  }
  const { joined, left } = await moveBetweenGroups(
    element,
    changed,
    wanted.volumeAccessGroupIDs ?? [],
    before.groups,
    operation,
  );
  const groups = (changed.volumeAccessGroups ?? []).filter((id) => !left.includes(id));
  return { ...changed, volumeAccessGroups: [...groups, ...joined] };
}

function changesOf(volume: VolumeModel, wanted: Wanted, dropped: readonly string[]): VolumeChanges {
  const changes: VolumeChanges = {};
  const { access, newAccountID, newSize, qos, qosPolicyID, enableSnapMirrorReplication } = wanted;
  if (access !== undefined && !isAccess(volume, access)) changes.access = access;
  if (newAccountID !== undefined && newAccountID !== volume.accountID) changes.accountID = newAccountID;
  if (newSize !== undefined && newSize > volume.totalSize) changes.totalSize = newSize;
  // The whole object is replaced, so the mark goes along; what others write into it would be lost without a look.
  const attributes = wanted.attributes ?? (dropped.includes("attributes") ? {} : undefined);
  if (attributes !== undefined && !equal(withoutMark(volume.attributes), attributes)) {
    changes.attributes = keepingMark(attributes, volume.attributes);
  }
  if (enableSnapMirrorReplication !== undefined && enableSnapMirrorReplication !== volume.enableSnapMirrorReplication) {
    changes.enableSnapMirrorReplication = enableSnapMirrorReplication;
  }
  if (qos !== undefined && (volume.qosPolicyID !== undefined || !sameQos(qos, volume))) changes.qos = qos;
  else if (qosPolicyID !== undefined && qosPolicyID !== volume.qosPolicyID) {
    changes.qosPolicyID = qosPolicyID;
    changes.associateWithQoSPolicy = true;
  } else if (qosPolicyID === undefined && dropped.includes("qosPolicyID") && volume.qosPolicyID !== undefined) {
    changes.associateWithQoSPolicy = false;
  }
  return changes;
}

/** Never the burst time or the curve, which the service reckons. */
const sameQos = (wanted: VolumeQos, { qos }: VolumeModel): boolean =>
  qos !== undefined &&
  wanted.minIOPS === qos.minIOPS &&
  wanted.maxIOPS === qos.maxIOPS &&
  wanted.burstIOPS === qos.burstIOPS;

/** Groups that somebody else has put it into are none of ours. */
async function moveBetweenGroups(
  element: Element,
  { volumeID, volumeAccessGroups = [], name }: VolumeModel,
  wanted: readonly number[],
  before: readonly number[],
  operation: Pick<Operation, "wait">,
): Promise<{ joined: number[]; left: number[] }> {
  const joined = wanted.filter((id) => !volumeAccessGroups.includes(id));
  const left = before.filter((id) => !wanted.includes(id) && volumeAccessGroups.includes(id));
  const what = describeVolume({ volumeID, name });
  for (const id of joined) {
    await whenReady(what, operation, () => element.joinAccessGroup(id, volumeID)).catch((error: unknown) => {
      if (!isGroupGone(error)) throw error;
      throw new HoldfastError(
        `volumeAccessGroupIDs names ${id}, and the cluster has no such volume access group: ${what} was not put into it. Correct it, and run pulumi up again.`,
      );
    });
  }
  for (const id of left) {
    await element.leaveAccessGroup(id, volumeID).catch((error: unknown) => {
      if (!isGroupGone(error)) throw error; // a group that is gone has no members
    });
  }
  return { joined, left };
}
