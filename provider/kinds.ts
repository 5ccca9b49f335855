/** Every kind of resource that a state may name. Kinds are permanent. */
export type ResourceKind =
  | "ovh:Share"
  | "ovh:Snapshot"
  | "ovh:HeldSnapshot"
  | "ovh:ShareClone"
  | "ovh:ShareAccessRule"
  | "ovh:SnapshotPolicy"
  | "ovh:ShareRevert";
