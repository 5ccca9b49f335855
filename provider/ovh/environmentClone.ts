import type * as pulumi from "@pulumi/pulumi";
import { refuseOther, refusing } from "../core/plainArguments";
import { isOfType } from "../core/resource";
import {
  type CloneAccessRule,
  CloneComponent,
  type CloneComponentArgs,
  deletesFirst,
  namedRules,
  type Plan,
  refuseUnknown,
} from "./cloneComponent";
import { HeldSnapshot } from "./heldSnapshot";
import { type RefreshSchedule, triggerOf } from "./refreshTrigger";
import { Snapshot } from "./snapshot";

/**
 * A copy of a share's data for development, QA or training: a snapshot, a clone of it, and access rules, renewed together
 * by `refresh`. The share itself is only read. Its parts are resources of their own, `source`, `clone` and `accessRules`,
 * and have all that this one is given as `provider`, `protect`, `aliases`, `transforms` or `customTimeouts`.
 *
 * Errors: those of its parts; when the share's newest automatic snapshot is held already, a refresh changes nothing and
 * says so. What must be known in the program and is wrong fails before anything is done.
 * @example
 * ```ts
 * const development = new EnvironmentClone("development", {
 *   serviceName,
 *   shareId: production.id,
 *   size: production.size,
 *   from: "now",
 *   refresh: { schedule: "weekly" },
 *   accessRules: [{ accessTo: "10.0.5.0/24", accessLevel: "rw" }],
 * });
 * export const mountDevelopment = development.mountCommand;
 * ```
 */
export class EnvironmentClone extends CloneComponent<HeldSnapshot | Snapshot> {
  /** @internal */
  static readonly __pulumiType = "holdfast:ovh:EnvironmentClone";

  constructor(name: string, args: EnvironmentCloneArgs, opts?: pulumi.ComponentResourceOptions) {
    const refuse = refusing("EnvironmentClone", name);
    refuseUnknown(args, ["from", "snapshotId", "refresh"], refuse);
    const { serviceName, shareId, from, snapshotId, refresh } = args;
    refuseOther("from", from, ["newestAutomatic", "now"], refuse);
    if (snapshotId !== undefined && from !== undefined) {
      throw refuse("from", `is "${from}", and snapshotId is there too: they exclude each other, set only one of them.`);
    }
    if (snapshotId !== undefined && refresh !== undefined) {
      throw refuse(
        "refresh",
        "has no meaning beside snapshotId: the clone is renewed when snapshotId changes. Give the trigger to the HeldSnapshot or Snapshot that the ID comes from.",
      );
    }
    const trigger = triggerOf(refresh, Date.now(), refuse);
    const deleteFirst = deletesFirst(args, refuse);
    const rules = namedRules(args.accessRules, undefined, refuse);

    const point = { serviceName, shareId, ...(trigger === undefined ? {} : { trigger }) };
    const source: Plan<HeldSnapshot | Snapshot>["source"] = (child, childOpts) =>
      from === "now"
        ? new Snapshot(child, point, childOpts)
        : new HeldSnapshot(child, { ...point, select: { newest: true } }, childOpts);
    const plan = { args, snapshotId, source, rules, deleteFirst };
    super(EnvironmentClone.__pulumiType, name, plan, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is EnvironmentClone {
    return isOfType(value, EnvironmentClone.__pulumiType);
  }
}

/** Arguments of `EnvironmentClone`. */
export interface EnvironmentCloneArgs extends CloneComponentArgs {
  /**
   * Where the data come from, a plain value. `newestAutomatic`: the share's newest automatic snapshot, held. `now`: a
   * manual snapshot taken by the refresh, the freshest data. Excludes `snapshotId`. Changing it renews the clone.
   * @default "newestAutomatic"
   */
  from?: "newestAutomatic" | "now" | undefined;
  /**
   * ID of a manual snapshot, shared with others, in place of one of its own: `held.id`. Excludes `from` and `refresh`.
   * Changing it replaces the clone.
   */
  snapshotId?: pulumi.Input<string> | undefined;
  /**
   * What renews the data: a token, a text or number of any meaning, whose change does it; or `{ schedule: "daily" }`,
   * which does it at the first `pulumi up` of each day (UTC). The preview shows it as a change of the source's `trigger`.
   * Taking it out is a change, too: leave a token as it is to keep the data.
   * @default the data stay as they are
   */
  refresh?: pulumi.Input<string | number> | RefreshSchedule | undefined;
  /** Who may mount the clone, a plain list. Without any, nobody. */
  accessRules?: readonly CloneAccessRule[] | undefined;
}
