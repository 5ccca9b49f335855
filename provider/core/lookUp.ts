import type { Clock } from "./clock";
import { ApiError, HoldfastError } from "./errors";
import { offline } from "./offline";

/** How long a look-up may keep a check, in milliseconds: checks run one after another. */
const LIMIT_MS = 5000;

/**
 * Makes look-ups for checks, which run in previews too: a service that can't be asked is no failure there, and is not
 * asked a second time in this process.
 */
export function createLookUp(clock: Clock): <T>(work: () => Promise<T>) => Promise<T | undefined> {
  let reachable = true;

  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error; // a fault of ours
      // What is not there is an answer about this object, and tells nothing about the next one.
      if (!(error instanceof ApiError && error.status === 404)) reachable = false;
      return undefined;
    }
  };

  return async (work) => {
    if (!reachable || offline(process.env)) return undefined;
    const over = new AbortController();
    const answer = attempt(work);
    answer.catch(() => {}); // nobody waits for a late one
    const late = clock.sleep(LIMIT_MS, over.signal).then(
      () => {
        reachable = false;
        return undefined;
      },
      () => undefined, // ended by the answer
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      over.abort();
    }
  };
}
