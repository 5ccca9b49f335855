import type { World } from "./support/test";
import { expect, messageOf, test } from "./support/test";

const CLONE = "element:VolumeClone";
const MINUTE_MS = 60_000;
const args = (world: World) => ({ volumeID: world.database });
const clones = (world: World) => world.simulator.model.volumes.length - 1;

test.for(["hidden", "listed"] as const)(
  "a clone that an interrupted run has begun is waited for, however long it runs already (%s)",
  async (initVolumes, { start }) => {
    const world = await start({ initVolumes, cloneMs: 90 * MINUTE_MS });
    const clone = world.resource(CLONE);
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
    clone.state = undefined; // killed before the engine heard of it
    world.clock.pass(85 * MINUTE_MS);
    clone.process = world.nextProcess();
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(clone.outputs).toMatchObject({ status: "active" });
    expect(clones(world)).toBe(1);
  },
);

test("a clone of an interrupted run that ends while the same program makes another one is found", async ({ start }) => {
  const world = await start({ initVolumes: "hidden" });
  const other = world.simulator.model.addVolume("other").volumeID;
  const clone = world.resource(CLONE);
  await messageOf(clone.up({ ...args(world), timeouts: { create: "30s" } }));
  const { id } = clone;
  clone.state = undefined;
  const [process, first] = [world.nextProcess(), world.resource(CLONE, "first")];
  clone.process = first.process = process;
  await first.up({ volumeID: other });
  expect(await clone.up(args(world))).toEqual(["create"]);
  expect(clone.id).toBe(id);
});

test("a clone of an interrupted run that ends between the preview and its creation is found", async ({ start }) => {
  const world = await start({ initVolumes: "hidden" });
  const clone = world.resource(CLONE);
  await messageOf(clone.up({ ...args(world), timeouts: { create: "30s" } }));
  const { id } = clone;
  clone.state = undefined;
  clone.process = world.nextProcess();
  // Check has listed the volumes already.
  const fault = { kind: "interfere", run: () => world.clock.pass(MINUTE_MS - 1) } as const;
  world.simulator.faults.add({ method: "ListSyncJobs", fault });
  expect(await clone.up(args(world))).toEqual(["create"]);
  expect(clone.id).toBe(id);
});

test("clones that somebody else begins later keep no clone waiting", async ({ start }) => {
  const world = await start({ initVolumes: "hidden" });
  const stranger = world.nextProcess();
  let over = false;
  const begin = () => {
    if (over) return;
    void stranger.element.cloneVolume({ volumeID: world.database, name: "strange", attributes: {} });
    world.clock.later(45_000, begin);
  };
  begin();
  const clone = world.resource(CLONE);
  expect(await clone.up({ ...args(world), timeouts: { create: "10m" } })).toEqual(["create"]);
  over = true;
});

test("a clone of an interrupted run that waits for its turn is found, whatever others begin", async ({ start }) => {
  const world = await start({ initVolumes: "hidden" });
  const stranger = world.nextProcess();
  const name = "strange";
  for (const _ of [1, 2]) await stranger.element.cloneVolume({ volumeID: world.database, name, attributes: {} });
  const order = await lostOrder(world);
  const clone = world.resource(CLONE);
  world.clock.later(10_000, () => {
    void stranger.element.cloneVolume({ volumeID: world.database, name, attributes: {} });
  });
  expect(await clone.up({ ...args(world), timeouts: { create: "10m" } })).toEqual(["create"]);
  expect(clone.id).toBe(order);
});

/** A clone whose run ended when CloneVolume had queued it. */
async function lostOrder(world: World): Promise<string> {
  const before = world.resource(CLONE);
  before.process = world.nextProcess({ settings: { adoptWithinMinutes: 0 } });
  world.simulator.faults.add({
    method: "ListSyncJobs",
    fault: { kind: "mutate", change: [{ path: "/syncJobs", value: [] }] },
  });
  await messageOf(before.up({ ...args(world), timeouts: { create: "5s" } }));
  const { id } = before;
  before.state = undefined;
  return id;
}
