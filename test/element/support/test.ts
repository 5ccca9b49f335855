import { test as base, expect } from "vitest";
import { typeOf } from "../../../provider/core/code";
import type { StackState } from "../../../provider/core/stackState";
import type { ElementKind } from "../../../provider/kinds";
import { type ElementSimulator, type ElementSimulatorOptions, simulateElement } from "../../../provider/simulators";
import { JumpingClock } from "../../support/clock";
import { Resource } from "../../support/resource";
import { type ProcessOptions, type ProviderProcess, startProcess } from "./providerProcess";

export { messageOf, Refused, type State, type Step } from "../../support/resource";
export { expect };

/** A simulated cluster, and a provider process that uses it. */
export interface World {
  readonly simulator: ElementSimulator;
  readonly clock: JumpingClock;
  /** The volume that exists at start, 100 GiB, of the account of production. */
  readonly database: number;
  /** The account for tests, and the access group of their hosts. */
  readonly testAccount: number;
  readonly testHosts: number;
  readonly process: ProviderProcess;
  /** A resource of the program. */
  resource(kind: ElementKind, name?: string, stack?: string): Resource<ProviderProcess>;
  /** What the next `pulumi` command starts: nothing is remembered but the state. */
  nextProcess(options?: ProcessOptions): ProviderProcess;
  /** The methods called so far that match. */
  calls(pattern?: RegExp): string[];
  /** Those of the resources of this world whose creation was interrupted, as the engine knows it. */
  readonly interrupted: Set<string>;
}

export type Start = (options?: ElementSimulatorOptions) => Promise<World>;

/** A clone takes so long, unless a test says otherwise. */
export const CLONE_MS = 60_000;

async function newWorld(
  options: ElementSimulatorOptions,
  onClose: (close: () => Promise<void>) => void,
): Promise<World> {
  const clock = new JumpingClock();
  const simulator = await simulateElement({ now: () => clock.now(), cloneMs: CLONE_MS, ...options });
  const processes: ProviderProcess[] = [];
  const resources: Resource<ProviderProcess>[] = [];
  const interrupted = new Set<string>();
  // What the engine would export: what the resources of this world have in their state.
  const readState = async (): Promise<StackState> => ({
    ids: new Set(resources.flatMap(({ state }) => state?.id ?? [])),
    resources: resources.flatMap(({ state, kind }) =>
      state === undefined ? [] : [{ type: typeOf(kind), id: state.id, outputs: state.outputs }],
    ),
    interrupted,
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
  const { HOLDFAST_ELEMENT_VOLUME, HOLDFAST_ELEMENT_ACCOUNT, HOLDFAST_ELEMENT_ACCESS_GROUP } = simulator.environment;
  return {
    simulator,
    clock,
    database: Number(HOLDFAST_ELEMENT_VOLUME),
    testAccount: Number(HOLDFAST_ELEMENT_ACCOUNT),
    testHosts: Number(HOLDFAST_ELEMENT_ACCESS_GROUP),
    process,
    nextProcess,
    interrupted,
    resource: (kind, name = "copy", stack = "dev") => {
      const resource = new Resource(process, kind, name, stack);
      resources.push(resource);
      return resource;
    },
    calls: (pattern = /./) => simulator.calls.map(({ method }) => method).filter((method) => pattern.test(method)),
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
