import { expect, test } from "vitest";
import { type Client, GIB, items, object, start } from "./fixtures";

const create = async (client: Client, params: Record<string, unknown> = {}) =>
  object(
    await client.call("CreateVolume", { name: "new", accountID: 12, totalSize: GIB, enable512e: false, ...params }),
    "volume",
  );

const ids = async (client: Client, method: string, params: Record<string, unknown> = {}) =>
  items(await client.call(method, params), "volumes").map((volume) => volume["volumeID"]);

test("a new volume is active at once, and shows a slice a little later", async () => {
  const { client, clock } = await start({ settleMs: 1000 });
  const volume = await create(client, { totalSize: 2e9, attributes: { a: [1, null] } });
  expect(volume).toMatchObject({
    volumeID: 2,
    status: "active",
    sliceCount: 0,
    access: "readWrite",
    totalSize: 2_000_683_008,
    attributes: { a: [1, null] },
    fifoSize: 24,
    minFifoSize: 0,
    qosPolicyID: null,
    currentProtectionScheme: "doubleHelix",
    volumeUUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(volume["qos"]).toMatchObject({ minIOPS: 50, maxIOPS: 15_000, burstIOPS: 15_000 });
  clock.pass(1000);
  expect(await client.volume(2)).toMatchObject({ sliceCount: 1 });
});

test("names need not be unique, ids are never used again", async () => {
  const { client } = await start();
  await create(client);
  await create(client);
  expect(await ids(client, "ListVolumes", { volumeName: "new" })).toEqual([2, 3]);
  await client.call("DeleteVolume", { volumeID: 3 });
  await client.call("PurgeDeletedVolume", { volumeID: 3 });
  expect(await create(client)).toMatchObject({ volumeID: 4 });
});

test.each([
  [{ name: undefined }, "xMissingParameter: Missing member=[name]"],
  [{ totalSize: undefined }, "xMissingParameter: Missing member=[totalSize]"],
  [{ accountID: 99 }, "xAccountIDDoesNotExist: Illegal AccountID 99"],
  [{ totalSize: 1e9 - 1 }, /^xExceededLimit/],
  [{ fifoSize: -1 }, /^xInvalidParameter: fifoSize/],
  [{ qosPolicyID: 99 }, /^xQoSPolicyDoesNotExist/],
  [{ qos: {}, qosPolicyID: 31 }, /^xInvalidParameter: qos/],
])("CreateVolume refuses %j", async (params, expected) => {
  const { client, model } = await start();
  const error = await client.error("CreateVolume", { name: "new", accountID: 12, totalSize: GIB, ...params });
  expect(error).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  expect(model.volumes.length).toBe(1);
});

test("there is room for so many volumes, in the cluster and in an account", async () => {
  const { client } = await start({ limits: { volumeCountMax: 4, volumesPerAccountCountMax: 2 } });
  await create(client);
  await create(client);
  const params = { name: "new", accountID: 12, totalSize: GIB };
  expect(await client.error("CreateVolume", params)).toMatch(/^xMaxVolumeCountExceeded/);
  await create(client, { accountID: 11 });
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c", newAccountID: 13 })).toMatch(/^xAccountID/);
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c" })).toMatch(/^xMaxVolumeCountExceeded/);
});

test("ModifyVolume changes what it is told, replaces attributes, and knows neither name nor sector size", async () => {
  const { client } = await start();
  await client.call("ModifyVolume", { volumeID: 1, attributes: { a: 1, b: 2 } });
  const reply = await client.send("ModifyVolume", {
    volumeID: "1",
    name: "renamed",
    enable512e: false,
    access: "locked",
    accountID: 12,
    attributes: { b: 3 },
    totalSize: 1e12,
    enableSnapMirrorReplication: "true",
    setCreateTime: true,
    createTime: "2020-02-03T04:05:06Z",
    fifoSize: 10,
    mode: "asynch",
  });
  expect(reply.body["unusedParameters"]).toEqual({ name: "renamed", enable512e: false });
  expect(await client.volume(1)).toMatchObject({
    name: "database",
    enable512e: true,
    access: "locked",
    accountID: 12,
    attributes: { b: 3 },
    totalSize: 1_000_000_716_800,
    enableSnapMirrorReplication: true,
    createTime: "2020-02-03T04:05:06Z",
    fifoSize: 10,
  });
  await client.call("ModifyVolume", { volumeID: 1, attributes: {} });
  expect(await client.volume(1)).toMatchObject({ attributes: {}, access: "locked", enableSnapMirrorReplication: true });
});

test("ignores empty attributes when told so", async () => {
  const { client } = await start({ emptyAttributes: "ignored" });
  await client.call("ModifyVolume", { volumeID: 1, attributes: { a: 1 } });
  await client.call("ModifyVolume", { volumeID: 1, attributes: {} });
  expect(await client.volume(1)).toMatchObject({ attributes: { a: 1 } });
});

test.each([
  [{ totalSize: 2e9 }, "xVolumeShrinkProhibited: Lowering a volume size is not allowed."],
  [{ access: "open" }, "xUnrecognizedEnumString: open"],
  [{ accountID: 99 }, "xAccountIDDoesNotExist: Illegal AccountID 99"],
  [{ setCreateTime: true }, "xMissingParameter: Missing member=[createTime]"],
  [{ setCreateTime: true, createTime: "yesterday" }, /^xInvalidParameter: createTime/],
  [{ attributes: { text: "x".repeat(1000) } }, /^xExceededLimit: attributes/],
  [{ volumeID: 99 }, "xVolumeIDDoesNotExist: VolumeID 99 does not exist."],
])("ModifyVolume refuses %j, and changes nothing", async (params, expected) => {
  const { client } = await start();
  const before = await client.volume(1);
  const error = await client.error("ModifyVolume", { volumeID: 1, attributes: { new: true }, ...params });
  expect(error).toEqual(expected instanceof RegExp ? expect.stringMatching(expected) : expected);
  expect(await client.volume(1)).toEqual(before);
});

test("access replicationTarget is locked without a pair", async () => {
  const { client } = await start();
  const { volume } = await client.call("ModifyVolume", { volumeID: 1, access: "replicationTarget" });
  expect(volume).toMatchObject({ access: "locked" });
});

test("a deleted volume is kept for eight hours, listed as deleted, and purged with its snapshots by the clock", async () => {
  const { client, model, clock } = await start();
  const { snapshotID } = model.takeSnapshot(1);
  const deleted = await client.call("DeleteVolume", { volumeID: 1 });
  const times = { deleteTime: "2026-01-31T10:20:30Z", purgeTime: "2026-01-31T18:20:30Z" };
  expect(deleted).toMatchObject({ volumeID: 1, curve: { 4096: 100 }, volume: { status: "deleted", ...times } });
  expect(await client.volume(1)).toMatchObject({ status: "deleted", volumeAccessGroups: [21], ...times });
  expect(await ids(client, "ListDeletedVolumes")).toEqual([1]);
  expect(await ids(client, "ListActiveVolumes")).toEqual([]);
  expect(await ids(client, "ListVolumesForAccount", { accountID: 11 })).toEqual([1]);
  const [group] = items(await client.call("ListVolumeAccessGroups"), "volumeAccessGroups");
  expect(group).toMatchObject({ volumes: [], deletedVolumes: [1] });
  expect(items(await client.call("ListSnapshots", { volumeID: 1 }), "snapshots")).toMatchObject([{ snapshotID }]);
  clock.pass(8 * 3_600_000 - 1);
  expect(await client.volume(1)).toMatchObject({ status: "deleted" });
  clock.pass(1);
  expect(await client.volume(1)).toBeUndefined();
  expect(items(await client.call("ListSnapshots"), "snapshots")).toEqual([]);
  expect(await client.error("DeleteVolume", { volumeID: 1 })).toMatch(/^xVolumeIDDoesNotExist/);
  expect(model.accessGroups[0]?.volumes).toEqual([]);
});

test("a deleted volume can be restored, but neither changed, cloned nor deleted again", async () => {
  const { client, model } = await start({ refusals: { deletedTwice: "xTwice" } });
  const { snapshotID } = model.takeSnapshot(1);
  await client.call("DeleteVolume", { volumeID: 1 });
  expect(await client.error("DeleteVolume", { volumeID: 1 })).toBe("xTwice: Volume 1 is already deleted");
  expect(await client.error("ModifyVolume", { volumeID: 1 })).toMatch(/^xVolumeIDDoesNotExist/);
  expect(await client.error("CreateSnapshot", { volumeID: 1 })).toMatch(/^xVolumeIDDoesNotExist/);
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c", snapshotID })).toMatch(/^xVolumeIDDoesNotExist/);
  expect(await client.call("RestoreDeletedVolume", { volumeID: 1 })).toEqual({});
  expect(await client.volume(1)).toMatchObject({ status: "active", deleteTime: "", purgeTime: "" });
  // inactive in between, and usable again
  await client.clone({ snapshotID });
});

test("purging is for deleted volumes only, and at once", async () => {
  const { client, model } = await start();
  model.takeSnapshot(1);
  expect(await client.error("PurgeDeletedVolume", { volumeID: 1 })).toMatch(/^xInvalidParameter/);
  expect(await client.error("RestoreDeletedVolume", { volumeID: 1 })).toMatch(/^xInvalidParameter/);
  await client.call("DeleteVolume", { volumeID: 1 });
  expect(await client.call("PurgeDeletedVolume", { volumeID: 1 })).toEqual({});
  expect([model.volumes, model.snapshots]).toEqual([[], []]);
  for (const method of ["PurgeDeletedVolume", "RestoreDeletedVolume", "ModifyVolume", "CreateSnapshot"]) {
    expect(await client.error(method, { volumeID: 1 })).toBe("xVolumeIDDoesNotExist: VolumeID 1 does not exist.");
  }
  expect(await client.error("DeleteVolume", { volumeID: 1 })).toBe("xVolumeIDDoesNotExist: Volume 1 does not exist");
});

test("ListVolumes pages from an id that need not exist, and filters", async () => {
  const { client, model } = await start();
  for (const name of ["a", "b", "c"]) model.addVolume(name, { accountID: 12 });
  await client.call("DeleteVolume", { volumeID: 3 });
  await client.call("PurgeDeletedVolume", { volumeID: 3 });
  await client.call("DeleteVolume", { volumeID: 4 });
  model.pairVolume(1);
  expect(await ids(client, "ListVolumes")).toEqual([1, 2, 4]);
  // the trap: another volume than the one that was asked for
  expect(await ids(client, "ListVolumes", { startVolumeID: 3, limit: 1 })).toEqual([4]);
  expect(await ids(client, "ListActiveVolumes", { startVolumeID: 2, limit: 0 })).toEqual([2]);
  expect(await ids(client, "ListVolumes", { accounts: [12] })).toEqual([2, 4]);
  expect(await ids(client, "ListVolumes", { volumeStatus: "active" })).toEqual([1, 2]);
  expect(await ids(client, "ListVolumes", { volumeStatus: "deleted" })).toEqual([4]);
  expect(await ids(client, "ListVolumes", { volumeIDs: [4, 99, 1] })).toEqual([1, 4]);
  expect(await ids(client, "ListVolumes", { volumeIDs: [99] })).toEqual([]);
  expect(await ids(client, "ListVolumes", { isPaired: true })).toEqual([1]);
  expect(await client.error("ListVolumes", { volumeIDs: [1], limit: 1 })).toMatch(/^xInvalidParameter/);
  expect(await client.error("ListVolumes", { volumeIDs: 1 })).toMatch(/^xInvalidParameterType/);
  expect(await client.error("ListVolumes", { volumeStatus: "init" })).toBe("xUnrecognizedEnumString: init");
  expect(await client.error("ListVolumesForAccount", { accountID: 99 })).toMatch(/^xAccountIDDoesNotExist/);
});

test("unknown volumeIDs are an error when told so", async () => {
  const { client } = await start({ unknownVolumes: "xVolumeIDDoesNotExist" });
  expect(await client.error("ListVolumes", { volumeIDs: [99] })).toMatch(/^xVolumeIDDoesNotExist/);
});

test("older versions show less of a volume", async () => {
  const { client } = await start({ volumeUUIDs: false, apiVersion: "12.8" });
  const members = async (version: string) => {
    client.version = version;
    return Object.keys((await client.volume(1)) ?? {});
  };
  expect(await members("12.8")).toEqual(
    expect.arrayContaining(["dontMoveForIopsRebalance", "fifoSize", "qosPolicyID"]),
  );
  expect(await members("12.5")).not.toContain("dontMoveForIopsRebalance");
  expect(await members("12.2")).not.toContain("fifoSize");
  expect(await members("9.6")).not.toContain("qosPolicyID");
  expect(await members("12.8")).not.toContain("volumeUUID");
});
