import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const valid = (world: World): Properties => ({
  serviceName: world.serviceName,
  shareId: world.production,
  accessTo: "10.0.5.0/24",
  accessLevel: "ro",
});
const rules = (world: World, shareId = world.production) =>
  world.simulator.model.shares.find(({ id }) => id === shareId)?.rules ?? [];

async function existing(world: World, args: Properties = {}) {
  const rule = world.resource("ovh:ShareAccessRule", "lan");
  await rule.up({ ...valid(world), ...args });
  return rule;
}

test("is applied and waited for, and the next up does nothing", async ({ world }) => {
  const rule = await existing(world);

  expect(rule.outputs).toMatchObject({ status: "active", accessTo: "10.0.5.0/24", accessLevel: "ro" });
  expect(await rule.up(valid(world))).toEqual(["same"]);
  const before = rule.state;
  rule.process = world.nextProcess();
  await rule.refresh();
  expect(rule.state).toEqual(before);
});

test("waits for a share that is still being made", async ({ world }) => {
  const share = await world.process.storageOf(world.serviceName).createShare({ protocol: "NFS", size: 150 });
  const rule = await existing(world, { shareId: share.id });
  expect(rule.outputs).toMatchObject({ status: "active" });
});

test("is deleted before another level for the same network is made, and after it for another network", async ({
  world,
}) => {
  const rule = await existing(world);

  expect(await rule.up({ ...valid(world), accessLevel: "rw" })).toEqual(["delete-replaced", "replace"]);
  expect(await rule.up({ ...valid(world), accessLevel: "rw", accessTo: "10.0.6.7" })).toEqual([
    "replace",
    "delete-replaced",
  ]);
  expect(rules(world).map(({ accessTo }) => accessTo)).toEqual(["10.0.0.0/24", "10.0.6.7"]);
});

test("keeps the id when it fails, and the next up deletes it and makes it again", async ({ world }) => {
  world.simulator.model.steer("createAclRule", { outcome: "failed" });
  const rule = world.resource("ovh:ShareAccessRule", "lan");
  expect(await messageOf(rule.up(valid(world)))).toContain(
    'ended in state "error": the share can\'t be mounted through it, and other rules wait behind it. The next pulumi up deletes it and makes it again.',
  );
  expect(rules(world).map(({ id }) => id)).toContain(rule.id);

  rule.process = world.nextProcess();
  expect(await rule.up(valid(world))).toEqual(["delete-replaced", "replace"]);
  expect(rule.outputs).toMatchObject({ status: "active" });
});

test("keeps the id when the wait is interrupted, and the next up waits on", async ({ world }) => {
  world.clock.later(4_000, () => world.process.interrupt());
  const rule = world.resource("ovh:ShareAccessRule", "lan");
  expect(await messageOf(rule.up(valid(world)))).toContain("the wait was interrupted (seen: queued_to_apply");

  rule.process = world.nextProcess();
  expect(await rule.up(valid(world))).toEqual(["update"]);
  expect(rule.outputs).toMatchObject({ status: "active" });
  expect(world.calls(/^POST/)).toHaveLength(1);
});

test("keeps the id when the service answers with nothing but the id", async ({ world }) => {
  const fault = {
    kind: "status",
    status: 201,
    afterEffect: true,
    get body() {
      return { id: rules(world).at(-1)?.id };
    },
  } as const;
  world.simulator.faults.add({ method: "POST", path: /\/acl$/, fault });

  const rule = await existing(world);

  expect(rule.outputs).toMatchObject({ status: "active", accessTo: "10.0.5.0/24" });
});

test("names the rule that a network has already, and the way to replace it", async ({ world }) => {
  const rule = world.resource("ovh:ShareAccessRule", "lan");
  expect(await messageOf(rule.up({ ...valid(world), accessTo: "10.0.0.0/24" }))).toMatch(
    /has an access rule for 10\.0\.0\.0\/24 already: [0-9a-f-]{36} \(r[ow]\)\. .*set deleteBeforeReplace: true\.$/,
  );
  expect(rule.state).toBeUndefined();
});

test("is deleted completely before the deletion ends, and twice without an error", async ({ world }) => {
  const rule = await existing(world);
  const { id, outputs } = rule;
  await rule.destroy();
  await rule.host.delete(id, outputs);
  expect(rules(world).map((one) => one.id)).not.toContain(id);
  expect(world.calls(/^DELETE/)).toHaveLength(1);
});

test("is deleted although the answer to the DELETE was lost", async ({ world }) => {
  const rule = await existing(world);
  const { id } = rule;
  world.simulator.faults.add({ method: "DELETE", fault: { kind: "dropAfter" } });
  await rule.destroy();
  expect(rules(world).map((one) => one.id)).not.toContain(id);
});

test.for([400, 403, 409] as const)(
  "waits with the deletion while the share is busy, refused with %i",
  async (conflictStatus, { start }) => {
    const world = await start({ conflictStatus });
    const rule = await existing(world);
    const { id } = rule;
    await world.process.storageOf(world.serviceName).extendShare(world.production, 200);

    await rule.destroy();

    expect(rules(world).map((one) => one.id)).not.toContain(id);
  },
);

test("is gone with its share, also while that is being deleted", async ({ world }) => {
  const storage = world.process.storageOf(world.serviceName);
  const share = await storage.createShare({ protocol: "NFS", size: 150 });
  const rule = await existing(world, { shareId: share.id });
  await storage.deleteShare(share.id);

  await rule.destroy();

  expect(world.simulator.model.shares).toHaveLength(1);
});

test("is refreshed to gone when somebody deleted it, and made again by the next up", async ({ world }) => {
  const rule = await existing(world);
  await world.process.storageOf(world.serviceName).share(world.production).deleteAccessRule(rule.id);
  world.clock.pass(2 * STEP_MS);
  rule.process = world.nextProcess();

  await rule.refresh();

  expect(rule.state).toBeUndefined();
  expect(await rule.up(valid(world))).toEqual(["create"]);
});

test("makes a busy rule wait at its limit, and names the states", async ({ world }) => {
  world.simulator.model.steer("createAclRule", { outcome: "stuck" });
  const rule = world.resource("ovh:ShareAccessRule", "lan");
  expect(await messageOf(rule.up({ ...valid(world), timeouts: { create: "2m" } }))).toMatch(
    /^ShareAccessRule lan: still applying after 2 min \(seen: queued_to_apply x\d+, applying x\d+\)/,
  );
});

test("that fails later is made again by the next up, because it holds no data", async ({ world }) => {
  const rule = await existing(world);
  const failed = rule.id;
  world.simulator.model.setStatus(failed, "error");
  rule.process = world.nextProcess();
  await rule.refresh();

  expect(await rule.up(valid(world))).toEqual(["delete-replaced", "replace"]);

  const own = rules(world).filter(({ accessTo }) => accessTo === "10.0.5.0/24");
  expect(own.map(({ id, status }) => [id === failed, status])).toEqual([[false, "active"]]);
});

test("that failed is deleted although it still shows its error for a while", async ({ world }) => {
  const rule = await existing(world);
  world.simulator.model.setStatus(rule.id, "error");
  const { id } = rule;
  await rule.destroy();
  expect(rules(world).map((left) => left.id)).not.toContain(id);
});

test("that waits behind another one in error says which, and goes on when that is deleted", async ({ world }) => {
  const theirs = await existing(world);
  world.simulator.model.setStatus(theirs.id, "error");
  const rule = world.resource("ovh:ShareAccessRule", "second");
  const args = { ...valid(world), accessTo: "10.0.6.0/24", timeouts: { create: "2m" } };

  expect(await messageOf(rule.up(args))).toContain(
    `(seen: queued_to_apply behind access rule ${theirs.id} for 10.0.5.0/24, which is in error and must be deleted x`,
  );
  await theirs.destroy();

  expect(await rule.up(args)).toEqual(["update"]);
  expect(rule.outputs).toMatchObject({ status: "active" });
});

test("waits for a share that turns busy right before the call", async ({ world }) => {
  const { faults, model } = world.simulator;
  const run = () => {
    model.setStatus(world.production, "reverting");
    world.clock.later(20_000, () => model.setStatus(world.production, "available"));
  };
  faults.add({ method: "POST", path: /\/acl$/, fault: { kind: "interfere", run } });

  const rule = await existing(world);

  expect(rule.outputs).toMatchObject({ status: "active" });
  expect(world.calls(/^POST/)).toHaveLength(2);
});

test("names the rule that a network has got while the share was busy", async ({ world }) => {
  const { faults, model } = world.simulator;
  const elsewhere = world.nextProcess().storageOf(world.serviceName).share(world.production);
  const theirs = await elsewhere.createAccessRule({ accessTo: "10.0.5.0/24", accessLevel: "rw" });
  const run = () => {
    model.setStatus(world.production, "reverting");
    world.clock.later(20_000, () => model.setStatus(world.production, "available"));
  };
  faults.add({ method: "POST", path: /\/acl$/, fault: { kind: "interfere", run } });
  const rule = world.resource("ovh:ShareAccessRule", "lan");

  expect(await messageOf(rule.up(valid(world)))).toContain(
    `has an access rule for 10.0.5.0/24 already: ${theirs.id} (rw).`,
  );
  expect(rule.state).toBeUndefined();
});

test("that is one too many says how many a share takes and what to do", async ({ world }) => {
  const { accessRules, createAccessRule } = world.process.storageOf(world.serviceName).share(world.production);
  const present = (await accessRules.recent(0)).length;
  for (let number = present; number < 16; number += 1) {
    await createAccessRule({ accessTo: `10.9.0.${number}`, accessLevel: "ro" });
  }
  const rule = world.resource("ovh:ShareAccessRule", "lan");

  expect(await messageOf(rule.up(valid(world)))).toContain(
    `share ${world.production} has 16 access rules, and takes 16: accessTo 10.0.5.0/24 is one too many. Remove a rule, or let one network stand for several addresses.`,
  );
  expect(rule.state).toBeUndefined();
});

test("that somebody is deleting, or has deleted, during an unfinished update says so, and refresh as the way on", async ({
  world,
}) => {
  const { model } = world.simulator;
  const rule = await existing(world);
  model.setStatus(rule.id, "queued_to_deny");
  rule.process = world.nextProcess();
  await rule.refresh();

  expect(await messageOf(rule.up(valid(world)))).toBe(
    `ShareAccessRule lan: access rule ${rule.id} is being deleted by somebody else. Run pulumi refresh when it is gone.`,
  );

  for (const share of model.shares) share.rules = share.rules.filter(({ id }) => id !== rule.id);
  rule.process = world.nextProcess();
  expect(await messageOf(rule.up(valid(world)))).toBe(
    `ShareAccessRule lan: access rule ${rule.id} is gone from share ${world.production}. Run pulumi refresh, then pulumi up makes a new one.`,
  );
  rule.process = world.nextProcess();
  await rule.refresh();
  expect(rule.state).toBeUndefined();
});

test("keeps its level where a refresh reads a word that nobody has documented", async ({ world }) => {
  const rule = await existing(world, { accessLevel: "rw" });
  const change = (body: unknown) =>
    Array.isArray(body) ? body.map((one) => ({ ...one, accessLevel: "read_write" })) : body;
  world.simulator.faults.add({ method: "GET", path: /\/acl$/, times: 5, fault: { kind: "mutate", change } });
  rule.process = world.nextProcess();

  await rule.refresh();

  expect(rule.outputs).toMatchObject({ accessLevel: "rw" });
  world.simulator.faults.clear();
  expect(await rule.up({ ...valid(world), accessLevel: "rw" })).toEqual(["same"]);
});

test("keeps its network and level where a refresh reads nothing but its id", async ({ world }) => {
  const rule = await existing(world, { accessLevel: "rw" });
  const change = (body: unknown) => (Array.isArray(body) ? body.map(({ id }) => ({ id })) : body);
  world.simulator.faults.add({ method: "GET", path: /\/acl$/, times: 5, fault: { kind: "mutate", change } });
  rule.process = world.nextProcess();

  await rule.refresh();

  expect(rule.outputs).toMatchObject({ accessTo: "10.0.5.0/24", accessLevel: "rw" });
});
