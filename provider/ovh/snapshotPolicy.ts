import type * as pulumi from "@pulumi/pulumi";
import { isOfType, lookUp, ManagedResource, outputs, type Timeouts, type Wrapped } from "../core/resource";

/**
 * When automatic snapshots of shares are taken, and how many are kept. Shares follow it through their `snapshotPolicyId`.
 *
 * A share always follows one policy: it is let go by attaching another one, never by attaching none. To delete a policy,
 * first set `snapshotPolicyId` of its shares to another one, or take it out, which attaches the service's default policy.
 * One `pulumi up` does both where the shares are in the same program. New `rules` make a new policy: the program's shares
 * move to it before the old one goes, unless `deleteBeforeReplace` is set.
 *
 * Errors: a share still follows the policy that is to be deleted (the message names it); the policy is the service's
 * default one, which can be looked up with `get` and attached, but neither changed nor deleted.
 * Source: OVHcloud guides "Enterprise File Storage - Managing snapshot policies" and "- Concepts".
 * @example
 * ```ts
 * const nightly = new SnapshotPolicy("nightly", {
 *   serviceName,
 *   rules: [
 *     { prefix: "nightly", copies: 14, cron: "0 3 * * *" },
 *     { prefix: "office", copies: 9, schedule: { minutes: [0, 30], hours: [8, 12, 16], weekdays: [1, 2, 3, 4, 5] } },
 *   ],
 * });
 * ```
 */
export class SnapshotPolicy extends ManagedResource {
  /** @internal */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/ovh:SnapshotPolicy";

  /** ID of the service. */
  declare readonly serviceName: pulumi.Output<string>;
  /** Its rules as the program writes them; with schedules where somebody made the policy or its rules elsewhere. */
  declare readonly rules: pulumi.Output<SnapshotPolicyRule[]>;
  /** Its rules as the service stores them, cron texts turned into schedules, by prefix. */
  declare readonly storedRules: pulumi.Output<StoredSnapshotPolicyRule[]>;
  /** Name shown in the control panel. */
  declare readonly name: pulumi.Output<string>;
  /** Description, empty where there is none. */
  declare readonly description: pulumi.Output<string>;
  /** True for the service's default policy, which nobody can change or delete. */
  declare readonly isDefault: pulumi.Output<boolean>;
  /** The service's word for its state, `available` when shares can follow it. */
  declare readonly status: pulumi.Output<string>;
  /** When it was made, RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;

  constructor(name: string, args: SnapshotPolicyArgs, opts?: pulumi.CustomResourceOptions) {
    super("ovh:SnapshotPolicy", name, { ...outputs(OUTPUTS), ...args }, opts);
  }

  /** True for an instance, also where the package is loaded twice. */
  static override isInstance(value: unknown): value is SnapshotPolicy {
    return isOfType(value, SnapshotPolicy.__pulumiType);
  }

  /**
   * A look-up of what exists and is managed elsewhere, the service's default policy for example. Missing: an error.
   * @param id `<serviceName>/<id>`, or the id alone with `serviceName` in `state`
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state: Partial<Pick<SnapshotPolicyArgs, "serviceName">> = {},
    opts?: pulumi.CustomResourceOptions,
  ): SnapshotPolicy {
    const found = lookUp("SnapshotPolicy", name, id, ["serviceName"], state, opts);
    // What a look-up gives is not a full set of arguments: the service has the rest.
    return new SnapshotPolicy(name, found.args as SnapshotPolicyArgs, found.opts);
  }
}

/** The times at which a rule takes a snapshot, in UTC. A list that is left out, or empty, means every. */
export interface SnapshotPolicySchedule {
  /** Minutes of the hour, 0 to 59: at least one. */
  minutes: number[];
  /** Hours, 0 to 23. @default every hour */
  hours?: number[] | undefined;
  /**
   * Days of the month, 1 to 31. How the service combines them with `weekdays` is not documented: give only one of both.
   * @default every day
   */
  days?: number[] | undefined;
  /** Months, 1 (January) to 12. @default every month */
  months?: number[] | undefined;
  /** Days of the week, 0 (Sunday) to 6 (Saturday). @default every day */
  weekdays?: number[] | undefined;
}

/** One rule of a policy: either `schedule` or `cron` says when it takes a snapshot. */
export interface SnapshotPolicyRule {
  /** The beginning of the snapshots' names: not empty, and unique within the policy. */
  prefix: string;
  /** How many of the rule's snapshots are kept, at least 1: each further one rotates the oldest away. @default 1 */
  copies?: number | undefined;
  /** When it takes a snapshot, in UTC. Either this or `cron`. */
  schedule?: SnapshotPolicySchedule | undefined;
  /**
   * When it takes a snapshot, in UTC, as a crontab writes it: minute, hour, day of month, month and day of week, or one of
   * `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. The service stores it as a schedule, see `storedRules`. A text
   * that restricts both the day of month and the day of week is refused: cron means either of them, which no schedule can
   * say. Either this or `schedule`.
   */
  cron?: string | undefined;
}

/** A rule as the service stores it. */
export interface StoredSnapshotPolicyRule {
  /** The beginning of the snapshots' names. */
  prefix: string;
  /** How many of the rule's snapshots are kept. */
  copies: number;
  /** When it takes a snapshot, in UTC. A list is left out where it means every. */
  schedule: SnapshotPolicySchedule;
}

/** What a `SnapshotPolicy` is made from, as plain values. */
export interface SnapshotPolicyInputs {
  /** ID of the Enterprise File Storage service, a UUID. Changing it replaces the policy. */
  serviceName: string;
  /**
   * When to take snapshots: 1 to 4 rules. The service can't change them, so another meaning replaces the policy; other
   * words for the same (`0 3 * * *` for minute 0 of hour 3) and another order change nothing there.
   */
  rules: SnapshotPolicyRule[];
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
   * the same. Changing only this calls no API. @default 10 minutes, 30 for shares that are just being deleted
   */
  timeouts?: Timeouts | undefined;
}

/** Arguments of `SnapshotPolicy`: its inputs, each also as an output of another resource. */
export interface SnapshotPolicyArgs extends Wrapped<SnapshotPolicyInputs> {}

/** Known only from the service. */
const OUTPUTS = [
  "serviceName",
  "rules",
  "storedRules",
  "name",
  "description",
  "isDefault",
  "status",
  "createdAt",
] as const;
