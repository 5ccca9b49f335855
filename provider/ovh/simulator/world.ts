import { runSchedules } from "./automaticSnapshots";
import { snapshotsOf } from "./lookup";
import type { Settings } from "./options";
import { advance, finish, Steerings } from "./progress";
import type { Outcome, ShareRecord, State } from "./records";

/** What all parts of the model share: the state, the settings and the time. */
export interface World {
  readonly state: State;
  readonly settings: Settings;
  readonly steerings: Steerings;
  /** The model's time in milliseconds since the epoch. */
  now(): number;
  /** Brings every object up to date. Every access begins with it; there are no timers. */
  settle(): void;
  /** Keeps a change in the state file. */
  commit(): void;
}

const endShare = (world: World, share: ShareRecord, end: Outcome): void => {
  if (end.gone) {
    world.state.shares.delete(share.id);
    // automatic and system snapshots vanish with their share (Manila)
    for (const snapshot of snapshotsOf(world, share.id)) world.state.snapshots.delete(snapshot.id);
    return;
  }
  if (end.size !== undefined) share.size = end.size;
  if (end.files !== undefined) share.files = end.files;
  if (end.usedGiB !== undefined) share.usedGiB = end.usedGiB;
  for (const id of end.removeSnapshots ?? []) world.state.snapshots.delete(id);
};

const settleShare = (world: World, share: ShareRecord, now: number): void => {
  const end = advance(share, now);
  if (end) endShare(world, share, end);
  if (share.status === "available") share.readyAt ??= now;
  const { policyId } = advance(share.policy, now) ?? {};
  if (policyId !== undefined) share.policy.id = policyId;
  const { percent } = advance(share.reserve, now) ?? {};
  if (percent !== undefined) share.reserve.percent = percent;
  share.rules = share.rules.filter((rule) => {
    // a rule in error must be deleted before others can be applied (Manila)
    const waits =
      rule.status === "queued_to_apply" && share.rules.some((other) => other !== rule && other.status === "error");
    if (waits && rule.progress) rule.progress.since = now;
    return waits || !advance(rule, now)?.gone;
  });
};

/** Shares, snapshots and policies go with their service. */
const removeService = (state: State, id: string): void => {
  state.services.delete(id);
  for (const share of state.shares.values()) {
    if (share.serviceId !== id) continue;
    state.shares.delete(share.id);
    for (const snapshot of state.snapshots.values()) {
      if (snapshot.shareId === share.id) state.snapshots.delete(snapshot.id);
    }
  }
  for (const policy of state.policies.values()) if (policy.serviceId === id) state.policies.delete(policy.id);
};

/** The time-driven part of the model, over a given state. */
export function createWorld(state: State, settings: Settings, save: () => void): World {
  const world: World = {
    state,
    settings,
    steerings: new Steerings(),
    now: () => settings.now() + state.clockOffsetMs,
    settle() {
      const now = world.now();
      for (const service of state.services.values()) {
        if (advance(service, now)?.gone) removeService(state, service.id);
      }
      for (const share of state.shares.values()) settleShare(world, share, now);
      for (const snapshot of state.snapshots.values()) {
        // a snapshot that a share is being reverted to waits for the share, however that ends
        if (snapshot.status === "restoring" && !state.shares.get(snapshot.shareId)?.progress) finish(snapshot);
        const end = advance(snapshot, now);
        if (end?.gone) state.snapshots.delete(snapshot.id);
        for (const id of end?.removeSnapshots ?? []) state.snapshots.delete(id);
        // after a failed hold the automatic snapshot is still on the backend (unconfirmed; our assumption)
        const source = snapshot.status === "manage_error" ? state.snapshots.get(snapshot.heldFrom) : undefined;
        if (source?.heldAs === snapshot.id) source.heldAs = null;
      }
      for (const policy of state.policies.values()) {
        if (advance(policy, now)?.gone) state.policies.delete(policy.id);
      }
      if (settings.schedule && runSchedules(world, now)) save();
    },
    commit: save,
  };
  return world;
}
