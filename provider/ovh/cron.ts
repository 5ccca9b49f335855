import type { SnapshotPolicySchedule } from "./snapshotPolicy";

/** The five shorthands of crontab, as the fields they stand for. */
const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
]);

/** Lists of `*` and ranges, with a step or without, and of single values: `5/15` has no one meaning in all crons. */
const list = (value: string): RegExp => {
  const item = `((\\*|${value}-${value})(/\\d+)?|${value})`;
  return new RegExp(`^${item}(,${item})*$`, "i");
};
const NUMBERS = { form: list("\\d+"), takes: "*, numbers, ranges (1-5), steps (*/15, 5-59/15) and lists (1,3)" };
const named = (names: string) => ({ form: list(`(\\d+|${names})`), takes: `${NUMBERS.takes}, and names (${names})` });

/** In the order of a cron text. */
const FIELDS = [
  { name: "minute", ...NUMBERS },
  { name: "hour", ...NUMBERS },
  { name: "day of month", ...NUMBERS },
  { name: "month", ...named("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec") },
  { name: "day of week", ...named("sun|mon|tue|wed|thu|fri|sat") },
] as const;

/**
 * The schedule that a cron text stands for, or why there is none. The library behind it accepts more than a schedule of
 * the service can say (seconds, `L`, `W`, `#`, `H`, `?`), so the form is checked here, and the library only counts.
 */
export function readCron(text: string): { schedule: SnapshotPolicySchedule } | { problem: string } {
  const shorthands = [...SHORTHANDS.keys()].join(", ");
  if (text.trim().startsWith("@") && !SHORTHANDS.has(text.trim())) return { problem: `must be one of ${shorthands}` };
  const fields = (SHORTHANDS.get(text.trim()) ?? text).trim().split(/\s+/);
  const [minute, hour, day, month, weekday, ...rest] = fields;
  if (weekday === undefined || rest.length > 0) {
    return {
      problem: `must have five fields (minute, hour, day of month, month, day of week; UTC) such as "0 3 * * *", or be one of ${shorthands}`,
    };
  }
  for (const [index, { name, form, takes }] of FIELDS.entries()) {
    const field = fields[index] ?? "";
    if (!form.test(field))
      return { problem: `has "${field}" for its ${name}, which a schedule can't say: it takes ${takes}` };
  }
  // Decided by the texts: cron looks at whether a field is *, not at what it amounts to.
  if (day !== "*" && weekday !== "*") {
    return {
      problem:
        "restricts the day of month and the day of week: cron means either of them, and a schedule of the service can't say that. Leave one of them *, or make two rules of it",
    };
  }
  try {
    // Day and month are read apart, for together the library drops or refuses days by rules of its own.
    const moments = fieldsOf(`${minute} ${hour} ${day} * ${weekday}`);
    return {
      schedule: {
        minutes: numbers(moments.minute.values),
        hours: hour === "*" ? [] : numbers(moments.hour.values),
        days: day === "*" ? [] : numbers(moments.dayOfMonth.values),
        months: month === "*" ? [] : numbers(fieldsOf(`0 0 * ${month} *`).month.values),
        // Sunday is 0 and 7 in cron.
        weekdays: weekday === "*" ? [] : numbers(moments.dayOfWeek.values).map((value) => value % 7),
      },
    };
  } catch (error) {
    return { problem: `can't be understood (${error instanceof Error ? error.message : String(error)})` };
  }
}

const numbers = (values: readonly unknown[]): number[] => values.filter((value) => typeof value === "number");

/** Loaded when the first cron text comes: most programs have none. */
function fieldsOf(text: string) {
  const { CronExpressionParser } = require("cron-parser") as typeof import("cron-parser");
  return CronExpressionParser.parse(text).fields;
}
