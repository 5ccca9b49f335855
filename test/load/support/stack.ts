import { expect } from "vitest";
import type { OvhSimulator } from "../../../provider/simulators";
import { createProject, type Project, type Run } from "../../e2e/support/project";
import { watchProvider } from "./memory";

/** Shares with two snapshots each; `options` is an expression in the program. */
export const program = (shares: number, options = "{}") => `
for (let n = 0; n < ${shares}; n += 1) {
  const data = new Share("data" + n, { serviceName, size: 100 }, ${options});
  for (const letter of ["a", "b"]) new Snapshot("point" + n + letter, { serviceName, shareId: data.id }, ${options});
}`;

/** As docs/accounts.md advises for large stacks. */
const LARGE = {
  // A file backend rewrites the whole state at each step.
  PULUMI_EXPERIMENTAL: "true",
  PULUMI_SKIP_CHECKPOINTS: "true",
  // What is in use is some 55 MiB: the rest is what V8 has not yet thrown away.
  NODE_OPTIONS: "--max-semi-space-size=16",
};

export async function largeProject(simulator: OvhSimulator, text: string): Promise<Project> {
  const project = await createProject({ env: { ...simulator.environment, ...LARGE } });
  delete project.env["HOLDFAST_POLL_MS"]; // as users have it
  await project.program(text);
  return project;
}

export interface Phase {
  run: Run;
  calls: number;
  refused: number;
  peakMiB: number;
}

/** Runs a command with 32 operations side by side, and prints what it cost. */
export async function phase(
  simulator: OvhSimulator,
  project: Project,
  command: "up" | "refresh" | "destroy",
  name: string = command,
): Promise<Phase> {
  const before = simulator.calls.length;
  const memory = watchProvider(project.programFolder);
  const run = await project[command]("--parallel", "32");
  const peakMiB = await memory.stop();
  const made = simulator.calls.slice(before);
  const refused = made.filter(({ status }) => status === 429).length;
  console.log(
    `${name}: ${run.seconds.toFixed(0)} s, ${made.length} calls, ${refused} of them refused with 429, provider ${peakMiB.toFixed(0)} MiB`,
  );
  console.log(`  ${breakdown(made)}`);
  expect(run.code, run.text.slice(-4000)).toBe(0);
  return { run, calls: made.length, refused, peakMiB };
}

function breakdown(calls: OvhSimulator["calls"]): string {
  const counts = new Map<string, number>();
  for (const { method, path, status } of calls) {
    const route = path.replace(/^\/1\.0(\/storage\/netapp\/[^/]+)?/, "").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*");
    const key = `${method} ${route}${status === 429 ? " (429)" : ""}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([call, count]) => `${call} ${count}`).join(", ");
}

/** The ids in a project's state, by kind. */
export async function recorded(project: Project): Promise<{ shares: string[]; snapshots: string[] }> {
  const entries = [...(await project.state()).values()];
  const ids = (kind: string) => entries.flatMap(({ type, id }) => (type.endsWith(kind) ? [id ?? ""] : [])).toSorted();
  return { shares: ids(":Share"), snapshots: ids(":Snapshot") };
}

/** What the service has that the program made. */
export const existing = ({ model }: OvhSimulator) => ({
  shares: model.shares.map(({ id }) => id).toSorted(),
  snapshots: model.snapshots
    .filter(({ type }) => type === "manual")
    .map(({ id }) => id)
    .toSorted(),
});
