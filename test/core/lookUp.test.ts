import { afterEach, describe, expect, test, vi } from "vitest";
import { ApiError, ConfigurationError, ConnectionError, HoldfastError } from "../../provider/core/errors";
import { createLookUp } from "../../provider/core/lookUp";
import { JumpingClock } from "../ovh/support/clock";

afterEach(() => {
  vi.unstubAllEnvs();
});

const api = (status: number) => new ApiError(`${status}`, { method: "GET", path: "/", status });
const failing = (error: Error) => () => Promise.reject(error);
const answering = (text: string) => () => Promise.resolve(text);

describe("a look-up of a check", () => {
  test("gives what the service says, and leaves no timer behind", async () => {
    const clock = new JumpingClock();
    const before = clock.time;
    expect(await createLookUp(clock)(answering("there"))).toBe("there");
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(clock.time).toBe(before);
  });

  test.for([
    new ConfigurationError("no credentials"),
    new ConnectionError("refused", "unreachable"),
    new HoldfastError("whatever"),
    api(401),
    api(403),
    api(500),
  ])("is the last one in the process after %s, and no failure", async (error) => {
    const lookUp = createLookUp(new JumpingClock());
    expect(await lookUp(failing(error))).toBeUndefined();
    expect(await lookUp(answering("there"))).toBeUndefined();
  });

  test("is not the last one after an answer that something is not there", async () => {
    const lookUp = createLookUp(new JumpingClock());
    expect(await lookUp(failing(api(404)))).toBeUndefined();
    expect(await lookUp(answering("there"))).toBe("there");
  });

  test("ends after five seconds, is then the last one, and may fail later unheard", async () => {
    const clock = new JumpingClock();
    const before = clock.time;
    const lookUp = createLookUp(clock);
    const late = async () => {
      await clock.sleep(6000);
      throw new TypeError("unheard");
    };
    expect(await lookUp(late)).toBeUndefined();
    expect(clock.time - before).toBe(5000);
    expect(await lookUp(answering("there"))).toBeUndefined();
    await clock.sleep(2000);
  });

  test("shows a fault of ours", async () => {
    await expect(createLookUp(new JumpingClock())(failing(new TypeError("ours")))).rejects.toThrow("ours");
  });

  test("is not made with HOLDFAST_OFFLINE=1", async () => {
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    const work = vi.fn(answering("there"));
    expect(await createLookUp(new JumpingClock())(work)).toBeUndefined();
    expect(work).not.toHaveBeenCalled();
  });
});
