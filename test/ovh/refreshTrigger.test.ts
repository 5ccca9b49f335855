import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { refusing } from "../../provider/core/plainArguments";
import { periodOf, triggerOf } from "../../provider/ovh/refreshTrigger";

const refuse = refusing("EnvironmentClone", "qa");
const at = (text: string) => Date.parse(text);

describe("the period of a schedule", () => {
  test.for([
    ["daily", "2026-11-27T00:00:00.000Z", "2026-11-27"],
    ["daily", "2026-11-27T23:59:59.999Z", "2026-11-27"],
    ["daily", "2026-11-28T00:30:00+01:00", "2026-11-27"],
    ["daily", "2028-02-29T12:00:00Z", "2028-02-29"],
    ["weekly", "2026-11-22T23:59:59.999Z", "2026-W47"],
    ["weekly", "2026-11-23T00:00:00.000Z", "2026-W48"],
    ["weekly", "2026-11-29T23:59:59.999Z", "2026-W48"],
    // A week belongs to the year of its Thursday: 1 January can be in last year's, 31 December in next year's.
    ["weekly", "2027-01-01T12:00:00Z", "2026-W53"],
    ["weekly", "2027-01-03T23:59:59.999Z", "2026-W53"],
    ["weekly", "2027-01-04T00:00:00.000Z", "2027-W01"],
    ["weekly", "2024-12-30T00:00:00.000Z", "2025-W01"],
    ["weekly", "2024-12-29T23:59:59.999Z", "2024-W52"],
    ["weekly", "2026-01-01T00:00:00.000Z", "2026-W01"],
    ["monthly", "2026-11-30T23:59:59.999Z", "2026-11"],
    ["monthly", "2026-12-01T00:00:00.000Z", "2026-12"],
    ["monthly", "2026-12-01T00:30:00+02:00", "2026-11"],
  ] as const)("%s at %s is %s", ([schedule, now, period]) => {
    expect(periodOf(schedule, at(now))).toBe(period);
    expect(triggerOf({ schedule }, at(now), refuse)).toBe(period);
  });
});

describe("a token", () => {
  test.for(["2026-47", "", "Daily run 7", 0, 17, undefined])("%j is taken as it is", (token) => {
    expect(triggerOf(token, 0, refuse)).toBe(token);
  });

  test("that comes later is passed on", () => {
    for (const later of [pulumi.output("x"), Promise.resolve("daily")]) {
      expect(triggerOf(later, 0, refuse)).toBe(later);
    }
  });
});

test.for([
  [
    "weekly",
    'is "weekly", a token that never changes by itself. For a schedule, write refresh: { schedule: "weekly" }.',
  ],
  [{ schedule: "hourly" }, 'is { schedule: "hourly" }, but must be a token'],
  [{ schedule: pulumi.output("daily") }, "is { schedule: an output }, but must be a token"],
  [{ schedule: "daily", at: "03:00" }, 'is { schedule: "daily", at: "03:00" }, but must be a token'],
  [
    {},
    'is {}, but must be a token, which is a text or a number and refreshes when it changes, or { schedule: "daily" | "weekly" | "monthly" }.',
  ],
  [["daily"], 'is ["daily"], but must be'],
  [true, "is true, but must be"],
  [null, "is null, but must be"],
] as const)("%o is neither token nor schedule", ([refresh, message]) => {
  expect(() => triggerOf(refresh, 0, refuse)).toThrow(`EnvironmentClone qa: refresh ${message}`);
});
