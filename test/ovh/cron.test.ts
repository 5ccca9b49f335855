import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, test, type World } from "./support/test";

/** What the user reads of a policy with one rule. */
async function failures(world: World, cron: string): Promise<string[]> {
  const rules = [{ prefix: "x", cron }];
  const { failures } = await world.resource("ovh:SnapshotPolicy").check({ serviceName: world.serviceName, rules });
  return failures.map(({ property, reason }) => `${property} ${reason}`);
}

describe("a cron text", () => {
  /** Whether the engine would be told to replace a policy of the schedule by one of the cron text. */
  async function means(world: World, cron: string, schedule: Properties): Promise<boolean> {
    const policy = world.resource("ovh:SnapshotPolicy");
    const args = (timing: object) => ({ serviceName: world.serviceName, rules: [{ prefix: "x", ...timing }] });
    const { inputs, failures: none } = await policy.check(args({ schedule }));
    expect(none).toEqual([]);
    expect(await failures(world, cron)).toEqual([]);
    policy.state = { id: "1", inputs, outputs: { ...inputs, status: "available" }, initErrors: [] };
    return (await policy.diff(args({ cron }))).replaces?.length === 0;
  }

  const meanings: [string, Properties][] = [
    ["0 3 * * *", { minutes: [0], hours: [3] }],
    ["00 03 * * *", { minutes: [0], hours: [3] }],
    ["*/15 * * * *", { minutes: [0, 15, 30, 45] }],
    ["5-59/20 * * * *", { minutes: [5, 25, 45] }],
    ["0,30 8-18/2 * * *", { minutes: [0, 30], hours: [8, 10, 12, 14, 16, 18] }],
    ["1-5/2,7 0-23 * * *", { minutes: [1, 3, 5, 7] }],
    ["0 3 * * 7", { minutes: [0], hours: [3], weekdays: [0] }],
    ["0 3 * * 0", { minutes: [0], hours: [3], weekdays: [0] }],
    ["0 3 * * Sun", { minutes: [0], hours: [3], weekdays: [0] }],
    ["0 3 * * 5-7", { minutes: [0], hours: [3], weekdays: [0, 5, 6] }],
    ["0 3 * * 6,7", { minutes: [0], hours: [3], weekdays: [0, 6] }],
    ["0 3 * * mon-FRI", { minutes: [0], hours: [3], weekdays: [1, 2, 3, 4, 5] }],
    ["0 3 * * 1-5/2", { minutes: [0], hours: [3], weekdays: [1, 3, 5] }],
    ["0 3 * * 0-7", { minutes: [0], hours: [3] }],
    ["0 3 * * 1-7", { minutes: [0], hours: [3] }],
    ["0 3 1,15 * *", { minutes: [0], hours: [3], days: [1, 15] }],
    ["0 3 1-31 * *", { minutes: [0], hours: [3] }],
    ["0 3 * 2 *", { minutes: [0], hours: [3], months: [2] }],
    ["0 3 1-31 2 *", { minutes: [0], hours: [3], months: [2] }],
    ["0 3 29 2 *", { minutes: [0], hours: [3], days: [29], months: [2] }],
    ["0 3 31 2,3 *", { minutes: [0], hours: [3], days: [31], months: [2, 3] }],
    ["0 3 * jan-mar,12 1", { minutes: [0], hours: [3], months: [1, 2, 3, 12], weekdays: [1] }],
    ["0 3 * 1-12 *", { minutes: [0], hours: [3] }],
    ["* * * * *", { minutes: Array.from({ length: 60 }, (_, minute) => minute) }],
    ["@hourly", { minutes: [0] }],
    ["@daily", { minutes: [0], hours: [0] }],
    ["@weekly", { minutes: [0], hours: [0], weekdays: [0] }],
    ["@monthly", { minutes: [0], hours: [0], days: [1] }],
    ["@yearly", { minutes: [0], hours: [0], days: [1], months: [1] }],
  ];
  test.for(meanings)("%j means %j", async ([cron, schedule], { world }) => {
    expect(await means(world, cron, schedule)).toBe(true);
  });

  test.for([
    ["0 3 * * *", { minutes: [0], hours: [4] }],
    ["0 3 * * *", { minutes: [0] }],
    ["0 3 * * 7", { minutes: [0], hours: [3] }],
    ["0 3 1 * *", { minutes: [0], hours: [3], weekdays: [1] }],
    ["@daily", { minutes: [0] }],
  ] as [string, Properties][])("%j does not mean %j", async ([cron, schedule], { world }) => {
    expect(await means(world, cron, schedule)).toBe(false);
  });

  const FIVE =
    'must have five fields (minute, hour, day of month, month, day of week; UTC) such as "0 3 * * *", or be one of @hourly, @daily, @weekly, @monthly, @yearly.';
  const TAKES = "which a schedule can't say: it takes *, numbers, ranges (1-5), steps (*/15, 5-59/15) and lists (1,3)";
  const DAYS = `${TAKES}, and names (sun|mon|tue|wed|thu|fri|sat).`;
  const EITHER =
    "restricts the day of month and the day of week: cron means either of them, and a schedule of the service can't say that. Leave one of them *, or make two rules of it.";
  const refused: [string, string][] = [
    ["", FIVE],
    ["3", FIVE],
    ["0 3 * *", FIVE],
    ["0 0 3 * * *", FIVE],
    ["@reboot", "must be one of @hourly, @daily, @weekly, @monthly, @yearly."],
    ["@Daily", "must be one of @hourly, @daily, @weekly, @monthly, @yearly."],
    ["0 3 L * *", `has "L" for its day of month, ${TAKES}.`],
    ["0 3 15W * *", `has "15W" for its day of month, ${TAKES}.`],
    ["0 3 ? * 1", `has "?" for its day of month, ${TAKES}.`],
    ["H 3 * * *", `has "H" for its minute, ${TAKES}.`],
    ["1.5 3 * * *", `has "1.5" for its minute, ${TAKES}.`],
    ["-1 3 * * *", `has "-1" for its minute, ${TAKES}.`],
    ["1,,2 3 * * *", `has "1,,2" for its minute, ${TAKES}.`],
    ["5/20 * * * *", `has "5/20" for its minute, ${TAKES}.`],
    ["0 3 * * 1/2", `has "1/2" for its day of week, ${DAYS}`],
    ["0 three * * *", `has "three" for its hour, ${TAKES}.`],
    ["0 3 * * 1#2", `has "1#2" for its day of week, ${DAYS}`],
    ["0 3 * * 5L", `has "5L" for its day of week, ${DAYS}`],
    ["0 3 * * monday", `has "monday" for its day of week, ${DAYS}`],
    ["0 3 13 * 5", EITHER],
    ["0 3 */2 * 1", EITHER],
    ["0 3 1-31 * 1", EITHER],
    ["0 3 1 * 0-6", EITHER],
    ["0 3 31 2 *", "names days of the month that none of its months has: it never comes."],
    ["0 3 30,31 2 *", "names days of the month that none of its months has: it never comes."],
    ["0 3 31 4,6,9,11 *", "names days of the month that none of its months has: it never comes."],
  ];
  test.for(refused)("%j is refused in words that help", async ([cron, expected], { world }) => {
    expect(await failures(world, cron)).toEqual([`rules its 0.cron ${expected}`]);
  });

  test.for([
    "60 3 * * *",
    "0 24 * * *",
    "0 3 0 * *",
    "0 3 32 * *",
    "0 3 * 13 *",
    "0 3 * * 8",
    "0 22-2 * * *",
    "*/0 * * * *",
  ])("%j is refused because of its numbers", async (cron, { world }) => {
    expect(await failures(world, cron)).toEqual([
      expect.stringMatching(/^rules its 0\.cron can't be understood \(.*\d.*\)\.$/),
    ]);
  });
});
