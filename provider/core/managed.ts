import type { ResourceKind } from "../kinds";
import type { Properties } from "./properties";

/** The objects that the engine is known to manage: what diff, read, update, delete and check have seen in this process. */
export interface Managed {
  add(kind: ResourceKind, id: string, state: Properties): void;
  /** As `add`, for what this process has just created. */
  made(kind: ResourceKind, id: string, state: Properties): void;
  /** The recorded states by id. */
  of(kind: ResourceKind): ReadonlyMap<string, Properties>;
  /** Whether this process has created it. */
  isNew(kind: ResourceKind, id: string): boolean;
}

export function createManaged(): Managed {
  const kinds = new Map<ResourceKind, Map<string, Properties>>();
  const created = new Set<string>();
  const of = (kind: ResourceKind) => {
    const known = kinds.get(kind) ?? new Map<string, Properties>();
    kinds.set(kind, known);
    return known;
  };
  const add: Managed["add"] = (kind, id, state) => void of(kind).set(id, state);
  return {
    add,
    made: (kind, id, state) => {
      add(kind, id, state);
      created.add(`${kind}/${id}`);
    },
    of,
    isNew: (kind, id) => created.has(`${kind}/${id}`),
  };
}
