import { expect, test } from "vitest";
import { type Client, GIB, items, object, start } from "./fixtures";

const take = async (client: Client, params: Record<string, unknown> = {}) =>
  object(await client.call("CreateSnapshot", { volumeID: 1, ...params }), "snapshot");

const listed = async (client: Client, params: Record<string, unknown> = {}) =>
  items(await client.call("ListSnapshots", params), "snapshots");

test("a snapshot holds the moment, with everything that the API says about one", async () => {
  const { client, model } = await start();
  model.writeBlock(1, 0, "then");
  const answer = await client.call("CreateSnapshot", { volumeID: 1, name: "nightly", attributes: { a: 1 } });
  model.writeBlock(1, 0, "now");
  expect(answer).toMatchObject({ snapshotID: 101, checksum: expect.any(String) });
  expect(answer["snapshot"]).toEqual({
    snapshotID: 101,
    volumeID: 1,
    volumeName: "database",
    name: "nightly",
    checksum: answer["checksum"],
    createTime: "2026-01-31T10:20:30Z",
    instanceCreateTime: "2026-01-31T10:20:30Z",
    status: "done",
    totalSize: 100 * GIB,
    enableRemoteReplication: false,
    expirationTime: null,
    expirationReason: "None",
    remoteStatuses: [],
    snapshotUUID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    instanceSnapshotUUID: expect.any(String),
    groupID: 0,
    groupSnapshotUUID: "00000000-0000-0000-0000-000000000000",
    snapMirrorLabel: null,
    virtualVolumeID: null,
    attributes: { a: 1 },
  });
  expect(model.readSnapshotBlock(101, 0)).toBe("then");
  expect(await listed(client, { volumeID: 1 })).toEqual([answer["snapshot"]]);
});

test("is named by its time without a name, and can copy another one of the volume", async () => {
  const { client, model } = await start();
  model.writeBlock(1, 0, "first");
  expect(await take(client)).toMatchObject({ name: "2026-01-31T10:20:30Z" });
  model.writeBlock(1, 0, "second");
  await take(client, { snapshotID: 101 });
  expect(model.readSnapshotBlock(102, 0)).toBe("first");
});

test("expires by retention or at a time, which can be changed or taken away", async () => {
  const { client, clock } = await start();
  expect(await take(client, { retention: "00:01:30" })).toMatchObject({
    expirationTime: "2026-01-31T10:22:00Z",
    expirationReason: "Api",
  });
  await take(client, { expirationTime: "2026-01-31T10:23:00Z" });
  await take(client, { expirationTime: null });
  clock.pass(89_999);
  expect((await listed(client)).length).toBe(3);
  clock.pass(1);
  expect((await listed(client)).map((one) => one["snapshotID"])).toEqual([102, 103]);
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c", snapshotID: 101 })).toMatch(
    /^xSnapshotIDDoesNotExist/,
  );
  expect(await client.call("ModifySnapshot", { snapshotID: 102, expirationTime: null })).toMatchObject({
    snapshot: { expirationTime: null },
  });
  clock.pass(1e9);
  expect((await listed(client)).length).toBe(2);
});

test("changes label and replication, and the name in recent versions only", async () => {
  const { client } = await start({ apiVersion: "12.5" });
  client.version = "12.3";
  await take(client, { name: "before" });
  const change = { snapshotID: 101, name: "after", snapMirrorLabel: "daily", enableRemoteReplication: true };
  const old = await client.send("ModifySnapshot", change);
  expect(old.body).toMatchObject({
    result: { snapshot: { name: "before", snapMirrorLabel: "daily", enableRemoteReplication: true } },
    unusedParameters: { name: "after" },
  });
  client.version = "12.5";
  const { snapshot } = await client.call("ModifySnapshot", { ...change, retention: "1:00:00" });
  expect(snapshot).toMatchObject({ name: "after", expirationTime: null });
});

test("32 snapshots of a volume are all, and so many of the first-in-first-out pool", async () => {
  const { client } = await start();
  await client.call("ModifyVolume", { volumeID: 1, fifoSize: 2 });
  for (const _ of [1, 2])
    expect(await take(client, { expirationTime: "fifo" })).toMatchObject({ expirationReason: "fifo" });
  expect(await client.error("CreateSnapshot", { volumeID: 1, expirationTime: "fifo" })).toMatch(
    /^xMaxSnapshotsPerVolumeExceeded/,
  );
  for (let count = 2; count < 32; count += 1) await take(client);
  expect(await client.error("CreateSnapshot", { volumeID: 1 })).toMatch(/^xMaxSnapshotsPerVolumeExceeded/);
});

test.each([
  [{ volumeID: 99 }, /^xVolumeIDDoesNotExist/],
  [{ snapshotID: 99 }, /^xSnapshotIDDoesNotExist/],
  [{ retention: "1 day" }, /^xInvalidParameter: retention/],
  [{ retention: "01:00:00", expirationTime: "2026-02-01T00:00:00Z" }, /^xInvalidParameter: .*exclude/],
  [{ expirationTime: "soon" }, /^xInvalidParameter: expirationTime/],
  [{ name: "n".repeat(256) }, /^xExceededLimit: name/],
  [{ snapMirrorLabel: "l".repeat(32) }, /^xExceededLimit: snapMirrorLabel/],
])("CreateSnapshot refuses %j", async (params, expected) => {
  const { client, model } = await start();
  expect(await client.error("CreateSnapshot", { volumeID: 1, ...params })).toMatch(expected);
  expect(model.snapshots).toEqual([]);
});

test("goes at once, and is then unknown", async () => {
  const { client } = await start();
  await take(client);
  expect(await client.call("DeleteSnapshot", { snapshotID: 101 })).toEqual({});
  for (const method of ["DeleteSnapshot", "ModifySnapshot"]) {
    expect(await client.error(method, { snapshotID: 101 })).toMatch(/^xSnapshotIDDoesNotExist/);
  }
  expect(await client.error("RollbackToSnapshot", { volumeID: 1, snapshotID: 101 })).toMatch(/^xSnapshotID/);
  expect(await listed(client, { snapshotID: 101 })).toEqual([]);
  expect(await client.error("ListSnapshots", { volumeID: 99 })).toMatch(/^xVolumeIDDoesNotExist/);
});

test("an unknown snapshotID is an error in lists when told so", async () => {
  const { client } = await start({ unknownSnapshots: "xSnapshotIDDoesNotExist" });
  expect(await client.error("ListSnapshots", { snapshotID: 101 })).toMatch(/^xSnapshotIDDoesNotExist/);
});

test("a rollback replaces the image, and saves it first when told so, also by a text", async () => {
  const { client, model } = await start();
  model.writeBlock(1, 0, "then");
  await take(client, { name: "good" });
  model.writeBlock(1, 0, "broken");
  const without = await client.call("RollbackToSnapshot", { volumeID: 1, snapshotID: 101, saveCurrentState: "false" });
  expect(without).toEqual({ checksum: null, snapshotID: null, snapshot: null });
  expect(model.readBlock(1, 0)).toBe("then");
  model.writeBlock(1, 0, "again");
  const saved = await client.call("RollbackToSnapshot", { volumeID: 1, snapshotID: 101, saveCurrentState: true });
  expect(saved).toMatchObject({ snapshotID: 102, snapshot: { name: "good-copy" } });
  expect([model.readBlock(1, 0), model.readSnapshotBlock(102, 0)]).toEqual(["then", "again"]);
  const { volumeID } = model.addVolume("other");
  expect(await client.error("RollbackToSnapshot", { volumeID, snapshotID: 101 })).toMatch(/^xSnapshotID/);
});
