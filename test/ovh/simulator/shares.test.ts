import { expect, test } from "vitest";
import { items, object, start, text } from "./fixtures";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const share = { protocol: "NFS", size: 100 };

test("lists the one service with its quota and IAM data", async () => {
  const { client, simulator } = await start({ quotaGiB: 2048 });
  const [service, ...others] = items(await client.call("GET", "/storage/netapp"));
  expect(others).toEqual([]);
  expect(service).toMatchObject({ id: simulator.serviceName, quota: 2048, status: "running" });
  expect(service?.["iam"]).toMatchObject({ urn: `urn:v1:eu:resource:storageNetApp:${simulator.serviceName}` });
  expect((await client.service("GET", "")).body).toEqual(service);
});

test("renames the service and shows its network", async () => {
  const { client } = await start();
  expect(object(await client.service("PUT", "", { name: "renamed" }))["name"]).toBe("renamed");
  const [brief] = items(await client.service("GET", "/network"));
  expect(Object.keys(brief ?? {})).toEqual(["id"]);
  const network = object(await client.service("GET", `/network/${String(brief?.["id"])}`));
  expect(network["status"]).toBe("associated");
});

test("answers a creation with 201 and the pending state; the next read shows it available", async () => {
  const { client } = await start();
  const created = await client.service("POST", "/share", { ...share, name: "a" });
  expect(created.status).toBe(201);
  expect(object(created)).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: "a",
    description: null,
    protocol: "NFS",
    size: 100,
    snapshotID: "",
    mountPointName: null,
    accessMode: "rw",
    createdAt: "2026-01-31T10:20:30.000Z",
    status: "creating",
  });
  const after = await client.service("GET", `/share/${text(object(created), "id")}`);
  expect(after.body).toEqual({ ...object(created), status: "available" });
});

test("ignores unknown and read-only fields", async () => {
  const { client } = await start();
  const body = { ...share, id: UNKNOWN, status: "error", accessMode: "ro", createdAt: "1970-01-01", color: "red" };
  const created = object(await client.service("POST", "/share", body));
  expect(created).toMatchObject({ status: "creating", accessMode: "rw" });
  expect(created["id"]).not.toBe(UNKNOWN);
  expect(created).not.toHaveProperty("color");
});

test("refuses read-only fields when told so", async () => {
  const { client } = await start({ readOnlyFields: "refused" });
  expect((await client.service("POST", "/share", { ...share, status: "error" })).status).toBe(400);
  expect((await client.service("POST", "/share", share)).status).toBe(201);
});

test.each([
  ["a size below 100 GiB", { ...share, size: 99 }],
  ["a fractional size", { ...share, size: 100.5 }],
  ["a size in quotes", { ...share, size: "100" }],
  ["no size", { protocol: "NFS" }],
  ["a null size", { ...share, size: null }],
  ["no protocol", { size: 100 }],
  ["an unknown protocol", { ...share, protocol: "CIFS" }],
  ["a name that is no text", { ...share, name: 7 }],
  ["a name of 256 characters", { ...share, name: "x".repeat(256) }],
  ["a mount point name with a slash", { ...share, mountPointName: "a/b" }],
  ["a list instead of an object", [share]],
])("refuses %s with 400 and makes nothing", async (_, body) => {
  const { client, model } = await start();
  const reply = await client.service("POST", "/share", body);
  expect([reply.status, object(reply)["class"]]).toEqual([400, "Client::BadRequest"]);
  expect(model.shares).toHaveLength(1);
});

test("refuses a malformed id with 400 and an unknown one with 404", async () => {
  const { client } = await start();
  expect((await client.service("GET", "/share/not-a-uuid")).status).toBe(400);
  for (const path of [`/share/${UNKNOWN}`, `/share/${UNKNOWN}/snapshot`, `/snapshotPolicy/${UNKNOWN}`]) {
    const reply = await client.service("GET", path);
    expect([reply.status, object(reply)["class"]]).toEqual([404, "Client::NotFound"]);
  }
  expect((await client.call("GET", `/storage/netapp/${UNKNOWN}/share`)).status).toBe(404);
});

test("does not find a share through another service", async () => {
  const { client, model, simulator } = await start();
  const other = model.addService("other");
  expect((await client.call("GET", `/storage/netapp/${other.id}/share/${simulator.shareId}`)).status).toBe(404);
  expect((await client.call("GET", `/storage/netapp/${other.id}/share`)).body).toEqual([]);
});

test("lists nothing but ids without detail=true", async () => {
  const { client, simulator } = await start();
  expect((await client.service("GET", "/share")).body).toEqual([{ id: simulator.shareId }]);
  expect((await client.service("GET", "/share?detail=false")).body).toEqual([{ id: simulator.shareId }]);
  const [detailed] = items(await client.service("GET", "/share?detail=true"));
  expect(detailed).toEqual(object(await client.share("GET", "")));
});

test("lists the other fields as null when told so", async () => {
  const { client, simulator } = await start({ briefLists: "null" });
  const [brief] = items(await client.service("GET", "/share"));
  expect(brief).toMatchObject({ id: simulator.shareId, name: null, size: null, status: null, snapshotID: null });
});

test("filters by the exact mount point name, which is unique and shows in the access path", async () => {
  const { client } = await start();
  const id = await client.newShare({ mountPointName: "data" });
  await client.newShare({ mountPointName: "data2" });
  expect((await client.service("GET", "/share?mountPointName=data")).body).toEqual([{ id }]);
  expect((await client.service("GET", "/share?mountPointName=dat")).body).toEqual([]);
  const [path] = items(await client.service("GET", `/share/${id}/accessPath`));
  expect(path?.["path"]).toMatch(/^10\.\d+\.\d+\.\d+:\/data$/);
  expect((await client.service("POST", "/share", { ...share, mountPointName: "data" })).status).toBe(409);
});

test("shows access paths once the share is available, exactly one of them preferred", async () => {
  const { client, clock } = await start({ stepMs: 1000 });
  const id = await client.newShare();
  expect((await client.service("GET", `/share/${id}/accessPath`)).body).toEqual([]);
  clock.pass(1000);
  const paths = items(await client.service("GET", `/share/${id}/accessPath`));
  expect(paths.filter((path) => path["preferred"] === true)).toHaveLength(1);
  expect(paths[0]?.["path"]).toMatch(/^10\.\d+\.\d+\.\d+:\/share_[0-9a-f]{32}$/);
  const one = await client.service("GET", `/share/${id}/accessPath/${String(paths[0]?.["id"])}`);
  expect(one.body).toEqual(paths[0]);
});

test("changes name and description only; an empty text clears, null leaves", async () => {
  const { client } = await start();
  const id = await client.newShare({ name: "a", description: "b" });
  const first = object(await client.service("PUT", `/share/${id}`, { name: "c", size: 500, description: null }));
  expect(first).toMatchObject({ name: "c", description: "b", size: 100 });
  const second = object(await client.service("PUT", `/share/${id}`, { description: "" }));
  expect(second).toMatchObject({ name: "c", description: "" });
});

test("extends to an absolute size after the pending state", async () => {
  const { client, clock } = await start({ stepMs: 5000 });
  const extended = await client.share("POST", "/extend", { size: 150 });
  expect([extended.status, extended.body]).toEqual([202, null]);
  expect(object(await client.share("GET", ""))).toMatchObject({ status: "extending", size: 100 });
  clock.pass(4999);
  expect(object(await client.share("GET", ""))["status"]).toBe("extending");
  clock.pass(1);
  expect(object(await client.share("GET", ""))).toMatchObject({ status: "available", size: 150 });
});

test("refuses to extend in the wrong direction, to the same size, or while busy", async () => {
  const { client } = await start({ stepMs: 1000 });
  expect((await client.share("POST", "/extend", { size: 100 })).status).toBe(400);
  expect((await client.share("POST", "/shrink", { size: 100 })).status).toBe(400);
  await client.share("POST", "/extend", { size: 150 });
  const busy = await client.share("POST", "/extend", { size: 200 });
  expect([busy.status, object(busy)["class"]]).toEqual([409, "Client::Conflict"]);
  expect((await client.share("POST", "/snapshot", {})).status).toBe(409);
});

test("shrinks, but not below the minimum", async () => {
  const { client } = await start();
  const id = await client.newShare({ size: 300 });
  expect((await client.service("POST", `/share/${id}/shrink`, { size: 99 })).status).toBe(400);
  expect((await client.service("POST", `/share/${id}/shrink`, { size: 200 })).status).toBe(202);
  expect(object(await client.service("GET", `/share/${id}`))["size"]).toBe(200);
});

test("counts nominal sizes against the quota, extensions and clones included", async () => {
  const { client, model, simulator } = await start({ quotaGiB: 400 });
  const id = await client.newShare({ size: 200 });
  const snapshot = await client.newSnapshot(simulator.shareId);
  const full = await client.service("POST", "/share", { ...share, size: 101 });
  expect(full.status).toBe(409);
  expect(object(full)["message"]).toMatch(/quota/i);
  expect((await client.service("POST", `/share/${id}/extend`, { size: 301 })).status).toBe(409);
  expect((await client.service("POST", "/share", { ...share, size: 101, snapshotID: snapshot })).status).toBe(409);
  expect((await client.service("POST", "/share", { ...share, snapshotID: snapshot })).status).toBe(201);
  expect(model.freeQuotaGiB(simulator.serviceName)).toBe(0);
});

test("reserves the larger size while an extension runs", async () => {
  const { client, model, simulator } = await start({ quotaGiB: 400, stepMs: 1000 });
  await client.share("POST", "/extend", { size: 300 });
  expect(model.freeQuotaGiB(simulator.serviceName)).toBe(100);
});

test("limits the shares per TiB when told so", async () => {
  const { client } = await start({ quotaGiB: 1024, sharesPerTiB: 2 });
  await client.newShare();
  expect((await client.service("POST", "/share", share)).status).toBe(409);
});

test("limits the size of a share when told so", async () => {
  const { client } = await start({ quotaGiB: 10_240, largestShareGiB: 500 });
  expect((await client.service("POST", "/share", { ...share, size: 501 })).status).toBe(409);
  const id = await client.newShare({ size: 500 });
  expect((await client.service("POST", `/share/${id}/extend`, { size: 501 })).status).toBe(409);
});

test.each([
  ["available", 202],
  ["error", 202],
  ["inactive", 202],
  ["extending_error", 409],
  ["shrinking_error", 409],
  ["shrinking_possible_data_loss_error", 409],
  ["reverting_error", 409],
  ["error_deleting", 409],
  ["creating_from_snapshot", 409],
  ["migrating", 409],
] as const)("answers the deletion of a share that is %s with %i", async (status, expected) => {
  const { client, model, simulator } = await start();
  model.setStatus(simulator.shareId, status);
  expect((await client.share("DELETE", "")).status).toBe(expected);
});

test("refuses shares and access rules while the network is not configured", async () => {
  const { client, model, simulator } = await start();
  model.setNetworkStatus(simulator.serviceName, "to_configure");
  expect((await client.service("POST", "/share", share)).status).toBe(409);
  expect((await client.share("POST", "/acl", { accessTo: "10.1.0.1", accessLevel: "ro" })).status).toBe(409);
  model.setNetworkStatus(simulator.serviceName, "associated");
  expect((await client.service("POST", "/share", share)).status).toBe(201);
});

test("refuses changes on a suspended service with 460 and still answers reads", async () => {
  const { client, model, simulator } = await start();
  model.setServiceStatus(simulator.serviceName, "suspended");
  expect((await client.service("POST", "/share", share)).status).toBe(460);
  expect((await client.share("DELETE", "")).status).toBe(460);
  expect((await client.share("GET", "")).status).toBe(200);
});

test("shows deleting while it lasts, then 404", async () => {
  const { client, clock } = await start({ stepMs: 1000, showDeleted: true });
  expect((await client.share("DELETE", "")).status).toBe(202);
  expect(object(await client.share("GET", ""))["status"]).toBe("deleting");
  expect((await client.share("DELETE", "")).status).toBe(409);
  clock.pass(1000);
  expect(object(await client.share("GET", ""))["status"]).toBe("deleted");
  clock.pass(1000);
  expect((await client.share("GET", "")).status).toBe(404);
  expect((await client.share("DELETE", "")).status).toBe(404);
});

test("deletes automatic and system snapshots with their share", async () => {
  const { client, model, simulator } = await start();
  model.takeSystemSnapshot(simulator.shareId);
  expect((await client.share("DELETE", "")).status).toBe(202);
  expect((await client.share("GET", "")).status).toBe(404);
  expect(model.snapshots).toEqual([]);
});

test.each(["available", "creating", "deleting", "error", "error_deleting", "manage_starting", "manage_error"])(
  "keeps a share that has a manual snapshot in state %s",
  async (status) => {
    const { client, model, simulator } = await start();
    const snapshot = await client.newSnapshot(simulator.shareId);
    model.setStatus(snapshot, status);
    const reply = await client.share("DELETE", "");
    expect([reply.status, object(reply)["class"]]).toEqual([409, "Client::Conflict"]);
    expect(object(await client.share("GET", ""))["status"]).toBe("available");
  },
);

test.each([400, 403] as const)("answers conflicts with %i when told so", async (conflictStatus) => {
  const { client, simulator } = await start({ conflictStatus, refusals: { holdNotAutomatic: 422 } });
  const snapshot = await client.newSnapshot(simulator.shareId);
  expect((await client.share("DELETE", "")).status).toBe(conflictStatus);
  expect((await client.share("POST", `/snapshot/${snapshot}/hold`)).status).toBe(422);
});

test.each([
  ["stuck", "creating"],
  ["failed", "error"],
] as const)("a creation that is %s shows %s for good", async (outcome, status) => {
  const { client, model, clock } = await start({ stepMs: 10 });
  model.steer("createShare", { outcome });
  const id = await client.newShare();
  clock.pass(86_400_000);
  expect(object(await client.service("GET", `/share/${id}`))["status"]).toBe(status);
  const next = await client.newShare();
  clock.pass(10);
  expect(object(await client.service("GET", `/share/${next}`))["status"]).toBe("available");
});

test("a stuck operation ends when it is released", async () => {
  const { client, model } = await start();
  model.steer("createShare", { outcome: "stuck" });
  const id = await client.newShare();
  model.release(id);
  expect(object(await client.service("GET", `/share/${id}`))["status"]).toBe("available");
});

test("shows a state that nobody documented for as many reads as wanted", async () => {
  const { client, model } = await start();
  model.steer("createShare", { first: "warming_up", firstReads: 2 });
  const id = await client.newShare();
  const states = [];
  for (let count = 0; count < 3; count += 1) {
    states.push(object(await client.service("GET", `/share/${id}`))["status"]);
  }
  expect(states).toEqual(["warming_up", "warming_up", "available"]);
});

test("a resize can fail, lose its effect, or stop for fear of data loss", async () => {
  const { client, model, simulator } = await start();
  const status = async () => {
    const { status, size } = object(await client.share("GET", ""));
    return [status, size];
  };
  model.steer("extendShare", { outcome: "unchanged" });
  await client.share("POST", "/extend", { size: 200 });
  expect(await status()).toEqual(["available", 100]);
  model.steer("extendShare", { outcome: "failed" });
  await client.share("POST", "/extend", { size: 200 });
  expect(await status()).toEqual(["extending_error", 100]);
  expect((await client.share("POST", "/extend", { size: 200 })).status).toBe(409);
  model.setStatus(simulator.shareId, "available");
  await client.share("POST", "/extend", { size: 200 });
  model.steer("shrinkShare", { outcome: "failed", status: "shrinking_possible_data_loss_error" });
  await client.share("POST", "/shrink", { size: 150 });
  expect(await status()).toEqual(["shrinking_possible_data_loss_error", 200]);
  expect((await client.share("POST", "/shrink", { size: 180 })).status).toBe(202);
  expect(await status()).toEqual(["available", 180]);
});

test("a deletion can fail", async () => {
  const { client, model } = await start();
  model.steer("deleteShare", { outcome: "failed" });
  await client.share("DELETE", "");
  expect(object(await client.share("GET", ""))["status"]).toBe("error_deleting");
});

test("takes an access rule through its states and away again", async () => {
  const { client, clock } = await start({ stepMs: 1000 });
  const created = await client.share("POST", "/acl", { accessTo: "10.1.0.1/32", accessLevel: "ro" });
  expect(created.status).toBe(201);
  const rule = object(created);
  expect(rule).toMatchObject({ accessTo: "10.1.0.1/32", accessLevel: "ro", accessType: "ip" });
  const path = `/acl/${text(rule, "id")}`;
  const states = [rule["status"]];
  for (let count = 0; count < 2; count += 1) {
    clock.pass(1000);
    states.push(object(await client.share("GET", path))["status"]);
  }
  expect(states).toEqual(["queued_to_apply", "applying", "active"]);
  expect((await client.share("DELETE", path)).status).toBe(202);
  expect(object(await client.share("GET", path))["status"]).toBe("queued_to_deny");
  clock.pass(2000);
  expect((await client.share("GET", path)).status).toBe(404);
});

test("refuses a second rule for an address, a seventeenth rule, and what is no address", async () => {
  const { client } = await start();
  const add = async (accessTo: unknown, accessLevel = "rw") =>
    (await client.share("POST", "/acl", { accessTo, accessLevel })).status;
  for (const wrong of ["10.1.0.256", "10.1.0.0/33", "example.org", "::1", "", 7]) expect(await add(wrong)).toBe(400);
  expect(await add("10.1.0.1", "rwx")).toBe(400);
  expect(await add("10.1.0.1")).toBe(201);
  expect(await add("10.1.0.1", "ro")).toBe(409);
  // one rule exists from the start
  for (let host = 2; host <= 15; host += 1) expect(await add(`10.1.0.${host}`)).toBe(201);
  expect(await add("10.1.0.16")).toBe(409);
});

test("a rule in error holds up the others until it is deleted", async () => {
  const { client, model } = await start();
  model.steer("createAclRule", { outcome: "failed" });
  const bad = text(object(await client.share("POST", "/acl", { accessTo: "10.1.0.1", accessLevel: "rw" })), "id");
  const good = text(object(await client.share("POST", "/acl", { accessTo: "10.1.0.2", accessLevel: "rw" })), "id");
  expect(object(await client.share("GET", `/acl/${bad}`))["status"]).toBe("error");
  expect(object(await client.share("GET", `/acl/${good}`))["status"]).toBe("queued_to_apply");
  await client.share("DELETE", `/acl/${bad}`);
  expect((await client.share("GET", `/acl/${bad}`)).status).toBe(404);
  expect(object(await client.share("GET", `/acl/${good}`))["status"]).toBe("active");
});

test("answers calls without a result in every form when told so", async () => {
  const { client } = await start({ voidAnswer: "rotate" });
  const forms = [];
  for (const size of [110, 120, 130, 140]) {
    const reply = await client.share("POST", "/extend", { size });
    forms.push([reply.status, reply.text]);
  }
  expect(forms).toEqual([
    [200, ""],
    [202, ""],
    [204, ""],
    [202, "null"],
  ]);
});

test("keeps the two published success codes when all others become 200", async () => {
  const { client, simulator } = await start({ successStatus: "200", empty: false });
  expect((await client.service("POST", "/share", share)).status).toBe(201);
  const created = await client.share("POST", "/snapshot", {});
  expect(created.status).toBe(200);
  const snapshotID = text(object(created), "id");
  expect((await client.share("POST", "/revert", { snapshotID })).status).toBe(202);
  expect((await client.service("DELETE", `/share/${simulator.shareId}/snapshot/${snapshotID}`)).status).toBe(200);
});
