import { Agent, request } from "node:https";
import { expect, onTestFinished, test } from "vitest";
import { start } from "./fixtures";

/** What the server answers to a request that is sent byte by byte as the vendor's Python SDK sends it. */
interface Exchange {
  /** Below /json-rpc/: the SDK writes a float. */
  version: string;
  body: string;
  /** Part of the answer. */
  answer: object;
  /** Milliseconds to wait before. */
  after?: number;
}

/**
 * Recorded from solidfire-sdk-python 12.3.0.203 with `ElementFactory.create("127.0.0.1", ..., port, verify_ssl=False)` against this
 * simulator: it asks version 7.0 for the newest one, and sends neither a content type nor members that are null.
 */
const RECORDED: readonly Exchange[] = [
  {
    version: "7.0",
    body: '{"method": "GetAPI", "id": 0, "params": {}}',
    answer: { id: 0, result: { currentVersion: "12.5", supportedVersions: expect.arrayContaining(["7.0", "12.5"]) } },
  },
  {
    version: "12.5",
    body: '{"method": "CreateVolume", "id": 4, "params": {"name": "sdk-vol", "accountID": 12, "totalSize": 2000000000, "enable512e": true, "attributes": {"a": "b"}}}',
    answer: { id: 4, result: { volumeID: 2, volume: { totalSize: 2_000_683_008, status: "active" } } },
  },
  {
    version: "12.5",
    body: '{"method": "CreateSnapshot", "id": 5, "params": {"volumeID": 2, "name": "sdk-snap", "retention": "24:00:00"}}',
    answer: { result: { snapshotID: 101, checksum: "0x0", snapshot: { status: "done", volumeID: 2 } } },
  },
  {
    version: "12.5",
    body: '{"method": "CloneVolume", "id": 6, "params": {"volumeID": 2, "name": "sdk-clone", "newAccountID": 12, "snapshotID": 101, "attributes": {"token": "x"}}}',
    answer: { result: { volumeID: 3, cloneID: 501, asyncHandle: 901, volume: { status: "init" } } },
  },
  {
    version: "12.5",
    body: '{"method": "ListSyncJobs", "id": 7, "params": {}}',
    answer: { result: { syncJobs: [{ type: "clone", dstVolumeID: 3, snapshotID: 101 }] } },
  },
  {
    version: "12.5",
    body: '{"method": "GetAsyncResult", "id": 8, "params": {"asyncHandle": 901, "keepResult": true}}',
    answer: { result: { status: "running", resultType: "Clone" } },
  },
  {
    version: "12.5",
    body: '{"method": "GetAsyncResult", "id": 18, "params": {"asyncHandle": 901, "keepResult": true}}',
    answer: { result: { status: "complete", result: { volumeID: 3 } } },
    after: 1000,
  },
  {
    version: "12.5",
    body: '{"method": "ModifyVolume", "id": 21, "params": {"volumeID": 3, "access": "readOnly", "qos": {"minIOPS": 50, "maxIOPS": 200, "burstIOPS": 300}, "totalSize": 3000000000, "attributes": {"token": "y"}}}',
    answer: { result: { volume: { access: "readOnly", totalSize: 3_001_024_512, attributes: { token: "y" } } } },
  },
  {
    version: "12.5",
    body: '{"method": "AddVolumesToVolumeAccessGroup", "id": 22, "params": {"volumeAccessGroupID": 22, "volumes": [3]}}',
    answer: { result: { volumeAccessGroup: { volumes: [3] } } },
  },
  {
    version: "12.5",
    body: '{"method": "RollbackToSnapshot", "id": 25, "params": {"volumeID": 2, "snapshotID": 101, "saveCurrentState": true}}',
    answer: { result: { snapshot: { name: "sdk-snap-copy" } } },
  },
  {
    version: "12.5",
    body: '{"method": "DeleteVolume", "id": 29, "params": {"volumeID": 3}}',
    answer: { result: { volume: { status: "deleted" } } },
  },
  {
    version: "12.5",
    body: '{"method": "PurgeDeletedVolume", "id": 31, "params": {"volumeID": 3}}',
    answer: { id: 31, result: {} },
  },
  {
    version: "12.5",
    body: '{"method": "ListVolumes", "id": 32, "params": {"volumeIDs": [3]}}',
    answer: { result: { volumes: [] } },
  },
  {
    version: "12.5",
    body: '{"method": "ModifyVolume", "id": 49, "params": {"volumeID": 2, "totalSize": 1000000000}}',
    answer: { error: { code: 500, name: "xVolumeShrinkProhibited" } },
  },
  {
    version: "12.5",
    body: '{"method": "GetAccountByName", "id": 51, "params": {"username": "nobody"}}',
    answer: { id: 51, error: { code: 500, name: "xUnknownAccount", message: "xUnknownAccount" } },
  },
];

test("serves the requests of the vendor's Python SDK", async () => {
  const { simulator, client, clock } = await start({ tls: true, cloneMs: 1000 });
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  onTestFinished(() => agent.destroy());
  const headers = {
    "User-Agent": "python-requests/2.34.2",
    "Accept-Encoding": "gzip, deflate",
    Accept: "*/*",
    Connection: "keep-alive",
    Authorization: client.authorization,
  };
  const send = (version: string, body: string): Promise<{ status: number | undefined; text: string }> =>
    new Promise((resolve, reject) => {
      const sent = { method: "POST", agent, headers: { ...headers, "Content-Length": Buffer.byteLength(body) } };
      request(`${simulator.url}/json-rpc/${version}`, sent, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode, text }));
      })
        .on("error", reject)
        .end(body);
    });
  for (const { version, body, answer, after = 0 } of RECORDED) {
    clock.pass(after);
    const { status, text } = await send(version, body);
    expect([status, body, JSON.parse(text)]).toEqual([200, body, expect.objectContaining({})]);
    expect(JSON.parse(text)).toMatchObject(answer);
  }
  // its words for a version that is too new are in the page
  expect((await send("13.0", '{"method": "GetLimits", "id": 54, "params": {}}')).text).toContain("404 Not Found");
});
