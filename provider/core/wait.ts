import type { Clock } from "./clock";
import { describeSeconds } from "./duration";
import { type HoldfastError, InterruptedError, WaitTimeoutError } from "./errors";

/** What one wait looks at. */
export interface WaitOptions<T> {
  /** Reads the object; `undefined` when the service does not have it. `maxAgeMs` is how old a shared answer may be. */
  read: (maxAgeMs: number) => Promise<T | undefined>;
  /** The service's word for the object's state. */
  state: (object: T) => string;
  /** How far it is, for the resource's row: shown again at the next `step`. @default the state */
  progress?: (object: T) => Progress;
  /** Seconds that the service thinks it still takes, where it tells. */
  remaining?: (object: T) => number | undefined;
  /** An undocumented state must be `busy`: it counts until the limit and shows in the error. */
  judge: (state: string, object: T) => "done" | "busy" | HoldfastError;
  /** What `undefined` means: `done` when waiting for a deletion, `tolerate` right after a creation. */
  absent: "done" | "tolerate";
  /** What the user sees: "creating", "extending", "deleting". */
  activity: string;
  /** The limit in seconds where the program sets none. */
  limitSeconds: number;
  /** It has to be done although the program's own limit may be over. @default false */
  beyondLimit?: boolean;
}

/** How far a wait is. */
export interface Progress {
  step: string;
  text: string;
}

/** Waits until the judge says done; gives the object, or `undefined` when it is gone and that is what was awaited. */
export type Wait = <T>(options: WaitOptions<T>) => Promise<T | undefined>;

/** How waits are paced. */
export interface WaitPace {
  clock: Clock;
  /** Ends all waits at once. */
  signal: AbortSignal;
  /** Shortest delay between two reads in milliseconds. */
  floorMs: number;
  /** Longest delay in milliseconds. */
  ceilingMs: number;
  /** A number in [0, 1). */
  random: () => number;
}

/** @internal What the host knows about the operation that waits. */
export interface WaitContext {
  subject: string;
  pace: WaitPace;
  /** Whether the object is in the state, or will be, when this wait fails. */
  kept: () => boolean;
  /** The program's own limit for the whole operation, from `timeouts`: it ends all its waits at the same time. */
  limit: { seconds: number; endsAt: number } | undefined;
  /** Shows where the wait stands on the resource's row, beside the engine's own seconds; an empty text clears it. */
  report: (text: string) => void;
}

/** How many answers "not there" in a row are tolerated right after a creation, and at least for how long. */
const TOLERATED_ABSENCES = 5;
const TOLERATED_ABSENCE_MS = 10_000;
/** The delay grows by this share of the time waited, so a wait is at most about 5 % longer than the work. */
const GROWTH = 0.05;
/** Where the service tells how long it still takes, this much of it is slept, and no longer than this: a row shall move. */
const REMAINING_SHARE = 0.5;
const REMAINING_CEILING_MS = 10_000;
/** Delays vary by this share in both directions, so that many waits do not read in step. */
const JITTER = 0.1;

/** An unchanged step is shown again after this time: an interactive row needs it never, a log of hours does. */
const REPEAT_REPORT_MS = 60_000;

/** The one waiter: first read at once, growing delays, always a limit. */
export async function waitFor<T>(context: WaitContext, options: WaitOptions<T>): Promise<T | undefined> {
  const row = rowOf(context);
  try {
    return await poll(context, options, row.show);
  } finally {
    row.clear();
  }
}

async function poll<T>(
  context: WaitContext,
  options: WaitOptions<T>,
  show: (progress: Progress) => void,
): Promise<T | undefined> {
  const { clock, signal, floorMs, ceilingMs, random } = context.pace;
  const started = clock.now();
  const limit = options.beyondLimit === true ? undefined : context.limit;
  const limitSeconds = limit?.seconds ?? options.limitSeconds;
  const endsAt = limit?.endsAt ?? started + limitSeconds * 1000;
  const seen = new Map<string, number>();
  let absences = 0;
  let lastSeen = started;
  let expectedAt = Infinity;

  for (let delay = 0; ; ) {
    if (signal.aborted) throw interrupted(context.subject, seen);
    const object = await options.read(delay / 2);
    const state = object === undefined ? "absent" : options.state(object);
    seen.set(state, (seen.get(state) ?? 0) + 1);
    if (object === undefined) {
      if (options.absent === "done") return undefined;
      absences += 1;
      const missing = clock.now() - lastSeen;
      if (absences > TOLERATED_ABSENCES && missing >= TOLERATED_ABSENCE_MS) throw vanished(context.subject, seen);
    } else {
      absences = 0;
      lastSeen = clock.now();
      const verdict = options.judge(state, object);
      if (verdict === "done") return object;
      if (verdict !== "busy") throw verdict;
    }

    const now = clock.now();
    if (now >= endsAt) throw timedOut(context, options.activity, limitSeconds, seen);
    show((object === undefined ? undefined : options.progress?.(object)) ?? { step: state, text: state });
    const remainingMs = object === undefined ? undefined : secondsToMs(options.remaining?.(object));
    if (remainingMs !== undefined) expectedAt = Math.min(expectedAt, now + remainingMs);
    const told = Math.min((remainingMs ?? 0) * REMAINING_SHARE, REMAINING_CEILING_MS);
    // What should have been over by now is waited for as what nobody knows about.
    const since = remainingMs === undefined ? started : Math.min(expectedAt, now);
    const grown = Math.max((now - since) * GROWTH, told, floorMs);
    delay = Math.min(Math.min(grown, ceilingMs) * (1 + JITTER * (2 * random() - 1)), Math.max(endsAt - now, 1));
    await clock.sleep(delay, signal).catch((error: unknown) => {
      throw signal.aborted ? interrupted(context.subject, seen) : error;
    });
  }
}

const secondsToMs = (seconds: number | undefined): number | undefined =>
  seconds !== undefined && seconds >= 0 ? seconds * 1000 : undefined;

/** The resource's row: each new step once, and nothing left behind. */
function rowOf({ pace: { clock }, report }: WaitContext): { show: (progress: Progress) => void; clear: () => void } {
  let shown: { step: string; at: number } | undefined;
  return {
    show: ({ step, text }) => {
      if (shown?.step === step && clock.now() - shown.at < REPEAT_REPORT_MS) return;
      shown = { step, at: clock.now() };
      report(text);
    },
    clear: () => {
      if (shown !== undefined) report("");
    },
  };
}

const tally = (seen: ReadonlyMap<string, number>): string =>
  seen.size === 0 ? "nothing read yet" : `seen: ${[...seen].map(([state, times]) => `${state} x${times}`).join(", ")}`;

const timedOut = (
  { subject, kept }: WaitContext,
  activity: string,
  seconds: number,
  seen: ReadonlyMap<string, number>,
) =>
  new WaitTimeoutError(
    `${subject}: still ${activity} after ${describeSeconds(seconds)} (${tally(seen)}). ${kept() ? "It stays in the state; run" : "Nothing was made yet; run"} the same command again to go on${kept() ? " waiting" : ""}, or raise the limit with customTimeouts.`,
    { absent: false },
  );

const interrupted = (subject: string, seen: ReadonlyMap<string, number>) =>
  new InterruptedError(
    `${subject}: the wait was interrupted (${tally(seen)}). The service goes on; run the same command again to go on waiting.`,
  );

const vanished = (subject: string, seen: ReadonlyMap<string, number>) =>
  new WaitTimeoutError(
    seen.size > 1
      ? `${subject}: the service does not show the object any more (${tally(seen)}). Somebody may have deleted it: run pulumi refresh to see whether it is there.`
      : `${subject}: the service does not show the object that it has just created (${tally(seen)}). Run pulumi refresh to see whether it is there.`,
    { absent: true },
  );
