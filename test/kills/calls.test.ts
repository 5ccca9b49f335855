import { afterAll, describe, expect, test } from "vitest";
import { described } from "./support/calls";
import { failures, type Kill, killAtEachCall } from "./support/kill";
import { ELEMENT_STAGES, STAGES } from "./support/stages";
import { table } from "./support/table";

/** For work on one of them: a part of `CLI: create Share`, and of `after POST /share #1`. */
const only = process.env["KILLS"] ?? "";
const at = process.env["KILLS_AT"] ?? "";
const VICTIMS = ["provider", "CLI", "everything"] as const;
const CASES = [...STAGES, ...ELEMENT_STAGES].flatMap((stage) =>
  VICTIMS.map((victim) => ({ stage, victim, name: `${victim}: ${stage.name}` })),
);

const kills: Kill[] = [];
afterAll(() => {
  const outcomes = kills.map(({ victim, when, stage, problems }) => ({
    victim,
    when,
    stage: stage.name,
    ok: problems.length === 0,
  }));
  console.log(table(outcomes));
});

describe.concurrent("killed with SIGKILL at each call, then repeated: nothing is lost, nothing doubled", () => {
  for (const { stage, victim, name } of CASES.filter((one) => one.name.includes(only))) {
    test(name, { timeout: 1_200_000 }, async () => {
      const done = await killAtEachCall(stage, victim, chosen(victim), (kill) => {
        kills.push(kill);
        if (process.env["KILLS_TOLD"]) {
          console.log(
            name,
            kill.when,
            described(kill.moment),
            kill.problems.length === 0 ? "ok" : kill.problems.join("\n"),
          );
        }
      });
      expect(failures(done)).toEqual([]);
    });
  }
});

/** A read has no effect: before it is as good as after it. Where the provider lives on, only changes differ at all. */
function chosen(victim: (typeof VICTIMS)[number]): Parameters<typeof killAtEachCall>[2] {
  return (moment, when) =>
    `${when} ${described(moment)}`.includes(at) && (moment.write || (victim !== "CLI" && when === "before"));
}
