import { expect, test } from "vitest";
import { items, object, read, start, text } from "./fixtures";

const body = { protocol: "NFS", size: 100 };

test("answers with an ordered status a number of times, then normally", async () => {
  const { client, simulator } = await start();
  const path = "/storage/netapp/{serviceName}/share/{shareId}";
  const fault = { kind: "status", status: 429, retryAfter: 7 } as const;
  simulator.faults.add({ method: "get", path, times: 2, fault });
  for (let count = 0; count < 2; count += 1) {
    const reply = await client.share("GET", "");
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "7"]);
  }
  expect((await client.share("GET", "")).status).toBe(200);
});

test("leaves calls with another method or path alone", async () => {
  const { client, simulator } = await start();
  const fault = { kind: "status", status: 500 } as const;
  simulator.faults.add({ method: "POST", path: /\/share$/, fault });
  expect((await client.service("GET", "/share")).status).toBe(200);
  expect((await client.share("POST", "/snapshot", {})).status).toBe(201);
  expect((await client.service("POST", "/share", body)).status).toBe(500);
});

test("skips the first calls when told so, and can be taken back", async () => {
  const { client, simulator } = await start();
  const remove = simulator.faults.add({ skip: 1, times: Infinity, fault: { kind: "status", status: 503 } });
  const statuses = [];
  for (let count = 0; count < 3; count += 1) statuses.push((await client.share("GET", "")).status);
  remove();
  statuses.push((await client.share("GET", "")).status);
  expect(statuses).toEqual([200, 503, 503, 200]);
});

test("sends a gateway's HTML page, without effect or after it", async () => {
  const { client, simulator, model } = await start();
  const page = { kind: "status", status: 502, html: "<html>Bad Gateway</html>" } as const;
  simulator.faults.add({ fault: page });
  const before = await client.service("POST", "/share", body);
  expect([before.status, before.text]).toEqual([502, "<html>Bad Gateway</html>"]);
  expect(before.headers.get("content-type")).toBe("text/html");
  expect(model.shares).toHaveLength(1);
  simulator.faults.add({ fault: { ...page, afterEffect: true } });
  expect((await client.service("POST", "/share", body)).status).toBe(502);
  expect(model.shares).toHaveLength(2);
});

test("resets the connection before the effect or after it, and records no status", async () => {
  const { client, simulator, model } = await start();
  simulator.faults.add({ fault: { kind: "dropBefore" } });
  await expect(client.service("POST", "/share", body)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  expect(model.shares).toHaveLength(1);
  simulator.faults.add({ fault: { kind: "dropAfter" } });
  await expect(client.service("POST", "/share", body)).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  expect(model.shares).toHaveLength(2);
  expect(simulator.calls.map((call) => call.status)).toEqual([0, 0]);
});

test("a slow answer comes late but its effect at once", async () => {
  const { client, simulator, model } = await start();
  simulator.faults.add({ fault: { kind: "slow", ms: 500 } });
  let answered = false;
  const reply = client.service("POST", "/share", body).finally(() => {
    answered = true;
  });
  await expect.poll(() => model.shares.length, { interval: 5 }).toBe(2);
  expect(answered).toBe(false);
  expect((await reply).status).toBe(201);
});

test("breaks an answer off half-way", async () => {
  const { client, simulator, model } = await start();
  simulator.faults.add({ fault: { kind: "truncated" } });
  await expect(client.service("POST", "/share", body)).rejects.toThrow(TypeError);
  expect(model.shares).toHaveLength(2);
});

test("takes a permission away for one call, by default the one it needs", async () => {
  const { client, simulator } = await start();
  simulator.faults.add({ fault: { kind: "missingPermission" } });
  const reply = await client.share("POST", "/revert", { snapshotID: "x" });
  expect([reply.status, object(reply)["details"]]).toEqual([
    403,
    {
      unauthorizedActionsByAuthentication: "",
      unauthorizedActionsByIAM: "storageNetApp:apiovh:share/revertToSnapshot",
    },
  ]);
});

test("lets a rotation come between list and hold", async () => {
  const { client, simulator, model } = await start();
  const [oldest] = await client.automatic();
  const id = String(oldest?.["id"]);
  simulator.faults.add({ path: /\/hold$/, fault: { kind: "interfere", run: () => model.rotateAway(id) } });
  expect((await client.share("POST", `/snapshot/${id}/hold`)).status).toBe(404);
});

test("faults reach the authentication calls too", async () => {
  const { simulator } = await start();
  simulator.faults.add({ path: "/auth/time", fault: { kind: "status", status: 500 } });
  expect((await fetch(`${simulator.url}/auth/time`)).status).toBe(500);
  simulator.faults.add({ path: "/auth/oauth2/token", fault: { kind: "status", status: 503 } });
  expect((await fetch(simulator.credentials.tokenUrl, { method: "POST" })).status).toBe(503);
});

test("a clock that is off is refused as such, for signed calls only, and not within the tolerance", async () => {
  const { client, simulator } = await start();
  for (const [seconds, status] of [
    [31, 400],
    [-31, 400],
    [30, 200],
  ] as const) {
    simulator.faults.add({ fault: { kind: "clockSkew", seconds } });
    const reply = await client.share("GET", "");
    expect(reply.status).toBe(status);
    if (status === 400) expect(object(reply)["errorCode"]).toBe("QUERY_TIME_OUT");
  }
  simulator.faults.add({ fault: { kind: "clockSkew", seconds: 3600 } });
  const headers = { authorization: `Bearer ${simulator.credentials.accessToken}` };
  expect((await fetch(`${simulator.url}/storage/netapp`, { headers })).status).toBe(200);
  expect((await fetch(`${simulator.url}/auth/time`)).status).toBe(200);
  expect(simulator.faults.pending).toHaveLength(1);
  expect((await client.call("GET", "/auth/details")).status).toBe(400);
  expect(simulator.faults.pending).toEqual([]);
});

test("a consumer key counts as expired for one call, without effect", async () => {
  const { client, simulator, model } = await start();
  simulator.faults.add({ fault: { kind: "expiredToken" } });
  const reply = await client.service("POST", "/share", body);
  expect([reply.status, reply.body]).toEqual([
    403,
    { errorCode: "INVALID_CREDENTIAL", httpCode: "403 Forbidden", message: expect.any(String) },
  ]);
  expect(model.shares).toHaveLength(1);
  expect((await client.service("POST", "/share", body)).status).toBe(201);
});

test("an expired bearer token stays useless, and a new one works", async () => {
  const { simulator } = await start();
  const { tokenUrl, clientId, clientSecret, accessToken } = simulator.credentials;
  const newToken = async (): Promise<string> => {
    const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
    return text(
      object(await read(await fetch(tokenUrl, { method: "POST", body: new URLSearchParams(form) }))),
      "access_token",
    );
  };
  const call = async (token: string) =>
    read(await fetch(`${simulator.url}/storage/netapp`, { headers: { authorization: `Bearer ${token}` } }));
  const first = await newToken();
  simulator.faults.add({ fault: { kind: "expiredToken" } });
  const second = await newToken(); // asking for a token needs none
  const refused = await call(first);
  expect([refused.status, object(refused)["errorCode"]]).toEqual([401, "INVALID_CREDENTIAL"]);
  expect((await call(first)).status).toBe(401);
  expect((await call(second)).status).toBe(200);
  simulator.faults.add({ fault: { kind: "expiredToken" } });
  expect((await call(accessToken)).status).toBe(401);
  expect((await call(accessToken)).status).toBe(200);
});

test.each([
  ["broken JSON", '{"id":', "application/json; charset=utf-8"],
  ["an empty body", "", undefined],
  ["a page", "<html>Please log in</html>", "text/html"],
])("answers a call that was carried out with %s", async (_, content, contentType) => {
  const { client, simulator, model } = await start();
  const type = contentType === "text/html" ? { contentType } : {};
  simulator.faults.add({ fault: { kind: "body", text: content, ...type } });
  const reply = await client.service("POST", "/share", body);
  expect([reply.status, reply.text]).toEqual([201, content]);
  if (contentType !== undefined) expect(reply.headers.get("content-type")).toBe(contentType);
  expect(model.shares).toHaveLength(2);
});

test("shows a value that nobody knows, leaves a field out, and adds one, in single answers and in lists", async () => {
  const { client, simulator } = await start();
  const before = object(await client.share("GET", ""));
  const change = [
    { path: "/status", value: "hibernating" },
    { path: "/size" },
    { path: "/tier", value: { name: "gold" } },
  ];
  simulator.faults.add({ fault: { kind: "mutate", change } });
  const { size: _, ...others } = before;
  expect((await client.share("GET", "")).body).toEqual({ ...others, status: "hibernating", tier: { name: "gold" } });
  const everywhere = [{ path: "/*/type", value: null }, { path: "/1" }];
  simulator.faults.add({ fault: { kind: "mutate", change: everywhere } });
  const listed = items(await client.share("GET", "/snapshot?detail=true"));
  expect(listed.map(({ name, type }) => [name, type])).toEqual([
    ["hourly.2026-01-31_0800", null],
    ["hourly.2026-01-31_1000", null],
  ]);
  simulator.faults.add({ fault: { kind: "mutate", change: [{ path: "", value: [] }] } });
  expect((await client.share("GET", "")).body).toEqual([]);
  expect((await client.share("GET", "")).body).toEqual(before);
});

test("changes an answer by a function, but never a refusal", async () => {
  const { client, simulator } = await start();
  const change = (answer: unknown) => ({ wrapped: answer });
  simulator.faults.add({ times: 2, fault: { kind: "mutate", change } });
  expect(object(await client.service("GET", ""))).toMatchObject({ wrapped: { id: simulator.serviceName } });
  const refused = await client.service("GET", "/share/00000000-0000-4000-8000-000000000000");
  expect(object(refused)).toMatchObject({ class: "Client::NotFound" });
});

test.each(["/nothing", "/id/deeper", "/*/status"])(
  "says so when a change at %s does not fit the answer",
  async (path) => {
    const { client, simulator } = await start();
    simulator.faults.add({ fault: { kind: "mutate", change: [{ path }] } });
    const reply = await client.share("GET", "");
    expect([reply.status, object(reply)["message"]]).toEqual([500, `The change at "${path}" does not fit the answer`]);
  },
);

test("lets an answer stall half-way and go on", async () => {
  const { client, simulator, model } = await start();
  simulator.faults.add({ fault: { kind: "stalled", ms: 300 } });
  const began = performance.now();
  const response = await fetch(`${simulator.url}/auth/time`);
  const parts: string[] = [];
  for await (const part of response.body ?? []) parts.push(Buffer.from(part).toString());
  expect(performance.now() - began).toBeGreaterThan(290);
  expect(parts).toHaveLength(2);
  expect(parts.join("")).toMatch(/^\d{10}$/);
  simulator.faults.add({ fault: { kind: "stalled", ms: 1 } });
  expect((await client.service("POST", "/share", body)).status).toBe(201);
  expect(model.shares).toHaveLength(2);
});

test("breaks an answer without a body off in its head", async () => {
  const { client, simulator } = await start({ voidAnswer: "204" });
  simulator.faults.add({ fault: { kind: "truncated" } });
  await expect(client.share("POST", "/extend", { size: 150 })).rejects.toThrow(TypeError);
  expect(object(await client.share("GET", ""))["size"]).toBe(150);
});

test("tells which faults still wait", async () => {
  const { client, simulator } = await start();
  const order = { method: "GET", skip: 1, times: 2, fault: { kind: "status", status: 503 } } as const;
  simulator.faults.add(order);
  expect(simulator.faults.pending).toEqual([{ id: 1, order, skip: 1, left: 2 }]);
  for (const left of [[{ skip: 0, left: 2 }], [{ skip: 0, left: 1 }], []]) {
    await client.share("GET", "");
    expect(simulator.faults.pending).toMatchObject(left);
    expect(simulator.faults.pending).toHaveLength(left.length);
  }
});

test("a fault is not ordered for a path that makes no sense", async () => {
  const { simulator } = await start();
  expect(() => simulator.faults.add({ path: "/{id}/{id}", fault: { kind: "dropBefore" } })).toThrow(/[Dd]uplicate/);
  expect(simulator.faults.pending).toEqual([]);
});
