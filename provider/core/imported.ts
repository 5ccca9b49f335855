import { ABSENT, absentInputs } from "./diff";
import type { CheckResult, Lifecycle } from "./lifecycle";
import { clean, keysIn, type Properties, visible } from "./properties";
import { containsUnknown } from "./unknowns";

/**
 * Hidden output of an import: the inputs of which nobody knows yet whether the program sets them, nor all of their
 * values. The first update takes it away.
 */
const UNTOLD = "__untold";

const untoldInputs = (state: Properties): readonly string[] => keysIn(state[UNTOLD]);

/** Whether the state tells of every input: after an import it does so from the first update on. */
export const tellsAll = (state: Properties): boolean => untoldInputs(state).length === 0;

/**
 * An imported state as if we had written it: it differs from the program only where the program differs from the service.
 * What the state does not tell is in the inputs that the program sent the last time. Where it has not sent any yet
 * (`sent` is undefined), the first ones count: what they leave out was never set, and where the service reports no value,
 * theirs is the value.
 */
export function told(state: Properties, sent: Properties | undefined, news: Properties): Properties {
  const untold = untoldInputs(state);
  if (untold.length === 0) return state;
  const { [UNTOLD]: _, ...whole } = state;
  const inputs = sent ?? news;
  const set = untold.filter((key) => inputs[key] !== undefined);
  for (const key of set) if (!containsUnknown(inputs[key])) whole[key] ??= inputs[key];
  const left = untold.filter((key) => !set.includes(key));
  return { ...whole, [ABSENT]: [...(absentInputs(state) ?? []), ...left].join(",") };
}

/** What the state is to hold of an object that the program has not made. */
export interface Imported {
  inputs: Properties;
  outputs: Properties;
}

/**
 * The state of an object that was read. Its inputs are only those that every program must set: more would show as taken
 * out beside the first change.
 * @param check the lifecycle's, for inputs without hidden ones
 * @param live what read answered, and the parents
 * @param reported optional inputs that the service reports where they are set: one without a value is not set
 */
export async function importedState(
  { inputKeys }: Pick<Lifecycle<Properties, Properties>, "inputKeys">,
  check: (inputs: Properties) => Promise<CheckResult>,
  live: Properties,
  reported: readonly string[],
): Promise<Imported> {
  const given = Object.fromEntries(Object.entries(live).filter(([key]) => inputKeys.includes(key)));
  const required: Properties = {};
  for (const [key, value] of Object.entries(given)) {
    const { [key]: _, ...others } = given;
    const { failures } = await check(others);
    if (failures.some(({ property }) => property === key)) required[key] = value;
  }
  const { inputs } = await check(required);
  const absent = reported.filter((key) => given[key] === undefined);
  const untold = inputKeys.filter((key) => !Object.hasOwn(required, key) && !absent.includes(key));
  return {
    inputs: clean(visible(inputs)),
    outputs: clean({
      ...visible(live),
      [ABSENT]: absent.length > 0 ? absent.join(",") : undefined,
      [UNTOLD]: untold.length > 0 ? untold.join(",") : undefined,
    }),
  };
}
