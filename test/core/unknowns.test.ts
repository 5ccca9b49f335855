import { expect, test } from "vitest";
import { containsUnknown, isUnknown } from "../../provider/core/unknowns";

/** From the SDK (`runtime/rpc`) and the engine (`resource/plugin/rpc.go`): bool, number, string, list, asset, archive, object. */
const PLACEHOLDERS = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

test.each(PLACEHOLDERS)("%s is a value that is not known yet, at any depth", (placeholder) => {
  expect(isUnknown(placeholder)).toBe(true);
  expect(containsUnknown({ a: [{ b: placeholder }] })).toBe(true);
});

test.each([undefined, null, 0, "", "04da6b54-80e4-46f7-96ec-b56ff0331ba8", {}, [], { a: [1, null] }])(
  "%j is known",
  (value) => {
    expect(containsUnknown(value)).toBe(false);
  },
);
