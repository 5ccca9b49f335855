import { describe, expect, test } from "vitest";
import { study } from "./support/combination";
import { expectRecovery } from "./support/engine";
import { FAULTS } from "./support/faults";
import { combineEach, failed } from "./support/matrix";
import { REVERT } from "./support/revert";
import { MAIN } from "./support/scenario";

/** Every so many-th combination: no divisor of the number of faults, so that each call in turn meets another one. */
const STRIDE = 61;

/** Faults after which nobody knows whether something was made. */
const LOST = ["dropped after the effect", "lost, then nothing until the command ends"];

describe("a fixed sample of all combinations of a call and a fault comes to its end", async () => {
  const studied = [...(await study(MAIN)), ...(await study(REVERT))];
  const all = studied.flatMap((one) =>
    one.calls.flatMap((call) =>
      FAULTS.filter(({ fits }) => fits(call)).map((fault) => ({ studied: one, call, fault })),
    ),
  );
  const sample = all.filter(
    ({ call, fault }, index) =>
      index % STRIDE === 0 || (call.method === "POST" && call.begins && LOST.includes(fault.name)),
  );
  for (const { phase } of studied) {
    const own = sample.filter((one) => one.studied.phase === phase);
    test(`${phase.name}: ${own.length} combinations`, { timeout: 300_000 }, async () => {
      expect(failed(await combineEach(own))).toEqual([]);
    });
  }
});

test("on a real engine, a clone whose answer was lost is found again by the next up", async () => {
  await expectRecovery({
    command: "up",
    order: { method: "POST", path: "/storage/netapp/{serviceName}/share", skip: 1, fault: { kind: "dropAfter" } },
    afterwards: { kind: "status", status: 400 }, // not repeated: the command ends at once
    survives: false,
  });
});
