import { type Lifecycle, untyped } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import type { ResourceKind } from "../kinds";
import type { FileStorage } from "./client";
import { heldSnapshot } from "./heldSnapshot.lifecycle";
import { share } from "./share.lifecycle";
import { shareAccessRule } from "./shareAccessRule.lifecycle";
import { shareClone } from "./shareClone.lifecycle";
import { shareRevert } from "./shareRevert.lifecycle";
import { snapshot } from "./snapshot.lifecycle";
import { snapshotPolicy } from "./snapshotPolicy.lifecycle";

/** The lifecycle of every kind of this system. */
export const ovhLifecycles = (
  storageOf: (serviceName: string) => FileStorage,
): Partial<Record<ResourceKind, Lifecycle<Properties, Properties>>> => ({
  "ovh:Share": untyped(share(storageOf)),
  "ovh:Snapshot": untyped(snapshot(storageOf)),
  "ovh:HeldSnapshot": untyped(heldSnapshot(storageOf)),
  "ovh:ShareClone": untyped(shareClone(storageOf)),
  "ovh:ShareAccessRule": untyped(shareAccessRule(storageOf)),
  "ovh:SnapshotPolicy": untyped(snapshotPolicy(storageOf)),
  "ovh:ShareRevert": untyped(shareRevert(storageOf)),
});
