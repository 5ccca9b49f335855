/** What answers look-ups: loaded into a program by the first one that it makes. */
import { log } from "@pulumi/pulumi";
import { afresh } from "../core/afresh";
import { systemClock } from "../core/clock";
import { HoldfastError } from "../core/errors";
import type { Answering, Asking as CoreAsking } from "../core/inquiry";
import { createElement, type Element } from "./client";
import { elementConnection, hasAccount } from "./connection";
import { checkNothing, checkSnapshotsArgs, checkVolumeArgs, checkVolumesArgs } from "./lookupArgs";
import { distinguished, inState, limitsOf, noVolume, snapshotResult, snapshotsOf, volumeResult } from "./lookupReads";
import type {
  GetClusterLimitsResult,
  GetSnapshotsArgs,
  GetSnapshotsResult,
  GetVolumeArgs,
  GetVolumeResult,
  GetVolumesArgs,
  GetVolumesResult,
} from "./lookupTypes";

/** One account, as the look-ups of a program see it. */
export interface Account {
  hasCredentials(): Promise<boolean>;
  element: Element;
}

/** `config` has the values of the stack configuration or of an explicit provider. Makes no call by itself. */
export function createAccount(config: (key: string) => string | undefined): Account {
  const warn = (message: string) => void log.warn(message);
  const element = createElement({
    connection: elementConnection(config, warn),
    clock: systemClock,
    // A program that is interrupted ends at once: nothing that it looked up needs an orderly end.
    signal: new AbortController().signal,
    warn,
  });
  return { hasCredentials: () => hasAccount(config), element };
}

export type Asking = CoreAsking<Account>;

/** What each look-up answers, by the name that programs call. */
export interface Answers {
  getVolume: GetVolumeResult;
  getVolumes: GetVolumesResult;
  getSnapshots: GetSnapshotsResult;
  getClusterLimits: GetClusterLimitsResult;
}

/** Every look-up: checks its arguments at once, and asks when it is told how. */
export const lookUps: Answering<Account, Answers>["lookUps"] = {
  getVolume: (args) => {
    const checked = checkVolumeArgs(args);
    return (asking) => getVolume(checked, asking);
  },
  getVolumes: (args) => {
    const checked = checkVolumesArgs(args);
    return (asking) => getVolumes(checked, asking);
  },
  getSnapshots: (args) => {
    const checked = checkSnapshotsArgs(args);
    return (asking) => getSnapshots(checked, asking);
  },
  getClusterLimits: (args) => {
    checkNothing(args);
    return getClusterLimits;
  },
};

async function getVolume(wanted: GetVolumeArgs, asking: Asking): Promise<GetVolumeResult> {
  const { volumeID, name, accountID, status } = wanted;
  const { all, matches } = await afresh(
    ({ account, maxAgeMs }) => account.element.volumes.recent(maxAgeMs),
    (volumes) =>
      volumes
        .filter((one) => (volumeID === undefined ? one.name === name : one.volumeID === volumeID))
        .filter((one) => (accountID === undefined || one.accountID === accountID) && inState(one, status)),
    asking,
  );
  const [volume] = matches;
  if (volume === undefined) throw noVolume(wanted, all);
  if (matches.length === 1) return volumeResult(volume);
  const narrower = accountID === undefined && new Set(matches.map((one) => one.accountID)).size > 1;
  throw new HoldfastError(
    `${matches.length} volumes are named "${name}": ${distinguished(matches)}. Give volumeID instead${narrower ? ", or accountID as well" : ""}.`,
  );
}

async function getVolumes(
  { accountID, namePrefix = "", status }: GetVolumesArgs,
  { account, maxAgeMs }: Asking,
): Promise<GetVolumesResult> {
  const volumes = (await account.element.volumes.recent(maxAgeMs))
    .filter((one) => accountID === undefined || one.accountID === accountID)
    .filter((one) => one.name.startsWith(namePrefix) && inState(one, status))
    .toSorted((one, other) => one.volumeID - other.volumeID);
  return { volumes: volumes.map(volumeResult) };
}

async function getSnapshots(
  { volumeID, namePrefix = "" }: GetSnapshotsArgs,
  asking: Asking,
): Promise<GetSnapshotsResult> {
  const time = ({ createTime = "" }) => Date.parse(createTime) || 0;
  const snapshots = (await snapshotsOf(volumeID, asking))
    .filter(({ name }) => (name ?? "").startsWith(namePrefix))
    // Times have seconds only: of one second, the later has the higher ID.
    .toSorted((one, other) => time(other) - time(one) || other.snapshotID - one.snapshotID);
  return { volumeID, snapshots: snapshots.map(snapshotResult) };
}

async function getClusterLimits({ account: { element } }: Asking): Promise<GetClusterLimitsResult> {
  const [limits, cluster, apiVersion, currentVersion] = await Promise.all([
    element.limits(),
    element.cluster(),
    element.apiVersion(),
    element.currentVersion(),
  ]);
  return {
    ...limitsOf(limits),
    clusterUniqueID: cluster.uniqueID,
    clusterName: cluster.name ?? "",
    apiVersion,
    currentVersion,
  };
}
