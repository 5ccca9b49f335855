import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import type { ResourceKind } from "../../provider/kinds";
import type { Fault } from "../../provider/simulators";
import { crashed, said } from "./support/crashed";
import { expect, messageOf, test, type World } from "./support/test";

const MINUTE_MS = 60_000;

/** Each kind that carries a mark, in its two forms: the name is ours, or the program's. */
interface Case {
  kind: ResourceKind;
  args: (world: World) => Promise<Properties>;
  path: RegExp;
  /** The objects of ours at the service. */
  made: (world: World) => { id: string; name: string | null; description: string | null }[];
}
const ofProduction = ({ shareId }: { shareId: string }, world: World) => shareId === world.production;
const cases: Case[] = [
  {
    kind: "ovh:Share",
    args: async ({ serviceName }) => ({ serviceName, size: 100 }),
    path: /\/share$/,
    made: ({ simulator, production }) => simulator.model.shares.filter(({ id }) => id !== production),
  },
  {
    kind: "ovh:Snapshot",
    args: async ({ serviceName, production }) => ({ serviceName, shareId: production }),
    path: /\/snapshot$/,
    made: (world) => world.simulator.model.snapshots.filter((one) => one.type === "manual" && ofProduction(one, world)),
  },
  {
    kind: "ovh:ShareClone",
    args: async (world) => {
      const source = world.resource("ovh:Snapshot", "source");
      await source.up({ serviceName: world.serviceName, shareId: world.production });
      return { serviceName: world.serviceName, snapshotId: source.id, size: 100 };
    },
    path: /\/share$/,
    made: ({ simulator, production }) => simulator.model.shares.filter(({ id }) => id !== production),
  },
  {
    kind: "ovh:SnapshotPolicy",
    args: async ({ serviceName }) => ({ serviceName, rules: [{ prefix: "mine", copies: 2, cron: "0 3 * * *" }] }),
    path: /\/snapshotPolicy$/,
    made: ({ simulator }) => simulator.model.policies.filter(({ rules }) => rules[0]?.prefix === "mine"),
  },
];

for (const { kind, args, path, made } of cases) {
  describe(`a ${kind} whose creation was interrupted`, () => {
    for (const own of [{}, { name: "chosen" }, { name: "chosen", description: "By hand" }]) {
      const form = "name" in own ? `with the program's name${"description" in own ? " and description" : ""}` : "";
      test(`is taken over by the next up, and no second one is made ${form}`, async ({ world }) => {
        const resource = world.resource(kind);
        const wanted = { ...(await args(world)), ...own };
        await crashed(world, resource, wanted, path);
        const [left] = made(world);

        expect(await resource.up(wanted)).toEqual(["create"]);

        expect(made(world).map(({ id }) => id)).toEqual([left?.id]);
        expect(resource.id).toBe(left?.id);
        expect(said(resource)).toMatch(
          /took over .+, which an interrupted run made or somebody kept, instead of making a second one\./,
        );
        expect(resource.outputs).toMatchObject({ ...own, status: "available" });
        expect(await resource.up(wanted)).toEqual(["same"]);
      });
    }

    test("is left alone when it is an hour old, with a warning, and a new one is made", async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      await crashed(world, resource, wanted, path);
      const [left] = made(world);
      world.clock.pass(61 * MINUTE_MS);

      await resource.up(wanted);

      expect(resource.id).not.toBe(left?.id);
      expect(said(resource)).toMatch(/61 min old, carries this resource's mark, but was not created within/);
    });

    test("is never confused with what another developer's stack of the same name makes", async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      await crashed(world, resource, wanted, path);
      const [left] = made(world);
      resource.process = world.nextProcess({ backend: "laptop:/home/somebody/state" });

      await resource.up(wanted);

      expect(made(world)).toHaveLength(2);
      expect(resource.id).not.toBe(left?.id);
    });

    test("is not made again while it can't be told whether the stack manages what is there", async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      await crashed(world, resource, wanted, path);
      const [left] = made(world);
      resource.process = world.nextProcess({ readState: async () => ({ unreadable: "the CLI is gone" }) });

      const message = await messageOf(resource.up(wanted));

      expect(message).toContain(`${left?.id} (`);
      expect(message).toContain(
        "Whether this stack manages it can't be told, for the CLI is gone. Nothing was created.",
      );
      expect(message).toContain(`npx pulumi-holdfast import ${kind} data ${world.serviceName}/`);
      expect(made(world)).toHaveLength(1);
    });

    test("is an error when there are two of it: nothing is made, and both are named", async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      await crashed(world, resource, wanted, path);
      resource.process = world.nextProcess({ settings: { adoptWithinMinutes: 0 } });
      await resource.up(wanted);
      resource.state = undefined;
      resource.process = world.nextProcess();

      const message = await messageOf(resource.up(wanted));

      expect(message).toContain("2 objects carry this resource's mark, and this stack manages none of them");
      for (const { id } of made(world)) {
        expect(message).toContain(`\nTo keep it, run npx pulumi-holdfast import ${kind} data ${world.serviceName}/`);
        expect(message).toContain(`/${id} and then what it prints. Where nobody needs it, delete it.`);
      }
      expect(made(world)).toHaveLength(2);
    });

    test("is not what is being replaced: the old one stays the old one", async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      await resource.up(wanted);
      const old = resource.id;
      resource.process = world.nextProcess();

      // With `--replace` the engine calls neither diff nor a check that knows the old inputs: only create, then delete.
      expect(await resource.replace(wanted)).toEqual(["replace", "delete-replaced"]);

      expect(resource.id).not.toBe(old);
      expect(made(world).map(({ id }) => id)).toEqual([resource.id]);
    });

    test("is found when it was to replace another one, and that is deleted then", async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      await resource.up(wanted);
      const old = resource.id;
      await crashed(world, resource, wanted, path, (one) => one.replace(wanted));
      const left = made(world).find(({ id }) => id !== old);

      await resource.replace(wanted);

      expect(resource.id).toBe(left?.id);
      expect(made(world).map(({ id }) => id)).toEqual([resource.id]);
    });
  });

  for (const fault of [
    { kind: "dropAfter" },
    { kind: "status", status: 502, html: "<h1>Bad gateway</h1>", afterEffect: true },
    { kind: "truncated" },
    { kind: "body", text: "" },
  ] as const satisfies Fault[]) {
    const status = "status" in fault ? ` ${fault.status}` : "";
    test(`a ${kind} is found at once when the answer is lost (${fault.kind}${status})`, async ({ world }) => {
      const resource = world.resource(kind);
      const wanted = await args(world);
      world.simulator.faults.add({ method: "POST", path, fault });

      await resource.up({ ...wanted, name: "chosen" });

      expect(made(world).map(({ id }) => id)).toEqual([resource.id]);
      expect(said(resource)).toContain("the answer to its creation was lost");
    });
  }

  test(`a ${kind} that is not found says that the next up looks again`, async ({ world }) => {
    const resource = world.resource(kind);
    const wanted = await args(world);
    world.simulator.faults.add({ method: "POST", path, fault: { kind: "dropBefore" } });

    expect(await messageOf(resource.up(wanted))).toContain(
      "Run pulumi up again: should it have been made all the same, it is taken over then.",
    );
    resource.process = world.nextProcess();
    await resource.up(wanted);
    expect(made(world).map(({ id }) => id)).toEqual([resource.id]);
  });

  test(`a ${kind} whose description may carry no mark is named when its answer is lost`, async ({ world }) => {
    const resource = world.resource(kind);
    resource.process = world.nextProcess({ settings: { descriptionMark: false } });
    const wanted = { ...(await args(world)), name: "chosen", description: "By hand" };
    world.simulator.faults.add({ method: "POST", path, fault: { kind: "dropAfter" } });

    expect(await messageOf(resource.up(wanted))).toMatch(/may have made the .+ chosen all the same: look for it/);
    expect(made(world).map(({ description }) => description)).toEqual(["By hand"]);
  });
}

describe("what is taken over", () => {
  const share = /\/share$/;

  test("is brought to what the program wants by now", async ({ world }) => {
    const resource = world.resource("ovh:Share");
    const wanted = { serviceName: world.serviceName, size: 100, name: "Old", description: "old" };
    await crashed(world, resource, wanted, share);

    const changed = { ...wanted, size: 150, name: "New", description: "new", snapshotReserve: 20 };
    await resource.up(changed);

    const live = world.simulator.model.shares.find(({ id }) => id === resource.id);
    expect(live).toMatchObject({ size: 150, name: "New", description: expect.stringMatching(/^new \[holdfast /) });
    expect(resource.outputs).toMatchObject({ ...changed, status: "available" });
    expect(world.simulator.model.shares).toHaveLength(2);
    expect(await resource.up(changed)).toEqual(["same"]);
  });

  test("needs no room in the quota: it has it already", async ({ start }) => {
    const world = await start({ quotaGiB: 200 });
    const source = world.resource("ovh:Snapshot", "source");
    await source.up({ serviceName: world.serviceName, shareId: world.production });
    const clone = world.resource("ovh:ShareClone");
    const wanted = { serviceName: world.serviceName, snapshotId: source.id, size: 100 };
    await crashed(world, clone, wanted, share);

    await clone.up(wanted);

    expect(clone.outputs).toMatchObject({ sourceCreatedAt: source.outputs["createdAt"], status: "available" });
    expect(world.simulator.model.shares).toHaveLength(2);
  });

  test("may have failed: then it stays in the state, and the next up deletes it and makes it again", async ({
    world,
  }) => {
    const resource = world.resource("ovh:Share");
    const wanted = { serviceName: world.serviceName, size: 100 };
    world.simulator.model.steer("createShare", { outcome: "failed" });
    await crashed(world, resource, wanted, share);

    expect(await messageOf(resource.up(wanted))).toContain('ended in state "error" while creating');
    resource.process = world.nextProcess();
    expect(await resource.up(wanted)).toEqual(["delete-replaced", "replace"]);
    expect(world.simulator.model.shares.map(({ id }) => id)).toEqual([world.production, resource.id]);
  });

  test("is no snapshot of another trigger, whose data is older", async ({ world }) => {
    const resource = world.resource("ovh:Snapshot");
    const wanted = { serviceName: world.serviceName, shareId: world.production };
    await crashed(world, resource, { ...wanted, trigger: 1 }, /\/snapshot$/);

    await resource.up({ ...wanted, trigger: 2 });

    expect(said(resource)).not.toContain("took over");
    expect(world.simulator.model.snapshots.filter(({ type }) => type === "manual")).toHaveLength(2);
  });

  test("is not what a person has copied the description of", async ({ world }) => {
    const source = world.resource("ovh:Snapshot", "source");
    await source.up({ serviceName: world.serviceName, shareId: world.production });
    const clone = world.resource("ovh:ShareClone");
    const wanted = { serviceName: world.serviceName, snapshotId: source.id, size: 100, name: "chosen" };
    await clone.up(wanted);
    const description = world.simulator.model.shares.find(({ id }) => id === clone.id)?.description ?? "";
    await clone.destroy();
    const byHand = await world.process
      .storageOf(world.serviceName)
      .createShare({ protocol: "NFS", size: 100, description });
    clone.process = world.nextProcess();

    await clone.up(wanted);

    expect(clone.id).not.toBe(byHand.id);
  });

  test("costs one list for everything that a process makes", async ({ start }) => {
    const world = await start({ stepMs: 0 });
    for (const name of ["a", "b", "c"]) {
      const policy = world.resource("ovh:SnapshotPolicy", name);
      await policy.up({ serviceName: world.serviceName, rules: [{ prefix: name, copies: 1, cron: "0 3 * * *" }] });
    }
    // One look at what there was, and for each the one that shows it available.
    expect(world.calls(/GET \/snapshotPolicy/)).toHaveLength(4);
  });
});

describe("how old an object is", () => {
  for (const hours of [-3, 3]) {
    test(`is told by the service's time, on a machine whose clock is ${hours} hours off`, async ({ start }) => {
      const world = await start({ aheadMs: -hours * 60 * MINUTE_MS });
      const share = world.resource("ovh:Share");
      const wanted = { serviceName: world.serviceName, size: 100 };
      await crashed(world, share, wanted, /\/share$/);
      await share.up(wanted);
      expect(said(share)).toContain("took over share");

      const other = world.resource("ovh:Share", "other");
      await crashed(world, other, wanted, /\/share$/);
      world.clock.pass(61 * MINUTE_MS);
      await other.up(wanted);
      expect(said(other)).toContain("is left alone, and a new one is made");
    });
  }
});
