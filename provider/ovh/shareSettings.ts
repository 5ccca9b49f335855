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

/** What an update brings a share's settings to. */
export interface SettingsToApply {
  /** What the program sets, for the state. */
  wanted: ShareSettings;
  policyId: string | undefined;
  reserve: number | undefined;
}

/**
 * What the program says, and for what it took out what a new share has, because the service knows no "none". Changes
 * nothing: where there is nothing to go back to, this fails before anything else is changed.
 */
export async function settingsToApply(
  storage: FileStorage,
  shareId: string,
  { snapshotPolicyId, snapshotReserve }: ShareSettings,
  { dropped }: Pick<Operation, "dropped">,
): Promise<SettingsToApply> {
  const policyDropped = snapshotPolicyId === undefined && dropped.includes("snapshotPolicyId");
  return {
    wanted: { snapshotPolicyId, snapshotReserve },
    policyId: policyDropped ? await defaultPolicy(storage, shareId) : snapshotPolicyId,
    reserve: snapshotReserve ?? (dropped.includes("snapshotReserve") ? DEFAULT_RESERVE : undefined),
  };
}

/** Brings a share's settings to these, and tells which of them the program sets. */
export async function applySettings(
  storage: FileStorage,
  shareId: string,
  { wanted, policyId, reserve }: SettingsToApply,
  operation: Operation,
): Promise<ShareSettings> {
  if (policyId !== undefined) await followPolicy(storage, shareId, policyId, operation);
  if (reserve !== undefined) await setReserve(storage, shareId, reserve, operation);
  return wanted;
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

/** One of a share's settings: the service answers at once, and shows the change as "updating" until it is in effect. */
interface Setting<T extends { status: string }> {
  /** As messages call it. */
  what: string;
  read: () => Promise<T>;
  /** Whether it is as wanted. */
  same: (setting: T) => boolean;
  write: () => Promise<unknown>;
  /** Why it is not in effect after all. */
  failure: (setting: T | undefined) => string;
}

async function applySetting<T extends { status: string }>(setting: Setting<T>, operation: Operation): Promise<void> {
  const settled = () =>
    operation.wait({
      read: () => present(setting.read()),
      state: ({ status }) => `${setting.what} ${status}`,
      judge: (_, { status }) => (status === "updating" ? "busy" : "done"),
      absent: "tolerate",
      activity: `waiting for its ${setting.what}`,
      limitSeconds: SETTING_LIMIT_SECONDS,
    });
  const inEffect = (found: T | undefined) => found !== undefined && setting.same(found) && found.status !== "error";
  if (inEffect(await settled())) return;
  await setting.write();
  const after = await settled();
  if (!inEffect(after)) throw new HoldfastError(setting.failure(after));
}

const followPolicy = (storage: FileStorage, shareId: string, policyId: string, operation: Operation): Promise<void> => {
  const share = storage.share(shareId);
  return applySetting(
    {
      what: "snapshot policy",
      read: share.policy,
      same: ({ id }) => id.toLowerCase() === policyId,
      write: () =>
        share.followPolicy(policyId).catch(async (error: unknown) => {
          if (!isNotFound(error) && !isConflict(error)) throw error;
          throw (await whyNotFollowed(storage, policyId)) ?? error;
        }),
      failure: (after) =>
        `share ${shareId} does not follow snapshot policy ${policyId}: its association is in state "${after?.status}", with policy ${after?.id}. Run pulumi up again, or choose another snapshotPolicyId.`,
    },
    operation,
  );
};

const setReserve = (storage: FileStorage, shareId: string, percent: number, operation: Operation): Promise<void> => {
  const share = storage.share(shareId);
  return applySetting(
    {
      what: "snapshot reserve",
      read: share.reserve,
      same: (found) => found.percent === percent,
      write: () => share.setReserve(percent),
      failure: (after) =>
        `share ${shareId} keeps ${after?.percent} % for snapshots instead of ${percent} %: its reserve is in state "${after?.status}". Snapshots may need the space: run pulumi up again, or choose another snapshotReserve.`,
    },
    operation,
  );
};

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
