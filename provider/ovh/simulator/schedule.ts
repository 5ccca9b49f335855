import type { Schedule } from "./records";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const allows = (list: readonly number[], value: number): boolean => list.length === 0 || list.includes(value);

/**
 * The latest instants at which a schedule fires in (after, until], oldest first, at most `limit` of them. UTC; a day must suit
 * months, days and weekdays together (unconfirmed; our assumption).
 */
export function instants(schedule: Schedule, after: number, until: number, limit: number): number[] {
  const found: number[] = [];
  let time = until - (until % MINUTE);
  while (time > after && found.length < limit) {
    const date = new Date(time);
    const dayFits =
      allows(schedule.months, date.getUTCMonth() + 1) &&
      allows(schedule.days, date.getUTCDate()) &&
      allows(schedule.weekdays, date.getUTCDay());
    if (!dayFits) {
      time = time - (time % DAY) - MINUTE;
    } else if (!allows(schedule.hours, date.getUTCHours())) {
      time = time - (time % HOUR) - MINUTE;
    } else {
      if (schedule.minutes.includes(date.getUTCMinutes())) found.push(time);
      time -= MINUTE;
    }
  }
  return found.reverse();
}

/** The latest multiples of a pace in (after, until], oldest first, at most `limit` of them. */
export function multiples(every: number, after: number, until: number, limit: number): number[] {
  const last = until - (until % every);
  const count = Math.min(limit, Math.max(0, Math.ceil((last - after) / every)));
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * every);
}

const two = (value: number): string => String(value).padStart(2, "0");

/**
 * The name of an automatic snapshot: prefix.YYYY-MM-DD_HHMM (a habit of ONTAP; unconfirmed, our assumption). With seconds
 * only at a pace of the simulator's own, which no policy of the service can have.
 */
export function automaticName(prefix: string, time: number, withSeconds = false): string {
  const date = new Date(time);
  const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${prefix}.${day}_${two(date.getUTCHours())}${two(date.getUTCMinutes())}${withSeconds ? two(date.getUTCSeconds()) : ""}`;
}
