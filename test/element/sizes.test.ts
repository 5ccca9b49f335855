import { expect, test } from "vitest";
import { MAX_VOLUME_SIZE, MIN_VOLUME_SIZE, toMebibytes } from "../../provider/element/sizes";

// What clusters have answered to what was asked of them.
test.each([
  [1_000_000_000, 1_000_341_504],
  [2_000_000_000, 2_000_683_008],
  [5_000_000_000, 5_000_658_944],
  [10_000_000_000, 10_000_269_312],
  [200_000_000_000, 200_000_143_360],
  [1_000_000_000_000, 1_000_000_716_800],
  [8_000_000_000_000, 8_000_000_491_520],
])("a volume of %d bytes has %d", (asked, stored) => {
  expect(toMebibytes(asked)).toBe(stored);
});

test("what is a whole number of MiB stays, and a byte more is a whole MiB more", () => {
  const gibibyte = 1_073_741_824;
  expect(toMebibytes(gibibyte)).toBe(gibibyte);
  expect(toMebibytes(gibibyte + 1)).toBe(gibibyte + 1_048_576);
  expect(toMebibytes(gibibyte - 1)).toBe(gibibyte);
});

test("the largest size can be had as it is, and the smallest is rounded up like any other", () => {
  expect(toMebibytes(MAX_VOLUME_SIZE)).toBe(MAX_VOLUME_SIZE);
  expect(toMebibytes(MIN_VOLUME_SIZE)).toBe(1_000_341_504);
});
