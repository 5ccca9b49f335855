import { expect, test } from "vitest";
import { type ElementFault, elementMethods } from "../../../provider/simulators";
import { items, object, start } from "./fixtures";

const NEW = { name: "new", accountID: 12, totalSize: 1e9 };

/** A call that is reset has this cause. */
const reset = { cause: { code: "ECONNRESET" } };

test("an error of the API has no effect, or all the same when told so", async () => {
  const { client, model, faults } = await start();
  faults.add({ method: "CreateVolume", fault: { kind: "error", name: "xDBVersionMismatch", message: "again" } });
  faults.add({ method: "CreateVolume", fault: { kind: "error", name: "xDBConnectionLoss", apply: true } });
  expect(await client.error("CreateVolume", NEW)).toBe("xDBVersionMismatch: again");
  expect(model.volumes.length).toBe(1);
  expect(await client.error("CreateVolume", NEW)).toBe("xDBConnectionLoss: xDBConnectionLoss");
  expect(model.volumes.length).toBe(2);
  await client.call("CreateVolume", NEW);
  expect(faults.pending).toEqual([]);
});

test.each([
  [{ kind: "status", status: 503 }, 503, /503 Service Unavailable/],
  [{ kind: "status", status: 502, html: "<html>proxy</html>" }, 502, /^<html>proxy<\/html>$/],
  [{ kind: "status", status: 500, body: { odd: true } }, 500, /^{"odd":true}$/],
  [{ kind: "nullBody" }, 200, /^null$/],
  [{ kind: "permission" }, 200, /"xPermissionDenied"/],
] as const)("%j comes instead of the answer, and nothing happens", async (fault, status, text) => {
  const { client, model, faults } = await start();
  faults.add({ fault });
  const reply = await client.send("CreateVolume", NEW);
  expect([reply.status, model.volumes.length]).toEqual([status, 1]);
  expect(reply.text).toMatch(text);
});

test.each([
  [{ kind: "status", status: 503, afterEffect: true, retryAfter: 3 }, 503, /503/],
  [{ kind: "body", text: "" }, 200, /^$/],
  [{ kind: "body", text: "<html>login</html>", contentType: "text/html" }, 200, /login/],
  [{ kind: "slow", ms: 1 }, 200, /"volumeID":2/],
  [{ kind: "stalled", ms: 1 }, 200, /"volumeID":2/],
] as const)("%j comes after the effect", async (fault, status, text) => {
  const { client, model, faults } = await start();
  faults.add({ method: "CreateVolume", fault });
  const reply = await client.send("CreateVolume", NEW);
  expect([reply.status, model.volumes.length]).toEqual([status, 2]);
  expect(reply.text).toMatch(text);
});

test("a connection is reset before the effect or after it, and an answer breaks off", async () => {
  const { client, model, faults, simulator } = await start();
  const call = () => client.send("CloneVolume", { volumeID: 1, name: "clone" });
  faults.add({ fault: { kind: "dropBefore" } });
  await expect(call()).rejects.toMatchObject(reset);
  expect(model.volumes.length).toBe(1);
  faults.add({ fault: { kind: "dropAfter" } });
  await expect(call()).rejects.toMatchObject(reset);
  // the lost response: all evidence of spec 14.4 is there
  expect(model.volumes.length).toBe(2);
  expect(items(await client.call("ListAsyncResults"), "asyncHandles")).toMatchObject([{ data: { volumeID: 2 } }]);
  faults.add({ fault: { kind: "truncated" } });
  await expect(call()).rejects.toMatchObject({ cause: { code: "UND_ERR_SOCKET" } });
  expect(model.volumes.length).toBe(3);
  expect(simulator.calls.map((one) => one.httpStatus)).toEqual([0, 0, 200, 200]);
});

test("changes the result by a list or a function, but no errors", async () => {
  const { client, faults } = await start();
  const change = [{ path: "/volumes/*/status", value: "restoring" }, { path: "/volumes/0/qos" }];
  faults.add({ method: "ListVolumes", fault: { kind: "mutate", change } });
  const volume = await client.volume(1);
  expect(volume).toMatchObject({ status: "restoring" });
  expect(volume).not.toHaveProperty("qos");
  faults.add({ fault: { kind: "mutate", change: (result) => ({ ...Object(result), count: "many" }) } });
  expect(await client.call("GetVolumeCount")).toEqual({ count: "many" });
  faults.add({ fault: { kind: "mutate", change } });
  expect(await client.error("DeleteVolume", { volumeID: 99 })).toMatch(/^xVolumeIDDoesNotExist/);
  faults.add({ fault: { kind: "mutate", change: [{ path: "/nowhere/at/all", value: 1 }] } });
  expect(await client.error("GetVolumeCount")).toMatch(/does not fit the answer/);
});

test("runs something just before the call, for races", async () => {
  const { client, model, faults } = await start();
  faults.add({ method: "DeleteVolume", fault: { kind: "interfere", run: () => model.removeVolume(1) } });
  expect(await client.error("DeleteVolume", { volumeID: 1 })).toMatch(/^xVolumeIDDoesNotExist/);
});

test("strikes the method it is for, after some calls, so many times", async () => {
  const { client, faults } = await start();
  const fault: ElementFault = { kind: "error", name: "xNotPrimary" };
  const takeBack = faults.add({ method: "GetVolumeCount", skip: 1, times: 2, fault });
  const outcome = async () => ("error" in (await client.send("GetVolumeCount")).body ? "error" : "result");
  await client.call("GetAPI");
  expect([await outcome(), await outcome()]).toEqual(["result", "error"]);
  expect(faults.pending).toMatchObject([{ left: 1, skip: 0 }]);
  takeBack();
  expect(await outcome()).toBe("result");
  faults.add({ method: "any", times: Infinity, fault });
  for (const _ of [1, 2, 3]) expect(await outcome()).toBe("error");
  faults.clear();
  expect(await outcome()).toBe("result");
});

/** A call of every method that has an effect, or shows something, on a cluster where a clone is running. */
const CALLS: Readonly<Record<string, Record<string, unknown>>> = {
  CloneVolume: { volumeID: 1, name: "clone" },
  CopyVolume: { volumeID: 1, dstVolumeID: 2 },
  CancelClone: { cloneID: 501 },
  GetAsyncResult: { asyncHandle: 901 },
  ListVolumesForAccount: { accountID: 11 },
  CreateVolume: NEW,
  ModifyVolume: { volumeID: 1, access: "locked" },
  DeleteVolume: { volumeID: 1 },
  PurgeDeletedVolume: { volumeID: 3 },
  RestoreDeletedVolume: { volumeID: 3 },
  CreateSnapshot: { volumeID: 1 },
  ModifySnapshot: { snapshotID: 101, snapMirrorLabel: "l" },
  DeleteSnapshot: { snapshotID: 101 },
  RollbackToSnapshot: { volumeID: 1, snapshotID: 101, saveCurrentState: true },
  CreateQoSPolicy: { name: "p", qos: {} },
  GetQoSPolicy: { qosPolicyID: 31 },
  GetAccountByID: { accountID: 11 },
  GetAccountByName: { username: "test" },
  AddAccount: { username: "new" },
  CreateVolumeAccessGroup: { name: "new" },
  ModifyVolumeAccessGroup: { volumeAccessGroupID: 22, volumes: [1] },
  AddVolumesToVolumeAccessGroup: { volumeAccessGroupID: 22, volumes: [1] },
  RemoveVolumesFromVolumeAccessGroup: { volumeAccessGroupID: 21, volumes: [1] },
};

test.each(elementMethods)("%s can lose its answer after its effect, and has none before", async (method) => {
  const { client, model, faults } = await start({ cloneMs: 1000 });
  model.addVolume("target", { totalSize: 100 * 2 ** 30 });
  model.addVolume("deleted");
  model.takeSnapshot(1);
  await client.call("DeleteVolume", { volumeID: 3 });
  await client.clone();
  const params = CALLS[method] ?? {};
  const look = () =>
    JSON.stringify([model.volumes, model.snapshots, model.jobs, model.accounts, model.accessGroups, model.qosPolicies]);
  const before = look();
  for (const fault of [{ kind: "dropBefore" }, { kind: "dropAfter" }] as const) {
    expect(look()).toBe(before);
    faults.add({ method, fault });
    await expect(client.send(method, params)).rejects.toMatchObject(reset);
  }
  expect(look() !== before).toBe(!/^(List|Get)/.test(method));
  expect(client.simulator.unmatched).toEqual([]);
});

test("every method answers a result to the calls above, or nothing but an object", async () => {
  const { client } = await start();
  for (const method of elementMethods.filter((name) => /^(List|Get)/.test(name) && name !== "GetAsyncResult")) {
    expect(object((await client.send(method, CALLS[method])).body, "result")).toBeTypeOf("object");
  }
});

test("is not ordered for a method that there is not", async () => {
  const { faults } = await start();
  expect(() => faults.add({ method: "CloneVolumes", fault: { kind: "nullBody" } })).toThrow("no method CloneVolumes");
});
