import { describe } from "vitest";
import { CLONE_MS, expect, messageOf, test } from "./support/test";

const CLONE = "element:VolumeClone";
const GIB = 2 ** 30;

describe("a clone", () => {
  test("is made, waited for, and given what CloneVolume does not take", async ({ world }) => {
    const clone = world.resource(CLONE);
    world.simulator.model.writeBlock(world.database, 0, "before");
    const steps = await clone.up({
      volumeID: world.database,
      newAccountID: world.testAccount,
      access: "readWrite",
      attributes: { purpose: "tests" },
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
      volumeAccessGroupIDs: [world.testHosts],
    });
    expect(steps).toEqual(["create"]);
    expect(clone.outputs).toMatchObject({
      status: "active",
      accountID: world.testAccount,
      attributes: { purpose: "tests" },
      totalSize: 100 * GIB,
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
      volumeAccessGroups: [world.testHosts],
      cloneVolumeID: Number(clone.id),
    });
    expect(world.simulator.model.readBlock(Number(clone.id), 0)).toBe("before");
    expect(world.calls()).toEqual([]);
    expect(world.process.logs).toEqual([]);
    expect(await messageOf(Promise.reject(new Error(String(CLONE_MS))))).toBe("60000");
  });
});
