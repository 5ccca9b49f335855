import fc from "fast-check";
import type { Properties } from "../../../provider/core/properties";

/** What the engine sends for a value that is not known yet (engine, `resource/plugin/rpc.go`). */
export const SENTINELS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
export const sentinel = fc.constantFrom(...SENTINELS);

/** Names that every object has, or that look like ours or the SDK's. */
export const PROTOTYPE_NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
  "length",
  "then",
  "toJSON",
  "",
  "__provider",
  "__urn",
  "__creating",
  "__get",
  "source",
  "4dabf18193072939515e22adb298388d",
];

const ODD_TEXTS = [
  ...PROTOTYPE_NAMES,
  " ",
  "\u0000",
  "\n\r\t\u001b[2J",
  "\u202egnp.exe\u202c",
  "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
  "\ud800",
  "\udfff\ud800",
  "e\u0301\u0327\u{1f469}\u200d\u{1f4bb}\ufeff",
  "null",
  "NaN",
  "100",
  "1e3",
  "true",
  "nfs",
  "../..",
  "%2e%2e%2f",
  "a/b?c#d",
  "10.0.0.256",
  "10.0.5.7/24",
  "010.0.0.1",
  "2026-02-30T00:00:00Z",
  "@midnight",
  "0 3 * * MON#2",
  "1h30",
  "9999999h",
  "0h",
  ".5h",
  "1.h",
  "-1h",
  "1e3s",
];
const LENGTHS = [254, 255, 256, 257, 1000, 70_000];
const longText = fc
  .tuple(fc.constantFrom("x", "9", "\u05d0", "\u{1f5c4}", "-", " ", "*/", "1,"), fc.constantFrom(...LENGTHS))
  .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length));

/** Texts of every kind. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  { weight: 1, arbitrary: longText },
  { weight: 1, arbitrary: fc.uuid().map((id) => id.toUpperCase()) },
);

const BOUNDS = [
  0,
  1,
  4,
  5,
  6,
  7,
  12,
  23,
  24,
  31,
  32,
  59,
  60,
  99,
  100,
  101,
  255,
  256,
  59_392,
  1_000_000,
  2 ** 31,
  2 ** 53,
];
/** Numbers at and beyond every bound, and those that are none. */
export const number: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...BOUNDS).chain((bound) => fc.constantFrom(bound, bound - 1, bound + 1, bound + 0.5, -bound)),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, 5e-324),
  fc.double(),
);

/** What the SDK makes of secrets, assets, archives, resources and outputs: objects with a mark. */
const marked = (inside: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(
      fc.constantFrom(
        "1b47061264138c4ac30d75fd1eb44270",
        "c44067f5952c0a294b673a41bacd8c17",
        "0def7320c3a5731c473e5ecbe6d01bc7",
        "5cf8f73096256a8f31e491e813e4eb8e",
        "d0e6a833031e9bbcd3f4e8bde6ca49a4",
      ),
      inside,
    )
    .map(([mark, value]) => ({ "4dabf18193072939515e22adb298388d": mark, value, urn: "urn:pulumi:x::y::z::n" }));

const key = fc.oneof(
  fc.constantFrom(...PROTOTYPE_NAMES, "create", "newest", "minutes", "prefix"),
  fc.string({ maxLength: 5 }),
);
const bag = (inside: fc.Arbitrary<unknown>): fc.Arbitrary<Properties> =>
  fc.array(fc.tuple(key, inside), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));

const plain = fc.oneof(fc.constant(null), fc.boolean(), text, number, sentinel);
const nested = fc.oneof(plain, fc.array(plain, { maxLength: 3 }), bag(plain), marked(plain));
const deep = fc.tuple(plain, fc.integer({ min: 5, max: 60 }), fc.boolean()).map(([inner, depth, lists]) => {
  let value: unknown = inner;
  for (let at = 0; at < depth; at += 1) value = lists ? [value] : { inside: value };
  return value;
});

/** Anything that a program could set a property to. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 2, arbitrary: fc.array(nested, { maxLength: 3 }) },
  { weight: 2, arbitrary: bag(nested) },
  { weight: 1, arbitrary: marked(nested) },
  { weight: 1, arbitrary: deep },
);

/** Puts a value in the place of one of those in a tree: the `nth` in order, the root not among them. */
export function replaced(tree: unknown, nth: number, by: unknown): unknown {
  const places = countPlaces(tree);
  if (places === 0) return tree;
  let left = nth % places;
  const walk = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const enter = (inside: unknown) => {
      left -= 1;
      return left === -1 ? by : walk(inside);
    };
    if (Array.isArray(value)) return value.map(enter);
    return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, enter(inside)]));
  };
  return walk(tree);
}

const countPlaces = (value: unknown): number =>
  typeof value === "object" && value !== null
    ? Object.values(value).reduce<number>((sum, inside) => sum + 1 + countPlaces(inside), 0)
    : 0;

/**
 * As values arrive at a provider: what the SDK's host reads out of a message, which is what `google-protobuf` makes of it
 * (a test compares). A member called `__proto__` becomes the prototype there.
 */
export function asTheHostPasses(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(asTheHostPasses);
  const passed: Properties = {};
  for (const [name, inside] of Object.entries(value)) passed[name] = asTheHostPasses(inside);
  return passed;
}

/** Whether the host could send it back: it throws "Unexpected struct type." for anything that is not JSON. */
export function canBeReturned(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "object" && Object.values(value).every(canBeReturned);
}
