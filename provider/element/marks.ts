import { MARKER } from "../core/identity";
import type { Operation } from "../core/lifecycle";
import { given, type Properties } from "../core/properties";
import { MEMBER } from "./schemas";

// Names are not unique on a cluster, and nothing else of a volume tells whose it is: the mark stands in its attributes.

/** What this package keeps in the attributes of what it makes. */
export interface Mark {
  /** Tells nothing: 65 bits of a hash over the resource and what makes another one of it. */
  mark: string;
  /** What a clone was made from, which the API does not keep: an import knows by it. */
  volumeID?: number | undefined;
  snapshotID?: number | undefined;
}

const MARK = new RegExp(`^${MARKER}$`);

type Attributes = Readonly<Record<string, unknown>> | undefined;

export const marked = (attributes: Attributes, mark: Mark): Record<string, unknown> => ({
  ...attributes,
  [MEMBER]: given(mark),
});

/** Attributes as their user wrote them. */
export function withoutMark(attributes: Attributes): Record<string, unknown> {
  const { [MEMBER]: _, ...others } = attributes ?? {};
  return others;
}

/** The mark of ours that an object carries, if any. */
export function markOf(attributes: Attributes): Mark | undefined {
  const found = attributes?.[MEMBER];
  if (typeof found !== "object" || found === null) return undefined;
  const { mark, volumeID, snapshotID }: Partial<Record<keyof Mark, unknown>> = found;
  if (typeof mark !== "string" || !MARK.test(mark)) return undefined;
  return { mark, volumeID: idOf(volumeID), snapshotID: idOf(snapshotID) };
}

const idOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;

/** Attributes with the mark that the object has already, if it has one. */
export const keepingMark = (attributes: Attributes, before: Attributes): Record<string, unknown> =>
  before?.[MEMBER] === undefined ? { ...attributes } : { ...attributes, [MEMBER]: before[MEMBER] };

/** Room for a hyphen and the mark. */
const MARK_LENGTH = 14;

/** The name of what the program gives none: the resource's, in the signs that the service takes, and the mark. */
export function nameFor(
  { logicalName }: Pick<Operation, "logicalName">,
  mark: string,
  { longest, signs }: { longest: number; signs: RegExp },
): string {
  const own = logicalName.replace(signs, "-").slice(0, longest - MARK_LENGTH);
  return `${own || "volume"}-${mark}`;
}

/** The mark of a resource: another one where something changes of which another object is made. */
export const markFor = (operation: Pick<Operation, "marker">, cluster: string, createOnly: Properties): string =>
  operation.marker({ clusterUniqueID: cluster, ...createOnly });
