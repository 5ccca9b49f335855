import { expect, test } from "vitest";
import { object, start, text } from "./fixtures";

/** A share of 300 GiB with 150 GiB in use, and how to look at it. */
const prepare = async (options: Parameters<typeof start>[0] = {}) => {
  const world = await start(options);
  const { client, model } = world;
  const id = await client.newShare({ size: 300 });
  model.setUsedGiB(id, 150);
  const post = (action: string, body: object) => client.service("POST", `/share/${id}/${action}`, body);
  const seen = async () => {
    const { status, size } = object(await client.service("GET", `/share/${id}`));
    return [status, size];
  };
  const used = (shareId = id) => model.shares.find((share) => share.id === shareId)?.usedGiB;
  return { ...world, id, post, seen, used };
};

test("a shrink below the used space ends with the old size, and one that fits is accepted from there", async () => {
  const { clock, post, seen } = await prepare({ stepMs: 1000 });
  clock.pass(1000);
  expect((await post("shrink", { size: 149 })).status).toBe(202);
  expect(await seen()).toEqual(["shrinking", 300]);
  clock.pass(1000);
  expect(await seen()).toEqual(["shrinking_possible_data_loss_error", 300]);
  expect((await post("extend", { size: 400 })).status).toBe(409);
  expect((await post("snapshot", {})).status).toBe(409);
  expect((await post("shrink", { size: 150 })).status).toBe(202);
  clock.pass(1000);
  expect(await seen()).toEqual(["available", 150]);
});

test("goes back to available with the old size instead, as newer Manila does", async () => {
  const { post, seen } = await prepare({ shrinkBelowUsed: "available" });
  expect((await post("shrink", { size: 149 })).status).toBe(202);
  expect(await seen()).toEqual(["available", 300]);
  expect((await post("shrink", { size: 150 })).status).toBe(202);
  expect(await seen()).toEqual(["available", 150]);
});

test("keeps the larger size in the quota while a shrink that does not fit is under way", async () => {
  const { model, simulator, clock, post } = await prepare({ quotaGiB: 400, stepMs: 1000 });
  clock.pass(1000);
  await post("shrink", { size: 149 });
  expect(model.freeQuotaGiB(simulator.serviceName)).toBe(0);
});

test("snapshots, held ones and clones carry the used space, and a revert brings it back", async () => {
  const { client, model, clock, id, post, seen, used } = await prepare();
  const automatic = model.takeAutomaticSnapshot(id).id;
  model.setUsedGiB(id, 200);
  const manual = await client.newSnapshot(id);
  model.setUsedGiB(id, 20);
  const held = text(object(await post(`snapshot/${automatic}/hold`, {})), "id");
  for (const [snapshotID, usedGiB] of [
    [manual, 200],
    [held, 150],
  ] as const) {
    expect(used(await client.newShare({ size: 300, snapshotID }))).toBe(usedGiB);
  }
  clock.pass(1000);
  await client.service("DELETE", `/share/${id}/snapshot/${held}`);
  expect((await post("revert", { snapshotID: manual })).status).toBe(202);
  expect(await seen()).toEqual(["available", 300]);
  expect(used()).toBe(200);
});

test("is 0 for a new share, and never above the share's size", async () => {
  const { client, model } = await prepare();
  const id = await client.newShare({ size: 100 });
  expect(model.shares.find((share) => share.id === id)?.usedGiB).toBe(0);
  expect((await client.service("POST", `/share/${id}/extend`, { size: 120 })).status).toBe(202);
  expect(() => model.setUsedGiB(id, 120.5)).toThrow("usedGiB must be within 0 and the share's 120 GiB, not 120.5");
  expect(() => model.setUsedGiB(id, -1)).toThrow("not -1");
  model.setUsedGiB(id, 119.5);
  expect((await client.service("POST", `/share/${id}/shrink`, { size: 119 })).status).toBe(202);
  expect(object(await client.service("GET", `/share/${id}`))["status"]).toBe("shrinking_possible_data_loss_error");
});
