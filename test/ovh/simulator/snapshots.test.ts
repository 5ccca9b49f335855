import { expect, test } from "vitest";
import { type Client, items, object, start, text } from "./fixtures";

const clone = (client: Client, snapshotID: string, size = 100) =>
  client.service("POST", "/share", { protocol: "NFS", size, snapshotID });

test("starts with automatic snapshots of the last full hours, described in all fields", async () => {
  const { client } = await start();
  const all = items(await client.share("GET", "/snapshot?detail=true"));
  expect(all.map((snapshot) => snapshot["name"])).toEqual([
    "hourly.2026-01-31_0800",
    "hourly.2026-01-31_0900",
    "hourly.2026-01-31_1000",
  ]);
  expect(all[2]).toEqual({
    id: expect.any(String),
    name: "hourly.2026-01-31_1000",
    description: null,
    type: "automatic",
    status: "available",
    createdAt: "2026-01-31T10:00:00.000Z",
    path: "/.snapshot/hourly.2026-01-31_1000",
  });
});

test("lists nothing but ids without detail=true", async () => {
  const { client } = await start();
  for (const snapshot of items(await client.share("GET", "/snapshot"))) expect(Object.keys(snapshot)).toEqual(["id"]);
});

test("makes a manual snapshot from an empty body", async () => {
  const { client, clock } = await start({ stepMs: 1000 });
  const created = await client.share("POST", "/snapshot");
  expect(created.status).toBe(201);
  expect(object(created)).toMatchObject({ type: "manual", status: "creating", name: null, description: null });
  clock.pass(1000);
  const path = `/snapshot/${text(object(created), "id")}`;
  expect(object(await client.share("GET", path))["status"]).toBe("available");
  const changed = await client.share("PUT", path, { name: "n", description: "d" });
  expect(object(changed)).toMatchObject({ name: "n", description: "d" });
});

test("writes times with an offset when told so", async () => {
  const { client } = await start({ timeFormat: "offset" });
  const [first] = await client.automatic();
  expect(first?.["createdAt"]).toBe("2026-01-31T10:00:00+02:00");
});

test("clones a manual snapshot into an independent share that names its source for good", async () => {
  const { client, model, simulator, clock } = await start({ stepMs: 1000 });
  model.writeFile(simulator.shareId, "a.txt", "before");
  const snapshot = await client.newSnapshot(simulator.shareId);
  model.writeFile(simulator.shareId, "a.txt", "after");
  clock.pass(1000);
  const created = await clone(client, snapshot, 120);
  expect(created.status).toBe(201);
  expect(object(created)).toMatchObject({
    status: "creating_from_snapshot",
    snapshotID: snapshot,
    size: 120,
    name: null,
  });
  const id = text(object(created), "id");
  clock.pass(1000);
  expect(model.readFiles(id)["a.txt"]).toBe("before");
  model.writeFile(simulator.shareId, "a.txt", "later");
  model.writeFile(id, "a.txt", "own");
  expect(model.readFiles(id)["a.txt"]).toBe("own");
  expect(model.readFiles(simulator.shareId)["a.txt"]).toBe("later");
  expect(model.readFiles(snapshot)["a.txt"]).toBe("before");
  expect((await client.share("DELETE", `/snapshot/${snapshot}`)).status).toBe(202);
  clock.pass(1000);
  expect(object(await client.service("GET", `/share/${id}`))).toMatchObject({
    snapshotID: snapshot,
    status: "available",
  });
});

test("a clone inherits neither access rules nor snapshots nor the parent's policy", async () => {
  const { client, simulator, model } = await start();
  const id = text(object(await clone(client, await client.newSnapshot(simulator.shareId))), "id");
  expect((await client.service("GET", `/share/${id}/acl`)).body).toEqual([]);
  expect((await client.service("GET", `/share/${id}/snapshot`)).body).toEqual([]);
  const policy = object(await client.service("GET", `/share/${id}/snapshotPolicy`))["id"];
  expect(model.policies.find((one) => one.id === policy)?.isDefault).toBe(true);
  expect(items(await client.service("GET", `/share/${id}/accessPath`))).not.toEqual([]);
});

test("refuses to clone automatic and system snapshots, unknown ones, and those of another service", async () => {
  const { client, model, simulator } = await start();
  const [automatic] = await client.automatic();
  const system = model.takeSystemSnapshot(simulator.shareId);
  const refused = await clone(client, String(automatic?.["id"]));
  expect([refused.status, object(refused)["class"]]).toEqual([400, "Client::BadRequest"]);
  expect(object(refused)["message"]).toMatch(/automatic.*manual/);
  expect((await clone(client, system.id)).status).toBe(400);
  expect((await clone(client, "00000000-0000-4000-8000-000000000000")).status).toBe(404);
  const other = model.addService("other");
  const manual = await client.newSnapshot(simulator.shareId);
  const body = { protocol: "NFS", size: 100, snapshotID: manual };
  expect((await client.call("POST", `/storage/netapp/${other.id}/share`, body)).status).toBe(404);
  expect(model.shares).toHaveLength(1);
});

test("answers a clone of an automatic snapshot with another status when told so", async () => {
  const { client } = await start({ refusals: { cloneNotManual: 404 } });
  const [automatic] = await client.automatic();
  expect((await clone(client, String(automatic?.["id"]))).status).toBe(404);
});

test("refuses to clone a snapshot that is not available yet", async () => {
  const { client, simulator, clock } = await start({ stepMs: 1000 });
  const snapshot = await client.newSnapshot(simulator.shareId);
  expect((await clone(client, snapshot)).status).toBe(409);
  clock.pass(1000);
  expect((await clone(client, snapshot)).status).toBe(201);
});

test("measures a clone against the share's size when the snapshot was made, not against the present one", async () => {
  const { client, simulator } = await start();
  const before = await client.newSnapshot(simulator.shareId);
  await client.share("POST", "/extend", { size: 200 });
  const after = await client.newSnapshot(simulator.shareId);
  expect((await clone(client, before, 100)).status).toBe(201);
  const small = await clone(client, after, 199);
  expect([small.status, object(small)["message"]]).toEqual([400, "Size 199 is below the snapshot's 200 GiB"]);
  expect((await clone(client, after, 200)).status).toBe(201);
});

test("a hold gives a new manual record with the same name, time and path; the old id is gone", async () => {
  const { client, clock } = await start({ stepMs: 1000 });
  const [source] = await client.automatic();
  const held = await client.share("POST", `/snapshot/${String(source?.["id"])}/hold`);
  expect(held.status).toBe(201);
  const record = object(held);
  expect(record).toEqual({ ...source, id: record["id"], type: "manual", status: "manage_starting" });
  expect(record["id"]).not.toBe(source?.["id"]);
  expect((await client.share("GET", `/snapshot/${String(source?.["id"])}`)).status).toBe(404);
  expect(items(await client.share("GET", "/snapshot"))).toHaveLength(3);
  clock.pass(1000);
  expect(object(await client.share("GET", `/snapshot/${text(record, "id")}`))["status"]).toBe("available");
  expect((await client.share("POST", `/snapshot/${String(source?.["id"])}/hold`)).status).toBe(404);
});

test("measures a clone of a held snapshot against the share's size at the hold", async () => {
  const { client } = await start();
  const [source] = await client.automatic();
  await client.share("POST", "/extend", { size: 200 });
  const held = text(object(await client.share("POST", `/snapshot/${String(source?.["id"])}/hold`)), "id");
  expect((await clone(client, held, 199)).status).toBe(400);
  expect((await clone(client, held, 200)).status).toBe(201);
});

test("refuses to hold manual and system snapshots", async () => {
  const { client, model, simulator } = await start();
  const manual = await client.newSnapshot(simulator.shareId);
  const system = model.takeSystemSnapshot(simulator.shareId);
  for (const id of [manual, system.id]) {
    expect((await client.share("POST", `/snapshot/${id}/hold`)).status).toBe(409);
  }
});

test("refuses to hold an automatic snapshot that is being deleted, or of a busy share", async () => {
  const { client, model, simulator } = await start({ stepMs: 1000 });
  const [first, second] = await client.automatic();
  await client.share("DELETE", `/snapshot/${String(first?.["id"])}`);
  expect((await client.share("POST", `/snapshot/${String(first?.["id"])}/hold`)).status).toBe(409);
  model.setStatus(simulator.shareId, "extending");
  expect((await client.share("POST", `/snapshot/${String(second?.["id"])}/hold`)).status).toBe(409);
});

test("a second hold answers with another status when told so, also after the first is over", async () => {
  const { client, clock } = await start({ stepMs: 1000, refusals: { holdTwice: 409 } });
  const [source] = await client.automatic();
  const hold = () => client.share("POST", `/snapshot/${String(source?.["id"])}/hold`);
  expect((await hold()).status).toBe(201);
  expect((await hold()).status).toBe(409);
  clock.pass(1000);
  expect((await hold()).status).toBe(409);
});

test("still lists the source of a running hold when told so", async () => {
  const { client, clock } = await start({ stepMs: 1000, heldSource: "listed" });
  const [source] = await client.automatic();
  await client.share("POST", `/snapshot/${String(source?.["id"])}/hold`);
  expect(items(await client.share("GET", "/snapshot"))).toHaveLength(4);
  clock.pass(1000);
  expect(items(await client.share("GET", "/snapshot"))).toHaveLength(3);
});

test("a failed hold leaves a record to delete, and the automatic snapshot comes back", async () => {
  const { client, model } = await start();
  const [source] = await client.automatic();
  model.steer("holdSnapshot", { outcome: "failed" });
  const held = text(object(await client.share("POST", `/snapshot/${String(source?.["id"])}/hold`)), "id");
  expect(object(await client.share("GET", `/snapshot/${held}`))["status"]).toBe("manage_error");
  expect((await client.share("GET", `/snapshot/${String(source?.["id"])}`)).body).toEqual(source);
  expect((await client.share("DELETE", "")).status).toBe(409);
  expect((await client.share("DELETE", `/snapshot/${held}`)).status).toBe(202);
  expect((await client.share("POST", `/snapshot/${String(source?.["id"])}/hold`)).status).toBe(201);
});

test("rotates automatic snapshots to the policy's copies and spares held ones", async () => {
  const { client, model, simulator, clock } = await start({ schedule: false });
  const [oldest] = await client.automatic();
  const held = text(object(await client.share("POST", `/snapshot/${String(oldest?.["id"])}/hold`)), "id");
  for (let count = 0; count < 30; count += 1) {
    clock.pass(60_000);
    model.takeAutomaticSnapshot(simulator.shareId);
  }
  expect(await client.automatic()).toHaveLength(24);
  expect((await client.share("GET", `/snapshot/${held}`)).status).toBe(200);
  expect((await client.automatic()).at(-1)?.["name"]).toBe("hourly.2026-01-31_1050");
});

test("does not rotate the source of a running hold, so that it is there when the hold fails", async () => {
  const { client, model, simulator, clock } = await start({ stepMs: 3_600_000, schedule: false });
  const [oldest] = await client.automatic();
  model.steer("holdSnapshot", { outcome: "failed" });
  await client.share("POST", `/snapshot/${String(oldest?.["id"])}/hold`);
  for (let count = 0; count < 30; count += 1) model.takeAutomaticSnapshot(simulator.shareId);
  clock.pass(3_600_000);
  expect((await client.share("GET", `/snapshot/${String(oldest?.["id"])}`)).body).toEqual(oldest);
});

test("gives two automatic snapshots of one minute different names", async () => {
  const { model, simulator } = await start();
  const names = [1, 2].map(() => model.takeAutomaticSnapshot(simulator.shareId).name);
  expect(names).toEqual(["hourly.2026-01-31_1020", "hourly.2026-01-31_1020_2"]);
});

test("carries the schedule out as time passes", async () => {
  const { client, clock } = await start();
  clock.pass(39 * 60_000);
  expect(await client.automatic()).toHaveLength(3);
  clock.pass(60_000);
  expect((await client.automatic()).at(-1)?.["name"]).toBe("hourly.2026-01-31_1100");
  clock.pass(100 * 3_600_000);
  const all = await client.automatic();
  expect(all).toHaveLength(24);
  expect([all[0]?.["name"], all.at(-1)?.["name"]]).toEqual(["hourly.2026-02-03_1600", "hourly.2026-02-04_1500"]);
});

test("carries out each time of the schedule once, also when it was looked at in that very moment", async () => {
  const { client, clock } = await start();
  clock.time = Date.UTC(2026, 0, 31, 11, 0, 0);
  expect(await client.automatic()).toHaveLength(4);
  clock.pass(1000);
  expect(await client.automatic()).toHaveLength(4);
});

test("a scheduled snapshot holds the content of its time", async () => {
  const { client, model, simulator, clock } = await start();
  model.writeFile(simulator.shareId, "a.txt", "one");
  clock.pass(3_600_000);
  model.writeFile(simulator.shareId, "a.txt", "two");
  const last = (await client.automatic()).at(-1);
  expect(model.readFiles(String(last?.["id"]))["a.txt"]).toBe("one");
});

test("shows a deleted snapshot as deleting while it lasts and keeps the share until then", async () => {
  const { client, simulator, clock } = await start({ stepMs: 1000 });
  const snapshot = await client.newSnapshot(simulator.shareId);
  clock.pass(1000);
  await client.share("DELETE", `/snapshot/${snapshot}`);
  expect(object(await client.share("GET", `/snapshot/${snapshot}`))["status"]).toBe("deleting");
  expect((await client.share("DELETE", `/snapshot/${snapshot}`)).status).toBe(409);
  expect((await client.share("DELETE", "")).status).toBe(409);
  clock.pass(1000);
  expect((await client.share("GET", `/snapshot/${snapshot}`)).status).toBe(404);
  expect((await client.share("DELETE", "")).status).toBe(202);
});

test("deletes automatic snapshots but not system ones, and edits neither", async () => {
  const { client, model, simulator } = await start();
  const [automatic] = await client.automatic();
  const path = `/snapshot/${String(automatic?.["id"])}`;
  expect((await client.share("PUT", path, { name: "x" })).status).toBe(409);
  expect((await client.share("DELETE", path)).status).toBe(202);
  expect((await client.share("GET", path)).status).toBe(404);
  const system = model.takeSystemSnapshot(simulator.shareId);
  expect((await client.share("DELETE", `/snapshot/${system.id}`)).status).toBe(409);
});

test("lets a cloned snapshot go, unless told otherwise", async () => {
  for (const [clonedSnapshotDeletable, status] of [
    [true, 202],
    [false, 409],
  ] as const) {
    const { client, simulator } = await start({ clonedSnapshotDeletable });
    const snapshot = await client.newSnapshot(simulator.shareId);
    await clone(client, snapshot);
    expect((await client.share("DELETE", `/snapshot/${snapshot}`)).status).toBe(status);
  }
});

test("a parent with clones ends in error_deleting when told so", async () => {
  const { client, simulator } = await start({ clonesBlockParent: true });
  const snapshot = await client.newSnapshot(simulator.shareId);
  await clone(client, snapshot);
  await client.share("DELETE", `/snapshot/${snapshot}`);
  await client.share("DELETE", "");
  expect(object(await client.share("GET", ""))["status"]).toBe("error_deleting");
});

test("limits snapshots per share, and manual ones per service when told so", async () => {
  const { client } = await start({ snapshotsPerShare: 4 });
  expect((await client.share("POST", "/snapshot", {})).status).toBe(201);
  expect((await client.share("POST", "/snapshot", {})).status).toBe(409);
  const other = await start({ manualSnapshotsPerService: 1 });
  expect((await other.client.share("POST", "/snapshot", {})).status).toBe(201);
  const [automatic] = await other.client.automatic();
  expect((await other.client.share("POST", `/snapshot/${String(automatic?.["id"])}/hold`)).status).toBe(409);
});

test("reverts to the latest manual snapshot: content, size, and newer automatic snapshots go", async () => {
  const { client, model, simulator, clock } = await start({ stepMs: 1000 });
  model.writeFile(simulator.shareId, "a.txt", "good");
  const snapshot = await client.newSnapshot(simulator.shareId);
  clock.pass(1000);
  await client.share("POST", "/extend", { size: 150 });
  clock.pass(1000);
  model.writeFile(simulator.shareId, "a.txt", "bad");
  const newer = model.takeAutomaticSnapshot(simulator.shareId);
  const reply = await client.share("POST", "/revert", { snapshotID: snapshot });
  expect(reply.status).toBe(202);
  expect(object(await client.share("GET", ""))["status"]).toBe("reverting");
  expect(object(await client.share("GET", `/snapshot/${snapshot}`))["status"]).toBe("restoring");
  clock.pass(1000);
  expect(object(await client.share("GET", ""))).toMatchObject({ status: "available", size: 100 });
  expect(object(await client.share("GET", `/snapshot/${snapshot}`))["status"]).toBe("available");
  expect((await client.share("GET", `/snapshot/${newer.id}`)).status).toBe(404);
  expect(model.readFiles(simulator.shareId)["a.txt"]).toBe("good");
});

test("refuses to revert to older, automatic and foreign snapshots", async () => {
  const { client, simulator, clock } = await start();
  const revert = async (snapshotID: unknown) => (await client.share("POST", "/revert", { snapshotID })).status;
  const older = await client.newSnapshot(simulator.shareId);
  clock.pass(1000);
  await client.newSnapshot(simulator.shareId);
  const foreign = await client.newSnapshot(await client.newShare());
  const [automatic] = await client.automatic();
  expect(await revert(older)).toBe(409);
  expect(await revert(automatic?.["id"])).toBe(409);
  expect(await revert(foreign)).toBe(400);
  expect(await revert("no-uuid")).toBe(400);
  expect(await revert("00000000-0000-4000-8000-000000000000")).toBe(404);
});

test("a revert can fail, which leaves the content and frees the snapshot", async () => {
  const { client, model, simulator } = await start();
  const snapshot = await client.newSnapshot(simulator.shareId);
  model.writeFile(simulator.shareId, "a.txt", "kept");
  model.steer("revertShare", { outcome: "failed" });
  await client.share("POST", "/revert", { snapshotID: snapshot });
  expect(object(await client.share("GET", ""))["status"]).toBe("reverting_error");
  expect(object(await client.share("GET", `/snapshot/${snapshot}`))["status"]).toBe("available");
  expect(model.readFiles(simulator.shareId)["a.txt"]).toBe("kept");
});
