import { existsSync, readFileSync } from "node:fs";
import { HoldfastError } from "../../core/errors";

/** What `pulumi preview --import-file` writes where an id is to be filled in. */
export const PLACEHOLDER = "<PLACEHOLDER>";

/** One entry of an import file. What else stands in it (parent, provider, component, version ...) stays as it is. */
export interface Entry {
  type: string;
  name: string;
  id?: string;
  /** The resource's name in the program, where it is not `name`. */
  logicalName?: string;
  inputs?: object;
  outputs?: object;
  [more: string]: unknown;
}

/** The file of `pulumi import --file`. */
export interface ImportFile {
  resources: Entry[];
  [more: string]: unknown;
}

/** Reads a file that `pulumi preview --import-file` wrote. */
export function readImportFile(path: string): ImportFile {
  const content = parse(path);
  const resources = typeof content === "object" && content !== null ? Reflect.get(content, "resources") : undefined;
  if (!Array.isArray(resources)) {
    throw new HoldfastError(
      `${path} has no list "resources": it is not a file that pulumi preview --import-file wrote, or that preview had nothing to create.`,
    );
  }
  return {
    ...content,
    resources: resources.map((entry: unknown, index) => checked(entry, `${path}, entry ${index + 1}`)),
  };
}

function parse(path: string): object | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new HoldfastError(`${path} can't be read: ${error instanceof Error ? error.message : error}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HoldfastError(`${path} is not JSON. Write it again with: pulumi preview --import-file ${path}`);
  }
}

function checked(entry: unknown, where: string): Entry {
  if (typeof entry === "object" && entry !== null && "type" in entry && typeof entry.type === "string") {
    const { type } = entry;
    const text = (key: string) => {
      const value: unknown = Reflect.get(entry, key);
      return typeof value === "string" ? value : undefined;
    };
    // Pulumi takes each name for the other where one is missing.
    const name = text("name") ?? text("logicalName");
    const id = text("id");
    if (name !== undefined) return { ...entry, type, name, ...(id === undefined ? {} : { id }) };
  }
  throw new HoldfastError(`${where} has no type or no name.`);
}

/** Whether a file may be written over: there is none, or we wrote it. */
export function isOurs(path: string): boolean {
  if (!existsSync(path)) return true;
  try {
    return readImportFile(path).resources.some(({ outputs = {} }) =>
      String(Reflect.get(outputs, "__provider")).includes("pulumi-holdfast/runtime"),
    );
  } catch {
    return false;
  }
}
