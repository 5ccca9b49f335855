import { type Steering, settleJobs } from "./jobs";
import type { Settings } from "./options";
import type { Counter, State } from "./records";
import { purge, purgeTime } from "./volumeRules";

/** What all parts of the model share: the state, the settings and the time. */
export interface World {
  readonly state: State;
  readonly settings: Settings;
  /** How the next clones go. */
  steerings: { steering: Steering; left: number }[];
  /** The model's time in milliseconds since the epoch. */
  now(): number;
  /** Brings every object up to date. Every access begins with it; there are no timers. */
  settle(): void;
  /** Keeps a change in the state file. */
  commit(): void;
  nextID(counter: Counter): number;
  log(eventInfoType: string, message: string, details: Readonly<Record<string, unknown>>, at?: number): void;
}

/** Events that are kept; older ones are forgotten. */
const MOST_EVENTS = 1000;

/** The time-driven part of the model, over a given state. */
export function createWorld(state: State, settings: Settings, save: () => void): World {
  const world: World = {
    state,
    settings,
    steerings: [],
    now: () => settings.now() + state.clockOffsetMs,
    settle() {
      const now = world.now();
      settleJobs(world, now);
      for (const snapshot of state.snapshots.values()) {
        if (snapshot.expiresAt !== null && snapshot.expiresAt <= now) state.snapshots.delete(snapshot.snapshotID);
      }
      for (const volume of state.volumes.values()) {
        const until = purgeTime(volume);
        if (until !== null && until <= now) purge(world, volume.volumeID);
        // a new volume is active, but shows 0 at first (spec 6.3)
        else if (volume.status === "active" && volume.readyAt <= now) volume.sliceCount = 1;
      }
    },
    commit: save,
    nextID(counter) {
      const id = state.counters[counter];
      state.counters[counter] = id + 1;
      return id;
    },
    log(eventInfoType, message, details, at = world.now()) {
      state.events.push({ eventID: world.nextID("event"), eventInfoType, message, details, at });
      if (state.events.length > MOST_EVENTS) state.events.shift();
    },
  };
  return world;
}
