import { type Clock, systemClock } from "../core/clock";
import { ApiError, ConfigurationError } from "../core/errors";
import type { Http } from "../core/http";
import { retrying } from "../core/retry";
import type { ElementAccount } from "./account";
import { apiModel } from "./models";
import { elementTransport, type Transport } from "./transport";
import { isAtLeast, LEAST_VERSION } from "./versions";

/** A cluster that was reached, with the version of its API that is used. */
export interface Reached extends Transport {
  readonly apiVersion: string;
  /** The newest that the cluster has. */
  readonly currentVersion: string;
}

/** Asks the cluster which versions it has, and takes the one that is wanted, or the newest. */
export async function reach(
  account: ElementAccount,
  {
    warn,
    clock = systemClock,
    ...options
  }: { warn: (message: string) => void; clock?: Clock; http?: Http; signal?: AbortSignal },
): Promise<Reached> {
  const { wording, endpoint, verifyCertificate } = account;
  if (!verifyCertificate && endpoint.protocol === "https:") {
    warn(
      `${wording.spell("verifyCertificate")} in ${wording.place} is false: the certificate of ${endpoint.host} is not verified, and whoever sits between can read the password. Name its certificate with ${wording.spell("caCert")} instead.`,
    );
  }
  if (account.apiVersion !== undefined)
    refuseOld(account.apiVersion, `${wording.spell("apiVersion")} in ${wording.place}`);
  let inUse = account.apiVersion ?? LEAST_VERSION;
  const transport = elementTransport(account, () => inUse, { clock, http: options.http });
  const ask = (version: string) =>
    retrying("read", () => transport.call("GetAPI", {}, version), { clock, signal: options.signal });
  const answer = await ask(inUse).catch((error: unknown) => {
    // Every cluster has the first version, and tells by it which others it has.
    if (error instanceof ApiError && error.status === 404) return ask("1.0");
    throw error;
  });
  const api = apiModel.safeParse(answer.result);
  if (!api.success) {
    throw new ConfigurationError(
      `${endpoint.host} does not tell which versions of the API it has. Check ${wording.spell("endpoint")} in ${wording.place}: it must be the management address (MVIP) of an Element cluster.`,
    );
  }
  const { currentVersion, supportedVersions } = api.data;
  refuseOld(currentVersion, `The newest version of the API that ${endpoint.host} has`);
  if (account.apiVersion !== undefined && !supportedVersions.includes(account.apiVersion)) {
    throw new ConfigurationError(
      `${wording.spell("apiVersion")} in ${wording.place} is ${account.apiVersion}, which ${endpoint.host} does not have: its newest is ${currentVersion}. Set one of ${supportedVersions.filter((version) => isAtLeast(version, LEAST_VERSION)).join(", ")}, or remove it.`,
    );
  }
  inUse = account.apiVersion ?? currentVersion;
  return Object.assign(transport, { apiVersion: inUse, currentVersion });
}

function refuseOld(version: string, what: string): void {
  if (isAtLeast(version, LEAST_VERSION)) return;
  throw new ConfigurationError(
    `${what} is ${version}, but at least ${LEAST_VERSION} is needed: older ones can't cancel a clone, or find one again after an interruption.`,
  );
}
