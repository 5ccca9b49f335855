import { expect, test } from "vitest";
import { items, start } from "./fixtures";

const names = (volumes: readonly Record<string, unknown>[]) => volumes.map((volume) => volume["name"]);

test("a job tells how far it is, by the clock", async () => {
  const { client, clock } = await start({ cloneMs: 10_000 });
  const { volumeID, cloneID } = await client.clone();
  const look = async () => items(await client.call("ListSyncJobs"), "syncJobs");
  expect(await look()).toMatchObject([
    { type: "clone", cloneID, srcVolumeID: 1, dstVolumeID: volumeID, percentComplete: 0, stage: "metadata" },
  ]);
  expect((await look())[0]).toMatchObject({ remainingTime: null, elapsedTime: 0, nodeID: 2 });
  expect((await look())[0]).not.toHaveProperty("snapshotID");
  clock.pass(2500);
  expect(await look()).toMatchObject([
    { percentComplete: 25, stage: "data", elapsedTime: 2.5, remainingTime: 7.5, currentBytes: 25 * 2 ** 30 },
  ]);
  clock.pass(7500);
  expect(await look()).toEqual([]);
});

test("a running handle is never consumed, a complete one by the first read without keepResult", async () => {
  const { client, clock } = await start({ cloneMs: 1000 });
  const { asyncHandle, volumeID, cloneID } = await client.clone();
  const running = { status: "running", resultType: "Clone", details: { volumeID } };
  for (const keepResult of [false, true, undefined]) {
    const answer = await client.call("GetAsyncResult", { asyncHandle, keepResult });
    expect(answer).toMatchObject(running);
    expect(answer).not.toHaveProperty("result");
    expect(answer).not.toHaveProperty("error");
  }
  const listed = async () => items(await client.call("ListAsyncResults"), "asyncHandles");
  expect(await listed()).toMatchObject([{ asyncResultID: asyncHandle, completed: false, success: false }]);
  clock.pass(1000);
  expect(await listed()).toMatchObject([
    { completed: true, success: true, resultType: "Clone", data: { cloneID, message: "Clone complete.", volumeID } },
  ]);
  expect(await client.result(asyncHandle)).toMatchObject({
    status: "complete",
    lastUpdateTime: "2026-01-31T10:20:31Z",
  });
  expect(await client.call("GetAsyncResult", { asyncHandle })).toMatchObject({ status: "complete" });
  expect(await client.error("GetAsyncResult", { asyncHandle })).toBe(
    `xDBNoSuchPath: DBClient operation requested on a non-existent path at [/asyncresults/${asyncHandle}]`,
  );
  expect(await listed()).toEqual([]);
  expect(items(await client.call("ListAsyncResults", { asyncResultTypes: ["DriveAdd"] }), "asyncHandles")).toEqual([]);
});

test("the other error for a missing handle, a lag, and the other volume in the result", async () => {
  const { client } = await start({
    missingHandle: "xAsyncHandleDoesNotExist",
    handleLag: 2,
    asyncResultVolumeID: "source",
  });
  const { asyncHandle } = await client.clone();
  const missing = `xAsyncHandleDoesNotExist: Async handle ${asyncHandle} does not exist.`;
  expect(await client.error("GetAsyncResult", { asyncHandle })).toBe(missing);
  expect(await client.error("GetAsyncResult", { asyncHandle, keepResult: true })).toBe(missing);
  expect(await client.result(asyncHandle)).toMatchObject({ result: { volumeID: 1 } });
  const [listed] = items(await client.call("ListAsyncResults"), "asyncHandles");
  expect(listed).toMatchObject({ data: { volumeID: 1 } });
});

test("handles can be consumed by somebody else, or forgotten", async () => {
  const { client, model, clock } = await start({ cloneMs: 1000 });
  const { asyncHandle } = await client.clone();
  expect(model.consumeHandle(asyncHandle)).toBe(false);
  clock.pass(1000);
  expect(model.consumeHandle(asyncHandle)).toBe(true);
  expect(await client.error("GetAsyncResult", { asyncHandle })).toMatch(/^xDBNoSuchPath/);
  const other = await client.clone();
  model.forgetHandle(other.asyncHandle);
  expect(await client.error("GetAsyncResult", { asyncHandle: other.asyncHandle })).toMatch(/^xDBNoSuchPath/);
  clock.pass(1000);
  expect(await client.volume(other.volumeID)).toMatchObject({ status: "active" });
});

test("a failed clone completes with an error without a code, and leaves no volume", async () => {
  const { client, model } = await start();
  model.steerClone({ outcome: "failed" });
  model.steerClone({ outcome: "failed", error: { name: "xNotPrimary", message: "moved" }, times: 2 });
  const first = await client.clone();
  const result = await client.result(first.asyncHandle);
  expect(result).toMatchObject({ status: "complete", error: { name: "xSnapshotFailed", volumeID: first.volumeID } });
  expect(result).not.toHaveProperty("result");
  expect(result["error"]).not.toHaveProperty("code");
  expect(await client.volume(first.volumeID)).toBeUndefined();
  const [listed] = items(await client.call("ListAsyncResults"), "asyncHandles");
  expect(listed).toMatchObject({ completed: true, success: false });
  for (const _ of [1, 2]) {
    const { asyncHandle } = await client.clone();
    expect(await client.result(asyncHandle)).toMatchObject({ error: { name: "xNotPrimary", message: "moved" } });
  }
  expect(await client.result((await client.clone()).asyncHandle)).toHaveProperty("result");
});

test("a stuck clone runs until it is released, and orders can be taken back", async () => {
  const { client, model, clock } = await start();
  model.steerClone({ outcome: "stuck" });
  model.steerClone({ outcome: "stuck", times: Infinity });
  const { volumeID, cloneID, asyncHandle } = await client.clone();
  model.clearSteering();
  clock.pass(1e9);
  expect(await client.result(asyncHandle)).toMatchObject({ status: "running" });
  expect(await client.volume(volumeID)).toBeUndefined();
  expect(items(await client.call("ListSyncJobs"), "syncJobs")).toMatchObject([{ percentComplete: 50 }]);
  model.release(cloneID);
  expect(await client.volume(volumeID)).toMatchObject({ status: "active" });
  expect(await client.result((await client.clone()).asyncHandle)).toMatchObject({ status: "complete" });
});

test("a slower one takes its time", async () => {
  const { client, model, clock } = await start();
  model.steerClone({ ms: 500 });
  const { asyncHandle } = await client.clone();
  clock.pass(499);
  expect(await client.result(asyncHandle)).toMatchObject({ status: "running" });
  clock.pass(1);
  expect(await client.result(asyncHandle)).toMatchObject({ status: "complete" });
});

test("while it is copied a clone is in no list, or with the status that is chosen", async () => {
  const hidden = await start({ cloneMs: 1000 });
  const { volumeID } = await hidden.client.clone();
  const lists = ["ListVolumes", "ListActiveVolumes", "ListDeletedVolumes"];
  for (const method of lists) expect(names(items(await hidden.client.call(method), "volumes"))).not.toContain("clone");
  expect(await hidden.client.volume(volumeID)).toBeUndefined();
  expect(await hidden.client.call("GetVolumeCount")).toEqual({ count: 1 });
  expect(hidden.model.volumes.map((volume) => volume.status)).toEqual(["active", "init"]);

  const listed = await start({ cloneMs: 1000, initVolumes: "listed", initStatus: "creating" });
  const clone = await listed.client.clone();
  expect(clone.volume["status"]).toBe("init");
  expect(await listed.client.volume(clone.volumeID)).toMatchObject({ status: "creating", sliceCount: 0 });
  const { client } = listed;
  expect(names(items(await client.call("ListVolumesForAccount", { accountID: 11 }), "volumes"))).toContain("clone");
  expect(names(items(await client.call("ListVolumes", { volumeStatus: "creating" }), "volumes"))).toEqual(["clone"]);
  expect(names(items(await client.call("ListActiveVolumes"), "volumes"))).toEqual(["database"]);
});

test("a third clone of a source waits for its turn without a job, and begins when a slot is free", async () => {
  const { client, clock } = await start({ cloneMs: 1000 });
  const clones = [];
  for (const name of ["a", "b", "c"]) {
    clones.push(await client.clone({ name }));
    clock.pass(100);
  }
  const [first, , third] = clones;
  const running = async () => items(await client.call("ListSyncJobs"), "syncJobs").map((job) => job["cloneID"]);
  expect(await running()).toEqual([501, 502]);
  expect(await client.result(third?.asyncHandle ?? 0)).toMatchObject({ status: "running" });
  clock.pass(700);
  expect(await running()).toEqual([502, 503]);
  expect(await client.result(first?.asyncHandle ?? 0)).toMatchObject({ status: "complete" });
  // it began when the first ended, not when somebody looked
  clock.pass(1000);
  expect(await client.result(third?.asyncHandle ?? 0)).toMatchObject({ lastUpdateTime: "2026-01-31T10:20:32Z" });
});

test("cancelling lets the next one begin", async () => {
  const { client } = await start({ cloneMs: 1000 });
  for (const name of ["a", "b", "c"]) await client.clone({ name });
  await client.call("CancelClone", { cloneID: 503 });
  await client.clone({ name: "d" });
  await client.call("CancelClone", { cloneID: 501 });
  const jobs = items(await client.call("ListSyncJobs"), "syncJobs");
  expect(jobs.map((job) => job["cloneID"])).toEqual([502, 504]);
});

test("beyond the limits a clone is refused when told so", async () => {
  const { client, model } = await start({ cloneMs: 1000, overLimit: "error", limits: { cloneJobsPerNodeMax: 3 } });
  const other = model.addVolume("other").volumeID;
  const third = model.addVolume("third").volumeID;
  for (const name of ["a", "b"]) await client.clone({ name });
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c" })).toMatch(/^xMaxClonesPerVolumeExceeded/);
  await client.clone({ volumeID: other });
  expect(await client.error("CloneVolume", { volumeID: third, name: "d" })).toMatch(/^xMaxClonesPerNodeExceeded/);
  expect(model.jobs.length).toBe(3);
});

test("the larger limit counts on each node when told so", async () => {
  const limits = { cloneJobsPerNodeMax: 1 };
  const { client, model } = await start({ cloneMs: 1000, overLimit: "error", cloneLimitScope: "node", limits });
  const volumes = ["b", "c", "d", "e"].map((name) => model.addVolume(name).volumeID);
  await client.clone();
  for (const volumeID of volumes.slice(0, 3)) await client.clone({ volumeID });
  // the fifth lies on the node of the first
  expect(await client.error("CloneVolume", { volumeID: volumes[3], name: "x" })).toMatch(/^xMaxClonesPerNode/);
});

test("cancelling takes volume and handle away", async () => {
  const { client, model } = await start({ cloneMs: 1000 });
  const { volumeID, cloneID, asyncHandle } = await client.clone();
  expect(await client.call("CancelClone", { cloneID })).toEqual({});
  expect(await client.error("GetAsyncResult", { asyncHandle })).toMatch(/^xDBNoSuchPath/);
  expect(await client.error("DeleteVolume", { volumeID })).toMatch(/^xVolumeIDDoesNotExist/);
  expect(await client.error("CancelClone", { cloneID })).toMatch(/^xDBNoSuchPath/);
  expect(model.jobs).toEqual([]);
});

test("or leaves the volume until it is deleted, and completes the handle with an error", async () => {
  const { client, clock } = await start({
    cloneMs: 1000,
    cancelledVolume: "init",
    cancelledHandle: "failed",
    initVolumes: "listed",
  });
  const { volumeID, cloneID, asyncHandle } = await client.clone();
  await client.call("CancelClone", { cloneID });
  clock.pass(2000);
  expect(await client.volume(volumeID)).toMatchObject({ status: "init" });
  expect(await client.result(asyncHandle)).toMatchObject({ status: "complete", error: { name: "xCloneCancelled" } });
  await client.call("DeleteVolume", { volumeID });
  await client.call("PurgeDeletedVolume", { volumeID });
  expect(await client.volume(volumeID)).toBeUndefined();
});

test("a cancelled copy leaves its target alone", async () => {
  const { client, model, clock } = await start({ cloneMs: 1000 });
  model.writeBlock(1, 1, "source");
  const { volumeID } = model.addVolume("target", { totalSize: 100 * 2 ** 30 });
  const { cloneID } = await client.call("CopyVolume", { volumeID: 1, dstVolumeID: volumeID });
  await client.call("CancelClone", { cloneID });
  clock.pass(2000);
  expect(model.blocksOf("volume", volumeID)).toEqual({});
  expect(await client.volume(volumeID)).toMatchObject({ status: "active" });
});

test("changes to a volume that is being copied are refused, some times or never, and deletion until it is cancelled", async () => {
  const always = await start({ cloneMs: 1000 });
  const { volumeID } = await always.client.clone();
  const group = { volumeAccessGroupID: 22, volumes: [volumeID] };
  for (const _ of [1, 2, 3]) {
    expect(await always.client.error("ModifyVolume", { volumeID, access: "locked" })).toMatch(/^xNotReadyForIO/);
    expect(await always.client.error("AddVolumesToVolumeAccessGroup", group)).toMatch(/^xNotReadyForIO/);
    expect(await always.client.error("ModifyVolumeAccessGroup", group)).toMatch(/^xNotReadyForIO/);
  }
  expect(await always.client.error("DeleteVolume", { volumeID })).toMatch(/^xNotReadyForIO/);
  expect(await always.client.error("PurgeDeletedVolume", { volumeID })).toMatch(/^xInvalidParameter/);
  always.clock.pass(1000);
  await always.client.call("AddVolumesToVolumeAccessGroup", group);

  const twice = await start({ cloneMs: 1000, notReadyCalls: 2 });
  const clone = await twice.client.clone();
  const params = { volumeID: clone.volumeID, attributes: { a: 1 } };
  for (const _ of [1, 2]) expect(await twice.client.error("ModifyVolume", params)).toMatch(/^xNotReadyForIO/);
  expect(await twice.client.call("ModifyVolume", params)).toMatchObject({ volume: { status: "init" } });

  const never = await start({ cloneMs: 1000, notReadyCalls: 0 });
  await never.client.call("ModifyVolume", { ...params, volumeID: (await never.client.clone()).volumeID });
});

test("the source can be resized and deleted during the copy, and the end is in the event log", async () => {
  const { client, model, clock } = await start({ cloneMs: 1000 });
  model.writeBlock(1, 0, "kept");
  const { volumeID } = await client.clone();
  await client.call("ModifyVolume", { volumeID: 1, totalSize: 2e11 });
  await client.call("DeleteVolume", { volumeID: 1 });
  await client.call("PurgeDeletedVolume", { volumeID: 1 });
  clock.pass(1000);
  expect(model.readBlock(volumeID, 0)).toBe("kept");
  const [event] = items(await client.call("ListEvents", { eventType: "cloneEvent", maxEvents: 1 }), "events");
  expect(event).toMatchObject({
    eventInfoType: "cloneEvent",
    message: "Clone volume succeeded",
    details: { srcVolumeID: 1 },
    timeOfReport: "2026-01-31T10:20:31Z",
  });
  expect(items(await client.call("ListEvents", { eventType: "other" }), "events")).toEqual([]);
});
