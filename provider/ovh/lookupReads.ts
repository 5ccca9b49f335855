import { HoldfastError } from "../core/errors";
import { few } from "../core/few";
import { isConflict, isNotFound } from "./answers";
import type { FileStorage } from "./client";
import type { Asking } from "./lookups.calls";
import type { GetServiceArgs, GetServiceResult, GetSnapshotResult, ShareResult } from "./lookupTypes";
import type { AccessPathModel, ServiceModel, ShareModel, SnapshotModel } from "./models";
import { freeOf } from "./quota";
import { shareFacts } from "./shares";
import { snapshotFacts } from "./snapshots";

/** The service by its ID, by its name, or the only one. */
export async function findService(args: GetServiceArgs, asking: Asking): Promise<ServiceModel> {
  const { serviceName, name } = args;
  const { services, storageOf } = asking.account;
  if (serviceName !== undefined) {
    const storage = storageOf(serviceName);
    return storage.service().catch((error: unknown) => refuseService(storage, asking, error));
  }
  const all = await services.recent(asking.maxAgeMs);
  const found = name === undefined ? all : all.filter((one) => namesOf(one).includes(name));
  const [service] = found;
  if (service !== undefined && found.length === 1) return service;
  if (name !== undefined) {
    const many = `${found.length} services are named "${name}": ${described(found)}. Give serviceName instead.`;
    throw new HoldfastError(found.length > 1 ? many : `no service is named "${name}". ${inAccount(all)}`);
  }
  throw new HoldfastError(
    all.length === 0
      ? inAccount(all)
      : `the account has ${all.length} services: ${described(all)}. Give serviceName or name.`,
  );
}

/** The shares of a service; an error that tells the account's services where it has no such service. */
export const sharesOf = (storage: FileStorage, asking: Asking): Promise<readonly ShareModel[]> =>
  storage.shares.recent(asking.maxAgeMs).catch((error: unknown) => refuseService(storage, asking, error));

/** The snapshots of a share; an error that tells the service's shares where it has no such share. */
export async function snapshotsOf(
  storage: FileStorage,
  shareId: string,
  asking: Asking,
): Promise<readonly SnapshotModel[]> {
  try {
    return await storage.share(shareId).snapshots.recent(asking.maxAgeMs);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const shares = await sharesOf(storage, { ...asking, maxAgeMs: 0 });
    throw shares.some(({ id }) => id === shareId) ? error : noShare(storage, shareId, shares);
  }
}

/** How a share is mounted. One that is being made has no paths yet. */
export async function pathsOf(storage: FileStorage, { id, status }: ShareModel): Promise<AccessPathModel[]> {
  try {
    return await storage.accessPaths(id);
  } catch (error) {
    if (status !== "available" && (isNotFound(error) || isConflict(error))) return [];
    throw error;
  }
}

/** `share` is an ID, or `named "..."`. */
export function noShare(storage: FileStorage, share: string, shares: readonly ShareModel[]): HoldfastError {
  const there = shares.length === 0 ? "It has no shares." : `It has ${described(shares)}.`;
  return new HoldfastError(`service ${storage.serviceName} has no share ${share}. ${there}`);
}

/** A service that is not there answers 404 to everything, and so does a wrong endpoint: the account's list tells. */
async function refuseService({ serviceName }: FileStorage, { account }: Asking, error: unknown): Promise<never> {
  if (!isNotFound(error)) throw error;
  const services = await account.services.recent(0).catch(() => undefined);
  const known = services === undefined ? "Check serviceName, the endpoint and the account." : inAccount(services);
  throw new HoldfastError(
    `service ${serviceName} is not known there (${error.method} ${error.path} answered ${error.status}). ${known}`,
    { cause: error },
  );
}

const inAccount = (services: readonly ServiceModel[]): string =>
  services.length === 0
    ? "The account has no Enterprise File Storage service that these credentials may see: check the account, the endpoint and the IAM policies."
    : `The account has ${described(services)}.`;

const described = (all: readonly { id: string; name?: string | null | undefined }[]): string =>
  few(all, ({ id, name }) => `"${name ?? ""}" (${id})`);

const namesOf = ({ name, iam }: ServiceModel): (string | null | undefined)[] => [name, iam?.displayName];

export const serviceResult = (service: ServiceModel, shares: readonly ShareModel[]): GetServiceResult => ({
  id: service.id,
  name: service.name ?? "",
  region: service.region ?? "",
  status: service.status ?? "unknown",
  performanceLevel: service.performanceLevel ?? "",
  quota: service.quota,
  freeGiB: Math.max(0, freeOf(service.quota, shares)),
  createdAt: service.createdAt ?? undefined,
});

export function shareResult(storage: FileStorage, share: ShareModel): ShareResult {
  const { serviceName, name, description, size, protocol, mountPointName, status, createdAt } = shareFacts(
    storage,
    share,
  );
  return {
    id: share.id,
    serviceName,
    name,
    description,
    size,
    protocol,
    mountPointName,
    snapshotId: share.snapshotID || undefined,
    status,
    createdAt,
  };
}

export const snapshotResult = (storage: FileStorage, shareId: string, snapshot: SnapshotModel): GetSnapshotResult => ({
  id: snapshot.id,
  ...snapshotFacts(storage, shareId, snapshot),
});
