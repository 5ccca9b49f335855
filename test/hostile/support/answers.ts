import fc from "fast-check";
import { PROTOTYPE_NAMES, replaced, text } from "./values";

/** What a service's answers are made of. */
export interface Vocabulary {
  /** Names of members that mean something. */
  fields: readonly string[];
  /** Values that mean something. */
  words: readonly unknown[];
  /** Answers as they should be, to have one thing in them changed. */
  good: readonly unknown[];
  /** Bodies of its own. */
  odd: readonly string[];
  /** Statuses of a success. */
  successes: readonly number[];
  /** Whether an answer may be a list. */
  lists: boolean;
}

/** Whatever a service could answer. */
export function answersOf({ fields, words, good, odd, successes, lists }: Vocabulary) {
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(null, true, 0, -1, 1e308, 2 ** 53, 0.5, ...words),
    text.filter((one) => one.length < 1000),
  );
  const json: fc.Arbitrary<unknown> = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc
        .array(fc.tuple(fc.constantFrom(...fields, ...PROTOTYPE_NAMES), tie("tree")), { maxLength: 4 })
        .map((entries) => Object.fromEntries(entries)),
    ),
  })).tree;

  const almost = fc
    .tuple(fc.constantFrom(...good), lists ? fc.boolean() : fc.constant(false), fc.nat({ max: 30 }), json)
    .map(([good, listed, place, odd]) => replaced(listed ? [good, good] : good, place, odd));

  const body = fc.oneof(
    { weight: 4, arbitrary: almost.map((tree) => JSON.stringify(tree)) },
    { weight: 3, arbitrary: json.map((tree) => JSON.stringify(tree)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "",
        " ",
        "null",
        "\ufeff[]",
        "[",
        "[]garbage",
        "NaN",
        '{"a":1,"a":',
        "<html><body>Bad gateway</body></html>",
        ...odd,
        "[".repeat(100_000) + "]".repeat(100_000),
        `${'{"details":'.repeat(50_000)}1${"}".repeat(50_000)}`,
        "\u0000\u0001",
      ),
    },
  );
  const status = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...successes) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        206,
        226,
        299,
        300,
        304,
        399,
        400,
        401,
        403,
        404,
        408,
        409,
        418,
        423,
        429,
        451,
        460,
        499,
        500,
        501,
        503,
        511,
        599,
        600,
        999,
      ),
    },
  );
  const headers = fc.record(
    {
      "Retry-After": fc.constantFrom(
        "",
        "-5",
        "1e9",
        "99999999999999999999999999",
        "NaN",
        "soon",
        "0x10",
        "Fri, 99 Foo 2026",
        "1, 2",
      ),
      "Content-Type": fc.constantFrom(
        "",
        "text/html",
        "application/json, text/html",
        "application/json;charset=utf-16",
        "x".repeat(4000),
      ),
      "X-OVH-QUERYID": fc.constantFrom("", "\u001b[2J".replace("\u001b", "?"), "q".repeat(4000)),
      "Content-Encoding": fc.constantFrom("gzip", "identity", "br"),
      Location: fc.constantFrom("/", "http://127.0.0.1:1/", "file:///etc/passwd", "::"),
    },
    { requiredKeys: [] },
  );

  return fc.record({ status, headers, body });
}
