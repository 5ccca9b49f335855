import { afterEach, describe, expect, test, vi } from "vitest";
import {
  ApiError,
  ConfigurationError,
  ConnectionError,
  HoldfastError,
  InterruptedError,
} from "../../provider/core/errors";
import { createLookUp } from "../../provider/core/lookUp";
import { retrying } from "../../provider/core/retry";
import { JumpingClock } from "../support/clock";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Look-ups of one process, and what its user is told. */
function lookUpOf(clock: JumpingClock) {
  const told: string[] = [];
  const began = clock.time;
  const lookUp = createLookUp(clock);
  const ask = <T>(work: (patience: AbortSignal) => Promise<T>) =>
    lookUp(work, (reason) => void told.push(`${(clock.time - began) / 1000} s: ${reason}`));
  return Object.assign(ask, { told });
}

const api = (status: number) => new ApiError(`${status}`, { method: "GET", path: "/", status });
const failing = (error: Error) => () => Promise.reject(error);
const answering = (text: string) => () => Promise.resolve(text);

describe("a look-up of a check", () => {
  test("gives what the service says, and leaves no timer behind", async () => {
    const clock = new JumpingClock();
    const before = clock.time;
    expect(await lookUpOf(clock)(answering("there"))).toBe("there");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(clock.time).toBe(before);
  });

  test.for([
    new ConfigurationError("no credentials"),
    new InterruptedError("Ctrl-C"),
    new ConnectionError("refused", "unreachable"),
    new HoldfastError("whatever"),
    api(401),
    api(403),
    api(500),
  ])("is the last one in the process after %s, and no failure", async (error) => {
    const lookUp = lookUpOf(new JumpingClock());
    expect(await lookUp(failing(error))).toBeUndefined();
    expect(await lookUp(answering("there"))).toBeUndefined();
    const nobodyAsks = error instanceof ConfigurationError || error instanceof InterruptedError;
    expect(lookUp.told).toEqual(nobodyAsks ? [] : [`0 s: ${error.message}`]);
  });

  test("is told of once where several fail at the same time", async () => {
    const lookUp = lookUpOf(new JumpingClock());
    const both = [lookUp(failing(api(403))), lookUp(failing(api(401)))];
    expect(await Promise.all(both)).toEqual([undefined, undefined]);
    expect(lookUp.told).toEqual(["0 s: 403"]);
  });

  test("is not the last one after an answer that something is not there", async () => {
    const lookUp = lookUpOf(new JumpingClock());
    expect(await lookUp(failing(api(404)))).toBeUndefined();
    expect(await lookUp(answering("there"))).toBe("there");
  });

  test("ends after five seconds, is then the last one, and may fail later unheard", async () => {
    const clock = new JumpingClock();
    const lookUp = lookUpOf(clock);
    const late = async () => {
      await clock.sleep(6000);
      throw new TypeError("unheard");
    };
    expect(await lookUp(late)).toBeUndefined();
    expect(await lookUp(answering("there"))).toBeUndefined();
    expect(lookUp.told).toEqual(["6 s: No answer within 5 s."]); // this clock jumps once more while the reason is sought
    await clock.sleep(2000);
  });

  test("tells with what the attempts failed that it gave up", async () => {
    const clock = new JumpingClock();
    const lookUp = lookUpOf(clock);
    const attempt = vi.fn(failing(new ConnectionError("connection refused.", "unreachable")));
    const lasting = { clock, firstDelaySeconds: 2, random: () => 1 };

    expect(await lookUp((patience) => retrying("read", attempt, { ...lasting, signal: patience }))).toBeUndefined();

    expect(lookUp.told).toEqual(["5 s: No answer within 5 s: connection refused."]);
    await clock.sleep(60_000);
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  test("has what the others of the process have left of 15 seconds", async () => {
    const clock = new JumpingClock();
    const lookUp = lookUpOf(clock);
    const answerIn = (seconds: number) => () => clock.sleep(seconds * 1000).then(() => "there");
    expect(await lookUp(answerIn(4))).toBe("there");
    expect(await lookUp(answerIn(4))).toBe("there");
    expect(await lookUp(answerIn(4))).toBe("there");
    expect(await lookUp(answerIn(4))).toBeUndefined();
    expect(lookUp.told).toEqual([expect.stringMatching(/^1[56] s: No answer within 3 s\.$/)]);
    expect(await lookUp(answering("there"))).toBeUndefined();
    expect(lookUp.told).toHaveLength(1);
  });

  test("is not made any more when the others have taken all 15 seconds", async () => {
    const clock = new JumpingClock();
    const lookUp = lookUpOf(clock);
    for (let count = 0; count < 4; count += 1) await lookUp(() => clock.sleep(3750));
    expect(await lookUp(answering("there"))).toBeUndefined();
    expect(await lookUp(answering("there"))).toBeUndefined();
    expect(lookUp.told).toEqual(["15 s: All look-ups of this run have taken 15 s."]);
  });

  test("shows a fault of ours", async () => {
    await expect(lookUpOf(new JumpingClock())(failing(new TypeError("ours")))).rejects.toThrow("ours");
  });

  test("is not made with HOLDFAST_OFFLINE=1", async () => {
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    const work = vi.fn(answering("there"));
    expect(await lookUpOf(new JumpingClock())(work)).toBeUndefined();
    expect(work).not.toHaveBeenCalled();
  });
});
