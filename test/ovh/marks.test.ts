import { describe, expect, test } from "vitest";
import { keepingMark, marked, markOf, withoutMark } from "../../provider/ovh/marks";

const MARK = "abcdefghij234";
const operation = (logicalName: string) => ({ logicalName, marker: () => MARK, managed: () => new Map() });
const named = (logicalName: string, existing: { name?: string | null }[] = []) =>
  marked(operation(logicalName), {}, {}, { existing, inDescription: true });

describe("a name that we make", () => {
  test("says which resource it belongs to and begins with generation 0", () => {
    expect(named("data").texts.name).toBe(`data-${MARK}-0`);
  });

  test("has a generation past every object that exists, in whatever order they are listed", () => {
    const existing = [{ name: `data-${MARK}-1` }, { name: null }, {}, { name: `data-${MARK}-0` }];
    expect(named("data", existing).texts.name).toBe(`data-${MARK}-2`);
  });

  test("has a generation past what this process has made since the service was asked", () => {
    const managed = () => new Map([["1", { name: `data-${MARK}-0` }]]);
    const { texts } = marked({ ...operation("data"), managed }, {}, {}, { existing: [], inDescription: true });
    expect(texts.name).toBe(`data-${MARK}-1`);
  });

  test("uses a free generation again", () => {
    expect(named("data", [{ name: `data-${MARK}-1` }]).texts.name).toBe(`data-${MARK}-0`);
  });

  test("leaves room for the mark within 255 characters, however long the resource's name is", () => {
    const { name = "" } = named("x".repeat(400)).texts;
    expect(name.length).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^x{220}-abcdefghij234-0$/);
  });

  test("is known again whatever its generation, and no other name is", () => {
    const { carries } = named("data");
    expect(["data-abcdefghij234-0", "data-abcdefghij234-17"].every((name) => carries({ name }))).toBe(true);
    const others = [
      "data-abcdefghij234",
      "data-abcdefghij234-x",
      "data-abcdefghij235-0",
      "my-data-abcdefghij234-0",
      null,
    ];
    expect(others.some((name) => carries({ name }))).toBe(false);
  });
});

describe("the mark of an object whose name the program chose", () => {
  const chosen = (description?: string, inDescription = true) =>
    marked(operation("data"), {}, { name: "Production", description }, { existing: [], inDescription });

  test("stands at the end of its description", () => {
    expect(chosen("Kept for the audit").texts).toEqual({
      name: "Production",
      description: `Kept for the audit [holdfast ${MARK}]`,
    });
    expect(chosen().texts.description).toBe(`[holdfast ${MARK}]`);
  });

  test("is known again there, and by nothing else", () => {
    const { carries, marked: known } = chosen();
    expect(known).toBe(true);
    expect(carries({ name: "Renamed", description: `anything [holdfast ${MARK}]` })).toBe(true);
    expect(carries({ name: "Production", description: "" })).toBe(false);
    expect(carries({ name: "Production", description: `[holdfast ${MARK}] and more` })).toBe(false);
    expect(carries({ name: "Production", description: "[holdfast bbbbbbbbbbbbb]" })).toBe(false);
  });

  test("is left out where descriptions may have none, and where there is no room", () => {
    expect(chosen("Kept", false)).toMatchObject({ texts: { name: "Production", description: "Kept" }, marked: false });
    const long = "x".repeat(240);
    expect(chosen(long)).toMatchObject({ texts: { description: long }, marked: false });
    expect(chosen("x".repeat(230)).texts.description).toHaveLength(255);
  });

  test("changes nothing of a description, whatever blanks it begins or ends with", () => {
    for (const description of ["  indented", "two lines\n", " ", "ends with [holdfast bbbbbbbbbbbbb]"]) {
      expect(withoutMark(chosen(description).texts.description)).toBe(description);
      expect(withoutMark(keepingMark(description, `[holdfast ${MARK}]`))).toBe(description);
    }
  });

  test("is no part of the description that people see, and stays when that changes", () => {
    const description = `Kept for the audit [holdfast ${MARK}]`;
    expect(withoutMark(description)).toBe("Kept for the audit");
    expect(withoutMark(`[holdfast ${MARK}]`)).toBe("");
    expect(withoutMark("a [holdfast] text")).toBe("a [holdfast] text");
    expect(keepingMark("Free again", description)).toBe(`Free again [holdfast ${MARK}]`);
    expect(keepingMark("", description)).toBe(`[holdfast ${MARK}]`);
    expect(keepingMark("Free again", "without")).toBe("Free again");
  });
});

test("any mark of ours is found in a name or in a description", () => {
  expect(markOf({ name: `data-${MARK}-0` })).toBe(MARK);
  expect(markOf({ name: "Production", description: `x [holdfast ${MARK}]` })).toBe(MARK);
  expect(markOf({ name: "Production", description: null })).toBeUndefined();
});
