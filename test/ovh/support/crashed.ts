import type { Properties } from "../../../provider/core/properties";
import type { Resource } from "../../support/resource";
import { expect, messageOf, type World } from "./test";

/**
 * Runs a create in a provider process that dies when the service has acted: nothing of it is in the state.
 * @param run what the engine does @default `up`
 */
export async function crashed(
  world: World,
  resource: Resource,
  args: Properties,
  path: RegExp,
  run: (resource: Resource) => Promise<unknown> = (one) => one.up(args),
): Promise<void> {
  const killed = world.nextProcess();
  const before = resource.state;
  const change = () => {
    killed.interrupt(); // what the process would do afterwards, it does not do
    return {};
  };
  world.simulator.faults.add({ method: "POST", path, fault: { kind: "mutate", change } });
  resource.process = killed;
  await messageOf(run(resource));
  expect(resource.state).toEqual(before);
  resource.process = world.nextProcess();
}

/** All that a resource's provider process has told the user. */
export const said = (resource: Resource) => resource.process.logs.map(({ message }) => message).join("\n");
