import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const valid = (world: World): Properties => ({ serviceName: world.serviceName, shareId: world.production });
const live = (world: World, id: string) => world.simulator.model.snapshots.find((snapshot) => snapshot.id === id);

async function existing(world: World, args: Properties = {}) {
  const snapshot = world.resource("ovh:Snapshot", "nightly");
  await snapshot.up({ ...valid(world), ...args });
  return snapshot;
}

test("is taken, waited for, and records the size that a clone needs", async ({ world }) => {
  const snapshot = await existing(world, { description: "Nightly" });

  expect(snapshot.outputs).toMatchObject({
    type: "manual",
    status: "available",
    shareSize: 100,
    name: expect.stringMatching(/^nightly-[a-z2-7]{13}-0$/),
    description: "Nightly",
    path: expect.any(String),
  });
  expect(await snapshot.up({ ...valid(world), description: "Nightly" })).toEqual(["same"]);
  const before = snapshot.state;
  snapshot.process = world.nextProcess();
  await snapshot.refresh();
  expect(snapshot.state).toEqual(before);
});

test("waits for a share that is still being made", async ({ world }) => {
  const { id } = await world.process.storageOf(world.serviceName).createShare({ protocol: "NFS", size: 150 });

  const snapshot = await existing(world, { shareId: id });

  expect(snapshot.outputs).toMatchObject({ shareSize: 150 });
});

test("keeps the id when it fails for good, and the next up deletes it and takes it again", async ({ world }) => {
  world.simulator.model.steer("createSnapshot", { outcome: "failed" });
  const snapshot = world.resource("ovh:Snapshot", "nightly");
  expect(await messageOf(snapshot.up(valid(world)))).toMatch(
    /^Snapshot nightly: snapshot [0-9a-f-]{36} ended in state "error" while creating\. The next pulumi up deletes it and takes it again\.$/,
  );
  const failed = snapshot.id;

  snapshot.process = world.nextProcess();
  expect(await snapshot.up(valid(world))).toEqual(["delete-replaced", "replace"]);
  expect(live(world, failed)).toBeUndefined();
});

test("keeps the id when the wait reaches its limit, and the next up waits on", async ({ world }) => {
  world.simulator.model.steer("createSnapshot", { outcome: "stuck" });
  const snapshot = world.resource("ovh:Snapshot", "nightly");
  expect(await messageOf(snapshot.up(valid(world)))).toMatch(/still creating after 10 min \(seen: creating x\d+\)/);
  world.simulator.model.release(snapshot.id);

  expect(await snapshot.up(valid(world))).toEqual(["update"]);
  expect(snapshot.outputs).toMatchObject({ status: "available", shareSize: 100 });
  expect(world.calls(/^POST/)).toHaveLength(1);
});

test("keeps the id when the service answers with nothing but the id", async ({ world }) => {
  const { model, faults } = world.simulator;
  const fault = {
    kind: "status",
    status: 201,
    afterEffect: true,
    get body() {
      return { id: model.snapshots.at(-1)?.id };
    },
  } as const;
  faults.add({ method: "POST", path: /\/snapshot$/, fault });

  const snapshot = await existing(world);

  expect(snapshot.outputs).toMatchObject({ type: "manual", status: "available" });
});

test("is renamed and described in place, and replaced on another share", async ({ world }) => {
  const snapshot = await existing(world);
  const { id } = snapshot;
  expect(await snapshot.up({ ...valid(world), name: "before 2.1", description: "x" })).toEqual(["update"]);
  expect(live(world, id)).toMatchObject({ name: "before 2.1", description: "x" });
  expect(await snapshot.up({ ...valid(world), name: "before 2.1" })).toEqual(["update"]);
  expect(live(world, id)?.description).toBe("");
  expect(snapshot.outputs).toMatchObject({ shareSize: 100 });

  const share = await world.process.storageOf(world.serviceName).createShare({ protocol: "NFS", size: 150 });
  world.clock.pass(STEP_MS);
  expect(await snapshot.up({ ...valid(world), shareId: share.id })).toEqual(["replace", "delete-replaced"]);
  expect(snapshot.outputs).toMatchObject({ shareSize: 150 });
  expect(live(world, id)).toBeUndefined();
});

test("is deleted completely before the deletion ends, and twice without an error", async ({ world }) => {
  const snapshot = await existing(world);
  const { id, outputs } = snapshot;

  await snapshot.destroy();
  await snapshot.host.delete(id, outputs);

  expect(live(world, id)).toBeUndefined();
});

test("is deleted although the answer to the DELETE was lost", async ({ world }) => {
  const snapshot = await existing(world);
  const { id } = snapshot;
  world.simulator.faults.add({ method: "DELETE", fault: { kind: "dropAfter" } });

  await snapshot.destroy();

  expect(live(world, id)).toBeUndefined();
});

test("says when the service can't delete it", async ({ world }) => {
  const snapshot = await existing(world);
  world.simulator.model.steer("deleteSnapshot", { outcome: "failed" });
  expect(await messageOf(snapshot.destroy())).toContain("could not be deleted (error_deleting)");
});

test("shows the service's reason when a deletion is refused", async ({ start }) => {
  const world = await start({ clonedSnapshotDeletable: false, conflictStatus: 400 });
  const snapshot = await existing(world);
  const clone = await world.process
    .storageOf(world.serviceName)
    .createShare({ protocol: "NFS", size: 100, snapshotID: snapshot.id });

  expect(await messageOf(snapshot.destroy())).toContain(`has clones: ${clone.id}`);
});

test("is gone with its share, which the list of shares proves", async ({ world }) => {
  const { id } = await world.process.storageOf(world.serviceName).createShare({ protocol: "NFS", size: 150 });
  const snapshot = await existing(world, { shareId: id });
  world.simulator.model.rotateAway(snapshot.id);
  await world.process.storageOf(world.serviceName).deleteShare(id);
  world.clock.pass(STEP_MS);
  const { outputs } = snapshot;
  const snapshotId = snapshot.id;

  snapshot.process = world.nextProcess();
  await snapshot.refresh();

  expect(snapshot.state).toBeUndefined();
  await snapshot.host.delete(snapshotId, outputs);
});

test("tells that nothing was made when the share does not exist", async ({ world }) => {
  const snapshot = world.resource("ovh:Snapshot", "nightly");
  const shareId = "00000000-0000-4000-8000-000000000000";

  expect(await messageOf(snapshot.up({ ...valid(world), shareId }))).toContain(`has no share ${shareId}`);
  expect(snapshot.state).toBeUndefined();
  expect(world.calls(/^POST/)).toEqual([]);
});

test("can be looked up with its parents, and a missing one is an error that names them", async ({ world }) => {
  const { id } = await existing(world);
  const found = world.resource("ovh:Snapshot", "found");

  await found.get(id, valid(world));
  expect(found.outputs).toMatchObject({ type: "manual", status: "available" });
  const missing = "00000000-0000-4000-8000-000000000000";
  expect(await messageOf(found.get(missing, valid(world)))).toContain(`shareId ${world.production}`);
});

test("younger than the list that the process keeps is found all the same", async ({ world }) => {
  const first = await existing(world);
  await first.refresh();
  const elsewhere = world.nextProcess().storageOf(world.serviceName).share(world.production);
  const { id } = await elsewhere.createSnapshot({ name: "by somebody else" });
  world.clock.pass(5_000);

  const found = await first.host.read(id, { ...first.outputs });

  expect(found).toMatchObject({ id, props: { name: "by somebody else" } });
});

describe("a share that turns busy before the call", () => {
  /** Right before the call, as somebody else does; over again after a while, with another size perhaps. */
  const turnsBusy = (world: World, times = 1, size = 100) =>
    world.simulator.faults.add({
      method: "POST",
      path: /\/snapshot$/,
      times,
      fault: {
        kind: "interfere",
        run: () => {
          const { model } = world.simulator;
          model.setStatus(world.production, "extending");
          world.clock.later(20_000, () => {
            model.setStatus(world.production, "available");
            Object.assign(model.shares.find(({ id }) => id === world.production) ?? {}, { size });
          });
        },
      },
    });

  test.for([400, 403, 409] as const)(
    "is waited for, refused with %i, and the snapshot has its size of then",
    async (conflictStatus, { start }) => {
      const world = await start({ conflictStatus });
      turnsBusy(world, 1, 200);

      const snapshot = await existing(world);

      expect(snapshot.outputs).toMatchObject({ status: "available", shareSize: 200 });
      expect(world.calls(/^POST/)).toHaveLength(2);
      expect(world.process.logs.map(({ message }) => message)).toContainEqual("share extending");
    },
  );

  test("again and again leaves the refusal in the end", async ({ world }) => {
    turnsBusy(world, Number.POSITIVE_INFINITY);
    const snapshot = world.resource("ovh:Snapshot", "nightly");

    expect(await messageOf(snapshot.up(valid(world)))).toContain(
      `answered 409 Client::Conflict: snapshot needs share ${world.production} to be available; it is extending`,
    );

    expect(snapshot.state).toBeUndefined();
    expect(world.calls(/^POST/)).toHaveLength(4);
  });

  test("is waited for no longer than the program allows, and nothing is sent twice until then", async ({ world }) => {
    const { faults, model } = world.simulator;
    const run = () => model.setStatus(world.production, "extending");
    faults.add({ method: "POST", fault: { kind: "interfere", run } });
    const snapshot = world.resource("ovh:Snapshot", "nightly");

    expect(await messageOf(snapshot.up({ ...valid(world), timeouts: { create: "1m" } }))).toMatch(
      /^Snapshot nightly: still waiting for the share after 60 s \(seen: share extending x\d+\)\. Nothing was made yet/,
    );
    expect(world.calls(/^POST/)).toHaveLength(1);
  });

  test("for good is no reason to wait", async ({ world }) => {
    const { faults, model } = world.simulator;
    for (const [status, said] of [
      ["error", 'in state "error". It must be available.'],
      ["deleting", "it is deleting"],
    ] as const) {
      model.setStatus(world.production, "available");
      world.clock.pass(1);
      const before = world.calls(/^POST/).length;
      const run = () => model.setStatus(world.production, status);
      faults.add({ method: "POST", fault: { kind: "interfere", run } });

      expect(await messageOf(world.resource("ovh:Snapshot", status).up(valid(world)))).toContain(said);
      expect(world.calls(/^POST/)).toHaveLength(before + 1);
    }
  });

  test("is not waited for where the answer was lost: what it made is found, and no second call is sent", async ({
    world,
  }) => {
    const { faults, model } = world.simulator;
    faults.add({ method: "POST", fault: { kind: "status", status: 504, afterEffect: true } });
    const run = () => model.setStatus(world.production, "extending");
    faults.add({ method: "GET", skip: 1, path: /\/share$/, fault: { kind: "interfere", run } });
    const snapshot = world.resource("ovh:Snapshot", "nightly");

    await snapshot.up(valid(world));
    expect(snapshot.process.logs.map(({ message }) => message)).toContainEqual(
      expect.stringContaining("the answer to its creation was lost"),
    );
    expect(world.calls(/^POST/)).toHaveLength(1);
  });

  test("is one of the same program that is extended meanwhile", async ({ world }) => {
    const share = world.resource("ovh:Share", "data");
    await share.up({ serviceName: world.serviceName, size: 100 });
    const snapshot = world.resource("ovh:Snapshot", "nightly");
    const args = { ...valid(world), shareId: share.id };

    const done = await Promise.all([snapshot.up(args), share.up({ serviceName: world.serviceName, size: 200 })]);

    expect(done).toEqual([["create"], ["update"]]);
    expect(snapshot.outputs).toMatchObject({ status: "available" });
  });
});

test("a refusal is left as it is while nothing is busy", async ({ start }) => {
  const world = await start({ manualSnapshotsPerService: 0 });
  const snapshot = world.resource("ovh:Snapshot", "nightly");

  expect(await messageOf(snapshot.up(valid(world)))).toMatch(/answered 409 .* has its 0 manual snapshots/);
  expect(world.calls(/^POST/)).toHaveLength(1);
});

test("is taken anew for another trigger, before the old one goes", async ({ world }) => {
  const snapshot = await existing(world, { trigger: "monday" });
  const { id } = snapshot;
  expect(await snapshot.up({ ...valid(world), trigger: "monday" })).toEqual(["same"]);

  world.clock.pass(60_000);
  expect(await snapshot.up({ ...valid(world), trigger: "tuesday" })).toEqual(["replace", "delete-replaced"]);

  expect(snapshot.id).not.toBe(id);
  expect(live(world, id)).toBeUndefined();
  expect(live(world, snapshot.id)).toMatchObject({ type: "manual", status: "available" });
  expect((await snapshot.diff(valid(world))).replaces).toEqual(["trigger"]);
});

test("without a trigger so far is taken anew for the first one", async ({ world }) => {
  const snapshot = await existing(world);
  expect((await snapshot.diff({ ...valid(world), trigger: 0 })).replaces).toEqual(["trigger"]);
});
