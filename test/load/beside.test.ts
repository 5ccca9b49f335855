import { expect, onTestFinished, test } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { changes, type Project } from "../e2e/support/project";
import { existing, largeProject, phase, program, recorded } from "./support/stack";

const SHARES = 40;
const RATE = 20;

async function service(shares: number, requestsPerSecond = RATE): Promise<OvhSimulator> {
  const options = { empty: true, schedule: false, stepMs: 1000, quotaGiB: 100 * shares };
  const simulator = await simulateOvh({ requestsPerSecond, ...options });
  onTestFinished(async () => {
    expect(simulator.unmatched).toEqual([]);
    await simulator.close();
  });
  return simulator;
}

async function stack(simulator: OvhSimulator, text: string): Promise<Project> {
  const project = await largeProject(simulator, text);
  onTestFinished(() => project.remove());
  return project;
}

test(`two stacks of ${SHARES} shares with the same names, side by side on one service that takes ${RATE} calls per second`, async () => {
  const simulator = await service(2 * SHARES);
  // Equal project, stack and resource names, as two developers with states of their own have them.
  const stacks = await Promise.all([stack(simulator, program(SHARES)), stack(simulator, program(SHARES))]);
  const [one, other] = stacks;
  const together = (command: "up" | "refresh" | "destroy") =>
    Promise.all(stacks.map((project, n) => phase(simulator, project, command, `stack ${n + 1}, ${command}`)));

  await together("up");
  const [mine, theirs] = await Promise.all(stacks.map(recorded));
  for (const made of [mine, theirs]) {
    expect([made?.shares.length, made?.snapshots.length]).toEqual([SHARES, 2 * SHARES]);
  }
  expect(existing(simulator)).toEqual({
    shares: stacksOf(mine?.shares, theirs?.shares),
    snapshots: stacksOf(mine?.snapshots, theirs?.snapshots),
  });

  for (const { run } of await together("refresh")) expect(changes(run)).toEqual([]);
  expect(await Promise.all(stacks.map(recorded))).toEqual([mine, theirs]);

  await phase(simulator, one, "destroy", "stack 1, destroy alone");
  expect(existing(simulator)).toEqual(theirs);
  await phase(simulator, other, "destroy", "stack 2, destroy");
  expect(existing(simulator)).toEqual({ shares: [], snapshots: [] });
});

const stacksOf = (mine: string[] = [], theirs: string[] = []) => [...mine, ...theirs].toSorted();

test("requestsPerSecond of an ovh.Provider keeps a stack below what the service takes: no call is refused", async () => {
  const most = 15;
  const simulator = await service(20);
  const provider = `
import * as ovh from "pulumi-holdfast/ovh";
const account = JSON.parse(process.env.ACCOUNT);
const paced = new ovh.Provider("paced", { ...account, requestsPerSecond: pulumi.output(${most}) });`;
  const project = await stack(simulator, provider + program(20, "{ provider: paced }"));
  const { applicationKey, applicationSecret, consumerKey } = simulator.credentials;
  project.env["ACCOUNT"] = JSON.stringify({ endpoint: simulator.url, applicationKey, applicationSecret, consumerKey });

  for (const command of ["up", "refresh", "destroy"] as const) {
    const { refused } = await phase(simulator, project, command, `${command} at ${most} calls per second`);
    expect(refused).toBe(0);
  }

  // What leaves at that pace arrives a little unevenly: any 31 calls in a row take two seconds, less half a one.
  const times = simulator.calls.map(({ at }) => at);
  const lasted = times.slice(30).map((at, first) => at - (times[first] ?? at));
  expect(Math.min(...lasted)).toBeGreaterThan((30 / most) * 1000 - 500);
  expect(existing(simulator)).toEqual({ shares: [], snapshots: [] });
});
