import { request } from "node:https";
import { expect, test } from "vitest";
import { simulateElement } from "../../../provider/simulators";
import { items, object, start } from "./fixtures";

const LIST = JSON.stringify({ method: "ListVolumes" });

test.each(["", "Basic bm9ib2R5Om5v", "Bearer token"])(
  "answers 401 in HTML to the credentials %j",
  async (authorization) => {
    const { client } = await start();
    const reply = await client.post(LIST, undefined, { authorization });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([401, "text/html; charset=utf-8"]);
    expect(reply.text).toContain("401 Unauthorized.");
  },
);

test.each(["12.6", "13.0", "0.9", "12", "latest"])("answers 404 in HTML to version %s", async (version) => {
  const { client } = await start();
  const reply = await client.post(LIST, `/json-rpc/${version}`);
  expect(reply.status).toBe(404);
  expect(reply.text).toContain("404 Not Found");
});

test("answers 404 to other paths and 405 to other methods, and tells of them", async () => {
  const { client, simulator } = await start();
  expect((await client.post(LIST, "/other")).status).toBe(404);
  const url = `${simulator.url}/json-rpc/12.5`;
  expect((await fetch(url, { headers: { authorization: client.authorization } })).status).toBe(405);
  expect(await client.error("StartFlying")).toBe("xUnknownAPIMethod: Unknown API method=StartFlying");
  expect(simulator.unmatched).toEqual(["POST /other", "GET /json-rpc/12.5", "StartFlying"]);
});

test("takes a trailing slash and any content type, and echoes the id", async () => {
  const { client } = await start();
  for (const type of ["application/json-rpc", "application/json", "json-rpc", "text/plain"]) {
    const body = JSON.stringify({ method: "GetVolumeCount", id: type });
    const reply = await client.post(body, "/json-rpc/12.5/", { "content-type": type });
    expect(reply.body).toEqual({ id: type, result: { count: 1 } });
    expect(reply.headers.get("content-type")).toMatch(/^application\/json/);
  }
  expect((await client.post(LIST)).body["id"]).toBeNull();
  expect((await client.post(JSON.stringify({ method: "Nothing", id: 0 }))).body).toMatchObject({ id: 0 });
});

test.each([
  ["[]", /^xInvalidAPIParameter/],
  ['{"method": "ListVolumes"', /^xInvalidAPIParameter/],
  ["", /^xInvalidAPIParameter/],
  ['{"method": "ListVolumes", "params": [1]}', /^xInvalidAPIParameter/],
  ['{"params": {}}', /^xUnknownAPIMethod/],
  ['{"method": "constructor"}', /^xUnknownAPIMethod/],
])("answers an error of the API to the body %s", async (body, expected) => {
  const { client } = await start();
  const reply = await client.post(body);
  expect(reply.status).toBe(200);
  expect(object(reply.body, "error")).toMatchObject({ code: 500, name: expect.stringMatching(expected) });
});

test("ignores parameters that it does not know, and says which", async () => {
  const { client } = await start();
  const reply = await client.send("GetVolumeCount", { wrong: 1, password: "swordfish" });
  expect(reply.body).toMatchObject({ result: { count: 1 }, unusedParameters: { wrong: 1, password: "(secret)" } });
  expect((await client.send("GetVolumeCount")).body).not.toHaveProperty("unusedParameters");
});

test("takes numbers and booleans as text", async () => {
  const { client } = await start();
  const { asyncHandle } = await client.clone({ volumeID: "1", enable512e: "false" });
  expect(await client.call("GetAsyncResult", { asyncHandle: String(asyncHandle), keepResult: "true" })).toMatchObject({
    status: "complete",
  });
  expect(await client.volume(2)).toMatchObject({ enable512e: false });
});

test.each([
  ["7.4", "ListVolumes", "8.0"],
  ["5.1", "CreateSnapshot", "6.0"],
  ["8.7", "CancelClone", "9.0"],
  ["8.7", "ListAsyncResults", "9.0"],
  ["9.6", "CreateQoSPolicy", "10.0"],
  ["4.0", "AddVolumesToVolumeAccessGroup", "5.0"],
])("version %s does not know %s, %s does", async (before, method, since) => {
  const { client, simulator } = await start();
  client.version = before;
  expect(await client.error(method, {})).toBe(`xUnknownAPIMethod: Unknown API method=${method}`);
  client.version = since;
  expect(JSON.stringify((await client.send(method)).body)).not.toContain("xUnknownAPIMethod");
  expect(simulator.unmatched).toEqual([]);
});

test.each([
  ["CloneVolume", { volumeID: 1, name: "c", attributes: { a: 1 } }, "attributes", "5.1", "6.0"],
  [
    "CloneVolume",
    { volumeID: 1, name: "c", enableSnapMirrorReplication: true },
    "enableSnapMirrorReplication",
    "9.6",
    "10.0",
  ],
  ["ModifyVolume", { volumeID: 1, enableSnapMirrorReplication: true }, "enableSnapMirrorReplication", "10.0", "10.1"],
  ["ModifyVolume", { volumeID: 1, fifoSize: 3 }, "fifoSize", "12.2", "12.3"],
  ["ModifyVolume", { volumeID: 1, qosPolicyID: 31 }, "qosPolicyID", "9.6", "10.0"],
  ["CreateSnapshot", { volumeID: 1, retention: "1:00:00" }, "retention", "7.4", "8.0"],
])("%s %j: %s is unused in %s, used in %s", async (method, params, name, before, since) => {
  const { client } = await start();
  const unused = async (version: string) => {
    client.version = version;
    return Object.keys(
      object({ unusedParameters: {}, ...(await client.send(method, params)).body }, "unusedParameters"),
    );
  };
  expect(await unused(before)).toEqual([name]);
  expect(await unused(since)).toEqual([]);
});

test("an administrator does what the access types grant, and the trap of the type volumes", async () => {
  const { client, model } = await start({ adminAccess: ["volumes"] });
  await client.clone();
  const denied = async (method: string, params = {}) =>
    JSON.stringify((await client.send(method, params)).body).includes("xPermissionDenied");
  expect(await denied("GetAsyncResult", { asyncHandle: 901 })).toBe(true);
  expect(await denied("ListSyncJobs")).toBe(true);
  expect(await denied("ModifyVolume", { volumeID: 1 })).toBe(true);
  expect(await denied("ListVolumes")).toBe(true);
  expect(await denied("GetAPI")).toBe(false);
  model.adminAccess = ["reporting"];
  expect([await denied("ListSyncJobs"), await denied("GetAsyncResult")]).toEqual([false, true]);
  model.adminAccess = ["volumes", "read", "write"];
  const used = ["GetAsyncResult", "ListSyncJobs", "ListVolumes", "ListSnapshots", "ModifyVolume", "CancelClone"];
  for (const method of used) expect([method, await denied(method)]).toEqual([method, false]);
  expect(await client.error("GetAccountByName", { username: "test" })).toMatch(/^xPermissionDenied/);
  model.adminAccess = ["administrator"];
  expect(await denied("GetAccountByName", { username: "test" })).toBe(false);
  const strict = await start({ adminAccess: ["volumes", "read", "write"], unlistedMethods: "administrator" });
  expect(await strict.client.error("ListVolumes")).toMatch(/^xPermissionDenied/);
});

test("tells of each call, without secrets", async () => {
  const seen: string[] = [];
  const { client, simulator } = await start({ onCall: (call) => void seen.push(`${call.httpStatus} ${call.method}`) });
  await client.call("AddAccount", { username: "new", initiatorSecret: "abcdefghijkl", targetSecret: "mnopqrstuvwx" });
  await client.error("DeleteVolume", { volumeID: 99 });
  expect(simulator.calls).toEqual([
    {
      method: "AddAccount",
      params: { username: "new", initiatorSecret: "(secret)", targetSecret: "(secret)" },
      version: "12.5",
      httpStatus: 200,
      at: Date.UTC(2026, 0, 31, 10, 20, 30),
    },
    expect.objectContaining({ method: "DeleteVolume", params: { volumeID: 99 }, error: "xVolumeIDDoesNotExist" }),
  ]);
  expect(seen).toEqual(["200 AddAccount", "200 DeleteVolume"]);
});

test("starts with a production volume, accounts and groups; empty without the volume", async () => {
  const { simulator, client } = await start();
  const { ELEMENT_ENDPOINT, ELEMENT_USERNAME, ELEMENT_PASSWORD, ...ids } = simulator.environment;
  expect([ELEMENT_ENDPOINT, ELEMENT_USERNAME, ELEMENT_PASSWORD]).toEqual([
    simulator.url,
    simulator.credentials.username,
    simulator.credentials.password,
  ]);
  expect(ids).toEqual({
    HOLDFAST_ELEMENT_VOLUME: "1",
    HOLDFAST_ELEMENT_ACCOUNT: "12",
    HOLDFAST_ELEMENT_ACCESS_GROUP: "22",
  });
  expect(await client.volume(1)).toMatchObject({ name: "database", accountID: 11, volumeAccessGroups: [21] });
  const empty = await start({ empty: true });
  expect(empty.simulator.environment).not.toHaveProperty("HOLDFAST_ELEMENT_VOLUME");
  expect(items(await empty.client.call("ListVolumes"), "volumes")).toEqual([]);
});

test.each([
  [{ apiVersion: "newest" }, /apiVersion must look like "12.5"/],
  [{ clusterUniqueID: "toolong" }, /clusterUniqueID must be four/],
])("does not start with %j", async (options, message) => {
  await expect(simulateElement(options)).rejects.toThrow(message);
});

/** The status of a call over TLS, for whoever trusts this certificate. */
const secure = (url: string, ca: string | undefined, authorization: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const options = { method: "POST", agent: false, headers: { authorization }, ...(ca === undefined ? {} : { ca }) };
    request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end(LIST);
  });

test("speaks TLS with a certificate for 127.0.0.1 and localhost that nobody trusts by itself", async () => {
  const { simulator, client } = await start({ tls: true });
  expect(simulator.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const url = `${simulator.url}/json-rpc/12.5`;
  expect(await secure(url, simulator.caCert, client.authorization)).toBe(200);
  expect(await secure(url.replace("127.0.0.1", "localhost"), simulator.caCert, client.authorization)).toBe(200);
  await expect(secure(url, undefined, client.authorization)).rejects.toThrow(/self-signed certificate/);
  const other = await start({ tls: true });
  await expect(secure(url, other.simulator.caCert, client.authorization)).rejects.toThrow();
  expect((await start()).simulator.caCert).toBeUndefined();
});

test("tells its own time in each answer, which is not this machine's", async () => {
  const { client } = await start({ now: () => Date.UTC(2031, 4, 5, 6, 7, 8) });
  for (const version of ["12.5", "99.0"]) {
    const reply = await client.post(LIST, `/json-rpc/${version}`);
    expect(reply.headers.get("date")).toBe("Mon, 05 May 2031 06:07:08 GMT");
  }
});
