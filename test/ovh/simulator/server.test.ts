import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { simulateOvh } from "../../../provider/simulators";
import { Clock, items, object, read, start } from "./fixtures";

const HEADERS = { "x-holdfast-simulator": "1" };

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "simulator-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

test("names what a program needs to find it", async () => {
  const { simulator } = await start();
  expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/1\.0$/);
  expect(simulator.environment).toEqual({
    OVH_ENDPOINT: simulator.url,
    OVH_APPLICATION_KEY: simulator.credentials.applicationKey,
    OVH_APPLICATION_SECRET: simulator.credentials.applicationSecret,
    OVH_CONSUMER_KEY: simulator.credentials.consumerKey,
    HOLDFAST_OVH_SERVICE: simulator.serviceName,
    HOLDFAST_OVH_SHARE: simulator.shareId,
  });
});

test("answers an unknown call with 501 and records it", async () => {
  const { client, simulator } = await start();
  const reply = await client.service("POST", "/shareReplication", {});
  expect([reply.status, object(reply)["class"]]).toEqual([501, "Server::NotImplemented"]);
  expect((await client.call("PATCH", "/me?x=1", {})).status).toBe(501);
  expect((await fetch(simulator.url.replace("/1.0", "/v2/iam/policy"))).status).toBe(501);
  expect(simulator.unmatched).toEqual([
    `POST /1.0/storage/netapp/${simulator.serviceName}/shareReplication`,
    "PATCH /1.0/me",
    "GET /v2/iam/policy",
  ]);
});

test("records calls with path, query, status and time, its own side calls excepted", async () => {
  const { client, simulator, clock } = await start();
  await client.service("GET", "/share?detail=true");
  await fetch(`${simulator.url}/auth/time`);
  await fetch(simulator.url.replace("/1.0", "/simulator/calls"), { headers: HEADERS });
  expect(simulator.calls).toEqual([
    {
      method: "GET",
      path: `/1.0/storage/netapp/${simulator.serviceName}/share`,
      query: "detail=true",
      status: 200,
      at: clock.time,
    },
    { method: "GET", path: "/1.0/auth/time", query: "", status: 200, at: clock.time },
  ]);
});

test("starts without a share when told so", async () => {
  const { client, simulator } = await start({ empty: true });
  expect((await client.service("GET", "/share")).body).toEqual([]);
  expect(simulator.shareId).toBe("");
});

test("parses JSON whatever the content type says, and refuses what is no JSON", async () => {
  const { simulator } = await start();
  const url = `${simulator.url}/storage/netapp/${simulator.serviceName}/share`;
  const headers = { authorization: `Bearer ${simulator.credentials.accessToken}`, "content-type": "text/plain" };
  const post = async (body: string) => (await fetch(url, { method: "POST", headers, body })).status;
  expect(await post('{"protocol":"NFS","size":100}')).toBe(201);
  expect(await post("protocol=NFS&size=100")).toBe(400);
  expect(await post("")).toBe(400);
  expect(await post(`"${"x".repeat(1_100_000)}"`)).toBe(413);
});

test("gives other processes files, automatic snapshots, the clock and the course of operations", async () => {
  const { client, simulator, model } = await start();
  const side = async (method: string, path: string, body?: string) => {
    const url = simulator.url.replace("/1.0", `/simulator${path}`);
    return read(
      await fetch(url, body === undefined ? { method, headers: HEADERS } : { method, headers: HEADERS, body }),
    );
  };
  const share = `/shares/${simulator.shareId}`;
  expect((await side("PUT", `${share}/files/dir/a%20b.txt`, "content")).status).toBe(204);
  expect(object(await side("GET", `${share}/files`))["dir/a b.txt"]).toBe("content");
  const taken = await side("POST", `${share}/automatic-snapshots`);
  expect([taken.status, object(taken)["type"]]).toEqual([201, "automatic"]);
  await side("PUT", `${share}/files/dir/a%20b.txt`, "changed");
  const snapshot = `/snapshots/${String(object(taken)["id"])}`;
  expect((await side("GET", `${snapshot}/files/dir/a%20b.txt`)).text).toBe("content");
  expect((await side("GET", `${share}/files/nothing`)).status).toBe(404);
  expect((await side("GET", "/shares/nothing/files")).status).toBe(404);
  expect((await side("POST", "/clock", '{"advanceMs":3600000}')).body).toEqual({ now: "2026-01-31T11:20:30.000Z" });
  expect((await client.automatic()).at(-1)?.["name"]).toBe("hourly.2026-01-31_1100");
  expect((await side("POST", "/steering", '{"kind":"createShare","outcome":"stuck"}')).status).toBe(204);
  const id = await client.newShare();
  expect(object(await client.service("GET", `/share/${id}`))["status"]).toBe("creating");
  expect((await side("POST", `/objects/${id}/release`)).status).toBe(204);
  expect(object(await client.service("GET", `/share/${id}`))["status"]).toBe("available");
  expect((await side("POST", "/steering", '{"kind":"nothing"}')).status).toBe(400);
  expect((await side("GET", "/unmatched")).body).toEqual([]);
  expect(items(await side("GET", "/calls"))).toHaveLength(simulator.calls.length);
  expect(model.readFiles(simulator.shareId)["dir/a b.txt"]).toBe("changed");
});

test("keeps web pages away from its side calls", async () => {
  const { simulator } = await start();
  const url = simulator.url.replace("/1.0", "/simulator/calls");
  expect((await fetch(url)).status).toBe(403);
  const rebound = await new Promise<number | undefined>((resolve, reject) => {
    const call = request(url, { headers: { ...HEADERS, host: "evil.example" } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.once("error", reject).end();
  });
  expect(rebound).toBe(403);
});

test("listens on loopback only, and close ends open connections", async () => {
  const simulator = await simulateOvh();
  simulator.faults.add({ fault: { kind: "slow", ms: 60_000 } });
  const slow = fetch(`${simulator.url}/auth/time`);
  await expect.poll(() => simulator.calls.length).toBe(1);
  await simulator.close();
  await simulator.close();
  await expect(slow).rejects.toThrow();
  await expect(fetch(`${simulator.url}/auth/time`)).rejects.toThrow();
});

test("keeps the whole state in a file that only its owner can read", async () => {
  const folder = temporaryFolder();
  const stateFile = join(folder, "state.json");
  const clock = new Clock();
  const first = await start({ stateFile, now: clock.now, stepMs: 1000 });
  first.model.writeFile(first.simulator.shareId, "a.txt", "content");
  const snapshot = await first.client.newSnapshot(first.simulator.shareId, { name: "kept" });
  await first.simulator.close();
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["state.json"]);
  clock.pass(1000);
  const second = await start({ stateFile, now: clock.now, stepMs: 1000 });
  const { tokenUrl: _, ...credentials } = first.simulator.credentials;
  expect(second.simulator.credentials).toMatchObject(credentials);
  expect(second.simulator.serviceName).toBe(first.simulator.serviceName);
  expect(second.simulator.shareId).toBe(first.simulator.shareId);
  const restored = object(await second.client.share("GET", `/snapshot/${snapshot}`));
  expect(restored).toMatchObject({ name: "kept", status: "available" });
  expect(second.model.readFiles(second.simulator.shareId)["a.txt"]).toBe("content");
  expect(second.model.readFiles(snapshot)["a.txt"]).toBe("content");
});

test("reads a state file of a version that knew neither used space nor the administration of services", async () => {
  const stateFile = join(temporaryFolder(), "state.json");
  const first = await start({ stateFile });
  const snapshot = await first.client.newSnapshot(first.simulator.shareId);
  await first.simulator.close();
  const stored = JSON.parse(readFileSync(stateFile, "utf8"));
  for (const service of stored.services) {
    delete service.progress;
    delete service.administration;
  }
  for (const record of [...stored.shares, ...stored.snapshots]) delete record.usedGiB;
  writeFileSync(stateFile, JSON.stringify(stored));

  const { client, simulator, model } = await start({ stateFile });
  expect([...model.shares, ...model.snapshots].map((record) => record.usedGiB)).toEqual([0, 0, 0, 0, 0]);
  const infos = object(await client.service("GET", "/serviceInfos"));
  expect(infos).toMatchObject({ contactAdmin: "simulated-ovh", renew: { automatic: true } });
  await client.share("POST", "/extend", { size: 200 });
  expect((await client.share("POST", "/shrink", { size: 150 })).status).toBe(202);
  expect(object(await client.share("GET", ""))).toMatchObject({ status: "available", size: 150 });
  expect((await client.share("POST", "/revert", { snapshotID: snapshot })).status).toBe(202);
  await simulator.close();
  const again = await start({ stateFile });
  const serviceId = object(await again.client.service("GET", "/serviceInfos"))["serviceId"];
  expect(serviceId).toBe(infos["serviceId"]);
});

test("starts again on a state file whose first service was terminated", async () => {
  const stateFile = join(temporaryFolder(), "state.json");
  const first = await start({ stateFile });
  await first.client.service("POST", "/terminate");
  const token = first.model.services[0]?.administration.termination?.token;
  expect((await first.client.service("POST", "/confirmTermination", { token })).status).toBe(200);
  expect((await first.client.service("GET", "")).status).toBe(404);
  await first.simulator.close();
  const { client } = await start({ stateFile });
  expect((await client.call("GET", "/storage/netapp")).body).toEqual([]);
});

test("writes each change at once and narrows a wider mode", async () => {
  const stateFile = join(temporaryFolder(), "state.json");
  writeFileSync(stateFile, "");
  chmodSync(stateFile, 0o644);
  const { client } = await start({ stateFile });
  const id = await client.newShare();
  expect(readFileSync(stateFile, "utf8")).toContain(id);
  expect(statSync(stateFile).mode & 0o777).toBe(0o600);
});

test.each([
  ["{", /not valid JSON/],
  ["[]", /not written by this simulator/],
  ['{"format":"holdfast-ovh-simulator","version":99}', /version 99/],
  ['{"format":"holdfast-ovh-simulator","version":1}', /part of it is missing/],
])("refuses the state file %s, names it and leaves it alone", async (content, reason) => {
  const stateFile = join(temporaryFolder(), "state.json");
  writeFileSync(stateFile, content);
  await expect(simulateOvh({ stateFile })).rejects.toThrow(reason);
  await expect(simulateOvh({ stateFile })).rejects.toThrow(`State file ${stateFile} cannot be used`);
  expect(readFileSync(stateFile, "utf8")).toBe(content);
});

test("does not start on a state file that cannot be written", async () => {
  const stateFile = join(temporaryFolder(), "missing", "state.json");
  await expect(simulateOvh({ stateFile })).rejects.toThrow(`State file ${stateFile} cannot be written`);
});

test("refuses a change when somebody else has written the state file, and the change has no effect", async () => {
  const stateFile = join(temporaryFolder(), "state.json");
  const { client, simulator, model } = await start({ stateFile });
  const kept = await client.newSnapshot(simulator.shareId, { name: "kept" });
  const before = items(await client.share("GET", "/snapshot?detail=true"));
  writeFileSync(stateFile, "somebody else's");

  const replies = [
    await client.share("POST", "/snapshot", {}),
    await client.share("PUT", `/snapshot/${kept}`, { name: "changed" }),
    await client.share("DELETE", `/snapshot/${kept}`),
    await client.service("POST", "/share", { protocol: "NFS", size: 100 }),
  ];

  for (const reply of replies) {
    expect(reply.status).toBe(500);
    expect(reply.text).toContain("changed by someone else");
  }
  expect(() => model.writeFile(simulator.shareId, "a.txt", "changed")).toThrow("changed by someone else");
  expect(() => model.advanceClock(1)).toThrow("changed by someone else");
  expect(items(await client.share("GET", "/snapshot?detail=true"))).toEqual(before);
  expect(model.shares).toHaveLength(1);
  expect(model.readFiles(simulator.shareId)).not.toHaveProperty(["a.txt"]);
  expect(readFileSync(stateFile, "utf8")).toBe("somebody else's");
});

test("refuses a second start on a state file, naming the file and the other process", async () => {
  const stateFile = join(temporaryFolder(), "state.json");
  const { simulator } = await start({ stateFile });
  expect(readFileSync(`${stateFile}.lock`, "utf8").trim()).toBe(`${process.pid}`);
  expect(statSync(`${stateFile}.lock`).mode & 0o777).toBe(0o600);
  await expect(simulateOvh({ stateFile })).rejects.toThrow(
    new RegExp(`^State file ${stateFile} is in use by another simulator, process ${process.pid}\\. .*$`),
  );
  await simulator.close();
  await start({ stateFile });
});

test("gives the state file back when it can't start", async () => {
  const folder = temporaryFolder();
  const stateFile = join(folder, "state.json");
  const { simulator } = await start();
  const port = Number(new URL(simulator.url).port);
  await expect(simulateOvh({ stateFile, port })).rejects.toThrow("EADDRINUSE");
  expect(readdirSync(folder)).toEqual(["state.json"]);
});

test.each([
  ["has died", () => spawnSync(process.execPath, ["-e", ""]).pid],
  ["had the number that this one has now", () => process.pid],
])("takes a state file over from a process that %s", async (_, former) => {
  const stateFile = join(temporaryFolder(), "state.json");
  writeFileSync(`${stateFile}.lock`, `${former()}\n`);
  await start({ stateFile });
  expect(readFileSync(`${stateFile}.lock`, "utf8").trim()).toBe(`${process.pid}`);
});

test("leaves a state file to a process that lives", async () => {
  const stateFile = join(temporaryFolder(), "state.json");
  writeFileSync(`${stateFile}.lock`, `${process.ppid}\n`);
  await expect(simulateOvh({ stateFile })).rejects.toThrow(`process ${process.ppid}`);
});
