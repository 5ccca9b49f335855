import type * as pulumi from "@pulumi/pulumi";
import { refusing } from "../core/plainArguments";
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

/**
 * The data from before a corruption, beside the damaged share: the newest snapshot before a moment is kept from rotation
 * and cloned, and the access rules read only unless they say otherwise. The damaged share is not changed. Its parts are
 * resources of their own, `source`, `clone` and `accessRules`, and have all that this one is given as `provider`,
 * `protect`, `aliases`, `transforms` or `customTimeouts`.
 *
 * Errors: the newest point before the moment is manual already (the message has its ID, to pass as `snapshotId`); there is
 * none (it names the oldest one). The preview tells where it can ask the service, create before anything is touched.
 * @example
 * ```ts no-run
 * const recovery = new RecoveryClone("recovery", {
 *   serviceName,
 *   shareId,
 *   before: "2026-11-27T13:09:57Z",
 *   size: 500,
 *   accessRules: [{ accessTo: "10.0.5.7" }],
 * });
 * export const mountRecovery = recovery.mountCommand;
 * ```
 * @example
 * ```ts
 * const beside = new RecoveryClone("beside", { serviceName, shareId, snapshotId: held.id, size: 100 });
 * export const dataBeside = beside.dataFrom;
 * ```
 */
export class RecoveryClone extends CloneComponent<HeldSnapshot> {
  /** @internal */
  static readonly __pulumiType = "holdfast:ovh:RecoveryClone";

  constructor(name: string, args: RecoveryCloneArgs, opts?: pulumi.ComponentResourceOptions) {
    const refuse = refusing("RecoveryClone", name);
    refuseUnknown(args, ["before", "snapshotId"], refuse);
    const { serviceName, shareId, before, snapshotId } = args;
    if (before === undefined && snapshotId === undefined) {
      throw refuse(
        "before",
        'is missing, and so is snapshotId: set before to the time of the corruption, such as "2026-11-27T13:09:57Z".',
      );
    }
    if (before !== undefined && snapshotId !== undefined) {
      throw refuse("before", "and snapshotId exclude each other: set only one of them.");
    }
    const deleteFirst = deletesFirst(args, refuse);
    const rules = namedRules(args.accessRules, "ro", refuse);

    const source: Plan<HeldSnapshot>["source"] = (child, childOpts) =>
      new HeldSnapshot(child, { serviceName, shareId, select: { newest: true, before } }, childOpts);
    const plan = { args, snapshotId, source, rules, deleteFirst, mountReadOnly: true as const };
    super(RecoveryClone.__pulumiType, name, plan, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is RecoveryClone {
    return isOfType(value, RecoveryClone.__pulumiType);
  }
}

/** Arguments of `RecoveryClone`. */
export interface RecoveryCloneArgs extends CloneComponentArgs {
  /**
   * The moment, RFC 3339 with Z or an offset, `2026-11-27T14:09:57+01:00`: the newest snapshot from before it is kept and
   * cloned, one of that very moment is not. Either this or `snapshotId`. Changing it makes a new clone.
   */
  before?: pulumi.Input<string> | undefined;
  /** ID of a manual snapshot to clone. Either this or `before`. Changing it makes a new clone. */
  snapshotId?: pulumi.Input<string> | undefined;
  /** Who may mount the clone, a plain list. Without any, nobody. */
  accessRules?: readonly RecoveryAccessRule[] | undefined;
}

/** A client or network that may mount a recovered clone. */
export interface RecoveryAccessRule extends Omit<CloneAccessRule, "accessLevel"> {
  /** What it may do: read only (`ro`), or read and write (`rw`). @default "ro" */
  accessLevel?: CloneAccessRule["accessLevel"] | undefined;
}
