import { expect, test } from "vitest";
import { object, start } from "./fixtures";

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
