import { rule } from "../../rule";
import { called, type InStack } from "../../seen";
import { clonesOf, parentOf, sourcesOf } from "../program";
import { CLONE } from "../seen";

interface Settings {
  retained: string[];
}

/**
 * A share whose data are cloned is one that somebody needs: `protect` keeps a program from deleting it by mistake. A policy
 * sees `protect` only: shares with `retainOnDelete` instead are named in `retained`.
 *
 * Fails:
 * ```ts
 * const data = new Share("protect-data-failing", { serviceName, size: 100 });
 * const point = new Snapshot("protect-point-failing", { serviceName, shareId: data.id });
 * const clone = new ShareClone("protect-clone-failing", { serviceName, snapshotId: point.id, size: 100 });
 * new ShareAccessRule("protect-lan-failing", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 * Passes:
 * ```ts
 * const data = new Share("protect-data", { serviceName, size: 100 }, { protect: true });
 * const point = new Snapshot("protect-point", { serviceName, shareId: data.id });
 * const clone = new ShareClone("protect-clone", { serviceName, snapshotId: point.id, size: 100 });
 * new ShareAccessRule("protect-lan", { serviceName, shareId: clone.id, accessTo: "10.0.5.0/24", accessLevel: "rw" });
 * ```
 */
export const protectParentShare = rule<Settings>({
  name: "ovh-protect-parent-share",
  description: "A share whose data are cloned in the same stack can't be deleted by mistake.",
  level: "advisory",
  severity: "medium",
  remedy: "Set protect: true in the share's options, or name it in retained where retainOnDelete is set.",
  settings: {
    retained: {
      type: "array",
      items: { type: "string", minLength: 1 },
      default: [],
      description:
        "Names of shares, or parts of their URNs, that retainOnDelete keeps: a policy can't see that option.",
    },
  },
  stack: {
    type: CLONE,
    decide(resources, { config, violation }) {
      const parents = new Map<InStack, InStack>();
      for (const clone of clonesOf(resources)) {
        for (const source of sourcesOf(clone)) {
          const share = parentOf(source);
          if (share !== undefined && !parents.has(share)) parents.set(share, clone);
        }
      }
      for (const [share, clone] of parents) {
        if (share.opts.protect || config.retained.some((part) => share.urn.includes(part))) continue;
        violation(
          share,
          `${called(clone)} is made from its data, and nothing keeps the program from deleting it. Set protect: true in its options.`,
        );
      }
    },
  },
});
