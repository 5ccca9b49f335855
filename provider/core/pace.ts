import type { Clock } from "./clock";

/**
 * How the calls of one account follow each other. All of them, repetitions too, take their turn here, one after the other:
 * what the service refuses one of them as too many (429) slows down all.
 */
export interface Pace {
  /** Resolves when the next call may leave. A pause before it ends at once, with a rejection, when `signal` is aborted. */
  turn(signal?: AbortSignal): Promise<Turn>;
}

/** What became of a call that had its turn. */
export interface Turn {
  succeeded(): void;
  /** The service refused it as too many, and wants to be asked again after so many seconds. */
  throttled(retryAfterSeconds: number | undefined): void;
}

export interface PaceOptions {
  clock: Clock;
  /** Calls per second that are never exceeded. @default as many as the service takes */
  requestsPerSecond?: number | undefined;
  /** Between 0 and 1, for the jitter. @default Math.random */
  random?: () => number;
}

/**
 * Additive increase, multiplicative decrease, as in TCP: it settles just below what the service takes, and leaves a fair
 * part to others who do the same. Of 20 calls per second more than 16 are used, and one in a hundred is refused.
 */
export const paceDefaults = {
  /** What is left of the rate after a refusal. */
  lowering: 0.8,
  /** Calls per second that the rate gains in a second in which it is what holds calls back. */
  gainPerSecond: 0.5,
  /** Calls per second that no refusal lowers the rate below. */
  leastPerSecond: 0.2,
  /** A first refusal lowers the rate from what was sent in the last second, and this at least. */
  firstPerSecond: 5,
  /** Pause for all calls after a refusal without Retry-After; each further one in a row is twice as long. */
  firstPauseSeconds: 0.5,
  /** Longest such pause. */
  maxPauseSeconds: 15,
  /** Longest pause that a service may ask for with Retry-After. */
  maxRetryAfterSeconds: 60,
};

export function createPace({ clock, requestsPerSecond = Infinity, random = Math.random }: PaceOptions): Pace {
  const limits = paceDefaults;
  const sent = counter(clock);
  let rate = requestsPerSecond;
  let opensAt = 0;
  let nextAt = 0;
  /** Calls that had their turn, how many of them before the rate was last lowered, and refusals without a success since. */
  let [turns, judged, refusals] = [0, 0, 0];
  const inOrder = line();

  let seen = clock.now();
  /** The time. After a clock was set back, what is waited for comes as much earlier. */
  const now = (): number => {
    const back = Math.max(seen - clock.now(), 0);
    seen = clock.now();
    opensAt -= back;
    nextAt -= back;
    return seen;
  };

  const close = (seconds: number) => {
    opensAt = Math.max(opensAt, now() + seconds * 1000);
  };

  const throttled = (number: number, retryAfterSeconds: number | undefined) => {
    if (retryAfterSeconds !== undefined) close(Math.min(retryAfterSeconds, limits.maxRetryAfterSeconds));
    // Calls that were under way together are refused together, and that is one refusal.
    if (number <= judged) return;
    judged = turns;
    refusals += 1;
    const before = Number.isFinite(rate) ? rate : Math.max(sent.lastSecond(), limits.firstPerSecond);
    rate = Math.max(before * limits.lowering, limits.leastPerSecond);
    if (retryAfterSeconds !== undefined) return;
    const longest = Math.min(limits.firstPauseSeconds * 2 ** (refusals - 1), limits.maxPauseSeconds);
    // Half fixed, half random: accounts refused together don't come back together.
    close(longest * (0.5 + 0.5 * random()));
  };

  const succeeded = (heldBack: boolean) => {
    refusals = 0;
    if (heldBack) rate = Math.min(rate + limits.gainPerSecond / rate, requestsPerSecond);
  };

  return {
    turn: (signal) =>
      inOrder(signal, async (queued) => {
        let heldBack = queued;
        for (let waitMs = untilReady(); waitMs > 0; waitMs = untilReady()) {
          heldBack = true;
          await clock.sleep(waitMs, signal);
        }
        nextAt = now() + 1000 / rate;
        sent.add();
        turns += 1;
        const number = turns;
        return { succeeded: () => succeeded(heldBack), throttled: (seconds) => throttled(number, seconds) };
      }),
  };

  function untilReady(): number {
    const time = now();
    return Math.max(opensAt, nextAt) - time;
  }
}

/** Runs one task after the other, in the order in which they came; who waits leaves when the signal is aborted. */
function line(): <T>(signal: AbortSignal | undefined, task: (queued: boolean) => Promise<T>) => Promise<T> {
  let last: Promise<void> = Promise.resolve();
  let length = 0;
  return async (signal, task) => {
    const before = last;
    let leave = () => {};
    const left = new Promise<void>((resolve) => {
      leave = resolve;
    });
    last = before.then(() => left);
    const queued = length > 0;
    length += 1;
    try {
      if (queued) await unlessAborted(before, signal);
      return await task(queued);
    } finally {
      length -= 1;
      leave();
    }
  };
}

function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** About how many calls left in the last second: each counts less and less. */
function counter(clock: Clock): { add: () => void; lastSecond: () => number } {
  let [count, at] = [0, clock.now()];
  const lastSecond = () => count * Math.exp(Math.min(at - clock.now(), 0) / 1000);
  return {
    lastSecond,
    add: () => {
      count = lastSecond() + 1;
      at = clock.now();
    },
  };
}
