import { afterEach, describe, vi } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { revertShare } from "../../provider/ovh/simulator/snapshots";
import type { Resource } from "../support/resource";
import { argsFor, contents, found, incident, MINUTE, orders, reverts, taken, undoOf, warnings } from "./support/revert";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const SHARES = "/storage/netapp/{s}/share";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The share had 100 GiB when the snapshot was taken, and has 200 now. */
async function grown(world: World): Promise<Properties> {
  const good = await taken(world, "good");
  await world.process.storageOf(world.serviceName).extendShare(world.production, 200);
  world.clock.pass(MINUTE);
  return argsFor(world, good);
}

describe("an answer that is lost", () => {
  test.for([
    ["with the connection", { kind: "dropAfter" }],
    ["half-way", { kind: "truncated" }],
    ["in a gateway", { kind: "status", status: 502, html: "<h1>Bad gateway</h1>", afterEffect: true }],
  ] as const)("%s is made up for by the state of the share", async ([, fault], { world }) => {
    const { args } = await incident(world);
    world.simulator.faults.add({ path: /\/revert$/, fault });
    const undo = undoOf(world);

    await undo.up(args);

    expect(orders(world)).toBe("good");
    expect(undo.outputs).toMatchObject({ status: "available", sizeAfter: 100 });
    expect(reverts(world)).toHaveLength(1);
  });

  test("is made up for by the snapshots that are gone, where all was over before the first look", async ({ start }) => {
    const world = await start({ stepMs: 0 });
    const { later, args } = await incident(world);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "dropAfter" } });
    const undo = undoOf(world);

    await undo.up(args);

    expect(undo.outputs).toMatchObject({ status: "available", lostSnapshots: [{ id: later }] });
    await staysAsItIs(world, undo, args);
  });

  test("is made up for by the share's size, where all was over before the first look", async ({ start }) => {
    const world = await start({ stepMs: 0 });
    const args = await grown(world);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "dropAfter" } });
    const undo = undoOf(world);

    await undo.up(args);

    expect(undo.outputs).toMatchObject({ status: "available", sizeBefore: 200, sizeAfter: 200 });
    await staysAsItIs(world, undo, args);
  });

  test("is made up for by what the service shows later", async ({ world }) => {
    const { good, args } = await incident(world);
    const { model, faults } = world.simulator;
    model.steer("revertShare", { first: "available", firstReads: 4 });
    faults.add({ path: /\/revert$/, fault: { kind: "dropAfter" } });
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    // The first look after the call finds everything as it was before.
    const run = () => model.setStatus(good, "available");
    faults.add({ method: "GET", path: SHARES, skip: 1, fault: { kind: "interfere", run } });
    const undo = undoOf(world);

    await undo.up(args);

    expect(orders(world)).toBe("good");
    await staysAsItIs(world, undo, args);
  });

  test("is made up for by a bad end too", async ({ world }) => {
    const { args } = await incident(world);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "dropAfter" } });
    world.simulator.model.steer("revertShare", { outcome: "failed", ms: 0 });
    const undo = undoOf(world);

    expect(await messageOf(undo.up(args))).toContain('ended in state "reverting_error"');

    expect(undo.outputs["status"]).toBe("reverting_error");
    expect(await messageOf(undo.up(args))).toContain('ended in state "reverting_error"');
    expect(reverts(world)).toHaveLength(1);
  });

  /** What is written after a revert survives another up. */
  async function staysAsItIs(world: World, undo: Resource, args: Properties): Promise<void> {
    world.simulator.model.writeFile(world.production, "orders", "new");
    undo.process = world.nextProcess();
    expect(await undo.up(args)).toEqual(["same"]);
    expect(orders(world)).toBe("new");
    expect(reverts(world)).toHaveLength(1);
  }
});

describe("a lost answer of which nothing tells whether the share was reverted", () => {
  const unknown = (world: World, good: string, now = "") =>
    `It is not known whether share ${world.production} was reverted to snapshot ${good} (2026-01-31T10:20:30.000Z): the answer to the call of 2026-01-31T10:22:30.000Z was lost, and nothing at the service tells${now}. Look at its data, beside a ShareClone of the snapshot perhaps. Nothing is reverted a second time by itself: once the share is available, change trigger to revert it again, or take this resource out of the program to leave it as it is.`;

  test.for([
    ["it was not", { kind: "dropBefore" }],
    ["it was, in no time", { kind: "dropAfter" }],
  ] as const)(
    "(%s) fails each further up without a second revert, also after a refresh",
    async ([, fault], { start }) => {
      const world = await start({ stepMs: 0 });
      const good = await taken(world, "good");
      world.clock.pass(2 * MINUTE - STEP_MS);
      const args = argsFor(world, good);
      world.simulator.faults.add({ path: /\/revert$/, fault });
      const undo = undoOf(world);
      const begun = world.clock.time;

      const first = await messageOf(undo.up(args));
      expect(first).toMatch(/^ShareRevert undo: POST .*\/revert at .*: .*\. It is not known whether/);
      expect(first).toContain(unknown(world, good));
      expect((world.clock.time - begun) / 1000).toBeCloseTo(10, 0);
      expect(undo.outputs).toMatchObject({ status: "unknown", revertedTo: good, sizeBefore: 100 });

      world.simulator.model.writeFile(world.production, "orders", "new");
      undo.process = world.nextProcess();
      expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${unknown(world, good)}`);
      await undo.refresh();
      expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${unknown(world, good)}`);
      expect(await messageOf(undo.up({ ...args, trigger: undefined }))).toBe(
        `ShareRevert undo: ${unknown(world, good)}`,
      );
      world.simulator.model.setStatus(world.production, "extending");
      world.clock.pass(1);
      expect(await messageOf(undo.up(args))).toBe(
        `ShareRevert undo: ${unknown(world, good, ' (the share is now "extending")')}`,
      );
      expect(undo.outputs["status"]).toBe("unknown");
      expect(orders(world)).toBe("new");
      expect(reverts(world)).toHaveLength(1);
    },
  );

  /** Nothing was reverted, and nobody knows. */
  async function notKnown(world: World): Promise<{ undo: Resource; args: Properties; good: string }> {
    const { good, args } = await incident(world);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "dropBefore" } });
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain(unknown(world, good));
    undo.process = world.nextProcess();
    return { undo, args, good };
  }

  test("is done again by a new trigger", async ({ world }) => {
    const { undo, args } = await notKnown(world);

    expect(await undo.up({ ...args, trigger: 2 })).toEqual(["replace", "delete-replaced"]);

    expect(orders(world)).toBe("good");
    expect(undo.outputs["status"]).toBe("available");
    expect(reverts(world)).toHaveLength(2);
  });

  test("goes away with the resource, without a call", async ({ world }) => {
    const { undo } = await notKnown(world);
    const calls = world.simulator.calls.length;
    await undo.destroy();
    expect(world.simulator.calls).toHaveLength(calls);
    expect(orders(world)).toBe("ruined");
  });

  test("ends in words when somebody deletes the share", async ({ world }) => {
    const { undo, args } = await notKnown(world);
    world.simulator.model.world.state.shares.delete(world.production);
    expect(await messageOf(undo.up(args))).toBe(
      `ShareRevert undo: share ${world.production} was deleted by somebody else while it was reverted. Take this resource out of the program.`,
    );
  });

  test("is gone on with when the service shows the revert after all", async ({ world }) => {
    const { args } = await incident(world);
    const { faults, model } = world.simulator;
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    model.steer("revertShare", { ms: 5 * MINUTE });
    faults.add({ path: /\/revert$/, fault: { kind: "dropAfter" } });
    faults.add({ method: "GET", path: SHARES, skip: 1, times: 5, fault: { kind: "status", status: 500 } });
    const undo = undoOf(world);
    // The look fails too.
    expect(await messageOf(undo.up(args))).toMatch(/^ShareRevert undo: GET .* 500.*\. It is not known whether share/);
    expect(undo.outputs["status"]).toBe("unknown");
    world.clock.pass(MINUTE);
    undo.process = world.nextProcess();

    expect(await undo.up(args)).toEqual(["update"]);

    expect(orders(world)).toBe("good");
    expect(undo.outputs).toMatchObject({ status: "available", revertedAt: "2026-01-31T10:22:30.000Z" });
    expect(reverts(world)).toHaveLength(1);
  });

  test("is no less unknown for an interrupted look", async ({ world }) => {
    const { good, args } = await incident(world);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "dropBefore" } });
    world.clock.later(2000, () => world.process.interrupt());
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain("the wait was interrupted (seen: available");
    expect(undo.outputs["status"]).toBe("unknown");
    world.clock.pass(MINUTE);
    undo.process = world.nextProcess();

    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${unknown(world, good)}`);
    expect(reverts(world)).toHaveLength(1);
  });

  test("is not taken for done because somebody else has changed the size", async ({ world }) => {
    const { good, args } = await incident(world);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "dropBefore" } });
    world.simulator.model.steer("extendShare", { ms: 3000 });
    const { extendShare } = world.process.storageOf(world.serviceName);
    let extension: Promise<void> | undefined;
    world.clock.later(2000, () => {
      extension = extendShare(world.production, 200);
    });
    const undo = undoOf(world);

    expect(await messageOf(undo.up(args))).toContain(unknown(world, good));

    await extension;
    expect(undo.outputs["status"]).toBe("unknown");
    expect(orders(world)).toBe("ruined");
  });
});

describe("a revert to the very snapshot that is under way already", () => {
  /** As a process that was killed right after its call. */
  const begunByAKilledProcess = (world: World, args: Properties) => contents(world).revert(String(args["snapshotId"]));
  const taking = (world: World, good: string) =>
    `ShareRevert undo: share ${world.production} is being reverted to snapshot ${good} ("good", 2026-01-31T10:20:30.000Z) already, most likely by a run that was interrupted: that one counts, and no second one follows.`;

  test("is told in preview, and taken for the one asked for by create", async ({ world }) => {
    const { good, later, args } = await incident(world);
    await begunByAKilledProcess(world, args);
    const undo = undoOf(world);

    expect(await found(world, args)).toEqual([]);
    expect(warnings(world)).toEqual([taking(world, good)]);
    expect(await undo.up(args)).toEqual(["create"]);

    expect(orders(world)).toBe("good");
    expect(undo.outputs).toMatchObject({
      revertedTo: good,
      revertedAt: "2026-01-31T10:22:30.000Z",
      sizeBefore: 100,
      sizeAfter: 100,
      lostSnapshots: [{ id: later }],
      status: "available",
    });
    world.simulator.model.writeFile(world.production, "orders", "new");
    expect(await undo.up(args)).toEqual(["same"]);
    expect(orders(world)).toBe("new");
    expect(reverts(world)).toHaveLength(1);
  });

  test("is warned of by create where the preview could not look", async ({ world }) => {
    const { good, args } = await incident(world);
    await begunByAKilledProcess(world, args);
    vi.stubEnv("HOLDFAST_OFFLINE", "1");

    await undoOf(world).up(args);

    expect(warnings(world)).toEqual([taking(world, good)]);
    expect(reverts(world)).toHaveLength(1);
  });

  test("still asks for the confirmation", async ({ world }) => {
    const { args } = await incident(world);
    await begunByAKilledProcess(world, args);
    expect(await found(world, { ...args, confirmDataLossOf: undefined })).toEqual([
      expect.stringMatching(/^confirmDataLossOf is missing: /),
    ]);
  });

  test("gives the share the size that it has until then", async ({ world }) => {
    const args = await grown(world);
    await begunByAKilledProcess(world, args);
    const undo = undoOf(world);

    await undo.up(args);

    expect(undo.outputs).toMatchObject({ sizeBefore: 200, sizeAfter: 200, status: "available" });
    expect(reverts(world)).toHaveLength(1);
  });

  test("counts also where somebody was faster by a moment", async ({ world }) => {
    const { good, args } = await incident(world);
    const { model } = world.simulator;
    const run = () => revertShare(model.world, world.serviceName, world.production, good);
    world.simulator.faults.add({ method: "POST", path: /\/revert$/, fault: { kind: "interfere", run } });

    await undoOf(world).up(args);

    expect(orders(world)).toBe("good");
    expect(reverts(world)).toHaveLength(1);
  });

  test("counts for a new trigger too, and ends in the same error", async ({ world }) => {
    const { args } = await incident(world);
    world.simulator.model.steer("revertShare", { outcome: "failed" });
    world.clock.later(3000, () => world.process.interrupt());
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain("the wait was interrupted (seen: reverting");
    undo.process = world.nextProcess();

    expect(await messageOf(undo.up({ ...args, trigger: 2 }))).toContain('ended in state "reverting_error"');

    expect(reverts(world)).toHaveLength(1);
  });
});

describe("the trigger", () => {
  test("reverts nothing when it is taken out, and reverts when one is added again", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);
    await undo.up(args);
    world.simulator.model.writeFile(world.production, "orders", "new");
    const without = { ...args, trigger: undefined };

    expect((await undo.diff(without)).replaces).toEqual([]);
    expect(await undo.up(without)).toEqual(["update"]);
    expect(await undo.up(without)).toEqual(["same"]);
    expect(orders(world)).toBe("new");
    expect(undo.outputs).toMatchObject({ status: "available" });
    expect(undo.outputs).not.toHaveProperty("trigger");
    expect(reverts(world)).toHaveLength(1);

    expect(await undo.up({ ...args, trigger: 2 })).toEqual(["replace", "delete-replaced"]);
    expect(orders(world)).toBe("good");
    expect(reverts(world)).toHaveLength(2);
  });

  test("reverts when one is added where there was none", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);
    await undo.up({ ...args, trigger: undefined });
    world.simulator.model.writeFile(world.production, "orders", "new");

    expect(await undo.up(args)).toEqual(["replace", "delete-replaced"]);

    expect(orders(world)).toBe("good");
    expect(reverts(world)).toHaveLength(2);
  });
});
