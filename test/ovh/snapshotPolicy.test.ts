import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const valid = (world: World): Properties => ({
  serviceName: world.serviceName,
  rules: [
    { prefix: "nightly", copies: 14, cron: "0 3 * * *" },
    { prefix: "office", schedule: { minutes: [0], weekdays: [1, 2, 3, 4, 5] } },
  ],
});
const STORED = [
  { prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3] } },
  { prefix: "office", copies: 1, schedule: { minutes: [0], weekdays: [1, 2, 3, 4, 5] } },
];
const live = (world: World, id: string) => world.simulator.model.policies.find((policy) => policy.id === id);
const changing = /^(POST|PUT|DELETE)/;

async function existing(world: World, args: Properties = {}) {
  const policy = world.resource("ovh:SnapshotPolicy", "backup");
  await policy.up({ ...valid(world), ...args });
  return policy;
}

describe("a policy", () => {
  test("is made and waited for, and keeps the program's words apart from what the service stores", async ({
    world,
  }) => {
    const policy = await existing(world, { description: "Backups" });

    expect(policy.outputs).toMatchObject({
      status: "available",
      isDefault: false,
      name: expect.stringMatching(/^backup-[a-z2-7]{13}-0$/),
      description: "Backups",
      rules: [
        { prefix: "nightly", copies: 14, cron: "0 3 * * *" },
        { prefix: "office", copies: 1, schedule: { minutes: [0], weekdays: [1, 2, 3, 4, 5] } },
      ],
      storedRules: STORED,
    });
    expect(live(world, policy.id)?.rules).toEqual([
      { prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3], days: [], months: [], weekdays: [] } },
      {
        prefix: "office",
        copies: 1,
        schedule: { minutes: [0], hours: [], days: [], months: [], weekdays: [1, 2, 3, 4, 5] },
      },
    ]);
    expect(await policy.up({ ...valid(world), description: "Backups" })).toEqual(["same"]);
    const before = policy.state;
    policy.process = world.nextProcess();
    await policy.refresh();
    expect(policy.state).toEqual(before);
  });

  test("is not touched by other words for the same rules, in another order", async ({ world }) => {
    const policy = await existing(world);
    const { id } = policy;
    const calls = world.calls(changing).length;
    const rules = [
      { prefix: "office", copies: 1, cron: "0 * * * MON-FRI" },
      { prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3], months: [] } },
    ];

    expect(await policy.up({ ...valid(world), rules })).toEqual(["update"]);

    expect(world.calls(changing)).toHaveLength(calls);
    expect(policy.id).toBe(id);
    expect(policy.outputs).toMatchObject({
      rules: [rules[0], { prefix: "nightly", copies: 14, schedule: { minutes: [0], hours: [3] } }],
      storedRules: STORED,
    });
    expect(await policy.up({ ...valid(world), rules })).toEqual(["same"]);
  });

  test("is replaced by rules that mean something else, the new one first", async ({ world }) => {
    const policy = await existing(world);
    const { id } = policy;
    const rules = [{ prefix: "nightly", copies: 14, cron: "0 4 * * *" }];

    expect(await policy.up({ ...valid(world), rules })).toEqual(["replace", "delete-replaced"]);

    expect(live(world, id)).toBeUndefined();
    expect(live(world, policy.id)?.rules).toMatchObject([{ schedule: { hours: [4] } }]);
  });

  test("is replaced by more copies, another prefix, and rules that are not known yet", async ({ world }) => {
    const policy = await existing(world);
    const [nightly, office] = valid(world)["rules"] as object[];
    for (const rules of [
      [{ ...nightly, copies: 15 }, office],
      [{ ...nightly, prefix: "night" }, office],
      [nightly],
      [{ ...nightly, prefix: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, office],
    ]) {
      expect((await policy.diff({ ...valid(world), rules })).replaces).toEqual(["rules"]);
    }
  });

  test("is renamed and described in place", async ({ world }) => {
    const policy = await existing(world);
    const { id } = policy;
    expect(await policy.up({ ...valid(world), name: "daily", description: "x" })).toEqual(["update"]);
    expect(live(world, id)).toMatchObject({ name: "daily", description: "x" });
    expect(await policy.up({ ...valid(world), name: "daily" })).toEqual(["update"]);
    expect(live(world, id)?.description).toBe("");
    expect(policy.outputs).toMatchObject({ name: "daily", description: "", storedRules: STORED });
    expect(policy.id).toBe(id);
  });

  test("gets a name of its own while another one with its mark exists", async ({ world }) => {
    const first = await existing(world);
    const second = await existing(world);
    expect([first, second].map(({ outputs }) => String(outputs["name"]).slice(-2))).toEqual(["-0", "-1"]);
  });
});

describe("a creation", () => {
  test("that fails for good keeps the id, and the next up deletes it and makes it again", async ({ world }) => {
    world.simulator.model.steer("createPolicy", { outcome: "failed" });
    const policy = world.resource("ovh:SnapshotPolicy", "backup");
    expect(await messageOf(policy.up(valid(world)))).toMatch(
      /^SnapshotPolicy backup: snapshot policy [0-9a-f-]{36} ended in state "error"\. The next pulumi up deletes it and makes it again\.$/,
    );
    const failed = policy.id;

    policy.process = world.nextProcess();
    expect(await policy.up(valid(world))).toEqual(["delete-replaced", "replace"]);
    expect(live(world, failed)).toBeUndefined();
    expect(policy.outputs).toMatchObject({ status: "available" });
  });

  test("that reaches its limit or is interrupted is waited for by the next up", async ({ world }) => {
    world.simulator.model.steer("createPolicy", { outcome: "stuck" });
    const policy = world.resource("ovh:SnapshotPolicy", "backup");
    expect(await messageOf(policy.up(valid(world)))).toMatch(/still creating after 10 min \(seen: creating x\d+\)/);
    world.clock.later(4_000, () => world.process.interrupt());
    expect(await messageOf(policy.up(valid(world)))).toContain("the wait was interrupted (seen: creating");
    world.simulator.model.release(policy.id);

    policy.process = world.nextProcess();
    expect(await policy.up(valid(world))).toEqual(["update"]);
    expect(policy.outputs).toMatchObject({ status: "available", storedRules: STORED });
    expect(world.calls(/^POST/)).toHaveLength(1);
  });

  test("that is answered with nothing but the id goes on", async ({ world }) => {
    const { model, faults } = world.simulator;
    const fault = {
      kind: "status",
      status: 201,
      afterEffect: true,
      get body() {
        return { id: model.policies.at(-1)?.id };
      },
    } as const;
    faults.add({ method: "POST", path: /\/snapshotPolicy$/, fault });

    const policy = await existing(world);

    expect(policy.outputs).toMatchObject({ status: "available", storedRules: STORED });
  });

  test("whose answer is lost is found, and is not repeated", async ({ world }) => {
    world.simulator.faults.add({ method: "POST", fault: { kind: "dropAfter" } });
    const policy = world.resource("ovh:SnapshotPolicy", "backup");
    await policy.up({ ...valid(world), name: "daily" });
    expect(live(world, policy.id)).toMatchObject({ name: "daily" });
    expect(world.calls(/^POST/)).toHaveLength(1);
  });

  test("on a service that does not exist says what to check", async ({ world }) => {
    const policy = world.resource("ovh:SnapshotPolicy", "backup");
    const serviceName = "00000000-0000-4000-8000-000000000000";
    expect(await messageOf(policy.up({ ...valid(world), serviceName }))).toContain(
      `Service ${serviceName} is not known there: check serviceName`,
    );
    expect(policy.state).toBeUndefined();
  });
});

describe("a refresh", () => {
  test("shows rules that somebody made otherwise as schedules, and the next up replaces the policy", async ({
    world,
  }) => {
    const policy = await existing(world);
    const [first] = live(world, policy.id)?.rules ?? [];
    if (first !== undefined) first.copies = 3;
    policy.process = world.nextProcess();

    await policy.refresh();

    const [nightly, office] = STORED;
    expect(policy.state?.inputs["rules"]).toEqual([{ ...nightly, copies: 3 }, office]);
    expect(await policy.up(valid(world))).toEqual(["replace", "delete-replaced"]);
    expect(policy.outputs["storedRules"]).toEqual(STORED);
  });

  test("keeps the program's words where the service tells the same rules otherwise", async ({ world }) => {
    const policy = await existing(world);
    const before = policy.state;
    const rules = live(world, policy.id)?.rules ?? [];
    rules.reverse();
    for (const { schedule } of rules) {
      Object.assign(schedule, { months: Array.from({ length: 12 }, (_, index) => 12 - index) });
      schedule.weekdays.reverse();
    }
    policy.process = world.nextProcess();

    await policy.refresh();

    expect(policy.state).toEqual(before);
  });

  test("finds it gone when somebody deleted it, and the next up makes it again", async ({ world }) => {
    const policy = await existing(world);
    await world.process.storageOf(world.serviceName).deletePolicy(policy.id);
    world.clock.pass(STEP_MS);
    const { id, outputs } = policy;
    policy.process = world.nextProcess();

    await policy.refresh();

    expect(policy.state).toBeUndefined();
    await policy.host.delete(id, outputs);
    expect(await policy.up(valid(world))).toEqual(["create"]);
  });

  test("never empties the state because the service is not known there", async ({ world }) => {
    const policy = await existing(world);
    const elsewhere = { ...policy.outputs, serviceName: "00000000-0000-4000-8000-000000000000" };
    expect(await messageOf(policy.host.read(policy.id, elsewhere))).toContain("nothing leaves the state");
  });

  test("of a policy that somebody deletes in the meantime fails an update, and says what to do", async ({ world }) => {
    const policy = await existing(world);
    await world.process.storageOf(world.serviceName).deletePolicy(policy.id);
    expect(await messageOf(policy.up({ ...valid(world), name: "x" }))).toContain("is being deleted by somebody else");
    world.clock.pass(STEP_MS);
    expect(await messageOf(policy.up({ ...valid(world), name: "x" }))).toContain(
      "Run pulumi refresh, then pulumi up makes a new one.",
    );
  });
});

describe("the service's default policy", () => {
  const standard = (world: World) => world.simulator.model.policies.find(({ isDefault }) => isDefault)?.id ?? "";

  test("can be looked up, and a missing one is an error", async ({ world }) => {
    const found = world.resource("ovh:SnapshotPolicy", "standard");
    await found.get(standard(world), { serviceName: world.serviceName });
    expect(found.outputs).toMatchObject({ isDefault: true, name: "default", rules: [], storedRules: [] });
    const missing = "00000000-0000-4000-8000-000000000000";
    expect(await messageOf(found.get(missing, { serviceName: world.serviceName }))).toContain(
      `nothing with the id ${missing} exists there (serviceName ${world.serviceName})`,
    );
  });

  test("is neither changed nor deleted, without a call that would try", async ({ world }) => {
    const policy = world.resource("ovh:SnapshotPolicy", "standard");
    const inputs = policy.sent({ serviceName: world.serviceName, rules: [], name: "default" });
    policy.state = { id: standard(world), inputs, outputs: { ...inputs, status: "available" }, initErrors: [] };
    await policy.refresh();

    const renamed = policy.host.update(policy.id, policy.outputs, { ...inputs, name: "mine" });
    expect(await messageOf(renamed)).toMatch(
      /^SnapshotPolicy standard: snapshot policy [0-9a-f-]{36} is the service's default one, which can't be changed\. Leave its name as the service has it, or make a SnapshotPolicy of your own\.$/,
    );
    expect(await messageOf(policy.destroy())).toContain(
      "is the service's default one, which can't be deleted. Run pulumi state delete with its URN",
    );
    expect(world.calls(changing)).toEqual([]);
  });
});

test("a policy keeps its rules where a refresh reads nothing but its id", async ({ world }) => {
  const policy = await existing(world);
  const { rules, storedRules } = policy.outputs;
  const change = (body: unknown) => (Array.isArray(body) ? body.map(({ id }) => ({ id })) : body);
  world.simulator.faults.add({ method: "GET", path: /\/snapshotPolicy$/, times: 5, fault: { kind: "mutate", change } });
  policy.process = world.nextProcess();

  await policy.refresh();

  expect(policy.outputs).toMatchObject({ rules, storedRules });
});
