import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

export interface StateEntry {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  external?: boolean;
}

/** What `pulumi stack init` has written: the stack's settings, and its state in the backend. */
let written: Promise<Map<string, string>> | undefined;

/** Makes the stack in the first project of a test file, and lays its files into the others. */
export async function makeStack(folder: string, init: () => Promise<void>): Promise<void> {
  if (written === undefined) {
    written = init().then(() => filesOf(folder));
    await written;
    return;
  }
  for (const [name, text] of await written) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function filesOf(folder: string): Promise<Map<string, string>> {
  const backend = await readdir(join(folder, "state"), { recursive: true, withFileTypes: true });
  const state = backend.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const names = ["Pulumi.test.yaml", ...state.map((path) => relative(folder, path))];
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
}

/** What `pulumi stack export` shows, without the half second that it takes. */
export async function stateEntries(folder: string): Promise<StateEntry[]> {
  const stacks = join(folder, "state", ".pulumi", "stacks");
  const [project = ""] = await readdir(stacks);
  const file = await readFile(join(stacks, project, "test.json"), "utf8");
  const state: { checkpoint: { latest: { resources?: StateEntry[] } } } = JSON.parse(file, hideSecret);
  return state.checkpoint.latest.resources ?? [];
}

/** The engine's mark of a secret, and what the CLI shows in its place. */
const MARK = "4dabf18193072939515e22adb298388d";
const hideSecret = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && MARK in value ? "[secret]" : value;
