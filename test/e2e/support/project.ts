import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findEngine } from "../../../provider/cli/engine";
import { makeStack, type StateEntry, stateEntries } from "./stack";

export type { StateEntry } from "./stack";

/** The checkout, which programs see as the installed package. */
export const packageRoot = resolve(__dirname, "../../..");

/** What the engine did to a resource. */
export interface Step {
  op: string;
  /** `ovh:Share`, or the whole type of what is not ours. */
  kind: string;
  name: string;
  /** Properties that differ, where the engine tells. */
  differs: string[];
}

/** A line that the engine showed. */
export interface Diagnostic {
  urn: string;
  message: string;
  severity: string;
  ephemeral: boolean;
}

export interface Run {
  code: number;
  /** What the user saw: standard output and error. */
  text: string;
  steps: Step[];
  diagnostics: Diagnostic[];
  seconds: number;
}

/** A Pulumi project of its own: program, home, state and passphrase in one temporary folder. */
export interface Project {
  readonly folder: string;
  /** Where the program lies and Pulumi runs: the folder itself, unless `lay` says otherwise. */
  readonly programFolder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Replaces the program. Our classes, `pulumi` and `serviceName` are in scope. */
  program(text: string): Promise<void>;
  up(...args: string[]): Promise<Run>;
  preview(...args: string[]): Promise<Run>;
  refresh(...args: string[]): Promise<Run>;
  destroy(...args: string[]): Promise<Run>;
  /** Any other command of the CLI. */
  pulumi(...args: string[]): Promise<Run>;
  /** Starts a command that the test steers itself. */
  start(args: string[]): Started;
  /** Our resources in the state, by name. */
  state(): Promise<Map<string, StateEntry>>;
  exportState(): Promise<string>;
  outputs(): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

export interface Started {
  process: ChildProcess;
  /** Resolves when the text appeared in what the user sees. */
  sees(text: string): Promise<void>;
  ended: Promise<Run>;
}

const HEADER = `import * as pulumi from "@pulumi/pulumi";
import { EnvironmentClone, HeldSnapshot, RecoveryClone, Share, ShareAccessRule, ShareClone, ShareRevert, Snapshot, SnapshotPolicy } from "pulumi-holdfast/ovh";
const serviceName = process.env["HOLDFAST_OVH_SERVICE"];
`;

export interface ProjectOptions {
  env?: Record<string, string>;
  /** Without our package, when `false`. */
  packages?: boolean;
  /** Fills the folder with a program of its own; answers the program's folder. @default a program on the checkout's packages */
  lay?: (folder: string) => Promise<string>;
  /** Folders that come before all others on PATH. @default the one with the checkout's Node */
  path?: string[];
  /** What starts `pulumi`, such as `yarn exec`. */
  through?: string[];
  /** Processes start as a user's do. @default when `lay` is given */
  plain?: boolean;
}

/** Each command starts two processes that load the SDK: what is compiled once serves them all. */
const compiled = (kind: string) => join(packageRoot, "node_modules", ".cache", "compiled", kind);

/** Saves half of a command's processor time; see start.cjs. */
export const QUICK = {
  NODE_COMPILE_CACHE: compiled("quick"),
  NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, "start.cjs"))}`,
  GOGC: "400", // the CLI's start fills tables, and collects garbage meanwhile
};

export async function createProject(options: ProjectOptions = {}): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-e2e-"));
  const engine = await findEngine();
  if (engine === undefined) throw new Error("There is no Pulumi engine yet: run npm run setup.");
  await Promise.all(["state", "home", "pulumi-home"].map((name) => mkdir(join(folder, name))));
  const plain = options.plain ?? options.lay !== undefined;
  const cwd = await (options.lay ?? onCheckout(options.packages !== false))(folder);

  const env: NodeJS.ProcessEnv = {
    PATH: [...(options.path ?? [join(packageRoot, "node_modules", ".bin")]), engine.bin, process.env["PATH"]].join(":"),
    HOME: join(folder, "home"),
    PULUMI_HOME: join(folder, "pulumi-home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "holdfast",
    PULUMI_STACK: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DEBUG_COMMANDS: "true", // or the CLI knows no --event-log
    HOLDFAST_POLL_MS: "20",
    ...(plain ? { NODE_COMPILE_CACHE: compiled("plain") } : QUICK),
    ...options.env,
  };

  let runs = 0;
  const start = (args: string[]): Started => {
    runs += 1;
    const log = join(folder, `events-${runs}.json`);
    const withEvents = ["up", "preview", "refresh", "destroy"].includes(args[0] ?? "");
    const began = performance.now();
    const [command = "pulumi", ...before] = [...(options.through ?? []), "pulumi"];
    const child = spawn(
      command,
      [...before, ...args, ...(withEvents ? ["--event-log", log] : []), "--non-interactive", "--color", "never"],
      { cwd, env, stdio: ["ignore", "pipe", "pipe"] },
    );
    let text = "";
    const watchers = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (chunk: string) => {
        text += chunk;
        for (const look of watchers) look();
      });
    }
    const ended = once(child, "close").then(async ([code]): Promise<Run> => {
      const events = withEvents && existsSync(log) ? await readFile(log, "utf8") : "";
      return { code: code ?? 255, text, ...parseEvents(events), seconds: (performance.now() - began) / 1000 };
    });
    const sees = (part: string) =>
      new Promise<void>((found, missed) => {
        const look = () => {
          if (!text.includes(part)) return;
          watchers.delete(look);
          found();
        };
        watchers.add(look);
        look();
        void ended.then(() => missed(new Error(`pulumi ended without "${part}":\n${text}`)));
      });
    return { process: child, sees, ended };
  };
  const pulumi = (...args: string[]) => start(args).ended;
  const exportState = async () => (await pulumi("stack", "export")).text;

  const project: Project = {
    folder,
    programFolder: cwd,
    env,
    program: (text) => writeFile(join(folder, "index.mjs"), HEADER + text),
    up: (...args) => pulumi("up", "--yes", "--skip-preview", ...args),
    preview: (...args) => pulumi("preview", ...args),
    refresh: (...args) => pulumi("refresh", "--yes", "--skip-preview", ...args),
    destroy: (...args) => pulumi("destroy", "--yes", "--skip-preview", ...args),
    pulumi,
    start,
    exportState,
    state: async () => {
      const own = (await stateEntries(folder)).filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
      return new Map(own.map((entry) => [entry.urn.split("::").at(-1) ?? "", entry]));
    },
    outputs: async () => {
      const stack = (await stateEntries(folder)).find(({ type }) => type === "pulumi:pulumi:Stack");
      return stack?.outputs ?? {};
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  const init = async () => {
    const made = await pulumi("stack", "init", "test");
    if (made.code !== 0) throw new Error(made.text);
  };
  await (plain ? init() : makeStack(folder, init));
  return project;
}

/** An ES module whose `node_modules` links to the checkout and to its SDK. */
const onCheckout =
  (packages: boolean) =>
  async (folder: string): Promise<string> => {
    await writeFile(
      join(folder, "Pulumi.yaml"),
      "name: e2e\nmain: index.mjs\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
    );
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "e2e", private: true }));
    await mkdir(join(folder, "node_modules"));
    await symlink(join(packageRoot, "node_modules", "@pulumi"), join(folder, "node_modules", "@pulumi"));
    if (packages) await symlink(packageRoot, join(folder, "node_modules", "pulumi-holdfast"));
    return folder;
  };

interface EngineEvent {
  resourcePreEvent?: { metadata: { op: string; urn: string; type: string; diffs?: string[] | null } };
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
}

function parseEvents(log: string): Pick<Run, "steps" | "diagnostics"> {
  const events: EngineEvent[] = log
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line));
  const metadata = events.flatMap(({ resourcePreEvent }) => (resourcePreEvent ? [resourcePreEvent.metadata] : []));
  return {
    steps: metadata
      .filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"))
      .map(({ op, urn, type, diffs }) => ({
        op,
        kind: type.replace("pulumi-nodejs:dynamic/", ""),
        name: urn.split("::").at(-1) ?? "",
        differs: diffs ?? [],
      })),
    diagnostics: events.flatMap(({ diagnosticEvent: event }) =>
      event === undefined
        ? []
        : [
            {
              urn: event.urn ?? "",
              message: event.message,
              severity: event.severity,
              ephemeral: event.ephemeral === true,
            },
          ],
    ),
  };
}

/** `create ovh:Share production`, for short expectations. Unchanged resources are left out. */
export const changes = (run: Run): string[] =>
  run.steps
    .filter(({ op }) => op !== "same" && op !== "read" && op !== "refresh")
    .map(({ op, name }) => `${op} ${name}`);
