import { rule } from "../../rule";
import { number } from "../../seen";
import { clonesOf, neededGiB, sourcesOf } from "../program";
import { CLONE, facts } from "../seen";

interface Settings {
  maxSizeGiB: number;
  maxGrowthFactor: number;
}

/**
 * Keeps clones within the agreed size, and within reason of the share that they are made from. A clone above it usually means
 * a wrong unit, and takes the service's quota from others.
 *
 * Fails:
 * ```ts
 * const point = new Snapshot("size-point-failing", { serviceName, shareId });
 * const clone = new ShareClone("size-huge", { serviceName, snapshotId: point.id, size: 20_480 });
 * new ShareAccessRule("size-huge-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("size-point", { serviceName, shareId });
 * const clone = new ShareClone("size-fine", { serviceName, snapshotId: point.id, size: 500 });
 * new ShareAccessRule("size-fine-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const limitCloneSize = rule<Settings>({
  name: "ovh-limit-clone-size",
  description: "Clones stay at or below the largest size that the team has agreed on.",
  level: "advisory",
  severity: "medium",
  remedy: "Lower size, or raise maxSizeGiB or maxGrowthFactor in the pack's configuration.",
  settings: {
    maxSizeGiB: {
      type: "integer",
      minimum: 100,
      default: 10_240,
      description: "Largest size of a clone in GiB.",
    },
    maxGrowthFactor: {
      type: "number",
      minimum: 1,
      default: 2,
      description: "How many times the size of its snapshot's share a clone may have, where that size is known.",
    },
  },
  resource: {
    types: [CLONE],
    decide(clone, { config, violation }) {
      const size = number(clone, "size");
      const parent = facts(clone)?.presentShareSizeGiB;
      if (size === undefined) return;
      if (size > config.maxSizeGiB) {
        violation(clone, `size is above the limit of ${config.maxSizeGiB} GiB. Lower it, or raise maxSizeGiB.`);
      } else if (parent !== undefined && size > parent * config.maxGrowthFactor) {
        violation(clone, grown(parent, config));
      }
    },
  },
  stack: {
    type: CLONE,
    decide(resources, { config, violation }) {
      for (const clone of clonesOf(resources)) {
        const size = number(clone, "size");
        // What these two decide, the other part has said.
        if (size === undefined || size > config.maxSizeGiB || facts(clone) !== undefined) continue;
        const parents = sourcesOf(clone).map((source) => neededGiB(source, clone));
        const largest = Math.max(...parents.map((parent) => parent ?? Number.POSITIVE_INFINITY));
        if (parents.length > 0 && size > largest * config.maxGrowthFactor) violation(clone, grown(largest, config));
      }
    },
  },
});

const grown = (parent: number, { maxGrowthFactor }: Settings): string =>
  `size is more than ${maxGrowthFactor} times the ${parent} GiB of the share that it is made from. Lower it, or raise maxGrowthFactor.`;
