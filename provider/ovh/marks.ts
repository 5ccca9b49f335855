import { MARKER } from "../core/identity";
import type { Operation } from "../core/lifecycle";
import type { Properties } from "../core/properties";
import type { Texts } from "./client";
import { managedNames } from "./once";

/** Room for the mark and a generation within the 255 characters that a name may have. */
const MAX_LOGICAL_NAME = 220;
/** As many characters as the service takes (Manila). */
const MAX_DESCRIPTION = 255;

/** The mark at the end of a description. It tells nothing: 65 bits of a hash. */
const IN_DESCRIPTION = new RegExp(` ?\\[holdfast (${MARKER})\\]$`);
/** The mark in a name of ours: `staging-k3xq7m2vwz5ta-0`. */
const IN_NAME = new RegExp(`-(${MARKER})-\\d+$`);

/** A description as its user wrote it. */
export const withoutMark = (description: string | null | undefined): string =>
  (description ?? "").replace(IN_DESCRIPTION, "");

/** The description with the mark that it had before, if it had one. */
export const keepingMark = (description: string, before: string | null | undefined): string =>
  withMark(description, IN_DESCRIPTION.exec(before ?? "")?.[1]);

function withMark(description: string, mark: string | undefined): string {
  const marked = mark === undefined ? description : `${description && `${description} `}[holdfast ${mark}]`;
  return marked.length > MAX_DESCRIPTION ? description : marked;
}

/** Any mark of ours that an object carries. */
export const markOf = ({ name, description }: Worded): string | undefined =>
  IN_DESCRIPTION.exec(description ?? "")?.[1] ?? IN_NAME.exec(name ?? "")?.[1];

/** The texts of an object, as the service has them. */
export interface Worded {
  name?: string | null | undefined;
  description?: string | null | undefined;
}

/** What a new object is called, and how it is known again. */
export interface Marked {
  texts: Texts;
  /** Whether an object carries this resource's mark. */
  carries(object: Worded): boolean;
  /** Whether what is made carries it: not where the program chose the name and the description has no room, or may have no mark. */
  marked: boolean;
}

/**
 * The texts for a new object. Where the program gives no name the mark is in ours, with a generation that goes up while an
 * object of the same name still exists, one being replaced for example. Otherwise it is at the end of the description.
 */
export function marked(
  operation: Pick<Operation, "logicalName" | "marker" | "managed">,
  createOnlyInputs: Properties,
  { name, description }: Texts,
  { existing, inDescription }: { existing: readonly Worded[]; inDescription: boolean },
): Marked {
  const mark = operation.marker(createOnlyInputs);
  const stem = `${operation.logicalName.slice(0, MAX_LOGICAL_NAME)}-${mark}`;
  const taken = new Set<unknown>([...existing.map((object) => object.name), ...managedNames(operation)]);
  const carries = (object: Worded) =>
    IN_DESCRIPTION.exec(object.description ?? "")?.[1] === mark ||
    (object.name?.startsWith(`${stem}-`) === true && markOf({ name: object.name }) === mark);
  if (name === undefined) {
    let generation = 0;
    while (taken.has(`${stem}-${generation}`)) generation += 1;
    return { texts: { name: `${stem}-${generation}`, description }, carries, marked: true };
  }
  const texts = { name, description: inDescription ? withMark(description ?? "", mark) : description };
  return { texts: { ...texts, description: texts.description || undefined }, carries, marked: carries(texts) };
}
