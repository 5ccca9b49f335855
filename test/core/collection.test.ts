import { describe, expect, test } from "vitest";
import { createCollection, type Journey } from "../../provider/core/collection";

/** A list whose calls are counted and answered when the test says so. */
function start() {
  const patience: AbortSignal[] = [];
  const journeys: Journey[] = [];
  const clock = { time: 0, now: () => clock.time, sleep: async () => {} };
  const asked: { answer: (members: string[]) => void; fail: (error: Error) => void }[] = [];
  const collection = createCollection(clock, (signal, journey) => {
    patience.push(signal);
    journeys.push(journey);
    return new Promise<string[]>((answer, fail) => void asked.push({ answer, fail }));
  });
  return { clock, asked, patience, journeys, collection };
}

test("concurrent reads share one call", async () => {
  const { asked, collection } = start();
  const reads = [collection.kept(), collection.kept(), collection.recent(0)];
  asked[0]?.answer(["a"]);
  expect(await Promise.all(reads)).toEqual([["a"], ["a"], ["a"]]);
  expect(asked).toHaveLength(1);
});

test("a wait takes an answer only that was asked for recently enough", async () => {
  const { clock, asked, collection } = start();
  void collection.kept();
  clock.time = 100;
  void collection.recent(100);
  expect(asked).toHaveLength(1);
  clock.time = 101;
  void collection.recent(100);
  expect(asked).toHaveLength(2);
});

test("who wants it as it is now does not get an answer that is there already, were it of this millisecond", async () => {
  const { asked, collection } = start();
  const first = collection.recent(0);
  asked[0]?.answer(["a"]);
  await first;
  void collection.recent(0);
  expect(asked).toHaveLength(2);
});

test("no list serves anybody after the machine's clock was set back, for its age is not known", async () => {
  const { clock, asked, collection } = start();
  clock.time = 3_600_000;
  void collection.kept();
  clock.time = 0;
  void collection.recent(250);
  expect(asked).toHaveLength(2);
});

test("a list that was asked for before or during a write is not used after it", async () => {
  const { asked, collection } = start();
  void collection.kept();
  await collection.writing(async () => {
    void collection.kept();
    expect(asked).toHaveLength(2);
  });
  void collection.kept();
  expect(asked).toHaveLength(3);
});

test("a write that fails counts as a write, for it may have had an effect", async () => {
  const { asked, collection } = start();
  void collection.kept();
  await expect(collection.writing(async () => Promise.reject(new Error("lost")))).rejects.toThrow("lost");
  void collection.kept();
  expect(asked).toHaveLength(2);
});

test("a failed list is an error for those who wait for it, and for nobody after them", async () => {
  const { asked, collection } = start();
  const reads = [collection.kept(), collection.recent(0)];
  asked[0]?.fail(new Error("503"));
  expect((await Promise.allSettled(reads)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const later = collection.kept();
  asked[1]?.answer(["a"]);
  await expect(later).resolves.toEqual(["a"]);
});

test("an old list that fails late does not throw a newer one away", async () => {
  const { clock, asked, collection } = start();
  const old = collection.kept();
  clock.time = 1;
  const recent = collection.recent(0);
  asked[0]?.fail(new Error("503"));
  await expect(old).rejects.toThrow("503");
  asked[1]?.answer(["a"]);
  await recent;
  await collection.kept();
  expect(asked).toHaveLength(2);
});

test("a list is given up with the last who waits for it, and asked for anew by the next", async () => {
  const { asked, patience, collection } = start();
  const [first, second] = [new AbortController(), new AbortController()];
  const reads = [collection.kept(first.signal), collection.recent(0, second.signal)];

  first.abort(new Error("too slow"));
  await expect(reads[0]).rejects.toThrow("too slow");
  expect(patience[0]?.aborted).toBe(false);
  second.abort();
  expect(patience[0]?.aborted).toBe(true);
  asked[0]?.fail(new Error("given up"));
  await expect(reads[1]).rejects.toThrow("given up");

  const later = collection.kept();
  asked[1]?.answer(["a"]);
  await expect(later).resolves.toEqual(["a"]);
});

test("a list is not given up while somebody waits for it without a limit", async () => {
  const { asked, patience, collection } = start();
  const hurried = new AbortController();
  const reads = [collection.kept(hurried.signal), collection.kept()];
  hurried.abort(new Error("too slow"));
  asked[0]?.answer(["a"]);
  await expect(reads[0]).rejects.toThrow("too slow");
  await expect(reads[1]).resolves.toEqual(["a"]);
  expect(patience[0]?.aborted).toBe(false);
});

describe("a list that waits for its turn", () => {
  const waiting = () => {
    const world = start();
    void world.collection.kept();
    const [journey] = world.journeys;
    if (journey === undefined) throw new Error("nothing was asked");
    journey.leftAt = undefined;
    return { ...world, journey };
  };

  test("serves everybody who asks meanwhile, writes in between or not", async () => {
    const { clock, asked, collection } = waiting();
    await collection.writing(async () => {});
    clock.time = 5000;
    const reads = [collection.recent(0), collection.kept()];
    asked[0]?.answer(["a"]);
    expect(await Promise.all(reads)).toEqual([["a"], ["a"]]);
    expect(asked).toHaveLength(1);
  });

  test("serves nobody after the end of a write that it may have left before", async () => {
    const { clock, asked, journey, collection } = waiting();
    await collection.writing(async () => {
      journey.leftAt = clock.now();
    });
    void collection.recent(60_000);
    expect(asked).toHaveLength(2);
  });

  test("is as old as the time since it left", () => {
    const { clock, asked, journey, collection } = waiting();
    clock.time = 5000;
    journey.leftAt = clock.now();
    clock.time = 5100;
    void collection.recent(100);
    expect(asked).toHaveLength(1);
    clock.time = 5101;
    void collection.recent(100);
    expect(asked).toHaveLength(2);
  });
});

describe("what there was at first", () => {
  test("is one list for everybody, however old, whatever was written since", async () => {
    const { clock, asked, collection } = start();
    const first = collection.first();
    asked[0]?.answer(["a"]);
    expect(await first).toEqual(["a"]);

    await collection.writing(async () => {});
    clock.time = 3_600_000;

    expect(await collection.first()).toEqual(["a"]);
    expect(asked).toHaveLength(1);
  });

  test("is asked for again when the list failed", async () => {
    const { asked, collection } = start();
    const failed = collection.first();
    asked[0]?.fail(new Error("no"));
    await expect(failed).rejects.toThrow("no");

    const second = collection.first();
    asked[1]?.answer(["a"]);
    expect(await second).toEqual(["a"]);
  });
});
