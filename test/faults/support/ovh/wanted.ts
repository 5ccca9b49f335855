import type { Properties } from "../../../../provider/core/properties";
import type { Program } from "../stack";
import type { Count } from "../system";
import type { OvhWorld } from "./service";

type Model = OvhWorld["simulator"]["model"];

const find = <T extends { id: string }>(objects: readonly T[], id: string): T | undefined =>
  objects.find((object) => object.id === id);

/** What the service has of a resource, in the words of its arguments. */
function live(model: Model, kind: string, id: string): Properties | undefined {
  switch (kind) {
    case "ovh:Share":
    case "ovh:ShareClone": {
      const share = find(model.shares, id);
      return (
        share && {
          ...share,
          snapshotPolicyId: share.policy.id,
          snapshotReserve: share.reserve.percent,
          settled: [share.status, share.policy.status, share.reserve.status].join(),
        }
      );
    }
    case "ovh:Snapshot":
    case "ovh:HeldSnapshot": {
      const snapshot = find(model.snapshots, id);
      return snapshot && { ...snapshot, settled: `${snapshot.type} ${snapshot.status}` };
    }
    case "ovh:ShareAccessRule": {
      const share = model.shares.find(({ rules }) => find(rules, id));
      const rule = share && find(share.rules, id);
      return rule && { ...rule, shareId: share?.id, settled: rule.status };
    }
    case "ovh:SnapshotPolicy": {
      const policy = find(model.policies, id);
      return policy && { ...policy, rules: policy.rules.map(({ prefix, copies }) => `${prefix} ${copies}`).join() };
    }
  }
  return undefined;
}

const SETTLED: Readonly<Record<string, string>> = {
  "ovh:Share": "available,active,active",
  "ovh:ShareClone": "available,active,active",
  "ovh:Snapshot": "manual available",
  "ovh:HeldSnapshot": "manual available",
  "ovh:ShareAccessRule": "active",
};

/** Arguments that say how a thing is made, which it does not show afterwards. */
const NOT_SHOWN = new Set(["serviceName", "select", "trigger"]);

/** A description may end with a mark of ours. */
const isText = (text: unknown, wanted: string): boolean =>
  typeof text === "string" && text.replace(/ ?\[holdfast [a-z2-7]{13}\]$/, "") === wanted;

function sameAs(key: string, value: unknown, wanted: unknown): boolean {
  if (key === "description") return isText(value, String(wanted));
  return value === wanted;
}

/** How many objects a program declares. */
export function declaredCount(program: Program): Count {
  const number = (...kinds: string[]) => program.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    shares: number("ovh:Share", "ovh:ShareClone"),
    snapshots: number("ovh:Snapshot", "ovh:HeldSnapshot"),
    rules: number("ovh:ShareAccessRule"),
    policies: number("ovh:SnapshotPolicy"),
  };
}

/** In what the service differs from what a program declares, resource by resource; empty when all is well. */
export function differences({ stack, simulator }: OvhWorld, declared: Program): string[] {
  const found: string[] = [];
  for (const { kind, name, args } of declared) {
    const id = stack.idOf(name);
    // An act has no object of its own.
    if (kind === "ovh:ShareRevert" && id !== undefined) continue;
    const object = id === undefined ? undefined : live(simulator.model, kind, id);
    if (object === undefined) {
      found.push(`${name} (${id}) does not exist`);
      continue;
    }
    const wanted: Properties = { ...args((other) => stack.idOf(other) ?? ""), settled: SETTLED[kind] };
    if (kind === "ovh:HeldSnapshot" || kind === "ovh:Snapshot") {
      const { shareId } = object;
      if (shareId !== wanted["shareId"]) found.push(`${name} belongs to ${String(shareId)}`);
    }
    if (kind === "ovh:ShareClone") delete wanted["shareId"];
    if (Array.isArray(wanted["rules"])) {
      wanted["rules"] = wanted["rules"].map((rule: Properties) => `${rule["prefix"]} ${rule["copies"]}`).join();
    }
    for (const [key, value] of Object.entries(wanted)) {
      if (value === undefined || NOT_SHOWN.has(key) || sameAs(key, object[key], value)) continue;
      found.push(`${name} has ${key} ${JSON.stringify(object[key])} instead of ${JSON.stringify(value)}`);
    }
  }
  return found;
}
