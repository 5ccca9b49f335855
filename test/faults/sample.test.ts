import { describe, test } from "vitest";
import { study } from "./support/combination";
import { MAIN as CLONES } from "./support/element/scenario";
import { ELEMENT } from "./support/element/system";
import { describeSample } from "./support/matrix";
import { expectRecovery } from "./support/ovh/engine";
import { REVERT } from "./support/ovh/revert";
import { MAIN as SHARES } from "./support/ovh/scenario";
import { OVH } from "./support/ovh/system";

/** Every so many-th combination: no divisor of the number of faults, so that each call in turn meets another one. */
const STRIDE = 61;

/** Faults after which nobody knows whether something was made. */
const LOST = [
  "dropped after the effect",
  "lost, then nothing until the command ends",
  "xRecvTimeout after the effect",
  "xDBClosing until the command ends",
];

describe("a fixed sample of all combinations of a call and a fault comes to its end", async () => {
  const studied = [...(await study(OVH, SHARES, {})), ...(await study(OVH, REVERT, {}))];
  describeSample(
    OVH,
    studied,
    STRIDE,
    (call, { name }) => call.method === "POST" && call.begins && LOST.includes(name),
  );
});

describe("and one for NetApp Element", async () => {
  const studied = await study(ELEMENT, CLONES, {});
  const makes = ["CloneVolume", "CreateSnapshot"];
  describeSample(ELEMENT, studied, STRIDE, ({ method }, { name }) => makes.includes(method) && LOST.includes(name));
});

test("on a real engine, a clone whose answer was lost is found again by the next up", async () => {
  await expectRecovery({
    command: "up",
    order: { method: "POST", path: "/storage/netapp/{serviceName}/share", skip: 1, fault: { kind: "dropAfter" } },
    afterwards: { kind: "status", status: 400 }, // not repeated: the command ends at once
    survives: false,
  });
});
