import { randomUUID } from "node:crypto";
import { isIPv4 } from "node:net";
import { refuse } from "../../simulator/refusal";
import { findService, findShare, requireAvailable } from "./lookup";
import { begin } from "./progress";
import type { AccessPathRecord, AclRuleRecord } from "./records";
import { requireNetwork } from "./shares";
import type { World } from "./world";

/** The mount paths: none before the share has been available for the first time (unconfirmed; our assumption). */
export function listAccessPaths(world: World, serviceId: string, shareId: string): AccessPathRecord[] {
  const share = findShare(world, serviceId, shareId);
  const shown = share.readyAt !== null && world.now() >= share.readyAt + world.settings.accessPathDelayMs;
  return shown ? share.accessPaths : [];
}

/** One mount path, or 404. */
export function findAccessPath(world: World, serviceId: string, shareId: string, id: string): AccessPathRecord {
  const path = listAccessPaths(world, serviceId, shareId).find((candidate) => candidate.id === id);
  if (!path) throw refuse(404, `Access path ${id} does not exist on share ${shareId}`);
  return path;
}

/** One access rule, or 404. */
export function findRule(world: World, serviceId: string, shareId: string, id: string): AclRuleRecord {
  const rule = findShare(world, serviceId, shareId).rules.find((candidate) => candidate.id === id);
  if (!rule) throw refuse(404, `Access rule ${id} does not exist on share ${shareId}`);
  return rule;
}

const isAddress = (text: string): boolean => {
  const [address, length, ...rest] = text.split("/");
  if (rest.length > 0 || address === undefined || !isIPv4(address)) return false;
  return length === undefined || (/^\d{1,2}$/.test(length) && Number(length) <= 32);
};

/** Lets an address mount a share. */
export function createRule(
  world: World,
  serviceId: string,
  shareId: string,
  input: { accessLevel: "ro" | "rw"; accessTo: string },
): AclRuleRecord {
  const share = findShare(world, serviceId, shareId);
  const { refusals, rulesPerShare } = world.settings;
  if (!isAddress(input.accessTo)) {
    throw refuse(400, `accessTo "${input.accessTo}" is neither an IPv4 address nor a CIDR range`);
  }
  requireNetwork(world, findService(world, serviceId));
  requireAvailable(world, share, "access rule");
  if (share.rules.some((rule) => rule.accessTo === input.accessTo)) {
    throw refuse(refusals.duplicateRule, `Share ${shareId} has an access rule for ${input.accessTo}`);
  }
  if (share.rules.length >= rulesPerShare) {
    throw refuse(refusals.limit, `Share ${shareId} has its ${rulesPerShare} access rules`);
  }
  const rule: AclRuleRecord = { ...input, id: randomUUID(), createdAt: world.now(), status: "", progress: null };
  begin(world, "createAclRule", rule, {
    through: ["queued_to_apply", "applying"],
    success: { status: "active" },
    failure: { status: "error" },
    unchanged: { status: "active" },
  });
  share.rules.push(rule);
  world.commit();
  return rule;
}

/** Takes an access rule away. */
export function deleteRule(world: World, serviceId: string, shareId: string, id: string): void {
  const rule = findRule(world, serviceId, shareId, id);
  requireAvailable(world, findShare(world, serviceId, shareId), "access rule");
  if (rule.progress?.end.gone) throw refuse(world.settings.refusals.shareBusy, `Access rule ${id} is ${rule.status}`);
  begin(world, "deleteAclRule", rule, {
    through: ["queued_to_deny", "denying"],
    success: { gone: true },
    failure: { status: "error" },
    unchanged: { status: "active" },
  });
  world.commit();
}
