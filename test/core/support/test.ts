import type { ElementKind, ResourceKind } from "../../../provider/kinds";
import { type ElementSimulator, simulateElement } from "../../../provider/simulators";
import { startProcess } from "../../element/support/providerProcess";
import { test as base, type World as OvhWorld } from "../../ovh/support/test";
import { type ProviderProcess, Resource } from "../../support/resource";

export { expect } from "../../ovh/support/test";

type Managed = Resource<Pick<ProviderProcess, "host">>;

/** All kinds of resources, each on its own simulated system. */
export interface World extends Omit<OvhWorld, "resource"> {
  resource(kind: ResourceKind, name?: string): Managed;
  readonly cluster: ElementSimulator;
  /** How many calls all systems were sent. */
  readonly called: number;
}

export const isElement = (kind: ResourceKind): kind is ElementKind => kind.startsWith("element:");

export const test = base.extend<{ everything: World }>({
  everything: async ({ world }, use) => {
    const cluster = await simulateElement({ now: () => world.clock.now() });
    const process = startProcess(cluster, world.clock);
    await use({
      ...world,
      cluster,
      resource: (kind, name = "data") =>
        isElement(kind) ? new Resource<Managed["process"]>(process, kind, name) : world.resource(kind, name),
      get called() {
        return world.simulator.calls.length + cluster.calls.length;
      },
    });
    await process.close();
    await cluster.close();
  },
});
