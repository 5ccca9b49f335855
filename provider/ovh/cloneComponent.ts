import * as pulumi from "@pulumi/pulumi";
import { isLater, type Refuse, refuseOther, shown } from "../core/plainArguments";
import type { Timeouts, Wrapped } from "../core/resource";
import type { HeldSnapshot } from "./heldSnapshot";
import { canonicalNetwork } from "./networks";
import { ShareAccessRule } from "./shareAccessRule";
import { ShareClone } from "./shareClone";
import type { Snapshot } from "./snapshot";

// What EnvironmentClone and RecoveryClone have in common: a ShareClone with its access rules.

/** What a component's `ShareClone` is made from, as plain values. */
interface CloneSettings {
  /** ID of the Enterprise File Storage service, a UUID. Changing it replaces everything. */
  serviceName: string;
  /** ID of the share whose data are cloned. It is only read. */
  shareId: string;
  /**
   * Size of the clone in GiB: a whole number, at least 100 and at least what the share had at the snapshot. There is no
   * default, so that each preview shows it; `Share.get(...).size` follows the share. Changed in place.
   */
  size: number;
  /** Name of the clone in the control panel, 1 to 255 characters. Changed in place. @default the component's name and a mark */
  name?: string | undefined;
  /** Description of the clone, at most 255 characters. Changed in place; taking it out clears it. */
  description?: string | undefined;
  /**
   * Readable last part of the clone's access path, unique in the service: with one, the old clone is deleted before its
   * replacement is made. Changing it replaces the clone. @default a path made by the service
   */
  mountPointName?: string | undefined;
  /** ID of the `SnapshotPolicy` that the clone follows. Changed in place. @default the service's default policy */
  snapshotPolicyId?: string | undefined;
  /** Percent of the clone's size set aside for snapshots, 5 to 100. Changed in place. @default 5, left as it is */
  snapshotReserve?: number | undefined;
  /**
   * How long the clone's create, update and delete wait, each a Pulumi duration such as `90s`, `15m` or `1h30m`. The
   * option `customTimeouts` is passed on to every part. @default 60 minutes, 30 for delete
   */
  timeouts?: Timeouts | undefined;
}

/** What both components take. */
export interface CloneComponentArgs extends Wrapped<CloneSettings> {
  /**
   * What a new snapshot does to the clone in use, a plain value. `createFirst`: the new clone and its rules are made, then
   * the old ones are deleted; both need room in the quota. `deleteFirst`: the snapshot is made or held, then the rules and
   * the old clone go, then the new ones are made; meanwhile there is none.
   * @default "createFirst"; with `mountPointName` "deleteFirst", the only way
   */
  replace?: "createFirst" | "deleteFirst" | undefined;
}

/** A client or network that may mount a clone. */
export interface CloneAccessRule {
  /**
   * IPv4 address or network in CIDR form, `10.0.5.0/24`; a share takes at most 16, each once. A plain value, unless `name`
   * is there. Changing it makes a new rule.
   */
  accessTo: pulumi.Input<string>;
  /** What it may do: read only (`ro`), or read and write (`rw`). */
  accessLevel: pulumi.Input<"ro" | "rw">;
  /**
   * What the rule's name in the program ends in, after the component's name, a plain value: the order of the list means
   * nothing. @default accessTo
   */
  name?: string | undefined;
}

const SETTINGS = [
  "serviceName",
  "shareId",
  "size",
  "name",
  "description",
  "mountPointName",
  "snapshotPolicyId",
  "snapshotReserve",
  "timeouts",
] as const;

/** Arguments that nobody reads would be mistakes that nobody sees. */
export function refuseUnknown(args: object, own: readonly string[], refuse: Refuse): void {
  const allowed: readonly string[] = [...SETTINGS, "replace", "accessRules", ...own];
  const unknown = Object.keys(args).find((key) => !allowed.includes(key));
  if (unknown !== undefined) {
    throw refuse(unknown, `is not known here: check its spelling, or remove it. It takes ${allowed.join(", ")}.`);
  }
}

/** How a clone is replaced; `undefined` leaves it to the clone. */
export function deletesFirst(
  { replace, mountPointName }: Pick<CloneComponentArgs, "replace" | "mountPointName">,
  refuse: Refuse,
): true | undefined {
  refuseOther("replace", replace, ["createFirst", "deleteFirst"], refuse);
  if (replace === "createFirst" && mountPointName !== undefined) {
    throw refuse(
      "replace",
      'is "createFirst", but mountPointName is unique in the service, so the old clone must go first. Leave one of the two out.',
    );
  }
  return replace === "deleteFirst" ? true : undefined;
}

/** The rules with the names of their resources, which depend on nothing but themselves. */
export function namedRules(
  rules: unknown,
  defaultLevel: "ro" | undefined,
  refuse: Refuse,
): Required<CloneAccessRule>[] {
  if (rules === undefined) return [];
  if (!Array.isArray(rules)) throw refuse("accessRules", `is ${shown(rules)}, but must be a plain list.`);
  const networks = new Map<unknown, string>();
  return rules.map((rule: unknown, index) => {
    const at = `accessRules[${index}]`;
    if (typeof rule !== "object" || rule === null || isLater(rule)) {
      throw refuse(at, `is ${shown(rule)}, but must be { accessTo, accessLevel }; each of the two may be an output.`);
    }
    const { accessTo, accessLevel = defaultLevel, name, ...others }: Partial<CloneAccessRule> = rule;
    const [other] = Object.keys(others);
    if (other !== undefined) throw refuse(at, `has ${other}, but takes accessTo, accessLevel and name only.`);
    if (accessTo === undefined) throw refuse(at, 'has no accessTo: set it to a network such as "10.0.5.0/24".');
    if (accessLevel === undefined) {
      throw refuse(at, 'has no accessLevel: set it to "ro" (read only) or "rw" (read and write).');
    }
    const network = typeof accessTo === "string" ? canonicalNetwork(accessTo) : undefined;
    const own = name ?? network;
    if (typeof own !== "string" || own === "") {
      const given = name === undefined ? `has ${shown(accessTo)} as accessTo` : `has ${shown(name)} as name`;
      throw refuse(at, `${given}, so there is nothing to name the rule by: give it a name of its own, a plain text.`);
    }
    for (const mark of [network && `network ${network}`, `name ${own}`]) {
      const before = networks.get(mark);
      if (before !== undefined) throw refuse(at, `has the ${mark} of ${before}: keep one of the two rules.`);
      if (mark !== undefined) networks.set(mark, at);
    }
    return { accessTo, accessLevel, name: own };
  });
}

/** What a component has its clone made from. */
export interface Plan<Source> {
  args: CloneComponentArgs;
  /** Of a snapshot that is there; without one, `source` makes it. */
  snapshotId: pulumi.Input<string> | undefined;
  source: (name: string, opts: pulumi.CustomResourceOptions) => Source;
  rules: readonly Required<CloneAccessRule>[];
  deleteFirst: true | undefined;
  /** Whether to mount read only where no rule lets anybody write. */
  mountReadOnly?: true;
}

/** A clone with its snapshot and its access rules. */
export abstract class CloneComponent<Source extends HeldSnapshot | Snapshot> extends pulumi.ComponentResource {
  /** The snapshot, named after the component, with `-source`; none with `snapshotId`. */
  readonly source: Source | undefined;
  /** The clone, under the component's name. */
  readonly clone: ShareClone;
  /** The rules in the order of the argument, each named after the component and its network or name. */
  readonly accessRules: readonly ShareAccessRule[];
  /**
   * What mounts the clone on a Linux client, `mount -t nfs -o vers=3 10.0.0.1:/share_1 /mnt/development` for example. Known
   * when the rules are active. A `RecoveryClone` is mounted read only, unless one of its rules lets somebody write.
   */
  readonly mountCommand: pulumi.Output<string>;
  /** The time of the data, RFC 3339. With `snapshotId`, not known of a clone that was made elsewhere and moved here. */
  readonly dataFrom: pulumi.Output<string | undefined>;
  /** Size of the clone in GiB. */
  readonly size: pulumi.Output<number>;
  /** ID of the clone, a share of its own. */
  readonly cloneId: pulumi.Output<string>;
  /** The path to mount, `10.0.0.1:/share_1`. */
  readonly preferredAccessPath: pulumi.Output<string>;

  /** @internal */
  protected constructor(type: string, name: string, plan: Plan<Source>, opts: pulumi.ComponentResourceOptions = {}) {
    super(type, name, {}, opts);
    const { args, snapshotId, rules, deleteFirst, mountReadOnly } = plan;
    const { customTimeouts } = opts;
    const child = { parent: this, ...(customTimeouts === undefined ? {} : { customTimeouts }) };
    // The names of the children stand in every stack's state: other ones would renew every environment.
    this.source = snapshotId === undefined ? plan.source(`${name}-source`, child) : undefined;
    const settings = Object.fromEntries(SETTINGS.map((key) => [key, args[key]]));
    this.clone = new ShareClone(
      name,
      // SETTINGS are all that a ShareClone takes beside its snapshot.
      { ...(settings as Wrapped<CloneSettings>), snapshotId: snapshotId ?? this.source?.id ?? "" },
      // Without the option, a clone with a mount point's name still goes first.
      { ...child, ...(deleteFirst ? { deleteBeforeReplace: true } : {}) },
    );
    const { serviceName } = args;
    this.accessRules = rules.map(({ accessTo, accessLevel, name: rule }) => {
      const inputs = { serviceName, shareId: this.clone.id, accessTo, accessLevel };
      return new ShareAccessRule(`${name}-${rule}`, inputs, child);
    });

    const folder = `/mnt/${name.replaceAll(/[^\w.-]/g, "-")}`;
    // Whoever mounts waits for the rules: for outputs of theirs that a preview knows.
    this.mountCommand = pulumi
      .all([this.clone.preferredAccessPath, ...this.accessRules.map(({ accessLevel }) => accessLevel)])
      .apply(([path, ...levels]) => {
        const options = mountReadOnly && !levels.includes("rw") ? "vers=3,ro" : "vers=3";
        return `mount -t nfs -o ${options} ${path} ${folder}`;
      });
    // The source may be newer than the clone, where an update did not get that far.
    this.dataFrom = pulumi
      .all([this.clone.sourceCreatedAt, this.source?.createdAt])
      .apply(([cloned, taken]) => cloned ?? taken);
    this.size = this.clone.size;
    this.cloneId = this.clone.id;
    this.preferredAccessPath = this.clone.preferredAccessPath;
    const { mountCommand, dataFrom, size, cloneId, preferredAccessPath } = this;
    this.registerOutputs({ mountCommand, dataFrom, size, cloneId, preferredAccessPath });
  }
}
