import { describe, test } from "vitest";
import { study } from "./support/combination";
import { describeSample } from "./support/matrix";
import { expectRecovery } from "./support/ovh/engine";
import { REVERT } from "./support/ovh/revert";
import { MAIN } from "./support/ovh/scenario";
import { OVH } from "./support/ovh/system";

/** Every so many-th combination: no divisor of the number of faults, so that each call in turn meets another one. */
const STRIDE = 61;

/** Faults after which nobody knows whether something was made. */
const LOST = ["dropped after the effect", "lost, then nothing until the command ends"];

describe("a fixed sample of all combinations of a call and a fault comes to its end", async () => {
  const studied = [...(await study(OVH, MAIN, {})), ...(await study(OVH, REVERT, {}))];
  describeSample(
    OVH,
    studied,
    STRIDE,
    (call, { name }) => call.method === "POST" && call.begins && LOST.includes(name),
  );
});

test("on a real engine, a clone whose answer was lost is found again by the next up", async () => {
  await expectRecovery({
    command: "up",
    order: { method: "POST", path: "/storage/netapp/{serviceName}/share", skip: 1, fault: { kind: "dropAfter" } },
    afterwards: { kind: "status", status: 400 }, // not repeated: the command ends at once
    survives: false,
  });
});
