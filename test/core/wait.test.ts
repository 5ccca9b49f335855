import { expect, test } from "vitest";
import type { Clock } from "../../provider/core/clock";
import { HoldfastError, InterruptedError, TerminalStateError, WaitTimeoutError } from "../../provider/core/errors";
import { type WaitContext, type WaitOptions, waitFor } from "../../provider/core/wait";

/** A wait whose sleeps take no time, for an object that the test describes as a function of the seconds waited. */
function start(stateAt: (seconds: number) => string | undefined, changes: Partial<WaitContext["pace"]> = {}) {
  let now = 0;
  const slept: number[] = [];
  const readAt: number[] = [];
  const ages: number[] = [];
  const reports: string[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
  const context: WaitContext = {
    subject: "Share data",
    pace: {
      clock,
      signal: new AbortController().signal,
      floorMs: 250,
      ceilingMs: 15_000,
      random: () => 0.5,
      ...changes,
    },
    kept: () => true,
    limit: undefined,
    report: (text) => void reports.push(text),
  };
  const options: WaitOptions<string> = {
    read: async (maxAgeMs) => {
      readAt.push(now);
      ages.push(maxAgeMs);
      return stateAt(now / 1000);
    },
    state: (state) => state,
    judge: (state) => (state === "available" ? "done" : state === "error" ? new HoldfastError("failed") : "busy"),
    absent: "tolerate",
    activity: "creating",
    limitSeconds: 3600,
  };
  return { context, options, slept, readAt, ages, reports };
}

test("an object that is ready at once costs one fresh read and no delay", async () => {
  const { context, options, slept, ages } = start(() => "available");
  await expect(waitFor(context, options)).resolves.toBe("available");
  expect([slept, ages]).toEqual([[], [0]]);
});

test("delays begin at the floor, grow to 5 % of the time waited, and stop growing at the ceiling", async () => {
  const { context, options, slept, readAt } = start((seconds) => (seconds < 1200 ? "creating" : "available"));

  await waitFor(context, options);

  expect(slept[0]).toBe(250);
  for (const [index, delay] of slept.entries()) {
    expect(delay).toBeCloseTo(Math.min(Math.max((readAt[index] ?? 0) * 0.05, 250), 15_000), 6);
  }
  expect(slept.at(-1)).toBe(15_000);
});

test.each([30, 100, 290, 600, 3000])("a wait for %i s of work ends at most about 5 %% late", async (seconds) => {
  const { context, options, readAt } = start((waited) => (waited < seconds ? "creating" : "available"));
  context.limit = { seconds: 10_000, endsAt: 10_000_000 };
  await waitFor(context, options);
  expect((readAt.at(-1) ?? 0) / 1000).toBeLessThanOrEqual(seconds * 1.06 + 0.25);
});

test.each([
  [0, 0.9],
  [0.999_999, 1.1],
])("with a random number of %d the delays are %d of the regular ones", async (number, factor) => {
  const { context, options, slept } = start((seconds) => (seconds < 1 ? "creating" : "available"), {
    random: () => number,
  });
  await waitFor(context, options);
  expect(slept[0]).toBeCloseTo(250 * factor, 2);
});

test("a shared answer is at most half a delay old, and the first read takes none from before", async () => {
  const { context, options, slept, ages } = start((seconds) => (seconds < 100 ? "creating" : "available"));
  await waitFor(context, options);
  expect(ages).toEqual([0, ...slept.map((delay) => delay / 2)]);
});

test("the limit is kept exactly, with a last read at its very end, and the error tells the states and the way on", async () => {
  const { context, options, readAt } = start((seconds) => (seconds < 10 ? "creating" : "polishing"));
  context.limit = { seconds: 61, endsAt: 61_000 };

  const failure = waitFor(context, options);

  await expect(failure).rejects.toThrow(WaitTimeoutError);
  await expect(failure).rejects.toThrow(
    /^Share data: still creating after 61 s \(seen: creating x\d+, polishing x\d+\)\. It stays in the state; run the same command again to go on waiting, or raise the limit with customTimeouts\.$/,
  );
  expect(readAt.at(-1)).toBe(61_000);
});

test("an object that is ready at the very end of the limit is ready", async () => {
  const { context, options } = start((seconds) => (seconds < 61 ? "creating" : "available"));
  context.limit = { seconds: 61, endsAt: 61_000 };
  await expect(waitFor(context, options)).resolves.toBe("available");
});

test("the program's limit comes before the default one", async () => {
  const { context, options, readAt } = start(() => "creating");
  await expect(waitFor(context, { ...options, limitSeconds: 90 })).rejects.toThrow("after 90 s");
  context.limit = { seconds: 7200, endsAt: 7_290_000 };
  readAt.length = 0;
  await expect(waitFor(context, { ...options, limitSeconds: 90 })).rejects.toThrow("after 2 h");
});

test("a failed state ends the wait at once, with the judge's words", async () => {
  const { context, options, slept } = start((seconds) => (seconds < 1 ? "creating" : "error"));
  await expect(waitFor(context, options)).rejects.toThrow("failed");
  expect(slept).toHaveLength(4);
});

test("a judge may look at the whole object, not only at its state", async () => {
  const { context, options } = start(() => "available");
  const judge = (state: string, object: string) => new TerminalStateError(`${object}!`, state);
  await expect(waitFor(context, { ...options, judge })).rejects.toMatchObject({ observed: "available" });
});

test("what is absent is done when a deletion is awaited", async () => {
  const { context, options } = start((seconds) => (seconds < 3 ? "deleting" : undefined));
  await expect(waitFor(context, { ...options, absent: "done" })).resolves.toBeUndefined();
});

test("what is absent right after a creation is tolerated for a while, and again after it was seen", async () => {
  const { context, options, reports } = start((seconds) => {
    if (seconds < 1) return undefined;
    if (seconds < 2) return "creating";
    return seconds < 3 ? undefined : "available";
  });
  await expect(waitFor(context, options)).resolves.toBe("available");
  expect(reports).toContain("absent");
});

test("what appears within ten seconds after its creation is not given up", async () => {
  const { context, options } = start((seconds) => (seconds < 9.5 ? undefined : "available"));
  await expect(waitFor(context, options)).resolves.toBe("available");
});

test("what never appears is an error that says so, and no endless wait", async () => {
  const { context, options } = start(() => undefined);
  await expect(waitFor(context, options)).rejects.toThrow(
    /the service does not show the object that it has just created \(seen: absent x\d+\)\. Run pulumi refresh/,
  );
});

test("what was there and disappears is not called just created", async () => {
  const { context, options } = start((seconds) => (seconds < 5 ? "creating" : undefined));
  await expect(waitFor(context, options)).rejects.toThrow(
    /^Share data: the service does not show the object any more \(seen: creating x\d+, absent x\d+\)\. Somebody may have deleted it/,
  );
});

test("an interruption ends a sleep at once and says that the service goes on", async () => {
  const interruption = new AbortController();
  const { context, options } = start(() => "creating", { signal: interruption.signal });
  context.pace.clock.sleep = async (_milliseconds, signal) => {
    interruption.abort();
    signal?.throwIfAborted();
  };
  const failure = waitFor(context, options);
  await expect(failure).rejects.toThrow(InterruptedError);
  await expect(failure).rejects.toThrow(
    "Share data: the wait was interrupted (seen: creating x1). The service goes on; run the same command again to go on waiting.",
  );
});

test("an interruption before the wait reads nothing", async () => {
  const { context, options, readAt } = start(() => "creating", { signal: AbortSignal.abort() });
  await expect(waitFor(context, options)).rejects.toThrow("nothing read yet");
  expect(readAt).toEqual([]);
});

test("a read that fails ends the wait with the reason", async () => {
  const { context, options } = start(() => "creating");
  const read = async () => {
    throw new HoldfastError("no permission");
  };
  await expect(waitFor(context, { ...options, read })).rejects.toThrow("no permission");
});

test("the row shows each new state once, an old one again after a minute, and nothing when the wait is over", async () => {
  const { context, options, reports } = start((seconds) => {
    if (seconds < 2) return "creating";
    return seconds < 70 ? "polishing" : "available";
  });
  await waitFor(context, options);
  expect(reports).toEqual(["creating", "polishing", "polishing", ""]);
});

test("the row is cleared when the wait fails, and never touched by a wait that is over at once", async () => {
  const failing = start((seconds) => (seconds < 1 ? "creating" : "error"));
  await expect(waitFor(failing.context, failing.options)).rejects.toThrow("failed");
  expect(failing.reports).toEqual(["creating", ""]);

  const ready = start(() => "available");
  await waitFor(ready.context, ready.options);
  expect(ready.reports).toEqual([]);
});

test("a limit for the whole operation leaves a later wait only what is left", async () => {
  const { context, options, readAt } = start((seconds) => (seconds < 40 ? "settling" : "deleting"));
  context.limit = { seconds: 60, endsAt: 60_000 };
  await waitFor(context, { ...options, judge: (state) => (state === "settling" ? "busy" : "done") });
  await expect(waitFor(context, options)).rejects.toThrow("still creating after 60 s");
  expect(readAt.at(-1)).toBe(60_000);
});

test("what must be done although the operation's limit is over has a limit of its own", async () => {
  const { context, options } = start((seconds) => (seconds < 90 ? "deleting" : "available"));
  context.limit = { seconds: 60, endsAt: 0 };
  await expect(waitFor(context, options)).rejects.toThrow("still creating after 60 s");
  await expect(waitFor(context, { ...options, beyondLimit: true, limitSeconds: 600 })).resolves.toBe("available");
});

test("a service that says how long it takes is asked less, and its end is noticed at once", async () => {
  const work = 300;
  const told = (seconds: number) => ({ remaining: Math.max(work - seconds, 0), over: seconds >= work });
  const run = async (options: object) => {
    const { context, options: plain, readAt } = start((seconds) => JSON.stringify(told(seconds)));
    await waitFor(context, {
      ...plain,
      state: () => "cloning",
      judge: (_: string, object: string) => (JSON.parse(object).over ? "done" : "busy"),
      ...options,
    });
    return { calls: readAt.length, lost: (readAt.at(-1) ?? 0) / 1000 - work };
  };
  const knowing = await run({ remaining: (object: string) => JSON.parse(object).remaining });
  const guessing = await run({});
  expect(knowing.calls).toBeLessThan(guessing.calls / 2);
  expect(knowing.lost).toBeLessThanOrEqual(0.25);
});

test("a service that goes on saying that it is about to end is asked no more than one that says nothing", async () => {
  const stateAt = (seconds: number) => (seconds < 1200 ? "cloning" : "available");
  const [wrong, silent] = [start(stateAt), start(stateAt)];
  await waitFor(wrong.context, { ...wrong.options, remaining: () => 0 });
  await waitFor(silent.context, silent.options);
  expect(wrong.slept).toEqual(silent.slept);
});

test("the row shows how far it is at each step, not at each look", async () => {
  const { context, options, reports } = start((seconds) => (seconds < 20 ? String(seconds) : "available"));
  await waitFor(context, {
    ...options,
    progress: (seconds) => ({
      step: String(Math.floor(Number(seconds) / 10)),
      text: `${Math.floor(Number(seconds))} s`,
    }),
  });
  expect(reports).toEqual(["0 s", "10 s", ""]);
});
