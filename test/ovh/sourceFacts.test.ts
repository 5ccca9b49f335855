import { afterEach, describe, vi } from "vitest";
import type { Properties } from "../../provider/core/properties";
import type { Resource } from "../support/resource";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

afterEach(() => {
  vi.unstubAllEnvs();
});

const NOWHERE = "00000000-0000-4000-8000-000000000000";
const offline = () => vi.stubEnv("HOLDFAST_OFFLINE", "1");
const online = () => vi.stubEnv("HOLDFAST_OFFLINE", "");

const storage = (world: World) => world.process.storageOf(world.serviceName);
/** A manual snapshot that somebody made outside of the program. */
async function manual(world: World, shareId = world.production): Promise<string> {
  const { id } = await storage(world).share(shareId).createSnapshot({ name: "nightly" });
  world.clock.pass(STEP_MS);
  return id;
}
const automatic = (world: World) => world.automatic()[0]?.id ?? "";

const clone = (world: World, snapshotId: unknown, more: Properties = {}): Properties => ({
  serviceName: world.serviceName,
  snapshotId,
  size: 100,
  ...more,
});
const hold = (world: World, snapshotId: unknown, more: Properties = {}): Properties => ({
  serviceName: world.serviceName,
  shareId: world.production,
  snapshotId,
  ...more,
});
const cloneOf = (world: World, name = "staging") => world.resource("ovh:ShareClone", name);

/** The product calls of a run. */
async function callsOf(world: World, run: () => Promise<unknown>): Promise<string[]> {
  const before = world.calls(/./).length;
  await run();
  return world
    .calls(/./)
    .slice(before)
    .filter((call) => !call.includes("/auth/"));
}

/** What a check says, in a process of its own: another `pulumi` command. */
async function checked(world: World, resource: Resource, args: Properties) {
  resource.process = world.nextProcess();
  let answer: Awaited<ReturnType<Resource["check"]>> = { inputs: {}, failures: [] };
  const calls = await callsOf(world, async () => {
    answer = await resource.check(args);
  });
  return {
    source: answer.inputs["source"],
    failures: answer.failures.map(({ property, reason }) => `${property} ${reason}`),
    calls,
    notices: resource.process.logs.map(({ message }) => message),
  };
}

const facts = (world: World, snapshotId: string, more: Properties = {}) => ({
  snapshotId,
  name: "nightly",
  type: "manual",
  status: "available",
  createdAt: "2026-01-31T10:20:30.000Z",
  shareId: world.production,
  presentShareSizeGiB: 100,
  ...more,
});

describe("a snapshot that a program names by its id", () => {
  test("is looked up with two lists, and what it is like goes into inputs and state", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);

    const { source, failures, calls } = await checked(world, staging, clone(world, id));
    expect(source).toEqual(facts(world, id));
    expect(failures).toEqual([]);
    expect(calls).toEqual(["GET /share", `GET /share/${world.production}/snapshot`]);

    await staging.up(clone(world, id));
    expect(staging.outputs["source"]).toEqual(facts(world, id));
  });

  test("to hold it is looked up on its share", async ({ world }) => {
    const id = automatic(world);
    const { source, failures } = await checked(world, world.resource("ovh:HeldSnapshot"), hold(world, id));
    expect(failures).toEqual([]);
    expect(source).toEqual(
      facts(world, id, {
        name: "hourly.2026-01-31_0800",
        type: "automatic",
        createdAt: "2026-01-31T08:00:00.000Z",
      }),
    );
  });

  test.for<[string, (world: World) => unknown]>([
    ["is not known yet", () => "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    ["is no id", () => "nightly"],
    ["is left out", () => undefined],
  ])("is not looked up where it %s", async ([, id], { world }) => {
    for (const resource of [cloneOf(world), world.resource("ovh:HeldSnapshot")]) {
      const args = resource.kind === "ovh:ShareClone" ? clone : hold;
      const { source, calls } = await checked(world, resource, args(world, id(world)));
      expect({ source, calls }).toEqual({ source: undefined, calls: [] });
    }
  });

  test("is not looked up in a service or on a share that is not known yet", async ({ world }) => {
    const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inService = await checked(world, cloneOf(world), clone(world, NOWHERE, { serviceName: UNKNOWN }));
    const onShare = await checked(
      world,
      world.resource("ovh:HeldSnapshot"),
      hold(world, NOWHERE, { shareId: UNKNOWN }),
    );
    expect([inService, onShare].map(({ calls, failures }) => [...calls, ...failures])).toEqual([[], []]);
  });
});

describe("facts stay as they were", () => {
  /** Everything that can change about a snapshot and its share. */
  async function changeTheWorld(world: World, id: string): Promise<void> {
    await storage(world).share(world.production).renameSnapshot(id, { name: "renamed" });
    await storage(world).extendShare(world.production, 300);
    world.clock.pass(STEP_MS);
  }

  test("whatever becomes of the snapshot, in up, refresh, and a change in place", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    await staging.up(clone(world, id));
    await changeTheWorld(world, id);

    const later = await checked(world, staging, clone(world, id));
    expect(later).toMatchObject({ source: facts(world, id), calls: [] });
    expect(await staging.up(clone(world, id))).toEqual(["same"]);

    await staging.refresh();
    expect(staging.state?.inputs["source"]).toEqual(facts(world, id));
    expect(await staging.up(clone(world, id))).toEqual(["same"]);

    world.simulator.model.setStatus(id, "error");
    expect(await staging.up(clone(world, id, { size: 150, description: "changed" }))).toEqual(["update"]);
    expect(await staging.up(clone(world, id, { size: 150, timeouts: { create: "2h" } }))).toEqual(["update"]);
    expect(staging.outputs["source"]).toEqual(facts(world, id));
  });

  test("after a change that failed, and one that was interrupted", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    await staging.up(clone(world, id));
    const before = staging.state;
    world.simulator.model.deniedActions.add("share/extend");
    await messageOf(staging.up(clone(world, id, { size: 200 })));
    expect(staging.outputs["source"]).toEqual(facts(world, id));

    // Engine 3.259 keeps the inputs from before.
    if (before && staging.state) staging.state = { ...staging.state, inputs: before.inputs };
    world.simulator.model.deniedActions.clear();
    await changeTheWorld(world, id);
    expect(await staging.up(clone(world, id, { size: 200 }))).toEqual(["update"]);
    expect(staging.state?.inputs["source"]).toEqual(facts(world, id));
  });

  test("absent where nobody could be asked at first, and after an older version or an import", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    offline();
    await staging.up(clone(world, id));
    expect(staging.state?.inputs).not.toHaveProperty("source");

    online();
    const { source, calls } = await checked(world, staging, clone(world, id));
    expect({ source, calls }).toEqual({ source: undefined, calls: [] });
    await staging.refresh();
    expect(await staging.up(clone(world, id))).toEqual(["same"]);
    expect(await staging.up(clone(world, id, { description: "x" }))).toEqual(["update"]);
    expect(staging.state?.inputs).not.toHaveProperty("source");
    expect(staging.outputs).not.toHaveProperty("source");
  });

  test("and are not taken from inputs that name nothing", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    const inputs = { serviceName: world.serviceName, size: 100, source: { type: "manual" } };
    staging.state = { id: NOWHERE, inputs, outputs: inputs, initErrors: [] };
    expect(await checked(world, staging, clone(world, id))).toMatchObject({ source: undefined, calls: [] });
  });

  test("under another name of the resource", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world, "old");
    await staging.up(clone(world, id));
    const renamed = cloneOf(world, "new");
    renamed.state = staging.state;
    await changeTheWorld(world, id);
    expect(await checked(world, renamed, clone(world, id))).toMatchObject({ source: facts(world, id), calls: [] });
    expect(await renamed.up(clone(world, id))).toEqual(["same"]);
  });

  test("until the program names another snapshot, or the clone is made anew", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    await staging.up(clone(world, id));
    const second = await manual(world);
    const createdAt = expect.any(String);

    const changed = await checked(world, staging, clone(world, second));
    expect(changed.source).toEqual(facts(world, second, { createdAt }));
    expect(await staging.up(clone(world, second))).toEqual(["replace", "delete-replaced"]);
    expect(staging.outputs["source"]).toEqual(facts(world, second, { createdAt }));

    await storage(world).share(world.production).renameSnapshot(second, { name: "renamed" });
    staging.process = world.nextProcess();
    expect(await staging.up(clone(world, second, { mountPointName: "m" }))).toEqual(["replace", "delete-replaced"]);
    expect(staging.outputs["source"]).toEqual(facts(world, second, { createdAt, name: "renamed" }));
  });

  test("for a held snapshot, too, whose source is gone from the moment it is held", async ({ world }) => {
    const id = automatic(world);
    const point = world.resource("ovh:HeldSnapshot");
    await point.up(hold(world, id));
    const source = point.outputs["source"];
    expect(source).toMatchObject({ snapshotId: id, type: "automatic" });

    expect(await checked(world, point, hold(world, id))).toMatchObject({ source, failures: [], calls: [] });
    await point.refresh();
    expect(await point.up(hold(world, id))).toEqual(["same"]);
    expect(await point.up(hold(world, id, { name: "kept" }))).toEqual(["update"]);
    expect([point.state?.inputs["source"], point.outputs["source"]]).toEqual([source, source]);
  });

  test("and can't be forged: neither where the service is asked, nor where it is not, nor over recorded ones", async ({
    world,
  }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    const forged = clone(world, id, { source: facts(world, id, { name: "forged", presentShareSizeGiB: 1 }) });

    expect((await checked(world, staging, forged)).source).toEqual(facts(world, id));
    offline();
    expect((await checked(world, staging, forged)).source).toBeUndefined();
    online();
    await staging.up(clone(world, id));
    expect((await checked(world, staging, forged)).source).toEqual(facts(world, id));
    expect((await checked(world, staging, clone(world, NOWHERE, { source: facts(world, id) }))).source).toBeUndefined();
  });

  test("and can't be forged by a program that takes out what tells it from an import", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    await staging.up(clone(world, id));
    const { __urn, ...forged } = staging.sent(clone(world, id, { source: facts(world, id, { name: "forged" }) }));
    const recorded = staging.state?.inputs ?? {};
    expect((await staging.host.check(recorded, forged)).inputs?.["source"]).toEqual(facts(world, id));
    const { source, ...without } = recorded;
    expect((await staging.host.check(without, forged)).inputs).not.toHaveProperty("source");
  });
});

describe("what create would refuse is refused in the preview", () => {
  test("of a clone: a source of the wrong type, in a state for good, or not there", async ({ world }) => {
    const { model } = world.simulator;
    const refusals = async (id: string) => {
      const { failures } = await checked(world, cloneOf(world), clone(world, id));
      return failures;
    };
    const broken = await manual(world);
    model.setStatus(broken, "error");

    expect(await refusals(automatic(world))).toEqual([
      `snapshotId snapshot ${automatic(world)} ("hourly.2026-01-31_0800") is "automatic", and only manual snapshots can be cloned. Hold it first with HeldSnapshot.`,
    ]);
    expect(await refusals(model.takeSystemSnapshot(world.production).id)).toEqual([
      expect.stringContaining('is "system", made by OVHcloud itself, and can\'t be cloned'),
    ]);
    expect(await refusals(broken)).toEqual([
      `snapshotId snapshot ${broken} ("nightly") is in state "error" and can't be cloned. Choose another one.`,
    ]);
    expect(await refusals(NOWHERE)).toEqual([
      `snapshotId service ${world.serviceName} has no snapshot ${NOWHERE} on any of its shares. An automatic snapshot may have been rotated away, and a held one has a new id. Check snapshotId and serviceName.`,
    ]);
    expect(world.calls(/^(PUT|DELETE|POST .*share$)/)).toEqual([]);
  });

  test("of a hold: a source that is manual, made by OVHcloud, or not there, and a share that is not there", async ({
    world,
  }) => {
    const refusals = async (id: string, more: Properties = {}) => {
      const { failures } = await checked(world, world.resource("ovh:HeldSnapshot"), hold(world, id, more));
      return failures;
    };
    const system = world.simulator.model.takeSystemSnapshot(world.production).id;

    expect(await refusals(await manual(world))).toEqual([expect.stringMatching(/^snapshotId .* is already manual/)]);
    expect(await refusals(system)).toEqual([expect.stringMatching(/^snapshotId .* is "system", made by OVHcloud/)]);
    expect(await refusals(NOWHERE)).toEqual([
      expect.stringMatching(/^snapshotId share .* has no snapshot .* held already, under a new id/),
    ]);
    expect(await refusals(NOWHERE, { shareId: NOWHERE })).toEqual([
      `shareId service ${world.serviceName} has no share ${NOWHERE}. Check shareId and serviceName.`,
    ]);
  });

  test("but not a state that passes, which create waits out", async ({ world }) => {
    const { id } = await storage(world).share(world.production).createSnapshot({ name: "nightly" });
    const { source, failures } = await checked(world, cloneOf(world), clone(world, id));
    expect(failures).toEqual([]);
    expect(source).toMatchObject({ status: "creating" });
    world.simulator.model.setStatus(automatic(world), "restoring");
    const held = await checked(world, world.resource("ovh:HeldSnapshot"), hold(world, automatic(world)));
    expect(held.failures).toEqual([]);
  });

  test("but not a size below the share's present one: the snapshot may be older than it", async ({ world }) => {
    const id = await manual(world);
    await storage(world).extendShare(world.production, 300);
    world.clock.pass(STEP_MS);
    const { source, failures } = await checked(world, cloneOf(world), clone(world, id));
    expect(failures).toEqual([]);
    expect(source).toMatchObject({ presentShareSizeGiB: 300 });
    expect(await cloneOf(world).up(clone(world, id))).toEqual(["create"]);
  });

  test("and a size below the one that a snapshot of the program has recorded, without any call", async ({ world }) => {
    await storage(world).extendShare(world.production, 300);
    world.clock.pass(STEP_MS);
    const point = world.resource("ovh:HeldSnapshot", "point");
    await point.up({ serviceName: world.serviceName, shareId: world.production, select: { newest: true } });
    const staging = cloneOf(world);
    offline();
    staging.process = point.process = world.nextProcess();
    await point.refresh();
    const before = world.calls(/./).length;

    const { failures } = await staging.check(clone(world, point.id));

    expect(failures.map(({ property, reason }) => `${property} ${reason}`)).toEqual([
      `size size is 100 GiB, but snapshot ${point.id} ("hourly.2026-01-31_1000") needs 300 GiB, the size of its share when it was made. Set size to at least 300.`,
    ]);
    expect(world.calls(/./)).toHaveLength(before);
    await staging.up(clone(world, point.id, { size: 300 }));
    // In place, a share may become smaller than what it was made from.
    expect(await staging.up(clone(world, point.id, { size: 250 }))).toEqual(["update"]);
  });

  test("by a list that was asked for afterwards: another process may have made the snapshot since", async ({
    world,
  }) => {
    const process = world.nextProcess();
    await process.storageOf(world.serviceName).share(world.production).snapshots.kept();
    const id = await manual(world);
    for (const resource of [cloneOf(world), world.resource("ovh:HeldSnapshot")]) resource.process = process;
    const staging = cloneOf(world);
    staging.process = process;

    const { inputs, failures } = await staging.check(clone(world, id));

    expect(failures).toEqual([]);
    expect(inputs["source"]).toMatchObject({ snapshotId: id });
  });
});

describe("create refuses by itself what no check has seen", () => {
  test("a source that can't be cloned or held, or is in another service", async ({ world }) => {
    offline();
    const id = await manual(world);
    const broken = await manual(world);
    world.simulator.model.setStatus(broken, "error");
    const staging = cloneOf(world);
    const point = world.resource("ovh:HeldSnapshot");

    expect(await messageOf(staging.up(clone(world, automatic(world))))).toContain("Hold it first with HeldSnapshot.");
    expect(await messageOf(staging.up(clone(world, broken)))).toContain('is in state "error" and can\'t be cloned');
    expect(await messageOf(staging.up(clone(world, NOWHERE)))).toContain("on any of its shares");
    const elsewhere = clone(world, id, { serviceName: NOWHERE });
    expect(await messageOf(staging.up(elsewhere))).toContain(`Service ${NOWHERE} is not known there`);
    expect(await messageOf(point.up(hold(world, id)))).toContain("is already manual");
    expect(await messageOf(point.up(hold(world, NOWHERE)))).toContain("has no snapshot");
    expect(world.calls(/^POST .*(share|hold)$/)).toEqual([]);
  });
});

describe("calls", () => {
  /** `count` shares with a manual snapshot each. */
  async function manyShares(world: World, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const { id } = await storage(world).createShare({ protocol: "NFS", size: 100 });
      world.clock.pass(STEP_MS);
      ids.push(await manual(world, id));
    }
    return ids;
  }

  test("are one list of shares and one of snapshots for many clones of one share's snapshots", async ({ world }) => {
    const ids = [await manual(world), await manual(world)];
    const process = world.nextProcess();
    const calls = await callsOf(world, async () => {
      for (let index = 0; index < 20; index += 1) {
        const staging = cloneOf(world, `staging-${index}`);
        staging.process = process;
        expect((await staging.check(clone(world, ids[index % 2]))).inputs).toHaveProperty("source");
      }
    });
    expect(calls).toEqual(["GET /share", `GET /share/${world.production}/snapshot`]);
  });

  test("are one list of snapshots per share for 50 clones of snapshots on 50 shares", async ({ start }) => {
    const world = await start({ quotaGiB: 100_000 });
    const ids = await manyShares(world, 50);
    const process = world.nextProcess();
    const calls = await callsOf(world, async () => {
      for (const id of ids.toReversed()) {
        const staging = cloneOf(world, id);
        staging.process = process;
        expect((await staging.check(clone(world, id))).inputs).toHaveProperty("source");
      }
    });
    expect(calls).toHaveLength(52); // shares once, and the snapshots of each of the 51
  });

  test("are no more in up than create makes anyway, for a literal id and for what the same run has made", async ({
    world,
  }) => {
    const id = await manual(world);
    const untilMade = async (name: string) => {
      const staging = cloneOf(world, name);
      staging.process = world.nextProcess();
      const args = clone(world, id, { shareId: world.production });
      const calls = await callsOf(world, () => staging.up(args));
      return calls.slice(0, calls.indexOf("POST /share") + 1);
    };
    offline();
    const without = await untilMade("without");
    online();
    expect(without).toHaveLength(4); // shares, snapshots, the service's quota, and the clone
    expect(await untilMade("with")).toEqual(without);

    const process = world.nextProcess();
    const taken = world.resource("ovh:Snapshot", "taken");
    taken.process = process;
    await taken.up({ serviceName: world.serviceName, shareId: world.production });
    world.clock.pass(60_000); // no list is left from before
    const staging = cloneOf(world, "checked");
    staging.process = process;
    const before = world.calls(/./).length;
    const { inputs, failures } = await staging.check(clone(world, taken.id));
    expect([failures, inputs["source"], world.calls(/./).length - before]).toEqual([[], undefined, 0]);
    expect(await staging.up(clone(world, taken.id))).toEqual(["create"]);
  });
});

describe("a service that can't be asked", () => {
  test.for<[string, (world: World) => void, RegExp]>([
    [
      "refuses the credentials",
      ({ simulator }) => simulator.model.deniedActions.add("share/snapshot/get"),
      /^ShareClone a: what the program names could not be looked up\. GET .*snapshot answered 403 .* grant storageNetApp:apiovh:share\/snapshot\/get in an IAM policy\. Nothing more is looked up in this run: what the service refuses shows when it is asked to create\./,
    ],
    [
      "breaks down",
      ({ simulator }) => simulator.faults.add({ path: /share$/, times: 99, fault: { kind: "status", status: 500 } }),
      // As chance has it, the pauses between the attempts are longer than the limit or not.
      /^ShareClone a: .* could not be looked up\. (No answer within 5 s: )?GET .*share answered 500/,
    ],
  ])("that %s is told of once, and create decides", async ([, trouble, notice], { world }) => {
    const id = automatic(world);
    trouble(world);
    const process = world.nextProcess();
    const resources = ["a", "b"].map((name) => cloneOf(world, name));
    const point = world.resource("ovh:HeldSnapshot");
    for (const resource of [...resources, point]) resource.process = process;

    for (const staging of resources) {
      const { inputs, failures } = await staging.check(clone(world, id));
      expect([inputs["source"], failures]).toEqual([undefined, []]);
    }
    expect((await point.check(hold(world, id))).failures).toEqual([]);
    expect(process.logs.map(({ message }) => message)).toEqual([expect.stringMatching(notice)]);
    expect(process.logs.map(({ urn }) => urn)).toEqual([resources[0]?.urn]);

    world.simulator.model.deniedActions.clear();
    world.simulator.faults.clear();
    expect(await messageOf(resources[0]?.up(clone(world, id)) ?? Promise.resolve())).toContain("Hold it first");
  });

  test("in time leaves no call behind: the next one asks anew and is answered", async ({ world }) => {
    const id = await manual(world);
    const { faults } = world.simulator;
    faults.add({ path: /share$/, times: 99, fault: { kind: "status", status: 503 } });
    const staging = cloneOf(world);
    staging.process = world.nextProcess();
    expect((await staging.check(clone(world, id))).inputs).not.toHaveProperty("source");
    const asked = world.calls(/GET .*share$/).length;
    faults.clear();

    await world.clock.sleep(60_000);

    expect(world.calls(/GET .*share$/)).toHaveLength(asked);
    expect(await staging.up(clone(world, id))).toEqual(["create"]);
  });

  test("about the service itself fails no check, and is no reason to stop", async ({ world }) => {
    const id = await manual(world);
    const staging = cloneOf(world);
    const elsewhere = await checked(world, staging, clone(world, id, { serviceName: NOWHERE }));
    expect(elsewhere).toMatchObject({ source: undefined, failures: [], notices: [] });
    expect((await staging.check(clone(world, id))).inputs["source"]).toEqual(facts(world, id));
  });
});
