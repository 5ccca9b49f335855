import { describe, expect } from "vitest";
import { type Given, UNKNOWN } from "../support/analyzer";
import { clone, given, made, serviceName, snapshotId, source } from "../support/ovh";
import { said, test } from "../support/test";

const RULE = "ovh-require-clone-same-service";
const OTHER = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const program = (ofClone: string, ofSnapshot: string): Given[] => [
  given("ShareClone", "staging", { serviceName: ofClone, snapshotId: UNKNOWN, size: 200 }, { snapshotId: ["point"] }),
  { ...given("HeldSnapshot", "point", { serviceName: ofSnapshot }), inside: "team:Environment" },
];

describe(RULE, () => {
  test("refuses a clone in another service, in a preview and in the state", async ({ pack }) => {
    const refused = [
      "mandatory staging: ShareClone staging: serviceName is not that of HeldSnapshot point, and no snapshot can be cloned into another service. Set both to the same service.",
    ];
    const apart = program(OTHER, serviceName);
    expect(said(await pack.all(apart), RULE)).toEqual(refused);
    expect(said(await pack.all(apart.map((one) => made(one))), RULE)).toEqual(refused);
    await pack.unconfigured();
    expect(said(await pack.all(apart), RULE)).toEqual(refused);
    expect(said(await pack.all(program(serviceName, serviceName)), RULE)).toEqual([]);
  });

  test("refuses only what is in the service of none of the snapshots that the program chooses between", async ({
    pack,
  }) => {
    const both = (one: string, two: string) => [
      given("ShareClone", "staging", { snapshotId: UNKNOWN, size: 200 }, { snapshotId: ["one", "two"] }),
      given("Snapshot", "one", { serviceName: one }),
      given("Snapshot", "two", { serviceName: two }),
    ];
    expect(said(await pack.all(both(OTHER, OTHER)), RULE)).toEqual([
      expect.stringMatching(/^mandatory .*Snapshot one/),
    ]);
    expect(said(await pack.all(both(serviceName, OTHER)), RULE)).toEqual([
      "advisory staging: ShareClone staging: not decided yet: serviceName is not that of Snapshot two, if that is cloned. Create decides: it looks for the snapshot in the clone's service.",
    ]);
    expect(said(await pack.all(both(UNKNOWN, OTHER)), RULE)).toEqual([expect.stringMatching(/^advisory /)]);
    expect(said(await pack.all(both(serviceName, serviceName)), RULE)).toEqual([]);
  });

  test("takes a snapshot that was looked up for one of the clone's service, and notes one that was not", async ({
    pack,
  }) => {
    expect(said(await pack.all([clone({ source: source() })]), RULE)).toEqual([]);
    expect(said(await pack.all([clone()]), RULE)).toEqual([
      "advisory staging: ShareClone staging: not decided yet: nothing is known here of its snapshot. Create decides: it looks for the snapshot in the clone's service.",
    ]);
    expect(said(await pack.all([made(clone(), { snapshotId })]), RULE)).toEqual([]);
  });

  test("notes a service that is not known yet, and refuses it where a gate insists", async ({ pack }) => {
    for (const open of [program(UNKNOWN, serviceName), program(serviceName, UNKNOWN)]) {
      await pack.configure();
      expect(said(await pack.all(open), RULE)).toEqual([
        expect.stringMatching(
          /^advisory staging: .* service of the clone or of its snapshot is not known yet\. Create decides/,
        ),
      ]);
      await pack.configure({ [RULE]: { undecided: "mandatory" } });
      expect(said(await pack.all(open), RULE)).toEqual([expect.stringMatching(/^mandatory staging/)]);
    }
  });
});
