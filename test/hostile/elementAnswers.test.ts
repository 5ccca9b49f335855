import fc from "fast-check";
import { expect, test } from "vitest";
import { isLost } from "../../provider/element/refusal";
import { serve } from "../core/loopback";
import { answersOf } from "./support/answers";
import { outcomeOf } from "./support/client";
import { BASIC, CALLS, elementOf } from "./support/elementClient";
import { runs } from "./support/settings";

const VOLUME = {
  volumeID: 1,
  name: "database",
  accountID: 1,
  status: "active",
  access: "readWrite",
  totalSize: 1_000_341_504,
  attributes: {},
  qos: { minIOPS: 50, maxIOPS: 100, burstIOPS: 100, burstTime: 60, curve: { "4096": 100 } },
  qosPolicyID: null,
  createTime: "2026-01-01T00:00:00Z",
  deleteTime: "",
  volumeAccessGroups: [],
  volumePairs: [],
};
const SNAPSHOT = { snapshotID: 1, volumeID: 1, name: "point", status: "done", attributes: {}, expirationTime: null };
const JOB = { type: "clone", cloneID: 1, srcVolumeID: 1, dstVolumeID: 2, percentComplete: 5, remainingTime: null };
const HANDLE = { asyncResultID: 1, completed: false, resultType: "Clone", data: { cloneID: 1 } };
/** All that a method may answer, at once: members that it does not have are ignored. */
const RESULT = {
  volumeID: 1,
  cloneID: 1,
  asyncHandle: 1,
  status: "complete",
  result: { cloneID: 1, volumeID: 1 },
  currentVersion: "12.5",
  supportedVersions: ["1.0", "12.5"],
  clusterInfo: { uniqueID: "hf01" },
  accounts: [{ accountID: 1, username: "tests" }],
  volume: VOLUME,
  snapshot: SNAPSHOT,
  volumes: [VOLUME],
  snapshots: [SNAPSHOT],
  syncJobs: [JOB],
  asyncHandles: [HANDLE],
};
const good = [
  { id: 1, result: RESULT },
  { id: 1, result: RESULT, error: null },
  { id: 1, result: RESULT, unusedParameters: { access: "locked" } },
  { id: 1, result: {} },
  { id: 1, error: { code: 500, name: "xDBConnectionLoss", message: "lost" } },
  { id: 1, error: { code: 500, name: "xPermissionDenied", message: "no" } },
];
const HUGE = `{"result":{"volumeID":1e999,"status":"complete","cloneID":123456789012345678901234567890,"volumes":[{"volumeID":-1e999}]}}`;

const answers = answersOf({
  fields: [
    "result",
    "error",
    "name",
    "message",
    "code",
    "unusedParameters",
    ...Object.keys(RESULT),
    "attributes",
    "qos",
  ],
  words: ["active", "init", "complete", "xNotReadyForIO", 42],
  good,
  successes: [200],
  lists: false,
  odd: [
    HUGE,
    `[${HUGE}]`,
    JSON.stringify({ result: null, error: null }),
    JSON.stringify({ error: "xSomething" }),
    JSON.stringify({ error: { name: "x".repeat(9000), message: "m\u001b".repeat(90_000) } }),
    JSON.stringify({ error: { name: ["xDBClosing"], message: { toString: 5 } } }),
    JSON.stringify({ result: { status: "complete", error: { name: null, message: 5 } } }),
    JSON.stringify({ result: RESULT, unusedParameters: [["a"], { b: 1 }, null] }),
    JSON.stringify({ result: { volumes: Array.from({ length: 5000 }, () => VOLUME) } }),
  ],
});

test("whatever a cluster answers, a call ends with an answer of the promised form or an error of ours", {
  timeout: 120_000,
}, async () => {
  let answer: { status: number; headers: object; body: string } = { status: 200, headers: {}, body: "" };
  let asked = "";
  const { origin, received } = await serve((request, response) => {
    const { method }: { method: string } = JSON.parse(request.body.toString());
    if (method === "GetAPI" && asked !== "GetAPI") {
      response.end(JSON.stringify({ id: 1, result: RESULT }));
      return;
    }
    response.writeHead(answer.status, { ...answer.headers });
    response.end(answer.body);
  });
  const { element, warned } = elementOf(origin);
  const seen = { answers: 0, errors: 0 };
  const property = fc.asyncProperty(fc.constantFrom(...Object.keys(CALLS)), answers, async (name, given) => {
    answer = given;
    asked = name;
    const before = received.length;
    const outcome = await outcomeOf(name, async () => CALLS[name]?.(element()));
    if ("answer" in outcome) {
      seen.answers += 1;
      return;
    }
    seen.errors += 1;
    const { message } = outcome.error;
    expect(message).toMatch(name === "GetAPI" ? /GetAPI|127\.0\.0\.1|element:/ : new RegExp(`^${name}\\b`));
    expect(message).not.toMatch(/\[object Object\]|\bundefined\b/);
    expect(message).not.toContain(BASIC);
    // What may have been made is not made again without a look.
    if (isLost(outcome.error)) expect(received.length - before).toBeLessThanOrEqual(2);
  });
  await fc.assert(property, runs(1000));
  // Otherwise the answers are too wild to test what is behind the first look at them.
  expect(seen.answers).toBeGreaterThan(100);
  expect(seen.errors).toBeGreaterThan(100);
  for (const warning of warned) expect(warning).not.toMatch(/\[object Object\]|\p{Cc}/u);
});
