import { retentionSeconds } from "../../../provider/element/retention";
import { rule } from "../../rule";
import { isSet, type Seen, text } from "../../seen";
import { SNAPSHOT } from "../seen";

interface Settings {
  maxDays: number;
}

/**
 * Every snapshot has an end: a volume has at most 32, and one that nobody remembers takes the place of another and keeps
 * the space of what was deleted since. An expired one goes by itself. A clone of it stays.
 *
 * Fails:
 * ```ts
 * new Snapshot("retention-none", { volumeID });
 * ```
 * Passes:
 * ```ts
 * new Snapshot("retention-day", { volumeID, retention: "24:00:00" });
 * ```
 */
export const requireSnapshotRetention = rule<Settings>({
  name: "element-require-snapshot-retention",
  description: "A snapshot expires, and within the time that the team has agreed on.",
  level: "advisory",
  severity: "low",
  remedy: "Set retention or expirationTime, or raise maxDays in the pack's configuration.",
  settings: {
    maxDays: {
      type: "number",
      exclusiveMinimum: 0,
      default: 30,
      description: "Longest retention, and how far expirationTime may lie ahead, in days.",
    },
  },
  resource: {
    types: [SNAPSHOT],
    decide(snapshot, { config: { maxDays }, violation }) {
      if (!isSet(snapshot, "retention") && !isSet(snapshot, "expirationTime")) {
        violation(snapshot, "it never expires. Set retention or expirationTime.");
        return;
      }
      const days = daysLeft(snapshot);
      if (days === undefined || days <= maxDays) return;
      const property = isSet(snapshot, "retention") ? "retention" : "expirationTime";
      violation(snapshot, `${property} keeps it for more than ${maxDays} days. Lower it, or raise maxDays.`);
    },
  },
});

/** How long the program keeps it, where that is known and can be read: check refuses what can't. */
function daysLeft(snapshot: Seen): number | undefined {
  const retention = text(snapshot, "retention");
  const expirationTime = text(snapshot, "expirationTime");
  if (retention !== undefined) return days(retentionSeconds(retention));
  if (expirationTime === undefined || isSet(snapshot, "retention")) return undefined;
  const time = Date.parse(expirationTime);
  return Number.isNaN(time) ? undefined : days((time - Date.now()) / 1000);
}

const days = (seconds: number | undefined): number | undefined => seconds && seconds / 86_400;
