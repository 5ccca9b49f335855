import { expect, test } from "vitest";
import { object, start } from "./fixtures";

test("asks for its header, and for no credentials", async () => {
  const { simulator } = await start();
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${simulator.url}/simulator/state`, { headers })).status;
  expect(await status({})).toBe(403);
  expect(await status({ "x-holdfast-simulator": "1" })).toBe(200);
});

test("shows everything but secrets", async () => {
  const { client, model, simulator } = await start({ cloneMs: 1000 });
  model.takeSnapshot(1, "nightly");
  await client.call("AddAccount", { username: "new", initiatorSecret: "abcdefghijkl" });
  await client.clone();
  const { body, text } = await client.side("GET", "/state");
  expect(body).toMatchObject({
    now: "2026-01-31T10:20:30.000Z",
    fullness: "stage1Happy",
    adminAccess: ["administrator"],
    volumes: [{ name: "database" }, { name: "clone", status: "init" }],
    snapshots: [{ name: "nightly" }],
    accounts: [{ username: "production" }, { username: "test" }, { username: "new" }],
    volumeAccessGroups: [{ volumes: [1] }, { volumes: [] }],
    qosPolicies: [{ name: "test" }],
    jobs: [{ cloneID: 501, kind: "clone", waiting: false }],
    handles: [{ asyncHandle: 901, status: "running" }],
  });
  const accounts = model.accounts.flatMap((account) => [account.initiatorSecret, account.targetSecret]);
  for (const secret of [...accounts, simulator.credentials.password]) expect(text).not.toContain(secret);
  expect((await client.side("GET", "/calls")).body).toMatchObject([
    { method: "AddAccount" },
    { method: "CloneVolume" },
  ]);
  await client.send("Unknown");
  expect((await client.side("GET", "/unmatched")).body).toEqual(["Unknown"]);
});

test("reads and writes blocks", async () => {
  const { client, model } = await start();
  expect((await client.side("PUT", "/volumes/1/blocks/7", "text of a block")).status).toBe(204);
  const { snapshotID } = model.takeSnapshot(1);
  expect((await client.side("GET", "/volumes/1/blocks")).body).toEqual({ 7: "text of a block" });
  expect((await client.side("GET", `/snapshots/${snapshotID}/blocks`)).body).toEqual({ 7: "text of a block" });
  expect((await client.side("GET", `/snapshots/${snapshotID}/blocks/7`)).text).toBe("text of a block");
  for (const path of ["/volumes/1/blocks/8", "/volumes/9/blocks", "/volumes/9/blocks/1", "/snapshots/9/blocks"]) {
    expect((await client.side("GET", path)).status).toBe(404);
  }
  expect((await client.side("PUT", "/volumes/1/blocks/99999999999", "x")).status).toBe(404);
  expect((await client.side("PUT", "/volumes/1/blocks/1", "x".repeat(4097))).text).toContain("4096 bytes");
});

test("changes a volume behind the API, pairs it, takes it away", async () => {
  const { client } = await start();
  const changes = {
    access: "locked",
    totalSize: 5 * 2 ** 20,
    attributes: { by: "hand" },
    qos: { minIOPS: 60 },
    qosPolicyID: null,
  };
  const changed = await client.side("PUT", "/volumes/1", {
    ...changes,
    accountID: 12,
    name: "moved",
    enable512e: false,
  });
  expect(changed.body).toMatchObject({ access: "locked", accountID: 12, qos: { minIOPS: 60, maxIOPS: 15_000 } });
  expect(await client.volume(1)).toMatchObject({ name: "moved", totalSize: 5 * 2 ** 20, attributes: { by: "hand" } });
  const refused = await client.side("PUT", "/volumes/1", { size: 5 });
  expect([refused.status, refused.text]).toEqual([
    400,
    expect.stringContaining("size cannot be changed; these can: name"),
  ]);
  expect((await client.side("PUT", "/volumes/1", { access: 5 })).status).toBe(400);
  expect((await client.side("PUT", "/volumes/9", {})).status).toBe(404);
  expect((await client.side("POST", "/volumes/1/pair")).status).toBe(204);
  expect(await client.volume(1)).toMatchObject({ volumePairs: [{ clusterPairID: 1 }] });
  expect((await client.side("DELETE", "/volumes/1")).status).toBe(204);
  expect(await client.volume(1)).toBeUndefined();
  expect((await client.side("DELETE", "/volumes/1")).status).toBe(404);
});

test("steers clones, releases them, forgets handles, moves the clock", async () => {
  const { client } = await start();
  expect((await client.side("POST", "/steering", { outcome: "stuck" })).status).toBe(204);
  const error = { name: "xNotPrimary", message: "moved" };
  await client.side("POST", "/steering", { outcome: "failed", error, times: "always", ms: 1000 });
  const stuck = await client.clone();
  const failed = await client.clone();
  expect((await client.side("POST", `/clones/${stuck.cloneID}/release`)).status).toBe(204);
  expect(await client.result(stuck.asyncHandle)).toHaveProperty("result");
  expect(await client.result(failed.asyncHandle)).toMatchObject({ status: "running" });
  expect((await client.side("POST", "/clock", { advanceMs: 1000 })).body).toEqual({ now: "2026-01-31T10:20:31.000Z" });
  expect(await client.result(failed.asyncHandle)).toMatchObject({ error });
  expect((await client.side("DELETE", `/handles/${failed.asyncHandle}`)).status).toBe(204);
  expect(await client.error("GetAsyncResult", { asyncHandle: failed.asyncHandle })).toMatch(/^xDBNoSuchPath/);
  expect((await client.side("POST", "/clones/999/release")).status).toBe(404);
});

test("sets permissions and fullness", async () => {
  const { client } = await start();
  expect((await client.side("POST", "/permissions", { adminAccess: ["read"] })).body).toEqual({
    adminAccess: ["read"],
  });
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c" })).toMatch(/^xPermissionDenied/);
  await client.side("POST", "/permissions", { adminAccess: ["administrator"] });
  expect((await client.side("POST", "/fullness", { stage: "stage5CompletelyConsumed" })).status).toBe(204);
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c" })).toMatch(/^xTotalCapacityExceeded/);
});

test.each([
  ["/permissions", { adminAccess: "read" }, /must be a list/],
  ["/permissions", { adminAccess: ["root"] }, /must be one of administrator/],
  ["/fullness", { stage: "full" }, /must be one of stage1Happy/],
  ["/steering", { outcome: "odd" }, /must be one of normal, stuck, failed/],
  ["/steering", { ms: -1 }, /ms must be an integer/],
  ["/steering", { error: { name: "x" } }, /message is missing/],
  ["/clock", { advanceMs: "1" }, /advanceMs/],
  ["/faults", { fault: { kind: "explode" } }, /kind must be one of status/],
  ["/faults", { fault: { kind: "error" } }, /name must be a string/],
  ["/faults", { fault: { kind: "error", name: "x", aply: true } }, /has no member aply/],
  ["/faults", { method: "CloneVolumes", fault: { kind: "nullBody" } }, /has no method CloneVolumes/],
  ["/faults", { path: "/x", fault: { kind: "nullBody" } }, /A fault order has no member path/],
  ["/faults", { fault: { kind: "interfere", call: { method: "POST", path: "/simulator/none" } } }, /no call POST/],
])("refuses POST %s %j", async (path, body, message) => {
  const { client } = await start();
  const reply = await client.side("POST", path, body);
  expect(reply.status).toBe(400);
  expect(object({ reply: reply.body }, "reply")["message"]).toMatch(message);
});

test("orders faults, lists those that wait and takes them back", async () => {
  const { client } = await start();
  const ordered = await client.side("POST", "/faults", {
    method: "ListVolumes",
    skip: 1,
    times: "always",
    fault: { kind: "error", name: "xDBOperationTimeout", message: "slow", apply: true },
  });
  const shown = { id: 1, method: "ListVolumes", skip: 1, left: "always", kind: "error" };
  expect([ordered.status, ordered.body]).toEqual([201, shown]);
  expect((await client.side("GET", "/faults")).body).toEqual([shown]);
  await client.call("ListVolumes");
  expect(await client.error("ListVolumes")).toBe("xDBOperationTimeout: slow");
  expect((await client.side("DELETE", "/faults/1")).status).toBe(204);
  expect((await client.side("DELETE", "/faults/1")).status).toBe(404);
  await client.call("ListVolumes");
  const call = { method: "delete", path: "/simulator/volumes/1" };
  await client.side("POST", "/faults", { method: "CloneVolume", fault: { kind: "interfere", call } });
  expect(await client.error("CloneVolume", { volumeID: 1, name: "c" })).toMatch(/^xVolumeIDDoesNotExist/);
  await client.side("POST", "/faults", { fault: { kind: "nullBody" } });
  expect((await client.side("DELETE", "/faults")).status).toBe(204);
  await client.call("GetAPI");
});
