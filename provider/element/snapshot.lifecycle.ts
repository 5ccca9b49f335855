import { z } from "zod";
import { type CrossRule, checkKnown, type Shape } from "../core/check";
import type { Collection } from "../core/collection";
import { changed } from "../core/diff";
import { HoldfastError } from "../core/errors";
import type { Lifecycle } from "../core/lifecycle";
import { type Making, makeOnce } from "../core/once";
import type { Properties } from "../core/properties";
import type { Element, NewSnapshot, SnapshotChanges } from "./client";
import { clusterOf, requireCluster, requireSame } from "./identity";
import { marked, markFor, markOf, nameFor, withoutMark } from "./marks";
import type { SnapshotModel } from "./models";
import { byMark, makerOf } from "./once";
import { untilTaken } from "./ready";
import { isNotReady, isSnapshotGone, isSnapshotLimit, isVolumeGone } from "./refusal";
import { retentionSeconds } from "./retention";
import {
  attributes,
  expirationTime,
  flag,
  retention,
  secondsOf,
  snapMirrorLabel,
  snapshotID,
  snapshotName,
  timeouts,
  volumeID,
} from "./schemas";
import type { SnapshotInputs } from "./snapshot";
import { usableSource } from "./source";
import { isAtLeast, RENAMING_VERSION, refuseIgnored } from "./versions";
import { describeSnapshot, describeVolume, numberOf } from "./volumes";

export const snapshotInputs = z.strictObject({
  volumeID,
  sourceSnapshotID: snapshotID.optional(),
  trigger: z.unknown().optional(),
  name: snapshotName.optional(),
  retention: retention.optional(),
  expirationTime: expirationTime.optional(),
  enableRemoteReplication: flag.optional(),
  snapMirrorLabel: snapMirrorLabel.optional(),
  attributes: attributes.optional(),
  ensureSerialCreation: flag.optional(),
  timeouts,
} satisfies Shape<SnapshotInputs>);
type Inputs = z.output<typeof snapshotInputs>;

/** What a `Snapshot` has of the service, and what the service does not keep. */
interface Outputs {
  volumeID: number;
  snapshotID: number;
  name: string;
  volumeName?: string | undefined;
  status: string;
  createTime?: string | undefined;
  totalSize?: number | undefined;
  checksum?: string | undefined;
  expirationTime?: string | undefined;
  enableRemoteReplication?: boolean | undefined;
  snapMirrorLabel?: string | undefined;
  attributes: Record<string, unknown>;
  snapshotUUID?: string | undefined;
  clusterUniqueID: string;
  apiVersion: string;
}

const REPLACE = ["volumeID", "sourceSnapshotID", "trigger", "attributes"];

/** Longest wait of a creation in seconds where the program sets no limit. */
const LIMIT_SECONDS = 600;

const oneExpiry: CrossRule = ({ retention, expirationTime }) =>
  retention === undefined || expirationTime === undefined
    ? undefined
    : { property: "retention", reason: "can't be set together with expirationTime: keep one of them." };

export const snapshot = (element: Element): Lifecycle<Inputs, Outputs> => {
  const lists = new Map<number, Pick<Collection<Candidate>, "recent">>();
  const listOf = (volume: number) => {
    const known = lists.get(volume) ?? {
      recent: async (maxAgeMs: number) => (await snapshotsIn(element, volume, maxAgeMs)).map(candidateOf),
    };
    lists.set(volume, known);
    return known;
  };
  const find = async (id: number, volume: number | undefined, maxAgeMs: number) =>
    (await snapshotsIn(element, volume, maxAgeMs)).find((one) => one.snapshotID === id);

  return {
    inputKeys: Object.keys(snapshotInputs.shape),
    local: ["ensureSerialCreation"],
    check: (news) => checkKnown(snapshotInputs, news, [oneExpiry]),
    diff: (olds, news) =>
      changed(olds, news, { replace: canRename(olds) ? REPLACE : [...REPLACE, "name"], stays: ["name"] }),
    settled: () => "settled",

    async create(inputs, operation) {
      await refuseIgnored(element, inputs);
      const clusterUniqueID = await clusterOf(element);
      const { volume } = await usableSource(element, {
        volumeID: inputs.volumeID,
        snapshotID: inputs.sourceSnapshotID,
      });
      const { volumeID, sourceSnapshotID, trigger } = inputs;
      const mark = markFor(operation, clusterUniqueID, {
        volumeID,
        sourceSnapshotID,
        trigger,
        attributes: inputs.attributes,
      });
      const order: NewSnapshot = {
        volumeID,
        snapshotID: sourceSnapshotID,
        name: inputs.name ?? nameFor(operation, mark, { longest: 255, signs: /\p{Cc}/gu }),
        attributes: marked(inputs.attributes, { mark, volumeID }),
        retention: inputs.retention,
        expirationTime: inputs.expirationTime,
        enableRemoteReplication: inputs.enableRemoteReplication,
        snapMirrorLabel: inputs.snapMirrorLabel,
        ensureSerialCreation: inputs.ensureSerialCreation,
      };
      const making: Making<Candidate> = {
        ...byMark("element:Snapshot", clusterUniqueID),
        list: listOf(volumeID),
        before: (await element.snapshotsOf(volumeID).first()).map(candidateOf),
        isLike: ({ snapshot: one }) =>
          one.volumeID === volumeID && markOf(one.attributes)?.mark === mark && one.name === order.name,
        describe: (candidate) => describeSnapshot(candidate.snapshot),
        wanted: `snapshot "${order.name}"`,
      };
      const { object, left } = await makeOnce(makerOf(element), making, operation, async () =>
        candidateOf(
          completed(
            await untilTaken(operation, () => element.createSnapshot(order), {
              passing: (error) => (isNotReady(error) ? `waiting for ${describeVolume(volume)} to be ready` : undefined),
              activity: "waiting for its volume to be ready",
              limitSeconds: LIMIT_SECONDS,
            }).catch((error: unknown) => {
              if (!isSnapshotLimit(error)) throw error;
              throw new HoldfastError(
                `${describeVolume(volume)} has as many snapshots as it may have (${error.message}). Delete one of them, or let them expire.`,
              );
            }),
            order,
          ),
        ),
      );
      const apiVersion = await element.apiVersion();
      const facts = (one: SnapshotModel) => snapshotFacts(one, { clusterUniqueID, apiVersion });
      operation.exists(object.id, facts(object.snapshot));
      if (!left) return { id: object.id, outputs: facts(object.snapshot) };
      const changes = changesOf(object.snapshot, inputs, {}, { now: await element.now() });
      return { id: object.id, outputs: facts(await change(element, object.snapshot, changes)) };
    },

    async read(id, state) {
      const number = numberOf(id, "snapshot");
      const clusterUniqueID = await requireCluster(element, state, `snapshot ${id}`);
      // Gone by expiry, deleted, or with its volume: a wrong cluster does not come so far.
      const found = await find(number, state.volumeID, KEPT_MS);
      if (found === undefined) return undefined;
      requireSame(state, found, describeSnapshot(found));
      return snapshotFacts(found, { clusterUniqueID, apiVersion: state.apiVersion ?? (await element.apiVersion()) });
    },

    async update(id, olds, news, operation) {
      await refuseIgnored(element, news);
      const clusterUniqueID = await requireCluster(element, olds, `snapshot ${id}`);
      const found = await find(numberOf(id, "snapshot"), news.volumeID, 0);
      if (found === undefined) {
        throw new HoldfastError(
          `snapshot ${id} is not there any more: it has expired, or was deleted. Run pulumi refresh to take it out of the state, and pulumi up takes a new one.`,
        );
      }
      requireSame(olds, found, describeSnapshot(found));
      operation.exists(id, olds);
      const standing = { dropped: operation.dropped, now: await element.now() };
      const changed = await change(element, found, changesOf(found, news, olds, standing));
      return snapshotFacts(changed, { clusterUniqueID, apiVersion: await element.apiVersion() });
    },

    async delete(id, state) {
      const number = numberOf(id, "snapshot");
      await requireCluster(element, state, `snapshot ${id}`);
      const found = await find(number, state.volumeID, 0);
      if (found === undefined) return;
      requireSame(state, found, describeSnapshot(found));
      await element.deleteSnapshot(number);
    },
  };
};

interface Candidate {
  id: string;
  createdAt?: string | undefined;
  snapshot: SnapshotModel;
}
const candidateOf = (snapshot: SnapshotModel): Candidate => ({
  id: String(snapshot.snapshotID),
  createdAt: snapshot.createTime,
  snapshot,
});

/** What an answer leaves out is as it was asked for: taken for none, it would have the snapshot replaced. */
const completed = (answer: SnapshotModel, asked: Pick<SnapshotModel, "name" | "attributes">): SnapshotModel => ({
  ...answer,
  name: answer.name ?? asked.name,
  attributes: answer.attributes ?? asked.attributes,
});

/** How old a list may be that a read is answered from, in milliseconds. */
const KEPT_MS = 60_000;

/** The snapshots of a volume, or of all where it is not known. A volume that is gone has none. */
async function snapshotsIn(element: Element, volume: number | undefined, maxAgeMs: number): Promise<SnapshotModel[]> {
  const list = volume === undefined ? element.snapshots : element.snapshotsOf(volume);
  try {
    // Some releases list all snapshots whatever is asked for.
    return (await list.recent(maxAgeMs)).filter(({ volumeID }) => volume === undefined || volumeID === volume);
  } catch (error) {
    if (isSnapshotGone(error) || isVolumeGone(error)) return [];
    throw error;
  }
}

/** What the release that is known from the last change can do. */
const canRename = ({ apiVersion }: Properties): boolean =>
  typeof apiVersion === "string" && isAtLeast(apiVersion, RENAMING_VERSION);

const snapshotFacts = (snapshot: SnapshotModel, known: Pick<Outputs, "clusterUniqueID" | "apiVersion">): Outputs => ({
  volumeID: snapshot.volumeID,
  snapshotID: snapshot.snapshotID,
  name: snapshot.name ?? "",
  volumeName: snapshot.volumeName,
  status: snapshot.status ?? "done",
  createTime: snapshot.createTime,
  totalSize: snapshot.totalSize,
  checksum: snapshot.checksum,
  expirationTime: snapshot.expirationTime,
  enableRemoteReplication: snapshot.enableRemoteReplication,
  snapMirrorLabel: snapshot.snapMirrorLabel,
  attributes: withoutMark(snapshot.attributes),
  snapshotUUID: snapshot.snapshotUUID,
  ...known,
});

/** What differs from what is wanted. A retention can't be changed: from now on it is a time. */
function changesOf(
  live: SnapshotModel,
  { name, retention, expirationTime, enableRemoteReplication, snapMirrorLabel }: Inputs,
  olds: Properties,
  { dropped = [], now }: { dropped?: readonly string[]; now: number },
): SnapshotChanges {
  const changes: SnapshotChanges = {};
  if (name !== undefined && name !== live.name) changes.name = name;
  if (expirationTime !== undefined && !sameTime(expirationTime, live.expirationTime)) {
    changes.expirationTime = expirationTime;
  } else if (retention !== undefined && retention !== olds["retention"]) {
    changes.expirationTime = secondsOf(new Date(now + (retentionSeconds(retention) ?? 0) * 1000));
  } else if (
    expirationTime === undefined &&
    retention === undefined &&
    ["expirationTime", "retention"].some((key) => dropped.includes(key)) &&
    live.expirationTime !== undefined
  ) {
    changes.expirationTime = null;
  }
  const replicated = enableRemoteReplication ?? (dropped.includes("enableRemoteReplication") ? false : undefined);
  if (replicated !== undefined && replicated !== live.enableRemoteReplication)
    changes.enableRemoteReplication = replicated;
  const label = snapMirrorLabel ?? (dropped.includes("snapMirrorLabel") ? "" : undefined);
  if (label !== undefined && label !== (live.snapMirrorLabel ?? "")) changes.snapMirrorLabel = label;
  return changes;
}

const sameTime = (left: string, right: string | undefined): boolean => Date.parse(left) === Date.parse(right ?? "");

async function change(element: Element, live: SnapshotModel, changes: SnapshotChanges): Promise<SnapshotModel> {
  if (Object.keys(changes).length === 0) return live;
  const changed = completed(await element.modifySnapshot(live.snapshotID, changes), {
    ...live,
    name: changes.name ?? live.name,
  });
  if (changes.name === undefined || changed.name === changes.name) return changed;
  throw new HoldfastError(
    `${describeSnapshot(live)} keeps its name: this release does not change it. Give it the old name, or have it replaced with replaceOnChanges: ["name"].`,
  );
}
