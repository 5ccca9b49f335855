import { describe, expect } from "vitest";
import { secret, UNKNOWN } from "../support/analyzer";
import { clone, data, knownClone, made, production, testing, volumeID } from "../support/element";
import { said, test } from "../support/test";

const RULE = "element-separate-clone-account";
const says = (problem: string) => `mandatory copy: VolumeClone copy: ${problem}`;
const leftOut = says(
  "newAccountID is left out, so that a clone lands in the account of its source. Give it that of another one.",
);
const same = says("newAccountID is the account of its source. Give it that of another one.");
const listed = says("newAccountID is one of productionAccounts, which no clone lands in. Give it another one.");
const note = (problem: string) =>
  `advisory copy: VolumeClone copy: not decided yet: ${problem} This rule decides during the update.`;

describe(RULE, () => {
  test("refuses a clone without an account of its own, looked up or not", async ({ pack }) => {
    expect(said(await pack.analyze(clone({ newAccountID: undefined })), RULE)).toEqual([leftOut]);
    expect(said(await pack.all([clone({ newAccountID: null })]), RULE)).toEqual([leftOut]);
    expect(said(await pack.all([knownClone({ newAccountID: undefined })]), RULE)).toEqual([leftOut]);
    await pack.unconfigured();
    expect(said(await pack.all([clone({ newAccountID: undefined })]), RULE)).toEqual([leftOut]);
  });

  test("refuses the account of a source that was looked up, and takes any other one", async ({ pack }) => {
    expect(said(await pack.all([knownClone({ newAccountID: production })]), RULE)).toEqual([same]);
    expect(said(await pack.all([knownClone({ newAccountID: testing })]), RULE)).toEqual([]);
    // The account counts whichever snapshot of the volume it is.
    const open = knownClone({ newAccountID: production, snapshotID: UNKNOWN }, { snapshotID: undefined });
    expect(said(await pack.all([open]), RULE)).toEqual([same]);
  });

  test("says the same of what exists", async ({ pack }) => {
    const bare = made(clone({ newAccountID: undefined }), { accountID: production });
    expect(said(await pack.all([bare]), RULE)).toEqual([leftOut]);
    const kept = made(knownClone({ newAccountID: production }), { accountID: production });
    expect(said(await pack.all([kept]), RULE)).toEqual([same]);
    expect(said(await pack.all([made(clone(), { accountID: testing })]), RULE)).toEqual([]);
  });

  test("lets no clone into an account of production, whatever its source", async ({ pack }) => {
    await pack.configure({ [RULE]: { productionAccounts: [8, 9] } });
    for (const one of [
      clone({ newAccountID: 9 }),
      knownClone({ newAccountID: 9 }),
      made(clone({ newAccountID: 9 }), { accountID: 9 }),
    ]) {
      expect(said(await pack.all([one]), RULE)).toEqual([listed]);
    }
    expect(said(await pack.all([knownClone({ newAccountID: 9 }, { accountID: 9 })]), RULE)).toEqual([listed]);
    expect(said(await pack.all([knownClone()]), RULE)).toEqual([]);
  });

  test("compares with the account of a clone of the program", async ({ pack }) => {
    const of = (newAccountID: unknown, dataProps: Record<string, unknown>) => [
      { ...clone({ volumeID: UNKNOWN, newAccountID }), from: { volumeID: ["data"] } },
      data(dataProps),
    ];
    expect(said(await pack.all(of(testing, { newAccountID: testing })), RULE)).toEqual([same]);
    expect(said(await pack.all(of(testing, { newAccountID: 3 })), RULE)).toEqual([]);
    expect(said(await pack.all(of(testing, { status: "active", accountID: testing })), RULE)).toEqual([same]);
    expect(said(await pack.all(of(testing, { newAccountID: UNKNOWN })), RULE)).toContain(
      note("the account of its source is not known."),
    );
    // While a change hides what data has, its ID is known, and that of its source.
    const named = (id: number) => ({ ...clone({ volumeID: id }), from: { volumeID: ["data"] } });
    expect(said(await pack.all([named(7), data()]), RULE)).toEqual([same]);
    expect(said(await pack.all([named(volumeID), data()]), RULE)).toEqual([
      note("the account of its source is not known."),
    ]);
    const bare = { ...knownClone({ newAccountID: undefined }), name: "data" };
    expect(said(await pack.all([...of(production, {}).slice(0, 1), bare]), RULE)).toEqual([
      expect.stringMatching(/^mandatory data: /),
      same,
    ]);
  });

  test("notes accounts that are not known yet", async ({ pack }) => {
    expect(said(await pack.all([clone()]), RULE)).toEqual([note("the account of its source is not known.")]);
    expect(said(await pack.all([clone({ newAccountID: UNKNOWN })]), RULE)).toEqual([
      note("newAccountID is not known yet."),
    ]);
    await pack.configure({ [RULE]: { undecided: "mandatory" } });
    expect(said(await pack.all([clone()]), RULE)).toEqual([
      expect.stringMatching(/^mandatory copy: .*not decided yet/),
    ]);
  });

  test("prints no account that may be a secret", async ({ pack }) => {
    await pack.configure({ [RULE]: { productionAccounts: [7654] } });
    const [only] = said(await pack.all([clone({ newAccountID: secret(7654) })]), RULE);
    expect(only).toEqual(listed);
  });
});
