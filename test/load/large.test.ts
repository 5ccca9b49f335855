import { expect, test } from "vitest";
import { simulateOvh } from "../../provider/simulators";
import { changes } from "../e2e/support/project";
import { existing, largeProject, phase, program, recorded } from "./support/stack";

const SHARES = Number(process.env["LOAD_SHARES"] ?? 500);
const RATE = 20;
const MOST_MIB = 300;

test(`a stack of ${SHARES} shares with two snapshots each, on a service that takes ${RATE} calls per second`, async () => {
  const simulator = await simulateOvh({
    requestsPerSecond: RATE,
    empty: true,
    schedule: false,
    stepMs: 1000,
    quotaGiB: 100 * SHARES,
  });
  const project = await largeProject(simulator, program(SHARES));
  try {
    const up = await phase(simulator, project, "up");
    const made = await recorded(project);
    expect([made.shares.length, made.snapshots.length]).toEqual([SHARES, 2 * SHARES]);
    expect(existing(simulator)).toEqual(made);

    const refresh = await phase(simulator, project, "refresh");
    expect(changes(refresh.run)).toEqual([]);
    expect(await recorded(project)).toEqual(made);

    const destroy = await phase(simulator, project, "destroy");
    expect(existing(simulator)).toEqual({ shares: [], snapshots: [] });

    const peak = Math.max(up.peakMiB, refresh.peakMiB, destroy.peakMiB);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(MOST_MIB);
    for (const { calls, refused } of [up, refresh, destroy]) expect(refused).toBeLessThan(32 + calls * 0.05);
    expect(simulator.unmatched).toEqual([]);
  } finally {
    await project.remove();
    await simulator.close();
  }
});
