import { HoldfastError } from "../../core/errors";
import type { ResourceKind } from "../../kinds";
import type { OvhAccount } from "../../ovh/account";
import { type Entry, type ImportFile, PLACEHOLDER } from "./file";
import { type LiveReader, liveReader } from "./live";
import { idForm, isAction, kindOfEntry, noKind } from "./types";

export interface Completed {
  file: ImportFile;
  /** What was read, and what is left to do, for people. */
  lines: string[];
  /** What could not be read of an object that is in the file all the same. */
  notes: string[];
  /** What keeps the file from being complete. */
  problems: string[];
  /** Where the credentials were found; `undefined` when there was nothing to read. */
  account: string | undefined;
}

/** What becomes of an entry: read, left as it is with a line perhaps, or a problem. */
type Plan =
  | { entry: Entry; name: string; kind: ResourceKind; id: string }
  | { entry: Entry; name: string; line?: string }
  | { name: string; problem: string };

/**
 * Fills in the entries of our types that have no outputs yet. Everything else stays as it is.
 * @param accountOf asked only when there is something to read
 */
export async function complete(pending: ImportFile, accountOf: () => Promise<OvhAccount>): Promise<Completed> {
  const plans = plan(pending.resources);
  const account = plans.some((one) => "kind" in one) ? await accountOf() : undefined;
  const reader = account && liveReader(account);
  const resources: Entry[] = [];
  const done: Completed = {
    file: { ...pending, resources },
    lines: [],
    notes: [],
    problems: [],
    account: account?.source,
  };
  try {
    for (const one of plans) {
      if ("problem" in one) done.problems.push(`${one.name}: ${one.problem}`);
      else if (!("kind" in one) || reader === undefined) {
        if ("line" in one) done.lines.push(`${one.name}: ${one.line}`);
        resources.push(one.entry);
      } else await readInto(done, reader, one);
    }
  } finally {
    await reader?.close();
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
    const twin = names.get(own);
    if (twin !== undefined) {
      return { name, problem: `${own} is ${twin} already. One object can only be one resource.` };
    }
    names.set(own, name);
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
    const live = await reader.read({ kind, name: logicalName, id });
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
