/** One change to the body of an answer. */
export interface BodyChange {
  /**
   * Where: a JSON pointer (RFC 6901) such as `/status` or `/rules/0/copies`, empty for the whole body. A segment `*` stands for every
   * element of a list or member of an object: in a list answer, the segments `*` and `status` reach the status of each element.
   */
  readonly path: string;
  /** What stands there instead, also where nothing stood. Without `value` what stands there is taken away. */
  readonly value?: unknown;
}

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;

const segmentsOf = (path: string): string[] => {
  if (path === "") return [];
  if (!path.startsWith("/")) throw new Error(`The path "${path}" of a change must be empty or begin with a slash`);
  return path
    .slice(1)
    .split("/")
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
};

const keysOf = (container: Container, segment: string): string[] =>
  segment === "*" ? Object.keys(container) : [segment];

const remove = (container: Container, key: string): void => {
  if (Array.isArray(container)) container.splice(Number(key), 1);
  else Reflect.deleteProperty(container, key);
};

const changeAt = (container: unknown, segments: readonly string[], { path, value }: BodyChange): void => {
  const [segment = "", ...rest] = segments;
  // a fault without effect would make a test pass that shows nothing
  if (!isContainer(container)) throw new Error(`The change at "${path}" does not fit the answer`);
  // from the end, so that a removal does not move what is still to come
  for (const key of keysOf(container, segment).reverse()) {
    const known = Object.hasOwn(container, key) && (!Array.isArray(container) || /^\d+$/.test(key));
    if (rest.length > 0) changeAt(known ? Reflect.get(container, key) : undefined, rest, { path, value });
    else if (value !== undefined && (known || !Array.isArray(container))) Reflect.set(container, key, value);
    else if (value === undefined && known) remove(container, key);
    else throw new Error(`The change at "${path}" does not fit the answer`);
  }
};

/** A copy of a body with the changes made one after the other. Throws where one does not fit. */
export function changed(body: unknown, changes: readonly BodyChange[]): unknown {
  let copy: unknown = structuredClone(body);
  for (const change of changes) {
    const segments = segmentsOf(change.path);
    if (segments.length === 0) copy = structuredClone(change.value);
    else changeAt(copy, segments, change);
  }
  return copy;
}
