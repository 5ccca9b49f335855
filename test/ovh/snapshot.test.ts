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
