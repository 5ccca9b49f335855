import { describe, expect, test } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { changes, createProject, type Project } from "../e2e/support/project";
import { isProvider, signal, tree } from "./support/processes";
import { created, expectNoStacks, kept, SHARE } from "./support/waiting";

const MINUTE = 60_000;

/** This machine's clock is behind the service's by so much, or ahead of it. */
const CLOCKS = [
  { name: "10 minutes behind", ms: 10 * MINUTE },
  { name: "10 minutes ahead", ms: -10 * MINUTE },
  { name: "5 hours behind", ms: 300 * MINUTE },
  { name: "5 hours ahead", ms: -300 * MINUTE },
];

const oauth2 = ({ url, credentials, environment }: OvhSimulator): Record<string, string> => ({
  OVH_ENDPOINT: url,
  OVH_CLIENT_ID: credentials.clientId,
  OVH_CLIENT_SECRET: credentials.clientSecret,
  HOLDFAST_OVH_SERVICE: environment["HOLDFAST_OVH_SERVICE"] ?? "",
});

const CREDENTIALS: readonly { kind: string; env: (simulator: OvhSimulator) => Record<string, string> }[] = [
  { kind: "application keys", env: ({ environment }) => environment },
  { kind: "OAuth2", env: oauth2 },
];

/** A service whose clock is not this machine's, and a stack on it. */
async function on(
  ms: number,
  env: (simulator: OvhSimulator) => Record<string, string>,
  work: (simulator: OvhSimulator, project: Project) => Promise<void>,
) {
  const simulator = await simulateOvh({ schedule: false, now: () => Date.now() + ms });
  const project = await createProject({ env: env(simulator) });
  try {
    await project.program(SHARE);
    await work(simulator, project);
  } finally {
    await project.remove();
    await simulator.close();
  }
}

for (const { kind, env } of CREDENTIALS) {
  describe(`with ${kind}, this machine's clock`, () => {
    for (const { name, ms } of CLOCKS) {
      test(`${name}: up and destroy work as ever`, () =>
        on(ms, env, async (simulator, project) => {
          const run = await project.up();
          expect(run.code, run.text).toBe(0);
          expect(run.text).not.toMatch(/error|warning|clock/i);
          expect(changes(await project.up("--refresh"))).toEqual([]);
          const destroyed = await project.destroy();
          expect(destroyed.code, destroyed.text).toBe(0);
          expect(created(simulator)).toEqual([]);
        }));

      test(`${name}: what a killed provider has made is found again`, () =>
        on(ms, env, async (simulator, project) => {
          const running = project.start(["up", "--yes", "--skip-preview"]);
          simulator.faults.add({
            method: "POST",
            path: "/storage/netapp/{serviceName}/share",
            fault: {
              kind: "mutate",
              change: (body) => {
                signal(tree(running.process.pid ?? 0).filter(isProvider), "SIGKILL");
                return body;
              },
            },
          });
          expect((await running.ended).code).not.toBe(0);
          const [id = ""] = created(simulator);

          const again = await project.up();
          expect(again.code, again.text).toBe(0);
          expectNoStacks(again.text);
          expect(created(simulator)).toEqual([id]);
          expect(await kept(project)).toEqual({ data: id });
        }));
    }
  });
}
