import { type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { prefixLength } from "../../provider/ovh/networks";
import { ShareAccessRule } from "../../provider/ovh/shareAccessRule";
import { known } from "../known";

/**
 * Keeps access rules narrow: whoever may mount a clone reads production data.
 *
 * Fails with the default: `new ShareAccessRule("all", { serviceName, shareId, accessTo: "10.0.0.0/16", accessLevel: "rw" })`.
 * Passes: `accessTo: "10.0.5.0/24"`.
 */
export const restrictAccessRules: ResourceValidationPolicy = {
  name: "ovh-restrict-access-rules",
  description: "An access rule admits no network wider than the team has agreed on, and never everybody.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Give accessTo a narrower network, or lower minPrefixLengthReadWrite or minPrefixLengthReadOnly in the pack's configuration.",
  configSchema: {
    properties: {
      minPrefixLengthReadWrite: { type: "integer", minimum: 1, maximum: 32, default: 24 },
      minPrefixLengthReadOnly: { type: "integer", minimum: 1, maximum: 32, default: 16 },
    },
  },
  validateResource: validateResourceOfType(ShareAccessRule, (rule, args, reportViolation) => {
    const limits = args.getConfig<{ minPrefixLengthReadWrite: number; minPrefixLengthReadOnly: number }>();
    const accessTo = known(() => rule.accessTo);
    const level = known(() => rule.accessLevel);
    if (accessTo === undefined || level === undefined) return;
    const least = level === "rw" ? limits.minPrefixLengthReadWrite : limits.minPrefixLengthReadOnly;
    const length = prefixLength(accessTo);
    if (length < least) {
      reportViolation(
        `ShareAccessRule ${args.name}: accessTo is ${accessTo}, wider than the /${least} that is agreed on for "${level}". Give it a narrower network.`,
      );
    }
  }),
};
