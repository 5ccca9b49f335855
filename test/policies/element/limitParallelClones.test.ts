import { describe, expect } from "vitest";
import { type Given, UNKNOWN } from "../support/analyzer";
import { clone, data, made, point } from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-limit-parallel-clones";
const tooMany = (name: string, of: string, count: number, most: number, setting: string) =>
  `advisory ${name}: VolumeClone ${name}: ${of} gets ${count} new clones in one update, more than the ${most} that are copied at once: the others wait. Make them later, or raise ${setting}.`;
const perSource = (name: string, count: number, most = 2) => tooMany(name, "its source", count, most, "maxPerSource");
const perUpdate = (name: string, count: number, most = 8) => tooMany(name, "its cluster", count, most, "maxPerUpdate");
const clones = (count: number, make: (number: number) => Given = () => clone()): Given[] =>
  Array.from({ length: count }, (_, number) => ({ ...make(number), name: `c${number}` }));

describe(RULE, () => {
  test("counts the new clones of one volume, of whatever snapshot", async ({ pack }) => {
    const three = clones(3, (number) => clone({ snapshotID: number === 0 ? undefined : number }));
    expect(said(await pack.all(three), RULE)).toEqual([perSource("c0", 3)]);
    expect(said(await pack.all(three.toReversed()), RULE)).toEqual([perSource("c0", 3)]);
    expect(said(await pack.all(three.slice(1)), RULE)).toEqual([]);
    expect(said(await pack.all(three.with(2, { ...clone({ volumeID: 6 }), name: "c2" })), RULE)).toEqual([]);
    await pack.unconfigured();
    expect(said(await pack.all(three), RULE)).toEqual([perSource("c0", 3)]);
  });

  test("does not count what exists", async ({ pack }) => {
    const three = clones(3);
    expect(said(await pack.all(three.map((one) => made(one))), RULE)).toEqual([]);
    expect(said(await pack.all([...three.slice(1), ...three.slice(0, 1).map((one) => made(one))]), RULE)).toEqual([]);
  });

  test("counts those of a clone or a snapshot of the program that is yet to be made", async ({ pack }) => {
    const live = clones(2, () => ({ ...clone({ volumeID: UNKNOWN }), from: { volumeID: ["data"] } }));
    const ofPoint = { ...clone({ volumeID: UNKNOWN }), name: "c2", from: { volumeID: ["point"] } };
    const others = [data(), { ...point({ volumeID: UNKNOWN }), from: { volumeID: ["data"] } }];
    expect(said(await pack.all([...live, ofPoint, ...others]), RULE)).toEqual([perSource("c0", 3)]);
    // Of these, nobody knows what they are made from.
    expect(said(await pack.all(clones(3, () => clone({ volumeID: UNKNOWN }))), RULE)).toEqual([]);
  });

  test("counts all of a cluster", async ({ pack }) => {
    const spread = (count: number) => clones(count, (volumeID) => clone({ volumeID }));
    expect(said(await pack.all(spread(9)), RULE)).toEqual([perUpdate("c0", 9)]);
    expect(said(await pack.all(spread(8)), RULE)).toEqual([]);
  });

  test("tells clusters apart, whose IDs may be equal, by their providers", async ({ pack }) => {
    const nine = clones(9, (number) => ({ ...clone(), provider: number < 2 ? "lab" : `dc${number % 4}` }));
    expect(said(await pack.all(nine), RULE)).toEqual([]);
    const three = clones(3, () => ({ ...clone(), provider: "lab" }));
    expect(said(await pack.all(three), RULE)).toEqual([perSource("c0", 3)]);
  });

  test("takes the team's own limits", async ({ pack }) => {
    await pack.configure({ [RULE]: { maxPerSource: 3, maxPerUpdate: 4 } });
    expect(said(await pack.all(clones(3)), RULE)).toEqual([]);
    expect(said(await pack.all(clones(5)), RULE)).toEqual([perSource("c0", 5, 3), perUpdate("c0", 5, 4)]);
  });
});
