import type { Collection } from "../core/collection";
import { HoldfastError } from "../core/errors";
import type { Candidate, Search } from "../core/leftBehind";
import type { Operation } from "../core/lifecycle";
import type { ResourceKind } from "../kinds";
import { isLost } from "./answers";
import type { FileStorage, Texts } from "./client";

/** What is made, and how it is known again where nobody heard that it was made. */
export interface Making<T extends Candidate> {
  kind: ResourceKind;
  /** Its parents' ids, in the order of a composite id. */
  parents: readonly string[];
  list: Collection<T>;
  /** What it had before this process made anything. */
  before: readonly T[];
  /** What it would be: by its mark, or by its content. What is being deleted is none of it. */
  isLike(object: T): boolean;
  /** How a message says so, such as "carries this resource's mark". */
  sign: string;
  /** Whether what is made can be told from what others make. */
  known: boolean;
  evidence?: Search<T>["evidence"];
  describe(object: T): string;
  /** What a message calls the object that was to be made. */
  wanted: string;
}

/** Seconds for which the object is looked for after a lost answer: the service may show it late. */
export const LOOK_SECONDS = 10;

const OVH: readonly ResourceKind[] = [
  "ovh:Share",
  "ovh:ShareClone",
  "ovh:Snapshot",
  "ovh:HeldSnapshot",
  "ovh:ShareAccessRule",
  "ovh:SnapshotPolicy",
];

/** The names of objects that the engine is known to manage in this process, those that it has made too. */
export const managedNames = ({ managed }: Pick<Operation, "managed">): unknown[] =>
  OVH.flatMap((kind) => [...managed(kind).values()].map(({ name }) => name));

/** Whether the engine is known to manage an object in this process. */
export const isManaged = ({ managed }: Pick<Operation, "managed">, id: string): boolean =>
  OVH.some((kind) => managed(kind).has(id));

/** What was made or taken over in this process: of two resources alike, only one gets it. */
const taken = new WeakMap<object, Set<string>>();
function takes(list: object, { id }: Candidate): boolean {
  const ids = taken.get(list) ?? new Set();
  taken.set(list, ids);
  return !ids.has(id) && ids.add(id) !== undefined;
}

/**
 * Makes an object, unless an interrupted creation has left it behind. When the answer is lost, what was made is looked for
 * instead of making a second one.
 * @returns the object, and whether it was `left` behind by an earlier run: then it may have other settings than wanted
 */
export async function makeOnce<T extends Candidate>(
  storage: FileStorage,
  making: Making<T>,
  operation: Operation,
  make: () => Promise<T>,
): Promise<{ object: T; left: boolean }> {
  const left = await leftObject(storage, making, operation);
  if (left !== undefined && takes(making.list, left)) {
    operation.inform(
      `took over ${making.describe(left)}, which an interrupted run made or somebody kept, instead of making a second one.`,
    );
    return { object: left, left: true };
  }
  try {
    const object = await make();
    takes(making.list, object);
    return { object, left: false };
  } catch (error) {
    if (!isLost(error)) throw error;
    const found = await afterLostAnswer(making, operation);
    if (found === undefined || !takes(making.list, found)) throw unheard(making, storage, error);
    operation.inform(
      `the answer to its creation was lost (${sentence(error.message)}) ${making.describe(found)} is it.`,
    );
    return { object: found, left: false };
  }
}

/** For bringing what was left to the program's values: a description that the program has no more is taken out. */
export const withoutEarlier = (operation: Operation, { description }: Texts): Operation =>
  description === undefined ? { ...operation, dropped: ["description"] } : operation;

async function leftObject<T extends Candidate>(
  storage: FileStorage,
  { before, isLike, describe, ...making }: Making<T>,
  operation: Operation,
): Promise<T | undefined> {
  const { adoptWithinMinutes } = storage.settings();
  if (adoptWithinMinutes === 0) return undefined;
  const candidates = before.filter((object) => isLike(object) && !isManaged(operation, object.id));
  return operation.leftBehind({
    ...making,
    candidates,
    describe,
    remedy: ({ id }) => `${importHint(making, operation, id)} Where nobody needs it, delete it.`,
    withinMinutes: adoptWithinMinutes,
    now: await storage.now(),
  });
}

/** How an object gets into the state by hand. */
export const importHint = (
  { kind, parents }: Pick<Making<Candidate>, "kind" | "parents">,
  { logicalName }: Pick<Operation, "logicalName">,
  id: string,
): string =>
  `To keep it, run npx pulumi-holdfast import ${kind} ${/^[\w.:@-]+$/.test(logicalName) ? logicalName : `"${logicalName}"`} ${[...parents, id].join("/")} and then what it prints.`;

/** What was made by the call whose answer was lost: it was not there before, and nobody else makes the like. */
async function afterLostAnswer<T extends Candidate>(
  { list, before, isLike, known, describe }: Making<T>,
  operation: Operation,
): Promise<T | undefined> {
  if (!known) return undefined;
  const old = new Set(before.map(({ id }) => id));
  const found = await operation
    .wait({
      read: async (maxAgeMs) => {
        const made = (await list.recent(maxAgeMs)).filter((object) => isLike(object) && !old.has(object.id));
        return made.length > 0 ? made : undefined;
      },
      state: () => "found",
      judge: () => "done",
      absent: "tolerate",
      activity: "looking for what was made",
      limitSeconds: LOOK_SECONDS,
    })
    .catch(() => undefined); // where it can't be looked for, the lost answer says more
  const free = (found ?? []).filter(({ id }) => !isManaged(operation, id));
  if (free.length < 2) return free[0];
  throw new HoldfastError(
    `the answer to its creation was lost, and ${free.length} objects were made that may be it: ${free.map(describe).join("; ")}. Delete what is too much, and run pulumi up again.`,
  );
}

/** The create may have worked: the message names what to look for where the next run can't do that. */
const unheard = <T extends Candidate>(
  { wanted, known }: Making<T>,
  storage: FileStorage,
  lost: HoldfastError,
): HoldfastError =>
  new HoldfastError(
    known && storage.settings().adoptWithinMinutes > 0
      ? `${sentence(lost.message)} The service does not show the ${wanted} so far. Run pulumi up again: should it have been made all the same, it is taken over then.`
      : `${sentence(lost.message)} The service may have made the ${wanted} all the same: look for it, and delete or import it, before you try again.`,
  );

export const sentence = (text: string): string => text.replace(/\.?$/, ".");
