import { expect, test } from "vitest";
import { retentionSeconds } from "../../provider/element/retention";

test.each([
  ["24:00:00", 86_400],
  ["00:00:01", 1],
  ["00:59:59", 3599],
  ["72:30:15", 261_015],
  ["8760:00:00", 31_536_000],
])("understands %s as %d seconds", (text, seconds) => {
  expect(retentionSeconds(text)).toBe(seconds);
});

test.each([
  "",
  "00:00:00",
  "24",
  "24:00",
  "1:00:00",
  "24:0:0",
  "24:60:00",
  "24:00:60",
  "-24:00:00",
  "24:00:00.5",
  " 24:00:00",
  "24:00:00\n",
  "1.00:00:00",
  "24h",
  "123456789:00:00",
])("does not take %j for a retention", (text) => {
  expect(retentionSeconds(text)).toBeUndefined();
});
