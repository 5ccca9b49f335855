import type { Clock } from "./clock";
import { describeSeconds } from "./duration";
import { ApiError, ConnectionError, HoldfastError, InterruptedError } from "./errors";
import type { Pace } from "./pace";

/**
 * What a second try could do. Reads and deletes end in the same place however often they run; a create that arrived
 * twice makes two objects.
 */
export type Operation = "read" | "delete" | "create";

export interface RetryOptions {
  clock: Clock;
  /** Ends the pauses between attempts, never an attempt itself: its outcome would be lost. */
  signal?: AbortSignal | undefined;
  /**
   * Gives every attempt its turn. A refusal as too many calls (429) is then bounded by time instead of by attempts: the
   * next turn comes when the service takes calls again.
   */
  pace?: Pace | undefined;
  /** Attempts in all, the first included. @default 5 */
  attempts?: number;
  /** Pause before the second attempt; each further one is twice as long. @default 0.5 */
  firstDelaySeconds?: number;
  /** Longest computed pause. @default 15 */
  maxDelaySeconds?: number;
  /** Longest pause that a service may ask for with `Retry-After`. @default 60 */
  maxRetryAfterSeconds?: number;
  /** How long a call that has its turn from `pace` may be refused as too many. @default 600 */
  maxThrottledSeconds?: number;
  /** Between 0 and 1, for the jitter. @default Math.random */
  random?: () => number;
}

/** At most 0.5 + 1 + 2 + 4 = 7.5 s of pauses, so that a service that isn't there is reported soon. */
export const retryDefaults = {
  attempts: 5,
  firstDelaySeconds: 0.5,
  maxDelaySeconds: 15,
  maxRetryAfterSeconds: 60,
  maxThrottledSeconds: 600,
  random: Math.random,
};

/** Runs `attempt` until it succeeds, fails in a way that a repetition can't change, or has run often enough. */
export async function retrying<T>(operation: Operation, attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, signal, pace, ...rest } = options;
  const limits = { ...retryDefaults, ...rest };
  let last: unknown;
  let throttled: { since: number; times: number } | undefined;
  for (let count = 1; ; ) {
    const turn = pace && (await uninterrupted(signal, last, () => pace.turn(signal)));
    try {
      const result = await attempt();
      turn?.succeeded();
      return result;
    } catch (error) {
      last = error;
      if (turn !== undefined && isThrottled(error)) {
        turn.throttled(error.retryAfterSeconds);
        const now = clock.now();
        // a clock that was set back makes it longer, but not by what it was set back
        throttled = { since: Math.min(throttled?.since ?? now, now), times: (throttled?.times ?? 0) + 1 };
        const seconds = (now - throttled.since) / 1000;
        if (seconds >= limits.maxThrottledSeconds) throw lasting(error, throttled.times, seconds);
        continue;
      }
      if (!isRepeatable(operation, error)) throw error;
      if (count >= limits.attempts) throw counted(error, count);
      await uninterrupted(signal, error, () => clock.sleep(delaySeconds(error, count, limits) * 1000, signal));
      count += 1;
    }
  }
}

const isThrottled = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 429;

/** Whether repeating the operation after this failure is both safe and of use. */
export function isRepeatable(operation: Operation, error: unknown): boolean {
  if (error instanceof ConnectionError) {
    if (error.lasting) return false;
    if (operation === "create") return error.failure === "unreachable";
    return error.failure !== "aborted";
  }
  if (error instanceof ApiError) {
    if (error.repetition !== undefined)
      return error.repetition === "safe" || (error.repetition === "afterLook" && operation !== "create");
    if (operation === "create") return error.status === 429;
    // 501 says that the route doesn't exist: it won't exist a second later.
    return error.status === 408 || error.status === 429 || (error.status >= 500 && error.status !== 501);
  }
  return false;
}

function delaySeconds(error: unknown, count: number, limits: typeof retryDefaults): number {
  if (error instanceof ApiError && error.retryAfterSeconds !== undefined) {
    return Math.min(error.retryAfterSeconds, limits.maxRetryAfterSeconds);
  }
  const longest = Math.min(limits.firstDelaySeconds * 2 ** (count - 1), limits.maxDelaySeconds);
  // Half fixed, half random: callers refused together don't come back together.
  return longest * (0.5 + 0.5 * limits.random());
}

/** A pause before an attempt. What ended it early tells with what the attempt before failed. */
async function uninterrupted<T>(signal: AbortSignal | undefined, last: unknown, pause: () => Promise<T>): Promise<T> {
  try {
    return await pause();
  } catch (error) {
    if (!signal?.aborted) throw error;
    if (last === undefined) {
      throw new InterruptedError("Interrupted: the call was not sent. Run the same command again to go on.");
    }
    const reason = last instanceof Error ? last.message : String(last);
    throw new InterruptedError(`Interrupted before another attempt. The last one failed: ${reason}`, { cause: last });
  }
}

/** The error itself, its message saying how often it was tried. One error can reach several callers that share a read. */
function counted(error: unknown, count: number): unknown {
  const note = ` (after ${count} attempts)`;
  if (count > 1 && error instanceof HoldfastError && !error.message.endsWith(note)) error.message += note;
  return error;
}

function lasting(error: ApiError, times: number, seconds: number): ApiError {
  error.message += ` (refused ${times} times in ${describeSeconds(seconds)})`;
  return error;
}
