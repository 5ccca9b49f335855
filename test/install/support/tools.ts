import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../../../provider/cli/engine";
import { packageRoot } from "../../e2e/support/project";

const run = promisify(execFile);

/** What npm packages we get the tools from. All come with what they need to run; none is installed for the whole machine. */
const TOOLS = {
  "node 22": ["node", "22.23.3"],
  "npm 10": ["npm", "10.9.9"],
  "npm 11": ["npm", "11.21.2"],
  "npm 12": ["npm", "12.2.2"],
  "pnpm 10": ["pnpm", "10.34.9"],
  "pnpm 12": ["pnpm", "12.21.0"],
  "yarn 1": ["yarn", "1.22.22"],
  "yarn 4": ["@yarnpkg/cli-dist", "4.18.1"],
  bun: ["bun", "1.4.5"],
} as const;
export type Tool = keyof typeof TOOLS | "node 24";

const folders = new Map<Tool, Promise<string>>();

/** The folder to put on PATH for this tool. The first time, npm installs it into our cache. */
export function tool(name: Tool): Promise<string> {
  // the checkout's own
  if (name === "node 24") return Promise.resolve(join(packageRoot, "node_modules", "node", "bin"));
  const [npmName, version] = TOOLS[name];
  const known = folders.get(name) ?? install(npmName, version);
  folders.set(name, known);
  return known;
}

/** Such as `pnpm 12.21.0`. */
export const versionOf = (name: Exclude<Tool, "node 24">): string => TOOLS[name].join(" ");

async function install(name: string, version: string): Promise<string> {
  const folder = join(
    cacheFolder(),
    "tools",
    `${name.replace("/", "+")}-${version}-${process.platform}-${process.arch}`,
  );
  const bin = join(folder, "node_modules", ".bin");
  if (existsSync(bin)) return bin;
  const temporary = `${folder}.tmp-${randomUUID().slice(0, 8)}`;
  try {
    await mkdir(temporary, { recursive: true });
    // these three fetch or place a binary when they are installed
    const allowScripts = { node: true, pnpm: true, bun: true };
    await writeFile(join(temporary, "package.json"), JSON.stringify({ private: true, allowScripts }));
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts=false", "--dry-run=false"];
    await npm(["install", ...quiet, `${name}@${version}`], temporary);
    await rename(temporary, folder).catch((error) => {
      if (!existsSync(bin)) throw error; // otherwise another process was faster
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return bin;
}

/** The npm that runs us, else the one on PATH. */
export async function npm(args: string[], cwd: string): Promise<string> {
  const { npm_execpath: file, npm_node_execpath: node } = process.env;
  const [command, before] = file?.endsWith(".js") && node ? [node, [file]] : ["npm", []];
  const { stdout } = await run(command, [...before, ...args], { cwd, maxBuffer: 2 ** 24 });
  return stdout;
}
