import {
  all,
  isAbsent,
  isUnknown,
  type Judge,
  json,
  label,
  list,
  literal,
  moment,
  object,
  type Verdict,
} from "./oracle";

// What volumes and snapshots of NetApp Element are, by the API reference (CloneVolume, CreateSnapshot, GetLimits, attributes).

const within = (value: unknown, low: number, high: number): Verdict =>
  typeof value === "number" && Number.isInteger(value) && value >= low && value <= high ? "valid" : "wrong";

/** A counter of the cluster; how far it counts, no document says. */
export const id: Judge = (value) =>
  typeof value === "number" && value > Number.MAX_SAFE_INTEGER ? "open" : within(value, 1, Number.MAX_SAFE_INTEGER);

export const flag: Judge = literal(true, false);

/** At least 1 and at most 64 characters; which ones, no document says. */
export const volumeName: Judge = (value) => {
  if (typeof value !== "string" || [...value].length > 64) return "wrong";
  return /^[A-Za-z0-9-]{1,64}$/.test(value) ? "valid" : "open";
};

export const snapMirrorLabel: Judge = (value) => {
  if (typeof value !== "string" || [...value].length > 31) return "wrong";
  return value === "" || value.length > 31 ? "open" : label(value);
};

export const access: Judge = literal("readOnly", "readWrite", "locked", "replicationTarget");

/** Bytes. */
export const newSize: Judge = (value) => within(value, 1_000_000_000, 17_592_186_044_416);

/** Less than 1000 bytes as JSON, of which some are ours: how many is for us to say. */
export const attributes: Judge = (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "wrong";
  if (json(value) === "wrong") return "wrong";
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes >= 1000) return "wrong";
  const plain = Object.getPrototypeOf(value) === Object.prototype && !Object.hasOwn(value, "holdfast");
  return plain && bytes < 880 ? "valid" : "open";
};

const numbers = object(
  {
    minIOPS: (value) => within(value, 50, 15_000),
    maxIOPS: (value) => within(value, 100, 200_000),
    burstIOPS: (value) => within(value, 100, 200_000),
  },
  ["minIOPS", "maxIOPS", "burstIOPS"],
);
const isNumber: Judge = (value) => within(value, -Infinity, Infinity);
const integers = object({ minIOPS: isNumber, maxIOPS: isNumber, burstIOPS: isNumber }, [
  "minIOPS",
  "maxIOPS",
  "burstIOPS",
]);
/** All three, in this order. */
export const qos: Judge = (value) => {
  const verdict = numbers(value);
  if (typeof value !== "object" || value === null) return verdict;
  const { minIOPS, maxIOPS, burstIOPS }: { minIOPS?: unknown; maxIOPS?: unknown; burstIOPS?: unknown } = value;
  // As long as one is not known, what the others must be may be told or not.
  if ([minIOPS, maxIOPS, burstIOPS].some(isUnknown)) return all([integers(value), "open"]);
  if (verdict === "wrong") return "wrong";
  return Number(minIOPS) <= Number(maxIOPS) && Number(maxIOPS) <= Number(burstIOPS) ? verdict : "wrong";
};

export const ids = list(id);

/** `HH:mm:ss`; more hours than two digits hold, fewer digits, and nothing at all are nowhere excluded. */
export const retention: Judge = (value) => {
  if (typeof value !== "string" || !/^\d+:\d\d?:\d\d?$/.test(value)) return "wrong";
  return /^\d\d:[0-5]\d:[0-5]\d$/.test(value) && /[1-9]/.test(value) ? "valid" : "open";
};

/** The service knows the word `fifo` besides. */
export const expirationTime: Judge = (value) => (value === "fifo" ? "open" : moment(value));

/** Two that exclude each other: the second is refused where both are what they must be. */
export function exclude(
  news: Readonly<Record<string, unknown>>,
  verdicts: Map<string, Verdict>,
  [other, refused]: readonly [string, string],
): void {
  if (isAbsent(news[other]) || isAbsent(news[refused]) || isUnknown(news[other]) || isUnknown(news[refused])) return;
  const both = [verdicts.get(other), verdicts.get(refused)];
  if (both.every((verdict) => verdict === "valid")) verdicts.set(refused, "wrong");
  else if (!both.includes("wrong")) verdicts.set(refused, "open");
}
