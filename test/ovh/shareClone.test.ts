import { afterEach, describe, vi } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A manual snapshot of a share, made outside of the program. */
async function snapshotOf(world: World, shareId = world.production): Promise<string> {
  const { id } = await world.process.storageOf(world.serviceName).share(shareId).createSnapshot({ name: "nightly" });
  world.clock.pass(STEP_MS);
  return id;
}
const valid = (world: World, snapshotId: string): Properties => ({
  serviceName: world.serviceName,
  snapshotId,
  size: 100,
});
const live = (world: World, id: string) => world.simulator.model.shares.find((share) => share.id === id);

async function existing(world: World, args: Properties = {}) {
  const clone = world.resource("ovh:ShareClone", "staging");
  await clone.up({ ...valid(world, await snapshotOf(world)), ...args });
  return clone;
}

describe("cloning", () => {
  test("gives a share of its own with the data of the snapshot's time", async ({ world }) => {
    const { model } = world.simulator;
    model.writeFile(world.production, "a.txt", "before");
    const snapshotId = await snapshotOf(world);
    model.writeFile(world.production, "a.txt", "after");
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await clone.up(valid(world, snapshotId))).toEqual(["create"]);
    model.writeFile(clone.id, "a.txt", "changed in the clone");

    expect(model.readFiles(world.production)["a.txt"]).toBe("after");
    expect(model.readFiles(snapshotId)["a.txt"]).toBe("before");
    expect(clone.outputs).toMatchObject({
      status: "available",
      sourceSnapshotId: snapshotId,
      sourceCreatedAt: "2026-01-31T10:20:30.000Z",
      name: expect.stringMatching(/^staging-[a-z2-7]{13}-0$/),
      preferredAccessPath: expect.any(String),
    });
    expect(await clone.up(valid(world, snapshotId))).toEqual(["same"]);
    // The snapshot may go; what is known of it stays.
    model.rotateAway(snapshotId);
    clone.process = world.nextProcess();
    await clone.refresh();
    await clone.up({ ...valid(world, snapshotId), size: 110 });
    expect(clone.outputs).toMatchObject({ size: 110, sourceCreatedAt: "2026-01-31T10:20:30.000Z" });
  });

  test("shows the clone's own state while it waits, in proportion to its size", async ({ start }) => {
    const world = await start({ cloneMsPerTiB: 1_024_000 });
    const began = world.clock.now();
    await existing(world);

    const seconds = (world.clock.now() - began) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(110);
    expect(seconds).toBeLessThan(130);
    expect(world.process.logs.map(({ message }) => message)).toContainEqual("creating_from_snapshot");
  });

  test("works from a HeldSnapshot of the same program, found with two lists that the hold needed anyway", async ({
    world,
  }) => {
    for (let count = 0; count < 5; count += 1) {
      await world.process.storageOf(world.serviceName).createShare({ protocol: "NFS", size: 100 });
    }
    const point = world.resource("ovh:HeldSnapshot", "point");
    await point.up({ serviceName: world.serviceName, shareId: world.production, select: { newest: true } });

    const clone = world.resource("ovh:ShareClone", "staging");
    await clone.up(valid(world, point.id));

    const lists = new Set(world.calls(/GET .*snapshot$/));
    expect(lists).toEqual(new Set([`GET /share/${world.production}/snapshot`]));
    expect(clone.outputs).toMatchObject({ sourceSnapshotId: point.id });
  });

  test("finds a snapshot on the last of many shares, and its share only with the right hint", async ({ world }) => {
    vi.stubEnv("HOLDFAST_OFFLINE", "1"); // the check looks for it in its own way
    const storage = world.process.storageOf(world.serviceName);
    const shares: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      shares.push((await storage.createShare({ protocol: "NFS", size: 100 })).id);
      world.clock.pass(STEP_MS);
    }
    const last = shares.at(-1) ?? "";
    const snapshotId = await snapshotOf(world, last);
    const listedBy = async (name: string, shareId?: string) => {
      const clone = world.resource("ovh:ShareClone", name);
      clone.process = world.nextProcess();
      const before = world.calls(/./).length;
      await clone.up({ ...valid(world, snapshotId), ...(shareId === undefined ? {} : { shareId }) });
      return new Set(
        world
          .calls(/./)
          .slice(before)
          .filter((call) => /snapshot$/.test(call)),
      ).size;
    };

    expect(await listedBy("without", undefined)).toBe(7);
    expect(await listedBy("right", last)).toBe(1);
    expect(await listedBy("wrong", world.production)).toBe(7);
    expect(await listedBy("unknown", "00000000-0000-4000-8000-000000000000")).toBe(7);
  });

  test("looks through the shares once for many clones of one process", async ({ world }) => {
    const storage = world.process.storageOf(world.serviceName);
    for (let count = 0; count < 4; count += 1) await storage.createShare({ protocol: "NFS", size: 100 });
    world.clock.pass(STEP_MS);
    const last = await storage.createShare({ protocol: "NFS", size: 100 });
    world.clock.pass(STEP_MS);
    const snapshotId = await snapshotOf(world, last.id);
    const process = world.nextProcess();
    const before = world.calls(/snapshot$/).length;

    await Promise.all(
      Array.from({ length: 5 }, (_, index) => {
        const clone = world.resource("ovh:ShareClone", `clone-${index}`);
        clone.process = process;
        return clone.up(valid(world, snapshotId));
      }),
    );

    expect(world.calls(/GET .*snapshot$/).slice(before).length).toBeLessThanOrEqual(8);
    expect(world.simulator.model.shares.filter((share) => share.snapshotId === snapshotId)).toHaveLength(5);
  });

  test("is given its mount point name", async ({ world }) => {
    const clone = await existing(world, { mountPointName: "staging" });
    expect(clone.outputs["preferredAccessPath"]).toMatch(/:\/staging$/);
  });
});

describe("a source that can't be cloned", () => {
  test("is refused before anything is made, with the way out", async ({ world }) => {
    vi.stubEnv("HOLDFAST_OFFLINE", "1"); // the check sees none of it
    const { model } = world.simulator;
    const clone = world.resource("ovh:ShareClone", "staging");
    const refusal = (snapshotId: string) => {
      world.clock.pass(120_000);
      return messageOf(clone.up(valid(world, snapshotId)));
    };

    const [automatic] = world.automatic();
    expect(await refusal(automatic?.id ?? "")).toBe(
      `ShareClone staging: snapshot ${automatic?.id} ("hourly.2026-01-31_0800") is "automatic", and only manual snapshots can be cloned. Hold it first with HeldSnapshot.`,
    );
    expect(await refusal(model.takeSystemSnapshot(world.production).id)).toContain(
      'is "system", made by OVHcloud itself, and can\'t be cloned',
    );
    const manual = await snapshotOf(world);
    model.setStatus(manual, "error");
    expect(await refusal(manual)).toContain('is in state "error" and can\'t be cloned');
    expect(await refusal("00000000-0000-4000-8000-000000000000")).toContain("a held one has a new id");
    expect(clone.state).toBeUndefined();
    expect(world.calls(/^POST \/share$/)).toEqual([]);
  });

  test("is too large for the clone when the recorded size says so", async ({ world }) => {
    await world.process.storageOf(world.serviceName).extendShare(world.production, 300);
    const point = world.resource("ovh:HeldSnapshot", "point");
    await point.up({ serviceName: world.serviceName, shareId: world.production, select: { newest: true } });
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await messageOf(clone.up({ ...valid(world, point.id), size: 299 }))).toContain(
      "needs 300 GiB, the size of its share when it was made. Set size to at least 300.",
    );
    expect(await clone.up({ ...valid(world, point.id), size: 300 })).toEqual(["create"]);
  });

  test("is too large for the clone, which is told before the old clone is deleted for it", async ({ world }) => {
    const point = world.resource("ovh:Snapshot", "point");
    const source = { serviceName: world.serviceName, shareId: world.production };
    await point.up({ ...source, trigger: 1 });
    const clone = world.resource("ovh:ShareClone", "staging");
    await clone.up({ ...valid(world, point.id), mountPointName: "staging" });
    const { id } = clone;
    await world.process.storageOf(world.serviceName).extendShare(world.production, 300);
    await point.up({ ...source, trigger: 2 });

    expect(await messageOf(clone.up({ ...valid(world, point.id), mountPointName: "staging" }))).toMatch(
      /^property size size is 100 GiB, but snapshot \S+ \("point-[^"]+"\) needs 300 GiB/,
    );
    expect(world.calls(/^DELETE \/share\/[^/]+$/)).toEqual([]);
    expect(clone.id).toBe(id);
    expect(await clone.up({ ...valid(world, point.id), mountPointName: "staging", size: 300 })).toEqual([
      "delete-replaced",
      "replace",
    ]);
  });

  test("is too large for the clone when only the service knows: its words are repeated", async ({ world }) => {
    await world.process.storageOf(world.serviceName).extendShare(world.production, 300);
    world.clock.pass(STEP_MS);
    const snapshotId = await snapshotOf(world);
    const clone = world.resource("ovh:ShareClone", "staging");
    clone.process = world.nextProcess();

    expect(await messageOf(clone.up(valid(world, snapshotId)))).toContain(
      "answered 400 Client::BadRequest: Size 100 is below the snapshot's 300 GiB",
    );
  });

  test("does not matter where the service has no room: the missing GiB are told before the call", async ({ start }) => {
    const world = await start({ quotaGiB: 150 });
    const snapshotId = await snapshotOf(world);
    const clone = world.resource("ovh:ShareClone", "staging");

    const message = await messageOf(clone.up(valid(world, snapshotId)));

    expect(message).toContain(`service ${world.serviceName} has 50 GiB free of 150 GiB: 50 GiB are missing.`);
    expect(message).toContain(
      'deleteBeforeReplace, or replace: "deleteFirst" of an EnvironmentClone or RecoveryClone, frees its space first',
    );
    expect(world.calls(/^POST \/share$/)).toEqual([]);
  });

  test("is one look at the service for clones that start together", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    const clones = ["a", "b", "c"].map((name) => world.resource("ovh:ShareClone", name));

    await Promise.all(clones.map((clone) => clone.up(valid(world, snapshotId))));

    expect(world.calls(/^POST \/share$/)).toHaveLength(3);
    expect(world.calls(/^GET $/)).toHaveLength(1);
  });
});

describe("a source that is busy", () => {
  const contents = (world: World) => world.process.storageOf(world.serviceName).share(world.production);

  test("is waited for: its share is being reverted to it", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    await contents(world).revert(snapshotId);
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await clone.up(valid(world, snapshotId))).toEqual(["create"]);

    expect(clone.outputs).toMatchObject({ status: "available", sourceSnapshotId: snapshotId });
    expect(world.calls(/^POST \/share$/)).toHaveLength(1);
    expect(world.process.logs.map(({ message }) => message)).toContainEqual("share reverting, snapshot restoring");
  });

  test("is waited for: it is still being taken", async ({ world }) => {
    const { id } = await contents(world).createSnapshot({ name: "nightly" });
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await clone.up(valid(world, id))).toEqual(["create"]);
    expect(clone.outputs).toMatchObject({ status: "available", sourceSnapshotId: id });
  });

  test("is waited for no longer than the program allows", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    world.simulator.model.setStatus(snapshotId, "restoring");
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await messageOf(clone.up({ ...valid(world, snapshotId), timeouts: { create: "1m" } }))).toMatch(
      /^ShareClone staging: still waiting for the snapshot and its share after 60 s \(seen: snapshot restoring x\d+\)\. Nothing was made yet/,
    );
    expect(world.calls(/^POST \/share$/)).toEqual([]);
  });

  test("is refused when the wait ends in a state that stays, or without the snapshot", async ({ world }) => {
    const { model } = world.simulator;
    const clone = world.resource("ovh:ShareClone", "staging");
    const endingWith = async (end: (id: string) => void) => {
      const snapshotId = await snapshotOf(world);
      world.clock.pass(5_000);
      model.setStatus(snapshotId, "restoring");
      world.clock.later(20_000, () => end(snapshotId));
      return messageOf(clone.up(valid(world, snapshotId)));
    };

    expect(await endingWith((id) => model.setStatus(id, "error"))).toContain(
      'is in state "error" and can\'t be cloned',
    );
    expect(await endingWith((id) => model.rotateAway(id))).toContain("on any of its shares");
    expect(world.calls(/^POST \/share$/)).toEqual([]);
  });

  test("is not its share: what has failed there does not keep a snapshot from being cloned", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    world.simulator.model.setStatus(world.production, "reverting_error");
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await clone.up(valid(world, snapshotId))).toEqual(["create"]);
  });

  test("is not waited for while it is being deleted", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    await contents(world).deleteSnapshot(snapshotId);
    const began = world.clock.now();
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await messageOf(clone.up(valid(world, snapshotId)))).toContain(
      'is in state "deleting" and can\'t be cloned. Choose another one.',
    );
    expect(world.clock.now()).toBe(began);
  });

  test.for([400, 403, 409] as const)(
    "only at the call, refused with %i, is waited for and cloned afterwards, once",
    async (conflictStatus, { start }) => {
      const world = await start({ conflictStatus });
      const { faults, model } = world.simulator;
      const snapshotId = await snapshotOf(world);
      const run = () => {
        model.setStatus(snapshotId, "restoring");
        world.clock.later(20_000, () => model.setStatus(snapshotId, "available"));
      };
      faults.add({ method: "POST", path: /\/share$/, fault: { kind: "interfere", run } });
      const clone = world.resource("ovh:ShareClone", "staging");

      expect(await clone.up(valid(world, snapshotId))).toEqual(["create"]);

      expect(world.calls(/^POST \/share$/)).toHaveLength(2);
      expect(model.shares.filter((share) => share.snapshotId === snapshotId)).toHaveLength(1);
    },
  );

  test("leaves the refusal where its share is busy and the service has no room", async ({ world }) => {
    const { faults, model } = world.simulator;
    const snapshotId = await snapshotOf(world);
    world.simulator.model.deniedActions.add("get");
    const run = () => {
      Object.assign(model.services[0] ?? {}, { quota: 150 });
      model.deniedActions.delete("get");
      model.setStatus(world.production, "extending");
      world.clock.later(20_000, () => model.setStatus(world.production, "available"));
    };
    faults.add({ method: "POST", path: /\/share$/, fault: { kind: "interfere", run } });
    const clone = world.resource("ovh:ShareClone", "staging");

    expect(await messageOf(clone.up(valid(world, snapshotId)))).toContain("50 GiB are missing.");
    expect(clone.state).toBeUndefined();
    expect(world.calls(/^POST \/share$/)).toHaveLength(2);
  });

  test("works beside a revert to it in the same program, and beside a rule, whoever comes first", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    const [undo, clone] = [world.resource("ovh:ShareRevert", "undo"), world.resource("ovh:ShareClone", "staging")];
    const rule = world.resource("ovh:ShareAccessRule", "lan");
    const { serviceName, production: shareId } = world;

    const done = await Promise.all([
      undo.up({ serviceName, shareId, snapshotId, trigger: 1, confirmDataLossOf: shareId }),
      clone.up(valid(world, snapshotId)),
      rule.up({ serviceName, shareId, accessTo: "10.0.5.0/24", accessLevel: "ro" }),
    ]);

    expect(done).toEqual([["create"], ["create"], ["create"]]);
    expect(clone.outputs).toMatchObject({ status: "available", sourceSnapshotId: snapshotId });
    expect(rule.outputs).toMatchObject({ status: "active" });
  });
});

test("credentials that may not read the service can clone all the same", async ({ world }) => {
  const snapshotId = await snapshotOf(world);
  world.simulator.model.deniedActions.add("get");
  const clone = world.resource("ovh:ShareClone", "staging");

  expect(await clone.up(valid(world, snapshotId))).toEqual(["create"]);
});

describe("a clone that is not finished", () => {
  test("keeps id and source when it fails for good, and is cloned again by the next up", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    world.simulator.model.steer("cloneShare", { outcome: "failed" });
    const clone = world.resource("ovh:ShareClone", "staging");
    expect(await messageOf(clone.up(valid(world, snapshotId)))).toContain(
      'ended in state "error" while creating. The next pulumi up deletes it and clones the snapshot again.',
    );
    expect(clone.outputs).toMatchObject({ status: "error", sourceSnapshotId: snapshotId });

    clone.process = world.nextProcess();
    expect(await clone.up(valid(world, snapshotId))).toEqual(["delete-replaced", "replace"]);
    expect(world.simulator.model.shares).toHaveLength(2);
  });

  test("keeps its id at the limit, and the next up waits on without a second clone", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    world.simulator.model.steer("cloneShare", { outcome: "stuck" });
    const clone = world.resource("ovh:ShareClone", "staging");
    expect(await messageOf(clone.up(valid(world, snapshotId)))).toMatch(
      /still creating after 60 min \(seen: creating_from_snapshot x\d+\)/,
    );
    world.simulator.model.release(clone.id);

    clone.process = world.nextProcess();
    expect(await clone.up(valid(world, snapshotId))).toEqual(["update"]);
    expect(clone.outputs).toMatchObject({ status: "available", sourceSnapshotId: snapshotId });
    expect(world.calls(/^POST \/share$/)).toHaveLength(1);
  });

  test("ends in a failure that replaces also when the failure is seen only while resuming", async ({ world }) => {
    const snapshotId = await snapshotOf(world);
    world.simulator.model.steer("cloneShare", { outcome: "stuck" });
    const clone = world.resource("ovh:ShareClone", "staging");
    const args = { ...valid(world, snapshotId), timeouts: { create: "10s" } };
    await messageOf(clone.up(args));
    world.simulator.model.setStatus(clone.id, "error");

    clone.process = world.nextProcess();
    expect(await messageOf(clone.up(args))).toContain('is in state "error"');
    clone.process = world.nextProcess();
    expect(await clone.up({ ...args, timeouts: { create: "10m" } })).toEqual(["delete-replaced", "replace"]);
  });
});

describe("changing a clone", () => {
  test("extends, renames and describes in place, and keeps its source through a failure", async ({ world }) => {
    const clone = await existing(world);
    const { sourceSnapshotId } = clone.outputs;
    const args = valid(world, String(sourceSnapshotId));
    world.simulator.model.steer("extendShare", { outcome: "unchanged" });
    await messageOf(clone.up({ ...args, size: 200 }));
    expect(clone.outputs).toMatchObject({ sourceSnapshotId, size: 100 });

    expect(await clone.up({ ...args, size: 200, name: "qa", description: "x" })).toEqual(["update"]);

    expect(live(world, clone.id)).toMatchObject({ size: 200, name: "qa", description: "x" });
    expect(clone.outputs).toMatchObject({ sourceSnapshotId, size: 200 });
  });

  test("replaces it for another snapshot, also for one that is not known yet, and never for the hint", async ({
    world,
  }) => {
    const clone = await existing(world);
    const args = valid(world, String(clone.outputs["sourceSnapshotId"]));
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    expect(await clone.diff({ ...args, snapshotId: unknown })).toEqual({ replaces: ["snapshotId"] });
    expect(await clone.diff({ ...args, shareId: world.production })).toEqual({ replaces: [], changes: false });
    expect(await clone.diff({ ...args, shareId: unknown })).toEqual({ replaces: [], changes: false });
    expect((await clone.diff({ ...args, size: unknown })).replaces).toEqual([]);
    expect(await clone.up({ ...args, snapshotId: await snapshotOf(world) })).toEqual(["replace", "delete-replaced"]);
  });

  test("deletes it first when it is replaced under the same mount point name", async ({ world }) => {
    const clone = await existing(world, { mountPointName: "staging" });
    const args = { ...valid(world, await snapshotOf(world)), mountPointName: "staging" };

    expect(await clone.up(args)).toEqual(["delete-replaced", "replace"]);
    expect(clone.outputs["preferredAccessPath"]).toMatch(/:\/staging$/);
  });

  test("does not replace it when a mount point name appears that an older version did not record", async ({
    world,
  }) => {
    const clone = await existing(world, { mountPointName: "staging" });
    const { __absent, mountPointName, ...older } = clone.outputs;
    clone.state = { id: clone.id, inputs: {}, outputs: older, initErrors: [] };
    const args = valid(world, String(older["sourceSnapshotId"]));

    expect([__absent, mountPointName]).toEqual([expect.any(String), "staging"]);
    expect((await clone.diff({ ...args, mountPointName: "other" })).replaces).toEqual([]);
    expect(await messageOf(clone.up({ ...args, mountPointName: "other" }))).toContain(
      `share ${clone.id} has the mount point name "staging", which can't be changed to "other" in place`,
    );
  });

  test("keeps the clone when its snapshot is deleted later", async ({ world }) => {
    const clone = await existing(world);
    const source = String(clone.outputs["sourceSnapshotId"]);
    world.simulator.model.rotateAway(source);
    clone.process = world.nextProcess();

    await clone.refresh();

    expect(await clone.up(valid(world, source))).toEqual(["same"]);
    expect(clone.outputs["sourceSnapshotId"]).toBe(source);
  });
});

test("is deleted, and what is looked up afterwards is an error", async ({ world }) => {
  const clone = await existing(world);
  const { id } = clone;
  await clone.destroy();

  expect(live(world, id)).toBeUndefined();
  world.clock.pass(120_000);
  expect(await messageOf(clone.get(id, { serviceName: world.serviceName }))).toContain(`nothing with the id ${id}`);
});

test("waits of many clones share their polls", async ({ start }) => {
  const seen = async (count: number) => {
    const world = await start({ stepMsOf: { cloneShare: 600_000 } });
    const snapshotId = await snapshotOf(world);
    const before = world.calls(/GET \/share$/).length;
    const clones = Array.from({ length: count }, (_, index) => world.resource("ovh:ShareClone", `clone-${index}`));
    await Promise.all(clones.map((clone) => clone.up(valid(world, snapshotId))));
    return world.calls(/GET \/share$/).length - before;
  };

  const one = await seen(1);
  expect(one).toBeLessThan(140);
  expect(await seen(20)).toBeLessThan(3 * one);
});

test("is refused below the size that an unchanged snapshot of the program is known to need", async ({ world }) => {
  const parent = world.resource("ovh:Share", "parent");
  await parent.up({ serviceName: world.serviceName, size: 300 });
  const taken = world.resource("ovh:Snapshot", "taken");
  const args = { serviceName: world.serviceName, shareId: parent.id };
  await taken.up(args);
  taken.process = world.nextProcess();
  expect(await taken.up(args)).toEqual(["same"]);

  const clone = world.resource("ovh:ShareClone", "small");
  clone.process = taken.process;
  const posts = world.calls(/^POST/).length;
  const message = await messageOf(clone.up({ serviceName: world.serviceName, snapshotId: taken.id, size: 200 }));

  expect(message).toContain("Set size to at least 300.");
  expect(world.calls(/^POST/)).toHaveLength(posts);
});
