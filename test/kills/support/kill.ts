import { Bench, type Victim, type When } from "./bench";
import { described } from "./calls";
import { importAsTold } from "./importing";
import { beyond, type Counts } from "./ledger";
import type { Moment, Stage } from "./system";

/** A kill and how its stack came out of it. */
export interface Kill {
  victim: Victim;
  when: When;
  stage: Stage;
  moment: Moment;
  /** What was wrong afterwards. */
  problems: string[];
}

/** Kills once at each of the calls that `wanted` chooses, and repeats the command after each. */
export async function killAtEachCall(
  stage: Stage,
  victim: Victim,
  wanted: (moment: Moment, when: When) => boolean,
  told: (kill: Kill) => void,
): Promise<Kill[]> {
  const { calls, limit } = await discovered(stage);
  const kills: Kill[] = [];
  let bench: Bench | undefined;
  for (const moment of calls) {
    for (const when of ["before", "after"] as const) {
      if (!wanted(moment, when)) continue;
      bench ??= await Bench.open(stage);
      const problems = await killOn(bench, victim, when, moment, limit);
      const kill = { victim, when, stage, moment, problems };
      kills.push(kill);
      told(kill);
      if (problems.length === 0) continue;
      await bench.close(); // the next one begins anew
      bench = undefined;
    }
  }
  if (bench !== undefined) {
    const left = await bench.end();
    await bench.close();
    if (left.length > 0) throw new Error(`After the last destroy:\n${left.join("\n")}`);
  }
  return kills;
}

const discoveries = new Map<Stage, ReturnType<Bench["discover"]>>();

/** The calls of a stage, from one undisturbed run of it. */
function discovered(stage: Stage): ReturnType<Bench["discover"]> {
  const known = discoveries.get(stage) ?? discover(stage);
  discoveries.set(stage, known);
  return known;
}

async function discover(stage: Stage): ReturnType<Bench["discover"]> {
  const bench = await Bench.open(stage);
  try {
    return await bench.discover();
  } finally {
    await bench.close();
  }
}

/** One kill on a stack of its own, which is destroyed afterwards. Answers what is wrong then. */
export async function killOnce(
  stage: Stage,
  victim: Victim,
  when: When,
  moment: Moment,
  limit: Counts,
): Promise<string[]> {
  const bench = await Bench.open(stage);
  try {
    return [...(await killOn(bench, victim, when, moment, limit)), ...(await bench.end())];
  } finally {
    await bench.close();
  }
}

/** One kill, the command repeated, and what is wrong then. */
async function killOn(bench: Bench, victim: Victim, when: When, moment: Moment, limit: Counts): Promise<string[]> {
  try {
    await bench.begin();
    const killed = await bench.runKilled(victim, when, moment);
    let recovered = await bench.recover();
    const imported: string[] = [];
    if (bench.stage.imports && recovered.code !== 0) {
      imported.push(...beyond(bench.peak, limit), ...(await importAsTold(bench.project, recovered.text)));
      recovered = await bench.run();
    }
    const wrong = [
      ...imported,
      ...(recovered.code === 0 ? [] : ["the repeated command failed"]),
      ...(await bench.differences(limit)),
    ];
    const survivors = (await bench.survivors()).map(({ command }) => `still running: ${command}`);
    const problems = [...wrong, ...survivors];
    return problems.length === 0 ? [] : [...problems, `--- killed\n${killed.text}`, `--- repeated\n${recovered.text}`];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

export const failures = (kills: readonly Kill[]): string[] =>
  kills
    .filter(({ problems }) => problems.length > 0)
    .map(({ victim, when, moment, problems }) =>
      [`${victim} killed ${when} ${described(moment)}:`, ...problems].join("\n  "),
    );
