import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../../provider/simulators";
import { changes, type Project, type Run } from "../../e2e/support/project";
import { type Cell, install } from "./install";
import { MANAGERS, type Manager } from "./managers";
import { PROGRAMS, type Program } from "./programs";
import { contentsOf, type Tarball } from "./tarball";

export const STEPS = ["install", "compile", "preview", "up", "refresh", "destroy"] as const;
/** Seconds that each step took. */
export type Times = Record<(typeof STEPS)[number], number>;

/** Takes a cell through all that a stack goes through, and holds the simulated service against what should be there. */
export async function live(
  cell: Cell,
  tarball: Tarball,
  onStep: (done: Partial<Times>) => void = () => {},
): Promise<void> {
  const simulator = await simulateOvh({ schedule: false });
  let began = performance.now();
  const since = () => {
    const seconds = (performance.now() - began) / 1000;
    began = performance.now();
    return seconds;
  };
  let project: Project | undefined;
  try {
    project = await install(cell, tarball, simulator.environment);
    onStep({ install: since() });
    const manager: Manager = MANAGERS[cell.manager];
    const program: Program = PROGRAMS[cell.program];
    if (manager.through === undefined) {
      const folder = await realpath(join(project.programFolder, "node_modules", "pulumi-holdfast"));
      expect(await contentsOf(folder)).toEqual(tarball.contents);
    }
    since();
    if (program.tsconfig !== undefined) {
      expect(await compile(project, manager.through)).toBe("");
      onStep({ compile: since() });
    }
    await lifeOf(cell, project, simulator, onStep);
  } finally {
    await project?.remove();
    await simulator.close();
  }
}

/** What the compiler has to say. Pulumi's ts-node does not look into typings, so this does. */
async function compile({ programFolder: cwd, env }: Project, through: string[] = []): Promise<string> {
  const [command = "tsc", ...args] = [...through, "tsc", "--noEmit", "--project", "."];
  const PATH = [join(cwd, "node_modules", ".bin"), env["PATH"]].join(":");
  const answer = (said: { stdout: string }) => said.stdout;
  return promisify(execFile)(command, args, { cwd, env: { ...env, PATH } }).then(answer, answer);
}

const RESOURCES = ["data", "developers", "development"];

async function lifeOf(
  cell: Cell,
  project: Project,
  simulator: OvhSimulator,
  onStep: (done: Partial<Times>) => void,
): Promise<void> {
  const shares = () => simulator.model.shares.map(({ id }) => id);
  const step = async (name: "preview" | "up" | "refresh" | "destroy"): Promise<Run> => {
    const run = await project[name]();
    expect(run.code, run.text).toBe(0);
    onStep({ [name]: run.seconds });
    return run;
  };

  expect(changes(await step("preview")).toSorted()).toEqual(RESOURCES.map((name) => `create ${name}`));
  expect(shares()).toEqual([simulator.shareId]);

  expect(changes(await step("up")).toSorted()).toEqual(RESOURCES.map((name) => `create ${name}`));
  expect(shares()).toHaveLength(2);
  expect(await project.outputs()).toEqual({
    mount: expect.stringMatching(/^[\d.]+:\/\S+$/),
    node: expect.stringMatching(new RegExp(`^${cell.node}\\.`)),
    sameSdk: true,
  });

  expect(changes(await step("refresh"))).toEqual([]);
  expect(shares()).toHaveLength(2);

  expect(changes(await step("destroy")).toSorted()).toEqual(RESOURCES.map((name) => `delete ${name}`));
  expect(shares()).toEqual([simulator.shareId]);
  expect(simulator.unmatched).toEqual([]);
}
