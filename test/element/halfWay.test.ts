import { describe } from "vitest";
import type { World } from "./support/test";
import { expect, messageOf, test } from "./support/test";

const CLONE = "element:VolumeClone";
const NO_GROUP = 999;
const args = (world: World) => ({ volumeID: world.database });
const liveVolume = async (world: World, id: string) =>
  (await world.nextProcess().element.volumes.recent(0)).find(({ volumeID }) => String(volumeID) === id);

describe("an access group that a clone was put into before the command failed", () => {
  test.for(["create", "update"] as const)("by %s, is left again when the program drops it", async (when, { world }) => {
    const clone = world.resource(CLONE);
    if (when === "update") await clone.up(args(world));
    const failing = { ...args(world), volumeAccessGroupIDs: [world.testHosts, NO_GROUP] };
    expect(await messageOf(clone.up(failing))).toContain(`volumeAccessGroupIDs names ${NO_GROUP}`);
    expect(await liveVolume(world, clone.id)).toMatchObject({ volumeAccessGroups: [world.testHosts] });
    clone.process = world.nextProcess();
    expect(await clone.up(args(world))).toEqual(["update"]);
    expect(await liveVolume(world, clone.id)).toMatchObject({ volumeAccessGroups: [] });
    expect(await clone.up(args(world))).toEqual(["same"]);
  });

  test("is kept when the program keeps it, and the wrong one is corrected", async ({ world }) => {
    const clone = world.resource(CLONE);
    await messageOf(clone.up({ ...args(world), volumeAccessGroupIDs: [world.testHosts, NO_GROUP] }));
    const right = { ...args(world), volumeAccessGroupIDs: [world.testHosts] };
    expect(await clone.up(right)).toEqual(["update"]);
    expect(clone.outputs).toMatchObject({ volumeAccessGroupIDs: [world.testHosts] });
    expect(await clone.up(right)).toEqual(["same"]);
    expect(world.calls(/^AddVolumesToVolumeAccessGroup$/)).toHaveLength(2);
  });
});

test("a change whose answer was lost is undone when the program takes it back", async ({ world }) => {
  const clone = world.resource(CLONE);
  const before = { ...args(world), access: "readWrite" };
  await clone.up(before);
  world.simulator.faults.add({ method: "ModifyVolume", times: 5, fault: { kind: "dropAfter" } });
  expect(await messageOf(clone.up({ ...args(world), access: "readOnly" }))).toContain("after 5 attempts");
  expect(await liveVolume(world, clone.id)).toMatchObject({ access: "readOnly" });
  clone.process = world.nextProcess();
  expect(await clone.up(before)).toEqual(["update"]);
  expect(await liveVolume(world, clone.id)).toMatchObject({ access: "readWrite" });
});
