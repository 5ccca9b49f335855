import type { Properties } from "../../../provider/core/properties";
import type { Resource } from "../../support/resource";
import type { ProviderProcess } from "./providerProcess";
import { expect, messageOf, type World } from "./test";

/** Runs a create in a provider process that dies when the cluster has acted: nothing of it is in the state. */
export async function crashed(
  world: World,
  resource: Resource<ProviderProcess>,
  args: Properties,
  method = "CloneVolume",
): Promise<void> {
  const killed = world.nextProcess();
  const change = () => {
    killed.interrupt(); // what the process would do afterwards, it does not do
    return {};
  };
  world.simulator.faults.add({ method, fault: { kind: "mutate", change } });
  resource.process = killed;
  await messageOf(resource.up(args));
  expect(resource.state).toBeUndefined();
  resource.process = world.nextProcess();
}

/** All that a resource's provider process has told the user. */
export const said = (resource: Resource<ProviderProcess>) =>
  resource.process.logs.map(({ message }) => message).join("\n");

/** The volumes that were made, deleted ones left out. */
export const clones = ({ simulator: { model }, database }: World): string[] =>
  model.volumes
    .filter(({ volumeID, status }) => volumeID !== database && status !== "deleted")
    .map(({ volumeID }) => String(volumeID));

export const snapshots = ({ simulator: { model } }: World): string[] =>
  model.snapshots.map(({ snapshotID }) => String(snapshotID));
