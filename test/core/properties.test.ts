import { describe, expect, test } from "vitest";
import { clean, equal, isHidden, type Properties, recorded, visible } from "../../provider/core/properties";

/** As from the engine's JSON: `__proto__` is an ordinary member there. */
const parsed = (text: string): Properties => JSON.parse(text);

describe("what goes to the engine", () => {
  test("has no undefined and no null member at any depth, but keeps zero, false and empty texts", () => {
    const given = { a: undefined, b: null, c: 0, d: false, e: "", f: { g: undefined, h: [1, { i: null }] } };
    expect(clean(given)).toStrictEqual({ c: 0, d: false, e: "", f: { h: [1, {}] } });
  });

  test("keeps the places of a list", () => {
    expect(clean({ list: [1, undefined, null, 2] })).toStrictEqual({ list: [1, null, null, 2] });
  });

  test("has times as texts and large integers as numbers", () => {
    expect(clean({ at: new Date(0), size: 5n })).toStrictEqual({ at: "1970-01-01T00:00:00.000Z", size: 5 });
  });

  test.each([
    [{ size: Number.NaN }, "size is not a finite number"],
    [{ size: [1, Number.POSITIVE_INFINITY] }, "size[1] is not a finite number"],
    [{ size: 2n ** 60n }, "size is 1152921504606846976: too large for the state"],
    [{ size: () => 1 }, "size is a function: it can't be stored in the state"],
    [{ size: Symbol("x") }, "size is a symbol: it can't be stored in the state"],
  ])("refuses what the engine can't store, by name: %o", (properties, message) => {
    expect(() => clean(properties)).toThrow(message);
  });

  test("keeps members that are called like parts of every object", () => {
    const given = parsed(
      '{"tags": {"__proto__": {"a": 1}, "constructor": "x", "toString": 1, "hasOwnProperty": true}}',
    );
    const result = clean(given);
    expect(JSON.stringify(result)).toBe(JSON.stringify(given));
    expect(Reflect.get({}, "a")).toBeUndefined();
  });
});

describe("two values are equal", () => {
  test.each([
    [1, 1],
    ["a", "a"],
    [null, null],
    [[], []],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [{ a: 1, b: undefined }, { a: 1 }],
  ])("when they mean the same: %j and %j", (left, right) => {
    expect([equal(left, right), equal(right, left)]).toEqual([true, true]);
  });

  test.each([
    [1, "1"],
    [0, false],
    [null, undefined],
    [null, {}],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: undefined }, { b: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{}, parsed('{"__proto__": 1}')],
    [parsed('{"constructor": 1}'), parsed('{"toString": 1}')],
    [{}, parsed('{"constructor": 1}')],
  ])("and not when they differ: %j and %j", (left, right) => {
    expect([equal(left, right), equal(right, left)]).toEqual([false, false]);
  });

  test("also with members that are called like parts of every object", () => {
    expect(equal(parsed('{"__proto__": {"a": 1}}'), parsed('{"__proto__": {"a": 1}}'))).toBe(true);
    expect(equal(parsed('{"__proto__": {"a": 1}}'), parsed('{"__proto__": {"a": 2}}'))).toBe(false);
  });
});

test("keys with two underscores are hidden, others are not", () => {
  expect(["__urn", "__", "_x", "x__"].map(isHidden)).toEqual([true, true, false, false]);
  expect(visible({ __urn: 1, _x: 2, size: 3 })).toEqual({ _x: 2, size: 3 });
});

test.each([undefined, ""])(
  "a state whose parent is %j can't be looked up, which is an error and not a proof",
  (value) => {
    expect(() => recorded({ serviceName: value }, "serviceName")).toThrow("the state has no serviceName");
  },
);
