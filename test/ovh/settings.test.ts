import { expect, test } from "vitest";
import { EXPLICIT_KEY } from "../../provider/core/credentials";
import { ConfigurationError } from "../../provider/core/errors";
import type { Setting } from "../../provider/core/settings";
import { adoptWithinMinutes, descriptionMark, requestsPerSecond } from "../../provider/ovh/settings";

const read = <T>(setting: Setting<T>, config: Record<string, string> = {}, environment: NodeJS.ProcessEnv = {}) =>
  setting.read((key) => config[key], environment);

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error("expected a ConfigurationError");
};

test("a setting is taken from the configuration before the environment, and an empty text is none", () => {
  const environment = { HOLDFAST_REQUESTS_PER_SECOND: "7" };
  expect(read(requestsPerSecond)).toBeUndefined();
  expect(read(requestsPerSecond, {}, environment)).toBe(7);
  expect(read(requestsPerSecond, { "ovh:requestsPerSecond": "0.5" }, environment)).toBe(0.5);
  expect(read(requestsPerSecond, { "ovh:requestsPerSecond": " " }, environment)).toBe(7);
});

test("an explicit provider's argument is named as such, and the environment serves it too", () => {
  const provider = { [EXPLICIT_KEY]: 'ovh.Provider "second"' };
  expect(read(requestsPerSecond, provider, { HOLDFAST_REQUESTS_PER_SECOND: "7" })).toBe(7);
  expect(refusal(() => read(requestsPerSecond, { ...provider, "ovh:requestsPerSecond": "many" }))).toBe(
    'ovh.Provider "second": requestsPerSecond is "many", but must be a number above 0, such as 10. Set it so, or remove it.',
  );
});

test.each(["0", "0.0", "-1", "ten", "1e3", "0x10", "Infinity", "1,5", "9".repeat(400)])(
  "%s is no number of requests per second",
  (value) => {
    expect(refusal(() => read(requestsPerSecond, { "ovh:requestsPerSecond": value }))).toBe(
      `ovh:requestsPerSecond is "${value}", but must be a number above 0, such as 10. Set it so, or remove it.`,
    );
    expect(refusal(() => read(requestsPerSecond, {}, { HOLDFAST_REQUESTS_PER_SECOND: value }))).toMatch(
      /^HOLDFAST_REQUESTS_PER_SECOND is /,
    );
  },
);

test("minutes may be none at all", () => {
  expect(read(adoptWithinMinutes, { "ovh:adoptWithinMinutes": "0" })).toBe(0);
  expect(read(adoptWithinMinutes, {}, { HOLDFAST_ADOPT_WITHIN_MINUTES: "90" })).toBe(90);
  expect(refusal(() => read(adoptWithinMinutes, { "ovh:adoptWithinMinutes": "-1" }))).toContain("a number from 0 on");
});

test("a switch is true or false and no other word", () => {
  expect(read(descriptionMark)).toBeUndefined();
  expect(read(descriptionMark, { "ovh:descriptionMark": "false" }, { HOLDFAST_DESCRIPTION_MARK: "true" })).toBe(false);
  expect(read(descriptionMark, {}, { HOLDFAST_DESCRIPTION_MARK: "true" })).toBe(true);
  for (const value of ["no", "toString", "False"]) {
    expect(refusal(() => read(descriptionMark, { "ovh:descriptionMark": value }))).toBe(
      `ovh:descriptionMark is "${value}", but must be true or false. Set it so, or remove it.`,
    );
  }
});
