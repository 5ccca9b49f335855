import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { HoldfastError } from "../core/errors";
import { typeOf } from "../core/resource";
import type { ResourceKind } from "../kinds";
import { ovhActions, ovhImports } from "../ovh/imports";
import { importAccount } from "./import/account";
import { type Entry, type ImportFile, isOurs, PLACEHOLDER, readImportFile } from "./import/file";
import { idForm, type Live, liveReader } from "./import/live";
import { checkVersions } from "./import/versions";

const KINDS = Object.keys(ovhImports) as ResourceKind[]; // keys of a Record of kinds

const USAGE = `Usage: npx pulumi-holdfast import <type> <name> <id> [<type> <name> <id> ...] [options]
       npx pulumi-holdfast import --file pending.json [options]

Reads objects that exist and writes the file for pulumi import --file. <name> is the resource's name in the
program. It changes nothing, at the service or in the stack.

Types and ids:
${KINDS.map((kind) => `  ${kind.padEnd(20)} ${idForm(kind)}`).join("\n")}

Options:
  --file FILE    a file of pulumi preview --import-file FILE, with such an id in place of each "${PLACEHOLDER}"
  --out FILE     the file to write, - for standard output (default: import.json)
  --force        write over a file that this command did not write
  --stack NAME   use the credentials in this stack's configuration; without it they come from the environment
                 and OVHcloud's files, or where these have none, from the selected stack
  -h, --help     show this text

Example:
  npx pulumi-holdfast import ovh:Share production 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901
`;

/** What the command reads and writes besides the service; a parameter so that tests can stand in for the terminal. */
export interface ImportHost {
  out(text: string): void;
  err(text: string): void;
  environment: NodeJS.ProcessEnv;
  /** The folder of the Pulumi program. */
  folder: string;
}

const terminal = (): ImportHost => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  environment: process.env,
  folder: process.cwd(),
});

/** Arguments that make no sense; the message is for the user. */
class UsageError extends Error {}

interface Order {
  help: boolean;
  pending: ImportFile;
  out: string;
  force: boolean;
  stack: string | undefined;
}

function parse(args: string[], folder: string): Order {
  const { values, positionals } = parseOptions(args);
  const { help, out, force, stack, file } = values;
  if (help) return { help, pending: { resources: [] }, out, force, stack };
  if (file !== undefined && positionals.length > 0) {
    throw new UsageError("Name objects on the command line or in --file, not both");
  }
  if (file === undefined && (positionals.length === 0 || positionals.length % 3 !== 0)) {
    throw new UsageError("Each object takes three words: <type> <name> <id>");
  }
  const pending = file === undefined ? { resources: entriesOf(positionals) } : readImportFile(resolve(folder, file));
  return { help, pending, out, force, stack };
}

function parseOptions(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        file: { type: "string" },
        out: { type: "string", default: "import.json" },
        force: { type: "boolean", default: false },
        stack: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    // parseArgs explains in its first sentence what is wrong
    throw new UsageError(error instanceof Error ? (error.message.split(/\.\s/)[0] ?? error.message) : String(error));
  }
}

function entriesOf(words: readonly string[]): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < words.length; at += 3) {
    const [type = "", name = "", id = ""] = words.slice(at, at + 3);
    const kind = kindOf(type);
    if (kind === undefined) throw new UsageError(unknownType(type));
    entries.push({ type: typeOf(kind), name, id });
  }
  return entries;
}

const DYNAMIC = "pulumi-nodejs:dynamic/";

/** Takes the short and the long form of a type. */
function kindOf(type: string): ResourceKind | undefined {
  const short = type.startsWith(DYNAMIC) ? type.slice(DYNAMIC.length) : type;
  return KINDS.find((kind) => kind === short);
}

function unknownType(type: string): string {
  const short = type.startsWith(DYNAMIC) ? type.slice(DYNAMIC.length) : type;
  return ovhActions.includes(short)
    ? `${short} is an action, done once by pulumi up: nothing exists that could be imported. Declare it in the program`
    : `There is no type "${type}" to import; there are ${KINDS.join(", ")}`;
}

/**
 * The `holdfast import` subcommand.
 * @param args - What stands after `import`.
 * @returns The exit code: 0, 2 for bad arguments, 1 when an object can't be imported.
 * @throws HoldfastError when there are no credentials, or the CLI or SDK is too old
 */
export async function importObjects(args: string[], host: ImportHost = terminal()): Promise<number> {
  let order: Order;
  try {
    order = parse(args, host.folder);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    host.err(`holdfast import: ${error.message}.\n\n${USAGE}`);
    return 2;
  }
  if (order.help) {
    host.out(USAGE);
    return 0;
  }
  const target = order.out === "-" ? undefined : resolve(host.folder, order.out);
  if (target !== undefined && !order.force && !isOurs(target)) {
    throw new HoldfastError(
      `${order.out} exists, and this command did not write it. Name another file with --out, or write over it with --force.`,
    );
  }
  await checkVersions(host.environment, host.folder);
  const { file, lines, problems, account } = await complete(order, host);
  if (problems.length > 0) {
    host.err(`holdfast import: nothing was written.\n${problems.map((problem) => `  ${problem}\n`).join("")}`);
    return 1;
  }
  const text = `${JSON.stringify(file, undefined, 4)}\n`;
  if (target === undefined) host.out(text);
  else writeFileSync(target, text);
  // The file alone on standard output, where it goes there.
  const tell = target === undefined ? host.err : host.out;
  tell(`${lines.map((line) => `${line}\n`).join("")}${next(order, account)}`);
  return 0;
}

interface Completed {
  file: ImportFile;
  /** What was read, and what is left to do, for people. */
  lines: string[];
  problems: string[];
  /** Where the credentials were found. */
  account: string | undefined;
}

/** Fills in our entries that have an id and no outputs yet. Everything else stays as it is. */
async function complete({ pending, stack }: Order, host: ImportHost): Promise<Completed> {
  const done: Completed = { file: { ...pending, resources: [] }, lines: [], problems: [], account: undefined };
  const ours = pending.resources.filter(({ type }) => type.startsWith(DYNAMIC) && kindOf(type) !== undefined);
  const account = ours.some(isOpen) ? await importAccount(stack, host) : undefined;
  const reader = account && liveReader(account);
  done.account = account?.source;
  const names = new Map<string, string>();
  try {
    for (const entry of pending.resources) {
      const kind = entry.type.startsWith(DYNAMIC) ? kindOf(entry.type) : undefined;
      const name = `${kind ?? entry.type} ${entry.logicalName ?? entry.name}`;
      if (kind === undefined || !isOpen(entry)) {
        const action = ovhActions.some((one) => entry.type === DYNAMIC + one);
        if (action) done.problems.push(`${name}: ${unknownType(entry.type)}, and take the entry out of the file.`);
        else if (entry.id === PLACEHOLDER) done.lines.push(`${name}: not ours, its id is still to be filled in`);
        done.file.resources.push(entry);
        continue;
      }
      const problem = openProblem(entry, kind, names, name);
      const live = problem ?? (await read(reader, kind, entry));
      if (typeof live === "string") done.problems.push(live.startsWith(name) ? live : `${name}: ${live}`);
      else {
        done.lines.push(`${name}: ${live.summary}`);
        done.file.resources.push({ ...entry, id: live.id, inputs: live.inputs, outputs: live.outputs });
      }
    }
  } finally {
    await reader?.close();
  }
  return done;
}

/** An entry that this command completes. */
const isOpen = (entry: Entry): boolean => entry.outputs === undefined;

/** What is wrong with an entry before anything is read. */
function openProblem({ id }: Entry, kind: ResourceKind, names: Map<string, string>, name: string): string | undefined {
  if (id === undefined || id === "" || id === PLACEHOLDER) {
    return `put ${idForm(kind)} in place of ${PLACEHOLDER}, or take the entry out where pulumi up is to create it.`;
  }
  const own = id.toLowerCase().split("/").at(-1) ?? "";
  const twin = names.get(own);
  names.set(own, name);
  return twin === undefined ? undefined : `${own} is ${twin} already. One object can only be one resource.`;
}

/** The live object, or why there is none. */
async function read(
  reader: ReturnType<typeof liveReader> | undefined,
  kind: ResourceKind,
  entry: Entry,
): Promise<Live | string> {
  const name = entry.logicalName ?? entry.name;
  try {
    return (await reader?.read({ kind, name, id: entry.id ?? "" })) ?? "there is no account to read it with.";
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return error.message.replace(`${kind.split(":")[1]} ${name}: `, "");
  }
}

function next({ out, stack }: Order, account: string | undefined): string {
  const read = account === undefined ? "" : `Read with the credentials from ${account}.\n`;
  const option = stack === undefined ? "" : ` --stack ${stack}`;
  const file = out === "-" ? "import.json" : out;
  const where = out === "-" ? `Save this as ${file}. ` : `${out} is complete. `;
  return `${read}${where}Next, in the folder of the program:
  pulumi import --file ${file} --generate-code=false${option}
  pulumi preview${option}
Imported resources are protected from deletion; with --protect=false they are not.
`;
}
