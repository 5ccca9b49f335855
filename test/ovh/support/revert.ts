import type { Properties } from "../../../provider/core/properties";
import type { Resource } from "../../support/resource";
import { STEP_MS, type World } from "./test";

export const MINUTE = 60_000;

export const contents = (world: World) => world.process.storageOf(world.serviceName).share(world.production);
/** The production share as the service has it. */
export const share = (world: World) => world.simulator.model.shares.find(({ id }) => id === world.production);
/** What the file says that tells good data from ruined ones. */
export const orders = (world: World) => world.simulator.model.readFiles(world.production)["orders"];
/** The calls that would revert. */
export const reverts = (world: World) => world.calls(/^POST .*\/revert$/);
/** Of all resources, in order. */
export const warnings = (world: World) =>
  world.process.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message);

/** A manual snapshot of the production share as it is now. */
export async function taken(world: World, name: string): Promise<string> {
  const { id } = await contents(world).createSnapshot({ name });
  world.clock.pass(STEP_MS);
  return id;
}

/** A manual snapshot of good data at 10:20:30, and at 10:22:30 an automatic one of data that were ruined since. */
export async function incident(world: World): Promise<{ good: string; later: string; args: Properties }> {
  const { model } = world.simulator;
  model.writeFile(world.production, "orders", "good");
  const good = await taken(world, "good");
  world.clock.pass(2 * MINUTE - STEP_MS);
  model.writeFile(world.production, "orders", "ruined");
  const later = model.takeAutomaticSnapshot(world.production).id;
  return { good, later, args: argsFor(world, good) };
}

export const argsFor = (world: World, snapshotId: string): Properties => ({
  serviceName: world.serviceName,
  shareId: world.production,
  snapshotId,
  trigger: 1,
  confirmDataLossOf: world.production,
});

/** The revert of the program. */
export const undoOf = (world: World): Resource => world.resource("ovh:ShareRevert", "undo");

/** What the check finds, as the user reads it. */
export async function found(world: World, args: Properties): Promise<string[]> {
  const { failures } = await undoOf(world).check(args);
  return failures.map(({ property, reason }) => `${property} ${reason}`);
}
