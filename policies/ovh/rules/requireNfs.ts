import { rule, type Undecided, undecided } from "../../rule";
import { text, unknown } from "../../seen";
import { CLONE, SHARE } from "../seen";

/**
 * Shares and clones are served over NFS, the only protocol of the service. Check refuses another one first; the rule is for
 * what came into the state in another way.
 *
 * Fails:
 * ```ts
 * // @ts-expect-error: the only protocol is NFS
 * new Share("protocol-smb", { serviceName, size: 100, protocol: "SMB" });
 * ```
 * Passes:
 * ```ts
 * new Share("protocol-nfs", { serviceName, size: 100, protocol: "NFS" });
 * ```
 */
export const requireNfs = rule<Undecided>({
  name: "ovh-require-nfs",
  description: "Shares and clones are served over NFS.",
  level: "mandatory",
  severity: "medium",
  remedy: 'Leave protocol out, or set it to "NFS".',
  settings: { undecided },
  resource: {
    types: [SHARE, CLONE],
    decide(share, verdict) {
      if (unknown(share, "protocol")) {
        verdict.undecided(share, "protocol is not known yet.", "Check decides during the update, before it is made.");
      } else if ((text(share, "protocol") ?? "NFS") !== "NFS") {
        verdict.violation(
          share,
          'protocol is not "NFS", the only protocol of the service. Leave it out, or set it to that.',
        );
      }
    },
  },
});
