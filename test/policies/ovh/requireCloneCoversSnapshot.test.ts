import { describe, expect } from "vitest";
import { type Given, secret, UNKNOWN } from "../support/analyzer";
import { clone, given, made, shareId, snapshotId, source } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-require-clone-covers-snapshot";
const tooSmall = (of: string, needed: number) =>
  `mandatory staging: ShareClone staging: size is less than the ${needed} GiB that ${of} needs, the size of its share when it is made. Set size to at least that.`;
const note =
  "the size of the share that is cloned is not known. Create decides: it refuses a clone that is smaller than its snapshot.";

/** Share, snapshot and clone, all new. */
const program = (shareSize: unknown, cloneSize: unknown, kind = "Snapshot"): Given[] => [
  given("ShareClone", "staging", { snapshotId: UNKNOWN, size: cloneSize }, { snapshotId: ["point"] }),
  given(kind, "point", { shareId: UNKNOWN }, { shareId: ["data"] }),
  given("Share", "data", { size: shareSize }),
];

describe(RULE, () => {
  test("compares with the share's size while all are made together, and an equal size is enough", async ({ pack }) => {
    expect(said(await pack.all(program(300, 299)), RULE)).toEqual([tooSmall("Snapshot point", 300)]);
    expect(said(await pack.all(program(300, 299, "HeldSnapshot")), RULE)).toEqual([
      tooSmall("HeldSnapshot point", 300),
    ]);
    expect(said(await pack.all(program(300, 300)), RULE)).toEqual([]);
    await pack.unconfigured();
    expect(said(await pack.all(program(300, 299)), RULE)).toEqual([tooSmall("Snapshot point", 300)]);
  });

  test("compares with a clone that is snapshotted, and inside of components", async ({ pack }) => {
    const [staging, point] = program(300, 200).map((one) => ({ ...one, inside: "team:Environment" }));
    if (staging === undefined || point === undefined) throw new Error("a clone and a snapshot");
    const chain = [staging, point, given("ShareClone", "data", { size: 300 })];
    expect(said(await pack.all(chain), RULE)).toContain(tooSmall("Snapshot point", 300));
  });

  test("compares with what a snapshot has recorded, whatever became of its share since", async ({ pack }) => {
    const [staging, point, data] = program(500, 200);
    if (staging === undefined || point === undefined || data === undefined) throw new Error("three resources");
    const recorded = [staging, made(point, { shareId, shareSize: 200 }), made(data)];
    expect(said(await pack.all(recorded), RULE)).toEqual([]);
    const larger = [staging, made(point, { shareId, shareSize: 250 }), made(data)];
    expect(said(await pack.all(larger), RULE)).toEqual([tooSmall("Snapshot point", 250)]);
    // An imported snapshot has recorded nothing.
    const imported = [staging, made(point, { shareId }), made(data)];
    expect(said(await pack.all(imported), RULE)).toEqual([
      expect.stringContaining(`advisory staging: ShareClone staging: not decided yet: ${note}`),
    ]);
  });

  test("lets a clone be shrunk once it is made, and notes the preview of that, which looks like a new one", async ({
    pack,
  }) => {
    const [staging, point, data] = program(500, 200);
    if (staging === undefined || point === undefined || data === undefined) throw new Error("three resources");
    const others = [made(point, { shareId, shareSize: 250 }), made(data)];
    expect(said(await pack.all([made(staging, { snapshotId }), ...others]), RULE)).toEqual([]);
    const shrinking = { ...staging, props: { ...staging.props, snapshotId } };
    expect(said(await pack.all([shrinking, ...others]), RULE)).toEqual([
      "advisory staging: ShareClone staging: not decided yet: size is less than the 250 GiB that Snapshot point needs, the size of its share when it is made. A clone that exists may be smaller. Create decides: it refuses a clone that is smaller than its snapshot.",
    ]);
  });

  test("compares no clone with a share that was extended after its snapshot, whose change hides what it recorded", async ({
    pack,
  }) => {
    const [staging, point, data] = program(500, 300);
    if (staging === undefined || point === undefined || data === undefined) throw new Error("three resources");
    const changing = { ...point, props: { ...point.props, shareId, description: "another" } };
    const known = { ...staging, props: { ...staging.props, snapshotId } };
    expect(said(await pack.all([made(known), changing, made(data)]), RULE)).toEqual([]);
    expect(said(await pack.all([known, changing, made(data)]), RULE)).toEqual([
      expect.stringContaining(`advisory staging: ShareClone staging: not decided yet: ${note}`),
    ]);
  });

  test("only notes that a snapshot's share is larger now, as it may not have been then", async ({ pack }) => {
    const by = async (size: number) =>
      said(await pack.all([clone({ size, source: source({ presentShareSizeGiB: 200 }) })]), RULE);
    expect(await by(199)).toEqual([
      "advisory staging: ShareClone staging: not decided yet: size is less than the 200 GiB that the snapshot's share has now, which may be more than it had then. Create decides: it refuses a clone that is smaller than its snapshot.",
    ]);
    expect(await by(200)).toEqual([]);
  });

  test("notes what it can't know: sizes, and what an ID stands for", async ({ pack }) => {
    expect(said(await pack.all([clone()]), RULE)).toEqual([
      expect.stringContaining(`advisory staging: ShareClone staging: not decided yet: ${note}`),
    ]);
    expect(said(await pack.all(program(UNKNOWN, 200)), RULE)).toEqual([expect.stringContaining(note)]);
    expect(said(await pack.all(program(300, UNKNOWN)), RULE)).toEqual([
      expect.stringMatching(/^advisory staging: .* size is not known yet\. Create decides/),
    ]);
    expect(said(await pack.all([made(clone())]), RULE)).toEqual([]);
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([clone()]), RULE)).toEqual([expect.stringMatching(/^mandatory staging/)]);
  });

  test("refuses only what fits none of the snapshots that the program chooses between", async ({ pack }) => {
    const both = (first: number, second: number) => [
      given("ShareClone", "staging", { snapshotId: UNKNOWN, size: 200 }, { snapshotId: ["one", "two"] }),
      given("Snapshot", "one", { shareId: UNKNOWN }, { shareId: ["first"] }),
      given("Snapshot", "two", { shareId: UNKNOWN }, { shareId: ["second"] }),
      given("Share", "first", { size: first }),
      given("Share", "second", { size: second }),
    ];
    expect(said(await pack.all(both(300, 400)), RULE)).toEqual([tooSmall("Snapshot one", 300)]);
    expect(said(await pack.all(both(100, 400)), RULE)).toEqual([
      expect.stringMatching(/^advisory .*Snapshot two, if that/),
    ]);
    expect(said(await pack.all(both(100, 200)), RULE)).toEqual([]);
  });

  test("reads secrets, and prints no size of the clone", async ({ pack }) => {
    const [only] = said(await pack.all(program(secret(300), secret(277))), RULE);
    expect(only).toEqual(tooSmall("Snapshot point", 300));
    expect(only).not.toContain("277");
  });
});
