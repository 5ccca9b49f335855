import { expect, test } from "vitest";
import { simulate } from "../../../provider/cli/simulate";
import { simulateOvh } from "../../../provider/simulators";
import { type Client, read, start } from "./fixtures";

const throttled = (requestsPerSecond: number) => start({ requestsPerSecond });

const statuses = async (client: Client, count: number): Promise<number[]> => {
  const seen: number[] = [];
  for (let call = 0; call < count; call += 1) seen.push((await client.service("GET", "")).status);
  return seen;
};

test("takes any number of calls unless told otherwise", async () => {
  const { client } = await start();
  expect(new Set(await statuses(client, 50))).toEqual(new Set([200]));
});

test("refuses with 429 what is more than the number in any second, and takes calls again as time passes", async () => {
  const { client, clock } = await throttled(3);
  expect(await statuses(client, 2)).toEqual([200, 200]);
  clock.pass(900);
  expect(await statuses(client, 2)).toEqual([200, 429]);
  clock.pass(99);
  expect(await statuses(client, 1)).toEqual([429]);
  clock.pass(1);
  expect(await statuses(client, 3)).toEqual([200, 200, 429]);
});

test("tells in Retry-After after how many whole seconds a call is taken again, or not at all", async () => {
  const { client, clock, simulator } = await throttled(1);
  await statuses(client, 1);
  clock.pass(600);
  const refused = await client.service("GET", "");
  expect(refused).toMatchObject({
    status: 429,
    body: { class: "Client::TooManyRequests", message: expect.any(String) },
  });
  expect(refused.headers.get("retry-after")).toBe("1");
  expect(refused.headers.get("x-ovh-queryid")).toMatch(/^SIM/);

  simulator.throttling.retryAfter = false;
  const silent = await client.service("GET", "");
  expect([silent.status, silent.headers.get("retry-after")]).toEqual([429, null]);
});

test("a refused call has no effect, does not count, uses no fault up, and stands among the calls", async () => {
  const { client, clock, model, simulator } = await throttled(1);
  await statuses(client, 1);
  simulator.faults.add({ fault: { kind: "dropBefore" } });
  const shares = model.shares.length;
  for (let call = 0; call < 5; call += 1) {
    expect((await client.service("POST", "/share", { protocol: "NFS", size: 100 })).status).toBe(429);
  }
  expect(model.shares).toHaveLength(shares);
  expect(simulator.faults.pending).toHaveLength(1);
  simulator.faults.clear();
  clock.pass(1000);
  expect((await client.service("POST", "/share", { protocol: "NFS", size: 100 })).status).toBe(201);
  expect(simulator.calls.map(({ status }) => status)).toEqual([200, 429, 429, 429, 429, 429, 201]);
});

test("each credential has the number to itself, and calls without one share it", async () => {
  const { client, simulator } = await throttled(1);
  const time = async () => (await fetch(`${simulator.url}/auth/time`)).status;
  const bearer = async () => {
    const headers = { authorization: `Bearer ${simulator.credentials.accessToken}` };
    return (await fetch(`${simulator.url}/storage/netapp`, { headers })).status;
  };
  expect(await statuses(client, 2)).toEqual([200, 429]);
  expect([await bearer(), await bearer()]).toEqual([200, 429]);
  expect([await time(), await time()]).toEqual([200, 429]);
});

test("another process sets and lifts the number, without being refused itself", async () => {
  const { client, simulator } = await start();
  const side = async (body: unknown) => {
    const init = { method: "POST", headers: { "x-holdfast-simulator": "1" }, body: JSON.stringify(body) };
    return read(await fetch(simulator.url.replace("/1.0", "/simulator/throttling"), init));
  };
  expect((await side({ requestsPerSecond: 1, retryAfter: false })).status).toBe(204);
  expect(await statuses(client, 2)).toEqual([200, 429]);
  expect((await client.service("GET", "")).headers.get("retry-after")).toBe(null);
  expect((await side({})).status).toBe(204);
  expect(await statuses(client, 2)).toEqual([200, 200]);
  for (const wrong of [{ requestsPerSecond: 0 }, { requestsPerSecond: "3" }, { requestsPerSecond: 1.5 }]) {
    expect(await side(wrong)).toMatchObject({ status: 400, body: { message: expect.stringContaining("at least 1") } });
  }
  expect(await side({ retryAfter: "no" })).toMatchObject({ status: 400 });
});

test("a number that is none is refused at the start", async () => {
  for (const requestsPerSecond of [0, -1, 1.5, Number.NaN]) {
    await expect(simulateOvh({ requestsPerSecond })).rejects.toThrow(
      `requestsPerSecond must be an integer of at least 1, not ${requestsPerSecond}`,
    );
  }
});

test("holdfast simulate throttles with --requests-per-second", async () => {
  const errors: string[] = [];
  const host = { out: () => {}, err: (text: string) => void errors.push(text), onSignal: () => () => {} };
  const code = `
    const ask = () => fetch(process.env.OVH_ENDPOINT + "/auth/time").then(({ status }) => status);
    ask().then(ask).then((status) => { process.exitCode = status === 429 ? 0 : 1; });`;
  const command = ["--", process.execPath, "-e", code];
  expect(await simulate(["ovh", "--requests-per-second", "1", ...command], host), errors.join("")).toBe(0);
  expect(await simulate(["ovh", ...command], host)).toBe(1);
  expect(await simulate(["ovh", "--requests-per-second", "0", ...command], host)).toBe(2);
  expect(errors.join("")).toContain('--requests-per-second must be a whole number from 1 to 1000000, not "0"');
});
