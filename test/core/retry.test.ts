import { expect, test } from "vitest";
import type { Clock } from "../../provider/core/clock";
import { ApiError, ConnectionError, type ConnectionFailure, InterruptedError } from "../../provider/core/errors";
import { type Operation, retrying } from "../../provider/core/retry";

/** Sleeps take no time and are written down, in seconds. */
function fakeClock(): Clock & { slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => 0,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      slept.push(milliseconds / 1000);
    },
  };
}

const refused = (status: number, retryAfterSeconds?: number) =>
  new ApiError(`answered ${status}`, { method: "GET", path: "/x", status, retryAfterSeconds });
const broken = (failure: ConnectionFailure) => new ConnectionError(`connection ${failure}`, failure);

/** Fails with each error in turn, then succeeds with the number of the attempt. */
function failing(...errors: unknown[]) {
  let count = 0;
  return async () => {
    const error = errors[count++];
    if (error !== undefined) throw error;
    return count;
  };
}

const transient = [
  refused(408),
  refused(429),
  refused(500),
  refused(502),
  refused(503),
  broken("dropped"),
  broken("timeout"),
  broken("unreachable"),
];
const cases = (operation: Operation, errors: Error[]) =>
  errors.map((error) => [operation, error.message, error] as const);

test.each([...cases("read", transient), ...cases("delete", transient)])(
  "repeats a %s after '%s'",
  async (operation, _message, error) => {
    await expect(retrying(operation, failing(error), { clock: fakeClock() })).resolves.toBe(2);
  },
);

test.each(cases("create", [refused(429), broken("unreachable")]))(
  "repeats a %s after '%s', which certainly had no effect",
  async (operation, _message, error) => {
    await expect(retrying(operation, failing(error), { clock: fakeClock() })).resolves.toBe(2);
  },
);

/** Nothing was sent, and nothing would be. */
const untrusted = new ConnectionError("certificate refused", "unreachable", "GET", true);

test.each([
  ...cases("read", [untrusted]),
  ...cases("create", [untrusted]),
  ...cases("create", [refused(408), refused(500), refused(503), broken("dropped"), broken("timeout")]),
  ...cases("read", [refused(400), refused(403), refused(404), refused(409), refused(501), broken("aborted")]),
  ...cases("delete", [refused(409), refused(460)]),
])("passes a %s that failed with '%s' on at once", async (operation, _message, error) => {
  const clock = fakeClock();
  await expect(retrying(operation, failing(error), { clock })).rejects.toBe(error);
  expect(clock.slept).toEqual([]);
  expect(error.message).not.toContain("attempts");
});

test("passes an error of another kind on at once", async () => {
  const error = new TypeError("a bug of ours");
  await expect(retrying("read", failing(error), { clock: fakeClock() })).rejects.toBe(error);
});

test("doubles the pauses and gives up after five attempts, with the last error", async () => {
  const clock = fakeClock();
  const last = broken("unreachable");
  const attempt = failing(refused(500), refused(500), refused(500), refused(500), last, refused(500));
  await expect(retrying("read", attempt, { clock, random: () => 1 })).rejects.toBe(last);
  expect(clock.slept).toEqual([0.5, 1, 2, 4]);
  expect(last.message).toBe("connection unreachable (after 5 attempts)");
});

test("spreads the pauses over their upper half", async () => {
  const clock = fakeClock();
  await retrying("read", failing(refused(500), refused(500)), { clock, random: () => 0 });
  expect(clock.slept).toEqual([0.25, 0.5]);
});

test("lets no computed pause grow above its ceiling", async () => {
  const clock = fakeClock();
  const errors = Array.from({ length: 7 }, () => refused(500));
  await retrying("read", failing(...errors), { clock, attempts: 8, random: () => 1 });
  expect(clock.slept).toEqual([0.5, 1, 2, 4, 8, 15, 15]);
});

test("waits as long as the service asks, shorter or longer than the computed pause", async () => {
  const clock = fakeClock();
  await retrying("create", failing(refused(429, 7), refused(429, 0)), { clock });
  expect(clock.slept).toEqual([7, 0]);
});

test("waits no longer than a minute, whatever the service asks", async () => {
  const clock = fakeClock();
  await retrying("read", failing(refused(503, 3600)), { clock });
  expect(clock.slept).toEqual([60]);
});

test("runs a single attempt where only one is allowed, and says nothing about attempts", async () => {
  const error = refused(500);
  await expect(retrying("read", failing(error), { clock: fakeClock(), attempts: 1 })).rejects.toBe(error);
  expect(error.message).toBe("answered 500");
});

test("counts the attempts once when callers share the failure", async () => {
  const shared = broken("dropped");
  const options = { clock: fakeClock(), attempts: 2 };
  const attempt = () => Promise.reject(shared);
  await Promise.allSettled([retrying("read", attempt, options), retrying("read", attempt, options)]);
  expect(shared.message).toBe("connection dropped (after 2 attempts)");
});

test("stops in the pause when the signal is aborted, and tells the last failure", async () => {
  const controller = new AbortController();
  const attempt = async () => {
    controller.abort();
    throw refused(503);
  };
  const outcome = retrying("read", attempt, { clock: fakeClock(), signal: controller.signal });
  await expect(outcome).rejects.toThrow(InterruptedError);
  await expect(outcome).rejects.toThrow("The last one failed: answered 503");
});

test("completes an attempt in spite of an aborted signal, so that its outcome is known", async () => {
  const signal = AbortSignal.abort();
  await expect(retrying("delete", failing(), { clock: fakeClock(), signal })).resolves.toBe(1);
});
