import { expect, test } from "vitest";
import { object, start } from "./fixtures";

const world = async (options: Parameters<typeof start>[0] = {}) => {
  const parts = await start(options);
  const { client } = parts;
  const revert = async (snapshotID: string) => (await client.share("POST", "/revert", { snapshotID })).status;
  const share = async () => {
    const { status, size } = object(await client.share("GET", ""));
    return [status, size];
  };
  const snapshot = async (id: string) => object(await client.share("GET", `/snapshot/${id}`))["status"];
  return { ...parts, revert, share, snapshot };
};

test("tells which newer manual snapshots are in the way, also of the same millisecond, and accepts once they are gone", async () => {
  const { client, simulator, clock, revert } = await world({ stepMs: 1000 });
  const older = await client.newSnapshot(simulator.shareId);
  const newer = await client.newSnapshot(simulator.shareId);
  clock.pass(1000);
  const reply = await client.share("POST", "/revert", { snapshotID: older });
  expect([reply.status, object(reply)["message"]]).toEqual([409, expect.stringContaining(newer)]);
  await client.share("DELETE", `/snapshot/${newer}`);
  expect(await revert(older)).toBe(409); // it still counts while it is being deleted
  clock.pass(1000);
  expect(await revert(older)).toBe(202);
});

test("accepts a held snapshot although its automatic neighbours are newer, which are lost, system ones too", async () => {
  const { client, model, simulator, revert } = await world();
  const [, middle, last] = await client.automatic();
  const system = model.takeSystemSnapshot(simulator.shareId);
  const held = object(await client.share("POST", `/snapshot/${String(middle?.["id"])}/hold`));
  expect(await revert(String(held["id"]))).toBe(202);
  const left = model.snapshots.map((snapshot) => snapshot.id);
  expect(left).not.toContain(last?.["id"]);
  expect(left).not.toContain(system.id);
  expect(left).toHaveLength(2); // the held one and the one before it
});

test.each(["creating", "extending", "error", "reverting_error", "inactive"])(
  "refuses to revert a share that is %s",
  async (status) => {
    const { client, model, simulator, revert, snapshot } = await world();
    const id = await client.newSnapshot(simulator.shareId);
    model.setStatus(simulator.shareId, status);
    expect(await revert(id)).toBe(409);
    expect(await snapshot(id)).toBe("available");
  },
);

test.each(["creating", "error", "restoring", "manage_error"])("refuses a snapshot that is %s", async (status) => {
  const { client, model, simulator, revert } = await world();
  const id = await client.newSnapshot(simulator.shareId);
  model.setStatus(id, status);
  expect(await revert(id)).toBe(409);
});

test.each([
  ["queued_to_apply", 409],
  ["applying", 409],
  ["queued_to_deny", 409],
  ["denying", 409],
  ["active", 202],
  ["error", 202],
] as const)("with an access rule that is %s a revert answers %i", async (status, expected) => {
  const { client, model, simulator, revert } = await world();
  const id = await client.newSnapshot(simulator.shareId);
  const [rule] = model.shares[0]?.rules ?? [];
  model.setStatus(rule?.id ?? "", status);
  expect(await revert(id)).toBe(expected);
});

test("shows the snapshot as restoring exactly as long as the share is reverting, however that ends", async () => {
  const { client, model, simulator, clock, revert, share, snapshot } = await world();
  const id = await client.newSnapshot(simulator.shareId);
  model.steer("revertShare", { ms: 5000 });
  await revert(id);
  clock.pass(4999);
  expect([await share(), await snapshot(id)]).toEqual([["reverting", 100], "restoring"]);
  clock.pass(1);
  expect([await share(), await snapshot(id)]).toEqual([["available", 100], "available"]);
  model.steer("revertShare", { outcome: "stuck" });
  await revert(id);
  clock.pass(86_400_000);
  expect(await snapshot(id)).toBe("restoring");
  expect((await client.share("DELETE", `/snapshot/${id}`)).status).toBe(409);
  model.release(simulator.shareId);
  expect([await share(), await snapshot(id)]).toEqual([["available", 100], "available"]);
  model.steer("revertShare", { outcome: "stuck" });
  await revert(id);
  model.setStatus(simulator.shareId, "error");
  expect(await snapshot(id)).toBe("available");
});

test("a failed revert keeps the newer snapshots", async () => {
  const { client, model, simulator, clock, revert, share, snapshot } = await world();
  const id = await client.newSnapshot(simulator.shareId);
  clock.pass(1000);
  const newer = model.takeAutomaticSnapshot(simulator.shareId);
  model.steer("revertShare", { outcome: "failed" });
  expect(await revert(id)).toBe(202);
  expect([await share(), await snapshot(id), await snapshot(newer.id)]).toEqual([
    ["reverting_error", 100],
    "available",
    "available",
  ]);
});

test("takes the snapshot's larger size out of the quota, and refuses when there is no room", async () => {
  const { client, model, simulator, clock, revert, share } = await world({ quotaGiB: 400, stepMs: 1000 });
  await client.share("POST", "/extend", { size: 300 });
  clock.pass(1000);
  const id = await client.newSnapshot(simulator.shareId);
  clock.pass(1000);
  await client.share("POST", "/shrink", { size: 150 });
  clock.pass(1000);
  const other = await client.newShare({ size: 200 });
  clock.pass(1000);
  const refused = await client.share("POST", "/revert", { snapshotID: id });
  expect([refused.status, object(refused)["message"]]).toEqual([409, expect.stringMatching(/quota/i)]);
  await client.service("DELETE", `/share/${other}`);
  clock.pass(1000);
  expect(await revert(id)).toBe(202);
  expect(model.freeQuotaGiB(simulator.serviceName)).toBe(100);
  clock.pass(1000);
  expect(await share()).toEqual(["available", 300]);
});
