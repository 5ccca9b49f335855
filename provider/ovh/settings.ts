// What a user can set beside endpoint and credentials. Programs load this file as well as provider processes: it loads
// nothing heavy.
import { ADOPT_WITHIN_MINUTES, above, adoptWithin, type Config, flag, type Setting, setting } from "../core/settings";

/** Calls of the account per second and process. */
export const requestsPerSecond = setting("ovh", "requestsPerSecond", above(0, "10"));
/** How old an object may be that an interrupted creation is taken to have made, in minutes. */
export const adoptWithinMinutes = adoptWithin("ovh");
/** Whether descriptions may carry the mark by which such an object is found. */
export const descriptionMark = setting("ovh", "descriptionMark", flag());

export const ALL_SETTINGS: readonly Setting<unknown>[] = [requestsPerSecond, adoptWithinMinutes, descriptionMark];

/** How creations find what an interrupted one has left behind. */
export interface StorageSettings {
  adoptWithinMinutes: number;
  descriptionMark: boolean;
}

/** As they are set, or by default: what is an hour old at most is taken over, and descriptions carry the mark. */
export const storageSettings = (config: Config): StorageSettings => ({
  adoptWithinMinutes: adoptWithinMinutes.read(config) ?? ADOPT_WITHIN_MINUTES,
  descriptionMark: descriptionMark.read(config) ?? true,
});
