import { rule } from "../../rule";
import { exists, madeFrom } from "../../seen";
import { clonesOf } from "../program";
import { CLONE, RULES } from "../seen";

/**
 * A clone starts without access rules, and nobody can mount it before it has one. A rule that names its share by ID may be
 * for a clone that exists, so then nothing is said.
 *
 * Fails:
 * ```ts
 * const point = new Snapshot("mount-point-failing", { serviceName, shareId });
 * new ShareClone("mount-nobody", { serviceName, snapshotId: point.id, size: 200 });
 * ```
 * Passes:
 * ```ts
 * const point = new Snapshot("mount-point", { serviceName, shareId });
 * const clone = new ShareClone("mount-somebody", { serviceName, snapshotId: point.id, size: 200 });
 * new ShareAccessRule("mount-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "ro" });
 * ```
 */
export const requireCloneAccessRule = rule<Record<never, never>>({
  name: "ovh-require-clone-access-rule",
  description: "A clone has an access rule, so that it can be mounted.",
  level: "advisory",
  severity: "low",
  remedy: "Add a ShareAccessRule whose shareId is the clone's id.",
  settings: {},
  stack: {
    type: CLONE,
    decide(resources, { violation }) {
      const rules = resources.filter(({ type }) => RULES.includes(type));
      const admitted = new Set(rules.flatMap((access) => madeFrom(access, "shareId", [CLONE])));
      const byId = rules.some((access) => (access.propertyDependencies["shareId"] ?? []).length === 0);
      for (const clone of clonesOf(resources)) {
        if (admitted.has(clone) || (byId && exists(clone))) continue;
        violation(
          clone,
          "no access rule of this program admits anybody, so it can't be mounted. Add a ShareAccessRule.",
        );
      }
    },
  },
});
