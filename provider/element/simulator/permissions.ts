import { fail } from "./errors";
import type { Settings } from "./options";

/** What an administrator may do (spec 2.5). */
export const ACCESS_TYPES = [
  "administrator",
  "volumes",
  "write",
  "read",
  "reporting",
  "clusterAdmin",
  "accounts",
] as const;

/** One of {@link ACCESS_TYPES}. */
export type AccessType = (typeof ACCESS_TYPES)[number];

/** Which methods a type grants: the members of the appendix that spec 2.5 names. */
const GRANTS: Readonly<Record<Exclude<AccessType, "administrator">, string>> = {
  volumes:
    "CloneVolume CreateVolume DeleteVolume PurgeDeletedVolume RestoreDeletedVolume CreateSnapshot DeleteSnapshot " +
    "RollbackToSnapshot ListActiveVolumes ListDeletedVolumes ListVolumesForAccount GetDefaultQoS",
  write:
    "CloneVolume ModifyVolume DeleteVolume PurgeDeletedVolume RestoreDeletedVolume GetAsyncResult AddVolumesToVolumeAccessGroup",
  read: "GetAsyncResult ListSyncJobs ListActiveVolumes ListDeletedVolumes ListVolumesForAccount GetDefaultQoS GetAccountByID",
  reporting: "ListSyncJobs",
  clusterAdmin: "CreateSnapshot DeleteSnapshot RollbackToSnapshot AddVolumesToVolumeAccessGroup",
  // the appendix has the type; what it grants is our assumption
  accounts: "AddAccount ListAccounts GetAccountByID GetAccountByName",
};

/** Every administrator may ask what the cluster is (our assumption). */
const FREE = new Set(["GetAPI", "GetLimits", "GetClusterInfo", "GetClusterVersionInfo"]);

const granted = (type: string): Set<string> =>
  new Set(Object.entries(GRANTS).flatMap(([name, methods]) => (name === type ? methods.split(" ") : [])));

const LISTED = new Set(Object.values(GRANTS).flatMap((methods) => methods.split(" ")));

/** The refusal of a method outside an administrator's types; HTTP 200 (spec 2.5). The message is our assumption. */
export const denied = (method: string) =>
  fail("xPermissionDenied", `Permission denied: the administrator may not call ${method}`);

/** Refuses what an administrator may not call. */
export function requireAccess(types: readonly string[], method: string, { unlistedMethods }: Settings): void {
  if (types.includes("administrator") || FREE.has(method)) return;
  if (types.some((type) => granted(type).has(method))) return;
  if (!LISTED.has(method) && unlistedMethods === "granted") {
    const reads = /^(List|Get)/.test(method);
    if (types.some((type) => (reads ? ["read", "reporting"] : ["write"]).includes(type))) return;
  }
  throw denied(method);
}
