import { describe, expect } from "vitest";
import { changes } from "../e2e/support/project";
import { test } from "../e2e/support/test";
import { killOnce } from "./support/kill";
import { ELEMENT_STAGES, STAGES } from "./support/stages";
import { created, kept, SHARE, upWaiting } from "./support/waiting";

// What `npm test` runs; the rest of this folder takes many minutes. Two at a time, for each waits a good part of its time.
describe.concurrent("a sample of what is killed and interrupted", () => {
  for (const { victim, name } of [
    { victim: "provider", name: "create Share" },
    { victim: "CLI", name: "create ShareClone" },
  ] as const) {
    const stage = STAGES.find((one) => one.name === name);
    test(`${victim} killed between the effect and the answer of ${name}: found again, not doubled`, async () => {
      expect(stage).toBeDefined();
      expect(stage && (await killOnce(stage, victim, "after", POST_SHARE, MOST))).toEqual([]);
    });
  }

  test("everything killed between the effect and the answer of CloneVolume, whose volume is hidden: waited for, not doubled", async () => {
    const stage = ELEMENT_STAGES.find(({ name }) => name === "create VolumeClone that runs on (hidden)");
    expect(stage).toBeDefined();
    const cloneVolume = { method: "CloneVolume", path: "", occurrence: 0, write: true };
    const most = { volumes: 2, snapshots: 0 };
    expect(stage && (await killOnce(stage, "everything", "after", cloneVolume, most))).toEqual([]);
  });

  test("SIGINT during a wait: the id is kept, and the next up goes on", async ({ project, simulator }) => {
    simulator.model.steer("createShare", { outcome: "stuck" });
    await project.program(SHARE);

    const running = await upWaiting(project, () => simulator.calls);
    running.process.kill("SIGINT");
    const ended = await running.ended;
    expect(ended.text).toContain("run the same command again to go on waiting");
    const [id = ""] = created(simulator);
    expect(await kept(project)).toEqual({ data: id });

    simulator.model.release(id);
    const again = await project.up();
    expect(again.code, again.text).toBe(0);
    expect(changes(again)).toEqual(["update data"]);
    expect(created(simulator)).toEqual([id]);
  });
});

const POST_SHARE = { method: "POST", path: "/storage/netapp/{serviceName}/share", occurrence: 0, write: true };
/** At most one object of its kind beside what is there at the start, and the snapshot that is cloned. */
const MOST = { shares: 2, snapshots: 1, rules: 1, policies: 2 };
