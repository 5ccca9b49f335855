import * as pulumi from "@pulumi/pulumi";
import { lookUp, ManagedResource, outputs, type Wrapped } from "../core/resource";
import type { SnapshotInputs } from "./snapshot.lifecycle";

/**
 * A manual snapshot: the share as it is now, kept until the resource is deleted. The share must be available.
 *
 * Source: OVHcloud guide "Enterprise File Storage - Managing volume snapshots".
 * @example
 * ```ts
 * const before = new Snapshot("before-migration", { serviceName, shareId: production.id });
 * ```
 */
export class Snapshot extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:Snapshot";

  /** ID of the service. */
  declare readonly serviceName: pulumi.Output<string>;
  /** ID of the share. */
  declare readonly shareId: pulumi.Output<string>;
  /** Name. */
  declare readonly name: pulumi.Output<string>;
  /** Description. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** `manual`: nothing rotates it away, and it blocks the deletion of its share. */
  declare readonly type: pulumi.Output<string>;
  /** The service's word for its state, `available` when it can be used. */
  declare readonly status: pulumi.Output<string>;
  /** The time of the data, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Where the snapshot can be seen in the mounted share. */
  declare readonly path: pulumi.Output<string>;
  /** The share's size in GiB when the snapshot was taken: a clone needs at least as much. */
  declare readonly shareSize: pulumi.Output<number>;

  constructor(name: string, args: SnapshotArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:Snapshot", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Snapshot {
    return pulumi.Resource.isInstance(value) && Reflect.get(value, "__pulumiType") === Snapshot.__pulumiType;
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id `<serviceName>/<shareId>/<id>`, or the id alone with `serviceName` and `shareId` in `state`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Partial<Pick<SnapshotArgs, "serviceName" | "shareId">> = {},
    opts?: pulumi.CustomResourceOptions,
  ): Snapshot {
    const found = lookUp("Snapshot", name, id, ["serviceName", "shareId"], state, opts);
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new Snapshot(name, found.args as SnapshotArgs, found.opts);
  }
}

/** Arguments of `Snapshot`. */
export interface SnapshotArgs extends Wrapped<SnapshotInputs> {}

/** Known only from the service. */
const OUTPUTS = [
  "serviceName",
  "shareId",
  "name",
  "description",
  "type",
  "status",
  "createdAt",
  "path",
  "shareSize",
] as const;
