import { describe, expect, test } from "vitest";
import { ApiError, ConnectionError, InterruptedError } from "../../provider/core/errors";
import { createPace, type Pace } from "../../provider/core/pace";
import { retrying } from "../../provider/core/retry";
import { JumpingClock } from "../support/clock";

function paced(options: { requestsPerSecond?: number; random?: () => number } = {}) {
  const clock = new JumpingClock();
  const began = clock.now();
  const pace = createPace({ clock, random: () => 1, ...options });
  const since = () => clock.now() - began;
  /** The times at which so many calls leave that all want to at once. */
  const leave = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        await pace.turn();
        return since();
      }),
    );
  return { clock, pace, since, leave };
}

const refused = (retryAfterSeconds?: number) =>
  new ApiError("POST /x answered 429", { method: "POST", path: "/x", status: 429, retryAfterSeconds });

describe("without a number of requests per second", () => {
  test("calls leave at once as long as the service takes them", async () => {
    const { clock, leave } = paced();
    expect(await leave(100)).toEqual(Array.from({ length: 100 }, () => 0));
    expect(clock.slept).toEqual([]);
  });

  test("a refusal lowers the rate to four fifths of what was sent in the last second", async () => {
    const { pace, leave } = paced();
    await leave(99);
    (await pace.turn()).throttled(1);
    const [first = 0, second = 0] = await leave(2);
    expect(first).toBe(1000);
    expect(second - first).toBeCloseTo(1000 / 80);
  });

  test("a refusal of a single call lowers it to four a second, and not to less than one", async () => {
    const { pace, leave } = paced();
    (await pace.turn()).throttled(1);
    expect(await leave(3)).toEqual([1000, 1250, 1500]);
  });
});

describe("with a number of requests per second", () => {
  test("calls leave one after the other at that pace", async () => {
    const { leave } = paced({ requestsPerSecond: 10 });
    expect(await leave(4)).toEqual([0, 100, 200, 300]);
  });

  test("time without calls is not made up for", async () => {
    const { clock, leave } = paced({ requestsPerSecond: 10 });
    await leave(1);
    clock.pass(5000);
    expect(await leave(3)).toEqual([5000, 5100, 5200]);
  });

  test("less than one a second is a pace, too", async () => {
    const { leave } = paced({ requestsPerSecond: 0.1 });
    expect(await leave(3)).toEqual([0, 10_000, 20_000]);
  });

  test("a refusal lowers the rate below it, successes raise it again, and never above", async () => {
    const { pace, clock } = paced({ requestsPerSecond: 10 });
    (await pace.turn()).throttled(0);
    const gaps: number[] = [];
    for (let call = 0, before = clock.now(); call < 100; call += 1) {
      (await pace.turn()).succeeded();
      gaps.push(clock.now() - before);
      before = clock.now();
    }
    expect(gaps[1]).toBeCloseTo(1000 / 8, -1);
    const lasted = (from: number, to: number) => gaps.slice(from, to).reduce((sum, gap) => sum + gap, 0);
    // half a call per second in each second: 2 are regained in about 4 s
    expect(gaps.findIndex((gap, call) => call > 0 && gap <= 100.001)).toBeGreaterThan(30);
    expect(lasted(0, 40)).toBeGreaterThan(4000);
    expect(gaps.slice(60)).toEqual(Array.from({ length: 40 }, () => expect.closeTo(100, 6)));
  });

  test("calls that come more slowly than that raise nothing", async () => {
    const { pace, clock, leave } = paced({ requestsPerSecond: 10 });
    (await pace.turn()).throttled(0);
    for (let call = 0; call < 100; call += 1) {
      clock.pass(1000);
      (await pace.turn()).succeeded();
    }
    clock.pass(1000);
    const [first = 0, second = 0] = await leave(2);
    expect(second - first).toBeCloseTo(1000 / 8);
  });
});

describe("a refusal as too many calls", () => {
  test("with Retry-After holds all calls of the account back until then", async () => {
    const { pace, leave } = paced({ requestsPerSecond: 100 });
    (await pace.turn()).throttled(7);
    const [first] = await leave(32);
    expect(first).toBe(7000);
  });

  test("holds back those that wait for their turn already", async () => {
    const { pace, since, leave } = paced({ requestsPerSecond: 1 });
    const turn = await pace.turn();
    const waiting = leave(1);
    turn.throttled(30);
    expect(await waiting).toEqual([30_000]);
    expect(since()).toBe(30_000);
  });

  test("is obeyed for a minute and no longer", async () => {
    const { pace, leave } = paced();
    (await pace.turn()).throttled(3600);
    expect(await leave(1)).toEqual([60_000]);
  });

  test("without Retry-After holds them back for twice as long each time, 15 s at most, and begins anew after a success", async () => {
    const { pace, clock } = paced({ requestsPerSecond: 1000 });
    const pauses: number[] = [];
    let turn = await pace.turn();
    const refuse = async () => {
      const before = clock.now();
      turn.throttled(undefined);
      turn = await pace.turn();
      pauses.push((clock.now() - before) / 1000);
    };
    for (let times = 0; times < 7; times += 1) await refuse();
    expect(pauses).toEqual([0.5, 1, 2, 4, 8, 15, 15]);

    turn.succeeded();
    turn = await pace.turn();
    await refuse();
    expect(pauses.at(-1)).toBe(0.5);
  });

  test("does not bring accounts back together that were refused together", async () => {
    const { pace, leave } = paced({ random: () => 0 });
    (await pace.turn()).throttled(undefined);
    expect(await leave(1)).toEqual([250]);
  });

  test("counts once for calls that were under way together", async () => {
    const { pace, leave } = paced({ requestsPerSecond: 1000 });
    const turns = [];
    for (let call = 0; call < 8; call += 1) turns.push(await pace.turn());
    for (const turn of turns) turn.throttled(1);
    const [first = 0, second = 0] = await leave(2);
    expect(second - first).toBeCloseTo(1000 / 800);
  });
});

test("a clock that is set back makes nobody wait longer", async () => {
  const { pace, clock, leave, since } = paced({ requestsPerSecond: 1 });
  await leave(1);
  (await pace.turn()).throttled(30);
  const before = since();
  clock.pass(-3_600_000);
  expect(await leave(1)).toEqual([before - 3_600_000 + 30_000]);
  expect(clock.slept.every((milliseconds) => milliseconds <= 30_000)).toBe(true);

  const error = refused(60);
  const attempt = async () => {
    if (clock.slept.length === 5) clock.pass(-3_600_000);
    throw error;
  };
  const slept = clock.slept.length;
  await expect(retrying("read", attempt, { clock, pace })).rejects.toBe(error);
  expect(clock.slept.length - slept).toBeLessThan(2 * 12);
});

describe("an interruption", () => {
  test("ends the pause of the first in the line and of those behind it at once, and the others go on in order", async () => {
    const { pace, clock, since } = paced({ requestsPerSecond: 1 });
    await pace.turn();
    const user = new AbortController();
    const ended: string[] = [];
    const wait = (name: string, signal?: AbortSignal) =>
      pace.turn(signal).then(
        () => void ended.push(`${name} ${since()}`),
        () => void ended.push(`${name} interrupted ${since()}`),
      );
    const waiting = [wait("a", user.signal), wait("b"), wait("c", user.signal), wait("d")];
    clock.later(500, () => user.abort());
    await Promise.all(waiting);
    expect(ended).toEqual(["c interrupted 500", "a interrupted 500", "b 1000", "d 2000"]);
  });

  test("leaves a call alone that need not wait", async () => {
    const { pace } = paced();
    await expect(pace.turn(AbortSignal.abort())).resolves.toBeDefined();
  });
});

/** A service that takes so many calls in any second and refuses the others, with Retry-After: 1 or without. */
function throttling(clock: JumpingClock, most: number, retryAfterSeconds?: number) {
  const accepted: number[] = [];
  let refusals = 0;
  return {
    accepted,
    refusals: () => refusals,
    call: async () => {
      const recent = accepted.filter((at) => at > clock.now() - 1000).length;
      if (recent >= most) {
        refusals += 1;
        throw refused(retryAfterSeconds);
      }
      accepted.push(clock.now());
    },
  };
}

async function work(clock: JumpingClock, pace: Pace, calls: number, call: () => Promise<void>): Promise<void> {
  let left = calls;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      await retrying("create", call, { clock, pace });
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}

describe("32 operations side by side", () => {
  test.each([1, undefined])(
    "use most of what the service takes and are seldom refused (Retry-After %s)",
    async (after) => {
      const { clock, pace, since } = paced();
      const service = throttling(clock, 20, after);
      await work(clock, pace, 2000, service.call);
      expect(service.accepted).toHaveLength(2000);
      expect(2000 / (since() / 1000)).toBeGreaterThan(20 * 0.75);
      // a second's worth of them at the start, when nothing is known
      expect(service.refusals()).toBeLessThan(32 + 2000 * 0.03);
    },
  );

  test("are not refused at all with a number of requests per second that the service takes", async () => {
    const { clock, pace } = paced({ requestsPerSecond: 19 });
    const service = throttling(clock, 20);
    await work(clock, pace, 400, service.call);
    expect(service.refusals()).toBe(0);
  });

  test("of two processes share what the service takes", async () => {
    const clock = new JumpingClock();
    const began = clock.now();
    const service = throttling(clock, 20, 1);
    const ended = await Promise.all(
      [0, 1].map(async () => {
        await work(clock, createPace({ clock }), 500, service.call);
        return (clock.now() - began) / 1000;
      }),
    );
    expect(service.accepted).toHaveLength(1000);
    expect(Math.max(...ended)).toBeLessThan(1000 / 12);
    expect(Math.min(...ended)).toBeGreaterThan(Math.max(...ended) * 0.6);
  });
});

describe("a call that is refused as too many", () => {
  test("is sent again more often than any other, a creation too", async () => {
    const { clock, pace } = paced();
    let attempts = 0;
    const attempt = async () => {
      attempts += 1;
      if (attempts <= 20) throw refused(attempts % 2 === 0 ? 5 : undefined);
      return "made";
    };
    await expect(retrying("create", attempt, { clock, pace })).resolves.toBe("made");
  });

  test("fails after ten minutes, and says how often it was refused", async () => {
    const { clock, pace, since } = paced();
    const error = refused(59);
    await expect(retrying("read", () => Promise.reject(error), { clock, pace })).rejects.toBe(error);
    expect(error.message).toBe("POST /x answered 429 (refused 12 times in 11 min)");
    expect(since()).toBe(11 * 59_000);
  });

  test("leaves the other failures their five attempts", async () => {
    const { clock, pace } = paced();
    const lost = new ConnectionError("reset", "dropped");
    const failures = [refused(1), lost, refused(1), lost, lost, refused(1), lost, lost];
    const attempt = async () => {
      throw failures.shift();
    };
    await expect(retrying("read", attempt, { clock, pace })).rejects.toBe(lost);
    expect(failures).toEqual([]);
    expect(lost.message).toBe("reset (after 5 attempts)");
  });

  test("ends with the user's interruption, and tells what was refused", async () => {
    const { clock, pace, since } = paced();
    const user = new AbortController();
    clock.later(3000, () => user.abort());
    const outcome = retrying("create", () => Promise.reject(refused(60)), { clock, pace, signal: user.signal });
    await expect(outcome).rejects.toThrow(InterruptedError);
    await expect(outcome).rejects.toThrow("The last one failed: POST /x answered 429");
    expect(since()).toBe(3000);
  });

  test("keeps others from being sent, which say so when they are interrupted", async () => {
    const { clock, pace } = paced();
    (await pace.turn()).throttled(60);
    const user = new AbortController();
    clock.later(3000, () => user.abort());
    let sent = false;
    const attempt = async () => {
      sent = true;
    };
    const outcome = retrying("create", attempt, { clock, pace, signal: user.signal });
    await expect(outcome).rejects.toThrow("Interrupted: the call was not sent. Run the same command again to go on.");
    expect(sent).toBe(false);
  });
});
