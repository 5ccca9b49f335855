import { randomUUID } from "node:crypto";
import { isVisible, snapshotsOf } from "./lookup";
import type { PolicyRule, ShareRecord, SnapshotRecord } from "./records";
import { automaticName, instants, multiples } from "./schedule";
import type { World } from "./world";

/** A name that no other snapshot of the share has: two in one minute get a number. */
const uniqueName = (world: World, share: ShareRecord, wanted: string): string => {
  const names = new Set(snapshotsOf(world, share.id).map((snapshot) => snapshot.name));
  let name = wanted;
  for (let number = 2; names.has(name); number += 1) name = `${wanted}_${number}`;
  return name;
};

/** Deletes the oldest automatic snapshots of a rule beyond `copies`. Held ones no longer count (OVHcloud guide: hold an automatic snapshot). */
const rotate = (world: World, share: ShareRecord, prefix: string, copies: number): void => {
  const kept = snapshotsOf(world, share.id)
    .filter((snapshot) => snapshot.type === "automatic" && snapshot.rule === prefix && snapshot.heldAs === null)
    .sort((one, other) => one.createdAt - other.createdAt);
  for (const snapshot of kept.slice(0, Math.max(0, kept.length - copies))) world.state.snapshots.delete(snapshot.id);
};

/** A snapshot that OVHcloud itself makes: there at once, no state before available. */
export function addBackendSnapshot(
  world: World,
  share: ShareRecord,
  from: { type: "automatic" | "system"; name: string; rule: string; at: number },
): SnapshotRecord {
  const name = uniqueName(world, share, from.name);
  const snapshot: SnapshotRecord = {
    id: randomUUID(),
    shareId: share.id,
    name,
    description: null,
    type: from.type,
    createdAt: from.at,
    // the format is unconfirmed, our assumption: ONTAP shows snapshots in a hidden folder
    path: `/.snapshot/${name}`,
    size: share.size,
    usedGiB: share.usedGiB,
    files: share.files,
    rule: from.rule,
    heldAs: null,
    heldFrom: "",
    status: "available",
    progress: null,
  };
  world.state.snapshots.set(snapshot.id, snapshot);
  return snapshot;
}

/** Takes one automatic snapshot as the share's policy would, and rotates. A policy without that rule rotates nothing. */
export function takeAutomatic(world: World, share: ShareRecord, at: number, prefix?: string): SnapshotRecord {
  const rules = world.state.policies.get(share.policy.id)?.rules ?? [];
  const rule = prefix === undefined ? rules[0] : rules.find((candidate) => candidate.prefix === prefix);
  const name = rule?.prefix ?? prefix ?? "automatic";
  const snapshot = addBackendSnapshot(world, share, {
    type: "automatic",
    name: automaticName(name, at, world.settings.snapshotEveryMs !== undefined),
    rule: name,
    at,
  });
  if (rule) rotate(world, share, rule.prefix, rule.copies);
  return snapshot;
}

/** Takes the automatic snapshots that are due since the last time. Answers whether there were any. */
export function runSchedules(world: World, now: number): boolean {
  const every = world.settings.snapshotEveryMs;
  let took = false;
  for (const share of world.state.shares.values()) {
    const since = share.scheduledUntil;
    share.scheduledUntil = now;
    if (share.status !== "available" || now <= since) continue;
    const rules = world.state.policies.get(share.policy.id)?.rules ?? [];
    // what a rule would rotate away at once need not be made
    const times = ({ schedule, copies }: PolicyRule): number[] =>
      every === undefined ? instants(schedule, since, now, copies) : multiples(every, since, now, copies);
    const due = (every === undefined ? rules : rules.slice(0, 1))
      .flatMap((rule) => times(rule).map((at) => ({ at, prefix: rule.prefix })))
      .sort((one, other) => one.at - other.at);
    for (const { at, prefix } of due) {
      const taken = snapshotsOf(world, share.id).filter((snapshot) => isVisible(world, snapshot)).length;
      if (taken >= world.settings.snapshotsPerShare) break;
      takeAutomatic(world, share, at, prefix);
      took = true;
    }
  }
  return took;
}
