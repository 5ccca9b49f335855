import { execFile } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import type { Identity } from "./identity";

/** What the engine has recorded before and during this run. */
export interface StackState {
  /** The ids of everything that it manages, also of what it has replaced and not deleted yet. */
  ids: ReadonlySet<string>;
  /** The same with more of each, for ids that mean nothing alone. */
  resources: readonly RecordedResource[];
  /** URNs of nothing that exists, whose creation was begun by a run that never came to its end. */
  interrupted: ReadonlySet<string>;
}

/** What the engine keeps of a resource; anything may be missing. */
export interface RecordedResource {
  type: unknown;
  id: unknown;
  outputs: unknown;
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
export function readStackState(command: string, environment: NodeJS.ProcessEnv, limitMs = LIMIT_MS): ReadState {
  let asked: ReturnType<ReadState> | undefined;
  return (identity) => {
    asked ??= exported(identity, (args) => run(command, args, environment, limitMs));
    return asked;
  };
}

async function exported({ organization, urn }: Identity, pulumi: (args: readonly string[]) => Promise<string>) {
  const [stack = "", project = ""] = urn.replace(/^urn:pulumi:/, "").split("::");
  const ask = (name: string) => pulumi(["stack", "export", "--stack", name, "--non-interactive"]);
  try {
    const text = await ask(`${organization}/${project}/${stack}`).catch((error: Error) => {
      // A file backend of the old layout knows no projects. Elsewhere the name alone may be another organization's stack.
      if (organization !== "organization") throw error;
      return ask(stack).catch(() => Promise.reject(error));
    });
    return stateOf(JSON.parse(text));
  } catch (error) {
    return { unreadable: `pulumi stack export failed: ${reasonOf(error)}` };
  }
}

/** The line that tells the error: warnings may stand before it. The address of a backend may hold a password. */
function reasonOf(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split(/\r?\n/);
  const line = lines.find((text) => text.startsWith("error:")) ?? lines[0] ?? "";
  return line.replace(/:\/\/[^/\s]*@/g, "://***@");
}

function run(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<string> {
  const env = { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" };
  return new Promise((resolve, reject) => {
    // SIGKILL: what hangs may not listen to anything else.
    const options = { env, maxBuffer: LARGEST_STATE, timeout: limitMs, killSignal: "SIGKILL" } as const;
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else if (error.killed) reject(new Error(`it did not end within ${limitMs / 1000} s`));
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
  // Other providers write a path of ids.
  const ids = resources.map((resource) => member(resource, "id")).filter((id) => typeof id === "string");
  const urns = new Set(resources.map((resource) => member(resource, "urn")));
  const creating = listOf(member(deployment, "pending_operations"))
    .filter((operation) => member(operation, "type") === "creating")
    .map((operation) => member(member(operation, "resource"), "urn"));
  return {
    ids: new Set(ids.flatMap((id) => [id, id.split("/").at(-1) ?? id])),
    resources: resources.map((resource) => ({
      type: member(resource, "type"),
      id: member(resource, "id"),
      outputs: member(resource, "outputs"),
    })),
    interrupted: new Set(
      creating
        .filter((urn, index) => creating.indexOf(urn) < index && !urns.has(urn))
        .filter((urn) => typeof urn === "string"),
    ),
  };
}

/** A member of what may be no object. */
export const member = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

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
