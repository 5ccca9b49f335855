import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createProject, type Project, packageRoot } from "../../e2e/support/project";
import { MANAGERS, type Manager, type ManagerName } from "./managers";
import { PROGRAMS, type Program, type ProgramName } from "./programs";
import { registryEnvironment } from "./registry";
import type { Tarball } from "./tarball";
import { tool } from "./tools";

/** A way to install our package, and the program that uses it. */
export interface Cell {
  manager: ManagerName;
  program: ProgramName;
  node: 22 | 24;
  sdk: string;
  /** Packages that the program names besides, with their versions. */
  packages?: Record<string, string>;
}

const manifest: { peerDependencies: Record<string, string> } = JSON.parse(
  readFileSync(join(packageRoot, "package.json"), "utf8"),
);
/** The oldest SDK that package.json accepts: the cells with it show whether that is true. */
export const OLDEST_SDK = /^>=(\S+)/.exec(manifest.peerDependencies["@pulumi/pulumi"] ?? "")?.[1] ?? "";
export const NEWEST_SDK = "3.276.0";

/** Puts a program into a folder of its own and lets the package manager install what it names. */
export async function install(cell: Cell, tarball: Tarball, env: Record<string, string>): Promise<Project> {
  const manager: Manager = MANAGERS[cell.manager];
  const path = await Promise.all([tool(cell.node === 22 ? "node 22" : "node 24"), tool(manager.tool)]);
  const registry = await registryEnvironment();
  return createProject({
    env: { ...registry, ...env },
    path,
    ...(manager.through === undefined ? {} : { through: manager.through }),
    lay: async (folder) => {
      const root = join(folder, "program");
      const own = await write(root, cell, tarball.file);
      const [command = "", ...args] = manager.install;
      const PATH = [...path, process.env["PATH"]].join(":");
      await promisify(execFile)(command, args, {
        cwd: root,
        env: { ...proxies(), ...registry, HOME: join(folder, "home"), PATH },
        maxBuffer: 2 ** 24,
      }).catch((error) => {
        throw new Error(`${manager.install.join(" ")} failed:\n${error.stdout}\n${error.stderr}`);
      });
      return own;
    },
  });
}

/** For the way to the registry, as the user has set them. */
const proxies = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(https?|all|no)_proxy$/i.test(name)));

/** @returns the program's folder */
async function write(root: string, cell: Cell, tarball: string): Promise<string> {
  const manager: Manager = MANAGERS[cell.manager];
  const program: Program = PROGRAMS[cell.program];
  const own = manager.workspace ? join(root, "packages", "app") : root;
  await mkdir(own, { recursive: true });
  const json = (folder: string, name: string, content: object) =>
    writeFile(join(folder, name), JSON.stringify(content, null, 2));
  const ours = { "@pulumi/pulumi": cell.sdk, "pulumi-holdfast": `file:${tarball}` };
  const dependencies = { ...ours, ...program.packages, ...cell.packages };
  const keys = { ...manager.manifest, ...program.manifest };
  await json(own, "package.json", { name: "program", private: true, version: "1.0.0", ...keys, dependencies });
  if (manager.workspace) await json(root, "package.json", { name: "workspace", private: true });
  for (const [name, content] of Object.entries(manager.files ?? {})) await writeFile(join(root, name), content);
  await writeFile(join(own, program.main), program.text);
  if (program.tsconfig) await json(own, "tsconfig.json", { compilerOptions: program.tsconfig, files: [program.main] });
  const options = { typescript: program.tsNode, packagemanager: manager.pulumiName };
  // JSON is YAML
  await json(own, "Pulumi.yaml", { name: "program", main: program.main, runtime: { name: "nodejs", options } });
  return own;
}
