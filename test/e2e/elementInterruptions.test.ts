import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect } from "vitest";
import { callsOf, test, testOn, volumesNamed, write } from "./support/element";
import { changes } from "./support/project";

const ALWAYS = { outcome: "stuck", times: Number.POSITIVE_INFINITY } as const;

describe("a VolumeClone that is not finished", () => {
  test("is kept or cancelled at its limit, kept after Ctrl-C, and made once", async ({ project, cluster }) => {
    const { model } = cluster;
    const program = (limit: string) => `
      const opts = { customTimeouts: { create: "${limit}" } };
      new VolumeClone("kept", { volumeID }, opts);
      new VolumeClone("cancelled", { volumeID, onTimeout: "cancel" }, opts);
    `;
    model.steerClone(ALWAYS);
    await write(project, program("1s"));

    const late = await project.up();
    expect(late.code).not.toBe(0);
    expect(late.text).toMatch(
      /VolumeClone kept: still cloning after 1 s \(seen: running x\d+\)\. It stays in the state/,
    );
    expect(late.text).toMatch(/VolumeClone cancelled: .* it was cancelled, and volume \d+ deleted and purged\./);
    expect([...(await project.state()).keys()]).toEqual(["kept"]);
    const [kept, ...others] = volumesNamed(cluster, "kept-");
    expect([others, volumesNamed(cluster, "cancelled-"), model.jobs.length]).toEqual([[], [], 1]);

    // The next one resumes the first, and makes the other anew, which Ctrl-C interrupts.
    await write(project, program("1m"));
    const running = project.start(["up", "--yes", "--skip-preview"]);
    await expect.poll(() => callsOf(cluster, "CloneVolume").length).toBe(3);
    for (const { cloneID } of model.jobs.filter(({ dstVolumeID }) => dstVolumeID === kept?.volumeID))
      model.release(cloneID);
    await running.sees("VolumeClone kept updated");
    const polls = callsOf(cluster, "GetAsyncResult").length;
    await expect.poll(() => callsOf(cluster, "GetAsyncResult").length).toBeGreaterThan(polls + 2);
    const interrupted = performance.now();
    running.process.kill("SIGINT");
    const ended = await running.ended;
    expect(performance.now() - interrupted).toBeLessThan(5000);
    expect(ended.text).toContain("VolumeClone cancelled: the wait was interrupted");
    const state = await project.state();
    const [second] = volumesNamed(cluster, "cancelled-");
    expect([state.get("kept")?.id, state.get("cancelled")?.id]).toEqual([`${kept?.volumeID}`, `${second?.volumeID}`]);
    expect(state.get("kept")?.outputs).toMatchObject({ status: "active" });

    // A refresh forgets the failure, and no list shows the volume: the next up resumes it all the same.
    const refreshed = await project.refresh();
    expect(refreshed.code, refreshed.text).toBe(0);
    expect((await project.state()).get("cancelled")?.initErrors ?? []).toEqual([]);
    for (const { cloneID } of model.jobs) model.release(cloneID);
    const resumed = await project.up();
    expect(resumed.code, resumed.text).toBe(0);
    expect(changes(resumed)).toEqual(["update cancelled"]);
    expect([callsOf(cluster, "CloneVolume").length, callsOf(cluster, "CancelClone").length]).toEqual([3, 1]);
    expect(model.volumes.map(({ status }) => status)).toEqual(["active", "active", "active"]);
    expect(cluster.unmatched).toEqual([]);
  });

  test("of a killed run is found again although no list shows it, and is not cloned twice", async ({
    project,
    cluster,
  }) => {
    const { model } = cluster;
    model.steerClone(ALWAYS);
    await write(
      project,
      `new VolumeClone("copy", { volumeID, newAccountID: accountID, volumeAccessGroupIDs: [groupID] });`,
    );
    const running = project.start(["up", "--yes", "--skip-preview"]);
    await expect.poll(() => callsOf(cluster, "GetAsyncResult").length).toBeGreaterThan(1);
    running.process.kill("SIGKILL");
    await running.ended;
    expect((await project.state()).size).toBe(0);
    expect((await project.pulumi("cancel", "--yes")).code).toBe(0);

    const again = project.start(["up", "--yes", "--skip-preview"]);
    await again.sees("to show whether an interrupted run has begun it");
    for (const { cloneID } of model.jobs) model.release(cloneID);
    const found = await again.ended;

    expect(found.code, found.text).toBe(0);
    const [copy, ...others] = volumesNamed(cluster, "copy-");
    expect(found.text).toContain(`took over volume ${copy?.volumeID} ("${copy?.name}")`);
    expect([others, callsOf(cluster, "CloneVolume").length]).toEqual([[], 1]);
    expect((await project.state()).get("copy")).toMatchObject({
      id: `${copy?.volumeID}`,
      outputs: { status: "active", volumeAccessGroups: [model.accessGroups.at(-1)?.volumeAccessGroupID] },
    });
  });
});

describe("many VolumeClones at once", () => {
  // Whatever is too many is refused, and the calls tell.
  testOn({ overLimit: "error" })(
    "take turns, 2 of a source and 8 in all, and all end",
    async ({ project, cluster }) => {
      const { model } = cluster;
      const sources = ["one", "two", "three", "four", "five"].map((name) => model.addVolume(name).volumeID);
      const [one = 0, two = 0, three = 0] = sources;
      const wanted = [...sources, ...sources, one, two, three, one, two, three];
      model.steerClone(ALWAYS);
      await write(
        project,
        `${JSON.stringify(wanted)}.forEach((volumeID, index) => new VolumeClone("copy-" + index, { volumeID }));`,
      );

      const running = project.start(["up", "--yes", "--skip-preview", "--parallel", "32"]);
      let over = false;
      void running.ended.finally(() => {
        over = true;
      });
      await expect.poll(() => model.jobs.length).toBe(8);
      await running.sees("waiting for a free clone slot");
      const ofSource = sources.map((id) => model.jobs.filter(({ srcVolumeID }) => srcVolumeID === id).length);
      expect(Math.max(...ofSource)).toBe(2);
      for (; !over; await sleep(20)) {
        expect(model.jobs.length).toBeLessThanOrEqual(8);
        for (const { cloneID } of model.jobs) model.release(cloneID);
      }

      const up = await running.ended;
      expect(up.code, up.text).toBe(0);
      expect(changes(up)).toHaveLength(wanted.length);
      expect(volumesNamed(cluster, "copy-").map(({ status }) => status)).toEqual(wanted.map(() => "active"));
      expect(callsOf(cluster, "CloneVolume").map(({ error }) => error)).toEqual(wanted.map(() => undefined));
    },
  );
});
