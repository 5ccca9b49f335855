import type { System } from "../core/system";
import { element } from "../element/system";
import { ovh } from "../ovh/system";

/** Every system that the commands know, in the order in which they are asked. */
export const SYSTEMS: readonly System[] = [ovh, element];
