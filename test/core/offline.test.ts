import { expect, test } from "vitest";
import { offline } from "../../provider/core/offline";

test("any value of HOLDFAST_OFFLINE sets it, but those that say no", () => {
  for (const value of ["1", "true", "yes", " TRUE ", "on"]) expect(offline({ HOLDFAST_OFFLINE: value })).toBe(true);
  for (const value of ["", " ", "0", "false", "False", "no"]) expect(offline({ HOLDFAST_OFFLINE: value })).toBe(false);
  expect(offline({})).toBe(false);
});
