import { test as base, describe, expect } from "vitest";
import { type Account, type Answers, createAccount, lookUps } from "../../provider/element/lookups.calls";
import { type ElementSimulator, simulateElement } from "../../provider/simulators";
import { messageOf } from "../ovh/support/test";

const GIB = 2 ** 30;

/** A simulated cluster, and look-ups of it as a program makes them. */
interface World {
  simulator: ElementSimulator;
  account: Account;
  /** The volume "database" that exists at start, 100 GiB. */
  database: number;
  /** The account that owns it. */
  production: number;
  look<Name extends keyof Answers>(name: Name, args: object, maxAgeMs?: number): Promise<Answers[Name]>;
  /** Methods that were called, without the one that finds out which version there is. */
  methods(): string[];
}

const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  world: async ({}, use) => {
    const simulator = await simulateElement({ initVolumes: "listed" });
    const account = accountAt(simulator);
    const [database] = simulator.model.volumes;
    if (database === undefined) throw new Error("one volume is seeded");
    await use({
      simulator,
      account,
      database: database.volumeID,
      production: database.accountID,
      look: async (name, args, maxAgeMs = 0) => lookUps[name](args)({ account, maxAgeMs }),
      methods: () => simulator.calls.map(({ method }) => method).filter((method) => method !== "GetAPI"),
    });
    await simulator.close();
    expect(simulator.unmatched).toEqual([]);
  },
});

const accountAt = ({ url, credentials }: ElementSimulator): Account => {
  const settings = new Map([
    ["element:endpoint", url],
    ["element:username", credentials.username],
    ["element:password", credentials.password],
  ]);
  return createAccount((key) => settings.get(key));
};

const NOBODY = 4711;

describe("getVolume", () => {
  test("finds a volume by its ID and by its name, under the API's own names", async ({ world }) => {
    const { database, production } = world;
    const byID = await world.look("getVolume", { volumeID: database });
    expect(byID).toMatchObject({
      volumeID: database,
      name: "database",
      accountID: production,
      status: "active",
      access: "readWrite",
      totalSize: 100 * GIB,
      attributes: {},
      qos: { minIOPS: expect.any(Number), maxIOPS: expect.any(Number), burstIOPS: expect.any(Number) },
      curve: { "4096": 100 },
      enable512e: true,
      createTime: expect.stringMatching(/^\d{4}-.*Z$/),
      iqn: `iqn.2010-01.com.solidfire:hf01.database.${database}`,
      volumeAccessGroups: [expect.any(Number)],
      paired: false,
    });
    expect(Object.keys(byID.qos ?? {})).toEqual(["minIOPS", "maxIOPS", "burstIOPS"]);
    expect(byID.deleteTime).toBeUndefined();
    await expect(world.look("getVolume", { name: "database" })).resolves.toEqual(byID);
    await expect(world.look("getVolume", { name: "database", accountID: production })).resolves.toEqual(byID);
  });

  test("shows attributes without what this package keeps in them, and whether a volume is paired", async ({
    world,
  }) => {
    const { database, simulator } = world;
    simulator.model.setVolume(database, { attributes: { holdfast: "x", team: { name: "data" } } });
    simulator.model.pairVolume(database);
    await expect(world.look("getVolume", { volumeID: database })).resolves.toMatchObject({
      attributes: { team: { name: "data" } },
      paired: true,
    });
    const { attributes } = await world.look("getVolume", { volumeID: database });
    expect(attributes).not.toHaveProperty("holdfast");
  });

  test("refuses a name that two volumes have, and tells them apart", async ({ world }) => {
    const { database, production, simulator } = world;
    const { accountID } = simulator.model.addAccount("second");
    const twin = simulator.model.addVolume("database", { accountID });
    const message = await messageOf(world.look("getVolume", { name: "database" }));
    expect(message).toMatch(
      new RegExp(
        `^2 volumes are named "database": ${database} \\(account ${production}, active, \\d{4}-\\S+Z\\), ${twin.volumeID} \\(account ${accountID}, active, \\S+Z\\)\\. Give volumeID instead, or accountID as well\\.$`,
      ),
    );
    await expect(world.look("getVolume", { name: "database", accountID })).resolves.toMatchObject({
      volumeID: twin.volumeID,
    });
    simulator.model.addVolume("database", { accountID });
    expect(await messageOf(world.look("getVolume", { name: "database", accountID }))).toMatch(
      /Give volumeID instead\.$/,
    );
  });

  test("passes over a deleted one unless its state is asked for", async ({ world }) => {
    const { database, simulator, account } = world;
    const old = simulator.model.addVolume("database");
    await account.element.deleteVolume(old.volumeID);
    await expect(world.look("getVolume", { name: "database" })).resolves.toMatchObject({ volumeID: database });
    await expect(world.look("getVolume", { name: "database", status: "deleted" })).resolves.toMatchObject({
      volumeID: old.volumeID,
      status: "deleted",
      purgeTime: expect.stringMatching(/Z$/),
    });
    expect(await messageOf(world.look("getVolume", { volumeID: old.volumeID }))).toMatch(
      new RegExp(
        `^the cluster has no volume ${old.volumeID}\\. Volume ${old.volumeID} is deleted, and can be restored until it is purged at \\S+Z; status "deleted" looks it up\\.$`,
      ),
    );
    expect(await messageOf(world.look("getVolume", { volumeID: database, status: "deleted" }))).toBe(
      `the cluster has no volume ${database} with status deleted. Volume ${database} is active.`,
    );
  });

  test("names what there is instead of a volume that is not there", async ({ world }) => {
    const { database, production, simulator } = world;
    expect(await messageOf(world.look("getVolume", { volumeID: NOBODY }))).toBe(
      `the cluster has no volume ${NOBODY}. It has "database" (${database}).`,
    );
    const { accountID } = simulator.model.addAccount("second");
    expect(await messageOf(world.look("getVolume", { name: "database", accountID }))).toBe(
      `account ${accountID} has no volume named "database". It has no volumes.`,
    );
    for (let count = 0; count < 12; count += 1) simulator.model.addVolume(`volume-${count}`, { accountID: production });
    expect(await messageOf(world.look("getVolume", { name: "staging" }))).toMatch(
      /has no volume named "staging"\. It has "database" \(\d+\), .* and 3 more\.$/,
    );
  });
});

describe("getVolumes", () => {
  test("lists by owner, prefix and state, without the deleted ones", async ({ world }) => {
    const { database, production, simulator, account } = world;
    const { accountID } = simulator.model.addAccount("second");
    const copy = simulator.model.addVolume("database-copy", { accountID, status: "init" });
    const gone = simulator.model.addVolume("database-old");
    await account.element.deleteVolume(gone.volumeID);
    const ids = async (filter: object) =>
      (await world.look("getVolumes", filter)).volumes.map(({ volumeID }) => volumeID);
    expect(await ids({})).toEqual([database, copy.volumeID]);
    expect(await ids({ accountID: production })).toEqual([database]);
    expect(await ids({ namePrefix: "database-" })).toEqual([copy.volumeID]);
    expect(await ids({ status: "deleted" })).toEqual([gone.volumeID]);
    expect(await ids({ status: "active", accountID })).toEqual([]);
  });
});

describe("getSnapshots", () => {
  test("lists those of a volume newest first, by prefix", async ({ world }) => {
    const { database, simulator, account } = world;
    const nightly = simulator.model.takeSnapshot(database, "nightly-1");
    simulator.model.advanceClock(60_000);
    const byHand = await account.element.createSnapshot({
      volumeID: database,
      name: "by hand",
      attributes: { holdfast: "x", reason: "upgrade" },
      retention: "24:00:00",
    });
    const later = simulator.model.takeSnapshot(database, "nightly-2"); // in the same second
    const other = simulator.model.addVolume("other");
    simulator.model.takeSnapshot(other.volumeID, "nightly-3");

    const all = await world.look("getSnapshots", { volumeID: database });
    expect(all.volumeID).toBe(database);
    expect(all.snapshots.map(({ snapshotID }) => snapshotID)).toEqual([
      later.snapshotID,
      byHand.snapshotID,
      nightly.snapshotID,
    ]);
    expect(all.snapshots[1]).toMatchObject({
      volumeID: database,
      name: "by hand",
      status: "done",
      totalSize: 100 * GIB,
      attributes: { reason: "upgrade" },
      expirationTime: expect.stringMatching(/Z$/),
    });
    expect(all.snapshots[1]?.attributes).not.toHaveProperty("holdfast");
    expect(all.snapshots[0]?.expirationTime).toBeUndefined();
    const { snapshots } = await world.look("getSnapshots", { volumeID: database, namePrefix: "nightly" });
    expect(snapshots.map(({ name }) => name)).toEqual(["nightly-2", "nightly-1"]);
  });

  test("leaves out what a release lists of other volumes", async ({ world }) => {
    const { database, simulator } = world;
    simulator.model.takeSnapshot(database);
    simulator.model.takeSnapshot(database);
    simulator.faults.add({
      method: "ListSnapshots",
      fault: { kind: "mutate", change: [{ path: "/snapshots/0/volumeID", value: NOBODY }] },
    });
    const { snapshots } = await world.look("getSnapshots", { volumeID: database });
    expect(snapshots).toHaveLength(1);
  });

  test("tells a volume without snapshots from one that is not there", async ({ world }) => {
    const { database, account } = world;
    await expect(world.look("getSnapshots", { volumeID: database })).resolves.toEqual({
      volumeID: database,
      snapshots: [],
    });
    expect(await messageOf(world.look("getSnapshots", { volumeID: NOBODY }))).toBe(
      `the cluster has no volume ${NOBODY}. It has "database" (${database}).`,
    );
    await account.element.deleteVolume(database);
    await expect(world.look("getSnapshots", { volumeID: database })).resolves.toMatchObject({ snapshots: [] });
  });
});

describe("getClusterLimits", () => {
  test("tells the cluster, its limits and its versions", async ({ world }) => {
    const limits = await world.look("getClusterLimits", {});
    expect(limits).toMatchObject({
      volumeSizeMin: 1_000_000_000,
      volumeSizeMax: 17_592_186_044_416,
      cloneJobsPerVolumeMax: 2,
      cloneJobsPerNodeMax: 8,
      snapshotsPerVolumeMax: 32,
      volumeNameLengthMax: 64,
      clusterUniqueID: "hf01",
      clusterName: "simulated-element",
      apiVersion: "12.5",
      currentVersion: "12.5",
    });
    expect(limits).not.toHaveProperty("maxAuthSessionsPerUser");
  });

  test("leaves out what the release does not tell", async ({ world }) => {
    world.simulator.faults.add({
      method: "GetLimits",
      fault: {
        kind: "mutate",
        change: [{ path: "/volumeMinIOPSMin" }, { path: "/volumeSizeMax", value: null }],
      },
    });
    const limits = await world.look("getClusterLimits", {});
    expect(limits).not.toHaveProperty("volumeMinIOPSMin");
    expect(limits).not.toHaveProperty("volumeSizeMax");
    expect(limits).toMatchObject({ volumeMinIOPSMax: 15_000 });
  });
});

describe("arguments", () => {
  const refusals: [keyof Answers, object, string][] = [
    ["getVolume", {}, "volumeID is missing: set volumeID, or name."],
    ["getVolume", { volumeID: 1, name: "x" }, `name "x" can't be set beside volumeID: leave one of them out.`],
    ["getVolume", { volumeID: 1, accountID: 1 }, "accountID can't be set beside volumeID: leave one of them out."],
    ["getVolume", { volumeID: "5" }, 'volumeID "5" must be the ID of a volume, a number such as 42'],
    ["getVolume", { volumeID: 0 }, "volumeID must be the ID of a volume, a number above 0."],
    ["getVolumes", { accountID: 1.5 }, "accountID must be the ID of an account, a whole number."],
    ["getVolumes", { nameprefix: "x" }, 'nameprefix "x" is not known here: did you mean namePrefix?'],
    ["getVolumes", { status: "" }, 'status "" must not be empty: leave it out instead.'],
    ["getSnapshots", {}, "volumeID is missing: set volumeID."],
    ["getClusterLimits", { volumeID: 1 }, "volumeID is not known here"],
  ];
  for (const [name, args, message] of refusals) {
    test(`of ${name} are checked before any call: ${message}`, async ({ world }) => {
      expect(await messageOf(world.look(name, args))).toContain(message);
      expect(world.simulator.calls).toEqual([]);
    });
  }
});

describe("calls", () => {
  test("of look-ups that go together are shared, and what an earlier list lacks is looked for anew", async ({
    world,
  }) => {
    const { database, simulator } = world;
    const together = 10_000;
    await Promise.all([
      world.look("getVolume", { name: "database" }, together),
      world.look("getVolumes", {}, together),
      world.look("getSnapshots", { volumeID: database }, together),
      world.look("getClusterLimits", {}, together),
      world.look("getClusterLimits", {}, together),
    ]);
    expect(world.methods().toSorted()).toEqual(["GetClusterInfo", "GetLimits", "ListSnapshots", "ListVolumes"]);
    const young = simulator.model.addVolume("young");
    await expect(world.look("getVolume", { name: "young" }, together)).resolves.toMatchObject({
      volumeID: young.volumeID,
    });
  });

  test("that are refused name the account, and never its password", async ({ world }) => {
    const { url, credentials } = world.simulator;
    const settings: Record<string, string> = {
      "element:endpoint": url,
      "element:username": credentials.username,
      "element:password": `wrong-${credentials.password}`,
    };
    const account = createAccount((key) => settings[key]);
    const message = await messageOf(lookUps.getVolumes({})({ account, maxAgeMs: 0 }));
    expect(message).toContain("Check element:username and element:password in the stack configuration.");
    expect(message).not.toContain(credentials.password);
  });
});
