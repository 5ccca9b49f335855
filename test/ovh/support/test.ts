import { test as base, expect } from "vitest";
import type { ResourceKind } from "../../../provider/kinds";
import { type OvhSimulator, type OvhSimulatorOptions, simulateOvh } from "../../../provider/simulators";
import { JumpingClock } from "../../support/clock";
import { Resource } from "../../support/resource";
import { type ProviderProcess, startProcess } from "./providerProcess";

export { messageOf, Refused, type State, type Step } from "../../support/resource";
export { expect };

/** A simulated service, and a provider process that uses it. */
export interface World {
  readonly simulator: OvhSimulator;
  readonly clock: JumpingClock;
  /** UUID of the service. */
  readonly serviceName: string;
  /** The share with automatic snapshots that exists at start, 100 GiB. */
  readonly production: string;
  readonly process: ProviderProcess;
  /** A resource of the program. */
  resource(kind: ResourceKind, name?: string, stack?: string): Resource<ProviderProcess>;
  /** What the next `pulumi` command starts: nothing is remembered but the state. */
  nextProcess(options?: Parameters<typeof startProcess>[2]): ProviderProcess;
  /** The product calls so far whose method and path below the service match, such as `GET /share`. */
  calls(pattern: RegExp): string[];
  /** The automatic snapshots of a share, oldest first. */
  automatic(shareId?: string): { id: string; name: string | null; createdAt: number }[];
}

/** `aheadMs`: how far the service's clock is ahead of this machine's. */
export type Start = (options?: OvhSimulatorOptions & { aheadMs?: number }) => Promise<World>;

/** Every operation takes this long, unless a test says otherwise. */
export const STEP_MS = 10_000;

async function newWorld(
  { aheadMs = 0, ...options }: Parameters<Start>[0] & object,
  onClose: (close: () => Promise<void>) => void,
): Promise<World> {
  const clock = new JumpingClock();
  const simulator = await simulateOvh({ now: () => clock.now() + aheadMs, stepMs: STEP_MS, ...options });
  const processes: ProviderProcess[] = [];
  const resources: Resource<ProviderProcess>[] = [];
  // What the engine would export: what the resources of this world have in their state.
  const readState = async () => ({
    ids: new Set(resources.flatMap(({ state }) => state?.id ?? [])),
    resources: [],
    interrupted: new Set<string>(),
  });
  const nextProcess: World["nextProcess"] = (changes) => {
    const started = startProcess(simulator, clock, { readState, ...changes });
    processes.push(started);
    return started;
  };
  const process = nextProcess();
  onClose(async () => {
    for (const one of processes) await one.close();
    await simulator.close();
    expect(simulator.unmatched).toEqual([]);
  });
  const prefix = `/1.0/storage/netapp/${simulator.serviceName}`;
  return {
    simulator,
    clock,
    serviceName: simulator.serviceName,
    production: simulator.shareId,
    process,
    nextProcess,
    resource: (kind, name = "data", stack = "dev") => {
      const resource = new Resource(process, kind, name, stack);
      resources.push(resource);
      return resource;
    },
    calls: (pattern) =>
      simulator.calls
        .map(({ method, path }) => `${method} ${path.replace(prefix, "")}`)
        .filter((call) => pattern.test(call)),
    automatic: (shareId = simulator.shareId) =>
      simulator.model.snapshots.filter((snapshot) => snapshot.shareId === shareId && snapshot.type === "automatic"),
  };
}

/** `world` has the defaults; `start` makes one with other options. Both are closed, and no call may have been unknown. */
export const test = base.extend<{ start: Start; world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  start: async ({}, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use((options = {}) => newWorld(options, (close) => closing.push(close)));
    for (const close of closing) await close();
  },
  world: async ({ start }, use) => {
    await use(await start());
  },
});
