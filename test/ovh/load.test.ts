import type { Resource } from "../support/resource";
import { expect, test, type World } from "./support/test";

const SHARES = 20;
const RATE = 50;

/** As the engine with `--parallel`: so many operations at a time, in the order in which they can begin. */
function engine(parallel: number): <T>(operation: () => Promise<T>) => Promise<T> {
  let free = parallel;
  const waiting: (() => void)[] = [];
  return async (operation) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await operation();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** Shares with two snapshots each, and what the engine does with them. */
function stackOf(world: World, shares: number) {
  const { serviceName } = world;
  const run = engine(32);
  const groups = Array.from({ length: shares }, (_, n) => ({
    share: world.resource("ovh:Share", `data${n}`),
    snapshots: ["a", "b"].map((letter) => world.resource("ovh:Snapshot", `point${n}${letter}`)),
  }));
  const all = groups.flatMap(({ share, snapshots }) => [share, ...snapshots]);
  const idsOf = (resources: Resource[]) => resources.map(({ id }) => id).toSorted();
  return {
    ids: () => ({
      shares: idsOf(groups.map(({ share }) => share)),
      snapshots: idsOf(groups.flatMap(({ snapshots }) => snapshots)),
    }),
    up: () =>
      Promise.all(
        groups.map(async ({ share, snapshots }) => {
          await run(() => share.up({ serviceName, size: 100 }));
          await Promise.all(snapshots.map((one) => run(() => one.up({ serviceName, shareId: share.id }))));
        }),
      ),
    refresh: () => Promise.all(all.map((one) => run(() => one.refresh()))),
    destroy: () =>
      Promise.all(
        groups.map(async ({ share, snapshots }) => {
          await Promise.all(snapshots.map((one) => run(() => one.destroy())));
          await run(() => share.destroy());
        }),
      ),
    /** The next command's provider process. */
    next: () => {
      const process = world.nextProcess();
      for (const one of all) one.process = process;
    },
  };
}

test("of many operations side by side on a service that throttles, none fails, is lost or is done twice", async ({
  start,
}) => {
  const world = await start({ requestsPerSecond: RATE, stepMs: 2000, quotaGiB: 100 * (SHARES + 1) });
  const { model, calls, throttling } = world.simulator;
  const stack = stackOf(world, SHARES);
  const existing = () => ({
    shares: model.shares.flatMap(({ id }) => (id === world.production ? [] : [id])).toSorted(),
    snapshots: model.snapshots.flatMap(({ id, type }) => (type === "manual" ? [id] : [])).toSorted(),
  });
  /** The calls of a command: those of each kind that the service took, and how many it refused. */
  const counting = async (command: () => Promise<unknown>) => {
    const before = calls.length;
    await command();
    const made = calls.slice(before);
    const taken = made.filter(({ status }) => status !== 429);
    const count = (method: string, path: RegExp) =>
      taken.filter((call) => call.method === method && path.test(call.path)).length;
    return { count, refused: made.length - taken.length };
  };

  const up = await counting(stack.up);
  expect(existing()).toEqual(stack.ids());
  expect(new Set(stack.ids().snapshots).size).toBe(2 * SHARES);
  expect([up.count("POST", /share$/), up.count("POST", /snapshot$/)]).toEqual([SHARES, 2 * SHARES]);
  expect(up.count("GET", /share$/)).toBeLessThan(2 * SHARES); // not one for each creation
  expect(up.refused).toBeGreaterThan(0);
  expect(up.refused).toBeLessThan(3 * 32);

  stack.next();
  const made = stack.ids();
  const refresh = await counting(stack.refresh);
  expect(stack.ids()).toEqual(made);
  expect([refresh.count("GET", /share$/), refresh.count("GET", /snapshot$/)]).toEqual([1, SHARES]);

  throttling.retryAfter = false;
  stack.next();
  const destroy = await counting(stack.destroy);
  expect(existing()).toEqual({ shares: [], snapshots: [] });
  expect([destroy.count("DELETE", /share\/[^/]+$/), destroy.count("DELETE", /snapshot\//)]).toEqual([
    SHARES,
    2 * SHARES,
  ]);
  expect(destroy.count("GET", /share$/)).toBeLessThan(2 * SHARES);
});
