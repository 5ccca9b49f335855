import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { HoldfastError } from "../../core/errors";
import { listOf, member } from "../../core/stackState";

/** What the exported states tell. */
export interface States {
  /** Where each object is managed, by its id. */
  managed: ReadonlyMap<string, { file: string; urn: string }>;
  files: readonly string[];
  /** The files with operations that were under way, or interrupted, when they were exported. */
  pending: readonly string[];
  /** The file that was written first: what was made since may be in its state by now. */
  oldest: { file: string; writtenAt: number };
}

/** Reads files of `pulumi stack export`; `undefined` where none is given. */
export function readStates(files: readonly string[], folder: string): States | undefined {
  const managed = new Map<string, { file: string; urn: string }>();
  const pending: string[] = [];
  let oldest: States["oldest"] | undefined;
  for (const file of files) {
    const { deployment, writtenAt } = readExport(resolve(folder, file), file);
    if (oldest === undefined || writtenAt < oldest.writtenAt) oldest = { file, writtenAt };
    const operations = listOf(member(deployment, "pending_operations")).map((one) => member(one, "resource"));
    if (operations.length > 0) pending.push(file);
    for (const resource of [...listOf(member(deployment, "resources")), ...operations]) {
      const id = member(resource, "id");
      // Other providers write a path of ids.
      const own = typeof id === "string" ? id.toLowerCase().split("/").at(-1) : undefined;
      if (own) managed.set(own, { file, urn: String(member(resource, "urn")) });
    }
  }
  return oldest && { managed, files, pending, oldest };
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
