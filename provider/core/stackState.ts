import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import type { Identity } from "./identity";

/** What the engine has recorded before and during this run. */
export interface StackState {
  /** The ids of everything that it manages, also of what it has replaced and not deleted yet. */
  ids: ReadonlySet<string>;
  /** URNs of nothing that exists, whose creation was begun by a run that never came to its end. */
  interrupted: ReadonlySet<string>;
}

/** The state, or why it can't be read. */
export type ReadState = (identity: Identity) => Promise<StackState | { unreadable: string }>;

/** The largest state that is read, in bytes: far above what the CLI itself can work with. */
const LARGEST_STATE = 2 ** 30;
const LIMIT_MS = 120_000;

/**
 * Asks the CLI for the stack's state, once per process and only when somebody wants to know. No call of the engine tells a
 * provider what exists: with `--replace`, and for what `--target` leaves out, neither check nor diff sees the old object
 * (engine 3.259, `continueStepsFromImport` and `diff` in step_generator.go). Secrets stay encrypted in an export.
 */
export function readStackState(command: string, environment: NodeJS.ProcessEnv): ReadState {
  let asked: ReturnType<ReadState> | undefined;
  return (identity) => {
    asked ??= exported(command, environment, identity);
    return asked;
  };
}

async function exported(command: string, environment: NodeJS.ProcessEnv, { organization, urn }: Identity) {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  const ask = (name: string) => run(command, ["stack", "export", "--stack", name, "--non-interactive"], environment);
  try {
    // A file backend of the old layout knows no projects.
    const text = await ask(`${organization}/${project}/${stack}`).catch((error: Error) =>
      ask(stack).catch(() => Promise.reject(error)),
    );
    return stateOf(JSON.parse(text));
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).trim().split("\n");
    return { unreadable: `pulumi stack export failed: ${reason}` };
  }
}

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const env = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, maxBuffer: LARGEST_STATE, timeout: LIMIT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(stderr.trim() || error.message));
    });
  });
}

/**
 * What matters of an export. The operation under way is pending in it, too: an interrupted one stands there twice, and goes on
 * standing there when the resource was made after all.
 */
function stateOf(exported: unknown): StackState {
  const deployment = member(exported, "deployment");
  const resources = listOf(member(deployment, "resources"));
  const ids = resources.map((resource) => member(resource, "id"));
  const urns = new Set(resources.map((resource) => member(resource, "urn")));
  const creating = listOf(member(deployment, "pending_operations"))
    .filter((operation) => member(operation, "type") === "creating")
    .map((operation) => member(member(operation, "resource"), "urn"));
  return {
    ids: new Set(ids.filter((id) => typeof id === "string")),
    interrupted: new Set(
      creating
        .filter((urn, index) => creating.indexOf(urn) < index && !urns.has(urn))
        .filter((urn) => typeof urn === "string"),
    ),
  };
}

const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** How many processes may stand between a provider and its engine: start scripts. */
const MOST_ANCESTORS = 4;

/** The CLI that runs this provider process, where the system tells; else the one on the PATH. */
export function runningCli(): string {
  try {
    for (let pid = process.ppid, step = 0; pid > 1 && step < MOST_ANCESTORS; step += 1) {
      const executable = readlinkSync(`/proc/${pid}/exe`);
      if (basename(executable) === "pulumi") return executable;
      // The fields after the name, which may hold blanks and brackets: state, then the parent's id (proc(5)).
      const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      pid = Number(parent);
    }
  } catch {
    // no /proc, as on macOS and Windows
  }
  return "pulumi";
}
