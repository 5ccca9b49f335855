import type { ResourceKind } from "../kinds";
import type { Properties } from "./properties";

/** The objects that the engine is known to manage: what diff, read, update, delete and check have seen in this process. */
export interface Managed {
  add(kind: ResourceKind, id: string, state: Properties): void;
  /** The recorded states by id. */
  of(kind: ResourceKind): ReadonlyMap<string, Properties>;
}

export function createManaged(): Managed {
  const kinds = new Map<ResourceKind, Map<string, Properties>>();
  const of = (kind: ResourceKind) => {
    const known = kinds.get(kind) ?? new Map<string, Properties>();
    kinds.set(kind, known);
    return known;
  };
  return { add: (kind, id, state) => void of(kind).set(id, state), of };
}
