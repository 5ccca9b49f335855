import { expect, test } from "./support/test";

test.for(["9.0", "9.6", "10.0", "11.8", "12.8"])(
  "version %s of the API ignores nothing that is sent",
  async (apiVersion, { start }) => {
    const world = await start({ apiVersion });
    const clone = world.resource("element:VolumeClone");
    const wanted = {
      volumeID: world.database,
      newAccountID: world.testAccount,
      access: "readWrite",
      attributes: { purpose: "tests" },
      enable512e: false,
      newSize: 120 * 2 ** 30,
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
      volumeAccessGroupIDs: [world.testHosts],
    };
    expect(await clone.up(wanted)).toEqual(["create"]);
    const point = world.resource("element:Snapshot", "point");
    const kept = { volumeID: world.database, name: "point", retention: "24:00:00" };
    expect(await point.up(kept)).toEqual(["create"]);

    clone.process = point.process = world.nextProcess();
    await clone.refresh();
    await point.refresh();
    expect(await clone.up(wanted)).toEqual(["same"]);
    expect(await point.up(kept)).toEqual(["same"]);
    expect(await clone.up({ ...wanted, access: "readOnly" })).toEqual(["update"]);
    expect(await point.up({ ...kept, retention: "48:00:00" })).toEqual(["update"]);
    await point.destroy();
    await clone.destroy();
    for (const { logs } of [world.process, clone.process]) {
      expect(logs.filter(({ severity }) => severity === "warning")).toEqual([]);
    }
  },
);

test("versions of the API that a cluster tells as numbers are used as it has them", async ({ start }) => {
  const world = await start({ apiVersion: "12.0" });
  const change = [
    { path: "/currentVersion", value: 12.0 },
    { path: "/supportedVersions", value: [9.0, 11.3, 12.0] },
  ];
  world.simulator.faults.add({ method: "GetAPI", fault: { kind: "mutate", change } });
  const { element } = world.nextProcess({ account: { apiVersion: "12.0" } });
  expect(await element.volumes.recent(0)).toHaveLength(1);
  expect(await element.currentVersion()).toBe("12.0");
});
