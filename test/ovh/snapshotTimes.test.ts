import { expect, test } from "vitest";
import { describeSnapshot, namesOf, newestFirst, timeOf } from "../../provider/ovh/snapshotTimes";

const at = (id: string, createdAt: string | null) => ({ id, name: null, path: null, createdAt });

test("orders by the moment whatever the offset, and puts what has no time last", () => {
  const snapshots = [
    at("unknown", null),
    at("ten", "2026-01-31T10:00:00Z"),
    at("wrong", "yesterday"),
    at("eleven", "2026-01-31T12:00:00+01:00"),
    at("nine", "2026-01-31T09:00:00Z"),
  ];

  expect(newestFirst(snapshots).map(({ id }) => id)).toEqual(["eleven", "ten", "nine", "unknown", "wrong"]);
});

test("what has no time is neither newer nor older than anything", () => {
  const [known, unknown] = [timeOf(at("known", "2026-01-31T10:00:00Z")), timeOf(at("unknown", null))];

  expect([unknown < known, unknown > known, unknown >= known]).toEqual([false, false, false]);
});

test("knows a renamed snapshot by the last part of its path as well", () => {
  expect(namesOf({ name: "golden", path: "/.snapshot/hourly.2026-01-31_1000" })).toEqual([
    "golden",
    "hourly.2026-01-31_1000",
  ]);
  expect(namesOf({ name: null, path: null })).toEqual([]);
});

test("names a snapshot by its id, name and time, also where two of them are not known", () => {
  const snapshot = { id: "s1", name: "nightly", createdAt: "2026-01-31T10:00:00Z" };

  expect(describeSnapshot(snapshot)).toBe('s1 ("nightly", 2026-01-31T10:00:00Z)');
  expect(describeSnapshot({ id: "s1" })).toBe('s1 ("", of unknown time)');
});
