import type { Clock } from "./clock";

/** The members of one list route, read in one call for everybody who asks. */
export interface Collection<T> {
  /** For reads: a list of this process, up to 60 s old, unless we wrote to the collection since. */
  kept(): Promise<readonly T[]>;
  /** For waits: a list asked for at most `maxAgeMs` ago and after our last write. Concurrent waits share one call. */
  recent(maxAgeMs: number): Promise<readonly T[]>;
  /** Runs a write: no list that was asked for before its end is used again. */
  writing<R>(write: () => Promise<R>): Promise<R>;
}

/** How long a list serves reads, in milliseconds. A provider process lives for one operation of the CLI. */
const KEEP_MS = 60_000;

export function createCollection<T>(clock: Clock, list: () => Promise<readonly T[]>): Collection<T> {
  let last: { asked: number; answer: Promise<readonly T[]> } | undefined;

  const upTo = (maxAgeMs: number): Promise<readonly T[]> => {
    if (last !== undefined && clock.now() - last.asked <= maxAgeMs) return last.answer;
    const asking = { asked: clock.now(), answer: list() };
    last = asking;
    // A failed list serves those who wait for it, and nobody after them.
    asking.answer.catch(() => {
      if (last === asking) last = undefined;
    });
    return asking.answer;
  };

  return {
    kept: () => upTo(KEEP_MS),
    recent: upTo,
    writing: async (write) => {
      try {
        last = undefined;
        return await write();
      } finally {
        last = undefined;
      }
    },
  };
}
