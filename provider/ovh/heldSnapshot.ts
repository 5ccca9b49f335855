import type * as pulumi from "@pulumi/pulumi";
import { isOfType, lookUp, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";
import type { SourceFacts } from "./cloneConstraints";

/**
 * An automatic snapshot made manual, so that its policy does not rotate it away and it can be cloned. The service gives
 * it a new id, which is this resource's; the old one stays as `sourceSnapshotId`. There is no way back: deleting the
 * resource deletes the snapshot. A busy share is waited for.
 *
 * A preview asks the service about a `snapshotId` that is known when it is named anew, and refuses at once what can't be
 * held. Where the service can't be asked, create decides.
 *
 * Errors: the snapshot is manual already, or gone; with `select`, the newest point is already held, maybe by a run
 * that was interrupted: the message has the command that imports it. Leave `deleteBeforeReplace` off: it would delete the
 * held point before anybody knows whether there is a newer one.
 * Source: OVHcloud guide "Enterprise File Storage - Holding an automatic snapshot".
 * @example
 * ```ts
 * const held = new HeldSnapshot("refresh", { serviceName, shareId, select: { newest: true }, trigger: "2026-11-21" });
 * ```
 */
export class HeldSnapshot extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:HeldSnapshot";

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
  /** The automatic snapshot's id, which ended when it was held. */
  declare readonly sourceSnapshotId: pulumi.Output<string>;
  /**
   * What was true of `snapshotId` when the program began to name it: it is not updated. `undefined` with `select`, and where
   * the service could not be asked.
   */
  declare readonly source: pulumi.Output<SourceFacts | undefined>;
  /**
   * The share's size in GiB when the snapshot was held: a clone needs at least as much. Not known of one that was
   * looked up, imported or moved here: the service does not tell.
   */
  declare readonly shareSize: pulumi.Output<number | undefined>;

  constructor(name: string, args: HeldSnapshotArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:HeldSnapshot", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is HeldSnapshot {
    return isOfType(value, HeldSnapshot.__pulumiType);
  }

  /**
   * A look-up of what exists and is managed elsewhere. Missing: an error.
   * @param id `<serviceName>/<shareId>/<id>`, or the id alone with `serviceName` and `shareId` in `state`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Partial<Pick<HeldSnapshotArgs, "serviceName" | "shareId">> = {},
    opts?: pulumi.CustomResourceOptions,
  ): HeldSnapshot {
    const found = lookUp("HeldSnapshot", name, id, ["serviceName", "shareId"], state, opts);
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new HeldSnapshot(name, found.args as HeldSnapshotArgs, found.opts);
  }
}

/** Which automatic snapshot to hold. */
export interface SnapshotSelection {
  /** Take the newest point in time: the only way to select. */
  newest: true;
  /**
   * Only points before this RFC 3339 time, `2026-11-21T09:00:00Z`. Where the newest of them is manual, whoever took or holds
   * it, preview and create name it, for a clone to use, and hold nothing.
   */
  before?: string | undefined;
  /** Only points whose name begins with this text, the prefix of a policy's rule for example. */
  namePrefix?: string | undefined;
}

/** What a `HeldSnapshot` is made from, as plain values. */
export interface HeldSnapshotInputs {
  /** ID of the Enterprise File Storage service, a UUID. Changing it makes a new held snapshot. */
  serviceName: string;
  /** ID of the share. Changing it makes a new held snapshot. */
  shareId: string;
  /**
   * ID of the automatic snapshot to hold; its later disappearance changes nothing. Either this or `select`. Changing it
   * makes a new held snapshot.
   */
  snapshotId?: string | undefined;
  /** Chooses the automatic snapshot once, at creation. Either this or `snapshotId`. Changing it makes a new held snapshot. */
  select?: SnapshotSelection | undefined;
  /**
   * With `select`: fail rather than go back to an older point when the newest one is already held, or manual with `before`. Changing it changes
   * nothing by itself. @default true
   */
  onlyIfNewer?: boolean | undefined;
  /** Any value; changing it makes a new held snapshot. */
  trigger?: unknown;
  /** Name shown in the control panel, 1 to 255 characters. Changed in place. @default the automatic snapshot's name */
  name?: string | undefined;
  /** Description, at most 255 characters. Changed in place; taking it out clears it. It carries no mark. */
  description?: string | undefined;
  /**
   * How long create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. `customTimeouts` sets
   * the same. Changing only this calls no API. @default 10 minutes
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `HeldSnapshot`: its inputs, each also as an output of another resource. */
export interface HeldSnapshotArgs extends Wrapped<HeldSnapshotInputs> {}

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
  "sourceSnapshotId",
  "shareSize",
  "source",
] as const;
