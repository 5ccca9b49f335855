import { test } from "vitest";
import { type EngineCase, expectRecovery } from "../support/ovh/engine";

const SHARE = "/storage/netapp/{serviceName}/share";
const POLICY = "/storage/netapp/{serviceName}/snapshotPolicy";
const NOTHING_MORE = { kind: "dropBefore" } as const;
const LOST = { kind: "dropAfter" } as const;

const CASES: readonly (readonly [name: string, EngineCase])[] = [
  [
    "the answer to a new share is lost",
    { command: "up", order: { method: "POST", path: SHARE, fault: LOST }, survives: true },
  ],
  [
    "the answer to a clone is lost, and nothing is answered after it",
    {
      command: "up",
      order: { method: "POST", path: SHARE, skip: 1, fault: LOST },
      afterwards: NOTHING_MORE,
      survives: false,
    },
  ],
  [
    "the answer to a hold is cut off",
    {
      command: "up",
      order: { method: "POST", path: `${SHARE}/{shareId}/snapshot/{snapshotId}/hold`, fault: { kind: "truncated" } },
      survives: true,
    },
  ],
  [
    "a policy is made, and a gateway answers 502",
    {
      command: "up",
      order: {
        method: "POST",
        path: POLICY,
        fault: { kind: "status", status: 502, html: "<p>x</p>", afterEffect: true },
      },
      survives: true,
    },
  ],
  [
    "a permission is missing for the access rule",
    {
      command: "up",
      order: { method: "POST", path: `${SHARE}/{shareId}/acl`, fault: { kind: "missingPermission" } },
      survives: false,
    },
  ],
  [
    "the answer to an extension is lost",
    {
      command: "change",
      order: { method: "POST", path: `${SHARE}/{shareId}/extend`, fault: LOST },
      survives: true,
    },
  ],
  [
    "a refresh meets 404 for the list of shares",
    {
      command: "refresh",
      order: { method: "GET", path: SHARE, fault: { kind: "status", status: 404 } },
      survives: false,
    },
  ],
  [
    "the answer to a deletion is lost, and nothing is answered after it",
    {
      command: "destroy",
      order: { method: "DELETE", path: `${SHARE}/{shareId}/snapshot/{snapshotId}`, fault: LOST },
      afterwards: NOTHING_MORE,
      survives: false,
    },
  ],
];

test.each(CASES)("on a real engine, the stack comes to its end after %s", async (_, combination) => {
  await expectRecovery(combination);
});
