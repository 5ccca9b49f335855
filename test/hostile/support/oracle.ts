import { SENTINELS } from "./values";

/**
 * What the service takes, written from its documentation and from nothing of ours. `open` is what no document decides, or
 * what we refuse although the service might take it: either answer is right.
 */
export type Verdict = "valid" | "wrong" | "open";
export type Judge = (value: unknown) => Verdict;

export const isUnknown = (value: unknown): boolean => typeof value === "string" && SENTINELS.includes(value);
export const isAbsent = (value: unknown): boolean => value === undefined || value === null;

export const all = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes("wrong") ? "wrong" : verdicts.includes("open") ? "open" : "valid";
const right = (decided: boolean): Verdict => (decided ? "valid" : "wrong");

const HEX = "0123456789abcdef";
export const id: Judge = (value) => {
  if (typeof value !== "string") return "wrong";
  const groups = value.split("-");
  const hexadecimal = groups.every((group) => [...group].every((digit) => HEX.includes(digit.toLowerCase())));
  return right(hexadecimal && groups.map((group) => group.length).join() === "8,4,4,4,12");
};

const integer = (value: unknown, low: number, high: number): Verdict =>
  right(typeof value === "number" && Number.isInteger(value) && value >= low && value <= high);
/** The largest service has 58 TiB. */
export const size: Judge = (value) =>
  typeof value === "number" && value > 59_392 && Number.isInteger(value) ? "open" : integer(value, 100, 59_392);
export const reserve: Judge = (value) => integer(value, 5, 100);
export const literal =
  (...values: unknown[]): Judge =>
  (value) =>
    right(values.includes(value));

/** At most 255 characters; a character outside of the basic plane counts as one to some and as two to others. */
export const label: Judge = (value) => {
  if (typeof value !== "string" || [...value].length > 255) return "wrong";
  return value.length > 255 ? "open" : "valid";
};
export const name: Judge = (value) => (value === "" ? "open" : label(value));
export const someText: Judge = (value) => right(typeof value === "string" && value !== "");
export const mountPoint: Judge = (value) =>
  typeof value !== "string" ? "wrong" : /^[A-Za-z0-9_-]{1,40}$/.test(value) ? "valid" : "open";

/** What can be stored at all: any JSON. */
export const json: Judge = (value) => {
  if (typeof value === "number") return right(Number.isFinite(value));
  if (typeof value !== "object" || value === null) return "valid";
  return all(Object.values(value).map(json));
};

/** An object with these members and no others. `null` stands for "left out" to some. */
export const object =
  (members: Record<string, Judge>, required: readonly string[] = []): Judge =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return "wrong";
    // A member called __proto__ has become its prototype, and may count or not.
    if (Object.getPrototypeOf(value) !== Object.prototype) return "open";
    const given: [string, unknown][] = Object.entries(value);
    const missing = required.filter((key) => !given.some(([name]) => name === key));
    if (missing.length > 0) return "wrong";
    return all(
      given.map(([key, member]) => {
        if (!Object.hasOwn(members, key)) return "wrong";
        if (member === null) return required.includes(key) ? "wrong" : "open";
        return isUnknown(member) ? "valid" : (members[key]?.(member) ?? "wrong");
      }),
    );
  };
export const list =
  (element: Judge, least = 0, most = Infinity): Judge =>
  (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) return "wrong";
    return all(value.map((one) => (isUnknown(one) ? "valid" : element(one))));
  };

const NANOSECONDS: Record<string, number> = { ns: 1, us: 1e3, "\u00b5s": 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };
/** Go's durations, which hold 2^63 nanoseconds. It knows some more spellings of numbers and of the sign. */
export const duration: Judge = (value) => {
  if (typeof value !== "string") return "wrong";
  const parts = value.match(/(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|\u00b5s|ms|s|m|h)/g) ?? [];
  if (parts.join("") !== value || value === "") return /^\+|\u03bcs/.test(value) ? "open" : "wrong";
  const total = parts.reduce(
    (sum, part) => sum + Number.parseFloat(part) * (NANOSECONDS[part.replace(/[0-9.]/g, "")] ?? NaN),
    0,
  );
  if (total > 9.2e18 && total < 9.3e18) return "open";
  return right(total > 0 && total < 2 ** 63);
};
export const timeouts = object({ create: duration, update: duration, delete: duration });

const TIME =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt ](?<hour>\d\d):(?<minute>\d\d)(:(?<second>\d\d)(\.\d+)?)?([Zz]|[+-](?<ahead>\d\d):(?<further>\d\d))$/;
/** RFC 3339, with an offset: a time without one is another on each machine. */
export const moment: Judge = (value) => {
  const parts = typeof value === "string" ? TIME.exec(value)?.groups : undefined;
  if (typeof value !== "string" || parts === undefined) return "wrong";
  const part = (called: string) => Number(parts[called] ?? 0);
  const [year, day, second] = [part("year"), part("day"), part("second")];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][part("month") - 1] ?? 0;
  const tooLate = part("hour") > 23 || part("minute") > 59 || second > 60 || part("ahead") > 23 || part("further") > 59;
  if (day < 1 || day > days || tooLate) return "wrong";
  const usual = /T\d\d:\d\d:.*[Z\d]$/.test(value) && second < 60;
  return usual && year > 1 && year < 9999 ? "valid" : "open";
};

/** An IPv4 address, or a network without host bits. */
export const network: Judge = (value) => {
  if (typeof value !== "string") return "wrong";
  const [address = "", prefix, ...rest] = value.split("/");
  const octets = address.split(".");
  const plain = (part: string, most: number) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) <= most;
  if (rest.length > 0 || octets.length !== 4 || !octets.every((octet) => plain(octet, 255))) return "wrong";
  if (prefix === undefined) return "valid";
  if (!plain(prefix, 32)) return "wrong";
  const bits = octets.map((octet) => Number(octet).toString(2).padStart(8, "0")).join("");
  return right(!bits.slice(Number(prefix)).includes("1"));
};
