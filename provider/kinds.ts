/** Every kind of resource that a state may name. Kinds are permanent. */
export type ResourceKind = OvhKind | ElementKind;

export type OvhKind =
  | "ovh:Share"
  | "ovh:Snapshot"
  | "ovh:HeldSnapshot"
  | "ovh:ShareClone"
  | "ovh:ShareAccessRule"
  | "ovh:SnapshotPolicy"
  | "ovh:ShareRevert";

export type ElementKind = "element:VolumeClone" | "element:Snapshot";
