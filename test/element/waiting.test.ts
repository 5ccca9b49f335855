import { describe } from "vitest";
import type { World } from "./support/test";
import { CLONE_MS, expect, messageOf, test } from "./support/test";

const CLONE = "element:VolumeClone";
const args = (world: World) => ({ volumeID: world.database, newAccountID: world.testAccount });
const active = (world: World) => world.simulator.model.volumes.filter(({ status }) => status === "active");

describe("a clone that takes longer than its limit", () => {
  test("stays in the state, and the next up goes on waiting for the same one", async ({ start }) => {
    const world = await start({ cloneMs: 600_000 });
    const clone = world.resource(CLONE);
    const wanted = { ...args(world), timeouts: { create: "2m" }, volumeAccessGroupIDs: [world.testHosts] };
    expect(await messageOf(clone.up(wanted))).toMatch(
      /^VolumeClone copy: still cloning after 2 min \(seen: running x\d+\)\. It stays in the state; run the same command again/,
    );
    const { id } = clone;
    expect(clone.outputs).toMatchObject({ status: "init", cloneID: 501, asyncHandle: 901 });
    clone.process = world.nextProcess();
    expect(await clone.up({ ...wanted, timeouts: { create: "20m" } })).toEqual(["update"]);
    expect(clone.id).toBe(id);
    expect(clone.outputs).toMatchObject({ status: "active", volumeAccessGroups: [world.testHosts] });
    expect(world.calls(/^CloneVolume$/)).toHaveLength(1);
  });

  test("is cancelled, deleted and purged where the program says so, and nothing stays in the state", async ({
    start,
  }) => {
    for (const cancelledVolume of ["removed", "init"] as const) {
      const world = await start({ cloneMs: 600_000, cancelledVolume });
      const clone = world.resource(CLONE);
      const wanted = { ...args(world), timeouts: { create: "2m" }, onTimeout: "cancel" };
      expect(await messageOf(clone.up(wanted))).toMatch(
        /^VolumeClone copy: still cloning after 2 min .* As onTimeout says, it was cancelled, and volume \d+ deleted and purged\. Raise the limit/,
      );
      expect(clone.state).toBeUndefined();
      expect(world.simulator.model.volumes).toHaveLength(1);
      expect(world.simulator.model.jobs).toEqual([]);
    }
  });

  test("is cancelled by the up that resumes it, too, and made again by the next", async ({ start }) => {
    const world = await start({ cloneMs: 600_000 });
    const clone = world.resource(CLONE);
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" }, onTimeout: "cancel" }));
    expect(world.simulator.model.volumes).toHaveLength(1);
    expect(await clone.up({ ...args(world), timeouts: { create: "20m" } })).toEqual(["delete-replaced", "replace"]);
    expect(active(world)).toHaveLength(2);
  });

  test("stays in the state after Ctrl-C, whatever onTimeout says", async ({ start }) => {
    const world = await start({ cloneMs: 600_000 });
    const clone = world.resource(CLONE);
    world.clock.later(30_000, () => world.process.interrupt());
    expect(await messageOf(clone.up({ ...args(world), onTimeout: "cancel" }))).toMatch(/the wait was interrupted/);
    expect(clone.outputs).toMatchObject({ status: "init" });
    clone.process = world.nextProcess();
    expect(await clone.up({ ...args(world), onTimeout: "cancel" })).toEqual(["update"]);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(1);
  });

  test("can be destroyed while it is being copied", async ({ start }) => {
    for (const initVolumes of ["hidden", "listed"] as const) {
      const world = await start({ cloneMs: 600_000, initVolumes });
      const clone = world.resource(CLONE);
      await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
      clone.process = world.nextProcess();
      await clone.destroy();
      expect(active(world)).toHaveLength(1);
      expect(world.simulator.model.jobs).toEqual([]);
    }
  });

  test("is not gone for a refresh while the release hides it", async ({ start }) => {
    const world = await start({ cloneMs: 600_000, initVolumes: "hidden" });
    const clone = world.resource(CLONE);
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
    clone.process = world.nextProcess();
    await clone.refresh();
    expect(clone.outputs).toMatchObject({ status: "init" });
    expect(await clone.up({ ...args(world), timeouts: { create: "20m" } })).toEqual(["update"]);
  });
});

test.for(["refresh", "up"] as const)(
  "a clone that becomes complete while %s looks for it is not gone",
  async (command, { start }) => {
    const world = await start({ cloneMs: 600_000, initVolumes: "hidden" });
    const clone = world.resource(CLONE);
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
    clone.process = world.nextProcess();
    // After the list of volumes, which does not show it.
    const fault = { kind: "interfere", run: () => world.clock.pass(600_000) } as const;
    world.simulator.faults.add({ method: "ListSyncJobs", fault });
    if (command === "refresh") await clone.refresh();
    else expect(await clone.up({ ...args(world), timeouts: { create: "20m" } })).toEqual(["update"]);
    expect(clone.outputs).toMatchObject({ status: "active" });
  },
);

describe("a clone whose copying fails", () => {
  test("is told with the service's reason, and made again by the next up", async ({ world }) => {
    world.simulator.model.steerClone({ outcome: "failed", times: 1 });
    const clone = world.resource(CLONE);
    expect(await messageOf(clone.up(args(world)))).toMatch(
      /^VolumeClone copy: volume \d+ could not be copied: x\w+.*\. The next pulumi up takes away what there is, and clones again\./,
    );
    expect(clone.outputs).toMatchObject({ status: "failed" });
    expect(await clone.up(args(world))).toEqual(["delete-replaced", "replace"]);
    expect(active(world)).toHaveLength(2);
  });

  test("is made again also where an up had gone on waiting for it", async ({ start }) => {
    const world = await start({ cloneMs: 600_000 });
    world.simulator.model.steerClone({ outcome: "failed", times: 1 });
    const clone = world.resource(CLONE);
    await messageOf(clone.up({ ...args(world), timeouts: { create: "1m" } }));
    clone.process = world.nextProcess();
    const wanted = { ...args(world), timeouts: { create: "20m" } };
    expect(await messageOf(clone.up(wanted))).toContain(
      "The next pulumi up takes away what there is, and clones again.",
    );
    expect(clone.outputs).toMatchObject({ status: "failed" });
    expect(await clone.up(wanted)).toEqual(["delete-replaced", "replace"]);
    expect(active(world)).toHaveLength(2);
  });

  test("is noticed although its handle was lost", async ({ world }) => {
    const clone = world.resource(CLONE);
    world.clock.later(CLONE_MS / 2, () => {
      world.simulator.model.forgetHandle(901);
      world.simulator.model.steerClone({ outcome: "normal" });
    });
    expect(await clone.up(args(world))).toEqual(["create"]);
  });
});

describe("what the cluster tells of a running clone", () => {
  test.for(["xDBNoSuchPath", "xAsyncHandleDoesNotExist"] as const)(
    "may be late, or somebody may have read it away (%s): the volume decides",
    async (missingHandle, { start }) => {
      const world = await start({ missingHandle, handleLag: 3, initVolumes: "listed" });
      const clone = world.resource(CLONE);
      world.clock.later(CLONE_MS + 1, () => void world.simulator.model.consumeHandle(901));
      expect(await clone.up(args(world))).toEqual(["create"]);
      expect(clone.outputs).toMatchObject({ status: "active" });
    },
  );

  test("never names the clone: what it calls the volume may be the source", async ({ start }) => {
    const world = await start({ asyncResultVolumeID: "source" });
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), deletionPolicy: "purge" });
    await clone.destroy();
    expect(active(world).map(({ volumeID }) => volumeID)).toEqual([world.database]);
  });

  test("is done without where the cluster admin may not ask for it, and that is told once", async ({ start }) => {
    const world = await start({ initVolumes: "hidden" });
    const asked = ["GetAsyncResult", "ListSyncJobs", "ListAsyncResults"];
    for (const method of asked) {
      world.simulator.faults.add({ method, times: Number.POSITIVE_INFINITY, fault: { kind: "permission" } });
    }
    const clone = world.resource(CLONE);
    // Nothing tells of a hidden clone then, until its volume is listed.
    expect(await clone.up(args(world))).toEqual(["create"]);
    expect(world.calls(/^CloneVolume$/)).toHaveLength(1);
    const warnings = world.process.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message);
    for (const method of asked) {
      expect(warnings.filter((text) => text.startsWith(`${method} is not allowed to this cluster admin`))).toHaveLength(
        1,
      );
    }
  });

  test("that may not be asked for is no reason to cancel a clone, or to take it for gone", async ({ start }) => {
    const world = await start({ initVolumes: "hidden", cloneMs: 600_000 });
    for (const method of ["GetAsyncResult", "ListSyncJobs", "ListAsyncResults"]) {
      world.simulator.faults.add({ method, times: Number.POSITIVE_INFINITY, fault: { kind: "permission" } });
    }
    const clone = world.resource(CLONE);
    const wanted = { ...args(world), timeouts: { create: "1m" } };
    expect(await messageOf(clone.up(wanted))).toMatch(/still cloning after 60 s \(seen: init x\d+\)/);
    clone.process = world.nextProcess();
    await clone.refresh();
    expect(clone.outputs).toMatchObject({ status: "init" });
    expect(await clone.up({ ...args(world), onTimeout: "cancel", timeouts: { create: "20m" } })).toEqual(["update"]);
    expect(world.calls(/^(CloneVolume|CancelClone)$/)).toEqual(["CloneVolume"]);
  });

  test("and what it lacks otherwise is refused before anything is made, with the access types", async ({ start }) => {
    const world = await start({ adminAccess: ["volumes"] });
    expect(await messageOf(world.resource(CLONE).up(args(world)))).toMatch(
      /xPermissionDenied.*The cluster admin "\w+" \(the stack configuration\) lacks an access type for it: give it volumes, read and write, or administrator\./,
    );
    expect(active(world)).toHaveLength(1);
  });
});

describe("many clones at once", () => {
  test("keep to two of a source and eight in all, wait for their turn, and all end", async ({ start }) => {
    const world = await start({ overLimit: "error" });
    const sources = [
      world.database,
      ...["b", "c", "d", "e"].map((name) => world.simulator.model.addVolume(name).volumeID),
    ];
    let [most, mostOfOne] = [0, 0];
    const look = () => {
      const jobs = world.simulator.model.jobs;
      most = Math.max(most, jobs.length);
      for (const source of sources) {
        mostOfOne = Math.max(mostOfOne, jobs.filter(({ srcVolumeID }) => srcVolumeID === source).length);
      }
      world.clock.later(1000, look);
    };
    look();
    const clones = sources.flatMap((volumeID, source) =>
      [0, 1, 2].map((index) => ({ volumeID, clone: world.resource(CLONE, `copy-${source}-${index}`) })),
    );
    await Promise.all(clones.map(({ clone, volumeID }) => clone.up({ volumeID })));
    expect({ most, mostOfOne }).toEqual({ most: 8, mostOfOne: 2 });
    expect(new Set(clones.map(({ clone }) => clone.id)).size).toBe(15);
    expect(active(world)).toHaveLength(20);
    const rows = world.process.logs.filter(({ severity }) => severity === "status").map(({ message }) => message);
    expect(rows).toContain("waiting for a free clone slot");
    expect(world.calls(/^CloneVolume$/)).toHaveLength(15);
  });

  test("of others leave no slot: a clone waits, no longer than its limit", async ({ start }) => {
    const world = await start({ cloneMs: 600_000 });
    const stranger = world.nextProcess();
    for (const name of ["a", "b"]) {
      await stranger.element.cloneVolume({ volumeID: world.database, name, attributes: {} });
    }
    const clone = world.resource(CLONE);
    expect(await messageOf(clone.up({ ...args(world), timeouts: { create: "2m" } }))).toMatch(
      /still waiting for a (free clone slot|running clone of volume 1 to show).* after 2 min/,
    );
    expect(clone.state).toBeUndefined();
    expect(world.calls(/^CloneVolume$/)).toHaveLength(2);
    expect(await clone.up({ ...args(world), timeouts: { create: "1h" } })).toEqual(["create"]);
  });

  test("take a slot each, and not two where the answer was lost", async ({ start }) => {
    const world = await start({ initVolumes: "listed", cloneMs: 600_000 });
    const [lost, other] = [world.resource(CLONE, "lost"), world.resource(CLONE, "other")];
    world.simulator.faults.add({ method: "CloneVolume", fault: { kind: "dropAfter" } });
    const began = world.clock.now();
    const later = new Promise((done) => world.clock.later(60_000, () => done(other.up(args(world)))));
    await Promise.all([lost.up(args(world)), later]);
    expect(world.clock.now() - began).toBeLessThan(700_000);
  });
});
