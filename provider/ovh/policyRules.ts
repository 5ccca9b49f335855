import { z } from "zod";
import type { CrossRule } from "../core/check";
import { isUnknown } from "../core/unknowns";
import { readCron } from "./cron";
import { canonical, neverComes } from "./schedule";
import type { SnapshotPolicyRule } from "./snapshotPolicy";

/** Rules per policy (OVHcloud guide "Enterprise File Storage - Concepts"). */
const MOST_RULES = 4;

const moments = (low: number, high: number, what: string) =>
  z.array(
    z
      .number({ error: `must be a number from ${low} to ${high}` })
      .int(`must be a whole number from ${low} to ${high}`)
      .min(low, `must be from ${low} to ${high}${what}`)
      .max(high, `must be from ${low} to ${high}${what}`),
    { error: `must be a list of numbers from ${low} to ${high}` },
  );

const NEVER = "names days of the month that none of its months has: it never comes";

const schedule = z
  .strictObject(
    {
      minutes: moments(0, 59, "").min(1, "must name at least one minute"),
      hours: moments(0, 23, "").optional(),
      days: moments(1, 31, "").optional(),
      months: moments(1, 12, "").optional(),
      weekdays: moments(0, 6, ", where 0 is Sunday").optional(),
    },
    { error: "must be { minutes: [...] }, with hours, days, months and weekdays as you like" },
  )
  .refine((given) => !neverComes(given), NEVER)
  .transform(canonical);

const cron = z.string({ error: 'must be a text such as "0 3 * * *"' }).superRefine((text, context) => {
  const read = readCron(text);
  const problem = "problem" in read ? read.problem : neverComes(read.schedule) ? NEVER : undefined;
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

export const rules = z.array(
  z.strictObject(
    {
      prefix: z.string({ error: "must be a text" }).min(1, "must not be empty: snapshots are named after it"),
      copies: z
        .number({ error: "must be a number of snapshots" })
        .int("must be a whole number of snapshots")
        .min(1, "must be at least 1")
        .default(1),
      schedule: schedule.optional(),
      cron: cron.optional(),
    },
    { error: "must be { prefix, copies, schedule } or { prefix, copies, cron }" },
  ),
  { error: "must be a list of rules, each { prefix, copies, schedule } or { prefix, copies, cron }" },
);

/** What the rules must be together. They are looked at as the program sends them: one unknown part hides no mistake. */
export const acrossRules = (news: object): CrossRule[] =>
  [fittingNumber, oneTiming, uniquePrefixes].map((rule) => () => {
    const reason = rule(Reflect.get(news, "rules"));
    return reason === undefined ? undefined : { property: "rules", reason };
  });

function fittingNumber(list: unknown): string | undefined {
  if (!Array.isArray(list)) return undefined;
  if (list.length === 0) return "must have at least one rule.";
  if (list.length <= MOST_RULES) return undefined;
  return `must have at most ${MOST_RULES} rules, as many as the service takes in one policy.`;
}

/** In each rule one of both says when. A value that is still unknown counts: its key is there. */
function oneTiming(list: unknown): string | undefined {
  for (const [index, rule] of rulesOf(list)) {
    const timings = [given(rule, "schedule"), given(rule, "cron")].filter((timing) => timing !== undefined);
    if (timings.length === 2) return `its ${index} has a schedule and a cron text: set only one of them.`;
    if (timings.length === 0) {
      return `its ${index} has no schedule: set its schedule to { minutes: [0] }, for example, or its cron to "0 * * * *".`;
    }
  }
  return undefined;
}

/** The prefix tells the rules of a policy apart, also in the names of their snapshots. */
function uniquePrefixes(list: unknown): string | undefined {
  const seen = new Map<unknown, number>();
  for (const [index, rule] of rulesOf(list)) {
    const prefix = given(rule, "prefix");
    if (typeof prefix !== "string" || prefix === "" || isUnknown(prefix)) continue;
    const first = seen.get(prefix);
    if (first !== undefined) {
      return `its ${first} and its ${index} both have the prefix "${prefix}": each rule needs its own.`;
    }
    seen.set(prefix, index);
  }
  return undefined;
}

const given = (rule: object, key: keyof SnapshotPolicyRule): unknown => Reflect.get(rule, key) ?? undefined;

/** The rules that are known already, with their places. */
const rulesOf = (list: unknown): (readonly [number, object])[] =>
  (Array.isArray(list) ? [...list.entries()] : []).filter(
    (entry): entry is [number, object] => typeof entry[1] === "object" && entry[1] !== null,
  );
