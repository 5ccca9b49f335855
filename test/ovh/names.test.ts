import { expect, test } from "vitest";
import type { Operation } from "../../provider/core/lifecycle";
import { autoName } from "../../provider/ovh/names";

/** The parts of an operation that a name is made of. */
const operation = (logicalName: string): Operation => ({
  logicalName,
  marker: () => "abcdefghij234",
  exists: () => {},
  dropped: [],
  untouched: [],
  creating: true,
  managed: () => new Map(),
  warn: () => {},
  now: () => 0,
  wait: async () => undefined,
});

test("a name says which resource it belongs to and begins with generation 0", () => {
  expect(autoName(operation("data"), {}, [])).toBe("data-abcdefghij234-0");
});

test("the generation goes up past every object that exists, in whatever order they are listed", () => {
  const existing = [{ name: "data-abcdefghij234-1" }, { name: null }, {}, { name: "data-abcdefghij234-0" }];
  expect(autoName(operation("data"), {}, existing)).toBe("data-abcdefghij234-2");
});

test("a free generation is used again", () => {
  expect(autoName(operation("data"), {}, [{ name: "data-abcdefghij234-1" }])).toBe("data-abcdefghij234-0");
});

test("a long resource name leaves room for the mark within 255 characters", () => {
  const name = autoName(operation("x".repeat(400)), {}, []);
  expect(name.length).toBeLessThanOrEqual(255);
  expect(name).toMatch(/^x{220}-abcdefghij234-0$/);
});
