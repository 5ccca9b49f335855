import { absentInputs } from "../core/diff";
import { HoldfastError } from "../core/errors";
import type { Operation } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import { isConflict, isNotFound } from "./answers";
import type { FileStorage } from "./client";

/**
 * What a share has beside itself: each costs a call of its own, so each is read only where the program sets it. A share
 * always follows a policy and always has a reserve; what the program leaves out is the service's affair.
 */
export interface ShareSettings {
  snapshotPolicyId?: string | undefined;
  /** Percent of the share's size. */
  snapshotReserve?: number | undefined;
}

/** Percent that the service sets aside where nobody says otherwise (OVHcloud guide "Enterprise File Storage - Concepts"). */
const DEFAULT_RESERVE = 5;

/** Both changes are a matter of seconds. */
const SETTING_LIMIT_SECONDS = 10 * 60;

/** The live values of what is recorded. */
export async function readSettings(
  storage: FileStorage,
  shareId: string,
  recorded: ShareSettings,
): Promise<ShareSettings> {
  const share = storage.share(shareId);
  const [policy, reserve] = await Promise.all([
    recorded.snapshotPolicyId === undefined ? undefined : share.policy(),
    recorded.snapshotReserve === undefined ? undefined : share.reserve(),
  ]);
  return { snapshotPolicyId: policy?.id.toLowerCase(), snapshotReserve: reserve?.percent };
}

/**
 * Brings a share's settings to what the program says, and tells which of them are set. One that the program took out
 * goes back to what a new share has, because the service knows no "none".
 */
export async function applySettings(
  storage: FileStorage,
  shareId: string,
  wanted: ShareSettings,
  operation: Operation,
): Promise<ShareSettings> {
  const { dropped } = operation;
  const policy =
    wanted.snapshotPolicyId ??
    (dropped.includes("snapshotPolicyId") ? await defaultPolicy(storage, shareId) : undefined);
  if (policy !== undefined) await followPolicy(storage, shareId, policy, operation);
  const reserve = wanted.snapshotReserve ?? (dropped.includes("snapshotReserve") ? DEFAULT_RESERVE : undefined);
  if (reserve !== undefined) await setReserve(storage, shareId, reserve, operation);
  return { snapshotPolicyId: wanted.snapshotPolicyId, snapshotReserve: wanted.snapshotReserve };
}

/** What taking the policy out means, for a preview: detaching is attaching another one (OVHcloud guide "Snapshot policy"). */
export const detachedPolicyWarning = (olds: Properties, news: Properties): string | undefined => {
  // An import has read which policy the share follows, though the program never set it.
  if (absentInputs(olds)?.includes("snapshotPolicyId")) return undefined;
  const [before, after] = [olds, news].map((side) => Reflect.get(side, "snapshotPolicyId"));
  if (typeof before !== "string" || after !== undefined) return undefined;
  return `snapshotPolicyId ${before} was taken out. A share always follows a policy: this one goes back to the service's default policy, by which snapshots may be taken, or none. Set snapshotPolicyId to another policy to choose.`;
};

/** Right after a creation, a part of the service may not know the share yet. */
const present = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });

async function defaultPolicy(storage: FileStorage, shareId: string): Promise<string> {
  const found = (await storage.policies.recent(0)).find(({ isDefault }) => isDefault);
  if (found !== undefined) return found.id;
  throw new HoldfastError(
    `snapshotPolicyId was taken out, but share ${shareId} must follow a policy, and service ${storage.serviceName} shows no default one. Set snapshotPolicyId to the policy that it shall follow.`,
  );
}

async function followPolicy(
  storage: FileStorage,
  shareId: string,
  policyId: string,
  operation: Operation,
): Promise<void> {
  const share = storage.share(shareId);
  const settled = () =>
    operation.wait({
      read: () => present(share.policy()),
      state: ({ status }) => `snapshot policy ${status}`,
      judge: (_, { status }) => (status === "updating" ? "busy" : "done"),
      absent: "tolerate",
      activity: "waiting for its snapshot policy",
      limitSeconds: SETTING_LIMIT_SECONDS,
    });
  const before = await settled();
  if (before?.id.toLowerCase() === policyId && before.status !== "error") return;
  await share.followPolicy(policyId).catch(async (error: unknown) => {
    if (!isNotFound(error) && !isConflict(error)) throw error;
    throw (await whyNotFollowed(storage, policyId)) ?? error;
  });
  const after = await settled();
  if (after?.id.toLowerCase() === policyId && after.status !== "error") return;
  throw new HoldfastError(
    `share ${shareId} does not follow snapshot policy ${policyId}: its association is in state "${after?.status}", with policy ${after?.id}. Run pulumi up again, or choose another snapshotPolicyId.`,
  );
}

/** What a refusal means where the policies tell. */
async function whyNotFollowed(storage: FileStorage, policyId: string): Promise<HoldfastError | undefined> {
  const policies = await storage.policies.recent(0);
  const policy = policies.find(({ id }) => id === policyId);
  if (policy === undefined) {
    const others = policies.map(({ id, name }) => `${id} ("${name ?? ""}")`).join(", ");
    return new HoldfastError(
      `snapshotPolicyId ${policyId} is no policy of service ${storage.serviceName}. It has ${others || "none"}.`,
    );
  }
  if (policy.status === "available") return undefined;
  return new HoldfastError(
    `snapshotPolicyId ${policyId} ("${policy.name ?? ""}") is in state "${policy.status}" and can't be followed. Run pulumi up again when it is available.`,
  );
}

async function setReserve(storage: FileStorage, shareId: string, percent: number, operation: Operation): Promise<void> {
  const share = storage.share(shareId);
  const settled = () =>
    operation.wait({
      read: () => present(share.reserve()),
      state: ({ status }) => `snapshot reserve ${status}`,
      judge: (_, { status }) => (status === "updating" ? "busy" : "done"),
      absent: "tolerate",
      activity: "waiting for its snapshot reserve",
      limitSeconds: SETTING_LIMIT_SECONDS,
    });
  const before = await settled();
  if (before?.percent === percent && before.status !== "error") return;
  await share.setReserve(percent);
  const after = await settled();
  if (after?.percent === percent && after.status !== "error") return;
  throw new HoldfastError(
    `share ${shareId} keeps ${after?.percent} % for snapshots instead of ${percent} %: its reserve is in state "${after?.status}". Snapshots may need the space: run pulumi up again, or choose another snapshotReserve.`,
  );
}
