import { ABSENT } from "./diff";
import { HoldfastError } from "./errors";
import type { Lifecycle, Operation, Preview } from "./lifecycle";
import { equal, type Properties, visible } from "./properties";
import { containsUnknown } from "./unknowns";

/** Whether another provider wrote the state, and an alias of its type hands it over: ours carry a hidden key of ours. */
export const isForeign = (state: Properties): boolean =>
  state["__provider"] === undefined && state["__urn"] === undefined;

/**
 * What another provider's state tells of our inputs, as if we had written it: in our form, for a network can be written in
 * more than one way. What the program leaves out counts as left out before: taking over clears nothing.
 */
export async function takenOver(
  lifecycle: Lifecycle<Properties, Properties>,
  state: Properties,
  news: Properties,
  preview: Preview,
): Promise<Properties> {
  const set = lifecycle.inputKeys.filter((key) => news[key] !== undefined);
  const theirs = set.filter((key) => state[key] !== undefined).map((key) => [key, state[key]]);
  const { inputs } = await lifecycle.check(Object.fromEntries(theirs), preview);
  const left = lifecycle.inputKeys.filter((key) => !set.includes(key));
  return { ...inputs, status: state["status"], [ABSENT]: left.join(",") };
}

/**
 * Those of the inputs that the program has as they are recorded: in their state, or after a move that failed, in what the
 * program sent then. What the service has instead is for a refresh to show.
 */
export const asRecorded = (
  keys: readonly string[],
  recorded: Properties | undefined,
  news: Properties,
): readonly string[] => keys.filter((key) => news[key] !== undefined && equal(recorded?.[key], news[key]));

/** Nothing is replaced while it moves: the engine would have the old object deleted by the plugin that made it. */
export function refuseReplacement(
  lifecycle: Lifecycle<Properties, Properties>,
  theirs: Properties,
  news: Properties,
  preview: Preview,
): void {
  const differing = lifecycle.diff(theirs, visible(news), preview).replaces;
  if (differing.length === 0) return;
  const told = differing.map((key) => `${key} is ${shown(theirs[key])} in its state and ${shown(news[key])} here`);
  throw new HoldfastError(
    `it comes from another provider, and ${told.join(", ")}. That would make a new object, and nothing is replaced while it moves: set ${differing.map((key) => `${key} to ${shown(theirs[key])}`).join(", ")}, run pulumi up, and change it afterwards.`,
  );
}

/** Looks at the object before it is changed. From here on it is ours, whatever fails, so that refresh and destroy find it. */
export async function adopt(
  lifecycle: Lifecycle<Properties, Properties>,
  id: string,
  theirs: Properties,
  news: Properties,
  operation: Operation,
  preview: Preview,
): Promise<void> {
  const live = await lifecycle.read(id, visible(theirs), operation);
  operation.exists(id, live ?? {});
  if (live === undefined) {
    throw new HoldfastError(
      `${id} is in the state that another provider wrote, but the service does not have it any more. Run pulumi refresh, then pulumi up makes a new one.`,
    );
  }
  const differing = lifecycle.diff({ ...live, [ABSENT]: theirs[ABSENT] }, visible(news), preview).replaces;
  if (differing.length === 0) return;
  const told = differing.map((key) => `${key} is ${shown(live[key])} at the service, not ${shown(news[key])}`);
  throw new HoldfastError(
    `${told.join(", ")} as the other provider's state says. Set it to what the service has, or the next pulumi up makes a new object.`,
  );
}

const shown = (value: unknown): string =>
  containsUnknown(value) ? "not known yet" : value === undefined ? "not set" : JSON.stringify(value);
