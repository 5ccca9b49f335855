export { HeldSnapshot, type HeldSnapshotArgs } from "./heldSnapshot";
export { Share, type ShareArgs } from "./share";
export { ShareAccessRule, type ShareAccessRuleArgs } from "./shareAccessRule";
export { ShareClone, type ShareCloneArgs } from "./shareClone";
export { Snapshot, type SnapshotArgs } from "./snapshot";
