import type { Clock } from "./clock";
import { ApiError, ConfigurationError, HoldfastError, InterruptedError } from "./errors";
import { offline } from "./offline";

/** How long a look-up may keep a check, in milliseconds: checks run one after another. */
const LIMIT_MS = 5000;
/** How long all look-ups of a process may take together, in milliseconds. */
const TOTAL_MS = 15_000;

/**
 * Makes a look-up, or answers `undefined` where the service can't be asked.
 * @param work gives up what it waits for when its signal is aborted
 * @param tell gets the reason once per process, unless asking was never wanted: no credentials, or an interruption
 */
export type LookUp = <T>(
  work: (patience: AbortSignal) => Promise<T>,
  tell: (reason: string) => void,
) => Promise<T | undefined>;

/**
 * The look-ups of all checks of a process, which run in previews too: a service that can't be asked is no failure there, and
 * is not asked a second time.
 */
export function createLookUp(clock: Clock): LookUp {
  let asking = true;
  let spentMs = 0;

  return async (work, tell) => {
    if (!asking || offline(process.env)) return undefined;
    const stop = (reason: string | undefined) => {
      if (asking && reason !== undefined) tell(reason);
      asking = false;
      return undefined;
    };
    const limitMs = Math.min(LIMIT_MS, TOTAL_MS - spentMs);
    if (limitMs <= 0) return stop(`All look-ups of this run have taken ${TOTAL_MS / 1000} s.`);
    const [patience, answered] = [new AbortController(), new AbortController()];
    const began = clock.now();
    const outcome = attempt(work(patience.signal));
    outcome.catch(() => {}); // nobody waits for a late one
    const late = clock.sleep(limitMs, answered.signal).then(
      () => "late" as const,
      () => undefined, // ended by the answer
    );
    try {
      const first = await Promise.race([outcome, late]);
      spentMs += clock.now() - began;
      if (first === "late" || first === undefined) {
        patience.abort();
        return stop(`No answer within ${Math.round(limitMs / 100) / 10} s${await lastFailure(outcome)}.`);
      }
      if ("answer" in first) return first.answer;
      const { failure } = first;
      // What is not there is an answer about this object, and tells nothing about the next one.
      if (failure instanceof ApiError && failure.status === 404) return undefined;
      const silent = failure instanceof ConfigurationError || failure instanceof InterruptedError;
      return stop(silent ? undefined : failure.message);
    } finally {
      answered.abort();
    }
  };
}

type Outcome<T> = { answer: T } | { failure: HoldfastError };

async function attempt<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await work };
  } catch (error) {
    if (error instanceof HoldfastError) return { failure: error };
    throw error; // a fault of ours
  }
}

/** What the attempts before the limit have failed with, where what was given up tells it at once. */
async function lastFailure(outcome: Promise<Outcome<unknown>>): Promise<string> {
  const soon = new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
  const ended = await Promise.race([outcome.catch(() => undefined), soon]);
  const cause = ended !== undefined && "failure" in ended ? ended.failure.cause : undefined;
  return cause instanceof HoldfastError ? `: ${cause.message.replace(/\.$/, "")}` : "";
}
