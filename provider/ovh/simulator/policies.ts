import { randomUUID } from "node:crypto";
import { refuse } from "../../simulator/refusal";
import { findPolicy, findService, findShare } from "./lookup";
import { begin } from "./progress";
import type { PolicyRecord, PolicyRule } from "./records";
import type { World } from "./world";

/** Rules per policy (OVHcloud guide: concepts). */
const MOST_RULES = 4;

/** A new snapshot policy. */
export function createPolicy(
  world: World,
  serviceId: string,
  input: { name: string | null; description: string | null; rules: PolicyRule[] },
): PolicyRecord {
  findService(world, serviceId);
  if (input.rules.length > MOST_RULES) throw refuse(400, `A policy has at most ${MOST_RULES} rules`);
  if (new Set(input.rules.map((rule) => rule.prefix)).size < input.rules.length) {
    throw refuse(400, "The prefixes of a policy's rules must differ");
  }
  const policy: PolicyRecord = {
    ...input,
    id: randomUUID(),
    serviceId,
    isDefault: false,
    createdAt: world.now(),
    status: "creating",
    progress: null,
  };
  begin(world, "createPolicy", policy, {
    through: ["creating"],
    success: { status: "available" },
    failure: { status: "error" },
    unchanged: { status: "available" },
  });
  world.state.policies.set(policy.id, policy);
  world.commit();
  return policy;
}

const requireOwn = (world: World, policy: PolicyRecord): void => {
  // the default policy cannot be altered (OVHcloud guide: control panel)
  if (policy.isDefault) {
    throw refuse(world.settings.refusals.policy, `Snapshot policy ${policy.id} is the default policy`);
  }
};

/** Changes name and description. Rules cannot be changed (OVHcloud guide: snapshot policy). */
export function updatePolicy(
  world: World,
  policy: PolicyRecord,
  change: { name: string | undefined; description: string | undefined },
): void {
  requireOwn(world, policy);
  policy.name = change.name ?? policy.name;
  policy.description = change.description ?? policy.description;
  world.commit();
}

/** Starts the deletion of a policy that no share follows. */
export function deletePolicy(world: World, serviceId: string, policyId: string): void {
  const policy = findPolicy(world, serviceId, policyId);
  requireOwn(world, policy);
  const follower = [...world.state.shares.values()].find(
    ({ policy: { id, progress } }) => id === policyId || progress?.end.policyId === policyId,
  );
  if (follower) {
    const message = `Snapshot policy ${policyId} is associated with share ${follower.id}`;
    throw refuse(world.settings.refusals.policy, message);
  }
  if (policy.status !== "available" && policy.status !== "error") {
    throw refuse(world.settings.refusals.policy, `Snapshot policy ${policyId} is ${policy.status}`);
  }
  begin(world, "deletePolicy", policy, {
    through: ["deleting"],
    success: { gone: true },
    failure: { status: "error" },
    unchanged: { status: "available" },
  });
  world.commit();
}

/** Lets a share follow another policy. There is no way to follow none. */
export function associatePolicy(world: World, serviceId: string, shareId: string, policyId: string): void {
  const share = findShare(world, serviceId, shareId);
  const policy = findPolicy(world, serviceId, policyId);
  if (policy.status !== "available") {
    throw refuse(world.settings.refusals.policy, `Snapshot policy ${policyId} is ${policy.status}, not available`);
  }
  const before = share.policy.id;
  share.policy.id = policy.id;
  begin(world, "associatePolicy", share.policy, {
    through: ["updating"],
    success: { status: "active" },
    failure: { status: "error" },
    unchanged: { status: "active", policyId: before },
  });
  world.commit();
}

/** Sets the percentage of a share set aside for snapshots. */
export function setReserve(world: World, serviceId: string, shareId: string, percent: number): void {
  const share = findShare(world, serviceId, shareId);
  if (percent < 5 || percent > 100) throw refuse(400, `percent ${percent} is not within 5 and 100`);
  const before = share.reserve.percent;
  share.reserve.percent = percent;
  begin(world, "setReserve", share.reserve, {
    through: ["updating"],
    success: { status: "active" },
    failure: { status: "error" },
    unchanged: { status: "active", percent: before },
  });
  world.commit();
}
