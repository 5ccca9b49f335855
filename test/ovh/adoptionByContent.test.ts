import { describe } from "vitest";
import type { StackState } from "../../provider/core/stackState";
import type { Fault } from "../../provider/simulators";
import { crashed, said } from "./support/crashed";
import { expect, messageOf, test, type World } from "./support/test";

/** What the service has no text of ours for is known by its content. */
describe("an access rule whose creation was interrupted", () => {
  const path = /\/acl$/;
  const args = (world: World, shareId = world.production) => ({
    serviceName: world.serviceName,
    shareId,
    accessTo: "10.0.5.7",
    accessLevel: "ro",
  });
  const ofShare = ({ simulator }: World, shareId: string) =>
    simulator.model.shares.find(({ id }) => id === shareId)?.rules.map(({ id }) => id);
  const own = async (world: World) => {
    const share = world.resource("ovh:Share", "home");
    await share.up({ serviceName: world.serviceName, size: 100 });
    return share.id;
  };

  test("is taken over on a share of the stack", async ({ world }) => {
    const shareId = await own(world);
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await crashed(world, rule, args(world, shareId), path);
    const [left] = ofShare(world, shareId) ?? [];

    await rule.up(args(world, shareId));

    expect(rule.id).toBe(left);
    expect(rule.outputs).toMatchObject({ status: "active" });
    expect(said(rule)).toContain(`took over access rule ${left} (10.0.5.7 ro), which an interrupted run made`);
    expect(ofShare(world, shareId)).toEqual([left]);
  });

  test("is somebody else's on a share that is not the stack's, and the service's refusal names it", async ({
    world,
  }) => {
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await crashed(world, rule, args(world), path);
    const left = ofShare(world, world.production)?.at(-1);

    expect(await messageOf(rule.up(args(world)))).toContain(`has an access rule for 10.0.5.7 already: ${left} (ro)`);
    expect(rule.state).toBeUndefined();
  });

  test("is taken over there when the engine knows that it was interrupted", async ({ world }) => {
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await crashed(world, rule, args(world), path);
    const left = ofShare(world, world.production)?.at(-1);
    const state: StackState = { ids: new Set(), resources: [], interrupted: new Set([rule.urn]) };
    rule.process = world.nextProcess({ readState: async () => state });

    await rule.up(args(world));

    expect(rule.id).toBe(left);
  });

  test("belongs to one of two resources that declare the same", async ({ world }) => {
    const shareId = await own(world);
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await crashed(world, rule, args(world, shareId), path);
    const twin = world.resource("ovh:ShareAccessRule", "twin");
    twin.process = rule.process;

    const ended = await Promise.allSettled([rule.up(args(world, shareId)), twin.up(args(world, shareId))]);

    expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(String(ended.map((one) => "reason" in one && one.reason))).toContain(
      "has an access rule for 10.0.5.7 already",
    );
  });

  test("is taken over on a share that this run has seen, whatever the state says of that", async ({ world }) => {
    const home = world.resource("ovh:Share", "home");
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await home.up({ serviceName: world.serviceName, size: 100 });
    await crashed(world, rule, args(world, home.id), path);
    const [left] = ofShare(world, home.id) ?? [];
    const process = world.nextProcess({
      readState: async () => ({ ids: new Set(), resources: [], interrupted: new Set() }),
    });
    home.process = process;
    rule.process = process;
    await home.refresh();

    await rule.up(args(world, home.id));

    expect(rule.id).toBe(left);
  });

  test("is not one that is being taken away", async ({ world }) => {
    const shareId = await own(world);
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await crashed(world, rule, args(world, shareId), path);
    const change = (body: unknown) => (Array.isArray(body) ? body.map((one) => ({ ...one, status: "denying" })) : body);
    world.simulator.faults.add({ method: "GET", path, fault: { kind: "mutate", change } });

    expect(await messageOf(rule.up(args(world, shareId)))).toContain("has an access rule for 10.0.5.7 already");
    expect(said(rule)).not.toContain("took over");
  });

  test("is not the one with another level or of another network", async ({ world }) => {
    const shareId = await own(world);
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    await crashed(world, rule, { ...args(world, shareId), accessTo: "10.0.5.8" }, path);

    await rule.up(args(world, shareId));

    expect(ofShare(world, shareId)).toHaveLength(2);
    expect(said(rule)).not.toContain("took over");
  });

  test("is found at once when only the answer was lost", async ({ world }) => {
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    world.simulator.faults.add({ method: "POST", path, fault: { kind: "dropAfter" } });

    await rule.up(args(world));

    expect(ofShare(world, world.production)).toContain(rule.id);
    expect(world.calls(/POST .*acl/)).toHaveLength(1);
  });
});

describe("a hold that was interrupted", () => {
  const path = /hold$/;
  const args = (world: World) => ({
    serviceName: world.serviceName,
    shareId: world.production,
    select: { newest: true },
  });
  const manual = ({ simulator }: World) => simulator.model.snapshots.filter(({ type }) => type === "manual");

  test("stops the next up, which holds nothing and prints how to import it", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    await crashed(world, held, args(world), path);
    const [left] = manual(world);

    const message = await messageOf(held.up(args(world)));

    expect(message).toContain(`is already held: snapshot ${left?.id} (`);
    expect(message).toContain("which this stack does not manage");
    expect(message).toContain(
      `npx pulumi-holdfast import ovh:HeldSnapshot point ${world.serviceName}/${world.production}/${left?.id}`,
    );
    expect(manual(world)).toHaveLength(1);
  });

  test("stops a replacement as well, whose old one would be in the way of an import", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    await held.up({ ...args(world), trigger: 1 });
    const old = held.id;
    world.clock.pass(60_000);
    world.simulator.model.takeAutomaticSnapshot(world.production);
    held.process = world.nextProcess();
    await crashed(world, held, { ...args(world), trigger: 2 }, path);
    const left = manual(world).find(({ id }) => id !== old);

    const message = await messageOf(held.up({ ...args(world), trigger: 2 }));

    expect(message).toContain(
      `Nothing was held. Then delete snapshot ${left?.id}, and run pulumi up again when there is a newer automatic one.`,
    );
    expect(message).not.toContain("import");
    expect(held.id).toBe(old);
  });

  test("is one of the stack where the state has it: that is told instead", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    await held.up(args(world));
    const second = world.resource("ovh:HeldSnapshot", "second");
    second.process = world.nextProcess();

    const message = await messageOf(second.up(args(world)));

    expect(message).toContain("is already held: snapshot");
    expect(message).not.toContain("import");
  });

  test("is named when a newer point is there by then, which is held, and only where the engine knows of it", async ({
    world,
  }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    await crashed(world, held, args(world), path);
    const [left] = manual(world);
    world.clock.pass(60_000);
    world.simulator.model.takeAutomaticSnapshot(world.production);
    const state: StackState = { ids: new Set(), resources: [], interrupted: new Set([held.urn]) };
    held.process = world.nextProcess({ readState: async () => state });

    await held.up(args(world));

    expect(held.id).not.toBe(left?.id);
    expect(said(held)).toContain(`an interrupted run of it may have held snapshot ${left?.id} (`);
    expect(said(held)).toContain("delete it in the control panel");

    const other = world.resource("ovh:HeldSnapshot", "other");
    world.clock.pass(60_000);
    world.simulator.model.takeAutomaticSnapshot(world.production);
    other.process = world.nextProcess();
    await other.up(args(world));
    expect(said(other)).not.toContain("interrupted");
  });

  test("stops who wants an older point only where the engine knows of the interruption", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    const older = { ...args(world), onlyIfNewer: false };
    await crashed(world, held, older, path);
    const state: StackState = { ids: new Set(), resources: [], interrupted: new Set([held.urn]) };
    held.process = world.nextProcess({ readState: async () => state });
    expect(await messageOf(held.up(older))).toContain("which this stack does not manage");

    held.process = world.nextProcess();
    await held.up(older);

    expect(manual(world)).toHaveLength(2);
  });

  test("is no question where the state can't be read and the program wants an older point", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    await crashed(world, held, args(world), path);
    held.process = world.nextProcess({ readState: async () => ({ unreadable: "the CLI is gone" }) });
    expect(await messageOf(held.up(args(world)))).toContain("this stack may not manage (the CLI is gone)");

    await held.up({ ...args(world), onlyIfNewer: false });

    expect(manual(world)).toHaveLength(2);
  });

  test("is no question where this run has held the point itself: the state need not be read", async ({ world }) => {
    const process = world.nextProcess({ readState: async () => ({ unreadable: "the CLI is gone" }) });
    const [held, second] = [world.resource("ovh:HeldSnapshot", "point"), world.resource("ovh:HeldSnapshot", "second")];
    held.process = process;
    second.process = process;
    await held.up(args(world));

    const message = await messageOf(second.up(args(world)));

    expect(message).toContain(`is already held: snapshot ${held.id}`);
    expect(message).not.toContain("the CLI is gone");
  });

  test("that was to replace another point is no import: the state has that name already", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    await held.up({ ...args(world), trigger: 1 });
    world.simulator.model.takeAutomaticSnapshot(world.production, "hourly");
    const replaced = { ...args(world), trigger: 2 };
    await crashed(world, held, replaced, path);
    const left = manual(world).find(({ id }) => id !== held.id);

    const message = await messageOf(held.up(replaced));

    expect(message).toContain(`Then delete snapshot ${left?.id}, and run pulumi up again when there is a newer`);
    expect(message).not.toContain("npx pulumi-holdfast import");
  });

  for (const other of [{ path: "/.snapshot/other" }, { name: "other" }, { createdAt: "2020-01-01T00:00:00Z" }]) {
    test(`is not what has another ${Object.keys(other)}, when the answer is lost`, async ({ world }) => {
      const held = world.resource("ovh:HeldSnapshot", "point");
      const newest = world.automatic().at(-1);
      const id = "11111111-2222-4333-8444-555555555555";
      const change = (body: unknown) => {
        const source = Array.isArray(body) && body.find((one) => one.id === newest?.id);
        return source ? [...body, { ...source, type: "manual", id, ...other }] : body;
      };
      world.simulator.faults.add({ method: "POST", path, fault: { kind: "dropBefore" } });
      world.simulator.faults.add({
        method: "GET",
        path: /\/snapshot$/,
        skip: 1,
        times: 3,
        fault: { kind: "mutate", change },
      });

      await held.up({ serviceName: world.serviceName, shareId: world.production, snapshotId: newest?.id });

      expect(held.id).not.toBe(id);
      expect(manual(world).map((one) => one.id)).toEqual([held.id]);
    });
  }

  for (const heldSource of ["hidden", "listed"] as const) {
    for (const fault of [
      { kind: "dropAfter" },
      { kind: "status", status: 504, html: "<p>timeout</p>", afterEffect: true },
      { kind: "truncated" },
    ] as const satisfies Fault[]) {
      test(`is found at once when only the answer was lost (${fault.kind}, source ${heldSource})`, async ({
        start,
      }) => {
        const world = await start({ heldSource });
        const held = world.resource("ovh:HeldSnapshot", "point");
        world.simulator.faults.add({ method: "POST", path, fault });

        await held.up(args(world));

        expect(manual(world).map(({ id }) => id)).toEqual([held.id]);
        expect(held.outputs).toMatchObject({ type: "manual", status: "available" });
        expect(said(held)).toContain("the answer to the hold was lost, but it was done");
      });
    }
  }

  test("is sent once more when it did not happen", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    const newest = world.automatic().at(-1);
    world.simulator.faults.add({ method: "POST", path, fault: { kind: "dropBefore" } });

    await held.up(args(world));

    expect(held.outputs).toMatchObject({ sourceSnapshotId: newest?.id });
    expect(manual(world).map(({ id }) => id)).toEqual([held.id]);
    expect(world.calls(/hold$/)).toHaveLength(2);
  });

  test("is not sent a third time, and nothing is made", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    world.simulator.faults.add({ method: "POST", path, times: 9, fault: { kind: "dropBefore" } });

    expect(await messageOf(held.up(args(world)))).toContain("Run pulumi up again: it looks first.");

    expect(world.calls(/hold$/)).toHaveLength(2);
    expect(manual(world)).toEqual([]);
  });

  test("of a snapshot that was rotated away meanwhile says so", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "point");
    const newest = world.automatic().at(-1);
    world.simulator.faults.add({ method: "POST", path, fault: { kind: "dropBefore" } });
    const run = () => world.simulator.model.rotateAway(newest?.id ?? "");
    world.simulator.faults.add({ method: "GET", path: /\/snapshot$/, skip: 1, fault: { kind: "interfere", run } });

    expect(await messageOf(held.up(args(world)))).toContain("was rotated away, or held by somebody else");
  });
});
