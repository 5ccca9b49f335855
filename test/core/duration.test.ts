import { expect, test } from "vitest";
import { describeSeconds, durationSeconds } from "../../provider/core/duration";

test.each([
  ["90s", 90],
  ["15m", 900],
  ["1h30m", 5400],
  ["1.5h", 5400],
  ["250ms", 0.25],
  ["1h0m30s", 3630],
  ["2µs", 2e-6],
  ["2\u03bcs", 2e-6],
  [".5h", 1800],
  ["1.h", 3600],
  ["0s", 0],
])("understands %s as %d seconds", (text, seconds) => {
  expect(durationSeconds(text)).toBeCloseTo(seconds, 12);
});

test.each([
  "",
  "90",
  "1d",
  "-5m",
  "5m 30s",
  "m5",
  "1h30",
  "1,5h",
  "five",
  "5M",
  "1e3s",
  "s",
  " 5m",
  "5m\n",
  ".h",
  "1..5h",
  "9999999h",
])("does not take %j for a duration", (text) => {
  expect(durationSeconds(text)).toBeUndefined();
});

test.each([
  [0, "0 s"],
  [119, "119 s"],
  [120, "2 min"],
  [7199, "120 min"],
  [7200, "2 h"],
  [48 * 3600 - 1, "48 h"],
  [48 * 3600, "2 days"],
])("describes %d seconds to people as %s", (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});
