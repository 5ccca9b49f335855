import type { Clock } from "./clock";

/**
 * The members of one list route, read in one call for everybody who asks. Who has `patience` gives up when that signal is
 * aborted, and the call with it, its repetitions too, unless somebody else waits for the same answer.
 */
export interface Collection<T> {
  /**
   * For what was there before this process made anything: one list, however old by now. Asked for before the first write
   * that makes a member.
   */
  first(): Promise<readonly T[]>;
  /** For reads: a list of this process, up to 60 s old, unless we wrote to the collection since. */
  kept(patience?: AbortSignal): Promise<readonly T[]>;
  /** For waits: a list that left at most `maxAgeMs` ago and after our last write. Concurrent waits share one call. */
  recent(maxAgeMs: number, patience?: AbortSignal): Promise<readonly T[]>;
  /** Runs a write: no list that left before its end is used again. */
  writing<R>(write: () => Promise<R>): Promise<R>;
}

/** How long a list serves reads, in milliseconds. A provider process lives for one operation of the CLI. */
const KEEP_MS = 60_000;

/**
 * Where the call for a list is. While it waits for its turn, whatever is written will be in its answer, so everybody who
 * asks meanwhile can have that one: the longer calls have to wait, the fewer lists there are.
 */
export interface Journey {
  /** When it left, in milliseconds since the epoch; `undefined` while it waits. */
  leftAt: number | undefined;
}

interface Asking<T> {
  journey: Journey;
  answer: Promise<readonly T[]>;
  answered: boolean;
  /** How many wait for the answer, or have it. */
  waiting: number;
  giveUp: AbortController;
}

/** @param list asks for all members, at once unless it says in `journey` that it waits */
export function createCollection<T>(
  clock: Clock,
  list: (patience: AbortSignal, journey: Journey) => Promise<readonly T[]>,
): Collection<T> {
  let last: Asking<T> | undefined;
  let first: Promise<readonly T[]> | undefined;
  const forget = (asking: Asking<T>) => {
    if (last === asking) last = undefined;
  };

  const ask = (): Asking<T> => {
    const giveUp = new AbortController();
    const journey: Journey = { leftAt: clock.now() };
    const asking = { journey, answer: list(giveUp.signal, journey), answered: false, waiting: 0, giveUp };
    last = asking;
    asking.answer.then(
      () => {
        asking.answered = true;
      },
      () => forget(asking), // a failed list serves those who wait for it, and nobody after them
    );
    return asking;
  };

  /** A list that failed is no memory. */
  const remembered = (asked: Promise<readonly T[]>): Promise<readonly T[]> => {
    asked.catch(() => {
      first = undefined;
    });
    return asked;
  };

  const ageOf = ({ journey: { leftAt } }: Asking<T>) => (leftAt === undefined ? 0 : clock.now() - leftAt);
  const forgetWhatLeft = () => {
    if (last?.journey.leftAt !== undefined) last = undefined;
  };

  const upTo = (maxAgeMs: number, patience?: AbortSignal): Promise<readonly T[]> => {
    const age = last === undefined ? Infinity : ageOf(last);
    // Below zero the clock was set back: nothing tells how old the list is. An answer of this millisecond is old, too.
    const serves = age >= 0 && age <= maxAgeMs && (maxAgeMs > 0 || last?.answered === false);
    const asking = last !== undefined && serves ? last : ask();
    asking.waiting += 1;
    return patience === undefined ? asking.answer : unlessGivenUp(asking, patience);
  };

  const unlessGivenUp = (asking: Asking<T>, patience: AbortSignal): Promise<readonly T[]> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        asking.waiting -= 1;
        if (asking.waiting > 0) return reject(patience.reason);
        forget(asking);
        asking.giveUp.abort(); // the answer fails at once, and says with what it was tried
      };
      if (patience.aborted) leave();
      patience.addEventListener("abort", leave, { once: true });
      asking.answer.then(resolve, reject).finally(() => patience.removeEventListener("abort", leave));
    });

  return {
    first: () => {
      first ??= remembered(upTo(KEEP_MS));
      return first;
    },
    kept: (patience) => upTo(KEEP_MS, patience),
    recent: upTo,
    writing: async (write) => {
      try {
        forgetWhatLeft();
        return await write();
      } finally {
        forgetWhatLeft();
      }
    },
  };
}
