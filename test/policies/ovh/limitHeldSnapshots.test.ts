import { describe, expect } from "vitest";
import { type Given, UNKNOWN } from "../support/analyzer";
import { given, made, shareId } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-limit-held-snapshots";
const OTHER = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const many = (count: number, make: (number: number) => Given): Given[] =>
  Array.from({ length: count }, (_, number) => make(number));
const tooMany = (of: string, what: string, count: number, most: number) =>
  expect.stringMatching(
    new RegExp(
      `^advisory \\w+: ${of}: its ${what} gets ${count} manual snapshots from this program, more than the ${most} `,
    ),
  );

describe(RULE, () => {
  test("counts taken and held snapshots of one share, by its id", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxPerShare: 2 } });
    const three = [
      given("Snapshot", "a", { shareId }),
      given("HeldSnapshot", "b", { shareId }),
      { ...given("Snapshot", "c", { shareId }), inside: "x:y:C" },
    ];
    expect(said(await pack.all(three), RULE)).toEqual([tooMany("HeldSnapshot b", "share", 3, 2)]);
    expect(said(await pack.all(three.map((one) => made(one))), RULE)).toEqual([
      tooMany("HeldSnapshot b", "share", 3, 2),
    ]);
    expect(said(await pack.all(three.with(2, given("Snapshot", "c", { shareId: OTHER }))), RULE)).toEqual([]);
  });

  test("counts those of a share of the program together, whether they know its id yet or not", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxPerShare: 1 } });
    const of = { shareId: ["data"] };
    const data = given("Share", "data");
    const open = [
      data,
      given("Snapshot", "a", { shareId: UNKNOWN }, of),
      given("Snapshot", "b", { shareId: UNKNOWN }, of),
    ];
    expect(said(await pack.all(open), RULE)).toEqual([tooMany("Snapshot a", "share", 2, 1)]);
    const mixed = [
      data,
      made(given("Snapshot", "a", { shareId }, of)),
      given("Snapshot", "b", { shareId: UNKNOWN }, of),
    ];
    expect(said(await pack.all(mixed), RULE)).toEqual([tooMany("Snapshot a", "share", 2, 1)]);
    const apart = [
      data,
      given("Share", "more"),
      given("Snapshot", "a", { shareId: UNKNOWN }, of),
      given("Snapshot", "b", { shareId: UNKNOWN }, { shareId: ["more"] }),
      // Of these two nothing is known.
      given("Snapshot", "c", { shareId: UNKNOWN }),
      given("Snapshot", "d", { shareId: UNKNOWN }),
    ];
    expect(said(await pack.all(apart), RULE)).toEqual([]);
  });

  test("counts those of one service", async ({ pack }) => {
    const spread = (count: number) =>
      many(count, (number) => given("Snapshot", `s${number}`, { shareId: `share-${number}` }));
    expect(said(await pack.all(spread(51)), RULE)).toEqual([tooMany("Snapshot s0", "service", 51, 50)]);
    expect(said(await pack.all(spread(50)), RULE)).toEqual([]);
    expect(said(await pack.all(spread(51).with(0, given("Snapshot", "s0", { serviceName: OTHER }))), RULE)).toEqual([]);
    await pack.unconfigured();
    expect(said(await pack.all(spread(51)), RULE)).toEqual([tooMany("Snapshot s0", "service", 51, 50)]);
    await pack.configure({ [RULE]: { maxPerService: 60 } });
    expect(said(await pack.all(spread(51)), RULE)).toEqual([]);
  });

  test("says by default what the service says: 200 of one share", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxPerService: 1000 } });
    const of = (count: number) => many(count, (number) => given("Snapshot", `s${number}`, { shareId }));
    expect(said(await pack.all(of(201)), RULE)).toEqual([tooMany("Snapshot s0", "share", 201, 200)]);
    expect(said(await pack.all(of(200)), RULE)).toEqual([]);
  });
});
