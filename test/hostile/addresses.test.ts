import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerJson, type Received, serve } from "../core/loopback";
import { CALLS, clientOf, ID, outcomeOf } from "./support/client";
import { runs } from "./support/settings";

const [SERVICE, OBJECT] = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"];
/** What no URL keeps as a segment of its path. */
const IMPOSSIBLE = ["", ".", ".."];
const ODD = [
  ...IMPOSSIBLE,
  "../..",
  "%2e%2e",
  "..%2f",
  "/",
  "a/b",
  "a\\b",
  "?x",
  "#x",
  "%2f",
  "%00",
  "%",
  "a b",
  "\u0000",
];
const id = fc.oneof(
  fc.constantFrom(...ODD, "\n", "\ud800", "\u202e", "ü/ü", "share", "x?detail=true", `${ID}/../${ID}`, "constructor"),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.array(fc.constantFrom(...ODD, "a"), { maxLength: 4 }).map((parts) => parts.join("")),
);

interface Target {
  method: string;
  segments: string[];
  query: string;
}
function targetOf({ method, path }: Received): Target {
  const [before = "", ...query] = path.split("?");
  return { method, segments: before.split("/").map(decodeURIComponent), query: query.join("?") };
}

/** Half a character stands for no character: it is sent as what UTF-8 has in its place. */
const sent = (text: string) => Buffer.from(text).toString();

test("a name or an id that nobody has checked is one segment of the path, or the call is not made", async () => {
  // A refusal that nothing is repeated for.
  const { origin, received } = await serve((_request, response) => answerJson(response, 418, {}));
  const { storageOf } = clientOf(origin);
  const call = async (name: string, service: string, object: string) => {
    received.length = 0;
    await outcomeOf(name, async () => CALLS[name]?.(storageOf(service), object));
    return received.map(targetOf);
  };
  const usual = new Map<string, Target>();
  for (const name of Object.keys(CALLS)) {
    const [target, ...more] = await call(name, SERVICE, OBJECT);
    if (target === undefined || more.length > 0) throw new Error(`${name} made ${received.length} calls`);
    usual.set(name, target);
  }

  const property = fc.asyncProperty(id, id, fc.constantFrom(...usual), async (service, object, [name, target]) => {
    const made = await call(name, service, object);

    const impossible = [service, ...(target.segments.includes(OBJECT) ? [object] : [])].some((text) =>
      IMPOSSIBLE.includes(text),
    );
    const segments = target.segments.map((part) =>
      part === SERVICE ? sent(service) : part === OBJECT ? sent(object) : part,
    );
    expect(made).toEqual(impossible ? [] : [{ ...target, segments }]);
  });
  await fc.assert(property, runs(1000));
});

describe("an id that the service answers with", () => {
  /** Everything else of an answer is as it should be. */
  const ANSWERS: Record<string, (id: unknown) => unknown> = {
    service: (given) => ({ id: given, quota: 1024 }),
    shares: (given) => [{ id: ID }, { id: given }],
    createShare: (given) => ({ id: given }),
    snapshots: (given) => [{ id: given }],
    createSnapshot: (given) => ({ id: given }),
    holdSnapshot: (given) => ({ id: given }),
    accessRules: (given) => [{ id: given }],
    createAccessRule: (given) => ({ id: given }),
    policy: (given) => ({ id: given, status: "active" }),
    policies: (given) => [{ id: given }],
    createPolicy: (given) => ({ id: given }),
  };

  test("is used where it can stand in a path, and refused by an error that names the call where it can't", async () => {
    let body: unknown;
    const { origin } = await serve((_request, response) => answerJson(response, 201, body));
    const { storageOf } = clientOf(origin);
    const fit = fc.oneof(fc.uuid(), fc.constantFrom("12345", "snap-1a2b", "a.b_c~d", "0A1B"));
    const unfit = fc.oneof(
      id.filter((text) => !/^[A-Za-z0-9._~-]+$/.test(text) || /^\.+$/.test(text)),
      fc.constantFrom(null, 5, true, [], {}, [ID], { length: { toString: 1 } }, "x".repeat(5000)),
    );
    const answered = fc.oneof(
      fit.map((text) => ({ given: text, refused: false })),
      unfit.map((value) => ({ given: value, refused: true })),
    );
    const property = fc.asyncProperty(
      answered,
      fc.constantFrom(...Object.keys(ANSWERS)),
      async ({ given, refused }, name) => {
        body = ANSWERS[name]?.(given);
        const outcome = await outcomeOf(name, async () => CALLS[name]?.(storageOf(randomUUID()), OBJECT));
        if (!refused) expect(JSON.stringify(outcome)).toContain(String(given));
        else
          expect("error" in outcome && outcome.error.message).toMatch(
            /^(GET|POST) \/storage\/netapp\/.* answered 201 .*\bid:/,
          );
      },
    );
    await fc.assert(property, runs(1000));
  });
});
