import { describe } from "vitest";
import { expect, test, type World } from "./support/test";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const rule = { prefix: "nightly", copies: 2, schedule: { minutes: [0], hours: [3] } };

const check = (world: World, rules: unknown) =>
  world.resource("ovh:SnapshotPolicy").check({ serviceName: world.serviceName, rules });

/** What the user reads. */
async function failures(world: World, rules: unknown): Promise<string[]> {
  return (await check(world, rules)).failures.map(({ property, reason }) => `${property} ${reason}`);
}
async function accepted(world: World, rules: unknown): Promise<unknown> {
  const { inputs, failures: none } = await check(world, rules);
  expect(none).toEqual([]);
  return inputs["rules"];
}

describe("rules", () => {
  const cases: [string, unknown, string][] = [
    ["none", [], "rules must have at least one rule."],
    [
      "five",
      ["a", "b", "c", "d", "e"].map((prefix) => ({ ...rule, prefix })),
      "rules must have at most 4 rules, as many as the service takes in one policy.",
    ],
    [
      "a text",
      "0 3 * * *",
      "rules must be a list of rules, each { prefix, copies, schedule } or { prefix, copies, cron }.",
    ],
    ["a list of texts", ["0 3 * * *"], "rules its 0 must be { prefix, copies, schedule } or { prefix, copies, cron }."],
    [
      "the same prefix twice",
      [rule, { ...rule, prefix: "hourly" }, rule],
      'rules its 0 and its 2 both have the prefix "nightly": each rule needs its own.',
    ],
    [
      "an empty prefix",
      [{ ...rule, prefix: "" }],
      "rules its 0.prefix must not be empty: snapshots are named after it.",
    ],
    ["no prefix", [{ schedule: rule.schedule }], "rules its 0.prefix must be a text."],
    ["no copies at all", [{ ...rule, copies: 0 }], "rules its 0.copies must be at least 1."],
    ["half a copy", [{ ...rule, copies: 1.5 }], "rules its 0.copies must be a whole number of snapshots."],
    ["copies as a text", [{ ...rule, copies: "2" }], "rules its 0.copies must be a number of snapshots."],
    [
      "neither schedule nor cron",
      [rule, { prefix: "x" }],
      'rules its 1 has no schedule: set its schedule to { minutes: [0] }, for example, or its cron to "0 * * * *".',
    ],
    [
      "both schedule and cron",
      [{ ...rule, cron: "0 3 * * *" }],
      "rules its 0 has a schedule and a cron text: set only one of them.",
    ],
    [
      "a misspelt member",
      [{ ...rule, copy: 3 }],
      "rules 0.copy is not known here: check its spelling, or remove it. It takes prefix, copies, schedule, cron.",
    ],
    [
      "a misspelt list",
      [{ ...rule, schedule: { minutes: [0], hour: [3] } }],
      "rules 0.schedule.hour is not known here: did you mean hours?",
    ],
    [
      "no minute",
      [{ ...rule, schedule: { minutes: [] } }],
      "rules its 0.schedule.minutes must name at least one minute.",
    ],
    [
      "no list of minutes",
      [{ ...rule, schedule: { hours: [3] } }],
      "rules its 0.schedule.minutes must be a list of numbers from 0 to 59.",
    ],
    [
      "a number for a list",
      [{ ...rule, schedule: { minutes: 0 } }],
      "rules its 0.schedule.minutes must be a list of numbers from 0 to 59.",
    ],
    [
      "a cron text as schedule",
      [{ ...rule, schedule: "0 3 * * *" }],
      "rules its 0.schedule must be { minutes: [...] }, with hours, days, months and weekdays as you like.",
    ],
    [
      "minute 60",
      [{ ...rule, schedule: { minutes: [0, 60] } }],
      "rules its 0.schedule.minutes.1 must be from 0 to 59.",
    ],
    [
      "hour 24",
      [{ ...rule, schedule: { minutes: [0], hours: [24] } }],
      "rules its 0.schedule.hours.0 must be from 0 to 23.",
    ],
    [
      "day 0",
      [{ ...rule, schedule: { minutes: [0], days: [0] } }],
      "rules its 0.schedule.days.0 must be from 1 to 31.",
    ],
    [
      "month 13",
      [{ ...rule, schedule: { minutes: [0], months: [13] } }],
      "rules its 0.schedule.months.0 must be from 1 to 12.",
    ],
    [
      "weekday 7",
      [{ ...rule, schedule: { minutes: [0], weekdays: [7] } }],
      "rules its 0.schedule.weekdays.0 must be from 0 to 6, where 0 is Sunday.",
    ],
    [
      "half an hour",
      [{ ...rule, schedule: { minutes: [0], hours: [3.5] } }],
      "rules its 0.schedule.hours.0 must be a whole number from 0 to 23.",
    ],
    [
      "31 April",
      [{ ...rule, schedule: { minutes: [0], days: [31], months: [4, 6] } }],
      "rules its 0.schedule names days of the month that none of its months has: it never comes.",
    ],
    ["a number as cron text", [{ prefix: "x", cron: 5 }], 'rules its 0.cron must be a text such as "0 3 * * *".'],
  ];
  test.for(cases)("with %s are refused in words that help", async ([, rules, expected], { world }) => {
    expect(await failures(world, rules)).toEqual([expected]);
  });

  test("are accepted with parts that are not known yet, and their other parts are still checked", async ({ world }) => {
    const unknown = [
      { prefix: UNKNOWN, copies: UNKNOWN, schedule: UNKNOWN },
      { prefix: UNKNOWN, cron: UNKNOWN },
      { prefix: "x", schedule: { minutes: UNKNOWN, hours: [UNKNOWN] } },
      UNKNOWN,
    ];
    expect(await accepted(world, unknown)).toEqual(unknown);
    const mixed = [
      { prefix: UNKNOWN, copies: 0, cron: "0 3 * *" },
      { prefix: "x", schedule: UNKNOWN, cron: UNKNOWN },
    ];
    const found = await failures(world, mixed);
    expect(found.map((failure) => failure.slice(0, 30))).toEqual([
      "rules its 0.copies must be at ",
      "rules its 0.cron must have fiv",
      "rules its 1 has a schedule and",
    ]);
  });

  test("are one value for one meaning: sorted, without repetitions and without lists that name all", async ({
    world,
  }) => {
    const all = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
    const schedule = {
      minutes: [30, 0, 30],
      hours: all(0, 23),
      days: all(1, 31),
      months: all(1, 12),
      weekdays: all(0, 6),
    };
    expect(await accepted(world, [{ prefix: "x", schedule }])).toEqual([
      { prefix: "x", copies: 1, schedule: { minutes: [0, 30] } },
    ]);
    const empty = { minutes: all(0, 59), hours: [], days: [], months: [], weekdays: [] };
    expect(await accepted(world, [{ prefix: "x", schedule: empty }])).toEqual([
      { prefix: "x", copies: 1, schedule: { minutes: all(0, 59) } },
    ]);
  });

  test("lose days that never come, and keep a full list beside one that restricts the other kind of day", async ({
    world,
  }) => {
    const all = (to: number) => Array.from({ length: to }, (_, index) => 1 + index);
    const schedules = [
      [
        { minutes: [0], days: [31, 30], months: [4] },
        { minutes: [0], days: [30], months: [4] },
      ],
      [
        { minutes: [0], days: all(30), months: [4, 6] },
        { minutes: [0], months: [4, 6] },
      ],
      [
        { minutes: [0], days: [29], months: [2] },
        { minutes: [0], days: [29], months: [2] },
      ],
      [
        { minutes: [0], days: all(31), weekdays: [1] },
        { minutes: [0], days: all(31), weekdays: [1] },
      ],
      [
        { minutes: [0], days: [1], weekdays: [0, 1, 2, 3, 4, 5, 6] },
        { minutes: [0], days: [1], weekdays: [0, 1, 2, 3, 4, 5, 6] },
      ],
    ];
    for (const [schedule, expected] of schedules) {
      expect(await accepted(world, [{ prefix: "x", schedule }])).toEqual([
        { prefix: "x", copies: 1, schedule: expected },
      ]);
    }
  });

  test("keep a cron text as it was written", async ({ world }) => {
    expect(await accepted(world, [{ prefix: "x", cron: " 0  3 * * SUN " }])).toEqual([
      { prefix: "x", copies: 1, cron: " 0  3 * * SUN " },
    ]);
  });
});
