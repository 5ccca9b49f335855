import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb";
import { describe, expect, test } from "vitest";
import { type HostedProvider, hostLifecycle } from "../../provider/core/host";
import { createLookUp } from "../../provider/core/lookUp";
import { createManaged } from "../../provider/core/managed";
import { equal, type Properties } from "../../provider/core/properties";
import { createElement } from "../../provider/element/client";
import { elementConnection } from "../../provider/element/connection";
import { elementLifecycles } from "../../provider/element/lifecycles";
import type { ResourceKind } from "../../provider/kinds";
import { createFileStorages } from "../../provider/ovh/client";
import { ovhConnection } from "../../provider/ovh/connection";
import { ovhLifecycles } from "../../provider/ovh/lifecycles";
import { JumpingClock } from "../support/clock";
import { KINDS, together, validInputs } from "./support/kinds";
import { isAbsent, isUnknown, type Verdict } from "./support/oracle";
import { runs } from "./support/settings";
import { anything, asTheHostPasses, canBeReturned, PROTOTYPE_NAMES, replaced, sentinel } from "./support/values";

const ALL = Object.keys(KINDS) as ResourceKind[];
const URN = "urn:pulumi:dev::project::pulumi-nodejs:dynamic/ovh:Kind::data";

/** A provider process whose account has no credentials: what it is told is all that it knows. */
function host(kind: ResourceKind): HostedProvider {
  const clock = new JumpingClock();
  const signal = new AbortController().signal;
  const config = (key: string) => (key === "__holdfast:provider" ? "nobody" : undefined);
  const warn = () => {};
  const storages = createFileStorages({ transport: ovhConnection(config), clock, signal });
  const element = createElement({ connection: elementConnection(config, warn), clock, signal, warn });
  const lifecycle = { ...ovhLifecycles(storages), ...elementLifecycles(element) }[kind];
  if (lifecycle === undefined) throw new Error(`There is no ${kind}`);
  const context = {
    engine: { interrupted: signal, log: () => {} },
    clock,
    backend: undefined,
    readState: async () => ({ unreadable: "a check makes nothing" }),
    managed: createManaged(),
    lookUp: createLookUp(clock),
    pollFloorMs: 250,
    random: () => 0.5,
  };
  return hostLifecycle(kind, lifecycle, context, () => {});
}

/** Still a bag: the prototype is all that a bag can lose on its way. */
const passed = (news: Properties) => asTheHostPasses(news) as Properties;

type Failure = { property: string; reason: string };
async function check(one: HostedProvider, news: Properties): Promise<{ inputs: Properties; failures: Failure[] }> {
  const { inputs = {}, failures = [] } = await one.check({}, { ...passed(news), __urn: URN });
  if (!canBeReturned(inputs)) throw new Error(`The engine can't store ${JSON.stringify(inputs)}`);
  return { inputs, failures };
}

/** Inputs that our classes and the SDK set themselves. */
const OURS: ReadonlySet<string> = new Set(["__provider", "__urn", "__organization"]);

/** Inputs in which everything may be wrong: values, members, names. */
function hostileInputs(kind: ResourceKind): fc.Arbitrary<Properties> {
  const keys = Object.keys(KINDS[kind]);
  const change = fc.record({
    key: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...keys) },
      { weight: 1, arbitrary: fc.constantFrom(...PROTOTYPE_NAMES).filter((name) => !OURS.has(name)) },
      { weight: 1, arbitrary: fc.oneof(fc.string(), fc.constantFrom(...keys.map((key) => key.toUpperCase()))) },
    ),
    how: fc.constantFrom("set", "inside", "inside", "remove"),
    place: fc.nat({ max: 50 }),
    value: anything,
  });
  return fc.tuple(validInputs(kind), fc.array(change, { minLength: 1, maxLength: 3 })).map(([valid, changes]) => {
    const news = new Map<string, unknown>(Object.entries(valid));
    for (const { key, how, place, value } of changes) {
      if (how === "remove") news.delete(key);
      else news.set(key, how === "inside" && news.has(key) ? replaced({ it: news.get(key) }, place, value) : value);
      if (how === "inside" && news.has(key)) news.set(key, unwrapped(news.get(key), value));
    }
    return Object.fromEntries(news);
  });
}
const unwrapped = (value: unknown, otherwise: unknown): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "it") ? Reflect.get(value, "it") : otherwise;

/** What is not known yet, at any depth. */
const withUnknowns = (kind: ResourceKind): fc.Arbitrary<Properties> =>
  fc
    .tuple(validInputs(kind), fc.array(fc.tuple(fc.nat({ max: 50 }), sentinel), { minLength: 1, maxLength: 3 }))
    .map(([valid, unknowns]) =>
      unknowns.reduce<Properties>((news, [nth, unknown]) => replaced(news, nth, unknown) as Properties, valid),
    );

function verdictsOf(kind: ResourceKind, news: Properties): Map<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const [key, { judge, required }] of Object.entries(KINDS[kind])) {
    const value = news[key];
    verdicts.set(key, isAbsent(value) ? (required ? "wrong" : "valid") : isUnknown(value) ? "valid" : judge(value));
  }
  together(kind, news, verdicts);
  return verdicts;
}

const REMEDY = /\b(must|set|Set|takes|check its spelling|did you mean|remove|leave|Leave|give|make two)\b/;

test("what reaches a check here is what the SDK's own conversion would pass", () => {
  const { Struct } = structs;
  const property = fc.property(hostileInputs("ovh:SnapshotPolicy"), (news) => {
    expect(passed(news)).toEqual(Struct.fromJavaScript(news as never).toJavaScript());
  });
  fc.assert(property, runs(300));
});

/** Many times as fast as `expect`, which tens of thousands of tries would spend most of their time in. */
function holds(condition: boolean, said: unknown): void {
  if (!condition) throw new Error(`check answered ${JSON.stringify(said)}`);
}

describe.each(ALL)("check of %s", { timeout: 120_000 }, (kind) => {
  const one = host(kind);

  test("accepts what is valid, as it is and at once in its final form", async () => {
    let first = true;
    const property = fc.asyncProperty(validInputs(kind), async (news) => {
      const { inputs, failures } = await check(one, news);
      holds(failures.length === 0, failures);
      for (const [key, value] of Object.entries(news))
        if (typeof value === "number") holds(inputs[key] === value, inputs);
      first = !first;
      if (first) holds(equal((await check(one, inputs)).inputs, inputs), inputs);
    });
    await fc.assert(property, runs(3000));
  });

  test("accepts what is valid as far as it is known, and leaves what is unknown as it is", async () => {
    const property = fc.asyncProperty(withUnknowns(kind), async (news) => {
      const verdicts = verdictsOf(kind, news);
      const { inputs, failures } = await check(one, news);
      holds(!failures.some(({ property }) => verdicts.get(property) === "valid"), failures);
      for (const [key, value] of Object.entries(news)) if (isUnknown(value)) holds(inputs[key] === value, inputs);
    });
    await fc.assert(property, runs(2000));
  });

  test("never crashes, refuses what is wrong and nothing else, and says what to do about which property", async () => {
    const property = fc.asyncProperty(hostileInputs(kind), async (sent) => {
      const news = passed(sent);
      const verdicts = verdictsOf(kind, news);
      const { failures } = await check(one, sent);
      const refused = new Set(failures.map(({ property }) => property));
      for (const [key, verdict] of verdicts) {
        if (verdict !== "open") holds(refused.has(key) === (verdict === "wrong"), { [key]: verdict, failures });
      }
      const others = Object.keys(news).filter((key) => !verdicts.has(key) && !key.startsWith("__") && key !== "source");
      for (const key of others) holds(refused.has(key), { key, failures });
      for (const { property, reason } of failures) {
        holds(verdicts.has(property) || others.includes(property), failures);
        holds(REMEDY.test(reason) && reason.length < 2000, failures);
      }
    });
    await fc.assert(property, runs(5000));
  });
});
