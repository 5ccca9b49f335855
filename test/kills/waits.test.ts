import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, vi } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { changes, createProject, type Project, type Run, type Started } from "../e2e/support/project";
import { test } from "../e2e/support/test";
import { type Gate, openGate } from "./support/gate";
import { locked } from "./support/ledger";
import { signal, tree } from "./support/processes";
import { created, expectNoStacks, kept, SHARE, upWaiting } from "./support/waiting";

/** In seconds. Shorter while this file is worked on. */
const LONG_GAP = Number(process.env["KILLS_GAP"] ?? 120);

describe("SIGINT during a wait", () => {
  test("twice: the object is found again by the next up", async ({ project, simulator }) => {
    simulator.model.steer("createShare", { outcome: "stuck" });
    await project.program(SHARE);

    const running = await upWaiting(project, () => simulator.calls);
    await expectFoundAgain(project, simulator, await interruptedTwice(running));
  });

  test("twice, while the service has not answered the creation: found again by the next up", async ({
    project,
    simulator,
  }) => {
    simulator.faults.add({ method: "POST", path: NEW_SHARE, fault: { kind: "slow", ms: 30_000 } });
    await project.program(SHARE);

    const running = project.start(["up", "--yes", "--skip-preview"]);
    await vi.waitFor(() => expect(created(simulator)).toHaveLength(1), { timeout: 60_000 });
    await expectFoundAgain(project, simulator, await interruptedTwice(running));
  });

  test("once, while the service has not answered the creation: its answer is waited for and kept", async ({
    project,
    simulator,
  }) => {
    simulator.faults.add({ method: "POST", path: NEW_SHARE, fault: { kind: "slow", ms: 4000 } });
    await project.program(SHARE);

    const running = project.start(["up", "--yes", "--skip-preview"]);
    await vi.waitFor(() => expect(created(simulator)).toHaveLength(1), { timeout: 60_000 });
    running.process.kill("SIGINT");
    const ended = await running.ended;
    expectNoStacks(ended.text);
    expect(await kept(project)).toEqual({ data: created(simulator)[0] });

    const again = await project.up();
    expect(again.code, again.text).toBe(0);
    expect(created(simulator)).toHaveLength(1);
  });
});

const NEW_SHARE = "/storage/netapp/{serviceName}/share";

/** The second one comes while the engine is still ending the first one's work. */
async function interruptedTwice(running: Started): Promise<Run> {
  const family = tree(running.process.pid ?? 0);
  running.process.kill("SIGINT");
  await sleep(150);
  running.process.kill("SIGINT");
  const ended = await running.ended;
  signal(family, "SIGKILL");
  return ended;
}

async function expectFoundAgain(project: Project, simulator: OvhSimulator, interrupted: Run): Promise<void> {
  expect(interrupted.code).not.toBe(0);
  expectNoStacks(interrupted.text);
  const [id = ""] = created(simulator);
  simulator.model.release(id);
  if (locked(project)) await project.pulumi("cancel", "--yes");
  const again = await project.up();
  expect(again.code, again.text).toBe(0);
  expectNoStacks(again.text);
  expect(created(simulator)).toEqual([id]);
  expect(await kept(project)).toEqual({ data: id });
}

describe("the network is gone during a wait", () => {
  for (const how of ["refused", "silent"] as const) {
    for (const seconds of [3, LONG_GAP]) {
      test(`${how} for ${seconds} s: one object, and a second up at most goes on waiting`, async ({ simulator }) => {
        const gate = await openGate(simulator.url);
        const project = await createProject({ env: { ...simulator.environment, OVH_ENDPOINT: gate.url } });
        try {
          simulator.model.steer("createShare", { outcome: "stuck" });
          await project.program(SHARE);
          const running = await upWaiting(project, () => simulator.calls);
          const [id = ""] = created(simulator);

          const first = await throughGap(gate, how, seconds, running.ended, () => simulator.model.release(id));
          if (first.code !== 0) {
            expect(first.text).toMatch(/Share data: .*(connection refused|was reset|no complete answer).*/);
            expect(first.text).toContain("The object stays in the state.");
          }
          expectNoStacks(first.text);
          expect(await kept(project)).toEqual({ data: id });
          expect(seconds < 5 ? first.code : 0, first.text).toBe(0);

          const again = await project.up();
          expect(again.code, again.text).toBe(0);
          expect(changes(again)).toEqual(first.code === 0 ? [] : ["update data"]);
          expect(created(simulator)).toEqual([id]);
        } finally {
          await project.remove();
          await gate.close();
        }
      });
    }
  }
});

/** Cuts the network, mends it after so many seconds, and lets the service finish meanwhile. */
async function throughGap<T>(
  gate: Gate,
  how: "refused" | "silent",
  seconds: number,
  ended: Promise<T>,
  finish: () => void,
): Promise<T> {
  await gate.cut(how);
  await sleep(seconds * 1000);
  finish();
  await gate.mend();
  return ended;
}

describe("the service is restarted with its state", () => {
  for (const seconds of [0, 4]) {
    test(`during a wait, ${seconds} s away: the wait goes on`, async ({ project: { folder } }) => {
      const options = {
        schedule: false,
        stateFile: `${folder}/service.json`,
        stepMsOf: { createShare: 8000 + seconds * 1000 },
      };
      const before = await simulateOvh(options);
      const project = await createProject({ env: before.environment });
      let after: OvhSimulator | undefined;
      try {
        await project.program(SHARE);
        const running = await upWaiting(project, () => before.calls);
        await before.close();
        await sleep(seconds * 1000);
        after = await simulateOvh({ ...options, port: Number(new URL(before.url).port) });

        const run = await running.ended;
        expect(run.code, run.text).toBe(0);
        expectNoStacks(run.text);
        expect(changes(run)).toEqual(["create data"]);
        expect(await kept(project)).toEqual({ data: created(after)[0] });
        expect(created(after)).toHaveLength(1);

        const destroyed = await project.destroy();
        expect(destroyed.code, destroyed.text).toBe(0);
        expect(created(after)).toEqual([]);
      } finally {
        await project.remove();
        await before.close();
        await after?.close();
      }
    });
  }

  test("between two commands: everything is known as before", async ({ project: { folder } }) => {
    const options = { schedule: false, stateFile: `${folder}/service.json` };
    const before = await simulateOvh(options);
    const project = await createProject({ env: before.environment });
    await project.program(SHARE);
    expect((await project.up()).code).toBe(0);
    await before.close();

    const after = await simulateOvh({ ...options, port: Number(new URL(before.url).port) });
    try {
      const again = await project.up("--refresh");
      expect(again.code, again.text).toBe(0);
      expect(changes(again)).toEqual([]);
      expect(created(after)).toEqual(Object.values(await kept(project)));
    } finally {
      await project.remove();
      await after.close();
    }
  });
});

describe("the laptop sleeps during a wait", () => {
  for (const { seconds, what } of [
    { seconds: 10, what: "a short time" },
    { seconds: 70, what: "longer than the service keeps idle connections" },
  ]) {
    test(`${what}, and the object is ready when it wakes up: the wait ends`, async ({ project, simulator }) => {
      simulator.model.steer("createShare", { outcome: "stuck" });
      await project.program(SHARE);
      const running = await upWaiting(project, () => simulator.calls);
      const [id = ""] = created(simulator);

      const family = tree(running.process.pid ?? 0);
      signal(family, "SIGSTOP");
      await sleep(Math.min(seconds, LONG_GAP) * 1000);
      simulator.model.release(id);
      signal(family, "SIGCONT");

      const run = await running.ended;
      expect(run.code, run.text).toBe(0);
      expectNoStacks(run.text);
      expect(await kept(project)).toEqual({ data: id });
      expect(created(simulator)).toEqual([id]);
    });
  }

  test("longer than the wait's limit: the object stays in the state, and the next up goes on", async ({
    project,
    simulator,
  }) => {
    simulator.model.steer("createShare", { outcome: "stuck" });
    await project.program(`new Share("data", { serviceName, size: 100 }, { customTimeouts: { create: "8s" } });`);
    const running = await upWaiting(project, () => simulator.calls);
    const [id = ""] = created(simulator);

    const family = tree(running.process.pid ?? 0);
    signal(family, "SIGSTOP");
    await sleep(12_000);
    signal(family, "SIGCONT");
    const run = await running.ended;
    expect(run.code).not.toBe(0);
    expect(run.text).toMatch(/Share data: still creating after 8 s .* It stays in the state/);
    expect(await kept(project)).toEqual({ data: id });

    simulator.model.release(id);
    const again = await project.up();
    expect(again.code, again.text).toBe(0);
    expect(changes(again)).toEqual(["update data"]);
    expect(created(simulator)).toEqual([id]);
  });
});
