import type * as pulumi from "@pulumi/pulumi";
import { isOfType, lookUp, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

/**
 * A manual snapshot: the share as it is now, kept until the resource is deleted. A busy
 * share is waited for.
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
  /** Description, empty where there is none. */
  declare readonly description: pulumi.Output<string>;
  /** `manual`: nothing rotates it away, and it blocks the deletion of its share. */
  declare readonly type: pulumi.Output<string>;
  /** The service's word for its state, `available` when it can be used. */
  declare readonly status: pulumi.Output<string>;
  /** The time of the data, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Where the snapshot can be seen in the mounted share. */
  declare readonly path: pulumi.Output<string>;
  /**
   * The share's size in GiB when the snapshot was taken: a clone needs at least as much. Not known of one that was
   * looked up, imported or moved here: the service does not tell.
   */
  declare readonly shareSize: pulumi.Output<number | undefined>;

  constructor(name: string, args: SnapshotArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:Snapshot", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is Snapshot {
    return isOfType(value, Snapshot.__pulumiType);
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

/** What a `Snapshot` is made from, as plain values. */
export interface SnapshotInputs {
  /** ID of the Enterprise File Storage service, a UUID. Changing it replaces the snapshot. */
  serviceName: string;
  /** ID of the share to take the snapshot of. Changing it replaces the snapshot. */
  shareId: string;
  /** Any value; changing it takes a new snapshot, and deletes the old one afterwards. */
  trigger?: unknown;
  /**
   * Name shown in the control panel, 1 to 255 characters. Changed in place.
   * @default the resource's name, a mark of this resource, and a number; taking it out later leaves the name as it is
   */
  name?: string | undefined;
  /**
   * Description, at most 255 characters. Changed in place; taking it out clears it. With a `name`, the service's own has a
   * mark of this resource at the end, which `ovh:descriptionMark` keeps out.
   */
  description?: string | undefined;
  /**
   * How long create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets
   * the same. Changing only this calls no API. @default 10 minutes
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `Snapshot`: its inputs, each also as an output of another resource. */
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
