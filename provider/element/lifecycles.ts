import { type Lifecycle, untyped } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import type { ResourceKind } from "../kinds";
import type { Element } from "./client";
import { snapshot } from "./snapshot.lifecycle";
import { volumeClone } from "./volumeClone.lifecycle";

/** The lifecycle of every kind of this system. */
export const elementLifecycles = (
  element: Element,
): Partial<Record<ResourceKind, Lifecycle<Properties, Properties>>> => ({
  "element:VolumeClone": untyped(volumeClone(element)),
  "element:Snapshot": untyped(snapshot(element)),
});
