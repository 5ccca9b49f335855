import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { HoldfastError } from "../../core/errors";
import { listOf, member } from "../../core/stackState";
import type { Inventory, Recorded } from "../../core/system";

/** What the exported states tell. */
export interface States {
  /** What is managed, and where. */
  recorded: readonly (Recorded & { file: string })[];
  files: readonly string[];
  /** The files with operations that were under way, or interrupted, when they were exported. */
  pending: readonly string[];
  /** The file that was written first: what was made since may be in its state by now. */
  oldest: { file: string; writtenAt: number };
}

/** Where each object is managed, by its key. */
export type Managed = ReadonlyMap<string, { file: string; urn: string }>;

/** What the systems that were asked know of the states. */
export const managedIn = (states: States | undefined, inventories: readonly Inventory[]): Managed =>
  new Map(
    (states?.recorded ?? []).flatMap((one) =>
      inventories.flatMap(({ keyOf }) => {
        const key = keyOf(one);
        return key === undefined ? [] : [[key, one] as const];
      }),
    ),
  );

/** Reads files of `pulumi stack export`; `undefined` where none is given. */
export function readStates(files: readonly string[], folder: string): States | undefined {
  const recorded: (Recorded & { file: string })[] = [];
  const pending: string[] = [];
  let oldest: States["oldest"] | undefined;
  for (const file of files) {
    const { deployment, writtenAt } = readExport(resolve(folder, file), file);
    if (oldest === undefined || writtenAt < oldest.writtenAt) oldest = { file, writtenAt };
    const operations = listOf(member(deployment, "pending_operations")).map((one) => member(one, "resource"));
    if (operations.length > 0) pending.push(file);
    for (const resource of [...listOf(member(deployment, "resources")), ...operations]) {
      const id = member(resource, "id");
      if (typeof id !== "string" || id === "") continue;
      const [type, urn] = [String(member(resource, "type")), String(member(resource, "urn"))];
      recorded.push({ file, type, id, urn, outputs: member(resource, "outputs") });
    }
  }
  return oldest && { recorded, files, pending, oldest };
}

/** No message repeats the content: it may have been exported with its secrets. */
function readExport(path: string, file: string): { deployment: object; writtenAt: number } {
  let text: string;
  let writtenAt: number;
  try {
    text = readFileSync(path, "utf8");
    writtenAt = statSync(path).mtimeMs;
  } catch (error) {
    throw new HoldfastError(`${file} can't be read: ${error instanceof Error ? error.message : error}.`);
  }
  try {
    const exported: unknown = JSON.parse(text);
    const deployment = member(exported, "deployment");
    if (typeof member(exported, "version") === "number" && typeof deployment === "object" && deployment !== null) {
      return { deployment, writtenAt };
    }
  } catch {
    // told below, as any other file
  }
  throw new HoldfastError(
    `${file} is no exported state. Write it with: pulumi stack export --stack NAME --file FILE.json`,
  );
}
