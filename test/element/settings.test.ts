import { expect, test } from "vitest";
import { EXPLICIT_KEY } from "../../provider/core/credentials";
import { adoptWithinMinutes, storageSettings } from "../../provider/element/settings";

const read = (config: Record<string, string>, environment: NodeJS.ProcessEnv = {}) =>
  adoptWithinMinutes.read((key) => config[key], environment);

test("the minutes are Element's own in the configuration, and shared with the other systems in the environment", () => {
  const environment = { HOLDFAST_ADOPT_WITHIN_MINUTES: "90" };
  expect(read({ "element:adoptWithinMinutes": "0" }, environment)).toBe(0);
  expect(read({ "ovh:adoptWithinMinutes": "5" }, environment)).toBe(90);
  expect(read({ "ovh:adoptWithinMinutes": "5" })).toBeUndefined();
});

test("without any, what is an hour old at most is taken over", () => {
  expect(storageSettings(() => undefined)).toEqual({ adoptWithinMinutes: 60 });
  const config = (key: string) => (key === "element:adoptWithinMinutes" ? "7.5" : undefined);
  expect(storageSettings(config)).toEqual({ adoptWithinMinutes: 7.5 });
});

test("a wrong number is named with the place where it is set", () => {
  expect(() => read({ "element:adoptWithinMinutes": "soon" })).toThrow(
    'element:adoptWithinMinutes is "soon", but must be a number from 0 on, such as 60. Set it so, or remove it.',
  );
  const provider = { [EXPLICIT_KEY]: 'element.Provider "second"', "element:adoptWithinMinutes": "-1" };
  expect(() => read(provider)).toThrow('element.Provider "second": adoptWithinMinutes is "-1"');
});
