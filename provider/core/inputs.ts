import { absentInputs } from "./diff";
import { FACTS } from "./facts";
import type { Lifecycle } from "./lifecycle";
import { equal, isHidden, type Properties, visible } from "./properties";
import { containsUnknown } from "./unknowns";

/** The inputs that a state speaks of: what the program set, with the values that the service has now, and recorded facts. */
export function inputsOf(
  lifecycle: Lifecycle<Properties, Properties>,
  recorded: Properties,
  live: Properties,
): Properties {
  const absent = absentInputs(recorded) ?? lifecycle.inputKeys.filter((key) => recorded[key] === undefined);
  const given = Object.entries(live).filter(([key]) =>
    isHidden(key)
      ? key === "__urn" || key === "__organization"
      : key === FACTS || (lifecycle.inputKeys.includes(key) && !absent.includes(key)),
  );
  return Object.fromEntries(given);
}

/** The inputs that are not as recorded. */
export const differing = (
  lifecycle: Lifecycle<Properties, Properties>,
  recorded: Properties,
  news: Properties,
): string[] => lifecycle.inputKeys.filter((key) => containsUnknown(news[key]) || !equal(recorded[key], news[key]));

/** Whether at most hints differ, which the state's inputs may have and its outputs not, and what is named beside them. */
export const sameBut = (
  lifecycle: Lifecycle<Properties, Properties>,
  recorded: Properties,
  news: Properties,
  ...others: readonly string[]
): boolean =>
  differing(lifecycle, recorded, news).every((key) => lifecycle.hints?.includes(key) || others.includes(key));

/** What the service said, without the inputs that the program sets. An input that it leaves out stays: a name, say. */
export const withoutInputs = (lifecycle: Lifecycle<Properties, Properties>, state: Properties): Properties => {
  const given = inputsOf(lifecycle, state, state);
  return Object.fromEntries(Object.entries(visible(state)).filter(([key]) => !Object.hasOwn(given, key)));
};
