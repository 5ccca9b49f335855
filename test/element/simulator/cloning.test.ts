import { expect, test } from "vitest";
import { items, object, start } from "./fixtures";

test("a clone holds the point in time of the call, and is done at the next look", async () => {
  const { client, model } = await start();
  model.writeBlock(1, 7, "before");
  const { volumeID, cloneID, asyncHandle, volume } = await client.clone();
  expect(volume).toMatchObject({ status: "init", sliceCount: 0, name: "clone", volumeAccessGroups: [] });
  expect([volumeID, cloneID, asyncHandle]).toEqual([2, 501, 901]);
  model.writeBlock(1, 7, "after");
  expect(model.readBlock(volumeID, 7)).toBe("before");
  expect(await client.volume(volumeID)).toMatchObject({ status: "active", sliceCount: 1 });
  expect(await client.result(asyncHandle)).toMatchObject({
    status: "complete",
    result: { cloneID, message: "Clone complete.", volumeID },
  });
  expect(items(await client.call("ListSyncJobs"), "syncJobs")).toEqual([]);
});

test("the example of the CloneVolume page", async () => {
  const { client, model } = await start({ clusterUniqueID: "jyay", empty: true });
  const counters = model.world.state.counters;
  Object.assign(counters, { volume: 5, clone: 37, handle: 42 });
  model.addVolume("mysqldata", {
    accountID: 11,
    totalSize: 1_000_341_504,
    enable512e: true,
    qos: { minIOPS: 50, maxIOPS: 100, burstIOPS: 100 },
  });
  counters.volume = 680;
  const body = {
    method: "CloneVolume",
    params: { volumeID: 5, name: "mysqldata-snapshot1", access: "readOnly" },
    id: 1,
  };
  const reply = await client.post(JSON.stringify(body));
  const result = object(reply.body, "result");
  expect(reply.body["id"]).toBe(1);
  expect(result).toMatchObject({ asyncHandle: 42, cloneID: 37, volumeID: 680 });
  expect(result["volume"]).toMatchObject({
    access: "readOnly",
    attributes: {},
    blockSize: 4096,
    createTime: "2026-01-31T10:20:30Z",
    deleteTime: "",
    enable512e: true,
    iqn: "iqn.2010-01.com.solidfire:jyay.mysqldata-snapshot1.680",
    name: "mysqldata-snapshot1",
    purgeTime: "",
    scsiEUIDeviceID: "6a796179000002a8f47acc0100000000",
    scsiNAADeviceID: "6f47acc1000000006a796179000002a8",
    sliceCount: 0,
    status: "init",
    totalSize: 1_000_341_504,
    virtualVolumeID: null,
    volumeAccessGroups: [],
    volumePairs: [],
    volumeID: 680,
  });
  expect(object(object(result, "volume"), "qos")).toMatchObject({
    burstIOPS: 100,
    burstTime: 60,
    maxIOPS: 100,
    minIOPS: 50,
    curve: { 4096: 100, 131072: 1950, 1048576: 15000 },
  });
});
