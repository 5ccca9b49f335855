import { HoldfastError } from "../../core/errors";
import type { Account, System } from "../../core/system";
import type { ResourceKind } from "../../kinds";
import { type Entry, type ImportFile, PLACEHOLDER } from "./file";
import { type LiveReader, liveReader } from "./live";
import { idForm, isAction, kindOfEntry, noKind, ruleOf, toldOf } from "./types";

export interface Completed {
  file: ImportFile;
  /** What was read, and what is left to do, for people. */
  lines: string[];
  /** What could not be read of an object that is in the file all the same. */
  notes: string[];
  /** What keeps the file from being complete. */
  problems: string[];
  /** Where the credentials were found: none when there was nothing to read. */
  places: string[];
}

/** What becomes of an entry: read, left as it is with a line perhaps, or a problem. */
type Plan =
  | { entry: Entry; name: string; kind: ResourceKind; id: string }
  | { entry: Entry; name: string; line?: string }
  | { name: string; problem: string };

type AccountsOf = (systems: readonly System[]) => Promise<Map<System, Account>>;

/**
 * Fills in the entries of our types that have no outputs yet. Everything else stays as it is.
 * @param accountsOf asked only when there is something to read
 */
export async function complete(
  pending: ImportFile,
  accountsOf: AccountsOf,
  warn: (message: string) => void,
): Promise<Completed> {
  const plans = plan(pending.resources);
  const systems = new Set(plans.flatMap((one) => ("kind" in one ? [ruleOf(one.kind).system] : [])));
  const accounts = systems.size > 0 ? await accountsOf([...systems]) : new Map<System, Account>();
  const readers = new Map([...accounts].map(([system, account]) => [system, liveReader(account, warn)]));
  const resources: Entry[] = [];
  const done: Completed = {
    file: { ...pending, resources },
    lines: [],
    notes: [],
    problems: [],
    places: [...new Set([...accounts.values()].map(({ place }) => place))],
  };
  try {
    for (const one of plans) {
      if ("problem" in one) done.problems.push(`${one.name}: ${one.problem}`);
      else if ("kind" in one) {
        const reader = readers.get(ruleOf(one.kind).system);
        if (reader !== undefined) await readInto(done, reader, one);
      } else {
        if ("line" in one) done.lines.push(`${one.name}: ${one.line}`);
        resources.push(one.entry);
      }
    }
  } finally {
    for (const reader of readers.values()) await reader.close();
  }
  return done;
}

function plan(entries: readonly Entry[]): Plan[] {
  const names = new Map<string, string>();
  return entries.map((entry): Plan => {
    const kind = kindOfEntry(entry.type);
    const name = `${kind ?? entry.type} ${entry.logicalName ?? entry.name}`;
    if (isAction(entry.type)) return { name, problem: `${noKind(entry.type)}, and take the entry out of the file.` };
    if (kind === undefined) {
      return entry.id === PLACEHOLDER
        ? { entry, name, line: "not ours, its id is still to be filled in" }
        : { entry, name };
    }
    if (entry.outputs !== undefined) return { entry, name, line: "complete already" };
    const { id } = entry;
    if (id === undefined || id === "" || id === PLACEHOLDER) {
      const where = id === PLACEHOLDER ? `in place of ${PLACEHOLDER}` : "as its id";
      return {
        name,
        problem: `put ${idForm(kind)} ${where}, or take the entry out where pulumi up is to create it.`,
      };
    }
    const own = id.toLowerCase().split("/").at(-1) ?? "";
    const key = ruleOf(kind).system.key(kind, own);
    const twin = names.get(key);
    if (twin !== undefined) {
      return { name, problem: `${own} is ${twin} already. One object can only be one resource.` };
    }
    names.set(key, name);
    return { entry, name, kind, id };
  });
}

async function readInto(
  done: Completed,
  reader: LiveReader,
  { entry, name, kind, id }: Extract<Plan, { kind: ResourceKind }>,
): Promise<void> {
  const logicalName = entry.logicalName ?? entry.name;
  try {
    const told = toldOf(kind, { ...entry.inputs });
    const live = await reader.read({ kind, name: logicalName, id, told });
    done.lines.push(`${name}: ${live.summary}`);
    if (live.unread.length > 0) {
      done.notes.push(`${name}: not read: ${live.unread.join(", ")}. What the program sets there is taken as given.`);
    }
    done.file.resources.push({ ...entry, id: live.id, inputs: live.inputs, outputs: live.outputs });
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    // A lifecycle's message begins with the resource as a program's user sees it.
    done.problems.push(`${name}: ${error.message.replace(`${kind.split(":")[1]} ${logicalName}: `, "")}`);
  }
}
