import { test as base, describe, expect } from "vitest";
import { type Account, type Answers, createAccount, lookUps } from "../../provider/ovh/lookups.calls";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { messageOf } from "./support/test";

const HOUR = 3_600_000;

/** A simulated account, and look-ups of it as a program makes them. */
interface World {
  simulator: OvhSimulator;
  account: Account;
  serviceName: string;
  shareId: string;
  look<Name extends keyof Answers>(name: Name, args: object, maxAgeMs?: number): Promise<Answers[Name]>;
  /** Calls of the product, without the authentication's. */
  calls(): string[];
}

const test = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  world: async ({}, use) => {
    const simulator = await simulateOvh({ schedule: false });
    const account = accountAt(simulator);
    await use({
      simulator,
      account,
      serviceName: simulator.serviceName,
      shareId: simulator.shareId,
      look: async (name, args, maxAgeMs = 0) => lookUps[name](args)({ account, maxAgeMs }),
      calls: () =>
        simulator.calls.map(({ method, path }) => `${method} ${path}`).filter((call) => !call.includes("/auth/")),
    });
    await simulator.close();
    expect(simulator.unmatched).toEqual([]);
  },
});

const accountAt = ({ url, credentials }: OvhSimulator): Account => {
  const settings = new Map([
    ["ovh:endpoint", url],
    ["ovh:accessToken", credentials.accessToken],
  ]);
  return createAccount((key) => settings.get(key));
};

const NOBODY = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9";

describe("getService", () => {
  test("finds the only service, and tells its free capacity", async ({ world }) => {
    await expect(world.look("getService", {})).resolves.toEqual({
      id: world.serviceName,
      name: "simulated-efs",
      region: "eu-west-rbx",
      status: "running",
      performanceLevel: "premium",
      quota: 10_240,
      freeGiB: 10_140,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test("finds one of several by its id or its name", async ({ world }) => {
    const second = world.simulator.model.addService("second", 2048);
    await expect(world.look("getService", { serviceName: second.id.toUpperCase() })).resolves.toMatchObject({
      id: second.id,
      freeGiB: 2048,
    });
    await expect(world.look("getService", { name: "second" })).resolves.toMatchObject({ id: second.id });
  });

  test("lists the services where more than one fits, or none does", async ({ world }) => {
    const one = world.simulator.model.addService("twin");
    const two = world.simulator.model.addService("twin");
    const first = `"simulated-efs" (${world.serviceName})`;
    const twins = `"twin" (${one.id}), "twin" (${two.id})`;
    expect(await messageOf(world.look("getService", {}))).toBe(
      `the account has 3 services: ${first}, ${twins}. Give serviceName or name.`,
    );
    expect(await messageOf(world.look("getService", { name: "twin" }))).toBe(
      `2 services are named "twin": ${twins}. Give serviceName instead.`,
    );
    expect(await messageOf(world.look("getService", { name: "third" }))).toBe(
      `no service is named "third". The account has ${first}, ${twins}.`,
    );
    expect(await messageOf(world.look("getService", { serviceName: NOBODY }))).toBe(
      `service ${NOBODY} is not known there (GET /storage/netapp/${NOBODY} answered 404). The account has ${first}, ${twins}.`,
    );
  });
});

describe("getShare and getShares", () => {
  test("find a share by id and by name, with how it is mounted", async ({ world }) => {
    const byName = await world.look("getShare", { serviceName: world.serviceName, name: "production" });
    expect(byName).toMatchObject({
      id: world.shareId,
      serviceName: world.serviceName,
      name: "production",
      description: "Production data",
      size: 100,
      protocol: "NFS",
      status: "available",
      preferredAccessPath: expect.stringMatching(/^[\d.]+:\/\S+$/),
    });
    expect(byName.accessPaths.find(({ preferred }) => preferred)?.path).toBe(byName.preferredAccessPath);
    expect(byName).not.toHaveProperty("snapshotPolicyId");
    await expect(world.look("getShare", { serviceName: world.serviceName, shareId: world.shareId })).resolves.toEqual(
      byName,
    );
  });

  test("tell the snapshot that a clone was made from, and list by name and state", async ({ world }) => {
    const { serviceName, shareId } = world;
    const storage = world.account.storageOf(serviceName);
    const taken = await storage.share(shareId).createSnapshot({ name: "taken" });
    await world.look("getSnapshots", { serviceName, shareId });
    const clone = await storage.createShare({
      protocol: "NFS",
      size: 150,
      snapshotID: taken.id,
      name: "production-copy",
    });
    const names = async (filter: object) =>
      (await world.look("getShares", { serviceName, ...filter })).shares.map(({ name }) => name);
    expect(await names({})).toEqual(["production", "production-copy"]);
    expect(await names({ namePrefix: "production-" })).toEqual(["production-copy"]);
    expect(await names({ namePrefix: "staging" })).toEqual([]);
    world.simulator.model.setStatus(clone.id, "error");
    expect(await names({ status: "available" })).toEqual(["production"]);
    const found = await world.look("getShare", { serviceName, shareId: clone.id });
    expect(found).toMatchObject({ snapshotId: taken.id, size: 150, status: "error" });
  });

  test("name what the service has instead of a share that is not there", async ({ world }) => {
    const { serviceName, shareId } = world;
    expect(await messageOf(world.look("getShare", { serviceName, shareId: NOBODY }))).toBe(
      `service ${serviceName} has no share ${NOBODY}. It has "production" (${shareId}).`,
    );
    expect(await messageOf(world.look("getShare", { serviceName, name: "staging" }))).toBe(
      `service ${serviceName} has no share named "staging". It has "production" (${shareId}).`,
    );
    expect(await messageOf(world.look("getShares", { serviceName: NOBODY }))).toContain(
      `The account has "simulated-efs" (${serviceName}).`,
    );
  });

  test("refuse a name that two shares have", async ({ world }) => {
    const { serviceName, shareId } = world;
    const twin = await world.account
      .storageOf(serviceName)
      .createShare({ protocol: "NFS", size: 100, name: "production" });
    expect(await messageOf(world.look("getShare", { serviceName, name: "production" }))).toBe(
      `service ${serviceName} has 2 shares named "production": ${shareId}, ${twin.id}. Give shareId instead.`,
    );
  });
});

describe("getSnapshot and getSnapshots", () => {
  test("list newest first, by type, name, prefix, time and state", async ({ world }) => {
    const { serviceName, shareId, simulator } = world;
    simulator.model.advanceClock(60_000);
    simulator.model.takeSystemSnapshot(shareId, "backup");
    await world.account.storageOf(serviceName).share(shareId).createSnapshot({ name: "hourly by hand" });
    const all = await world.look("getSnapshots", { serviceName, shareId });
    expect(all).toMatchObject({ serviceName, shareId });
    const times = all.snapshots.map(({ createdAt }) => Date.parse(createdAt ?? ""));
    expect(times).toEqual(times.toSorted((left, right) => right - left));
    expect(all.snapshots).toHaveLength(5);
    const found = async (filter: object) =>
      (await world.look("getSnapshots", { serviceName, shareId, ...filter })).snapshots;
    expect(await found({ type: "automatic" })).toHaveLength(3);
    expect((await found({ type: "system" })).map(({ name }) => name)).toEqual(["backup"]);
    expect(await found({ namePrefix: "hourly" })).toHaveLength(4);
    expect(await found({ namePrefix: "hourly", type: "manual" })).toHaveLength(1);
    const [, second] = await found({ type: "automatic" });
    expect(await found({ name: second?.name })).toEqual([second]);
    expect(await found({ before: second?.createdAt })).toHaveLength(1);
    expect(await found({ status: "error" })).toEqual([]);
  });

  test("take the newest available one, also before a time that is written with an offset", async ({ world }) => {
    const { serviceName, shareId, simulator } = world;
    const automatic = simulator.model.snapshots.map(({ id, createdAt }) => ({ id, createdAt }));
    const [oldest, middle, newest] = automatic;
    if (oldest === undefined || middle === undefined || newest === undefined) throw new Error("three are seeded");
    await expect(world.look("getSnapshot", { serviceName, shareId })).resolves.toMatchObject({
      id: newest.id,
      type: "automatic",
      createdAt: new Date(newest.createdAt).toISOString(),
      path: expect.stringContaining(".snapshot"),
    });
    // Two hours ahead of UTC: the same instant as the newest one's.
    const before = new Date(newest.createdAt + 2 * HOUR).toISOString().replace(/\.\d+Z$/, "+02:00");
    await expect(world.look("getSnapshot", { serviceName, shareId, before })).resolves.toMatchObject({ id: middle.id });
    simulator.model.setStatus(newest.id, "error");
    await expect(world.look("getSnapshot", { serviceName, shareId })).resolves.toMatchObject({ id: middle.id });
    await expect(world.look("getSnapshot", { serviceName, shareId, status: "error" })).resolves.toMatchObject({
      id: newest.id,
    });
    await expect(world.look("getSnapshot", { serviceName, shareId, snapshotId: newest.id })).resolves.toMatchObject({
      status: "error",
    });
  });

  test("name the candidates and their times where none fits, and that a policy rotates", async ({ world }) => {
    const { serviceName, shareId, simulator } = world;
    const candidates = simulator.model.snapshots
      .toReversed()
      .map(({ id, name, createdAt }) => `"${name}" (automatic, available, ${new Date(createdAt).toISOString()}, ${id})`)
      .join(", ");
    const before = "2020-01-01T00:00:00.000Z";
    expect(await messageOf(world.look("getSnapshot", { serviceName, shareId, type: "automatic", before }))).toBe(
      `share ${shareId} has no snapshot with type automatic, before ${before}, status available. It has ${candidates}. A policy rotates automatic snapshots away: what the control panel or an earlier look-up showed may be gone by now.`,
    );
    expect(await messageOf(world.look("getSnapshot", { serviceName, shareId, snapshotId: NOBODY }))).toBe(
      `share ${shareId} has no snapshot ${NOBODY}. It has ${candidates}. An automatic snapshot may have been rotated away since its id was noted, and a held one has a new id.`,
    );
    for (const { id } of simulator.model.snapshots) simulator.model.rotateAway(id);
    expect(await messageOf(world.look("getSnapshot", { serviceName, shareId }))).toContain(
      "It has no snapshots at all.",
    );
  });

  test("name at most ten candidates", async ({ world }) => {
    const { serviceName, shareId, simulator } = world;
    for (let count = 0; count < 12; count++) simulator.model.takeSystemSnapshot(shareId, `system-${count}`);
    const message = await messageOf(world.look("getSnapshot", { serviceName, shareId, name: "none" }));
    expect(message).toContain("and 5 older ones");
    expect(message.match(/available, 2/g)).toHaveLength(10);
  });

  test("name the service's shares where the share is not there", async ({ world }) => {
    const { serviceName, shareId } = world;
    expect(await messageOf(world.look("getSnapshots", { serviceName, shareId: NOBODY }))).toBe(
      `service ${serviceName} has no share ${NOBODY}. It has "production" (${shareId}).`,
    );
  });
});

describe("arguments", () => {
  const refusals: [keyof Answers, object, string][] = [
    ["getShare", { shareId: NOBODY }, "serviceName is missing: set serviceName."],
    ["getShare", { serviceName: NOBODY }, "shareId is missing: set shareId, or name."],
    [
      "getShare",
      { serviceName: NOBODY, shareId: NOBODY, name: "x" },
      `name "x" can't be set beside shareId: leave one of them out.`,
    ],
    ["getService", { serviceName: NOBODY, name: "x" }, `name "x" can't be set beside serviceName`],
    [
      "getService",
      { serviceName: "production" },
      `serviceName "production" must be the ID of the Enterprise File Storage service, a UUID`,
    ],
    ["getShares", { serviceName: NOBODY, status: "" }, 'status "" must not be empty: leave it out instead.'],
    [
      "getShares",
      { serviceName: NOBODY, nameprefix: "x" },
      'nameprefix "x" is not known here: did you mean namePrefix?',
    ],
    ["getShares", { serviceName: NOBODY, source: {} }, "source is not known here: remove it."],
    [
      "getSnapshots",
      { serviceName: NOBODY, shareId: NOBODY, type: "auto" },
      'type "auto" must be "manual", "automatic" or "system".',
    ],
    [
      "getSnapshot",
      { serviceName: NOBODY, shareId: NOBODY, before: "2026-11-21T09:00:00" },
      'before "2026-11-21T09:00:00" must be an RFC 3339 time such as "2026-11-21T09:00:00Z".',
    ],
    [
      "getSnapshot",
      { serviceName: NOBODY, shareId: NOBODY, snapshotId: NOBODY, type: "manual" },
      `type "manual" can't be set beside snapshotId: leave one of them out.`,
    ],
    ["getSnapshots", { serviceName: NOBODY, shareId: 5 }, "shareId must be the ID of a share, a text."],
  ];
  for (const [name, args, message] of refusals) {
    test(`of ${name} are checked before any call: ${message}`, async ({ world }) => {
      expect(await messageOf(world.look(name, args))).toContain(message);
      expect(world.calls()).toEqual([]);
    });
  }

  test("that are wrong in more than one way are told all at once", async ({ world }) => {
    const message = await messageOf(world.look("getSnapshots", { serviceName: "x", before: "noon" }));
    expect(message).toContain('serviceName "x" must be');
    expect(message).toContain("shareId is missing");
    expect(message).toContain('before "noon" must be');
  });

  test("that are undefined count as left out", async ({ world }) => {
    const args = { serviceName: world.serviceName, shareId: undefined, name: "production" };
    await expect(world.look("getShare", args)).resolves.toMatchObject({ id: world.shareId });
  });
});

describe("calls", () => {
  test("of look-ups that go together are shared, and what an earlier list lacks is looked for anew", async ({
    world,
  }) => {
    const { serviceName, shareId } = world;
    const together = 10_000;
    await Promise.all(
      ["", "hourly", "x"].map((namePrefix) =>
        world.look("getSnapshots", { serviceName, shareId, ...(namePrefix ? { namePrefix } : {}) }, together),
      ),
    );
    await world.look("getShares", { serviceName }, together);
    await world.look("getShares", { serviceName }, together);
    expect(world.calls()).toHaveLength(2);
    // Made by somebody else, so no list of ours is thrown away.
    const stranger = accountAt(world.simulator).storageOf(serviceName);
    const young = await stranger.createShare({ protocol: "NFS", size: 100, name: "young" });
    await expect(world.look("getShare", { serviceName, name: "young" }, together)).resolves.toMatchObject({
      id: young.id,
    });
    const taken = await stranger.share(shareId).createSnapshot({ name: "young" });
    await expect(
      world.look("getSnapshot", { serviceName, shareId, snapshotId: taken.id }, together),
    ).resolves.toMatchObject({ type: "manual" });
  });

  test("that a permission is missing for are named with the IAM action", async ({ world }) => {
    world.simulator.model.deniedActions.add("share/get");
    expect(await messageOf(world.look("getShares", { serviceName: world.serviceName }))).toMatch(
      /The credentials in the stack configuration lack a permission: grant storageNetApp:apiovh:share\/get in an IAM policy\./,
    );
  });

  test("that fail for a while are repeated", async ({ world }) => {
    world.simulator.faults.add({
      path: "/storage/netapp/{serviceName}/share",
      times: 2,
      fault: { kind: "status", status: 503 },
    });
    await expect(world.look("getShares", { serviceName: world.serviceName })).resolves.toMatchObject({
      shares: [{ name: "production" }],
    });
  });
});
