import { ApiError, HoldfastError, TerminalStateError } from "../core/errors";
import type { Waiting } from "../core/lifecycle";
import { isNotFound } from "./answers";
import type { FileStorage } from "./client";
import { refusedDeletion } from "./deletion";
import type { PolicyModel, ShareModel } from "./models";
import { LEAVING, SHARE_LIMIT_SECONDS } from "./shareStates";

const DELETING: ReadonlySet<string> = new Set(["deleting"]);

/** Seconds that making or deleting a policy may take where the program sets no limit. */
export const POLICY_LIMIT_SECONDS = 10 * 60;

export function settledPolicy({ status }: { status?: string | undefined }): "settled" | "busy" | "failed" {
  if (status === "error") return "failed";
  return status === undefined || status === "available" ? "settled" : "busy";
}

/** One policy as the service lists it now. */
export async function findPolicy(
  storage: FileStorage,
  id: string,
  maxAgeMs?: number,
): Promise<PolicyModel | undefined> {
  const policies = maxAgeMs === undefined ? await storage.policies.kept() : await storage.policies.recent(maxAgeMs);
  return policies.find((policy) => policy.id === id);
}

/** Deletes a policy that no share follows, and waits until the service no longer lists it. */
export async function deletePolicy(storage: FileStorage, id: string, operation: Waiting): Promise<void> {
  const policy = await operation.wait({
    read: (maxAgeMs) => findPolicy(storage, id, maxAgeMs),
    state: ({ status }) => status,
    judge: (status) => (settledPolicy({ status }) === "busy" && status !== "deleting" ? "busy" : "done"),
    absent: "done",
    activity: "waiting for the policy to settle",
    limitSeconds: POLICY_LIMIT_SECONDS,
  });
  if (policy === undefined) return;
  if (policy.isDefault) {
    throw new HoldfastError(
      `snapshot policy ${id} is the service's default one, which can't be deleted. Run pulumi state delete with its URN to take it out of the state.`,
    );
  }
  if (policy.status !== "deleting") await beginDeletion(storage, id, operation);
  await operation.wait({
    read: (maxAgeMs) => findPolicy(storage, id, maxAgeMs),
    state: ({ status }) => status,
    judge: (status) =>
      // One that was in error before shows it until the deletion begins.
      status === "error" && policy.status !== "error"
        ? new TerminalStateError(
            `snapshot policy ${id} could not be deleted (error). Try again, or ask OVHcloud's support.`,
            status,
          )
        : "busy",
    absent: "done",
    activity: "deleting",
    limitSeconds: POLICY_LIMIT_SECONDS,
  });
}

/** Ends when the policy is gone or on its way; fails where shares that stay follow it. */
async function beginDeletion(storage: FileStorage, id: string, operation: Waiting): Promise<void> {
  for (let unexplained = 0; ; ) {
    const refusal = await refusalOfDeletion(storage, id);
    if (refusal === undefined) return;
    const followers = await explaining(refusal, () => followersOf(storage, id));
    const staying = followers.filter(({ status }) => !LEAVING.has(status));
    if (staying.length > 0) throw await explaining(refusal, () => blocked(storage, id, staying));
    // The last follower may have gone between the refusal and the look at the shares: once more, then it is as it is.
    if (followers.length === 0) unexplained += 1;
    if (unexplained > 1) throw refusal;
    await untilGone(storage, followers, operation);
  }
}

/** Asks for the deletion: a refusal that stands, or `undefined` when the policy is gone or on its way. */
async function refusalOfDeletion(storage: FileStorage, id: string): Promise<ApiError | undefined> {
  const refused = await refusedDeletion({
    send: () => storage.deletePolicy(id),
    read: () => findPolicy(storage, id, 0),
    leaving: DELETING,
  });
  if (isNotFound(refused?.refusal)) throw refused.refusal;
  return refused?.refusal;
}

/** What the service refused must not be lost because the look at its cause fails too. */
async function explaining<T>(refusal: ApiError, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new HoldfastError(
      `${refusal.message.replace(/\.?$/, ".")} Shares may follow the policy, but which ones could not be read: ${error.message}`,
    );
  }
}

/** How many shares are asked at a time which policy they follow: there is no list of that. */
const ASKED_AT_A_TIME = 4;

/** The shares that follow a policy. Costs a call for each share of the service. */
async function followersOf(storage: FileStorage, id: string): Promise<ShareModel[]> {
  const shares = await storage.shares.recent(0);
  const followers: ShareModel[] = [];
  for (let first = 0; first < shares.length; first += ASKED_AT_A_TIME) {
    const some = shares.slice(first, first + ASKED_AT_A_TIME);
    const followed = await Promise.all(some.map((share) => followedBy(storage, share.id)));
    followers.push(...some.filter((_, index) => followed[index] === id));
  }
  return followers;
}

/** The policy that a share follows; `undefined` when the share has gone since, or is too new to have one shown. */
async function followedBy(storage: FileStorage, shareId: string): Promise<string | undefined> {
  try {
    return (await storage.share(shareId).policy()).id;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function blocked(storage: FileStorage, id: string, shares: readonly ShareModel[]): Promise<HoldfastError> {
  const standard = (await storage.policies.recent(0)).find(({ isDefault }) => isDefault);
  const names = shares.map((share) => `${share.id} ("${share.name ?? ""}")`).join(", ");
  const example = standard === undefined ? "" : `, for example the service's default one, ${standard.id}`;
  return new HoldfastError(
    `snapshot policy ${id} is followed by shares, and the service deletes no policy that is: ${names}. A share always follows one: set snapshotPolicyId of these shares to another policy${example}, then try again.`,
  );
}

/** Shares that are being deleted let their policy go when they are gone. One whose deletion fails stays after all. */
async function untilGone(storage: FileStorage, followers: readonly ShareModel[], operation: Waiting): Promise<void> {
  await operation.wait({
    read: async (maxAgeMs) => {
      const listed = new Map((await storage.shares.recent(maxAgeMs)).map((share) => [share.id, share]));
      return followers.flatMap(({ id: shareId }) => listed.get(shareId) ?? []);
    },
    state: ({ length }) => `waiting for ${length} of its shares to be deleted`,
    judge: (_, left) => (left.some(({ status }) => LEAVING.has(status)) ? "busy" : "done"),
    absent: "done",
    activity: "waiting for the shares that follow it",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });
}
