import { all, isAbsent, isUnknown, type Judge, list, object, someText, type Verdict } from "./oracle";

// What snapshot policies are, by the service's documentation and by crontab(5).

const within =
  (low: number, high: number): Judge =>
  (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= low && value <= high ? "valid" : "wrong";

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const never = (days: readonly number[], months: readonly number[]): boolean =>
  days.length > 0 &&
  days.every((day) => (months.length > 0 ? months : [1]).every((month) => day > (LONGEST[month - 1] ?? 31)));

const lists = object(
  {
    minutes: list(within(0, 59), 1),
    hours: list(within(0, 23)),
    days: list(within(1, 31)),
    months: list(within(1, 12)),
    weekdays: list(within(0, 6)),
  },
  ["minutes"],
);
const schedule: Judge = (value) => {
  const verdict = lists(value);
  if (verdict === "wrong" || typeof value !== "object" || value === null) return verdict;
  const { days, months }: { days?: unknown; months?: unknown } = value;
  const unknown = [days, months].some((part) => isUnknown(part) || (Array.isArray(part) && part.some(isUnknown)));
  if (unknown) return all([verdict, "open"]);
  return never(numbers(days), numbers(months)) ? "wrong" : verdict;
};
const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "number") : [];

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: { low: number; high: number; names: string[]; base: number }[] = [
  { low: 0, high: 59, names: [], base: 0 },
  { low: 0, high: 23, names: [], base: 0 },
  { low: 1, high: 31, names: [], base: 0 },
  { low: 1, high: 12, names: MONTHS, base: 1 },
  { low: 0, high: 7, names: DAYS, base: 0 },
];

function cronField(text: string, { low, high, names, base }: (typeof FIELDS)[number]): Verdict {
  const value = (word: string): number | undefined => {
    const named = names.indexOf(word.toLowerCase());
    if (named >= 0) return named + base;
    return /^[0-9]{1,9}$/.test(word) && Number(word) >= low && Number(word) <= high ? Number(word) : undefined;
  };
  const items = text.split(",");
  const verdicts = items.map((item): Verdict => {
    const [range = "", step, ...more] = item.split("/");
    if (more.length > 0 || (step !== undefined && !/^[0-9]+$/.test(step)) || Number(step) === 0) return "wrong";
    // A step larger than the field, and one after a single value, mean different things to different crons.
    const stepped: Verdict = step === undefined || Number(step) <= high ? "valid" : "open";
    if (range === "*") return stepped;
    const [from, to] = range.split("-").map(value);
    if (range.split("-").length > 2 || from === undefined) return "wrong";
    if (!range.includes("-")) return step === undefined ? "valid" : "open";
    if (to === undefined) return "wrong";
    return from <= to ? stepped : "open";
  });
  return all([...verdicts, items.length > 1 && new Set(items).size < items.length ? "open" : "valid"]);
}

export const cron: Judge = (value) => {
  if (typeof value !== "string") return "wrong";
  if (["@hourly", "@daily", "@weekly", "@monthly", "@yearly"].includes(value)) return "valid";
  const texts = value.trim().split(/\s+/);
  if (texts.length !== 5) return value.trim().startsWith("@") && /^@\S+$/.test(value.trim()) ? "open" : "wrong";
  const [, , day = "", month = "", weekday = ""] = texts;
  const verdict = all(texts.map((field, index) => cronField(field, FIELDS[index] as (typeof FIELDS)[number])));
  if (verdict === "wrong") return "wrong";
  // Two restrictions mean either of them, and a schedule of the service can't say that.
  if (day !== "*" && weekday !== "*") return day.startsWith("*") || weekday.startsWith("*") ? "open" : "wrong";
  if (!/^[0-9,]+$/.test(day) || !/^(\*|[0-9,]+)$/.test(month))
    return /^\*(\/1)?$/.test(day) ? verdict : all([verdict, "open"]);
  const plain = (text: string) => (text === "*" ? [] : text.split(",").map(Number));
  return never(plain(day), plain(month)) ? "wrong" : verdict;
};

/** A share has at most 200 snapshots; more in one rule is nobody's to refuse. */
const copies: Judge = (value) =>
  typeof value === "number" && Number.isInteger(value) && value > 200 ? "open" : within(1, 200)(value);

const rule: Judge = (value) => {
  const verdict = object({ prefix: someText, copies, schedule, cron }, ["prefix"])(value);
  if (verdict === "wrong" || typeof value !== "object" || value === null) return verdict;
  const timings = [Reflect.get(value, "schedule"), Reflect.get(value, "cron")].filter((timing) => !isAbsent(timing));
  return timings.length === 1 ? verdict : "wrong";
};

/** One to four rules, each with a prefix of its own. */
export const rules: Judge = (value) => {
  const verdict = list(rule, 1, 4)(value);
  if (!Array.isArray(value)) return verdict;
  const prefixes = value
    .map((one: unknown) => (typeof one === "object" && one !== null ? Reflect.get(one, "prefix") : undefined))
    .filter((prefix) => typeof prefix === "string" && !isUnknown(prefix));
  return new Set(prefixes).size < prefixes.length ? "wrong" : verdict;
};
