import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { typeOf } from "../core/code";
import { HoldfastError } from "../core/errors";
import { accountsOf } from "./accounts";
import { complete } from "./import/complete";
import { type Entry, type ImportFile, isOurs, PLACEHOLDER, readImportFile } from "./import/file";
import { idForm, KINDS, kindOf, noKind, TOLD } from "./import/types";
import { checkVersions } from "./import/versions";
import { type CommandHost, explained, orderOf, terminal, UsageError, word } from "./usage";

const USAGE = `Usage: npx pulumi-holdfast import <type> <name> <id> [<type> <name> <id> ...] [options]
       npx pulumi-holdfast import --file pending.json [options]

Reads objects that exist and writes the file for pulumi import --file. <name> is the resource's name in the
program. It changes nothing, at the service or in the stack.

Types and ids:
${KINDS.map((kind) => `  ${kind.padEnd(20)} ${idForm(kind)}`).join("\n")}

The API of NetApp Element does not tell what a volume was cloned from. A clone that this package made has it in its
attributes; of another one it must be told, in a file as "inputs": {"volumeID": ID, "snapshotID": ID} of its entry.

Options:
  --source-volume ID    the volume that an element:VolumeClone was cloned from
  --source-snapshot ID  its snapshot that was cloned, where there was one
  --file FILE           a file of pulumi preview --import-file FILE, with such an id in place of each "${PLACEHOLDER}"
  --out FILE            the file to write, - for standard output (default: import.json)
  --force               write over a file that this command did not write
  --stack NAME          the stack to import into (default: the selected one)
  --no-stack            leave the stack's configuration aside, for objects behind a provider with another account
  -h, --help            show this text

Credentials are found as by pulumi up: in the stack's configuration, then in the environment, then in OVHcloud's
files. A configuration with ovh: or element: settings, whichever the types take, is read with its secrets, which may need
the stack's passphrase. Outside of a project, where no stack is selected, and with --no-stack, environment and files are
used.

Examples:
  npx pulumi-holdfast import ovh:Share production 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901
  npx pulumi-holdfast import element:VolumeClone staging 680 --source-volume 5
`;

interface Order {
  help: boolean;
  pending: ImportFile;
  out: string;
  force: boolean;
  /** The stack that is named; `false` for none at all, `undefined` for the selected one. */
  stack: string | false | undefined;
}

function parse(args: string[], folder: string): Order {
  const { values, positionals } = parseOptions(args);
  const { help, out, force, file } = values;
  if (values.stack !== undefined && values["no-stack"]) throw new UsageError("Give --stack or --no-stack, not both");
  const stack = values["no-stack"] ? false : values.stack;
  if (help) return { help, pending: { resources: [] }, out, force, stack };
  if (file !== undefined && positionals.length > 0) {
    throw new UsageError("Name objects on the command line or in --file, not both");
  }
  const told = [...TOLD.keys()].find((option) => Object.hasOwn(values, option));
  if (file !== undefined && told !== undefined) {
    throw new UsageError(`Give what --${told} tells in the file, in "inputs" of its entry`);
  }
  if (file === undefined && (positionals.length === 0 || positionals.length % 3 !== 0)) {
    throw new UsageError("Each object takes three words: <type> <name> <id>");
  }
  const pending =
    file === undefined ? { resources: entriesOf(positionals, values) } : readImportFile(resolve(folder, file));
  return { help, pending, out, force, stack };
}

function parseOptions(args: string[]) {
  return explained(() =>
    parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...Object.fromEntries([...TOLD.keys()].map((option) => [option, { type: "string" as const }])),
        file: { type: "string" },
        out: { type: "string", default: "import.json" },
        force: { type: "boolean", default: false },
        stack: { type: "string" },
        "no-stack": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }),
  );
}

function entriesOf(words: readonly string[], values: Readonly<Record<string, unknown>>): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < words.length; at += 3) {
    const [type = "", name = "", id = ""] = words.slice(at, at + 3);
    const kind = kindOf(type);
    if (kind === undefined) throw new UsageError(noKind(type));
    entries.push({ type: typeOf(kind), name, id });
  }
  for (const [option, { kind, input }] of TOLD) {
    if (values[option] === undefined) continue;
    const [entry, ...others] = entries;
    if (entry?.type !== typeOf(kind) || others.length > 0) {
      throw new UsageError(`--${option} tells of one ${kind}: name it alone, or use --file`);
    }
    entry.inputs = { ...entry.inputs, [input]: values[option] };
  }
  return entries;
}

/**
 * The `holdfast import` subcommand.
 * @param args - What stands after `import`.
 * @returns The exit code: 0, 2 for bad arguments, 1 when an object can't be imported.
 * @throws HoldfastError when there are no credentials, or the CLI or SDK is too old
 */
export async function importObjects(args: string[], host: CommandHost = terminal()): Promise<number> {
  const order = orderOf("import", USAGE, host, () => parse(args, host.folder));
  if (typeof order === "number") return order;
  const target = order.out === "-" ? undefined : resolve(host.folder, order.out);
  if (target !== undefined && !order.force && !isOurs(target)) {
    throw new HoldfastError(
      `${order.out} exists, and this command did not write it. Name another file with --out, or write over it with --force.`,
    );
  }
  await checkVersions(host.environment, host.folder);
  const { file, lines, notes, problems, places } = await complete(
    order.pending,
    (systems) => accountsOf({ systems, each: true, stack: order.stack }, host),
    (warning) => host.err(`${warning}\n`),
  );
  if (problems.length > 0) {
    host.err(`holdfast import: nothing was written.\n${problems.map((problem) => `  ${problem}\n`).join("")}`);
    return 1;
  }
  for (const note of notes) host.err(`${note}\n`);
  const text = `${JSON.stringify(file, undefined, 4)}\n`;
  if (target === undefined) host.out(text);
  else writeFileSync(target, text, { mode: 0o600 });
  // The file alone on standard output, where it goes there.
  const tell = target === undefined ? host.err : host.out;
  tell(`${lines.map((line) => `${line}\n`).join("")}${next(order, places)}`);
  return 0;
}

function next({ out, stack }: Order, places: readonly string[]): string {
  const read = places.length === 0 ? "" : `Read with the credentials from ${places.join(" and ")}.\n`;
  const option = typeof stack === "string" ? ` --stack ${word(stack)}` : "";
  const file = out === "-" ? "import.json" : word(out);
  const where = out === "-" ? `Save this as ${file}. ` : `${out} is complete. `;
  return `${read}${where}Next, in the folder of the program:
  pulumi import --file ${file} --generate-code=false${option}
  pulumi preview${option}
Imported resources are protected from deletion until the next pulumi up. To keep that set protect: true in the program.
`;
}
