/**
 * OVHcloud Enterprise File Storage: `import { ShareClone } from "pulumi-holdfast/ovh"`.
 *
 * @module pulumi-holdfast/ovh
 */
export type { Timeouts } from "../core/resource";
export type { CloneAccessRule, CloneComponentArgs } from "./cloneComponent";
export type { SourceFacts } from "./cloneConstraints";
export { EnvironmentClone, type EnvironmentCloneArgs } from "./environmentClone";
export { HeldSnapshot, type HeldSnapshotArgs, type SnapshotSelection } from "./heldSnapshot";
export * from "./lookups";
export {
  type AccessTokenArgs,
  type ApplicationKeyArgs,
  type EndpointArgs,
  Provider,
  type ProviderArgs,
  type ServiceAccountArgs,
} from "./provider";
export { type RecoveryAccessRule, RecoveryClone, type RecoveryCloneArgs } from "./recoveryClone";
export type { RefreshSchedule } from "./refreshTrigger";
export { type AccessPath, Share, type ShareArgs } from "./share";
export { ShareAccessRule, type ShareAccessRuleArgs } from "./shareAccessRule";
export { ShareClone, type ShareCloneArgs } from "./shareClone";
export { type LostSnapshot, ShareRevert, type ShareRevertArgs } from "./shareRevert";
export { Snapshot, type SnapshotArgs } from "./snapshot";
export {
  SnapshotPolicy,
  type SnapshotPolicyArgs,
  type SnapshotPolicyRule,
  type SnapshotPolicySchedule,
  type StoredSnapshotPolicyRule,
} from "./snapshotPolicy";
