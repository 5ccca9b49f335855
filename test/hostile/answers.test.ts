import { createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { ApiError, ConnectionError } from "../../provider/core/errors";
import { isLost } from "../../provider/ovh/answers";
import { serve } from "../core/loopback";
import { answersOf } from "./support/answers";
import { CALLS, clientOf, ID, outcomeOf } from "./support/client";
import { runs } from "./support/settings";

const FIELDS = [
  "id",
  "name",
  "size",
  "status",
  "type",
  "createdAt",
  "rules",
  "schedule",
  "minutes",
  "details",
  "message",
  "class",
  "percent",
  "quota",
  "iam",
];
/** Answers as they should be, to have one thing in them changed. */
const SCHEDULE = { minutes: [0], hours: [], days: [], months: [], weekdays: [] };
const GOOD: unknown[] = [
  {
    id: ID,
    name: "n",
    description: "",
    protocol: "NFS",
    size: 100,
    snapshotID: "",
    createdAt: "2026-01-01T00:00:00Z",
    status: "available",
    type: "manual",
    path: "/p",
  },
  {
    id: ID,
    accessTo: "10.0.0.1",
    accessLevel: "ro",
    status: "active",
    percent: 5,
    quota: 1024,
    iam: { displayName: "n" },
  },
  { id: ID, name: "n", isDefault: false, status: "available", rules: [{ prefix: "p", copies: 1, schedule: SCHEDULE }] },
  { id: ID, path: "10.0.0.1:/p", preferred: true },
];
const HUGE = `{"size":1e999,"percent":-1e999,"quota":1e999,"id":"${ID}","copies":123456789012345678901234567890}`;
const answers = answersOf({
  fields: FIELDS,
  words: ["available", "manual", ID],
  good: GOOD,
  successes: [200, 201, 202, 204],
  lists: true,
  odd: [
    HUGE,
    `[${HUGE}]`,
    `[${`{"id":"${ID}"},`.repeat(5000)}{"id":"${ID}"}]`,
    JSON.stringify({ class: "c".repeat(9000), message: "m".repeat(90_000) }),
    JSON.stringify({ details: { unauthorizedActionsByIAM: "a:b/c,\u001b[2J ".repeat(5000) + "d".repeat(9000) } }),
    JSON.stringify({
      details: { unauthorizedActionsByIAM: Array.from({ length: 500 }, (_, index) => `action-${index}`) },
    }),
  ],
});

test("whatever the service answers, a call ends with an answer of the promised form or an error of ours", {
  timeout: 120_000,
}, async () => {
  let answer = { status: 200, headers: {}, body: "" };
  const { origin } = await serve((_request, response) => {
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  const { storageOf } = clientOf(origin);
  const seen = { answers: 0, errors: 0 };
  const property = fc.asyncProperty(fc.constantFrom(...Object.keys(CALLS)), answers, async (name, given) => {
    answer = given;
    const outcome = await outcomeOf(name, async () => CALLS[name]?.(storageOf(ID), ID));
    if ("answer" in outcome) seen.answers += 1;
    else {
      seen.errors += 1;
      expect(outcome.error.message).toMatch(/(GET|POST|PUT|DELETE) \/(1\.0\/)?storage\/netapp\//);
      expect(outcome.error.message).not.toContain("[object Object]");
    }
  });
  await fc.assert(property, runs(2000));
  // Otherwise the answers are too wild to test what is behind the first look at them.
  expect(seen.answers).toBeGreaterThan(200);
  expect(seen.errors).toBeGreaterThan(200);
});

describe("what is not even an answer", () => {
  const WIRES: [string, string][] = [
    ["another protocol", "SSH-2.0-OpenSSH_9.6\r\n"],
    ["a switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"],
    ["a status that is none", "HTTP/1.1 -1 No\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[]]"],
    ["a length that is none", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n[]"],
    ["a length that is too long", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[]"],
    ["chunks of no size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n"],
    ["an endless header", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(200_000)}\r\n\r\n`],
    ["a header without a name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n[]"],
    ["nothing but hints", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50)],
  ];
  test.each(WIRES)("is a connection that failed: %s", async (_name, wire) => {
    let posts = 0;
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", (sent) => {
        if (sent.toString("latin1").startsWith("POST")) posts += 1;
        socket.end(wire);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { storageOf } = clientOf(`http://127.0.0.1:${port}`);

    const listed = await outcomeOf("shares", () => storageOf(ID).shares.recent(0));
    const made = await outcomeOf("createShare", () => storageOf(ID).createShare({ protocol: "NFS", size: 100 }));

    expect("error" in listed && listed.error).toBeInstanceOf(ConnectionError);
    // It may have been made: nobody makes another one, and whoever wanted it goes to look.
    expect("error" in made && isLost(made.error)).toBe(true);
    expect(posts).toBe(1);
  });
});

test("a Retry-After that is far away, or none, keeps nobody waiting for more than a minute at a time", async () => {
  for (const after of ["99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "soon", "-1", ""]) {
    const { origin } = await serve((_request, response) => response.writeHead(429, { "Retry-After": after }).end());
    const { storageOf, clock } = clientOf(origin);
    const outcome = await outcomeOf("shares", () => storageOf(ID).shares.recent(0));
    expect("error" in outcome && outcome.error).toBeInstanceOf(ApiError);
    expect(Math.max(...clock.slept)).toBeLessThanOrEqual(60_000);
    expect(clock.slept).toHaveLength(4);
  }
});

test.each([
  ["tags that never end", "<".repeat(2_000_000)],
  ["scripts that never end", "<script ".repeat(400_000)],
  ["a wall of text", "word ".repeat(1_000_000)],
  ["missing permissions", JSON.stringify({ details: { unauthorizedActionsByIAM: "a/b ".repeat(1_000_000) } })],
  ["a long message", JSON.stringify({ message: "m\u001b".repeat(1_000_000) })],
])("megabytes of %s are reported as soon as they are there", async (_name, body) => {
  const { origin } = await serve((_request, response) => response.writeHead(400).end(body));
  const { storageOf } = clientOf(origin);
  const outcome = await outcomeOf("shares", () => storageOf(ID).shares.recent(0));
  expect("error" in outcome && outcome.error.message).toMatch(/^GET \/storage\/netapp\/\S+ answered 400/);
});
