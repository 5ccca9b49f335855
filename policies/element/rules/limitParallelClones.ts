import { rule } from "../../rule";
import { byUrn, exists, type InStack, number } from "../../seen";
import { clonesOf, volumeOf } from "../program";
import { CLONE } from "../seen";

interface Settings {
  maxPerSource: number;
  maxPerUpdate: number;
}

/**
 * Counts the clones that an update makes against what a cluster copies at once: 2 of one volume, and 8 in all. Others wait, and
 * their time to wait counts as time to be made. In a preview, a clone that changes can't be told from a new one, and counts.
 *
 * Fails, with `maxPerSource: 1`:
 * ```ts
 * const point = new Snapshot("parallel-point-failing", { volumeID, retention: "24:00:00" });
 * const { snapshotID } = point;
 * new VolumeClone("parallel-first", { volumeID, snapshotID, newAccountID, access: "readWrite" });
 * new VolumeClone("parallel-second", { volumeID, snapshotID, newAccountID, access: "readWrite" });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("parallel-point", { volumeID, retention: "24:00:00" });
 * const { snapshotID } = point;
 * new VolumeClone("parallel-only", { volumeID, snapshotID, newAccountID, access: "readWrite" });
 * ```
 */
export const limitParallelClones = rule<Settings>({
  name: "element-limit-parallel-clones",
  description: "An update makes no more clones than the cluster copies at once.",
  level: "advisory",
  severity: "low",
  remedy:
    "Make some of the clones in a later update, give them more time in timeouts, or raise maxPerSource or maxPerUpdate in the pack's configuration.",
  settings: {
    maxPerSource: {
      type: "integer",
      minimum: 1,
      default: 2,
      description: "Most new clones of one volume in an update. A cluster copies 2 at once.",
    },
    maxPerUpdate: {
      type: "integer",
      minimum: 1,
      default: 8,
      description: "Most new clones in an update, for each cluster. A cluster copies 8 at once.",
    },
  },
  stack: {
    type: CLONE,
    decide(resources, { config, violation }) {
      const clones = clonesOf(resources).filter((clone) => !exists(clone));
      const groups = [
        { by: sourceOf, most: config.maxPerSource, of: "its source", setting: "maxPerSource" },
        { by: clusterOf, most: config.maxPerUpdate, of: "its cluster", setting: "maxPerUpdate" },
      ];
      for (const { by, most, of, setting } of groups) {
        for (const [first, ...others] of grouped(clones, by)) {
          const count = 1 + others.length;
          if (first === undefined || count <= most) continue;
          violation(
            first,
            `${of} gets ${count} new clones in one update, more than the ${most} that are copied at once: the others wait. Make them later, or raise ${setting}.`,
          );
        }
      }
    },
  },
});

/** IDs mean something in one cluster only, and each cluster has a provider of its own. */
const clusterOf = ({ provider }: InStack): string => provider?.urn ?? "";

/** One key per volume: its ID, or what takes its place as long as nobody knows it. */
function sourceOf(clone: InStack): string | undefined {
  const source = number(clone, "volumeID") ?? volumeOf(clone)?.urn;
  return source === undefined ? undefined : `${clusterOf(clone)} ${source}`;
}

function grouped(clones: InStack[], by: (clone: InStack) => string | undefined): Iterable<InStack[]> {
  const groups = new Map<string, InStack[]>();
  for (const clone of byUrn(clones)) {
    const key = by(clone);
    if (key === undefined) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(clone);
  }
  return groups.values();
}
