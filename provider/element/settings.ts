// What a user can set beside the account. Programs load this file as well as provider processes: it loads nothing heavy.
import { atLeast, type Config, type Setting, setting } from "../core/settings";

/** How old an object may be that an interrupted creation is taken to have made, in minutes. */
export const adoptWithinMinutes = setting("element", "adoptWithinMinutes", atLeast(0, "60"));

export const ALL_SETTINGS: readonly Setting<unknown>[] = [adoptWithinMinutes];

/** How creations find what an interrupted one has left behind. */
export interface StorageSettings {
  /** How old an object may be that an interrupted creation is taken to have made, in minutes. 0 takes nothing over. */
  adoptWithinMinutes: number;
}

/** As they are set, or by default: what is an hour old at most is taken over. */
export const storageSettings = (config: Config): StorageSettings => ({
  adoptWithinMinutes: adoptWithinMinutes.read(config) ?? 60,
});
