import type { Collection } from "../core/collection";
import { HoldfastError } from "../core/errors";
import { type Look, withFacts } from "../core/facts";
import { few } from "../core/few";
import type { CheckResult, Preview } from "../core/lifecycle";
import type { Element } from "./client";
import type { SnapshotModel, VolumeModel } from "./models";
import type { VolumeSource } from "./volumeClone";
import { describeSnapshot, describeVolume, isDeleted } from "./volumes";

// What a clone is made from: looked at by check, where that can be done, and always by create.

/** A volume, and the snapshot of it that is cloned, if any. */
export interface Source {
  volume: VolumeModel;
  snapshot: SnapshotModel | undefined;
}

/** What a program names. */
export interface Named {
  volumeID: number;
  snapshotID?: number | undefined;
}

/** Something that a program names, and that can't be cloned. */
export class UnusableSource extends HoldfastError {
  readonly property: "volumeID" | "snapshotID";
  constructor(property: UnusableSource["property"], message: string) {
    super(message);
    this.property = property;
  }
}

/** The source as lists at most so old have it. */
export async function findSource(
  element: Element,
  { volumeID, snapshotID }: Named,
  recent: <T>(list: Collection<T>) => Promise<readonly T[]>,
): Promise<Source> {
  const volumes = await recent(element.volumes);
  const volume = volumes.find((one) => one.volumeID === volumeID);
  if (volume === undefined) {
    throw new UnusableSource(
      "volumeID",
      `the cluster has no volume ${volumeID}. ${listed("volumes", volumes.filter((one) => !isDeleted(one)).map(describeVolume))}`,
    );
  }
  if (isDeleted(volume)) {
    const until = volume.purgeTime === undefined ? "" : ` until ${volume.purgeTime}`;
    throw new UnusableSource(
      "volumeID",
      `${describeVolume(volume)} is deleted, and can't be cloned. It can be restored${until} in the cluster's user interface.`,
    );
  }
  if (snapshotID === undefined) return { volume, snapshot: undefined };
  const snapshots = await recent(element.snapshotsOf(volumeID));
  // Some releases list all snapshots whatever is asked for.
  const own = snapshots.filter((one) => one.volumeID === volumeID);
  const snapshot = own.find((one) => one.snapshotID === snapshotID);
  if (snapshot !== undefined) return { volume, snapshot };
  throw new UnusableSource(
    "snapshotID",
    `${describeVolume(volume)} has no snapshot ${snapshotID}: it has expired, was deleted, or is another volume's. ${listed(
      "snapshots",
      own.map((one) => `${describeSnapshot(one)}${one.createTime ? ` of ${one.createTime}` : ""}`),
    )}`,
  );
}

const listed = (what: string, names: readonly string[]): string =>
  names.length === 0 ? `There are no ${what}.` : `There are ${few(names, (name) => name)}.`;

/** The source, looked for once more where a list from earlier lacks it. */
export async function usableSource(element: Element, named: Named): Promise<Source> {
  try {
    return await findSource(element, named, (list) => list.kept());
  } catch (error) {
    if (!(error instanceof UnusableSource)) throw error;
    return findSource(element, named, (list) => list.recent(0));
  }
}

/**
 * Adds what the cluster says of the source, where the program names it anew, and refuses what create would refuse. Of a snapshot
 * that this run makes, nothing can be known before; the facts are then those of its volume.
 */
export async function withSource(element: Element, checked: CheckResult, preview: Preview): Promise<CheckResult> {
  const { inputs, failures } = checked;
  const known = (key: string): number | undefined => {
    const value = inputs[key];
    return typeof value === "number" && !failures.some(({ property }) => property === key) ? value : undefined;
  };
  const volumeID = known("volumeID");
  if (volumeID === undefined || failures.some(({ property }) => property === "snapshotID")) return checked;
  const named = known("snapshotID");
  const isNew = preview.isNew("element:VolumeClone", String(volumeID));
  const snapshotID = named !== undefined && preview.isNew("element:Snapshot", String(named)) ? undefined : named;
  const look = async (patience: AbortSignal): Promise<Look<VolumeSource>> => {
    await element.ready();
    return async (maxAgeMs) => {
      const age = maxAgeMs();
      try {
        const source = await findSource(element, { volumeID, snapshotID }, (list) =>
          age === undefined ? list.kept(patience) : list.recent(age, patience),
        );
        return { facts: factsOf(source) };
      } catch (error) {
        if (!(error instanceof UnusableSource)) throw error;
        return { failure: { property: error.property, reason: error.message } };
      }
    };
  };
  return withFacts(checked, preview, ["volumeID", "snapshotID"], isNew ? undefined : look);
}

const factsOf = ({ volume, snapshot }: Source): VolumeSource => ({
  volumeID: volume.volumeID,
  snapshotID: snapshot?.snapshotID,
  name: volume.name,
  accountID: volume.accountID,
  access: volume.access,
  paired: (volume.volumePairs ?? []).length > 0,
  totalSize: snapshot?.totalSize ?? volume.totalSize,
  createTime: snapshot?.createTime,
});
