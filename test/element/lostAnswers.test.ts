import { describe } from "vitest";
import type { World } from "./support/test";
import { expect, messageOf, test } from "./support/test";

const CLONE = "element:VolumeClone";
const args = (world: World) => ({ volumeID: world.database });
const clones = (world: World) => world.simulator.model.volumes.length - 1;

describe("a clone whose making ended in an error that may have had its effect", () => {
  test("is not made twice where the cluster could not be asked whether it is there", async ({ start }) => {
    const world = await start({ initVolumes: "listed" });
    const clone = world.resource(CLONE);
    const { faults } = world.simulator;
    faults.add({ method: "CloneVolume", fault: { kind: "error", name: "xDBConnectionLoss", apply: true } });
    faults.add({ method: "ListVolumes", skip: 2, times: 5, fault: { kind: "error", name: "xDBConnectionLoss" } });
    expect(await messageOf(clone.up(args(world)))).toMatch(
      /CloneVolume answered xDBConnectionLoss\. The service does not show the volume "copy-\w+" so far\. Run pulumi up again/,
    );
    expect(clones(world)).toBe(1);
    clone.process = world.nextProcess();
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(clones(world)).toBe(1);
  });

  test("is not made twice when its limit is over before it is shown", async ({ start }) => {
    const world = await start({ initVolumes: "hidden", cloneMs: 600_000 });
    const clone = world.resource(CLONE);
    const fault = { kind: "error", name: "xDBConnectionLoss", apply: true } as const;
    world.simulator.faults.add({ method: "CloneVolume", fault });
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
    expect(clones(world)).toBe(1);
    clone.process = world.nextProcess();
    expect(await clone.up({ ...args(world), timeouts: { create: "30m" } })).toEqual(["create"]);
    expect(clones(world)).toBe(1);
  });

  test("stays in the state although nothing more can be learnt about it", async ({ start }) => {
    const world = await start({ initVolumes: "listed" });
    const clone = world.resource(CLONE);
    world.simulator.faults.add({ method: "CloneVolume", fault: { kind: "dropAfter" } });
    // The first list of jobs is for the slot.
    world.simulator.faults.add({ method: "ListSyncJobs", skip: 1, fault: { kind: "error", name: "xSomethingElse" } });
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(world.simulator.faults.pending).toEqual([]);
  });

  test("is not asked for again where a gateway has stopped waiting for the answer", async ({ world }) => {
    const clone = world.resource(CLONE);
    const fault = { kind: "status", status: 504, html: "Gateway Time-out" } as const;
    world.simulator.faults.add({ method: "CloneVolume", fault });
    expect(await messageOf(clone.up(args(world)))).toMatch(/answered 504.*Run pulumi up again/);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(1);
  });

  test("is asked for again where it was looked for and is not there", async ({ world }) => {
    const clone = world.resource(CLONE);
    world.simulator.faults.add({ method: "CloneVolume", fault: { kind: "error", name: "xDBConnectionLoss" } });
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(2);
    expect(clones(world)).toBe(1);
  });
});
