import type { VolumeAccess } from "../../../provider/element/volumeClone";
import { rule, type Undecided, undecided } from "../../rule";
import { exists, type InStack, isSet, text, unknown } from "../../seen";
import { clonesOf, volumeOf } from "../program";
import { CLONE, facts } from "../seen";

interface Settings extends Undecided {
  allowed: VolumeAccess[];
}

/**
 * A clone has an access that is agreed on, and no other one by surprise: left out, it is that of the source, and a clone of a
 * locked or read-only volume is of no use. `replicationTarget` is for a volume with a pair. A new clone has none, whether its
 * source has one or not, and the cluster makes it `locked`.
 *
 * Fails:
 * ```ts
 * const point = new Snapshot("access-point-failing", { volumeID, retention: "24:00:00" });
 * const access = "replicationTarget";
 * new VolumeClone("access-unpaired", { volumeID, snapshotID: point.snapshotID, newAccountID, access });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("access-point", { volumeID, retention: "24:00:00" });
 * new VolumeClone("access-given", { volumeID, snapshotID: point.snapshotID, newAccountID, access: "readOnly" });
 * ```
 */
export const restrictCloneAccess = rule<Settings>({
  name: "element-restrict-clone-access",
  description: "A clone has an access that the team has agreed on, and inherits no other one.",
  level: "mandatory",
  severity: "medium",
  remedy: "Set access, or change allowed in the pack's configuration.",
  settings: {
    allowed: {
      type: "array",
      items: { type: "string", enum: ["readOnly", "readWrite", "locked", "replicationTarget"] },
      minItems: 1,
      default: ["readOnly", "readWrite", "locked"],
      description: "What access may be. Where replicationTarget may be, a preview notes that a new clone has no pair.",
    },
    undecided,
  },
  resource: {
    types: [CLONE],
    decide(clone, verdict) {
      const { allowed } = verdict.config;
      const access = text(clone, "access");
      if (unknown(clone, "access")) {
        verdict.undecided(clone, "access is not known yet.", "This rule decides during the update, before it is made.");
      } else if (access === undefined) {
        const inherited = inheritanceProblem(facts(clone)?.access, allowed);
        if (inherited !== undefined) verdict.violation(clone, inherited);
      } else if (!isAllowed(access, allowed)) {
        verdict.violation(clone, `access is none of ${allowed.join(", ")}, which are agreed on.${hint(access)}`);
      }
    },
  },
  stack: {
    type: CLONE,
    decide(resources, verdict) {
      for (const clone of clonesOf(resources)) {
        if (text(clone, "access") === "replicationTarget" && isAllowed("replicationTarget", verdict.config.allowed)) {
          verdict.undecided(clone, "access is for a volume with a pair, and a new clone has none.", UNPAIRED);
        }
        // What these decide, the other part has said.
        if (isSet(clone, "access") || facts(clone) !== undefined) continue;
        const access = inheritedAccess(clone);
        const problem = inheritanceProblem(access, verdict.config.allowed);
        if (problem !== undefined) {
          verdict.violation(clone, problem);
        } else if (access === undefined) {
          verdict.undecided(
            clone,
            "access is left out, and what its source allows is not known.",
            "This rule decides during the update, if check can look it up then. Set access.",
          );
        }
      }
    },
  },
});

const UNPAIRED = "The cluster decides: without a pair, it makes the clone locked.";

const isAllowed = (access: string, allowed: readonly string[]): boolean => allowed.includes(access);

const hint = (access: string): string =>
  access === "replicationTarget" ? " It is for a volume with a pair, and a new clone has none." : "";

/** What is wrong with inheriting this. */
function inheritanceProblem(access: string | undefined, allowed: readonly string[]): string | undefined {
  if (access === undefined || (access === "readWrite" && isAllowed(access, allowed))) return undefined;
  return access === "readWrite"
    ? `access is left out, so that the clone inherits "readWrite", which is not agreed on. Set access.`
    : `access is left out, and its source is not "readWrite": the clone inherits that. Set access.`;
}

/** What a clone of this program inherits from another one. */
function inheritedAccess(clone: InStack): string | undefined {
  const volume = volumeOf(clone);
  if (volume === undefined || isSet(volume, "access") || exists(volume)) return volume && text(volume, "access");
  return facts(volume)?.access ?? inheritedAccess(volume);
}
