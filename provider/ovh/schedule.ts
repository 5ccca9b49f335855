import { readCron } from "./cron";
import type { SnapshotPolicyRule, SnapshotPolicySchedule, StoredSnapshotPolicyRule } from "./snapshotPolicy";

const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const longestOf = (months: readonly number[]): number =>
  months.length > 0 ? Math.max(...months.map((month) => DAYS_OF_MONTH[month - 1] ?? 31)) : 31;

/** Whether none of the schedule's months has any of its days, as with 31 February. */
export function neverComes({ days = [], months = [] }: SnapshotPolicySchedule): boolean {
  const longest = longestOf(months);
  return days.length > 0 && days.every((day) => day > longest);
}

const sorted = (list: readonly number[] = []): number[] => [...new Set(list)].toSorted((a, b) => a - b);

const isEvery = (list: readonly number[], all: number): boolean => list.length === 0 || list.length === all;

/** One form for one meaning: lists in order, without repetitions, and left out where they mean every. */
export function canonical(schedule: SnapshotPolicySchedule): SnapshotPolicySchedule {
  const [hours, months, weekdays] = [sorted(schedule.hours), sorted(schedule.months), sorted(schedule.weekdays)];
  // The 31 of a list for April alone never comes, and 1 to 30 are all the days that April has.
  const longest = longestOf(months);
  const days = sorted(schedule.days).filter((day) => day <= longest || neverComes(schedule));
  const [everyDay, everyWeekday] = [isEvery(days, longest), isEvery(weekdays, 7)];
  // Whether a day must suit both lists or one of them is not documented: a full one next to another may mean something.
  const alone = everyDay === everyWeekday || days.length === 0 || weekdays.length === 0;
  const lists = {
    hours: isEvery(hours, 24) ? [] : hours,
    days: everyDay && alone ? [] : days,
    months: isEvery(months, 12) ? [] : months,
    weekdays: everyWeekday && alone ? [] : weekdays,
  };
  const restricting = Object.entries(lists).filter(([, list]) => list.length > 0);
  return { minutes: sorted(schedule.minutes), ...Object.fromEntries(restricting) };
}

/** As the API takes it, with an empty list for every. */
export const listed = ({ minutes, hours = [], days = [], months = [], weekdays = [] }: SnapshotPolicySchedule) => ({
  minutes,
  hours,
  days,
  months,
  weekdays,
});

/** Rules as the service stores them, in one order: each takes snapshots of its own, so their order means nothing. */
export const stored = (rules: readonly StoredSnapshotPolicyRule[]): StoredSnapshotPolicyRule[] =>
  rules
    .map(({ prefix, copies, schedule }) => ({ prefix, copies, schedule: canonical(schedule) }))
    .toSorted((a, b) => (a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0));

/** What rules mean, whether written as schedules or as cron texts; `undefined` where one of them means nothing. */
export function meaning(rules: readonly SnapshotPolicyRule[]): StoredSnapshotPolicyRule[] | undefined {
  const meant: StoredSnapshotPolicyRule[] = [];
  for (const { prefix, copies = 1, schedule, cron } of rules) {
    const read = cron === undefined ? undefined : readCron(cron);
    const when = schedule ?? (read !== undefined && "schedule" in read ? read.schedule : undefined);
    if (when === undefined) return undefined;
    meant.push({ prefix, copies, schedule: when });
  }
  return stored(meant);
}
