import { expect, test } from "vitest";
import { GIB, items, object, start } from "./fixtures";

const MIB = 1_048_576;

test("a clone holds the point in time of the call, and is done at the next look", async () => {
  const { client, model } = await start();
  model.writeBlock(1, 7, "before");
  const { volumeID, cloneID, asyncHandle, volume } = await client.clone();
  expect(volume).toMatchObject({ status: "init", sliceCount: 0, name: "clone", volumeAccessGroups: [] });
  expect([volumeID, cloneID, asyncHandle]).toEqual([2, 501, 901]);
  model.writeBlock(1, 7, "after");
  expect(model.readBlock(volumeID, 7)).toBe("before");
  expect(await client.volume(volumeID)).toMatchObject({ status: "active", sliceCount: 1, volumeAccessGroups: [] });
  expect(await client.volume(1)).toMatchObject({ volumeAccessGroups: [21] });
  expect(await client.result(asyncHandle)).toMatchObject({
    status: "complete",
    resultType: "Clone",
    createTime: "2026-01-31T10:20:30Z",
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
  expect(result).toMatchObject({ asyncHandle: 42, cloneID: 37, volumeID: 680, curve: { 4096: 100 } });
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

test("a clone inherits access, attributes, sector size and numbers of QoS, but no replication and no policy", async () => {
  const { client, model } = await start();
  const { qosPolicyID } = model.addQoSPolicy("gold", { minIOPS: 500, maxIOPS: 600, burstIOPS: 700 });
  await client.call("ModifyVolume", {
    volumeID: 1,
    access: "readOnly",
    attributes: { owner: "dba" },
    qosPolicyID,
    enableSnapMirrorReplication: true,
  });
  const { volume } = await client.clone({ name: "Mixed-Case" });
  expect(volume).toMatchObject({
    access: "readOnly",
    accountID: 11,
    attributes: { owner: "dba" },
    enable512e: true,
    enableSnapMirrorReplication: false,
    qosPolicyID: null,
    totalSize: 100 * GIB,
    iqn: "iqn.2010-01.com.solidfire:hf01.mixed-case.2",
  });
  expect(object(volume, "qos")).toMatchObject({ minIOPS: 500, maxIOPS: 600, burstIOPS: 700 });
  const other = await client.clone({
    access: "readWrite",
    attributes: {},
    enable512e: false,
    enableSnapMirrorReplication: true,
    newAccountID: 12,
    newSize: "200000000000",
  });
  expect(other.volume).toMatchObject({
    access: "readWrite",
    accountID: 12,
    attributes: {},
    enable512e: false,
    enableSnapMirrorReplication: true,
    totalSize: 200_000_143_360,
  });
});

test("inherits the policy itself when told so", async () => {
  const { client } = await start({ qosPolicyInheritance: "policy" });
  await client.call("ModifyVolume", { volumeID: 1, qosPolicyID: 31 });
  expect((await client.clone()).volume).toMatchObject({ qosPolicyID: 31 });
});

test.each([
  ["empty", {}],
  ["inherited", { a: 1 }],
] as const)("attributes null, switched to %s", async (attributesNull, expected) => {
  const { client } = await start({ attributesNull });
  await client.call("ModifyVolume", { volumeID: 1, attributes: { a: 1 } });
  expect((await client.clone({ attributes: null })).volume["attributes"]).toEqual(expected);
});

test.each([
  ["replicationTarget", "locked"],
  ["locked", "locked"],
  ["snapMirrorTarget", "snapMirrorTarget"],
])("access %s becomes %s", async (access, expected) => {
  const { client } = await start();
  expect((await client.clone({ access })).volume["access"]).toBe(expected);
});

test("a clone of a replication target is locked, for it is not paired itself", async () => {
  const { client, model } = await start();
  model.pairVolume(1);
  const { volume } = await client.call("ModifyVolume", { volumeID: 1, access: "replicationTarget" });
  expect(volume).toMatchObject({ access: "replicationTarget", volumePairs: [{ clusterPairID: 1 }] });
  expect((await client.clone()).volume).toMatchObject({ access: "locked", volumePairs: [] });
});

test("shrinking truncates, growing leaves the rest unwritten, 0 is no size", async () => {
  const { client, model } = await start();
  const last = (2 * GIB) / 4096 - 1;
  model.writeBlock(1, last, "inside");
  model.writeBlock(1, last + 1, "beyond");
  const small = await client.clone({ newSize: 2 * GIB });
  expect(small.volume["totalSize"]).toBe(2 * GIB);
  expect([model.readBlock(small.volumeID, last), model.readBlock(small.volumeID, last + 1)]).toEqual([
    "inside",
    undefined,
  ]);
  const same = await client.clone({ newSize: 0 });
  expect(same.volume["totalSize"]).toBe(100 * GIB);
  expect(model.readBlock(same.volumeID, last + 1)).toBe("beyond");
});

test.each([
  [1_000_000_000, 954],
  [2_000_000_000, 1908],
  [5_000_000_000, 4769],
  [10_000_000_000, 9537],
  [200_000_000_000, 190_735],
  [1_000_000_000_000, 953_675],
  [8_000_000_000_000, 7_629_395],
  [3 * GIB, 3072],
])("%d bytes are kept as %d MiB", async (newSize, mib) => {
  const { client } = await start();
  expect((await client.clone({ newSize })).volume["totalSize"]).toBe(mib * MIB);
});

test("a clone of a snapshot holds the snapshot", async () => {
  const { client, model } = await start();
  model.writeBlock(1, 0, "then");
  const { snapshotID } = model.takeSnapshot(1);
  model.writeBlock(1, 0, "now");
  await client.call("ModifyVolume", { volumeID: 1, totalSize: 101 * GIB });
  const { volumeID, volume } = await client.clone({ snapshotID });
  expect([model.readBlock(volumeID, 0), volume["totalSize"]]).toEqual(["then", 100 * GIB]);
  const none = await client.clone({ snapshotID: 0 });
  expect(model.readBlock(none.volumeID, 0)).toBe("now");
});

test("sizes a clone of a snapshot by the volume when told so", async () => {
  const { client, model } = await start({ snapshotCloneSize: "volume" });
  const { snapshotID } = model.takeSnapshot(1);
  await client.call("ModifyVolume", { volumeID: 1, totalSize: 101 * GIB });
  expect((await client.clone({ snapshotID })).volume["totalSize"]).toBe(101 * GIB);
});

test.each([
  [{ volumeID: 99 }, "xVolumeIDDoesNotExist: VolumeID 99 does not exist."],
  [{ snapshotID: 99 }, "xSnapshotIDDoesNotExist: SnapshotID 99 does not exist."],
  [{ newAccountID: 99 }, "xAccountIDDoesNotExist: Illegal AccountID 99"],
  [{ access: "shared" }, "xUnrecognizedEnumString: shared"],
  [{ name: undefined }, "xMissingParameter: Missing member=[name]"],
  [{ volumeID: undefined }, "xMissingParameter: Missing member=[volumeID]"],
  [{ volumeID: "one" }, /^xInvalidParameterType: volumeID/],
  [{ attributes: [] }, /^xInvalidParameterType: attributes/],
  [{ enable512e: "yes" }, /^xInvalidParameterType: enable512e/],
  [{ name: "" }, /^xExceededLimit: name/],
  [{ name: "n".repeat(65) }, /^xExceededLimit: name/],
  [{ newSize: 999_999_999 }, /^xExceededLimit: The size/],
  [{ newSize: 17_592_186_044_417 }, /^xExceededLimit: The size/],
  [{ attributes: { text: "x".repeat(990) } }, /^xExceededLimit: attributes/],
])("refuses %j and makes nothing", async (params, expected) => {
  const { client, model } = await start();
  const error = await client.error("CloneVolume", { volumeID: 1, name: "clone", ...params });
  expect(error).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  expect([model.volumes.length, model.handles.length, model.jobs.length]).toEqual([1, 0, 0]);
});

test("what is out of range can have the other name, and limits can be others", async () => {
  const { client } = await start({ outOfRange: "xInvalidParameter", limits: { volumeNameLengthMax: 5 } });
  expect(await client.error("CloneVolume", { volumeID: 1, name: "longer" })).toMatch(/^xInvalidParameter: name/);
  expect(await client.call("GetLimits")).toMatchObject({ volumeNameLengthMax: 5, cloneJobsPerVolumeMax: 2 });
  await client.clone({ name: "exact", attributes: { text: "x".repeat(980) } });
});

test("refuses the snapshot of another volume, by a name that can be chosen", async () => {
  const { client, model } = await start({ refusals: { foreignSnapshot: "xForeign" } });
  const { volumeID } = model.addVolume("other");
  const { snapshotID } = model.takeSnapshot(volumeID);
  expect(await client.error("CloneVolume", { volumeID: 1, name: "clone", snapshotID })).toMatch(/^xForeign/);
});

test("a full cluster makes no volumes, clones and snapshots", async () => {
  const { client, model } = await start();
  model.setFullness("stage3Low");
  await client.clone();
  model.setFullness("stage4Critical");
  expect(await client.error("CloneVolume", { volumeID: 1, name: "clone" })).toMatch(/^xTotalCapacityExceeded/);
  expect(await client.error("CreateVolume", { accountID: 11, name: "v", totalSize: GIB })).toMatch(/^xTotalCapacity/);
  expect(await client.error("CreateSnapshot", { volumeID: 1 })).toMatch(/^xTotalCapacityExceeded/);
});

test("a deleted source is none", async () => {
  const { client } = await start();
  await client.call("DeleteVolume", { volumeID: 1 });
  expect(await client.error("CloneVolume", { volumeID: 1, name: "clone" })).toMatch(/^xVolumeIDDoesNotExist/);
});

test.each([
  ["xNotReadyForIO", /^xNotReadyForIO/],
  ["xSliceNotRegistered", /^xSliceNotRegistered/],
  ["notActive", /^xInvalidParameter: .*not in the active state/],
] as const)("a source that is being copied itself refuses with %s", async (sourceNotReady, expected) => {
  const { client, clock } = await start({ sourceNotReady, cloneMs: 1000, settleMs: 500 });
  const { volumeID } = await client.clone();
  const again = { volumeID, name: "of-clone" };
  expect(await client.error("CloneVolume", again)).toMatch(expected);
  clock.pass(1000);
  // active, and yet not settled
  expect(await client.volume(volumeID)).toMatchObject({ status: "active" });
  expect(await client.error("CloneVolume", again)).toMatch(expected);
  clock.pass(500);
  await client.clone(again);
});

test("copies over a volume of the same size, which keeps all but its data", async () => {
  const { client, model, clock } = await start({ cloneMs: 1000 });
  model.writeBlock(1, 1, "source");
  const target = model.addVolume("target", { totalSize: 100 * GIB, accountID: 12, attributes: { a: 1 } });
  const { snapshotID } = model.takeSnapshot(1);
  const job = await client.call("CopyVolume", { volumeID: 1, dstVolumeID: target.volumeID, snapshotID });
  model.writeBlock(target.volumeID, 2, "lost");
  const [running] = items(await client.call("ListSyncJobs"), "syncJobs");
  expect(running).toMatchObject({ type: "clone", srcVolumeID: 1, dstVolumeID: target.volumeID, snapshotID });
  const [snapshot] = items(await client.call("ListSnapshots", { snapshotID }), "snapshots");
  expect(snapshot).toMatchObject({ status: "cloning" });
  clock.pass(1000);
  expect(model.blocksOf("volume", target.volumeID)).toEqual({ 1: "source" });
  expect(await client.volume(target.volumeID)).toMatchObject({ name: "target", accountID: 12, attributes: { a: 1 } });
  expect(await client.result(Number(job["asyncHandle"]))).toMatchObject({ status: "complete" });
  const small = model.addVolume("small");
  const refused = { volumeID: 1, dstVolumeID: small.volumeID };
  expect(await client.error("CopyVolume", refused)).toMatch(/^xInvalidParameter: .*another size/);
  expect(await client.error("CopyVolume", { volumeID: 1, dstVolumeID: 1 })).toMatch(/^xInvalidParameter/);
});
