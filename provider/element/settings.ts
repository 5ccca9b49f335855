// What a user can set beside the account. Programs load this file as well as provider processes: it loads nothing heavy.
import { ADOPT_WITHIN_MINUTES, adoptWithin, type Config, type Setting } from "../core/settings";

/** How old an object may be that an interrupted creation is taken to have made, in minutes. */
export const adoptWithinMinutes = adoptWithin("element");

export const ALL_SETTINGS: readonly Setting<unknown>[] = [adoptWithinMinutes];

/** How creations find what an interrupted one has left behind. */
export interface StorageSettings {
  /**
   * How old an object may be that an interrupted creation is taken to have made, in minutes; a clone that is still being copied
   * is taken over at any age. 0 takes nothing over.
   */
  adoptWithinMinutes: number;
}

/** As they are set, or by default: what is an hour old at most is taken over. */
export const storageSettings = (config: Config): StorageSettings => ({
  adoptWithinMinutes: adoptWithinMinutes.read(config) ?? ADOPT_WITHIN_MINUTES,
});
