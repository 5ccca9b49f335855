import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import { expect, messageOf, STEP_MS, test, type World } from "./support/test";

const valid = (world: World): Properties => ({ serviceName: world.serviceName, size: 200 });

/** One share that settled. */
async function existing(world: World, args: Properties = {}) {
  const share = world.resource("ovh:Share");
  await share.up({ ...valid(world), ...args });
  return share;
}
const live = (world: World, id: string) => world.simulator.model.shares.find((share) => share.id === id);

describe("creating a share", () => {
  test("waits until it can be mounted, and the next up does nothing", async ({ world }) => {
    const share = world.resource("ovh:Share");
    const began = world.clock.now();

    expect(await share.up(valid(world))).toEqual(["create"]);

    expect(world.clock.now() - began).toBeGreaterThanOrEqual(STEP_MS);
    expect(share.outputs).toMatchObject({
      status: "available",
      size: 200,
      protocol: "NFS",
      name: expect.stringMatching(/^data-[a-z2-7]{13}-0$/),
      createdAt: "2026-01-31T10:20:30.000Z",
      preferredAccessPath: expect.stringMatching(/^10\.\d+\.\d+\.11:\/share_[0-9a-f]{32}$/),
      accessPaths: [{ preferred: true }, { preferred: false }],
    });
    expect(await share.up(valid(world))).toEqual(["same"]);
    expect(world.calls(/^POST/)).toEqual(["POST /share"]);
  });

  test("sends name, description and mount point name, and hidden properties to nobody", async ({ world }) => {
    const share = await existing(world, { name: "data", description: "Team data", mountPointName: "team" });

    const description = expect.stringMatching(/^Team data \[holdfast [a-z2-7]{13}\]$/);
    expect(live(world, share.id)).toMatchObject({ name: "data", description, mountPointName: "team" });
    expect(share.outputs).toMatchObject({ description: "Team data" });
    expect(share.outputs["preferredAccessPath"]).toMatch(/:\/team$/);
  });

  test("makes a name of the next generation while an object with the same mark exists", async ({ world }) => {
    const first = await existing(world);
    const again = world.resource("ovh:Share");

    await again.up(valid(world));

    expect(again.outputs["name"]).toBe(String(first.outputs["name"]).replace(/0$/, "1"));
  });

  test("keeps the id when it fails for good, and the next up deletes and makes it again", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "failed" });
    const share = world.resource("ovh:Share");

    expect(await messageOf(share.up(valid(world)))).toMatch(
      /^Share data: share [0-9a-f-]{36} ended in state "error" while creating\. The next pulumi up deletes it and makes it again\.$/,
    );
    const failed = share.id;
    share.process = world.nextProcess();
    expect(await share.up(valid(world))).toEqual(["delete-replaced", "replace"]);

    expect(live(world, failed)).toBeUndefined();
    expect(share.outputs).toMatchObject({ status: "available" });
    expect(share.process.logs).toContainEqual({
      urn: share.urn,
      message: 'Share data: its creation ended in state "error": it is deleted and made again.',
      severity: "warning",
    });
  });

  test("keeps the id when the wait reaches its limit, and the next up waits on", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck" });
    const share = world.resource("ovh:Share");
    const args = { ...valid(world), timeouts: { create: "90s" } };
    const began = world.clock.now();

    expect(await messageOf(share.up(args))).toMatch(
      /^Share data: still creating after 90 s \(seen: creating x\d+\)\. It stays in the state; run the same command again to go on waiting, or raise the limit with customTimeouts\.$/,
    );
    expect(world.clock.now() - began).toBe(90_000);

    world.simulator.model.release(share.id);
    share.process = world.nextProcess();
    expect(await share.up(args)).toEqual(["update"]);
    expect(share.outputs).toMatchObject({ status: "available", preferredAccessPath: expect.any(String) });
    expect(world.calls(/^POST/)).toEqual(["POST /share"]);
    expect(await share.up(args)).toEqual(["same"]);
  });

  test("is resumed also after a refresh has cleared the engine's error", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck" });
    const share = world.resource("ovh:Share");
    await messageOf(share.up(valid(world)));
    share.process = world.nextProcess();
    await share.refresh();
    expect(share.state?.initErrors).toEqual([]);
    world.simulator.model.release(share.id);

    expect(await share.up(valid(world))).toEqual(["update"]);
    expect(share.outputs).toMatchObject({ status: "available" });
  });

  test("counts a state that nobody documented as busy and shows it in the tally", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck", first: "warming_up", firstReads: 3 });
    const share = world.resource("ovh:Share");

    const message = await messageOf(share.up({ ...valid(world), timeouts: { create: "60s" } }));

    expect(message).toMatch(/seen: warming_up x[34], creating x\d+\)/);
  });

  test("tolerates that the service does not show the new share at once", async ({ world }) => {
    const withoutIt = () => ({ kind: "status", status: 200, body: [] }) as const;
    world.simulator.faults.add({ method: "GET", path: /\/share$/, skip: 1, times: 3, fault: withoutIt() });
    const share = world.resource("ovh:Share");

    expect(await share.up(valid(world))).toEqual(["create"]);
    expect(share.outputs).toMatchObject({ status: "available" });
  });

  test("keeps the id when the service does not show the new share for long", async ({ world }) => {
    world.simulator.faults.add({
      method: "GET",
      path: /\/share$/,
      skip: 1,
      times: Number.POSITIVE_INFINITY,
      fault: { kind: "status", status: 200, body: [] },
    });
    const share = world.resource("ovh:Share");

    expect(await messageOf(share.up(valid(world)))).toContain(
      "the service does not show the object that it has just created",
    );
    expect(live(world, share.id)).toBeDefined();
  });

  test("ends the wait at once when the user interrupts, and keeps the id", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck" });
    const share = world.resource("ovh:Share");
    const began = world.clock.now();
    world.clock.later(5_100, () => world.process.interrupt());

    expect(await messageOf(share.up(valid(world)))).toMatch(
      /^Share data: the wait was interrupted \(seen: creating x\d+\)\. The service goes on; run the same command again/,
    );
    expect(world.clock.now() - began).toBe(5_100);
    expect(live(world, share.id)?.status).toBe("creating");
  });

  test("keeps the id when the reads after the POST fail", async ({ world }) => {
    world.simulator.faults.add({
      method: "GET",
      path: /\/share$/,
      skip: 1,
      times: 5,
      fault: { kind: "status", status: 503 },
    });
    const share = world.resource("ovh:Share");

    expect(await messageOf(share.up(valid(world)))).toMatch(
      /^Share data: GET .* answered 503 .*\(after 5 attempts\)\. Run the same command again; if it stays so, ask the service's support\. The object stays in the state\.$/,
    );
    expect(live(world, share.id)).toBeDefined();
    expect(await share.up(valid(world))).toEqual(["update"]);
  });

  test("keeps each share's own id when one failed read ends the waits of several", async ({ world }) => {
    world.simulator.model.steer("createShare", { outcome: "stuck", times: 3 });
    const shares = ["a", "b", "c"].map((name) => world.resource("ovh:Share", name));
    world.clock.later(60_000, () => {
      const fault = { kind: "status", status: 403 } as const;
      world.simulator.faults.add({ method: "GET", path: /\/share$/, times: Number.POSITIVE_INFINITY, fault });
    });

    const messages = await Promise.all(shares.map((share) => messageOf(share.up(valid(world)))));

    for (const [index, name] of ["a", "b", "c"].entries()) {
      expect(messages[index]).toMatch(new RegExp(`^Share ${name}: GET`));
      expect(live(world, shares[index]?.id ?? "")?.name).toMatch(new RegExp(`^${name}-`));
    }
  });

  test("keeps the id when the service answers with nothing but the id", async ({ world }) => {
    const { model, faults } = world.simulator;
    const fault = {
      kind: "status",
      status: 201,
      afterEffect: true,
      get body() {
        return { id: model.shares.at(-1)?.id, name: null, size: null, status: null };
      },
    } as const;
    faults.add({ method: "POST", path: /\/share$/, fault });
    const share = world.resource("ovh:Share");

    expect(await share.up(valid(world))).toEqual(["create"]);
    expect(share.outputs).toMatchObject({ status: "available", size: 200 });
  });

  test("keeps nothing when the service refuses, and says how many GiB are missing", async ({ start }) => {
    for (const conflictStatus of [400, 403, 409] as const) {
      const world = await start({ conflictStatus, quotaGiB: 500 });
      const share = world.resource("ovh:Share");

      const message = await messageOf(share.up({ serviceName: world.serviceName, size: 450 }));

      expect(message).toContain("it needs 450 GiB, but service");
      expect(message).toContain("has 400 GiB free of 500 GiB: 50 GiB are missing");
      expect(message).toContain("The service said: POST");
      expect(share.state).toBeUndefined();
      expect(world.simulator.model.shares).toHaveLength(1);
    }
  });

  test("does not call a refusal a lack of room when there is room", async ({ world }) => {
    await existing(world, { mountPointName: "team" });
    const other = world.resource("ovh:Share", "other");

    const message = await messageOf(other.up({ ...valid(world), mountPointName: "team" }));

    expect(message).toMatch(
      /^Share other: mountPointName "team" belongs to share [0-9a-f-]{36} \("data-\w+-0"\).*set deleteBeforeReplace: true\.$/,
    );
    expect(message).not.toContain("GiB");
  });

  test("waits for access paths that come late", async ({ start }) => {
    const world = await start({ accessPathDelayMs: 60_000 });
    const share = await existing(world);
    expect(share.outputs).toMatchObject({ preferredAccessPath: expect.any(String) });
  });

  test("keeps the id when access paths never come, and the next up goes on waiting", async ({ start }) => {
    const world = await start({ accessPathDelayMs: 300_000 });
    const share = world.resource("ovh:Share");
    expect(await messageOf(share.up(valid(world)))).toContain("still waiting for its access paths after 2 min");
    world.clock.pass(300_000);

    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(share.outputs).toMatchObject({ preferredAccessPath: expect.any(String) });
    expect(world.simulator.model.shares).toHaveLength(2);
  });

  test("is found when the answer names none", async ({ world }) => {
    world.simulator.faults.add({
      method: "POST",
      path: /share$/,
      fault: { kind: "status", status: 201, body: null, afterEffect: true },
    });
    const share = await existing(world);
    expect(world.simulator.model.shares.map(({ id }) => id)).toEqual([world.production, share.id]);
  });

  test("sends nothing more after an interruption", async ({ world }) => {
    world.simulator.faults.add({ path: /share$/, fault: { kind: "interfere", run: () => world.process.interrupt() } });
    const share = world.resource("ovh:Share");
    expect(await messageOf(share.up(valid(world)))).toContain("Interrupted");
    expect(world.calls(/^POST/)).toEqual([]);
    expect(share.state).toBeUndefined();
  });

  test("names the missing permission", async ({ world }) => {
    world.simulator.model.deniedActions.add("share/create");
    const share = world.resource("ovh:Share");

    expect(await messageOf(share.up(valid(world)))).toContain(
      "grant storageNetApp:apiovh:share/create in an IAM policy",
    );
    expect(share.state).toBeUndefined();
  });

  test("repeats a creation that was refused with 429, which had no effect", async ({ world }) => {
    world.simulator.faults.add({ method: "POST", path: /\/share$/, times: 2, fault: { kind: "status", status: 429 } });

    await existing(world);

    expect(world.calls(/^POST/)).toHaveLength(3);
    expect(world.simulator.model.shares).toHaveLength(2);
  });
});

describe("changing a share", () => {
  test("renames, describes and clears the description without a wait", async ({ world }) => {
    const share = await existing(world, { name: "data" });
    const began = world.clock.now();

    expect(await share.up({ ...valid(world), name: "new", description: "Team data" })).toEqual(["update"]);
    const mark = /\[holdfast [a-z2-7]{13}\]$/.exec(live(world, share.id)?.description ?? "")?.[0];
    expect(live(world, share.id)).toMatchObject({ name: "new", description: `Team data ${mark}` });
    expect(share.outputs).toMatchObject({ name: "new", description: "Team data" });

    expect(await share.up({ ...valid(world), name: "new" })).toEqual(["update"]);
    expect(live(world, share.id)).toMatchObject({ name: "new", description: mark });
    expect(share.outputs).toMatchObject({ description: "" });
    expect(await share.up({ ...valid(world), name: "new" })).toEqual(["same"]);
    expect(world.clock.now()).toBe(began);
  });

  test("clears a description with the next up when the service refused it once", async ({ world }) => {
    const share = await existing(world, { description: "Team data" });
    world.simulator.faults.add({ method: "PUT", fault: { kind: "status", status: 403 } });
    expect(await messageOf(share.up(valid(world)))).toContain("403");

    expect(await share.up(valid(world))).toEqual(["update"]);

    expect(live(world, share.id)?.description).toBe("");
    expect(await share.up(valid(world))).toEqual(["same"]);
  });

  test("leaves a description alone that the program never set", async ({ world }) => {
    const share = await existing(world);
    await world.process.storageOf(world.serviceName).renameShare(share.id, { description: "by hand" });

    expect(await share.up({ ...valid(world), name: "new" })).toEqual(["update"]);

    expect(live(world, share.id)?.description).toBe("by hand");
  });

  test("keeps all its properties when a change fails half-way", async ({ world }) => {
    const share = await existing(world);
    const { preferredAccessPath } = share.outputs;
    world.simulator.faults.add({ method: "PUT", fault: { kind: "status", status: 403 } });

    await messageOf(share.up({ ...valid(world), name: "new" }));

    expect(share.outputs).toMatchObject({ preferredAccessPath, status: "available" });
    expect(await share.up({ ...valid(world), name: "new" })).toEqual(["update"]);
  });

  test("makes no call when only timeouts change", async ({ world }) => {
    const share = await existing(world);
    const calls = world.simulator.calls.length;

    expect(await share.up({ ...valid(world), timeouts: { delete: "2h" } })).toEqual(["update"]);

    expect(world.simulator.calls).toHaveLength(calls);
    expect(share.outputs).toMatchObject({ timeouts: { delete: "2h" }, preferredAccessPath: expect.any(String) });
    expect(await share.up(valid(world))).toEqual(["update"]);
    expect(share.outputs).not.toHaveProperty("timeouts");
  });

  test("tells to refresh when the share is gone", async ({ world }) => {
    const share = await existing(world);
    await world.process.storageOf(world.serviceName).deleteShare(share.id);
    world.clock.pass(STEP_MS);

    expect(await messageOf(share.up({ ...valid(world), name: "new" }))).toContain(
      `share ${share.id} is gone from service ${world.serviceName}. Run pulumi refresh`,
    );
    await share.refresh();
    expect(share.state).toBeUndefined();
  });

  test("replaces it when the mount point name changes, and first deletes when the name stays", async ({ world }) => {
    const share = await existing(world, { mountPointName: "team" });

    expect(await share.up({ ...valid(world), mountPointName: "crew" })).toEqual(["replace", "delete-replaced"]);
    // Of no weight unless the user's `replaceOnChanges` makes the change a replacement.
    expect(await share.diff({ ...valid(world), mountPointName: "crew", description: "text" })).toMatchObject({
      deleteBeforeReplace: true,
    });
  });

  test("keeps it until another service has taken its successor, for names are unique in a service", async ({
    world,
  }) => {
    const share = await existing(world, { mountPointName: "team" });
    const service = world.simulator.model.addService("other");
    const moved = { serviceName: service.id, size: 200, mountPointName: "team" };
    world.simulator.faults.add({ method: "POST", path: /\/share$/, fault: { kind: "status", status: 403 } });

    expect(await messageOf(share.up(moved))).toContain("403");
    expect(live(world, share.id)).toMatchObject({ mountPointName: "team", status: "available" });

    expect(await share.up(moved)).toEqual(["replace", "delete-replaced"]);
    expect(share.outputs["preferredAccessPath"]).toMatch(/:\/team$/);
  });
});

describe("a share in a failed state", () => {
  const failed = async (world: World) => {
    const share = await existing(world);
    world.simulator.model.setStatus(share.id, "extending_error");
    share.process = world.nextProcess();
    await share.refresh();
    return share;
  };

  test("can still be renamed", async ({ world }) => {
    const share = await failed(world);
    expect(await share.up({ ...valid(world), name: "new" })).toEqual(["update"]);
    expect(live(world, share.id)).toMatchObject({ name: "new", status: "extending_error" });
  });

  test("is not extended, and the message says so before anything is sent", async ({ world }) => {
    const share = await failed(world);
    expect(await messageOf(share.up({ ...valid(world), size: 300 }))).toContain(
      `is in state "extending_error" and can't be extended from 200 to 300 GiB. Set size back to 200`,
    );
    expect(world.calls(/^POST .*extend/)).toEqual([]);
  });

  test("is not deleted by the service, and the message says why and what to do", async ({ world }) => {
    const share = await failed(world);
    expect(await messageOf(share.destroy())).toContain(
      `is in state "extending_error", and the service does not delete it. Ask OVHcloud's support with its id.`,
    );
    expect(share.state).toBeDefined();
  });
});

test("an empty description is kept as such, and is no difference after a refresh", async ({ world }) => {
  const share = await existing(world, { description: "" });
  share.process = world.nextProcess();
  await share.refresh();
  expect(await share.up({ ...valid(world), description: "" })).toEqual(["same"]);
});

test("one limit is kept for all waits of an operation together", async ({ world }) => {
  const share = await existing(world, { timeouts: { delete: "60s" } });
  world.simulator.model.steer("extendShare", { ms: 40_000 });
  world.simulator.model.steer("deleteShare", { outcome: "stuck" });
  await world.process.storageOf(world.serviceName).extendShare(share.id, 300);
  const began = world.clock.now();

  expect(await messageOf(share.destroy())).toContain("still deleting after 60 s");

  expect(world.clock.now() - began).toBeLessThan(62_000);
});

describe("refreshing a share", () => {
  test("shows drift in the inputs that the program sets, and only there", async ({ world }) => {
    const share = await existing(world, { name: "data" });
    await world.process.storageOf(world.serviceName).renameShare(share.id, { name: "renamed", description: "by hand" });
    share.process = world.nextProcess();

    await share.refresh();

    expect(share.state?.inputs).toMatchObject({ name: "renamed", size: 200 });
    expect(share.state?.inputs).not.toHaveProperty("description");
    expect(share.outputs).toMatchObject({ description: "by hand" });
    expect(await share.up({ ...valid(world), name: "data" })).toEqual(["update"]);
    expect(live(world, share.id)).toMatchObject({ name: "data", description: "by hand" });
  });

  test("does nothing where the service has what is recorded", async ({ world }) => {
    const share = await existing(world, { description: "Team data", mountPointName: "team" });
    const before = share.state;
    share.process = world.nextProcess();

    await share.refresh();

    expect(share.state).toEqual(before);
  });

  test("asks for access paths only where the state has none", async ({ world }) => {
    const share = await existing(world);
    share.process = world.nextProcess();
    await share.refresh();
    expect(world.calls(/accessPath$/)).toHaveLength(1);

    if (share.state) share.state.outputs = { ...share.outputs, accessPaths: [] };
    share.process = world.nextProcess();
    await share.refresh();
    expect(share.outputs).toMatchObject({ preferredAccessPath: expect.any(String) });
    expect(world.calls(/accessPath$/)).toHaveLength(2);
  });

  test("makes one call for 50 shares", async ({ world }) => {
    const storage = world.process.storageOf(world.serviceName);
    const shares = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const { id } = await storage.createShare({ protocol: "NFS", size: 100, name: `share ${index}` });
        const share = world.resource("ovh:Share", `share-${index}`);
        const outputs = { ...share.sent({ serviceName: world.serviceName, size: 100 }), accessPaths: [{ id: "1" }] };
        share.state = { id, inputs: {}, outputs, initErrors: [] };
        return share;
      }),
    );
    const second = world.nextProcess();
    const calls = world.calls(/GET/).length;

    for (const share of shares) share.process = second;
    await Promise.all(shares.map((share) => share.refresh()));

    expect(world.calls(/GET/).slice(calls)).toEqual(["GET /1.0/auth/time", "GET /share"]);
    expect(shares.map(({ outputs }) => outputs["name"])).toEqual(shares.map((_, index) => `share ${index}`));
  });
});

describe("a share is gone only when that is proved", () => {
  test("by a list of the service's shares that lacks it", async ({ world }) => {
    const share = await existing(world);
    await world.process.storageOf(world.serviceName).deleteShare(share.id);
    world.clock.pass(STEP_MS);
    share.process = world.nextProcess();

    await share.refresh();

    expect(share.state).toBeUndefined();
  });

  test("not by a wrong endpoint that answers 404 to everything", async ({ world }) => {
    const share = await existing(world);
    const fault = { kind: "status", status: 404, html: "<h1>Not Found</h1>" } as const;
    world.simulator.faults.add({ times: Number.POSITIVE_INFINITY, path: /storage/, fault });
    share.process = world.nextProcess();

    expect(await messageOf(share.refresh())).toMatch(/^Share data: GET .* answered 404/);
    expect(await messageOf(share.destroy())).toMatch(/^Share data: GET .* answered 404/);
  });

  test("not by another service", async ({ world }) => {
    const share = await existing(world);
    const [service] = world.simulator.model.services;
    world.simulator.model.addService("other");
    const unknown = "00000000-0000-4000-8000-000000000000";
    share.state = {
      ...share.state,
      id: share.id,
      inputs: {},
      outputs: { ...share.outputs, serviceName: unknown },
      initErrors: [],
    };

    expect(service?.id).toBe(world.serviceName);
    expect(await messageOf(share.refresh())).toContain(`Service ${unknown} does not exist`);
    expect(await messageOf(share.destroy())).toContain(`Service ${unknown} does not exist`);
  });

  test("not by a refusal", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.deniedActions.add("share/get");
    share.process = world.nextProcess();

    expect(await messageOf(share.refresh())).toContain("lack a permission");
    expect(await messageOf(share.destroy())).toContain("lack a permission");
  });

  test("not by a state without its service", async ({ world }) => {
    const share = world.resource("ovh:Share");
    share.state = { id: "1", inputs: {}, outputs: share.sent({ size: 100 }), initErrors: [] };

    expect(await messageOf(share.refresh())).toContain("the state has no serviceName");
  });

  test("and a look-up of what does not exist fails with the ids", async ({ world }) => {
    const share = world.resource("ovh:Share", "found");
    const id = "00000000-0000-4000-8000-000000000000";

    const message = await messageOf(share.get(id, { serviceName: world.serviceName }));

    expect(message).toContain(`Share found: nothing with the id ${id} exists there (serviceName ${world.serviceName})`);
    await share.get(world.production, { serviceName: world.serviceName });
    expect(share.outputs).toMatchObject({ name: "production", size: 100, preferredAccessPath: expect.any(String) });
    expect(share.outputs).not.toHaveProperty("__get");
  });
});

describe("deleting a share", () => {
  test("waits until it is gone, and succeeds a second time", async ({ world }) => {
    const share = await existing(world);
    const { id } = share;
    const { outputs } = share;
    const began = world.clock.now();

    await share.destroy();
    await share.host.delete(id, outputs);

    expect(live(world, id)).toBeUndefined();
    expect(world.clock.now() - began).toBeGreaterThanOrEqual(STEP_MS);
    expect(world.calls(/^DELETE/)).toHaveLength(1);
  });

  test("waits for a creation that still goes on", async ({ world }) => {
    world.simulator.model.steer("createShare", { ms: 200_000 });
    const share = world.resource("ovh:Share");
    await messageOf(share.up({ ...valid(world), timeouts: { create: "10s" } }));

    await share.destroy();

    expect(world.simulator.model.shares).toHaveLength(1);
    expect(world.calls(/^DELETE/)).toHaveLength(1);
  });

  test("goes on where an interrupted deletion stopped", async ({ world }) => {
    const share = await existing(world);
    world.clock.later(3_000, () => world.process.interrupt());
    expect(await messageOf(share.destroy())).toMatch(/^Share data: the wait was interrupted \(seen: deleting x\d+\)/);

    share.process = world.nextProcess();
    await share.destroy();

    expect(world.calls(/^DELETE/)).toHaveLength(1);
    expect(world.simulator.model.shares).toHaveLength(1);
  });

  test("succeeds when the answer to the DELETE was lost", async ({ world }) => {
    const share = await existing(world);
    world.simulator.faults.add({ method: "DELETE", fault: { kind: "dropAfter" } });

    await share.destroy();

    expect(world.simulator.model.shares).toHaveLength(1);
    expect(world.calls(/^DELETE/)).toHaveLength(2); // the one that was lost, and its repetition
  });

  test("names the manual snapshots that block it, whatever the status of the refusal", async ({ start }) => {
    for (const conflictStatus of [400, 403, 409] as const) {
      const world = await start({ conflictStatus });
      const share = await existing(world);
      const snapshot = await world.process
        .storageOf(world.serviceName)
        .share(share.id)
        .createSnapshot({ name: "keep" });

      const message = await messageOf(share.destroy());

      expect(message).toContain(`share ${share.id} has manual snapshots`);
      expect(message).toContain(`${snapshot.id} ("keep", 2026-01-31T10:20:`);
      expect(live(world, share.id)?.status).toBe("available");
    }
  });

  test("waits for snapshots that are still being deleted", async ({ world }) => {
    const share = await existing(world);
    const contents = world.process.storageOf(world.serviceName).share(share.id);
    const snapshot = await contents.createSnapshot({});
    world.clock.pass(STEP_MS);
    await contents.deleteSnapshot(snapshot.id);

    await share.destroy();

    expect(world.simulator.model.shares).toHaveLength(1);
    expect(world.simulator.model.snapshots.map(({ id }) => id)).not.toContain(snapshot.id);
  });

  test("fails when the service can't delete it, and says what to do", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.steer("deleteShare", { outcome: "failed" });

    expect(await messageOf(share.destroy())).toContain("could not be deleted (error_deleting)");
  });

  test("keeps to its limit", async ({ world }) => {
    const share = await existing(world, { timeouts: { delete: "45s" } });
    world.simulator.model.steer("deleteShare", { outcome: "stuck" });
    const began = world.clock.now();

    expect(await messageOf(share.destroy())).toMatch(/still deleting after 45 s \(seen: deleting x\d+\)/);
    expect(world.clock.now() - began).toBe(45_000);
  });

  test("is done where the service still lists the share as deleted", async ({ world }) => {
    const share = await existing(world);
    world.simulator.model.setStatus(share.id, "deleted");
    share.process = world.nextProcess();

    await share.destroy();

    expect(world.calls(/^DELETE/)).toEqual([]);
  });

  test("is done where the share turns up as deleted after a refusal", async ({ start }) => {
    for (const conflictStatus of [400, 403, 409] as const) {
      const world = await start({ conflictStatus });
      const share = await existing(world);
      share.process = world.nextProcess();
      const run = () => {
        world.simulator.model.setStatus(share.id, "deleted");
        world.clock.pass(1);
      };
      world.simulator.faults.add({ method: "DELETE", fault: { kind: "interfere", run } });

      await share.destroy();

      expect(world.calls(/^DELETE/)).toHaveLength(1);
      expect(share.state).toBeUndefined();
    }
  });

  test("takes automatic snapshots with it, and the state deleted for gone", async ({ start }) => {
    const world = await start({ showDeleted: true });
    const share = await existing(world);
    const { id } = world.simulator.model.takeAutomaticSnapshot(share.id);

    await share.destroy();
    world.clock.pass(STEP_MS);

    expect(world.simulator.model.snapshots.map((snapshot) => snapshot.id)).not.toContain(id);
  });
});

test.for(["rotate", "empty", "204", "null"] as const)(
  "lives through create, rename, extend and delete with void answers of the form %s",
  async (voidAnswer, { start }) => {
    const world = await start({ voidAnswer, successStatus: "200", timeFormat: "offset" });
    const share = await existing(world);

    await share.up({ ...valid(world), name: "new", size: 300 });
    await share.destroy();

    expect(world.simulator.model.shares).toHaveLength(1);
  },
);

test("a creation that a refresh saw finished is finished: a later failure never replaces the share", async ({
  world,
}) => {
  world.simulator.model.steer("createShare", { outcome: "stuck" });
  const share = world.resource("ovh:Share");
  await messageOf(share.up({ ...valid(world), timeouts: { create: "10s" } }));
  world.simulator.model.release(share.id);
  share.process = world.nextProcess();
  await share.refresh();
  world.simulator.model.setStatus(share.id, "error");
  share.process = world.nextProcess();
  await share.refresh();

  expect((await share.diff({ ...valid(world), timeouts: { create: "10s" } })).replaces).toEqual([]);
});

test("a share is not replaced because the service has another word for its protocol", async ({ world }) => {
  const share = world.resource("ovh:Share");
  await share.up(valid(world));
  const { id } = share;
  const change = [{ path: "/*/protocol", value: "NFSv3" }];
  world.simulator.faults.add({ method: "GET", path: /\/share$/, times: 9, fault: { kind: "mutate", change } });
  share.process = world.nextProcess();
  await share.refresh();

  expect(await share.up(valid(world))).toEqual(["same"]);
  expect(share.id).toBe(id);
});
