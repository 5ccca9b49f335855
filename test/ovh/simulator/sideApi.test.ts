import { expect, test } from "vitest";
import { items, object, read, start, text } from "./fixtures";

/** A simulator and its own calls, as another process makes them. */
const prepare = async (options: Parameters<typeof start>[0] = {}) => {
  const world = await start(options);
  const side = async (method: string, path: string, body?: unknown) => {
    const url = world.simulator.url.replace("/1.0", `/simulator${path}`);
    const init = { method, headers: { "x-holdfast-simulator": "1" } };
    return read(await fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) }));
  };
  return { ...world, side };
};

const SHARE = "/storage/netapp/{serviceName}/share/{shareId}";

test("orders faults by template or expression, lists those that wait, and takes them back", async () => {
  const { client, side, simulator } = await prepare();
  const ordered = await side("POST", "/faults", {
    method: "get",
    path: SHARE,
    skip: 1,
    times: 2,
    fault: { kind: "status", status: 429, retryAfter: 2 },
  });
  expect([ordered.status, ordered.body]).toEqual([
    201,
    { id: 1, method: "get", path: SHARE, skip: 1, left: 2, kind: "status" },
  ]);
  await side("POST", "/faults", { pathRegex: "snapshot$", times: "always", fault: { kind: "status", status: 503 } });
  const seen = async () => {
    const reply = await client.share("GET", "");
    return [reply.status, reply.headers.get("retry-after")];
  };
  expect(await seen()).toEqual([200, null]);
  expect(await seen()).toEqual([429, "2"]);
  expect((await client.share("GET", "/snapshot")).status).toBe(503);
  expect((await side("GET", "/faults")).body).toEqual([
    { id: 1, method: "get", path: SHARE, skip: 0, left: 1, kind: "status" },
    { id: 2, pathRegex: "snapshot$", skip: 0, left: "always", kind: "status" },
  ]);
  expect((await side("DELETE", "/faults/2")).status).toBe(204);
  expect((await side("DELETE", "/faults/2")).status).toBe(404);
  expect((await client.share("GET", "/snapshot")).status).toBe(200);
  expect((await side("DELETE", "/faults")).status).toBe(204);
  expect(await seen()).toEqual([200, null]);
  expect(simulator.faults.pending).toEqual([]);
});

test.each([
  [{ kind: "dropBefore" }, "ECONNRESET"],
  [{ kind: "dropAfter" }, "ECONNRESET"],
  [{ kind: "truncated" }, "UND_ERR_SOCKET"],
])("another process can order %j", async (fault, code) => {
  const { client, side } = await prepare();
  expect((await side("POST", "/faults", { fault })).status).toBe(201);
  const failed = await client.share("GET", "").catch((error: unknown) => error);
  expect(failed).toMatchObject({ cause: { code } });
});

test.each([
  [{ kind: "status", status: 502, html: "<html></html>", afterEffect: true }, 502, "<html></html>"],
  [{ kind: "status", status: 409, body: { class: "Client::Conflict", message: "no" } }, 409, /"no"/],
  [{ kind: "slow", ms: 1 }, 202, "null"],
  [{ kind: "stalled", ms: 1 }, 202, "null"],
  [{ kind: "body", text: "{" }, 202, "{"],
  [{ kind: "body", text: "<html></html>", contentType: "text/html" }, 202, "<html></html>"],
  [{ kind: "mutate", change: [{ path: "", value: { status: "odd" } }] }, 202, /odd/],
  [{ kind: "missingPermission" }, 403, /share\/extend/],
  [{ kind: "missingPermission", action: "share/get" }, 403, /share\/get/],
  [{ kind: "clockSkew", seconds: -100 }, 400, /QUERY_TIME_OUT/],
  [{ kind: "expiredToken" }, 403, /INVALID_CREDENTIAL/],
])("another process can order %j", async (fault, status, content) => {
  const { client, side } = await prepare();
  expect((await side("POST", "/faults", { fault })).status).toBe(201);
  const reply = await client.share("POST", "/extend", { size: 150 });
  expect(reply.status).toBe(status);
  expect(reply.text).toMatch(content);
});

test.each([
  ["no fault", {}],
  ["an unknown kind", { fault: { kind: "explode" } }],
  ["a misspelt member", { fault: { kind: "slow", millis: 5 } }],
  ["a member of another kind", { fault: { kind: "dropAfter", ms: 5 } }],
  ["a status that is none", { fault: { kind: "status", status: 42 } }],
  ["a negative time", { fault: { kind: "slow", ms: -1 } }],
  ["no times", { times: 0, fault: { kind: "dropAfter" } }],
  ["a broken expression", { pathRegex: "(", fault: { kind: "dropAfter" } }],
  ["two paths", { path: "/a", pathRegex: "a", fault: { kind: "dropAfter" } }],
  ["an unknown member", { route: "/a", fault: { kind: "dropAfter" } }],
  ["a change without a path", { fault: { kind: "mutate", change: [{ value: 1 }] } }],
  ["a change whose path is no pointer", { fault: { kind: "mutate", change: [{ path: "status" }] } }],
  ["no changes", { fault: { kind: "mutate", change: [] } }],
  ["an interference that is no call", { fault: { kind: "interfere", call: { method: "POST", path: "/simulator/x" } } }],
  ["a list", []],
])("refuses a fault order with %s", async (_, body) => {
  const { side, simulator } = await prepare();
  const reply = await side("POST", "/faults", body);
  expect([reply.status, object(reply)["class"]]).toEqual([400, "Client::BadRequest"]);
  expect(simulator.faults.pending).toEqual([]);
});

test("lets a rotation come between list and hold, ordered by another process", async () => {
  const { client, side } = await prepare();
  const [oldest] = await client.automatic();
  const path = `/simulator/snapshots/${String(oldest?.["id"])}/rotate-away`;
  await side("POST", "/faults", {
    path: `${SHARE}/snapshot/{snapshotId}/hold`,
    times: 2,
    fault: { kind: "interfere", call: { method: "post", path } },
  });
  const hold = () => client.share("POST", `/snapshot/${String(oldest?.["id"])}/hold`);
  expect((await hold()).status).toBe(404);
  const again = await hold();
  expect([again.status, object(again)["message"]]).toEqual([
    500,
    expect.stringMatching(/^The fault's own call POST .*rotate-away failed/),
  ]);
});

test("denies and allows actions, in short or in full", async () => {
  const { client, side, model } = await prepare({ deniedActions: ["share/edit"] });
  const reply = await side("POST", "/permissions", { deny: ["share/get", "storageNetApp:apiovh:share/delete"] });
  expect([reply.status, reply.body]).toEqual([
    200,
    {
      deniedActions: ["share/edit", "share/get", "share/delete"].map((action) => `storageNetApp:apiovh:${action}`),
    },
  ]);
  expect((await client.share("GET", "")).status).toBe(403);
  await side("POST", "/permissions", { allow: ["storageNetApp:apiovh:share/edit", "share/get"] });
  expect((await client.share("GET", "")).status).toBe(200);
  expect((await client.share("DELETE", "")).status).toBe(403);
  expect((await side("POST", "/permissions", { deny: ["share/destroy"] })).status).toBe(400);
  expect((await side("POST", "/permissions", { deny: "share/get" })).status).toBe(400);
  expect(model.deniedActions.size).toBe(1);
});

test("sets states, of a share, a rule, a service and a network", async () => {
  const { client, side, simulator, model } = await prepare();
  const share = `/objects/${simulator.shareId}/status`;
  expect((await side("POST", share, { status: "extending_error" })).status).toBe(204);
  expect(object(await client.share("GET", ""))["status"]).toBe("extending_error");
  const [rule] = items(await client.share("GET", "/acl"));
  await side("POST", `/objects/${String(rule?.["id"])}/status`, { status: "error" });
  expect(items(await client.share("GET", "/acl"))[0]?.["status"]).toBe("error");
  await side("POST", `/services/${simulator.serviceName}/network-status`, { status: "to_configure" });
  expect(items(await client.service("GET", "/network?detail=true"))[0]?.["status"]).toBe("to_configure");
  await side("POST", `/objects/${simulator.serviceName}/status`, { status: "suspended" });
  expect((await client.share("DELETE", "")).status).toBe(460);
  expect((await side("POST", share, {})).status).toBe(400);
  expect((await side("POST", "/objects/nothing/status", { status: "error" })).status).toBe(404);
  expect((await side("POST", "/services/nothing/network-status", { status: "associated" })).status).toBe(404);
  expect(model.services[0]?.status).toBe("suspended");
});

test("releases a termination that is stuck", async () => {
  const { client, side, simulator, model } = await prepare();
  model.steer("terminateService", { outcome: "stuck" });
  await client.service("POST", "/terminate");
  const services = object(await side("GET", "/state"))["services"];
  const token = items({ status: 0, body: services, text: "", headers: new Headers() })[0]?.["terminationToken"];
  await client.service("POST", "/confirmTermination", { token });
  expect(object(await client.service("GET", ""))["status"]).toBe("deleting");
  expect((await side("POST", `/objects/${simulator.serviceName}/release`)).status).toBe(204);
  expect((await client.service("GET", "")).status).toBe(404);
});

test("takes system snapshots, rotates snapshots away, adds services, and lets contacts agree", async () => {
  const { client, side, simulator } = await prepare();
  const taken = await side("POST", `/shares/${simulator.shareId}/system-snapshots`, { name: "backup" });
  expect([taken.status, object(taken)]).toMatchObject([201, { type: "system", name: "backup" }]);
  const path = `/snapshot/${text(object(taken), "id")}`;
  expect((await client.share("GET", path)).body).toEqual(taken.body);
  expect((await side("POST", `/snapshots/${text(object(taken), "id")}/rotate-away`)).status).toBe(204);
  expect((await client.share("GET", path)).status).toBe(404);
  const added = await side("POST", "/services", { name: "second", quotaGiB: 2048 });
  expect([added.status, object(added)]).toMatchObject([201, { name: "second", quota: 2048 }]);
  expect(items(await client.call("GET", "/storage/netapp"))).toHaveLength(2);
  expect((await side("POST", "/services", { name: "third", quotaGiB: 99 })).status).toBe(400);
  expect((await side("POST", "/services", {})).status).toBe(400);
  expect((await side("POST", `/services/${simulator.serviceName}/tags`, { env: "prod" })).status).toBe(204);
  expect(object(await client.service("GET", ""))).toMatchObject({ iam: { tags: { env: "prod" } } });
  expect((await side("POST", `/services/${simulator.serviceName}/tags`, { env: 1 })).status).toBe(400);
  await client.service("POST", "/changeContact", { contactTech: "tech-ovh" });
  expect((await side("POST", `/services/${simulator.serviceName}/accept-contacts`)).status).toBe(204);
  expect(object(await client.service("GET", "/serviceInfos"))["contactTech"]).toBe("tech-ovh");
});

test("sets the used space within the share's size", async () => {
  const { client, side, simulator, model } = await prepare();
  const used = (usedGiB: unknown) => side("POST", `/shares/${simulator.shareId}/used`, { usedGiB });
  await client.share("POST", "/extend", { size: 200 });
  expect((await used(150.5)).status).toBe(204);
  expect(model.shares[0]?.usedGiB).toBe(150.5);
  for (const wrong of [-1, 201, "100", null]) expect((await used(wrong)).status).toBe(400);
  await client.share("POST", "/shrink", { size: 120 });
  expect(object(await client.share("GET", ""))["status"]).toBe("shrinking_possible_data_loss_error");
});

test("shows the state with what the API hides, without credentials and without moving anything on", async () => {
  const { side, simulator, model, client } = await prepare();
  model.setUsedGiB(simulator.shareId, 30);
  model.steer("createSnapshot", { first: "warming_up", firstReads: 1 });
  const snapshot = await client.newSnapshot(simulator.shareId, { name: "mine" });
  const look = async () => object(await side("GET", "/state"));
  const first = await look();
  expect(await look()).toEqual(first);
  expect(first).toMatchObject({
    services: [
      { id: simulator.serviceName, freeQuota: 10_140, terminationToken: null, network: { status: "associated" } },
    ],
    shares: [{ id: simulator.shareId, serviceName: simulator.serviceName, size: 100, usedGiB: 30, rules: [{}] }],
    snapshotPolicies: [{ isDefault: true }, { name: "hourly" }],
  });
  expect(first["snapshots"]).toContainEqual(
    expect.objectContaining({ id: snapshot, shareId: simulator.shareId, status: "warming_up", size: 100, usedGiB: 30 }),
  );
  expect(object(await client.share("GET", `/snapshot/${snapshot}`))["status"]).toBe("warming_up");
  expect(object(await client.share("GET", `/snapshot/${snapshot}`))["status"]).toBe("available");
  const shown = JSON.stringify(first);
  const { tokenUrl: _, ...secrets } = simulator.credentials;
  for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
});

test("asks for its header at every call of its own", async () => {
  const { simulator } = await prepare();
  for (const [method, path] of [
    ["GET", "state"],
    ["POST", "faults"],
    ["DELETE", "faults"],
    ["POST", "permissions"],
    ["POST", "services"],
  ] as const) {
    expect((await fetch(simulator.url.replace("1.0", `simulator/${path}`), { method })).status).toBe(403);
  }
});
