import { describe } from "vitest";
import { crashed, said } from "./support/crashed";
import { expect, messageOf, test, type World } from "./support/test";

const MINUTE_MS = 60_000;
const SHARES = /\/share$/;
const share = (world: World) => ({ serviceName: world.serviceName, size: 100 });
const idsOf = ({ simulator }: World) => simulator.model.shares.map(({ id }) => id);

describe("what is not taken over", () => {
  test("is what the engine has just taken out of the state and keeps at the service", async ({ world }) => {
    const resource = world.resource("ovh:Share");
    await resource.up(share(world));
    const old = resource.id;
    resource.process = world.nextProcess();
    await resource.diff(share(world));
    resource.state = undefined; // retainOnDelete with deleteBeforeReplace: the provider hears of no deletion

    await resource.up(share(world));

    expect(idsOf(world)).toEqual([world.production, old, resource.id]);
    expect(resource.id).not.toBe(old);
  });

  test("is what is being deleted", async ({ world }) => {
    const resource = world.resource("ovh:Share");
    await crashed(world, resource, share(world), SHARES);
    const left = idsOf(world).at(-1) ?? "";
    world.clock.pass(MINUTE_MS);
    await world.process.storageOf(world.serviceName).deleteShare(left);

    await resource.up(share(world));

    expect(resource.id).not.toBe(left);
    expect(resource.outputs).toMatchObject({ status: "available" });
  });

  test("is what the service shows under another mount point name", async ({ world }) => {
    const resource = world.resource("ovh:Share");
    const wanted = { ...share(world), mountPointName: "team" };
    await crashed(world, resource, wanted, SHARES);
    const left = idsOf(world).at(-1);
    const change = (body: unknown) =>
      Array.isArray(body) ? body.map((one) => (one.id === left ? { ...one, mountPointName: "other" } : one)) : body;
    world.simulator.faults.add({ method: "GET", path: SHARES, fault: { kind: "mutate", change } });

    expect(await messageOf(resource.up(wanted))).toContain(`mountPointName "team" belongs to share ${left}`);
  });

  test("is an old object of the same mark when the answer to a new creation is lost before it had an effect", async ({
    world,
  }) => {
    const resource = world.resource("ovh:Share");
    await crashed(world, resource, share(world), SHARES);
    world.clock.pass(61 * MINUTE_MS);
    world.simulator.faults.add({ method: "POST", path: SHARES, fault: { kind: "dropBefore" } });

    expect(await messageOf(resource.up(share(world)))).toContain("The service does not show the share");
    expect(resource.state).toBeUndefined();
  });

  test("is either of two that are there after a lost answer", async ({ world }) => {
    const resource = world.resource("ovh:Share");
    const change = (body: unknown) => {
      const [last] = Array.isArray(body) ? body.slice(-1) : [];
      return Array.isArray(body) ? [...body, { ...last, id: "11111111-2222-4333-8444-555555555555" }] : body;
    };
    world.simulator.faults.add({ method: "POST", path: SHARES, fault: { kind: "dropAfter" } });
    world.simulator.faults.add({ method: "GET", path: SHARES, skip: 1, fault: { kind: "mutate", change } });

    const message = await messageOf(resource.up(share(world)));

    expect(message).toContain("2 objects were made that may be it");
    expect(message).toContain("11111111-2222-4333-8444-555555555555");
    expect(resource.state).toBeUndefined();
  });

  test("is the rule that another resource of the same run has made, when the answer to a second one is lost", async ({
    world,
  }) => {
    const home = world.resource("ovh:Share", "home");
    await home.up(share(world));
    const args = { serviceName: world.serviceName, shareId: home.id, accessTo: "10.0.5.7", accessLevel: "ro" };
    const [rule, twin] = [world.resource("ovh:ShareAccessRule", "lan"), world.resource("ovh:ShareAccessRule", "twin")];
    world.simulator.faults.add({ method: "POST", path: /\/acl$/, skip: 1, fault: { kind: "dropBefore" } });

    const ended = await Promise.allSettled([rule.up(args), twin.up(args)]);

    expect(ended.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect([rule.state, twin.state].filter((state) => state !== undefined)).toHaveLength(1);
  });
});

describe("what is taken over", () => {
  for (const kind of ["ovh:Share", "ovh:Snapshot", "ovh:SnapshotPolicy"] as const) {
    test(`loses the description that the program has no more (${kind})`, async ({ world }) => {
      const { serviceName, production } = world;
      const resource = world.resource(kind);
      const rules = [{ prefix: "mine", copies: 2, cron: "0 3 * * *" }];
      const own = {
        "ovh:Share": { size: 100 },
        "ovh:Snapshot": { shareId: production },
        "ovh:SnapshotPolicy": { rules },
      };
      const wanted = { serviceName, name: "chosen", ...own[kind] };
      await crashed(world, resource, { ...wanted, description: "of yesterday" }, /\/(share|snapshot|snapshotPolicy)$/);

      await resource.up(wanted);

      expect(said(resource)).toContain("took over");
      expect(resource.outputs["description"]).toBe("");
      await resource.refresh();
      expect(resource.outputs["description"]).toBe("");
      expect(await resource.up(wanted)).toEqual(["same"]);
    });
  }

  test("is kept when its share is in a state in which no snapshot is made", async ({ world }) => {
    const resource = world.resource("ovh:Snapshot");
    const wanted = { serviceName: world.serviceName, shareId: world.production };
    await crashed(world, resource, wanted, /\/snapshot$/);
    const change = (body: unknown) =>
      Array.isArray(body) ? body.map((one) => ({ ...one, status: "extending_error" })) : body;
    world.simulator.faults.add({ method: "GET", path: SHARES, times: 99, fault: { kind: "mutate", change } });

    await resource.up(wanted);

    expect(resource.outputs).toMatchObject({ status: "available", shareSize: 100 });
  });
});

describe("the message after an answer was lost", () => {
  test("promises no take-over where nothing is taken over", async ({ world }) => {
    const resource = world.resource("ovh:Share");
    resource.process = world.nextProcess({ settings: { adoptWithinMinutes: 0 } });
    world.simulator.faults.add({ method: "POST", path: SHARES, fault: { kind: "dropBefore" } });

    const message = await messageOf(resource.up(share(world)));

    expect(message).toContain("all the same: look for it, and delete or import it, before you try again.");
    expect(message).not.toContain("taken over");
  });

  test("is none where nothing was sent: what failed was a look on the way", async ({ world }) => {
    const resource = world.resource("ovh:Snapshot");
    for (const fault of [{ kind: "status", status: 500 }, { kind: "dropBefore" }] as const) {
      world.simulator.faults.add({ method: "GET", path: SHARES, times: 5, fault });

      const message = await messageOf(resource.up({ serviceName: world.serviceName, shareId: world.production }));

      expect(message).toContain("(after 5 attempts)");
      expect(message).not.toMatch(/made|taken over/);
      expect(world.calls(/POST/)).toEqual([]);
    }
  });
});

test("names that would steer a terminal are shown with their signs' numbers", async ({ world }) => {
  const resource = world.resource("ovh:Share");
  await crashed(world, resource, share(world), SHARES);
  const [, left] = world.simulator.model.shares;
  const name = `${left?.name}`;
  const description = `[holdfast ${/-(\w{13})-0$/.exec(name)?.[1]}]`;
  await world.process
    .storageOf(world.serviceName)
    .renameShare(left?.id ?? "", { name: "\u001b[2Jowned\nby 数据", description });
  resource.process = world.nextProcess({ readState: async () => ({ unreadable: "the CLI is gone" }) });

  expect(await messageOf(resource.up(share(world)))).toContain('("\\u{1b}[2Jowned\nby 数据")');
});

test("so are they in what a check refuses", async ({ world }) => {
  const source = world.resource("ovh:Snapshot", "source");
  await source.up({ serviceName: world.serviceName, shareId: world.production, name: "\u001b[2Jowned" });
  const held = world.resource("ovh:HeldSnapshot", "point");
  held.process = world.nextProcess();

  const { failures } = await held.check({
    serviceName: world.serviceName,
    shareId: world.production,
    snapshotId: source.id,
  });

  expect(failures.map(({ reason }) => reason)).toEqual([expect.stringContaining('("\\u{1b}[2Jowned") is already')]);
});
