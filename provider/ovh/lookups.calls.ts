/** What answers look-ups: loaded into a program by the first one that it makes. */

import { afresh } from "../core/afresh";
import { systemClock } from "../core/clock";
import type { Collection } from "../core/collection";
import { HoldfastError } from "../core/errors";
import type { Answering, Asking as CoreAsking } from "../core/inquiry";
import { createFileStorages, type FileStorage } from "./client";
import { hasCredentials, ovhConnection } from "./connection";
import { checkServiceArgs, checkShareArgs, checkSharesArgs, checkSnapshotArgs, checkSnapshotsArgs } from "./lookupArgs";
import {
  findService,
  noShare,
  pathsOf,
  serviceResult,
  shareResult,
  sharesOf,
  snapshotResult,
  snapshotsOf,
} from "./lookupReads";
import type {
  GetServiceArgs,
  GetServiceResult,
  GetShareArgs,
  GetShareResult,
  GetSharesArgs,
  GetSharesResult,
  GetSnapshotArgs,
  GetSnapshotResult,
  GetSnapshotsArgs,
  GetSnapshotsResult,
} from "./lookupTypes";
import type { ServiceModel } from "./models";
import { matching, noSnapshot } from "./pickSnapshot";
import { createServices } from "./services";
import { shareFacts } from "./shares";

/** One account, as the look-ups of a program see it. */
export interface Account {
  hasCredentials(): Promise<boolean>;
  services: Collection<ServiceModel>;
  storageOf: (serviceName: string) => FileStorage;
}

/** `config` has the values of the stack configuration or of an explicit provider. Makes no call by itself. */
export function createAccount(config: (key: string) => string | undefined): Account {
  // A program that is interrupted ends at once: nothing that it looked up needs an orderly end.
  const options = { transport: ovhConnection(config), clock: systemClock, signal: new AbortController().signal };
  return {
    hasCredentials: () => hasCredentials(config),
    services: createServices(options),
    storageOf: createFileStorages(options),
  };
}

export type Asking = CoreAsking<Account>;

/** What each look-up answers, by the name that programs call. */
export interface Answers {
  getService: GetServiceResult;
  getShare: GetShareResult;
  getShares: GetSharesResult;
  getSnapshot: GetSnapshotResult;
  getSnapshots: GetSnapshotsResult;
}

export const lookUps: Answering<Account, Answers>["lookUps"] = {
  getService: (args) => {
    const checked = checkServiceArgs(args);
    return (asking) => getService(checked, asking);
  },
  getShare: (args) => {
    const checked = checkShareArgs(args);
    return (asking) => getShare(checked, asking);
  },
  getShares: (args) => {
    const checked = checkSharesArgs(args);
    return (asking) => getShares(checked, asking);
  },
  getSnapshot: (args) => {
    const checked = checkSnapshotArgs(args);
    return (asking) => getSnapshot(checked, asking);
  },
  getSnapshots: (args) => {
    const checked = checkSnapshotsArgs(args);
    return (asking) => getSnapshots(checked, asking);
  },
};

async function getService(args: GetServiceArgs, asking: Asking): Promise<GetServiceResult> {
  const service = await findService(args, asking);
  return serviceResult(service, await sharesOf(asking.account.storageOf(service.id), asking));
}

async function getShare({ serviceName, shareId, name }: GetShareArgs, asking: Asking): Promise<GetShareResult> {
  const storage = asking.account.storageOf(serviceName);
  const found = await afresh(
    (now) => sharesOf(storage, now),
    (shares) => shares.filter((share) => (shareId === undefined ? share.name === name : share.id === shareId)),
    asking,
  );
  const [share] = found.matches;
  if (share === undefined) throw noShare(storage, shareId ?? `named "${name}"`, found.all);
  if (found.matches.length > 1) {
    const ids = found.matches.map(({ id }) => id).join(", ");
    throw new HoldfastError(
      `service ${serviceName} has ${found.matches.length} shares named "${name}": ${ids}. Give shareId instead.`,
    );
  }
  const { accessPaths = [], preferredAccessPath } = shareFacts(storage, share, await pathsOf(storage, share));
  return { ...shareResult(storage, share), accessPaths, preferredAccessPath };
}

async function getShares(
  { serviceName, namePrefix = "", status }: GetSharesArgs,
  asking: Asking,
): Promise<GetSharesResult> {
  const storage = asking.account.storageOf(serviceName);
  const shares = (await sharesOf(storage, asking)).filter(
    (share) => (share.name ?? "").startsWith(namePrefix) && (status === undefined || share.status === status),
  );
  return { serviceName, shares: shares.map((share) => shareResult(storage, share)) };
}

async function getSnapshots(
  { serviceName, shareId, ...filter }: GetSnapshotsArgs,
  asking: Asking,
): Promise<GetSnapshotsResult> {
  const storage = asking.account.storageOf(serviceName);
  const snapshots = matching(await snapshotsOf(storage, shareId, asking), filter);
  return { serviceName, shareId, snapshots: snapshots.map((one) => snapshotResult(storage, shareId, one)) };
}

async function getSnapshot(
  { serviceName, shareId, snapshotId, status = "available", ...others }: GetSnapshotArgs,
  asking: Asking,
): Promise<GetSnapshotResult> {
  const storage = asking.account.storageOf(serviceName);
  const filter = { ...others, status };
  const found = await afresh(
    (now) => snapshotsOf(storage, shareId, now),
    (all) => (snapshotId === undefined ? matching(all, filter) : all.filter(({ id }) => id === snapshotId)),
    asking,
  );
  const [snapshot] = found.matches;
  if (snapshot !== undefined) return snapshotResult(storage, shareId, snapshot);
  throw noSnapshot(found.all, snapshotId ?? filter, shareId);
}
