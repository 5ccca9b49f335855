import { describe, onTestFinished } from "vitest";
import { liveReader } from "../../provider/cli/import/live";
import { importedState } from "../../provider/core/imported";
import type { Properties } from "../../provider/core/properties";
import { providerText } from "../../provider/core/resource";
import type { ResourceKind } from "../../provider/kinds";
import { ovhImports } from "../../provider/ovh/imports";
import { ovhLifecycles } from "../../provider/ovh/lifecycles";
import { ovhAccess } from "../../provider/ovh/system";
import { expect, test, type World } from "../ovh/support/test";

/** The object in the state as `pulumi import --file` puts it there. */
async function imported(world: World, kind: ResourceKind, id: string, parents: Properties) {
  const resource = world.resource(kind, "adopted");
  const lifecycle = ovhLifecycles(world.process.storageOf)[kind];
  const rule = ovhImports[kind];
  if (lifecycle === undefined || rule === undefined) throw new Error(`${kind} can't be imported`);
  const { props = {} } = await resource.host.read(id, { ...parents, ...rule.asked, __get: true });
  const check = async (args: Properties) => {
    const { inputs = {}, failures = [] } = await resource.host.check(resource.sent({}), resource.sent(args));
    return { inputs, failures };
  };
  const { inputs, outputs } = await importedState(lifecycle, check, rule.complete(id, props), rule.reported);
  const own = { __provider: providerText(kind) };
  resource.state = { id, inputs: { ...inputs, ...own }, outputs: { ...outputs, ...own }, initErrors: [] };
  return resource;
}

/** A share that somebody else made, and its import. */
async function share(world: World, wanted: { mountPointName?: string } = {}) {
  const { id } = await world.process
    .storageOf(world.serviceName)
    .createShare({ protocol: "NFS", size: 100, name: "theirs", description: "made by hand", ...wanted });
  world.clock.pass(20_000);
  const live = world.simulator.model.shares.find((one) => one.id === id);
  if (live === undefined) throw new Error("no share");
  return { live, resource: await imported(world, "ovh:Share", id, { serviceName: world.serviceName }) };
}

/** Not part of the world: each `pulumi` command starts a process that remembers nothing. */
const nextCommand = (world: World, resource: { process: World["process"] }) => {
  resource.process = world.nextProcess();
};

describe("an imported share", () => {
  test.for<[string, Properties]>([
    ["nothing more", {}],
    ["its name", { name: "theirs" }],
    ["its description", { description: "made by hand" }],
    ["its protocol", { protocol: "NFS" }],
    ["limits, which the service does not know", { timeouts: { create: "1h" } }],
    ["all of these", { name: "theirs", description: "made by hand", protocol: "NFS", timeouts: { delete: "1h" } }],
  ])("does not differ from a program that sets %s, before and after a refresh", async ([, args], { world }) => {
    const { resource } = await share(world);
    const all = { serviceName: world.serviceName, size: 100, ...args };
    const writes = () => world.calls(/^(POST|PUT|DELETE) /).length;
    const before = writes();

    expect(await resource.diff(all)).toEqual({ replaces: [], changes: false });
    nextCommand(world, resource);
    await resource.refresh();
    expect(await resource.up(all)).toEqual(["same"]);
    nextCommand(world, resource);
    await resource.refresh();
    expect(await resource.up(all)).toEqual(["same"]);
    expect(writes()).toBe(before);
  });

  test("keeps a mount point name that the program does not set, and is replaced by another one", async ({ world }) => {
    const { resource } = await share(world, { mountPointName: "team" });
    const args = { serviceName: world.serviceName, size: 100 };

    expect(await resource.diff(args)).toMatchObject({ changes: false });
    expect(await resource.diff({ ...args, mountPointName: "team" })).toMatchObject({ changes: false });
    expect((await resource.diff({ ...args, mountPointName: "crew" })).replaces).toEqual(["mountPointName"]);
  });

  test("is replaced for a mount point name that it does not have", async ({ world }) => {
    const { resource } = await share(world);
    const args = { serviceName: world.serviceName, size: 100, mountPointName: "team" };
    expect((await resource.diff(args)).replaces).toEqual(["mountPointName"]);
  });

  test.for<[string, Properties, object]>([
    ["another name", { name: "ours" }, { name: "ours", description: "made by hand" }],
    ["another description", { description: "ours" }, { name: "theirs", description: "ours" }],
    ["another size", { size: 150 }, { name: "theirs", size: 150, description: "made by hand" }],
  ])(
    "is updated by a program that sets %s, and nothing that it leaves out is touched",
    async ([, args, after], { world }) => {
      const { live, resource } = await share(world);
      const all = { serviceName: world.serviceName, size: 100, ...args };

      expect(await resource.up(all)).toEqual(["update"]);

      expect(live).toMatchObject(after);
      nextCommand(world, resource);
      expect(await resource.up(all)).toEqual(["same"]);
    },
  );

  test("has a description cleared that the program once had and takes out", async ({ world }) => {
    const { live, resource } = await share(world);
    const args = { serviceName: world.serviceName, size: 100 };
    expect(await resource.up({ ...args, description: "made by hand" })).toEqual(["same"]);

    for (const refresh of [true, false]) {
      nextCommand(world, resource);
      if (refresh) await resource.refresh();
      expect((await resource.diff(args)).changes).not.toBe(false);
    }
    expect(await resource.up(args)).toEqual(["update"]);

    expect(live.description ?? "").toBe("");
    expect(resource.outputs["__untold"]).toBeUndefined();
  });

  test("keeps a description that the program never had", async ({ world }) => {
    const { live, resource } = await share(world);
    const args = { serviceName: world.serviceName, size: 100 };
    expect(await resource.up(args)).toEqual(["same"]);
    nextCommand(world, resource);
    expect(await resource.up({ ...args, name: "ours" })).toEqual(["update"]);
    expect(live).toMatchObject({ name: "ours", description: "made by hand" });
  });

  test("is repaired where it drifts from the program after a first up without changes", async ({ world }) => {
    const { live, resource } = await share(world);
    const args = { serviceName: world.serviceName, size: 100, description: "made by hand" };
    expect(await resource.up(args)).toEqual(["same"]);
    Object.assign(live, { description: "changed", name: "changed" });

    nextCommand(world, resource);
    await resource.refresh();
    nextCommand(world, resource);
    expect(await resource.up(args)).toEqual(["update"]);

    expect(live).toMatchObject({ description: "made by hand", name: "changed" });
  });

  test("has new limits recorded without a call", async ({ world }) => {
    const { resource } = await share(world);
    const args = { serviceName: world.serviceName, size: 100 };
    expect(await resource.up(args)).toEqual(["same"]);
    const calls = world.simulator.calls.length;

    expect(await resource.up({ ...args, timeouts: { delete: "1h" } })).toEqual(["update"]);

    expect(world.simulator.calls).toHaveLength(calls);
    expect(resource.outputs).toMatchObject({ timeouts: { delete: "1h" }, name: "theirs", description: "made by hand" });
  });

  test("is deleted by a destroy", async ({ world }) => {
    const { live, resource } = await share(world);
    await resource.destroy();
    expect(world.simulator.model.shares.map(({ id }) => id)).not.toContain(live.id);
  });
});

describe("the policy and the reserve of an imported share", () => {
  test.for<[string, (policy: string) => Properties, boolean]>([
    ["which the program leaves out, are left alone", () => ({}), true],
    [
      "which the program sets as they are, are no change",
      (policy) => ({ snapshotPolicyId: policy, snapshotReserve: 5 }),
      true,
    ],
    ["differ where the program wants another reserve", () => ({ snapshotReserve: 20 }), false],
  ])("%s", async ([, args, same], { world }) => {
    const { live, resource } = await share(world);
    const all = { serviceName: world.serviceName, size: 100, ...args(live.policy.id) };

    expect((await resource.diff(all)).changes === false).toBe(same);
    expect(await resource.up(all)).toEqual([same ? "same" : "update"]);
    nextCommand(world, resource);
    await resource.refresh();
    expect(await resource.up(all)).toEqual(["same"]);
    expect(live.reserve.percent).toBe(same ? 5 : 20);
    expect(world.process.logs.filter(({ severity }) => severity === "warning")).toEqual([]);
  });
});

describe("the policy and the reserve of a share that is imported in a failed state", () => {
  test("are not told: a program with them or without them sees no change, nor does it after the share is repaired", async ({
    world,
  }) => {
    const { live } = await share(world);
    world.simulator.model.setStatus(live.id, "extending_error");
    const { applicationKey, applicationSecret, consumerKey } = world.simulator.credentials;
    const account = {
      endpoint: world.simulator.url,
      apiUrl: new URL(world.simulator.url),
      credentials: { kind: "applicationKeys" as const, applicationKey, applicationSecret, consumerKey },
      source: "environment",
    };
    const reader = liveReader(ovhAccess(account, {}));
    onTestFinished(() => reader.close());
    const { inputs, outputs } = await reader.read({
      kind: "ovh:Share",
      name: "adopted",
      id: `${world.serviceName}/${live.id}`,
    });

    for (const args of [{}, { snapshotPolicyId: live.policy.id, snapshotReserve: 5 }]) {
      world.simulator.model.setStatus(live.id, "extending_error");
      const resource = world.resource("ovh:Share", "adopted");
      nextCommand(world, resource);
      resource.state = { id: live.id, inputs, outputs, initErrors: [] };
      const all = { serviceName: world.serviceName, size: 100, ...args };
      expect(await resource.diff(all)).toEqual({ replaces: [], changes: false });
      expect(await resource.up(all)).toEqual(["same"]);
      expect(resource.process.logs).toEqual([]);
      world.simulator.model.setStatus(live.id, "available");
      nextCommand(world, resource);
      await resource.refresh();
      expect(await resource.up(all)).toEqual(["same"]);
    }
  });
});

describe("an imported held snapshot", () => {
  async function held(world: World) {
    const { id } = await world.process
      .storageOf(world.serviceName)
      .share(world.production)
      .createSnapshot({ name: "x" });
    world.clock.pass(20_000);
    return imported(world, "ovh:HeldSnapshot", id, { serviceName: world.serviceName, shareId: world.production });
  }

  test("does not differ by what decided on its creation, until that changes", async ({ world }) => {
    const resource = await held(world);
    const args = { serviceName: world.serviceName, shareId: world.production, select: { newest: true }, trigger: 1 };

    expect(await resource.up(args)).toEqual(["same"]);
    nextCommand(world, resource);
    await resource.refresh();
    expect(await resource.up(args)).toEqual(["same"]);
    nextCommand(world, resource);
    expect((await resource.diff({ ...args, trigger: 2 })).replaces).toEqual(["trigger"]);
    expect((await resource.diff({ ...args, select: { newest: true, namePrefix: "hourly" } })).replaces).toEqual([
      "select",
    ]);
  });

  test("is replaced by a trigger that is added after the first up, and not before", async ({ world }) => {
    const resource = await held(world);
    const args = { serviceName: world.serviceName, shareId: world.production, select: { newest: true } };
    expect((await resource.diff({ ...args, trigger: 1 })).changes).toBe(false);
    expect(await resource.up(args)).toEqual(["same"]);
    nextCommand(world, resource);
    expect((await resource.diff({ ...args, trigger: 1 })).replaces).toEqual(["trigger"]);
  });

  test("is not replaced while its trigger is still unknown", async ({ world }) => {
    const resource = await held(world);
    const args = { serviceName: world.serviceName, shareId: world.production, select: { newest: true } };
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    expect((await resource.diff({ ...args, trigger: unknown })).replaces).toEqual([]);
  });

  test("passes the check that the engine makes of an import file's own inputs", async ({ world }) => {
    const resource = await held(world);
    const inputs = resource.state?.inputs ?? {};
    expect(await resource.host.check(inputs, inputs)).toEqual({ inputs, failures: [] });
  });
});

test("an imported clone gets no facts about its snapshot: not in the first up, nor in any later one", async ({
  world,
}) => {
  const storage = world.process.storageOf(world.serviceName);
  const snapshot = await storage.share(world.production).createSnapshot({ name: "x" });
  world.clock.pass(20_000);
  const made = await storage.createShare({ protocol: "NFS", size: 100, snapshotID: snapshot.id, name: "theirs" });
  world.clock.pass(20_000);
  const clone = await imported(world, "ovh:ShareClone", made.id, { serviceName: world.serviceName });
  const args = { serviceName: world.serviceName, snapshotId: snapshot.id, size: 100 };

  expect(await clone.up(args)).toEqual(["same"]);
  nextCommand(world, clone);
  await clone.refresh();
  expect(await clone.up(args)).toEqual(["same"]);
  expect(await clone.up({ ...args, name: "ours" })).toEqual(["update"]);
  expect(await clone.up({ ...args, name: "ours" })).toEqual(["same"]);
  expect([clone.state?.inputs, clone.outputs].map((kept) => kept?.["source"])).toEqual([undefined, undefined]);
});

describe("an imported snapshot policy", () => {
  test("does not differ from a program that writes its rules as cron texts, and is replaced by other rules", async ({
    world,
  }) => {
    const rules = [{ prefix: "nightly", copies: 7, cron: "0 3 * * *" }];
    const lists = { minutes: [0], hours: [3], days: [], months: [], weekdays: [] };
    const { id } = await world.process
      .storageOf(world.serviceName)
      .createPolicy({ name: "theirs", rules: [{ prefix: "nightly", copies: 7, schedule: lists }] });
    world.clock.pass(20_000);
    const policy = await imported(world, "ovh:SnapshotPolicy", id, { serviceName: world.serviceName });
    const args = { serviceName: world.serviceName, rules };

    expect(await policy.up(args)).toEqual(["same"]);
    nextCommand(world, policy);
    await policy.refresh();
    expect(await policy.up(args)).toEqual(["same"]);
    expect(await policy.up({ ...args, name: "ours" })).toEqual(["update"]);
    expect(policy.outputs).toMatchObject({ rules, name: "ours" });
    expect(
      (await policy.diff({ ...args, name: "ours", rules: [{ ...rules[0], cron: "0 4 * * *" }] })).replaces,
    ).toEqual(["rules"]);
  });
});
