import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { changes } from "./support/project";
import { test } from "./support/test";

const SHARE = `new Share("data", { serviceName, size: 100 });`;
const CLONE = `
  const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true } });
  export const clone = new ShareClone("clone", { serviceName, snapshotId: held.id, size: 100 }, { customTimeouts: { create: "1s" } }).id;
`;

describe("a creation that did not finish", () => {
  test("is kept when its wait reaches the limit, and the next up resumes it", async ({ project, simulator }) => {
    simulator.model.steer("cloneShare", { outcome: "stuck" });
    await project.program(CLONE);

    const failed = await project.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toMatch(/ShareClone clone: still creating after 1 s \(seen: creating_from_snapshot x\d+\)/);
    expect(failed.text).not.toMatch(/ at .*\.js:\d+/);
    const { id } = (await project.state()).get("clone") ?? {};
    expect(simulator.model.shares.map((share) => share.id)).toContain(id);

    simulator.model.release(id ?? "");
    const resumed = await project.up();
    expect(resumed.code, resumed.text).toBe(0);
    expect(changes(resumed)).toEqual(["update clone"]);
    expect(await project.outputs()).toEqual({ clone: id });
    expect(simulator.model.shares).toHaveLength(2);
  });

  test("is resumed also when a refresh came in between", async ({ project, simulator }) => {
    simulator.model.steer("cloneShare", { outcome: "stuck" });
    await project.program(CLONE);
    expect((await project.up()).code).not.toBe(0);
    const { id } = (await project.state()).get("clone") ?? {};

    const refreshed = await project.refresh();
    expect(refreshed.code, refreshed.text).toBe(0);
    expect((await project.state()).get("clone")?.initErrors ?? []).toEqual([]);

    simulator.model.release(id ?? "");
    const resumed = await project.up();
    expect(resumed.code, resumed.text).toBe(0);
    expect(changes(resumed)).toEqual(["update clone"]);
    expect((await project.state()).get("clone")?.outputs).toMatchObject({
      status: "available",
      preferredAccessPath: expect.any(String),
    });
    expect(changes(await project.up())).toEqual([]);
  });

  test("is deleted and made again when it failed for good, and the reason is shown", async ({ project, simulator }) => {
    simulator.model.steer("createShare", { outcome: "failed" });
    await project.program(SHARE);

    const failed = await project.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain(
      'ended in state "error" while creating. The next pulumi up deletes it and makes it again.',
    );
    const { id } = (await project.state()).get("data") ?? {};
    expect(id).toMatch(/^[0-9a-f-]{36}$/);

    expect((await project.refresh()).code).toBe(0);
    const again = await project.up();
    expect(again.code, again.text).toBe(0);
    expect(again.text).toContain('its creation ended in state "error": it is deleted and made again');
    expect(changes(again)).toEqual(["delete-replaced data", "replace data", "create-replacement data"]);
    expect(simulator.model.shares).toHaveLength(2);
  });

  test("is kept when the read after the POST fails", async ({ project, simulator }) => {
    simulator.faults.add({
      method: "GET",
      path: "/storage/netapp/{s}/share",
      skip: 1,
      times: 5,
      fault: { kind: "status", status: 500, retryAfter: 0 },
    });
    await project.program(SHARE);

    const failed = await project.up();
    expect(failed.code).not.toBe(0);
    expect(failed.text).toContain("500");
    expect(simulator.model.shares).toHaveLength(2);

    const resumed = await project.up();
    expect(resumed.code, resumed.text).toBe(0);
    expect(changes(resumed)).toEqual(["update data"]);
    expect(simulator.model.shares).toHaveLength(2);
  });
});

describe("Ctrl-C during a wait", () => {
  test("ends all waits at once, keeps every id, and the next up resumes", async ({ project, simulator }) => {
    simulator.model.steer("createShare", { outcome: "stuck", times: 3 });
    await project.program(`for (const name of ["a", "b", "c"]) new Share(name, { serviceName, size: 100 });`);

    const running = project.start(["up", "--yes", "--skip-preview"]);
    await expect
      .poll(() => simulator.calls.filter(({ path, method }) => method === "GET" && path.endsWith("/share")).length)
      .toBeGreaterThan(8);
    const interrupted = performance.now();
    running.process.kill("SIGINT");
    const ended = await running.ended;

    expect(performance.now() - interrupted).toBeLessThan(2000);
    expect(ended.text).toContain("the wait was interrupted");
    const created = simulator.model.shares.map(({ id }) => id).filter((id) => id !== simulator.shareId);
    expect([...(await project.state()).values()].map(({ id }) => id).toSorted()).toEqual(created.toSorted());

    for (const id of created) simulator.model.release(id);
    const resumed = await project.up();
    expect(resumed.code, resumed.text).toBe(0);
    expect(changes(resumed).toSorted()).toEqual(["update a", "update b", "update c"]);
    expect(simulator.model.shares).toHaveLength(4);
  });
});

describe("Ctrl-C while the service is slow", () => {
  test("does not wait for its answer, and makes nothing more", async ({ project, simulator }) => {
    await project.program(`new Share("data", { serviceName, size: 100 });`);
    simulator.faults.add({
      method: "GET",
      path: "/storage/netapp/{s}/share",
      times: 9,
      fault: { kind: "slow", ms: 20_000 },
    });

    const running = project.start(["up", "--yes", "--skip-preview"]);
    // A call is on the list from its arrival on: the slow one is under way.
    await expect.poll(() => simulator.calls.some(({ path }) => path.endsWith("/share"))).toBe(true);
    const interrupted = performance.now();
    running.process.kill("SIGINT");
    const ended = await running.ended;

    expect(performance.now() - interrupted).toBeLessThan(2000);
    expect(ended.text).toContain("Interrupted");
    expect(simulator.model.shares).toHaveLength(1);
    expect((await project.state()).size).toBe(0);
  });
});

describe("while a wait lasts", () => {
  test("the resource's own row shows the state beside the engine's seconds, and nothing afterwards", async ({
    project,
    simulator,
  }) => {
    simulator.model.steer("createShare", { ms: 1500 });
    await project.program(SHARE);

    const run = await project.up();

    const progress = run.diagnostics.filter(({ ephemeral, urn }) => ephemeral && urn.endsWith("ovh:Share::data"));
    expect(progress.map(({ message }) => message.replace(/<\{.*?\}>/g, "").trim())).toEqual(["creating", ""]);
    expect(run.text).toMatch(/Share data creating \(\d+s\) creating\s*$/m);
    expect(run.text).toMatch(/Share data created \([\d.]+s\)\s*$/m);
  });
});

describe("a killed engine", () => {
  test("takes its provider process with it within a few seconds", async ({ project, simulator }) => {
    simulator.model.steer("createShare", { outcome: "stuck" });
    await project.program(SHARE);
    const reads = () => simulator.calls.filter(({ path }) => path.endsWith("/share")).length;

    const running = project.start(["up", "--yes", "--skip-preview"]);
    await expect.poll(reads).toBeGreaterThan(3);
    running.process.kill("SIGKILL");
    await running.ended;

    // The provider reads as long as it lives, here at least every second: it is gone when it stopped.
    const stopped = async () => {
      const before = reads();
      await sleep(1500);
      return reads() === before;
    };
    await expect.poll(stopped, { timeout: 15_000 }).toBe(true);
  });
});
