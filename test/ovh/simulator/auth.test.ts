import { expect, test } from "vitest";
import { Client, object, read, sign, start, text } from "./fixtures";

const services = "/storage/netapp";

test("tells its time in whole seconds without credentials", async () => {
  const { simulator, clock } = await start();
  const reply = await read(await fetch(`${simulator.url}/auth/time`));
  expect(reply.text).toBe(String(Math.floor(clock.time / 1000)));
});

test("accepts a signature over the address with its port", async () => {
  const { client } = await start();
  expect((await client.call("GET", services)).status).toBe(200);
});

test("accepts a signature over the https address without its port, as the vendor's Node client makes it", async () => {
  const { simulator, client, clock } = await start();
  const { applicationSecret, consumerKey } = simulator.credentials;
  const time = Math.floor(clock.time / 1000);
  const headers = {
    ...client.headers("GET", "", ""),
    "x-ovh-signature": sign(applicationSecret, consumerKey, "GET", "https://127.0.0.1/1.0/storage/netapp", "", time),
  };
  expect((await fetch(simulator.url + services, { headers })).status).toBe(200);
});

test("verifies the raw bytes of the body, not their meaning", async () => {
  const { simulator, client } = await start();
  const url = `${simulator.url}/storage/netapp/${simulator.serviceName}/share`;
  const headers = client.headers("POST", url, '{"protocol":"NFS","size":100,"name":"é"}');
  const send = async (body: string) => read(await fetch(url, { method: "POST", headers, body }));
  const spaced = await send('{"protocol": "NFS","size":100,"name":"é"}');
  expect([spaced.status, object(spaced)["errorCode"]]).toEqual([400, "INVALID_SIGNATURE"]);
  expect((await send('{"protocol":"NFS","size":100,"name":"é"}')).status).toBe(201);
});

test("refuses a wrong signature in the older error shape", async () => {
  const { simulator, client } = await start();
  const headers = { ...client.headers("GET", "", ""), "x-ovh-signature": "$1$0000" };
  const reply = await read(await fetch(simulator.url + services, { headers }));
  expect(reply.status).toBe(400);
  expect(reply.body).toEqual({
    errorCode: "INVALID_SIGNATURE",
    httpCode: "400 Bad Request",
    message: "Invalid signature",
  });
});

test("does not care about the signature when told so, but still about the keys", async () => {
  const { simulator, client } = await start({ checkSignatures: false });
  const headers = { ...client.headers("GET", "", ""), "x-ovh-signature": "" };
  expect((await fetch(simulator.url + services, { headers })).status).toBe(200);
  const unknown = { ...headers, "x-ovh-consumer": "unknown" };
  expect((await fetch(simulator.url + services, { headers: unknown })).status).toBe(403);
});

test.each([
  [30_000, 200],
  [31_000, 400],
  [-30_000, 200],
  [-31_000, 400],
])("a timestamp that is %i ms off is answered with %i", async (offset, status) => {
  const { simulator, clock } = await start();
  const late = new Client(simulator, () => clock.time + offset);
  expect((await late.call("GET", services)).status).toBe(status);
});

test("lets the server's clock run ahead, for clients that must ask for the time", async () => {
  const { simulator, client, clock } = await start({ clockSkewMs: 3_600_000 });
  const served = Number(await (await fetch(`${simulator.url}/auth/time`)).text());
  expect(served).toBe(Math.floor(clock.time / 1000) + 3600);
  expect((await client.call("GET", services)).status).toBe(400);
  const synchronized = new Client(simulator, () => served * 1000);
  expect((await synchronized.call("GET", services)).status).toBe(200);
});

test.each([
  ["x-ovh-application", "unknown", "INVALID_KEY"],
  ["x-ovh-consumer", "unknown", "NOT_CREDENTIAL"],
  ["x-ovh-consumer", "", "NOT_CREDENTIAL"],
  ["x-ovh-application", "", "NOT_CREDENTIAL"],
])("refuses %s = '%s' with 403 %s", async (header, value, errorCode) => {
  const { simulator, client } = await start();
  const headers = { ...client.headers("GET", "", ""), [header]: value };
  const reply = await read(await fetch(simulator.url + services, { headers }));
  expect([reply.status, object(reply)["errorCode"]]).toEqual([403, errorCode]);
});

test("refuses a revoked consumer key", async () => {
  const { simulator, client, model } = await start();
  model.credentials.expireConsumerKey(simulator.credentials.consumerKey);
  const reply = await client.call("GET", services);
  expect([reply.status, object(reply)["errorCode"]]).toEqual([403, "INVALID_CREDENTIAL"]);
});

test("refuses a call that the consumer key's rules do not cover", async () => {
  const { simulator, client, model } = await start();
  model.credentials.restrict(simulator.credentials.consumerKey, [{ method: "GET", path: "/storage/netapp/*" }]);
  expect((await client.service("GET", "")).status).toBe(200);
  const reply = await client.service("POST", "/share", { protocol: "NFS", size: 100 });
  expect([reply.status, object(reply)["errorCode"]]).toEqual([403, "NOT_GRANTED_CALL"]);
  expect(model.shares).toHaveLength(1);
});

test("a requested consumer key works only after its page was opened", async () => {
  const { simulator, clock } = await start();
  const { applicationKey, applicationSecret } = simulator.credentials;
  const request = await fetch(`${simulator.url}/auth/credential`, {
    method: "POST",
    headers: { "x-ovh-application": applicationKey },
    body: JSON.stringify({ accessRules: [{ method: "GET", path: "/storage/*" }] }),
  });
  const granted = object(await read(request));
  expect(granted["state"]).toBe("pendingValidation");
  const consumerKey = text(granted, "consumerKey");
  const time = Math.floor(clock.time / 1000);
  const url = simulator.url + services;
  const headers = {
    "x-ovh-application": applicationKey,
    "x-ovh-consumer": consumerKey,
    "x-ovh-timestamp": String(time),
    "x-ovh-signature": sign(applicationSecret, consumerKey, "GET", url, "", time),
  };
  const before = await read(await fetch(url, { headers }));
  expect([before.status, object(before)["errorCode"]]).toEqual([403, "INVALID_CREDENTIAL"]);
  await fetch(text(granted, "validationUrl"));
  expect((await fetch(url, { headers })).status).toBe(200);
});

const tokenCall = async (tokenUrl: string, form: Record<string, string>, basic?: [string, string]) => {
  const headers = basic && { authorization: `Basic ${Buffer.from(basic.join(":")).toString("base64")}` };
  const init = { method: "POST", body: new URLSearchParams(form) };
  return read(await fetch(tokenUrl, headers ? { ...init, headers } : init));
};

test("gives a token for client credentials in HTTP Basic, which works until it expires", async () => {
  const { simulator, clock } = await start();
  const { tokenUrl, clientId, clientSecret } = simulator.credentials;
  const grant = { grant_type: "client_credentials", scope: "all" };
  const answer = object(await tokenCall(tokenUrl, grant, [clientId, clientSecret]));
  expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 3599, scope: "all" });
  const headers = { authorization: `Bearer ${text(answer, "access_token")}` };
  expect((await fetch(simulator.url + services, { headers })).status).toBe(200);
  clock.pass(3_599_000);
  const expired = await read(await fetch(simulator.url + services, { headers }));
  expect([expired.status, object(expired)["errorCode"]]).toEqual([401, "INVALID_CREDENTIAL"]);
});

test("gives a token for client credentials in the form", async () => {
  const { simulator } = await start();
  const { tokenUrl, clientId, clientSecret } = simulator.credentials;
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  expect((await tokenCall(tokenUrl, form)).status).toBe(200);
});

test("refuses wrong client credentials with 401 and other grants with 400", async () => {
  const { simulator } = await start();
  const { tokenUrl, clientId, clientSecret } = simulator.credentials;
  const wrong = await tokenCall(tokenUrl, { grant_type: "client_credentials" }, [clientId, "wrong"]);
  expect([wrong.status, object(wrong)["error"]]).toEqual([401, "invalid_client"]);
  const other = await tokenCall(tokenUrl, { grant_type: "password" }, [clientId, clientSecret]);
  expect(other.status).toBe(400);
});

test("accepts the ready-made access token under both branches", async () => {
  const { simulator } = await start();
  const headers = { authorization: `Bearer ${simulator.credentials.accessToken}` };
  for (const branch of ["/1.0", "/v1"]) {
    const url = simulator.url.replace("/1.0", branch) + services;
    expect((await fetch(url, { headers })).status).toBe(200);
  }
  const details = await read(await fetch(`${simulator.url}/auth/details`, { headers }));
  expect(object(details)["account"]).toEqual(expect.any(String));
});

test("names the missing IAM action in the newer error shape", async () => {
  const { client, model } = await start({ deniedActions: ["share/create"] });
  const reply = await client.service("POST", "/share", { protocol: "NFS", size: 100 });
  expect(reply.status).toBe(403);
  expect(reply.body).toEqual({
    class: "Client::Forbidden",
    message: expect.any(String),
    details: {
      unauthorizedActionsByAuthentication: "",
      unauthorizedActionsByIAM: "storageNetApp:apiovh:share/create",
    },
  });
  model.deniedActions.delete("share/create");
  expect((await client.service("POST", "/share", { protocol: "NFS", size: 100 })).status).toBe(201);
});

test("gives every answer a request id of its own", async () => {
  const { simulator, client } = await start();
  const ids = [
    (await client.call("GET", services)).headers.get("x-ovh-queryid"),
    (await fetch(`${simulator.url}/nothing`)).headers.get("x-ovh-queryid"),
    (await fetch(`${simulator.url}/auth/time`)).headers.get("x-ovh-queryid"),
  ];
  expect(ids.every((id) => /^[\w-]+(\.[\w-]+){3,}$/.test(id ?? ""))).toBe(true);
  expect(new Set(ids).size).toBe(3);
});
