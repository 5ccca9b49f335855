import { describe } from "vitest";
import { markOf } from "../../provider/element/marks";
import type { World } from "./support/test";
import { CLONE_MS, expect, messageOf, Refused, test } from "./support/test";

const CLONE = "element:VolumeClone";
const GIB = 2 ** 30;
const MIB = 2 ** 20;
const DAY_MS = 24 * 3_600_000;

const args = (world: World) => ({ volumeID: world.database, newAccountID: world.testAccount });
const volumeOf = (world: World, id: string) => {
  const found = world.simulator.model.volumes.find(({ volumeID }) => String(volumeID) === id);
  if (found === undefined) throw new Error(`no volume ${id}`);
  return found;
};
const paramsOf = (world: World, method: string) =>
  world.simulator.calls.filter((call) => call.method === method).map(({ params }) => params);

describe("a clone", () => {
  test("holds the volume as it is when the clone begins, and is given what CloneVolume does not take", async ({
    world,
  }) => {
    const clone = world.resource(CLONE);
    world.simulator.model.writeBlock(world.database, 0, "before");
    world.clock.later(10_000, () => world.simulator.model.writeBlock(world.database, 0, "after"));
    const steps = await clone.up({
      ...args(world),
      access: "readWrite",
      attributes: { purpose: "tests" },
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
      volumeAccessGroupIDs: [world.testHosts],
    });
    expect(steps).toEqual(["create"]);
    expect(clone.outputs).toMatchObject({
      status: "active",
      accountID: world.testAccount,
      attributes: { purpose: "tests" },
      totalSize: 100 * GIB,
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
      volumeAccessGroupIDs: [world.testHosts],
      volumeAccessGroups: [world.testHosts],
      cloneVolumeID: Number(clone.id),
      volumeID: world.database,
      clusterUniqueID: expect.stringMatching(/^\w{4}$/),
      iqn: expect.stringContaining(`.${clone.id}`),
      source: { volumeID: world.database, name: "database", access: "readWrite", paired: false },
    });
    expect(clone.outputs["curve"]).toMatchObject({ 4096: 100 });
    expect(world.simulator.model.readBlock(Number(clone.id), 0)).toBe("before");
    expect(world.process.logs.filter(({ severity }) => severity === "warning")).toEqual([]);
    expect(await clone.up({ ...args(world), attributes: { purpose: "tests" }, access: "readWrite" })).toEqual([
      "update",
    ]);
  });

  test("of a snapshot holds what that holds, in the size of then", async ({ world }) => {
    const { model } = world.simulator;
    model.writeBlock(world.database, 7, "then");
    const { snapshotID } = model.takeSnapshot(world.database, "nightly");
    model.writeBlock(world.database, 7, "now");
    model.setVolume(world.database, { totalSize: 120 * GIB });
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), snapshotID });
    expect(model.readBlock(Number(clone.id), 7)).toBe("then");
    expect(clone.outputs).toMatchObject({ totalSize: 100 * GIB, snapshotID, source: { totalSize: 100 * GIB } });
    expect(clone.outputs["sourceCreateTime"]).toMatch(/^2026-01-31T10:2\d:\d\dZ$/);
  });

  test("takes nothing from its source but what the program leaves to it, least of all the marks of others", async ({
    world,
  }) => {
    world.simulator.model.setVolume(world.database, { attributes: { owner: "trident" }, access: "readOnly" });
    const clone = world.resource(CLONE);
    await clone.up({ volumeID: world.database });
    expect(clone.outputs).toMatchObject({ attributes: {}, access: "readOnly", volumeAccessGroups: [] });
    const { attributes } = volumeOf(world, clone.id);
    expect(Object.keys(attributes)).toEqual(["holdfast"]);
    expect(markOf(attributes)).toMatchObject({ volumeID: world.database });
  });

  test("can be smaller, which cuts off the end, and its size is rounded as the service rounds it", async ({
    world,
  }) => {
    const { model } = world.simulator;
    model.writeBlock(world.database, 0, "start");
    model.writeBlock(world.database, (50 * GIB) / 4096, "end");
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), newSize: 2_000_000_000 });
    expect(clone.outputs).toMatchObject({ totalSize: 1908 * MIB, newSize: 1908 * MIB });
    expect(model.readBlock(Number(clone.id), 0)).toBe("start");
    expect(model.blocksOf("volume", Number(clone.id))).toEqual({ 0: "start" });
    for (const newSize of [2_000_000_000, 1908 * MIB, 1907 * MIB + 1]) {
      expect(await clone.up({ ...args(world), newSize })).toEqual(["same"]);
    }
    await clone.refresh();
    expect(await clone.up({ ...args(world), newSize: 2_000_000_000 })).toEqual(["same"]);
  });

  test("sends a false for what the source has as true", async ({ world }) => {
    world.simulator.model.setVolume(world.database, { enable512e: true });
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), enable512e: false });
    expect(clone.outputs).toMatchObject({ enable512e: false });
  });

  test("shows how far it is, and when it will be over", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(args(world));
    const rows = world.process.logs.filter(({ severity }) => severity === "status").map(({ message }) => message);
    expect(rows.filter((row) => /^cloning, (\w+, )?\d+ %, about \d+ s left$/.test(row)).length).toBeGreaterThan(3);
    expect(rows.at(-1)).toBe("");
  });

  test("reads its result without consuming it", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(args(world));
    for (const params of paramsOf(world, "GetAsyncResult")) expect(params).toMatchObject({ keepResult: true });
    expect(world.simulator.model.consumeHandle(Number(clone.outputs["asyncHandle"]))).toBe(true);
  });

  test("of five minutes costs few calls, and no more than a few seconds", async ({ start }) => {
    const world = await start({ cloneMs: 300_000 });
    const began = world.clock.now();
    await world.resource(CLONE).up(args(world));
    const lost = (world.clock.now() - began) / 1000 - 300;
    expect(world.calls(/GetAsyncResult|ListSyncJobs/).length).toBeLessThan(90);
    expect(lost).toBeLessThan(2);
  });
});

describe("a change", () => {
  const wanted = (world: World) => ({
    ...args(world),
    access: "readWrite",
    attributes: { purpose: "tests" },
    newSize: 100 * GIB,
    qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
    volumeAccessGroupIDs: [world.testHosts],
  });

  test.for([
    ["access", () => "readOnly"],
    ["attributes", () => ({ purpose: "training", since: 2026 })],
    ["newSize", () => 110 * GIB],
    ["qos", () => ({ minIOPS: 100, maxIOPS: 1000, burstIOPS: 3000 })],
    ["enableSnapMirrorReplication", () => true],
    ["newAccountID", ({ simulator }: World) => simulator.model.addAccount("training").accountID],
    ["volumeAccessGroupIDs", ({ simulator }: World) => [simulator.model.addAccessGroup("more").volumeAccessGroupID]],
  ] as const)("of %s is made in place, and nothing else is touched", async ([key, value], { world }) => {
    const clone = world.resource(CLONE);
    await clone.up(wanted(world));
    const before = clone.outputs;
    const changed = value(world);
    expect(await clone.up({ ...wanted(world), [key]: changed })).toEqual(["update"]);
    expect(clone.outputs[key]).toEqual(changed);
    expect(clone.outputs["cloneVolumeID"]).toBe(before["cloneVolumeID"]);
    expect(markOf(volumeOf(world, clone.id).attributes)).toBeDefined();
    await clone.refresh();
    expect(await clone.up({ ...wanted(world), [key]: changed })).toEqual(["same"]);
  });

  test.for([
    ["name", () => "another"],
    ["enable512e", () => false],
    ["snapshotID", ({ simulator, database }: World) => simulator.model.takeSnapshot(database).snapshotID],
    ["volumeID", ({ simulator }: World) => simulator.model.addVolume("other", { totalSize: 100 * GIB }).volumeID],
    ["newSize", () => 90 * GIB],
    ["trigger", () => "2026-12"],
  ] as const)("of %s replaces the clone, and the old one goes last", async ([key, value], { world }) => {
    const clone = world.resource(CLONE);
    const first = { ...wanted(world), name: "copy-1", enable512e: true, trigger: "2026-11" };
    await clone.up(first);
    const old = clone.id;
    const changed = { ...first, [key]: value(world) };
    clone.process = world.nextProcess(); // which knows of what is there since
    const diff = await clone.diff(changed);
    expect(diff.replaces).toEqual([key]);
    expect(diff.deleteBeforeReplace).toBeUndefined();
    expect(await clone.up(changed)).toEqual(["replace", "delete-replaced"]);
    expect(clone.id).not.toBe(old);
    expect(volumeOf(world, old).status).toBe("deleted");
  });

  test("from qos to a policy and back, and to none of both", async ({ world }) => {
    const { qosPolicyID } = world.simulator.model.addQoSPolicy("silver", {
      minIOPS: 200,
      maxIOPS: 900,
      burstIOPS: 1800,
    });
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), qosPolicyID });
    expect(clone.outputs).toMatchObject({ qosPolicyID, qos: { minIOPS: 200, maxIOPS: 900 } });
    await clone.up({ ...args(world), qos: { minIOPS: 100, maxIOPS: 500, burstIOPS: 500 } });
    expect(clone.outputs["qosPolicyID"]).toBeUndefined();
    await clone.up({ ...args(world), qosPolicyID });
    expect(await clone.up(args(world))).toEqual(["update"]);
    expect(clone.outputs).toMatchObject({ qos: { minIOPS: 200, maxIOPS: 900 } });
    expect(volumeOf(world, clone.id).qosPolicyID).toBeNull();
  });

  test("takes attributes out, and leaves access, size and account as they are", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(wanted(world));
    await clone.up({ volumeID: world.database });
    expect(clone.outputs).toMatchObject({ attributes: {}, access: "readWrite", accountID: world.testAccount });
    expect(clone.outputs["volumeAccessGroups"]).toEqual([]);
    expect(markOf(volumeOf(world, clone.id).attributes)).toBeDefined();
  });

  test("takes out its name and enable512e, and stays what it is", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), name: "given", enable512e: false });
    expect(await clone.up(args(world))).toEqual(["update"]);
    expect(clone.outputs).toMatchObject({ name: "given", enable512e: false });
    expect(await clone.up(args(world))).toEqual(["same"]);
    expect(paramsOf(world, "CloneVolume")).toHaveLength(1);
  });

  test("of what only this package knows calls nothing", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(args(world));
    const calls = world.calls().length;
    const later = world.nextProcess();
    clone.process = later;
    expect(await clone.up({ ...args(world), deletionPolicy: "purge", onTimeout: "cancel" })).toEqual(["update"]);
    expect(world.calls().length).toBe(calls);
    await clone.destroy();
    expect(world.simulator.model.volumes.map(({ status }) => status)).toEqual(["active"]);
  });

  test("that cuts connections says so", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(args(world));
    await clone.up({ ...args(world), access: "locked" });
    expect(world.process.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message)).toEqual([
      "VolumeClone copy: access becomes locked: the connections that there are to the volume are cut.",
    ]);
  });

  test("to replicationTarget without a pair is locked there, and no difference", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), access: "replicationTarget" });
    await clone.refresh();
    expect(volumeOf(world, clone.id).access).toBe("locked");
    expect(await clone.up({ ...args(world), access: "replicationTarget" })).toEqual(["same"]);
  });
});

describe("drift", () => {
  test.for([
    ["access", { access: "readOnly" }, "readWrite"],
    ["attributes", { attributes: { purpose: "other" } }, { purpose: "tests" }],
    ["qos", { qos: { minIOPS: 50, maxIOPS: 100, burstIOPS: 100 } }, { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 }],
    ["newAccountID", {}, undefined],
  ] as const)("of %s shows in a refresh, and goes with the next up", async ([key, drift, was], { world }) => {
    const wanted = {
      ...args(world),
      access: "readWrite",
      attributes: { purpose: "tests" },
      qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
    };
    const clone = world.resource(CLONE);
    await clone.up(wanted);
    const elsewhere = world.simulator.model.addAccount("elsewhere").accountID;
    world.simulator.model.setVolume(Number(clone.id), key === "newAccountID" ? { accountID: elsewhere } : { ...drift });
    await clone.refresh();
    expect(clone.outputs[key]).not.toEqual(was ?? world.testAccount);
    expect(await clone.up(wanted)).toEqual(["update"]);
    expect(clone.outputs[key]).toEqual(was ?? world.testAccount);
  });

  test("of a group that it was taken out of is mended, and one that somebody else put it into is left alone", async ({
    world,
  }) => {
    const { model } = world.simulator;
    const clone = world.resource(CLONE);
    const wanted = { ...args(world), volumeAccessGroupIDs: [world.testHosts] };
    await clone.up(wanted);
    const own = model.accessGroups.find((group) => group.volumeAccessGroupID === world.testHosts);
    own?.volumes.splice(0);
    const { volumeAccessGroupID } = model.addAccessGroup("somebody's", [Number(clone.id)]);
    await clone.refresh();
    expect(clone.outputs["volumeAccessGroupIDs"]).toEqual([]);
    await clone.up(wanted);
    expect(clone.outputs["volumeAccessGroups"]).toEqual([world.testHosts, volumeAccessGroupID].sort());
  });

  test("a clone that somebody deleted is gone, and the way back is told", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(args(world));
    await world.process.element.deleteVolume(Number(clone.id));
    await clone.refresh();
    expect(clone.state).toBeUndefined();
    expect(world.process.logs.at(-1)?.message).toMatch(
      /was deleted, and counts as gone. Until \S+Z it can be restored/,
    );
  });
});

describe("deleting", () => {
  test("keeps the volume restorable unless the program says purge", async ({ world }) => {
    const kept = world.resource(CLONE, "kept");
    const purged = world.resource(CLONE, "purged");
    await kept.up(args(world));
    await purged.up({ ...args(world), deletionPolicy: "purge" });
    const [keptId, purgedId] = [kept.id, purged.id];
    await kept.destroy();
    await purged.destroy();
    expect(volumeOf(world, keptId)).toMatchObject({ status: "deleted" });
    expect(world.simulator.model.volumes.map(({ volumeID }) => String(volumeID))).not.toContain(purgedId);
  });

  test.for([
    ["delete", ["DeleteVolume"]],
    ["purge", ["DeleteVolume", "PurgeDeletedVolume"]],
  ] as const)("many at once lists the volumes once (%s)", async ([deletionPolicy, methods], { start }) => {
    const world = await start({ cloneMs: 0 });
    const clones = Array.from({ length: 20 }, (_, index) => world.resource(CLONE, `copy-${index}`));
    for (const clone of clones) await clone.up({ ...args(world), deletionPolicy });
    const [process, before] = [world.nextProcess(), world.calls().length];
    for (const clone of clones) clone.process = process;
    await Promise.all(clones.map((clone) => clone.destroy()));
    const calls = world.calls().slice(before);
    expect(calls.filter((method) => !method.startsWith("Get"))).toHaveLength(1 + 20 * methods.length);
    expect(calls.filter((method) => method === "ListVolumes")).toHaveLength(1);
    for (const method of methods) expect(calls.filter((one) => one === method)).toHaveLength(20);
  });

  test("what is deleted or purged already succeeds", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), deletionPolicy: "purge" });
    const { state } = clone;
    await clone.destroy();
    clone.state = state;
    await clone.destroy();
    const other = world.resource(CLONE, "other");
    await other.up(args(world));
    await world.process.element.deleteVolume(Number(other.id));
    await other.destroy();
    expect(world.simulator.model.volumes.filter(({ status }) => status === "active")).toHaveLength(1);
  });
});

describe("another cluster", () => {
  test("is not touched: neither read, nor changed, nor deleted", async ({ world, start }) => {
    const stranger = await start({ clusterUniqueID: "zz99" });
    const clone = world.resource(CLONE);
    await clone.up({ ...args(world), deletionPolicy: "purge" });
    const theirs = stranger.resource(CLONE, "theirs");
    await theirs.up(args(stranger));
    expect(theirs.id).toBe(clone.id);
    clone.process = stranger.process;
    const message = `VolumeClone copy: the endpoint leads to cluster "zz99", but volume ${clone.id} is in cluster "hf01".`;
    for (const attempt of [
      () => clone.refresh(),
      () => clone.up({ ...args(world), access: "locked" }),
      () => clone.destroy(),
    ]) {
      expect(await messageOf(attempt())).toContain(message);
    }
    expect(volumeOf(stranger, theirs.id)).toMatchObject({ status: "active", access: "readWrite" });
  });

  test("with the same name is told by the volume's UUID", async ({ world }) => {
    const clone = world.resource(CLONE);
    await clone.up(args(world));
    const volumeUUID = "00000000-0000-4000-8000-000000000000";
    world.simulator.model.setVolume(Number(clone.id), { volumeUUID });
    clone.process = world.nextProcess();
    expect(await messageOf(clone.destroy())).toContain(`has the volumeUUID ${volumeUUID}, but the state has`);
    expect(await messageOf(clone.refresh())).toContain("it is another one");
    expect(volumeOf(world, clone.id).status).toBe("active");
  });
});

describe("a mistake", () => {
  test("of a volume or a snapshot that is not there is told in the preview", async ({ world }) => {
    const clone = world.resource(CLONE);
    const { snapshotID } = world.simulator.model.takeSnapshot(world.database, "nightly");
    const other = world.simulator.model.addVolume("other").volumeID;
    const failures = async (given: object) => (await clone.check({ ...given })).failures;
    expect(await failures({ volumeID: 4711 })).toEqual([
      {
        property: "volumeID",
        reason: `the cluster has no volume 4711. There are volume ${world.database} ("database"), volume ${other} ("other").`,
      },
    ]);
    expect(await failures({ volumeID: world.database, snapshotID: 4711 })).toEqual([
      expect.objectContaining({
        property: "snapshotID",
        reason: expect.stringContaining(`snapshot ${snapshotID} ("nightly")`),
      }),
    ]);
    expect(await failures({ volumeID: other, snapshotID })).toEqual([
      expect.objectContaining({ property: "snapshotID" }),
    ]);
    expect(world.calls(/Clone|Create|Modify|Delete/)).toEqual([]);
  });

  test.for([
    [{ newSize: 100 }, /newSize must be at least 1000000000 bytes: newSize counts bytes, not GiB/],
    [{ newSize: 2 ** 50 }, /newSize must be at most 17592186044416 bytes/],
    [{ name: "my_clone" }, /name must have letters, digits and hyphens only/],
    [{ name: "x".repeat(65) }, /name must have at most 64 characters/],
    [{ access: "rw" }, /access must be "readOnly", "readWrite", "locked" or "replicationTarget"/],
    [{ attributes: { holdfast: 1 } }, /attributes must not have a member holdfast/],
    [{ attributes: { text: "x".repeat(880) } }, /attributes must be less than 880 bytes as JSON/],
    [{ qos: { minIOPS: 100, maxIOPS: 50, burstIOPS: 100 } }, /qos .*maxIOPS must be 100 to 200000/],
    [{ qos: { minIOPS: 500, maxIOPS: 200, burstIOPS: 300 } }, /qos .*minIOPS must not be above its maxIOPS/],
    [{ qos: { minIOPS: 100, maxIOPS: 200 } }, /qos its burstIOPS/],
    [
      { qos: { minIOPS: 100, maxIOPS: 200, burstIOPS: 300 }, qosPolicyID: 1 },
      /qosPolicyID can't be set together with qos/,
    ],
    [{ volumeID: "12" }, /volumeID must be the ID of a volume, a number such as 42/],
    [{ newAccount: 3 }, /newAccount is not known here: did you mean newAccountID\?/],
    [{ deletionPolicy: "keep" }, /deletionPolicy must be "delete" or "purge"/],
  ] as const)("is refused with what to do: %j", async ([wrong, message], { world }) => {
    const attempt = world.resource(CLONE).up({ volumeID: world.database, ...wrong });
    await expect(attempt).rejects.toBeInstanceOf(Refused);
    expect(await messageOf(attempt)).toMatch(message);
  });

  test("that only CloneVolume knows is told at once, unless its source is new", async ({ world }) => {
    const fault = { kind: "error", name: "xInvalidParameter", message: "newSize" } as const;
    const began = world.clock.now();
    world.simulator.faults.add({ method: "CloneVolume", fault });
    expect(await world.resource(CLONE, "first").up(args(world))).toEqual(["create"]);
    world.clock.pass(DAY_MS);
    world.simulator.faults.add({ method: "CloneVolume", times: 2, fault });
    expect(await messageOf(world.resource(CLONE, "second").up(args(world)))).toContain(
      "CloneVolume answered xInvalidParameter: newSize",
    );
    expect(world.clock.now() - began - DAY_MS).toBeLessThan(CLONE_MS + 10_000);
    expect(world.simulator.faults.pending).toHaveLength(1);
  });

  test.for([
    ["xFeatureNotEnabled", /Enable the feature on the cluster, or take out the property that needs it/],
    ["xTotalCapacityExceeded", /The cluster has no room for it: delete and purge volumes that nobody needs\./],
    ["xExceededLimit", /xExceededLimit: no\. It stays so until that is changed; if nothing is wrong with it, ask/],
  ] as const)(
    "or a lack that only the cluster knows is told with what to do: %s",
    async ([name, advice], { world }) => {
      world.simulator.faults.add({ method: "CloneVolume", fault: { kind: "error", name, message: "no" } });
      expect(await messageOf(world.resource(CLONE).up(args(world)))).toMatch(advice);
    },
  );

  test("of an account, a policy or a group that is not there names it, and what to correct", async ({ world }) => {
    expect(await messageOf(world.resource(CLONE).up({ volumeID: world.database, newAccountID: 4711 }))).toMatch(
      /xAccountIDDoesNotExist.* Set newAccountID to an account that the cluster has, or leave it out\.$/,
    );
    const limited = world.resource(CLONE, "limited").up({ volumeID: world.database, qosPolicyID: 4711 });
    expect(await messageOf(limited)).toMatch(
      /4711.*\. Set qosPolicyID to a QoS policy that the cluster has, or leave it out\.$/,
    );
    const clone = world.resource(CLONE, "grouped");
    const message = await messageOf(clone.up({ volumeID: world.database, volumeAccessGroupIDs: [4711] }));
    expect(message).toContain("volumeAccessGroupIDs names 4711, and the cluster has no such volume access group");
    expect(await clone.up({ volumeID: world.database, volumeAccessGroupIDs: [world.testHosts] })).toEqual(["update"]);
    expect(world.calls(/CloneVolume/)).toHaveLength(3);
  });

  test("of a copying that fails repeats the cluster's reason as a sentence", async ({ world }) => {
    world.simulator.model.steerClone({
      outcome: "failed",
      error: { name: "xSliceFailed", message: "A slice is gone." },
    });
    expect(await messageOf(world.resource(CLONE).up({ volumeID: world.database }))).toContain(
      "could not be copied: xSliceFailed: A slice is gone. The next pulumi up takes away what there is, and clones again.",
    );
  });
});
