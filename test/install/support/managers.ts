import type { Tool } from "./tools";

/** How a package manager installs a program. */
export interface Manager {
  tool: Exclude<Tool, "node 24" | "node 22">;
  install: string[];
  /** Files that it wants beside package.json, by name. */
  files?: Record<string, string>;
  /** Keys that it wants in package.json. */
  manifest?: Record<string, unknown>;
  /** The program is a package of a workspace. */
  workspace?: true;
  /** The value of Pulumi's option. */
  pulumiName: "npm" | "pnpm" | "yarn" | "bun";
  /** What starts `pulumi`, where the packages can't be found without. */
  through?: string[];
}

/**
 * protobufjs is a dependency of Pulumi's SDK. Its install script only looks at version numbers, so it may as well not
 * run. npm warns without this answer, pnpm 11 and later fail.
 */
const npmScripts = { allowScripts: { protobufjs: false } };
const pnpmScripts = "allowBuilds:\n  protobufjs: false\n";
const pnpm: Manager = {
  tool: "pnpm 12",
  install: ["pnpm", "install"],
  files: { "pnpm-workspace.yaml": pnpmScripts },
  pulumiName: "pnpm",
};
/** A lock file of its own, or Yarn 4 looks for a project in the folders above. */
const yarn4: Manager = {
  tool: "yarn 4",
  install: ["yarn", "install"],
  files: { ".yarnrc.yml": "nodeLinker: node-modules\n", "yarn.lock": "" },
  pulumiName: "yarn",
};

export const MANAGERS = {
  npm: { tool: "npm 11", install: ["npm", "install"], manifest: npmScripts, pulumiName: "npm" },
  "npm 10": { tool: "npm 10", install: ["npm", "install"], pulumiName: "npm" },
  "npm 12": { tool: "npm 12", install: ["npm", "install"], manifest: npmScripts, pulumiName: "npm" },
  pnpm,
  "pnpm workspace": {
    ...pnpm,
    files: { "pnpm-workspace.yaml": `packages:\n  - packages/*\nhoist: false\n${pnpmScripts}` },
    workspace: true,
  },
  "pnpm 10": { ...pnpm, tool: "pnpm 10", files: {} },
  yarn: { tool: "yarn 1", install: ["yarn", "install", "--non-interactive"], pulumiName: "yarn" },
  "yarn 4": yarn4,
  "yarn 4 PnP": { ...yarn4, files: { "yarn.lock": "" }, through: ["yarn", "exec"] },
  bun: { tool: "bun", install: ["bun", "install"], pulumiName: "bun" },
} as const satisfies Record<string, Manager>;
export type ManagerName = keyof typeof MANAGERS;
