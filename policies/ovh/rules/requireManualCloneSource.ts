import { unfitSourceType } from "../../../provider/ovh/cloneConstraints";
import { rule, type Undecided, undecided } from "../../rule";
import { unknown } from "../../seen";
import { clonesOf, sourcesOf } from "../program";
import { CLONE, facts } from "../seen";

/**
 * Only a manual snapshot can be cloned. A `Snapshot` or `HeldSnapshot` of the program is one; of a snapshot that the program
 * names by its ID, what check has found out decides.
 *
 * Fails:
 * ```ts
 * const newest = getSnapshotOutput({ serviceName, shareId, type: "automatic" });
 * new ShareClone("source-automatic", { serviceName, snapshotId: newest.id, size: 500 });
 * ```
 * Passes:
 * ```ts
 * const newest = new HeldSnapshot("source-held", { serviceName, shareId, select: { newest: true } });
 * const staging = new ShareClone("source-manual", { serviceName, snapshotId: newest.id, size: 500 });
 * new ShareAccessRule("source-lan", { serviceName, shareId: staging.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const requireManualCloneSource = rule<Undecided>({
  name: "ovh-require-manual-clone-source",
  description: "A clone is made from a manual snapshot.",
  level: "mandatory",
  severity: "high",
  remedy: "Clone a Snapshot, or make an automatic snapshot manual with HeldSnapshot and clone that.",
  settings: { undecided },
  resource: {
    types: [CLONE],
    decide(clone, { violation }) {
      const source = facts(clone);
      const unfit = source && unfitSourceType({ name: source.name, type: source.type });
      if (unfit !== undefined) violation(clone, unfit);
    },
  },
  stack: {
    type: CLONE,
    decide(resources, verdict) {
      for (const clone of clonesOf(resources)) {
        if (facts(clone) !== undefined || sourcesOf(clone).length > 0) continue;
        const problem = unknown(clone, "snapshotId")
          ? "snapshotId is not known yet, and comes from no snapshot of this program."
          : "snapshotId is an ID, and what it names could not be looked up.";
        verdict.undecided(clone, problem, "Create decides: it refuses a snapshot that is not manual.");
      }
    },
  },
});
