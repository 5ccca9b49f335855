import { expect, test } from "vitest";
import { QOS_BOUNDS, qosProblem } from "../../provider/element/qos";

const qos = { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 };

test.each([
  ["three different numbers", qos],
  ["one number three times", { minIOPS: 100, maxIOPS: 100, burstIOPS: 100 }],
  ["the lowest numbers that there are", { minIOPS: 50, maxIOPS: 100, burstIOPS: 100 }],
  ["the highest ones", { minIOPS: 15_000, maxIOPS: 200_000, burstIOPS: 200_000 }],
  ["what is known in part", { minIOPS: 100 }],
  ["what is not known at all", {}],
])("finds nothing wrong with %s", (_, fine) => {
  expect(qosProblem(fine)).toBeUndefined();
});

test.each([
  [{ ...qos, minIOPS: 49 }, "its minIOPS must be 50 to 15000"],
  [{ minIOPS: 15_001, maxIOPS: 20_000, burstIOPS: 20_000 }, "its minIOPS must be 50 to 15000"],
  [{ ...qos, minIOPS: 50, maxIOPS: 99 }, "its maxIOPS must be 100 to 200000"],
  [{ ...qos, maxIOPS: 200_001 }, "its maxIOPS must be 100 to 200000"],
  [{ ...qos, burstIOPS: 99 }, "its burstIOPS must be 100 to 200000"],
  [{ ...qos, burstIOPS: 200_001 }, "its burstIOPS must be 100 to 200000"],
  [{ ...qos, minIOPS: 1001 }, "its minIOPS must not be above its maxIOPS"],
  [{ ...qos, burstIOPS: 999 }, "its maxIOPS must not be above its burstIOPS"],
  // maxIOPS is not known, and whatever it is, these two don't go together.
  [{ minIOPS: 500, burstIOPS: 499 }, "its minIOPS must not be above its burstIOPS"],
])("says of %j: %s", (wrong, problem) => {
  expect(qosProblem(wrong)).toBe(problem);
});

test("takes other bounds, such as those of an older release", () => {
  const older = { ...QOS_BOUNDS, burstIOPS: { min: 100, max: 100_000 } };
  expect(qosProblem({ ...qos, burstIOPS: 100_001 }, older)).toBe("its burstIOPS must be 100 to 100000");
  expect(qosProblem({ ...qos, burstIOPS: 100_000 }, older)).toBeUndefined();
});
