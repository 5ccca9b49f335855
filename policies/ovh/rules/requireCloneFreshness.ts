import { rule } from "../../rule";
import { text } from "../../seen";
import { clonesOf, sourcesOf } from "../program";
import { CLONE, facts } from "../seen";

interface Settings {
  maxAgeHours: number;
}

/**
 * Reminds of clones whose data are older than agreed, also of those that exist: a refresh is due. Only known dates count. A
 * snapshot that is yet to be made is fresh.
 *
 * Fails, once the snapshot that was held then is older than `maxAgeHours`:
 * ```ts
 * const point = new HeldSnapshot("fresh-held", { serviceName, shareId, select: { newest: true } });
 * const clone = new ShareClone("fresh-old", { serviceName, snapshotId: point.id, size: 200 });
 * new ShareAccessRule("fresh-old-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("fresh-point", { serviceName, shareId });
 * const clone = new ShareClone("fresh-new", { serviceName, snapshotId: point.id, size: 200 });
 * new ShareAccessRule("fresh-new-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const requireCloneFreshness = rule<Settings>({
  name: "ovh-require-clone-freshness",
  description: "The data of a clone are not older than the team has agreed on.",
  level: "advisory",
  severity: "low",
  remedy: "Clone a newer snapshot: change the trigger of the HeldSnapshot, or take a new Snapshot.",
  settings: {
    maxAgeHours: {
      type: "number",
      exclusiveMinimum: 0,
      default: 168,
      description: "How old the data of a clone may be, in hours.",
    },
  },
  resource: {
    types: [CLONE],
    decide(clone, { config, violation }) {
      const stale = tooOld([facts(clone)?.createdAt], config);
      if (stale !== undefined) violation(clone, stale);
    },
  },
  stack: {
    type: CLONE,
    decide(resources, { config, violation }) {
      for (const clone of clonesOf(resources)) {
        // The other part has said so.
        if (facts(clone)?.createdAt !== undefined) continue;
        // What the clone has recorded stays true when its snapshot is gone, or was never in the program.
        const recorded = text(clone, "sourceCreatedAt");
        const dates = recorded === undefined ? sourcesOf(clone).map((source) => text(source, "createdAt")) : [recorded];
        const stale = tooOld(dates, config);
        if (stale !== undefined) violation(clone, stale);
      }
    },
  },
});

/** Where the program chooses between several, the newest counts. */
function tooOld(dates: (string | undefined)[], { maxAgeHours }: Settings): string | undefined {
  const times = dates.map((date) => (date === undefined ? Number.NaN : Date.parse(date)));
  const newest = Math.max(...times);
  if (times.length === 0 || Number.isNaN(newest) || Date.now() - newest <= maxAgeHours * 3_600_000) return undefined;
  return `its data are from ${new Date(newest).toISOString()}, more than ${maxAgeHours} hours ago. Clone a newer snapshot.`;
}
