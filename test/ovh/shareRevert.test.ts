import { afterEach, describe, vi } from "vitest";
import type { Properties } from "../../provider/core/properties";
import type { Resource } from "../support/resource";
import {
  argsFor,
  contents,
  found,
  incident,
  MINUTE,
  orders,
  reverts,
  share,
  taken,
  undoOf,
  warnings,
} from "./support/revert";
import { expect, messageOf, Refused, STEP_MS, test, type World } from "./support/test";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const NOWHERE = "00000000-0000-4000-8000-000000000000";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("reverting", () => {
  test("brings the data back, and records what was done and lost", async ({ world }) => {
    const { good, later, args } = await incident(world);
    const undo = undoOf(world);
    await undo.up(args);

    expect(orders(world)).toBe("good");
    expect(undo.outputs).toMatchObject({
      ...args,
      revertedTo: good,
      revertedAt: "2026-01-31T10:22:30.000Z",
      dataFrom: "2026-01-31T10:20:30.000Z",
      sizeBefore: 100,
      sizeAfter: 100,
      lostSnapshots: [{ id: later, name: "hourly.2026-01-31_1022", createdAt: "2026-01-31T10:22:30.000Z" }],
      status: "available",
    });
    expect(undo.id).toBe(`${world.production}/${good}/2026-01-31T10:22:30.000Z`);
  });

  test("happens once per trigger, and again under another id when the trigger changes", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);
    await undo.up(args);
    const first = undo.id;
    world.simulator.model.writeFile(world.production, "orders", "new");

    undo.process = world.nextProcess();
    expect(await undo.up(args)).toEqual(["same"]);
    expect(orders(world)).toBe("new");

    expect(await undo.up({ ...args, trigger: 2 })).toEqual(["replace", "delete-replaced"]);
    expect(orders(world)).toBe("good");
    expect(undo.id).not.toBe(first);
    expect(reverts(world)).toHaveLength(2);
  });

  test("works to a held snapshot, which is manual", async ({ world }) => {
    const held = world.resource("ovh:HeldSnapshot", "held");
    await held.up({ serviceName: world.serviceName, shareId: world.production, select: { newest: true } });

    await undoOf(world).up(argsFor(world, held.id));

    expect(reverts(world)).toHaveLength(1);
  });

  test("is not believed to be over before it has begun", async ({ world }) => {
    const { good, args } = await incident(world);
    const { model, faults } = world.simulator;
    model.steer("revertShare", { first: "available", firstReads: 4 });
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    // The first look at the shares after the call, the second one in all, finds everything as it was before.
    const run = () => model.setStatus(good, "available");
    faults.add({ method: "GET", path: "/storage/netapp/{s}/share", skip: 1, fault: { kind: "interfere", run } });

    await undoOf(world).up(args);

    expect(orders(world)).toBe("good");
  });

  test("ends all the same where the service was done before the first look", async ({ start }) => {
    const world = await start({ stepMs: 0 });
    const args = argsFor(world, await taken(world, "only one"));
    const before = world.clock.time;
    await undoOf(world).up(args);
    expect((world.clock.time - before) / 1000).toBeCloseTo(10, 0);
  });
});

describe("before it is done, preview", () => {
  test("tells what would be lost, on the resource's row, without a failure", async ({ world }) => {
    const { good, later, args } = await incident(world);

    expect(await found(world, args)).toEqual([]);

    expect(warnings(world)).toEqual([
      `ShareRevert undo: reverting share ${world.production} to snapshot ${good} ("good", 2026-01-31T10:20:30.000Z) loses everything written since 2026-01-31T10:20:30.000Z (2 min ago) and the newer snapshots ${later} ("hourly.2026-01-31_1022", 2026-01-31T10:22:30.000Z). There is no way back.`,
    ]);
    expect(world.process.logs.at(-1)?.urn).toBe(undoOf(world).urn);
    expect(reverts(world)).toEqual([]);
  });

  test("tells it again for a new trigger, and never for what is done", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);
    await undo.up(args);
    const [told, calls] = [warnings(world).length, world.simulator.calls.length];

    await undo.diff(args);
    await undo.diff({ ...args, confirmDataLossOf: undefined, timeouts: { create: "1h" } });
    expect([warnings(world).length, world.simulator.calls.length]).toEqual([told, calls]);

    world.simulator.model.writeFile(world.production, "orders", "new");
    await undo.up({ ...args, trigger: 2 });
    expect(warnings(world)).toHaveLength(told + 1);
  });

  test("asks for the share's id, with what would be lost, where it is missing or another one", async ({ world }) => {
    const { good, later, args } = await incident(world);
    const loss = `reverting share ${world.production} to snapshot ${good} ("good", 2026-01-31T10:20:30.000Z) loses everything written since 2026-01-31T10:20:30.000Z (2 min ago) and the newer snapshots ${later} ("hourly.2026-01-31_1022", 2026-01-31T10:22:30.000Z). To agree, set confirmDataLossOf: "${world.production}".`;

    expect(await found(world, { ...args, confirmDataLossOf: undefined })).toEqual([
      `confirmDataLossOf is missing: ${loss}`,
    ]);
    expect(await found(world, { ...args, confirmDataLossOf: NOWHERE })).toEqual([
      `confirmDataLossOf is not the ID of this share: ${loss}`,
    ]);
    expect(await found(world, { ...args, confirmDataLossOf: "yes" })).toHaveLength(1);
    expect(await found(world, { ...args, confirmDataLossOf: world.production.toUpperCase() })).toEqual([]);
  });

  test("asks for it also where nothing more is known, and not before the share is", async ({ world }) => {
    const { good, args } = await incident(world);
    const unconfirmed = { ...args, confirmDataLossOf: undefined };

    expect(await found(world, { ...unconfirmed, snapshotId: UNKNOWN })).toEqual([
      `confirmDataLossOf is missing: reverting share ${world.production} to a snapshot that is not known yet loses everything written since it was taken, and all newer snapshots. To agree, set confirmDataLossOf: "${world.production}".`,
    ]);
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    expect(await found(world, unconfirmed)).toEqual([
      `confirmDataLossOf is missing: reverting share ${world.production} to snapshot ${good} loses everything written since it was taken, and all newer snapshots. To agree, set confirmDataLossOf: "${world.production}".`,
    ]);
    expect(await found(world, { ...unconfirmed, shareId: UNKNOWN })).toEqual([]);
    expect(await found(world, { ...args, confirmDataLossOf: UNKNOWN })).toEqual([]);
    expect(warnings(world)).toEqual([]);
  });

  test("warns of what passes by itself: access rules and snapshots in transit", async ({ world }) => {
    const { args } = await incident(world);
    const newer = await taken(world, "newer");
    await contents(world).createAccessRule({ accessTo: "10.0.9.0/24", accessLevel: "ro" });
    await contents(world).deleteSnapshot(newer);

    expect(await found(world, args)).toEqual([]);

    expect(warnings(world).at(-1)).toBe(
      `ShareRevert undo: it waits until the service takes a revert: access rule 10.0.9.0/24 queued_to_apply, snapshot ${newer} deleting.`,
    );
  });

  test("nothing is reverted without the confirmation, whatever came before create", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);

    expect(await messageOf(undo.host.create(undo.sent({ ...args, confirmDataLossOf: undefined })))).toBe(
      `ShareRevert undo: confirmDataLossOf must be "${world.production}", the ID of the share that loses data, before it is reverted.`,
    );
    expect(reverts(world)).toEqual([]);
  });
});

describe("what the service would refuse is refused in preview, and in create without a call", () => {
  /** Both, in the same words. */
  async function refusedTwice(world: World, args: Properties, expected: string): Promise<void> {
    expect(await found(world, args)).toEqual([expected]);
    expect(warnings(world)).toEqual([]);
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${expected}`);
    expect(undo.state).toBeUndefined();
    expect(reverts(world)).toEqual([]);
  }

  test("when manual snapshots are newer, held ones included", async ({ world }) => {
    const { good, args } = await incident(world);
    const other = await taken(world, "other");
    world.clock.pass(MINUTE);
    world.simulator.model.takeAutomaticSnapshot(world.production);
    const held = world.resource("ovh:HeldSnapshot", "held");
    await held.up({ serviceName: world.serviceName, shareId: world.production, select: { newest: true } });

    await refusedTwice(
      world,
      args,
      `snapshotId is not the newest manual snapshot of share ${world.production}, and only that one can be reverted to: ${other} ("other", 2026-01-31T10:22:30.000Z), ${held.id} ("hourly.2026-01-31_1023", 2026-01-31T10:23:40.000Z) are newer. Delete them first (a revert loses what is newer anyway), or set snapshotId to ${held.id}.`,
    );
    expect(args["snapshotId"]).toBe(good);
  });

  test("when the service writes times with an offset", async ({ start }) => {
    const world = await start({ timeFormat: "offset" });
    const { args } = await incident(world);
    const other = await taken(world, "other");

    const [failure = "", ...more] = await found(world, args);
    expect([failure.includes(`${other} ("other", 2026-01-31T12:22:30`), more]).toEqual([true, []]);
  });

  test("when the snapshot is automatic", async ({ world }) => {
    const { id, name } = world.automatic().at(-1) ?? {};
    await refusedTwice(
      world,
      argsFor(world, id ?? ""),
      `snapshotId is snapshot ${id} ("${name}", 2026-01-31T10:00:00.000Z) of type "automatic", and only manual ones can be reverted to. Hold it with HeldSnapshot, and set snapshotId to that resource's id, which is a new one.`,
    );
  });

  test("when the snapshot is OVHcloud's own", async ({ world }) => {
    const { id } = world.simulator.model.takeSystemSnapshot(world.production);
    await refusedTwice(
      world,
      argsFor(world, id),
      `snapshotId is snapshot ${id} ("system", 2026-01-31T10:20:30.000Z) of type "system", and only manual ones can be reverted to. Choose a manual one, or hold an automatic one with HeldSnapshot.`,
    );
  });

  test("when the share has no such snapshot", async ({ world }) => {
    await refusedTwice(
      world,
      argsFor(world, NOWHERE),
      `snapshotId is no snapshot of share ${world.production}. An automatic one may have been rotated away, and a held one has a new id. Check snapshotId and shareId.`,
    );
  });

  test.for(["error", "error_deleting", "manage_error", "deleting"])(
    "when the snapshot is in state %s",
    async (status, { world }) => {
      const { good, args } = await incident(world);
      world.simulator.model.setStatus(good, status);
      await refusedTwice(
        world,
        args,
        `snapshotId is snapshot ${good} ("good", 2026-01-31T10:20:30.000Z) in state "${status}", and only an available one can be reverted to. Choose another one.`,
      );
    },
  );

  test("when there is no such share", async ({ world }) => {
    const { good } = await incident(world);
    await refusedTwice(
      world,
      { ...argsFor(world, good), shareId: NOWHERE, confirmDataLossOf: NOWHERE },
      `shareId is no share of service ${world.serviceName}. Check shareId and serviceName.`,
    );
  });

  test.for(["error", "reverting_error", "inactive", "shrinking_possible_data_loss_error"])(
    "when the share is in state %s",
    async (status, { world }) => {
      const { args } = await incident(world);
      world.simulator.model.setStatus(world.production, status);
      await refusedTwice(
        world,
        args,
        `shareId is a share in state "${status}", and only an available one can be reverted. Look at it in the control panel, or ask OVHcloud's support with its id.`,
      );
    },
  );

  test.for(["extending", "shrinking", "reverting", "migrating", "not documented"])(
    "in preview only when the share is busy with something else: %s",
    async (status, { world }) => {
      const { args } = await incident(world);
      world.simulator.model.setStatus(world.production, status);

      expect(await found(world, args)).toEqual([
        `shareId is a share in state "${status}", and only an available one can be reverted. Run the same command again when it is available.`,
      ]);
      expect(warnings(world)).toEqual([]);
      expect(reverts(world)).toEqual([]);
    },
  );

  test("when the share is being deleted", async ({ world }) => {
    const { args } = await incident(world);
    world.simulator.model.setStatus(world.production, "deleting");
    const [failure] = await found(world, args);
    expect(failure).toBe(
      'shareId is a share in state "deleting", and only an available one can be reverted. It is being deleted: take this resource out of the program.',
    );
  });

  test("when an access rule has failed, which does not pass by itself", async ({ world }) => {
    const { args } = await incident(world);
    const rule = share(world)?.rules[0];
    world.simulator.model.setStatus(rule?.id ?? "", "error");
    await refusedTwice(
      world,
      args,
      `shareId is a share whose access rule ${rule?.id} (10.0.0.0/24) is in state "error", and the service reverts none before all its rules have effect. Delete the rule, and make it again afterwards.`,
    );
  });

  test("all together, with the confirmation that is missing", async ({ world }) => {
    const { id } = world.automatic().at(0) ?? {};
    await taken(world, "newer");
    world.simulator.model.setStatus(world.production, "error");
    const failures = await found(world, { ...argsFor(world, id ?? ""), confirmDataLossOf: undefined });
    expect(failures.map((failure) => failure.split(" ")[0])).toEqual([
      "shareId",
      "snapshotId",
      "snapshotId",
      "confirmDataLossOf",
    ]);
  });

  test("as a replacement too, which then leaves the state as it is", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);
    await undo.up(args);
    const { id } = undo;
    world.clock.pass(MINUTE);
    await taken(world, "newer");

    await expect(undo.up({ ...args, trigger: 2 })).rejects.toThrow(Refused);

    expect(undo.id).toBe(id);
    expect(reverts(world)).toHaveLength(1);
  });
});

describe("a service that can't be asked does not fail the check", () => {
  test.for([
    ["it answers with errors", { kind: "status", status: 500 }],
    ["rights are missing", { kind: "missingPermission" }],
    ["the connection breaks", { kind: "dropBefore" }],
  ] as const)("because %s, and is not asked again in this process", async ([, fault], { world }) => {
    const args = argsFor(world, NOWHERE);
    world.simulator.faults.add({ path: "/storage/netapp/{s}/share", times: 5, fault });

    expect(await found(world, args)).toEqual([]);
    const calls = world.simulator.calls.length;
    expect(await found(world, { ...args, trigger: 2 })).toEqual([]);

    expect(world.simulator.calls.length).toBe(calls);
    expect(warnings(world)).toEqual([]);
    world.simulator.faults.clear();
    expect(await messageOf(undoOf(world).up(args))).toContain("is no snapshot of share");
  });

  test("because nobody is there", async ({ world }) => {
    const undo = undoOf(world);
    undo.process = world.nextProcess({ apiUrl: "http://127.0.0.1:9/1.0" });
    const before = world.clock.time;

    expect((await undo.check(argsFor(world, NOWHERE))).failures).toEqual([]);

    expect(world.clock.time - before).toBeLessThanOrEqual(5000);
  });

  test("and keeps it for five seconds at most", async ({ world }) => {
    const fault = { kind: "status", status: 503, retryAfter: 30 } as const;
    world.simulator.faults.add({ path: "/storage/netapp/{s}/share", times: 9, fault });
    const before = world.clock.time;

    expect(await found(world, argsFor(world, NOWHERE))).toEqual([]);

    expect(world.clock.time - before).toBe(5000);
  });

  test("and is not asked at all with HOLDFAST_OFFLINE=1", async ({ world }) => {
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    expect(await found(world, argsFor(world, NOWHERE))).toEqual([]);
    expect(world.simulator.calls).toEqual([]);
  });

  test("but one that does not know the service says nothing about the next one", async ({ world }) => {
    expect(await found(world, { ...argsFor(world, NOWHERE), serviceName: NOWHERE })).toEqual([]);
    expect(await found(world, argsFor(world, NOWHERE))).toHaveLength(1);
  });

  test("and access rules that may not be seen are left to the service", async ({ start }) => {
    const world = await start({ deniedActions: ["share/acl/get"] });
    const { args } = await incident(world);
    await undoOf(world).up(args);
    expect(orders(world)).toBe("good");
  });
});

describe("create waits", () => {
  test("for a share that has become busy since the preview", async ({ world }) => {
    const { args } = await incident(world);
    vi.stubEnv("HOLDFAST_OFFLINE", "1"); // the check sees none of it
    await world.process.storageOf(world.serviceName).extendShare(world.production, 200);
    const undo = undoOf(world);
    await undo.up(args);
    expect(undo.outputs).toMatchObject({ sizeBefore: 200, sizeAfter: 200, status: "available" });
  });

  test("for a snapshot that is still being made", async ({ world }) => {
    const { id } = await contents(world).createSnapshot({ name: "fresh" });
    await undoOf(world).up(argsFor(world, id));
    expect(reverts(world)).toHaveLength(1);
  });

  test("for access rules that are still being applied", async ({ world }) => {
    const { args } = await incident(world);
    await contents(world).createAccessRule({ accessTo: "10.0.9.0/24", accessLevel: "ro" });
    await undoOf(world).up(args);
    expect(orders(world)).toBe("good");
    expect(reverts(world)).toHaveLength(1);
  });

  test("for a newer snapshot that is being deleted", async ({ world }) => {
    const { args } = await incident(world);
    await contents(world).deleteSnapshot(await taken(world, "newer"));
    await undoOf(world).up(args);
    expect(orders(world)).toBe("good");
  });

  test("as long as the program allows, and then says so, with nothing done", async ({ world }) => {
    const { args } = await incident(world);
    world.simulator.model.setStatus(world.production, "migrating");
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    const undo = undoOf(world);
    expect(await messageOf(undo.up({ ...args, timeouts: { create: "1m" } }))).toMatch(
      /^ShareRevert undo: still waiting to revert after 60 s \(seen: share migrating x\d+\)\. Nothing was made yet; run the same command again to go on, /,
    );
    expect(undo.state).toBeUndefined();
    expect(reverts(world)).toEqual([]);
  });

  test("again when somebody was faster", async ({ world }) => {
    const { args } = await incident(world);
    const { model, faults } = world.simulator;
    const run = () => {
      model.setStatus(world.production, "extending");
      world.clock.later(5000, () => model.setStatus(world.production, "available"));
    };
    faults.add({ method: "POST", path: /\/revert$/, fault: { kind: "interfere", run } });

    await undoOf(world).up(args);

    expect(orders(world)).toBe("good");
    expect(reverts(world)).toHaveLength(2);
  });
});

describe("a refusal of the service", () => {
  test.for([400, 403, 409] as const)(
    "with %i is explained by what has changed since the look",
    async (conflictStatus, { start }) => {
      const world = await start({ conflictStatus });
      const { good, args } = await incident(world);
      const run = () => world.simulator.model.setStatus(good, "error");
      world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "interfere", run } });
      const undo = undoOf(world);
      expect(await messageOf(undo.up(args))).toContain(
        `is snapshot ${good} ("good", 2026-01-31T10:20:30.000Z) in state`,
      );
      expect(undo.state).toBeUndefined();
    },
  );

  test("because the snapshot was deleted meanwhile is explained", async ({ world }) => {
    const { good, args } = await incident(world);
    const run = () => world.simulator.model.rotateAway(good);
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "interfere", run } });
    expect(await messageOf(undoOf(world).up(args))).toContain("snapshotId is no snapshot of share");
  });

  test("for another reason is shown in its own words", async ({ world }) => {
    const { args } = await incident(world);
    const body = { class: "Client::Conflict", message: "replicated share" };
    world.simulator.faults.add({ path: /\/revert$/, fault: { kind: "status", status: 409, body } });
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain("answered 409 Client::Conflict: replicated share");
    expect(undo.state).toBeUndefined();
  });

  test("for lack of rights names the right", async ({ start }) => {
    const world = await start({ deniedActions: ["share/revertToSnapshot"] });
    const { args } = await incident(world);
    expect(await messageOf(undoOf(world).up(args))).toContain("storageNetApp:apiovh:share/revertToSnapshot");
  });
});

describe("a wait that was interrupted", () => {
  async function interrupted(world: World): Promise<{ undo: Resource; args: Properties }> {
    const { args } = await incident(world);
    world.clock.later(3000, () => world.process.interrupt());
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain("the wait was interrupted (seen: reverting");
    expect(undo.outputs).toMatchObject({ status: "reverting", sizeBefore: 100 });
    undo.process = world.nextProcess();
    return { undo, args };
  }

  test("is taken up by the next up, which reverts nothing a second time", async ({ world }) => {
    const { undo, args } = await interrupted(world);
    const { id } = undo;

    expect(await undo.up(args)).toEqual(["update"]);

    expect(undo.id).toBe(id);
    expect(undo.outputs).toMatchObject({ status: "available", sizeAfter: 100, revertedAt: "2026-01-31T10:22:30.000Z" });
    expect(orders(world)).toBe("good");
    expect(await undo.up(args)).toEqual(["same"]);
    expect(reverts(world)).toHaveLength(1);
  });

  test("also after a refresh, and after the program has changed what needs no new revert", async ({ world }) => {
    const { undo, args } = await interrupted(world);
    await undo.refresh();

    expect(await undo.up({ ...args, confirmDataLossOf: undefined, snapshotId: NOWHERE })).toEqual(["update"]);

    expect(undo.outputs).toMatchObject({ status: "available", snapshotId: NOWHERE, revertedTo: args["snapshotId"] });
    expect(reverts(world)).toHaveLength(1);
  });

  test("by a limit is taken up in the same way", async ({ world }) => {
    const { args } = await incident(world);
    const undo = undoOf(world);
    expect(await messageOf(undo.up({ ...args, timeouts: { create: "5s" } }))).toMatch(
      /still reverting after 5 s \(seen: reverting x\d+\)\. It stays in the state; run the same command again/,
    );
    expect(await undo.up(args)).toEqual(["update"]);
    expect(undo.outputs["status"]).toBe("available");
    expect(reverts(world)).toHaveLength(1);
  });

  test("ends in words when somebody deletes the share meanwhile", async ({ world }) => {
    const { undo, args } = await interrupted(world);
    world.simulator.model.world.state.shares.delete(world.production);
    const expected = `share ${world.production} was deleted by somebody else while it was reverted. Take this resource out of the program.`;
    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${expected}`);
    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${expected}`);
    await undo.destroy();
  });
});

describe("a revert that ends in reverting_error", () => {
  async function failed(world: World): Promise<{ undo: Resource; args: Properties; good: string }> {
    const { args, good } = await incident(world);
    world.simulator.model.steer("revertShare", { outcome: "failed" });
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${failure(world, good, "")}`);
    undo.process = world.nextProcess();
    return { undo, args, good };
  }
  const failure = (world: World, good: string, now: string) =>
    `the revert of share ${world.production} to snapshot ${good}, begun at 2026-01-31T10:22:30.000Z, ended in state "reverting_error"${now}. Share and snapshots exist, but which data the share has is not known: look at them, or at a ShareClone of the snapshot, and ask OVHcloud's support with the share's id. Nothing is reverted a second time by itself: once the share is available, change trigger to revert it again, or take this resource out of the program to leave it as it is.`;

  test("stays in the state, and fails each further up without a second revert, also after a refresh", async ({
    world,
  }) => {
    const { undo, args, good } = await failed(world);
    expect(undo.outputs).toMatchObject({ status: "reverting_error", revertedTo: good });

    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${failure(world, good, "")}`);
    await undo.refresh();
    expect(await messageOf(undo.up(args))).toBe(`ShareRevert undo: ${failure(world, good, "")}`);
    world.simulator.model.setStatus(world.production, "available");
    world.clock.pass(1);
    expect(await messageOf(undo.up(args))).toBe(
      `ShareRevert undo: ${failure(world, good, ' (the share is now "available")')}`,
    );
    expect(undo.outputs).toMatchObject({ status: "reverting_error" });
    expect(reverts(world)).toHaveLength(1);
  });

  test("is done again by a new trigger, once the share is available", async ({ world }) => {
    const { undo, args } = await failed(world);
    await expect(undo.up({ ...args, trigger: 2 })).rejects.toThrow('a share in state "reverting_error"');

    world.simulator.model.setStatus(world.production, "available");
    world.clock.pass(5000);
    expect(await undo.up({ ...args, trigger: 2 })).toEqual(["replace", "delete-replaced"]);
    expect(orders(world)).toBe("good");
  });

  test("goes away with the resource", async ({ world }) => {
    const { undo } = await failed(world);
    const calls = world.simulator.calls.length;
    await undo.destroy();
    expect(world.simulator.calls).toHaveLength(calls);
  });

  test("is told from another bad end", async ({ world }) => {
    const { args } = await incident(world);
    world.simulator.model.steer("revertShare", { status: "error" });
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain(
      'ended in state "error" while reverting. Nothing is reverted a second',
    );
    expect(undo.outputs["status"]).toBe("error");
  });
});

describe("the share's size", () => {
  /** A share of the program that had 100 GiB when the snapshot was taken, and has 200 now. */
  async function grown(world: World) {
    const data = world.resource("ovh:Share", "data");
    const size = (gib: number) => ({ serviceName: world.serviceName, size: gib });
    await data.up(size(100));
    const snapshot = world.resource("ovh:Snapshot", "good");
    await snapshot.up({ serviceName: world.serviceName, shareId: data.id });
    world.clock.pass(MINUTE);
    await data.up(size(200));
    const args = { ...argsFor(world, snapshot.id), shareId: data.id, confirmDataLossOf: data.id };
    const live = () => world.simulator.model.shares.find(({ id }) => id === data.id);
    return { data, size, args, live };
  }

  test("is brought back to what it was, so that its own resource sees no difference", async ({ world }) => {
    const { data, size, args, live } = await grown(world);
    const undo = undoOf(world);
    await undo.up(args);

    expect(undo.outputs).toMatchObject({ sizeBefore: 200, sizeAfter: 200, status: "available" });
    expect(live()?.size).toBe(200);
    expect(world.calls(/extend$/)).toHaveLength(2);
    await data.refresh();
    expect(await data.up(size(200))).toEqual(["same"]);
    expect(warnings(world).filter((text) => text.includes("GiB"))).toEqual([]);
  });

  test("is left larger where the snapshot was larger, with a warning that tells what to do", async ({ world }) => {
    const { data, size, args, live } = await grown(world);
    const large = world.resource("ovh:Snapshot", "large");
    await large.up({ serviceName: world.serviceName, shareId: data.id });
    world.clock.pass(MINUTE);
    await data.up(size(150));
    const undo = undoOf(world);
    await undo.up({ ...args, snapshotId: large.id });

    expect(live()?.size).toBe(200);
    expect(undo.outputs).toMatchObject({ sizeBefore: 150, sizeAfter: 200, status: "available" });
    expect(warnings(world).at(-1)).toBe(
      `ShareRevert undo: share ${data.id} has 200 GiB since the revert, and had 150 before: the snapshot's size. It is left so. Set size of its Share to 200; or run pulumi refresh, and the next pulumi up shrinks it to 150 GiB where the data fit.`,
    );
    await data.refresh();
    expect(await data.up(size(200))).toEqual(["same"]);
  });

  test("stays smaller for lack of quota: the revert stands, and the next up only extends", async ({ world }) => {
    const { args, live } = await grown(world);
    const [service] = world.simulator.model.services;
    const { quota = 0 } = service ?? {};
    const run = () => void Object.assign(service ?? {}, { quota: 250 });
    world.simulator.faults.add({ path: /extend$/, fault: { kind: "interfere", run } });
    const undo = undoOf(world);

    const message = await messageOf(undo.up(args));
    expect(message).toContain(
      "is reverted, and is not reverted again; but it has 100 GiB now and not its 200 GiB from before, for: it needs 100 GiB, but service",
    );
    expect(message).toMatch(/set size of its Share to that and take this resource out of the program\.$/);
    expect(undo.outputs).toMatchObject({ sizeBefore: 200, sizeAfter: 100, status: "extending" });
    expect(live()).toMatchObject({ size: 100, status: "available" });

    Object.assign(service ?? {}, { quota });
    undo.process = world.nextProcess();
    await undo.refresh();
    expect(await undo.up(args)).toEqual(["update"]);
    expect(undo.outputs).toMatchObject({ sizeAfter: 200, status: "available" });
    expect(live()?.size).toBe(200);
    expect(reverts(world)).toHaveLength(1);
    expect(await undo.up(args)).toEqual(["same"]);
  });

  test("that the service did not give back is found out, though it says available", async ({ world }) => {
    const { args } = await grown(world);
    world.simulator.model.steer("extendShare", { outcome: "unchanged" });
    const undo = undoOf(world);
    expect(await messageOf(undo.up(args))).toContain("still has 100 GiB after it was extended to 200");

    expect(undo.outputs).toMatchObject({ sizeAfter: 100, status: "extending" });
    expect(await undo.up(args)).toEqual(["update"]);
    expect(undo.outputs).toMatchObject({ sizeAfter: 200, status: "available" });
  });

  test("is waited for again when that was interrupted", async ({ world }) => {
    const { args, live } = await grown(world);
    const undo = undoOf(world);
    world.clock.later(STEP_MS + 5000, () => world.process.interrupt());
    expect(await messageOf(undo.up(args))).toContain("the wait was interrupted (seen: extending");

    undo.process = world.nextProcess();
    expect(await undo.up(args)).toEqual(["update"]);
    expect([live()?.size, undo.outputs["sizeAfter"], undo.outputs["status"]]).toEqual([200, 200, "available"]);
    expect(world.calls(/extend$/)).toHaveLength(2);
  });

  test("is never made smaller when somebody has extended it further since", async ({ world }) => {
    const { args, live } = await grown(world);
    world.simulator.model.steer("extendShare", { outcome: "unchanged" });
    const undo = undoOf(world);
    await messageOf(undo.up(args));
    await world.process.storageOf(world.serviceName).extendShare(String(args["shareId"]), 300);

    expect(await undo.up(args)).toEqual(["update"]);

    expect(live()?.size).toBe(300);
    expect(undo.outputs).toMatchObject({ sizeBefore: 200, sizeAfter: 300, status: "available" });
    expect(world.calls(/shrink$/)).toEqual([]);
  });
});

describe("what is done", () => {
  /** Done, and with a process for which every call fails. */
  async function done(world: World) {
    const { args, good } = await incident(world);
    const undo = undoOf(world);
    await undo.up(args);
    undo.process = world.nextProcess({ apiUrl: "http://127.0.0.1:9/1.0" });
    const told = () => undo.process.logs.map(({ message }) => message);
    return { undo, args, good, told };
  }

  test("is not undone or done again by another snapshotId: it is recorded, with a warning", async ({ world }) => {
    const { undo, args, good, told } = await done(world);
    const { id } = undo;

    expect(await undo.up({ ...args, snapshotId: NOWHERE })).toEqual(["update"]);

    expect(told()).toEqual([
      `ShareRevert undo: snapshotId now names snapshot ${NOWHERE}, but the share stays as it is, as it was reverted to ${good} at 2026-01-31T10:22:30.000Z: nothing is reverted until trigger changes.`,
    ]);
    expect(undo.id).toBe(id);
    expect(undo.outputs).toMatchObject({ snapshotId: NOWHERE, revertedTo: good, sizeAfter: 100, status: "available" });
    expect(await undo.up({ ...args, snapshotId: NOWHERE })).toEqual(["same"]);
    expect(await undo.up(args)).toEqual(["update"]);
    expect(told()).toHaveLength(1);
  });

  test("tells of a snapshot that is not known yet, and of none where the trigger changes too", async ({ world }) => {
    const { undo, args, told } = await done(world);
    await undo.diff({ ...args, snapshotId: UNKNOWN });
    expect(told()).toEqual([expect.stringContaining("snapshotId now names another snapshot, not known yet, but")]);
    vi.stubEnv("HOLDFAST_OFFLINE", "1");
    expect((await undo.diff({ ...args, snapshotId: UNKNOWN, trigger: 2 })).replaces).toEqual(["trigger"]);
    expect(told()).toHaveLength(1);
  });

  test("does not change with the confirmation or the limits, and calls nothing for them", async ({ world }) => {
    const { undo, args } = await done(world);
    expect(await undo.up({ ...args, confirmDataLossOf: undefined })).toEqual(["same"]);
    expect(await undo.up({ ...args, confirmDataLossOf: NOWHERE })).toEqual(["same"]);
    expect(await undo.up({ ...args, timeouts: { create: "2h" } })).toEqual(["update"]);
    expect(undo.outputs).toMatchObject({ timeouts: { create: "2h" }, status: "available" });
  });

  test("stays in the state at a refresh, and goes from it at a destroy, without a call", async ({ world }) => {
    const { undo, args } = await done(world);
    const before = undo.outputs;
    await undo.refresh();
    expect(undo.outputs).toEqual(before);
    expect(await undo.up(args)).toEqual(["same"]);
    await undo.destroy();
    expect(undo.state).toBeUndefined();
    expect(orders(world)).toBe("good");
  });

  test("can't be looked up, for there is nothing to look up", async ({ world }) => {
    const { args } = await incident(world);
    expect(await messageOf(undoOf(world).get("x", args))).toMatch(/a revert is an act, which nobody can look up/);
  });
});
