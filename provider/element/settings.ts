// What a user can set beside the account. Programs load this file as well as provider processes: it loads nothing heavy.
import { atLeast, type Config, type Form, flag, type Setting, setting } from "../core/settings";
import type { ElementField } from "./credentials";

/** What the parts of an account may be that are neither names nor texts of others. */
export const FORMS: Partial<Record<ElementField, Form<unknown>>> & {
  apiVersion: Form<string>;
  verifyCertificate: Form<boolean>;
} = {
  apiVersion: {
    wanted: "a version such as 12.5",
    parse: (text) => (/^\d{1,3}\.\d{1,3}$/.test(text) ? text : undefined),
  },
  verifyCertificate: flag(),
};

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
