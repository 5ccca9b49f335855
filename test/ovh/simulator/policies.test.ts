import { expect, test } from "vitest";
import { items, object, start, text } from "./fixtures";

const rule = { copies: 2, prefix: "night", schedule: { minutes: [0], hours: [2] } };

test("starts with a default policy and an hourly one, the share on the latter", async () => {
  const { client } = await start();
  const [standard, hourly] = items(await client.service("GET", "/snapshotPolicy"));
  expect(standard).toMatchObject({ isDefault: true, rules: [], status: "available" });
  expect(hourly).toMatchObject({ isDefault: false, name: "hourly" });
  expect(hourly?.["rules"]).toEqual([
    { copies: 24, prefix: "hourly", schedule: { minutes: [0], hours: [], days: [], months: [], weekdays: [] } },
  ]);
  expect((await client.share("GET", "/snapshotPolicy")).body).toEqual({ id: hourly?.["id"], status: "active" });
});

test("creates a policy, lets a share follow it at its times, and refuses to delete it meanwhile", async () => {
  const { client, clock } = await start({ stepMs: 1000 });
  const created = object(await client.service("POST", "/snapshotPolicy", { name: "nightly", rules: [rule] }));
  expect(created["status"]).toBe("creating");
  const id = text(created, "id");
  clock.pass(1000);
  expect((await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: id })).status).toBe(202);
  expect((await client.share("GET", "/snapshotPolicy")).body).toEqual({ id, status: "updating" });
  clock.pass(1000);
  expect((await client.share("GET", "/snapshotPolicy")).body).toEqual({ id, status: "active" });
  clock.pass(72 * 3_600_000);
  const names = (await client.automatic()).map((snapshot) => snapshot["name"]);
  expect(names.filter((name) => String(name).startsWith("night"))).toEqual([
    "night.2026-02-02_0200",
    "night.2026-02-03_0200",
  ]);
  expect((await client.service("DELETE", `/snapshotPolicy/${id}`)).status).toBe(409);
  const [standard] = items(await client.service("GET", "/snapshotPolicy"));
  await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: standard?.["id"] });
  expect((await client.service("DELETE", `/snapshotPolicy/${id}`)).status).toBe(202);
  clock.pass(1000);
  expect((await client.service("GET", `/snapshotPolicy/${id}`)).status).toBe(404);
});

test.each([
  ["no rules", { name: "x" }],
  ["no minute", { rules: [{ ...rule, schedule: { minutes: [] } }] }],
  ["minute 60", { rules: [{ ...rule, schedule: { minutes: [60] } }] }],
  ["weekday 7", { rules: [{ ...rule, schedule: { minutes: [0], weekdays: [7] } }] }],
  ["no copies", { rules: [{ ...rule, copies: 0 }] }],
  ["no prefix", { rules: [{ ...rule, prefix: "" }] }],
  ["two rules with one prefix", { rules: [rule, rule] }],
  ["five rules", { rules: ["a", "b", "c", "d", "e"].map((prefix) => ({ ...rule, prefix })) }],
])("refuses a policy with %s", async (_, body) => {
  const { client, model } = await start();
  expect((await client.service("POST", "/snapshotPolicy", body)).status).toBe(400);
  expect(model.policies).toHaveLength(2);
});

test("changes a policy's name but never the default policy", async () => {
  const { client } = await start();
  const [standard, hourly] = items(await client.service("GET", "/snapshotPolicy"));
  expect((await client.service("PUT", `/snapshotPolicy/${String(hourly?.["id"])}`, { name: "h" })).status).toBe(200);
  expect(object(await client.service("GET", `/snapshotPolicy/${String(hourly?.["id"])}`))["name"]).toBe("h");
  expect((await client.service("PUT", `/snapshotPolicy/${String(standard?.["id"])}`, { name: "x" })).status).toBe(409);
  expect((await client.service("DELETE", `/snapshotPolicy/${String(standard?.["id"])}`)).status).toBe(409);
});

test("takes automatic snapshots at a pace of its own, by the policy's first rule and with its rotation", async () => {
  const { client, clock } = await start({ snapshotEveryMs: 20_000 }); // at 10:20:30
  const newest = async () => (await client.automatic()).map(({ name }) => name).slice(3);
  clock.pass(9999);
  expect(await newest()).toEqual([]);
  clock.pass(1);
  expect(await newest()).toEqual(["hourly.2026-01-31_102040"]);
  clock.pass(45_000);
  expect(await newest()).toEqual(["hourly.2026-01-31_102040", "hourly.2026-01-31_102100", "hourly.2026-01-31_102120"]);
  clock.pass(3_600_000);
  const names = (await client.automatic()).map(({ name }) => name);
  expect(names).toHaveLength(24);
  expect([names[0], names.at(-1)]).toEqual(["hourly.2026-01-31_111340", "hourly.2026-01-31_112120"]);
});

test.each([0, 999, 1500.5])("refuses a pace of %d ms for automatic snapshots", async (snapshotEveryMs) => {
  await expect(start({ snapshotEveryMs })).rejects.toThrow("snapshotEveryMs must be an integer of at least 1000");
});

test("sets the snapshot reserve within 5 and 100 percent", async () => {
  const { client, clock } = await start({ stepMs: 1000 });
  expect((await client.share("GET", "/snapshotReserve")).body).toEqual({ percent: 5, status: "active" });
  for (const percent of [4, 101, "20", 7.5]) {
    expect((await client.share("PUT", "/snapshotReserve", { percent })).status).toBe(400);
  }
  expect((await client.share("PUT", "/snapshotReserve", { percent: 20 })).status).toBe(202);
  expect((await client.share("GET", "/snapshotReserve")).body).toEqual({ percent: 20, status: "updating" });
  clock.pass(1000);
  expect((await client.share("GET", "/snapshotReserve")).body).toEqual({ percent: 20, status: "active" });
});

test("an association can fail, or lose its effect; the policy before it stays bound meanwhile", async () => {
  const { client, model, clock } = await start({ stepMs: 1000 });
  const [standard, hourly] = items(await client.service("GET", "/snapshotPolicy")).map((policy) => policy["id"]);
  const associated = async () => object(await client.share("GET", "/snapshotPolicy"));
  model.steer("associatePolicy", { outcome: "failed" });
  await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: standard });
  clock.pass(1000);
  expect(await associated()).toEqual({ id: standard, status: "error" });
  await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: hourly });
  clock.pass(1000);
  const own = text(object(await client.service("POST", "/snapshotPolicy", { rules: [rule] })), "id");
  clock.pass(1000);
  model.steer("associatePolicy", { outcome: "unchanged" });
  await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: own });
  expect(await associated()).toEqual({ id: own, status: "updating" });
  expect((await client.service("DELETE", `/snapshotPolicy/${String(hourly)}`)).status).toBe(409);
  clock.pass(1000);
  expect(await associated()).toEqual({ id: hourly, status: "active" });
});

test("refuses to associate a policy that is not available, or of another service", async () => {
  const { client, model, simulator } = await start({ stepMs: 1000 });
  const own = text(object(await client.service("POST", "/snapshotPolicy", { rules: [rule] })), "id");
  expect((await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: own })).status).toBe(409);
  const other = model.addService("other");
  const foreign = model.policies.find((policy) => policy.serviceId === other.id)?.id;
  expect((await client.share("PUT", "/snapshotPolicy", { snapshotPolicyID: foreign })).status).toBe(404);
  expect(model.shares.find((share) => share.id === simulator.shareId)?.policy.id).not.toBe(foreign);
});

test("a change of policy leaves the rules alone", async () => {
  const { client } = await start();
  const own = text(object(await client.service("POST", "/snapshotPolicy", { rules: [rule] })), "id");
  const body = { name: "renamed", description: "told", rules: [], isDefault: true };
  expect((await client.service("PUT", `/snapshotPolicy/${own}`, body)).status).toBe(200);
  expect(object(await client.service("GET", `/snapshotPolicy/${own}`))).toMatchObject({
    name: "renamed",
    description: "told",
    isDefault: false,
    rules: [{ copies: 2, prefix: "night" }],
  });
});

test("a reserve can fail, or keep its old value", async () => {
  const { client, model } = await start();
  model.steer("setReserve", { outcome: "unchanged" });
  await client.share("PUT", "/snapshotReserve", { percent: 30 });
  expect((await client.share("GET", "/snapshotReserve")).body).toEqual({ percent: 5, status: "active" });
  model.steer("setReserve", { outcome: "failed" });
  await client.share("PUT", "/snapshotReserve", { percent: 30 });
  expect(object(await client.share("GET", "/snapshotReserve"))["status"]).toBe("error");
});
