import { type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { ShareClone } from "../../provider/ovh/shareClone";
import { known } from "../known";

/**
 * Keeps clones within the agreed size. A clone above it usually means a wrong unit.
 *
 * Fails with the default: `new ShareClone("staging", { serviceName, snapshotId, size: 20_480 })`. Passes: `size: 500`.
 */
export const limitCloneSize: ResourceValidationPolicy = {
  name: "ovh-limit-clone-size",
  description: "Clones stay at or below the largest size that the team has agreed on.",
  enforcementLevel: "advisory",
  severity: "medium",
  remediationSteps: "Lower size, or raise maxSizeGiB in the pack's configuration.",
  configSchema: { properties: { maxSizeGiB: { type: "integer", minimum: 100, default: 10_240 } } },
  validateResource: validateResourceOfType(ShareClone, (clone, args, reportViolation) => {
    const { maxSizeGiB } = args.getConfig<{ maxSizeGiB: number }>();
    const size = known(() => clone.size);
    if (size !== undefined && size > maxSizeGiB) {
      reportViolation(
        `ShareClone ${args.name}: size is ${size} GiB, above the limit of ${maxSizeGiB} GiB. Lower it, or raise maxSizeGiB.`,
      );
    }
  }),
};
