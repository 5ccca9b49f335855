import type { ResourceKind } from "../kinds";
import type { Collection } from "./collection";
import { ApiError, HoldfastError, WaitTimeoutError } from "./errors";
import type { Candidate, Search } from "./leftBehind";
import type { Operation } from "./lifecycle";

/** The service in which something is made. */
export interface Maker {
  /** How old an object may be that an interrupted creation is taken to have made, in minutes. 0 takes nothing over. */
  adoptWithinMinutes: number;
  /** The service's time in milliseconds since the epoch. */
  now(): Promise<number>;
  /** Whether a call may have had its effect although it failed. */
  isLost(error: unknown): error is HoldfastError;
}

/** What is made, and how it is known again where nobody heard that it was made. */
export interface Making<T extends Candidate> {
  kind: ResourceKind;
  /** Kinds that may manage such an object. */
  kinds: readonly ResourceKind[];
  /** Its parents' ids, in the order of a composite id. */
  parents: readonly string[];
  /** All that there is of the like. */
  list: Pick<Collection<T>, "recent">;
  /** What it had before this process made anything. */
  before: readonly T[];
  /** What it would be: by its mark, or by its content. What is being deleted is none of it. */
  isLike(object: T): boolean;
  /** How a message says so, such as "carries this resource's mark". */
  sign: string;
  /** Whether what is made can be told from what others make. */
  known: boolean;
  evidence?: Search<T>["evidence"];
  isManagedBy?: Search<T>["isManagedBy"];
  /** Whether something is under way that may turn out to be it, and does not show its mark yet. */
  hidden?: (maxAgeMs: number) => Promise<boolean>;
  /** Seconds for which something hidden is waited for. @default 10 */
  hiddenSeconds?: number;
  describe(object: T): string;
  /** What a message calls the object that was to be made. */
  wanted: string;
}

/** Seconds for which the object is looked for after a lost answer: the service may show it late. */
export const LOOK_SECONDS = 10;
/** How often a creation is sent whose answer was an error that may have had an effect, and had none. */
const MOST_ATTEMPTS = 3;
/** A gateway has stopped waiting, and what stands behind it may still be at it. */
const GAVE_UP = 504;

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
  maker: Maker,
  making: Making<T>,
  operation: Operation,
  make: () => Promise<T>,
): Promise<{ object: T; left: boolean }> {
  const left = await leftObject(maker, making, operation);
  if (left !== undefined && takes(making.list, left)) {
    operation.inform(
      `took over ${making.describe(left)}, which an interrupted run made or somebody kept, instead of making a second one.`,
    );
    return { object: left, left: true };
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const object = await make();
      takes(making.list, object);
      return { object, left: false };
    } catch (error) {
      if (!maker.isLost(error)) throw error;
      const { found, isAbsent } = await afterLostAnswer(making, operation);
      if (found !== undefined && takes(making.list, found)) {
        operation.inform(
          `the answer to its creation was lost (${sentence(error.message)}) ${making.describe(found)} is it.`,
        );
        return { object: found, left: false };
      }
      // The service has answered, so nothing comes later: what was looked for and is not there was not made.
      const over = error instanceof ApiError && error.repetition === "afterLook" && error.status !== GAVE_UP;
      if (!over || !isAbsent || attempt >= MOST_ATTEMPTS) throw unheard(making, maker, error);
    }
  }
}

async function leftObject<T extends Candidate>(
  { adoptWithinMinutes, now }: Maker,
  { before, isLike, describe, ...making }: Making<T>,
  operation: Operation,
): Promise<T | undefined> {
  if (adoptWithinMinutes === 0) return undefined;
  const candidates = before.filter((object) => isLike(object) && !isManaged(making.kinds, operation, object.id));
  return operation.leftBehind({
    ...making,
    candidates,
    describe,
    remedy: ({ id }) => `${importHint(making, operation, id)} Where nobody needs it, delete it.`,
    withinMinutes: adoptWithinMinutes,
    now: await now(),
  });
}

/** Whether the engine is known to manage an object in this process. */
export const isManaged = (
  kinds: readonly ResourceKind[],
  { managed }: Pick<Operation, "managed">,
  id: string,
): boolean => kinds.some((kind) => managed(kind).has(id));

/** How an object gets into the state by hand. */
export const importHint = (
  { kind, parents }: Pick<Making<Candidate>, "kind" | "parents">,
  { logicalName }: Pick<Operation, "logicalName">,
  id: string,
): string =>
  `To keep it, run npx pulumi-holdfast import ${kind} ${/^[\w.:@-]+$/.test(logicalName) ? logicalName : `"${logicalName}"`} ${[...parents, id].join("/")} and then what it prints.`;

/**
 * What was made by the call whose answer was lost: it was not there before, and nobody else makes the like. `isAbsent`: it
 * was looked for long enough, and the service does not have it.
 */
async function afterLostAnswer<T extends Candidate>(
  { list, before, isLike, known, kinds, describe, hidden, hiddenSeconds = LOOK_SECONDS }: Making<T>,
  operation: Operation,
): Promise<{ found?: T | undefined; isAbsent?: boolean }> {
  if (!known) return {};
  const old = new Set(before.map(({ id }) => id));
  const found = await operation
    .wait<readonly T[]>({
      read: async (maxAgeMs) => {
        const made = (await list.recent(maxAgeMs)).filter((object) => isLike(object) && !old.has(object.id));
        if (made.length > 0) return made;
        return (await hidden?.(maxAgeMs)) === true ? [] : undefined;
      },
      state: (made) => (made.length > 0 ? "found" : "under way, not told yet whose it is"),
      judge: (_, made) => (made.length > 0 ? "done" : "busy"),
      absent: "tolerate",
      activity: "looking for what was made",
      limitSeconds: hidden === undefined ? LOOK_SECONDS : hiddenSeconds,
    })
    // Where it can't be looked for, the lost answer says more: what this error tells is only whether it was.
    .catch((error: unknown) => ({ isAbsent: error instanceof WaitTimeoutError && error.absent }));
  if (found === undefined || "isAbsent" in found) return { ...found };
  const free = found.filter(({ id }) => !isManaged(kinds, operation, id));
  if (free.length < 2) return { found: free[0] };
  throw new HoldfastError(
    `the answer to its creation was lost, and ${free.length} objects were made that may be it: ${free.map(describe).join("; ")}. Delete what is too much, and run pulumi up again.`,
  );
}

/** The create may have worked: the message names what to look for where the next run can't do that. */
const unheard = <T extends Candidate>(
  { wanted, known }: Making<T>,
  { adoptWithinMinutes }: Maker,
  lost: HoldfastError,
): HoldfastError =>
  new HoldfastError(
    known && adoptWithinMinutes > 0
      ? `${sentence(lost.message)} The service does not show the ${wanted} so far. Run pulumi up again: should it have been made all the same, it is taken over then.`
      : `${sentence(lost.message)} The service may have made the ${wanted} all the same: look for it, and delete or import it, before you try again.`,
  );

export const sentence = (text: string): string => text.replace(/\.?$/, ".");
