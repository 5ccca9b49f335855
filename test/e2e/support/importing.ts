import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import { type Project, packageRoot } from "./project";

/** The built command in the project's folder: what it prints. */
export async function holdfast(project: Project, ...args: string[]): Promise<string> {
  const main = join(packageRoot, "dist/provider/cli/main.js");
  const node = join(packageRoot, "node_modules/.bin/node");
  const options = { cwd: project.folder, env: project.env };
  return (await promisify(execFile)(node, [main, "import", ...args], options)).stdout;
}

/** Carries out the first of the commands that were printed, with `--yes`. */
export async function importAsTold(project: Project, printed: string, ...more: string[]): Promise<void> {
  const command = /^ {2}pulumi (import .*)$/m.exec(printed)?.[1] ?? "";
  const run = await project.pulumi(...command.split(" "), "--yes", ...more);
  expect(run.code, run.text).toBe(0);
  expect(run.text).not.toContain("failed to validate");
}
