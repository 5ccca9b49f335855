import type { Operation } from "../core/lifecycle";
import type { Properties } from "../core/properties";

/** Room for the marker and a generation within the 255 characters that a name may have. */
const MAX_LOGICAL_NAME = 220;

/**
 * The name of an object whose program gives none: `staging-k3xq7m2vwz5ta-0`. The marker is the resource's own; the
 * generation goes up while an object of the same marker still exists, one being replaced or deleted for example.
 */
export function autoName(
  operation: Operation,
  createOnlyInputs: Properties,
  existing: readonly { name?: string | null | undefined }[],
): string {
  const stem = `${operation.logicalName.slice(0, MAX_LOGICAL_NAME)}-${operation.marker(createOnlyInputs)}`;
  const taken = new Set(existing.map((object) => object.name));
  for (let generation = 0; ; generation += 1) {
    const name = `${stem}-${generation}`;
    if (!taken.has(name)) return name;
  }
}
