import { rule } from "../../rule";
import { byUrn, type InStack, madeFrom, text } from "../../seen";
import { SHARES, SNAPSHOTS } from "../seen";

interface Settings {
  maxPerShare: number;
  maxPerService: number;
}

/**
 * Counts the manual snapshots of the program, taken and held, against the service's limits: 200 per share, and 50 per service
 * in the control panel. Nothing rotates them away, and each one blocks the deletion of its share.
 *
 * Fails, with `maxPerShare: 1`:
 * ```ts
 * new Snapshot("count-first", { serviceName, shareId });
 * new Snapshot("count-second", { serviceName, shareId });
 * ```
 * Passes:
 * ```ts
 * new Snapshot("count-only", { serviceName, shareId });
 * ```
 */
export const limitHeldSnapshots = rule<Settings>({
  name: "ovh-limit-held-snapshots",
  description: "The program keeps no more manual snapshots than the service takes.",
  level: "advisory",
  severity: "low",
  remedy: "Remove snapshots that nobody needs, or raise maxPerShare or maxPerService in the pack's configuration.",
  settings: {
    maxPerShare: {
      type: "integer",
      minimum: 1,
      default: 200,
      description: "Most manual snapshots of one share in a program. The service takes 200.",
    },
    maxPerService: {
      type: "integer",
      minimum: 1,
      default: 50,
      description: "Most manual snapshots of one service in a program. The control panel counts to 50.",
    },
  },
  stack: {
    decide(resources, { config, violation }) {
      const snapshots = resources.filter(({ type }) => SNAPSHOTS.includes(type));
      const groups = [
        { what: "share", by: sharesOf(snapshots), most: config.maxPerShare, setting: "maxPerShare" },
        {
          what: "service",
          by: (snapshot: InStack) => text(snapshot, "serviceName"),
          most: config.maxPerService,
          setting: "maxPerService",
        },
      ];
      for (const { what, by, most, setting } of groups) {
        const members = new Map<string, InStack[]>();
        for (const snapshot of snapshots) {
          const key = by(snapshot);
          if (key === undefined) continue;
          const group = members.get(key) ?? [];
          members.set(key, group);
          group.push(snapshot);
        }
        for (const group of members.values()) {
          const [first] = byUrn(group);
          if (first === undefined || group.length <= most) continue;
          violation(
            first,
            `its ${what} gets ${group.length} manual snapshots from this program, more than the ${most} that are agreed on. Remove some, or raise ${setting}.`,
          );
        }
      }
    },
  },
});

/** One key per share: its ID, or what takes its place while a snapshot of a share of the program does not know it yet. */
function sharesOf(snapshots: InStack[]): (snapshot: InStack) => string | undefined {
  const shareOf = (snapshot: InStack): string | undefined => {
    const shares = madeFrom(snapshot, "shareId", SHARES);
    return shares.length === 1 ? shares[0]?.urn : undefined;
  };
  const ids = new Map<string | undefined, string>();
  for (const snapshot of snapshots) {
    const [id, share] = [text(snapshot, "shareId"), shareOf(snapshot)];
    if (id !== undefined && share !== undefined) ids.set(share, id);
  }
  return (snapshot) => text(snapshot, "shareId") ?? ids.get(shareOf(snapshot)) ?? shareOf(snapshot);
}
