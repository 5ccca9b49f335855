import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HoldfastError } from "../../provider/core/errors";
import * as checks from "../../provider/ovh/lookupArgs";
import { id } from "./support/oracle";
import { runs } from "./support/settings";
import { anything, PROTOTYPE_NAMES } from "./support/values";

const KEYS = ["serviceName", "shareId", "snapshotId", "name", "namePrefix", "type", "status", "before"];
const args = fc.oneof(
  { weight: 1, arbitrary: anything },
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.oneof(
            { weight: 6, arbitrary: fc.constantFrom(...KEYS) },
            { weight: 1, arbitrary: fc.constantFrom(...PROTOTYPE_NAMES) },
          ),
          fc.oneof(anything, fc.uuid()),
        ),
        { maxLength: 4 },
      )
      .map((entries) => Object.fromEntries(entries)),
  },
);

describe.each(Object.entries({ ...checks }))("%s", (_name, check) => {
  test("takes ids that are ids and refuses everything else in one error of ours", { timeout: 60_000 }, () => {
    const property = fc.property(args, (given) => {
      try {
        const known: Record<string, unknown> = check(given);
        for (const key of ["serviceName", "shareId", "snapshotId"]) {
          if (known[key] !== undefined) expect(id(known[key])).toBe("valid");
        }
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        expect(error.message.length).toBeLessThan(5000);
      }
    });
    fc.assert(property, runs(1000));
  });
});
