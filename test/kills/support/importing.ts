import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Project, packageRoot } from "../../e2e/support/project";

/** Follows the advice of a message to the letter, with the built command. Answers what is wrong about that. */
export async function importAsTold(project: Project, message: string): Promise<string[]> {
  const advised = /npx pulumi-holdfast (import (?:ovh|element):\w+ \S+ [\w/-]+)/.exec(message)?.[1];
  if (advised === undefined) return ["no import command is printed"];
  const [node, main] = [join(packageRoot, "node_modules/.bin/node"), join(packageRoot, "dist/provider/cli/main.js")];
  const options = { cwd: project.folder, env: project.env };
  const { stdout } = await promisify(execFile)(node, [main, ...advised.split(" ")], options);
  const command = /^ {2}pulumi (import .*)$/m.exec(stdout)?.[1];
  if (command === undefined) return [`"${advised}" prints no command to go on with:\n${stdout}`];
  const run = await project.pulumi(...command.split(" "), "--yes");
  return run.code === 0 ? [] : [`pulumi ${command} failed:\n${run.text}`];
}
