import type * as pulumi from "@pulumi/pulumi";
import { isLater, type Refuse, shown } from "../core/plainArguments";

/** How often a schedule refreshes: at the first `pulumi up` of each day, week (from Monday) or month, in UTC. */
export interface RefreshSchedule {
  /** `daily`, `weekly` or `monthly`, a plain value. */
  schedule: "daily" | "weekly" | "monthly";
}

const SCHEDULES = ["daily", "weekly", "monthly"] as const;

const DAY_MS = 24 * 3_600_000;

/** The period of a schedule that a moment is in: `2026-11-27`, the ISO week `2026-W48`, or `2026-11`. All in UTC. */
export function periodOf(schedule: RefreshSchedule["schedule"], now: number): string {
  const date = new Date(now).toISOString();
  if (schedule === "daily") return date.slice(0, 10);
  if (schedule === "monthly") return date.slice(0, 7);
  // An ISO week belongs to the year of its Thursday.
  const weekday = (new Date(now).getUTCDay() + 6) % 7;
  const thursday = new Date(now + (3 - weekday) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS));
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** Which trigger a `refresh` means. An output is a token, whatever it will be. */
export function triggerOf(refresh: unknown, now: number, refuse: Refuse): pulumi.Input<string | number> | undefined {
  if (isSchedule(refresh)) {
    throw refuse(
      "refresh",
      `is "${refresh}", a token that never changes by itself. For a schedule, write refresh: { schedule: "${refresh}" }.`,
    );
  }
  if (refresh === undefined || typeof refresh === "string" || typeof refresh === "number") return refresh;
  // Its type is that of the argument; nobody needs to know the value here.
  if (isLater(refresh)) return refresh as pulumi.Output<string | number>;
  const { schedule, ...others }: { schedule?: unknown } =
    typeof refresh === "object" && refresh !== null ? refresh : {};
  if (isSchedule(schedule) && Object.keys(others).length === 0) return periodOf(schedule, now);
  const schedules = SCHEDULES.map((name) => `"${name}"`).join(" | ");
  throw refuse(
    "refresh",
    `is ${shown(refresh)}, but must be a token, which is a text or a number and refreshes when it changes, or { schedule: ${schedules} }.`,
  );
}

const isSchedule = (value: unknown): value is RefreshSchedule["schedule"] =>
  SCHEDULES.some((schedule) => schedule === value);
