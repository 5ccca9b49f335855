import { describe, expect, test } from "vitest";
import { describeCall } from "../support/calls";
import { combineAll, failed, studyPhase } from "../support/matrix";
import { FAULTS } from "../support/ovh/faults";
import { MAIN } from "../support/ovh/scenario";
import { OVH } from "../support/ovh/system";

// What the signed matrix does not have: a service account's calls for its tokens.
describe("after any fault of a service account's call for its token", async () => {
  const options = { serviceAccount: true };
  const faults = FAULTS.map((fault) => ({ ...fault, options: { ...fault.options, ...options } }));
  for (const { name } of MAIN) {
    const studied = await studyPhase(OVH, name, MAIN, options);
    for (const call of studied.calls.filter(({ product }) => !product)) {
      const fitting = faults.filter((fault) => fault.fits(call));
      test(`the scenario comes to its end: ${name}, ${describeCall(OVH, call)}, ${fitting.length} faults`, async () => {
        expect(failed(await combineAll(studied, call, fitting))).toEqual([]);
      });
    }
  }
});
