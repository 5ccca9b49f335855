import { expect, vi } from "vitest";
import type { OvhSimulator } from "../../../provider/simulators";
import type { Project, Started } from "../../e2e/support/project";
import { recorded } from "./ledger";

export const SHARE = `new Share("data", { serviceName, size: 100 });`;

/** Ids of the shares beside the one that is there at start. */
export const created = ({ model, shareId }: OvhSimulator): string[] =>
  model.shares.map(({ id }) => id).filter((id) => id !== shareId);

/** Ids in the state, by the name of the resource. */
export async function kept(project: Project): Promise<Record<string, string | undefined>> {
  const { resources } = await recorded(project);
  return Object.fromEntries(resources.map(({ urn, id }) => [urn.split("::").at(-1) ?? "", id]));
}

/** Starts `pulumi up` and comes back when the share exists and is waited for. */
export async function upWaiting(project: Project, calls: () => OvhSimulator["calls"]): Promise<Started> {
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await waitedFor(calls);
  return running;
}

/** Comes back when the share was made and then asked for again and again. */
export async function waitedFor(calls: () => OvhSimulator["calls"]): Promise<void> {
  const reads = () => {
    const made = calls().findIndex(
      ({ method, path, status }) => method === "POST" && path.endsWith("/share") && status < 300 && status > 0,
    );
    return made < 0
      ? 0
      : calls()
          .slice(made)
          .filter(({ path, method }) => method === "GET" && path.endsWith("/share")).length;
  };
  // not expect.poll, which beside concurrent tests does not always know its own
  await vi.waitFor(() => expect(reads()).toBeGreaterThan(3), { timeout: 60_000, interval: 20 });
}

/** What a newcomer would take for a crash of ours. */
export function expectNoStacks(text: string): void {
  expect(text).not.toMatch(/\bat .*\.js:\d+|inside pulumi-holdfast|UnhandledPromise|panic:/);
}
