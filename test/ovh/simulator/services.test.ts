import { expect, test } from "vitest";
import { type Client, items, object, start } from "./fixtures";

type World = Awaited<ReturnType<typeof start>>;

const infos = async (client: Client) => object(await client.service("GET", "/serviceInfos"));

/** Asks for a termination. Answers the token of the mail. */
const terminate = async ({ client, model }: World): Promise<string> => {
  const reply = await client.service("POST", "/terminate");
  expect([reply.status, typeof reply.body]).toEqual([200, "string"]);
  const token = model.services[0]?.administration.termination?.token ?? "";
  expect(reply.text).not.toContain(token);
  return token;
};

test("describes the administration of a service, with dates instead of times", async () => {
  const { client, simulator } = await start();
  expect(await infos(client)).toEqual({
    canDeleteAtExpiration: true,
    contactAdmin: "simulated-ovh",
    contactBilling: "simulated-ovh",
    contactTech: "simulated-ovh",
    creation: "2026-01-28",
    domain: simulator.serviceName,
    engagedUpTo: null,
    expiration: "2026-02-28",
    possibleRenewPeriod: [1],
    renew: { automatic: true, deleteAtExpiration: false, forced: false, manualPayment: false, period: 1 },
    renewalType: "automaticV2016",
    serviceId: expect.any(Number),
    status: "ok",
  });
});

test("expires on the last day of a month that lacks the day it was made on", async () => {
  const { client } = await start({ now: () => Date.UTC(2026, 1, 3, 12) });
  expect(await infos(client)).toMatchObject({ creation: "2026-01-31", expiration: "2026-02-28" });
});

test("shows a suspended service as unpaid", async () => {
  const { client, model, simulator } = await start();
  model.setServiceStatus(simulator.serviceName, "suspended");
  expect((await infos(client))["status"]).toBe("unPaid");
});

test("changes how a service is renewed, and nothing else", async () => {
  const { client } = await start();
  const before = await infos(client);
  const renew = { automatic: false, deleteAtExpiration: true };
  const reply = await client.service("PUT", "/serviceInfos", { renew, contactAdmin: "somebody", serviceId: 1 });
  expect([reply.status, reply.body]).toEqual([200, null]);
  expect(await infos(client)).toEqual({
    ...before,
    renew: { automatic: false, deleteAtExpiration: true, forced: false, manualPayment: false, period: 1 },
  });
});

test.each([
  ["a text for a boolean", { renew: { automatic: "no" } }],
  ["a period that is not offered", { renew: { period: 12 } }],
  ["a list for renew", { renew: [] }],
])("refuses %s in a renewal", async (_, body) => {
  const { client } = await start();
  const before = await infos(client);
  expect((await client.service("PUT", "/serviceInfos", body)).status).toBe(400);
  expect(await infos(client)).toEqual(before);
});

test("starts a task for each contact, and changes the contacts when both sides have agreed", async () => {
  const { client, model, simulator } = await start();
  const reply = await client.service("POST", "/changeContact", { contactTech: "tech-ovh", contactBilling: "bill-ovh" });
  expect([reply.status, reply.body]).toEqual([200, [expect.any(Number), expect.any(Number)]]);
  expect(await infos(client)).toMatchObject({ contactTech: "simulated-ovh", contactBilling: "simulated-ovh" });
  model.acceptContactChanges(simulator.serviceName);
  expect(await infos(client)).toMatchObject({
    contactAdmin: "simulated-ovh",
    contactTech: "tech-ovh",
    contactBilling: "bill-ovh",
  });
  expect((await client.service("POST", "/changeContact", {})).status).toBe(400);
});

test("ends a service with the token of its mail, and everything on it", async () => {
  const world = await start({ stepMs: 1000 });
  const { client, model, clock, simulator } = world;
  const other = model.addService("other");
  const token = await terminate(world);
  const confirmed = await client.service("POST", "/confirmTermination", { token, reason: "OTHER" });
  expect([confirmed.status, typeof confirmed.body]).toEqual([200, "string"]);
  expect(object(await client.service("GET", ""))["status"]).toBe("deleting");
  expect((await client.service("POST", "/share", { protocol: "NFS", size: 100 })).status).toBe(409);
  clock.pass(1000);
  expect((await client.service("GET", "")).status).toBe(404);
  expect((await client.service("GET", `/share/${simulator.shareId}`)).status).toBe(404);
  expect(model.services.map((service) => service.id)).toEqual([other.id]);
  expect([model.shares, model.snapshots]).toEqual([[], []]);
  expect(model.policies.every((policy) => policy.serviceId === other.id)).toBe(true);
});

test("refuses a termination with another token, without one, with one that is too old, replaced or used", async () => {
  const world = await start();
  const { client, model, clock } = world;
  const confirm = async (body: object) => (await client.service("POST", "/confirmTermination", body)).status;
  expect(await confirm({ token: "not-asked-for" })).toBe(400);
  const replaced = await terminate(world);
  const old = await terminate(world);
  expect(await confirm({ token: replaced })).toBe(400);
  expect(await confirm({})).toBe(400);
  expect(await confirm({ token: old, reason: "BORED" })).toBe(400);
  expect(await confirm({ token: old, futureUse: "NONE" })).toBe(400);
  clock.pass(72 * 3_600_000);
  expect(await confirm({ token: old })).toBe(400);
  expect(object(await client.service("GET", ""))["status"]).toBe("running");
  model.steer("terminateService", { outcome: "unchanged" });
  const used = await terminate(world);
  expect(await confirm({ token: used, commentary: "x".repeat(300) })).toBe(200);
  expect(object(await client.service("GET", ""))["status"]).toBe("running");
  expect(await confirm({ token: used })).toBe(400);
});

test("answers a wrong token with another status when told so", async () => {
  const { client } = await start({ refusals: { terminationToken: 403 } });
  expect((await client.service("POST", "/confirmTermination", { token: "x" })).status).toBe(403);
});

test.each([
  [{ env: [{ value: "prod" }] }, ["a"]],
  [{ env: [{ operator: "EQ", value: "Prod" }] }, []],
  [{ env: [{ operator: "NEQ", value: "prod" }] }, ["b", "c"]],
  [{ env: [{ operator: "EXISTS" }] }, ["a", "b"]],
  [{ env: [{ operator: "NEXISTS" }] }, ["c"]],
  [{ env: [{ operator: "LIKE", value: "pro*" }] }, ["a"]],
  [{ env: [{ operator: "LIKE", value: "PRO*" }] }, []],
  [{ env: [{ operator: "ILIKE", value: "P*d" }] }, ["a"]],
  [{ env: [{ operator: "EXISTS" }, { operator: "NEQ", value: "prod" }] }, ["b"]],
  [{ env: [{ operator: "EXISTS" }], team: [{ value: "x" }] }, ["b"]],
  [{}, ["a", "b", "c"]],
])("finds services by their tags: %j", async (filter, names) => {
  const { client, model, simulator } = await start();
  await client.service("PUT", "", { name: "a" });
  model.setServiceTags(simulator.serviceName, { env: "prod" });
  model.setServiceTags(model.addService("b").id, { env: "dev", team: "x" });
  model.addService("c");
  const query = new URLSearchParams({ iamTags: JSON.stringify(filter) });
  const found = items(await client.call("GET", `/storage/netapp?${query}`));
  expect(found.map((service) => service["name"])).toEqual(names);
});

test.each(["{", "[]", '{"env":"prod"}', '{"env":[{"operator":"GT","value":"1"}]}', '{"env":[{"value":1}]}'])(
  "refuses the tag filter %s",
  async (iamTags) => {
    const { client } = await start();
    expect((await client.call("GET", `/storage/netapp?${new URLSearchParams({ iamTags })}`)).status).toBe(400);
  },
);
