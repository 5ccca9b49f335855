import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { importObjects } from "../../../provider/cli/import";
import { orphans } from "../../../provider/cli/orphans";
import type { Machine } from "../machine";

export interface Run {
  code: number;
  out: string;
  err: string;
}

type Command = typeof orphans;

/** Runs a command on a machine. */
export async function runCommand(
  command: Command,
  args: string[],
  environment: NodeJS.ProcessEnv,
  folder: string,
): Promise<Run> {
  const run: Run = { code: 0, out: "", err: "" };
  const host = {
    out: (text: string) => {
      run.out += text;
    },
    err: (text: string) => {
      run.err += text;
    },
    environment,
    folder,
  };
  run.code = await command(args, host);
  return run;
}

/** Runs a command line that was printed. */
export async function runLine(line: string, environment: NodeJS.ProcessEnv, machine: Machine): Promise<Run> {
  const [npx, holdfast, command, ...args] = line.split(" ");
  if (npx !== "npx" || holdfast !== "pulumi-holdfast") throw new Error(`This is no command of ours: ${line}`);
  if (command === "import") machine.engine("tools", "3.254.0");
  return runCommand(command === "import" ? importObjects : orphans, args, environment, machine.folder);
}

/** Writes what `pulumi stack export` would, a few seconds from now: services tell their time in whole seconds. */
export function writeState(folder: string, file: string, resources: readonly object[], more: object = {}): void {
  const deployment = { manifest: { time: new Date().toISOString() }, resources, ...more };
  writeFileSync(join(folder, file), JSON.stringify({ version: 3, deployment }));
  utimesSync(join(folder, file), new Date(), new Date(Date.now() + 5000));
}

/** What stands behind the start of a line. */
export const lineOf = (text: string, start: string): string =>
  text
    .split("\n")
    .find((line) => line.trim().startsWith(start))
    ?.trim()
    .slice(start.length) ?? `no line begins with ${start}`;
