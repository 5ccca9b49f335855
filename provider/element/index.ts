/**
 * NetApp Element (SolidFire): `import { VolumeClone } from "pulumi-holdfast/element"`.
 *
 * @module pulumi-holdfast/element
 */
export type { Timeouts } from "../core/resource";
export * from "./lookups";
export { Provider, type ProviderArgs } from "./provider";
export { Snapshot, type SnapshotArgs } from "./snapshot";
export {
  type VolumeAccess,
  VolumeClone,
  type VolumeCloneArgs,
  type VolumeQos,
  type VolumeSource,
} from "./volumeClone";
