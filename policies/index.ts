/**
 * Rules for clones and what they are made from, of OVHcloud Enterprise File Storage and of NetApp Element, and the start of a
 * policy pack: `import { policyPack } from "pulumi-holdfast/policies"`.
 * It needs `@pulumi/policy`.
 *
 * @module pulumi-holdfast/policies
 */
import { type Policies, PolicyPack, type PolicyPackArgs, type PolicyPackConfig } from "@pulumi/policy";
import { checkConfig, watchConfiguration } from "./configuration";
import { checkQos } from "./element/rules/checkQos";
import { limitParallelClones } from "./element/rules/limitParallelClones";
import { requireCloneNotSmaller } from "./element/rules/requireCloneNotSmaller";
import { requireSnapshotOfVolume } from "./element/rules/requireSnapshotOfVolume";
import { requireSnapshotRetention } from "./element/rules/requireSnapshotRetention";
import { restrictCloneAccess } from "./element/rules/restrictCloneAccess";
import { separateCloneAccount } from "./element/rules/separateCloneAccount";
import { limitCloneSize } from "./ovh/rules/limitCloneSize";
import { limitHeldSnapshots } from "./ovh/rules/limitHeldSnapshots";
import { protectParentShare } from "./ovh/rules/protectParentShare";
import { requireCloneAccessRule } from "./ovh/rules/requireCloneAccessRule";
import { requireCloneCoversSnapshot } from "./ovh/rules/requireCloneCoversSnapshot";
import { requireCloneFreshness } from "./ovh/rules/requireCloneFreshness";
import { requireCloneSameService } from "./ovh/rules/requireCloneSameService";
import { requireManualCloneSource } from "./ovh/rules/requireManualCloneSource";
import { requireNfs } from "./ovh/rules/requireNfs";
import { restrictAccessRules } from "./ovh/rules/restrictAccessRules";

/** All rules for OVHcloud Enterprise File Storage, each with its own level and configuration. */
export const ovhPolicies: Readonly<Policies> = [
  requireManualCloneSource,
  requireCloneCoversSnapshot,
  requireCloneSameService,
  requireNfs,
  limitCloneSize,
  restrictAccessRules,
  requireCloneFreshness,
  limitHeldSnapshots,
  protectParentShare,
  requireCloneAccessRule,
];

/** All rules for volume clones and snapshots of NetApp Element, each with its own level and configuration. */
export const elementPolicies: Readonly<Policies> = [
  requireCloneNotSmaller,
  requireSnapshotOfVolume,
  restrictCloneAccess,
  separateCloneAccount,
  limitParallelClones,
  requireSnapshotRetention,
  checkQos,
];

/** The rules for every system. A rule says nothing where a program has no resource of its system. */
export const allPolicies: Readonly<Policies> = [...ovhPolicies, ...elementPolicies];

/** What a pack has, beside what every pack of the SDK takes. */
export interface PackOptions extends Omit<PolicyPackArgs, "policies"> {
  /** Which rules the pack has: ours, some of them, and a team's own. @default all of ours */
  policies?: Readonly<Policies>;
  /**
   * Levels and settings by rule, as a file for `--policy-pack-config` has them; such a file comes on top. `"all"` sets the
   * level of every rule. @default each rule's own
   */
  config?: PolicyPackConfig;
}

/**
 * Starts a policy pack of these rules. Call it once, in the `main` of the pack's folder.
 *
 * Errors: `config` names a rule or a setting that there isn't.
 * @example
 * ```ts no-run
 * import { policyPack } from "pulumi-holdfast/policies";
 *
 * policyPack("team", { config: { "ovh-limit-clone-size": { enforcementLevel: "mandatory", maxSizeGiB: 2048 } } });
 * ```
 */
export function policyPack(name: string, { policies = allPolicies, config, ...args }: PackOptions = {}): PolicyPack {
  checkConfig(policies, config ?? {});
  watchConfiguration(policies);
  return new PolicyPack(name, { ...args, policies: [...policies] }, config && withLevels(policies, config, args));
}

/** The SDK sends settings without a level as advisory, which makes a note of each mandatory rule that is configured. */
function withLevels(
  policies: Readonly<Policies>,
  config: PolicyPackConfig,
  { enforcementLevel: ofPack = "advisory" }: Pick<PolicyPackArgs, "enforcementLevel">,
): PolicyPackConfig {
  const levelOf = (given: PolicyPackConfig[string] | undefined) =>
    typeof given === "string" ? given : given?.enforcementLevel;
  const entries = Object.entries(config).map(([name, given]) => {
    const own = policies.find((policy) => policy.name === name)?.enforcementLevel ?? ofPack;
    const enforcementLevel = levelOf(given) ?? levelOf(config["all"]) ?? own;
    return [name, typeof given === "string" ? given : { ...given, enforcementLevel }] as const;
  });
  return Object.fromEntries(entries);
}
