import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { EnvironmentClone, type EnvironmentCloneArgs, RecoveryClone } from "../../provider/ovh";

const ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const common = { serviceName: ID, shareId: ID, size: 100 };
const rule = (accessTo: unknown, more: object = {}) => ({ accessTo, accessLevel: "rw", ...more });

/** Makes a component of arguments that the types would refuse: programs in JavaScript have no types. */
const made = (Component: unknown, args: object) => () =>
  Reflect.construct(Component as typeof EnvironmentClone, ["qa", args]);

describe("EnvironmentClone, before anything is registered, refuses", () => {
  const networks = (...accessRules: unknown[]) => ({ accessRules });
  test.for<[string, object, string]>([
    ["another source", { from: "newest" }, 'from is "newest", but must be "newestAutomatic" or "now", a plain value.'],
    ["a source that comes later", { from: pulumi.output("now") }, "from is an output, but must be"],
    ["two sources", { from: "now", snapshotId: ID }, 'from is "now", and snapshotId is there too'],
    ["a refresh of a given snapshot", { refresh: "x", snapshotId: ID }, "refresh has no meaning beside snapshotId"],
    ["a word for a schedule", { refresh: "daily" }, 'refresh is "daily", a token that never changes by itself.'],
    [
      "another order",
      { replace: "deleteBeforeReplace" },
      'replace is "deleteBeforeReplace", but must be "createFirst" or "deleteFirst", a plain value.',
    ],
    [
      "two shares of one path",
      { replace: "createFirst", mountPointName: "qa" },
      'replace is "createFirst", but mountPointName is unique in the service',
    ],
    [
      "a property that it lacks",
      { accesRules: [] },
      "accesRules is not known here: check its spelling, or remove it. It takes serviceName, shareId, size,",
    ],
    [
      "rules that come later",
      { accessRules: pulumi.output([]) },
      "accessRules is an output, but must be a plain list.",
    ],
    [
      "a rule that comes later",
      networks(pulumi.output({})),
      "accessRules[0] is an output, but must be { accessTo, accessLevel }",
    ],
    [
      "a rule that is a text",
      networks("10.0.5.0/24"),
      'accessRules[0] is "10.0.5.0/24", but must be { accessTo, accessLevel }',
    ],
    [
      "a network without a level",
      networks({ accessTo: "10.0.5.0/24" }),
      'accessRules[0] has no accessLevel: set it to "ro"',
    ],
    [
      "a level without a network",
      networks({ accessLevel: "ro" }),
      "accessRules[0] has no accessTo: set it to a network",
    ],
    [
      "more than a rule has",
      networks(rule("10.0.5.0/24", { protocol: "NFS" })),
      "accessRules[0] has protocol, but takes accessTo, accessLevel and name only.",
    ],
    [
      "a network twice",
      networks(rule("10.0.5.7"), rule("10.0.6.0/24"), rule("10.0.5.7/32", { name: "b" })),
      "accessRules[2] has the network 10.0.5.7 of accessRules[0]: keep one of the two rules.",
    ],
    [
      "a name twice",
      networks(rule("10.0.5.0/24", { name: "a" }), rule("10.0.6.0/24", { name: "a" })),
      "accessRules[1] has the name a of accessRules[0]",
    ],
    [
      "a network that comes later without a name",
      networks(rule(pulumi.output("10.0.5.0/24"))),
      "accessRules[0] has an output as accessTo, so there is nothing to name the rule by: give it a name of its own, a plain text.",
    ],
    [
      "a name that comes later",
      networks(rule("10.0.5.0/24", { name: pulumi.output("a") })),
      "accessRules[0] has an output as name",
    ],
  ])("%s", ([, args, message]) => {
    const construct = made(EnvironmentClone, { ...common, ...args });
    expect(construct).toThrow(`EnvironmentClone qa: ${message}`);
    expect(construct).toThrow(expect.toSatisfy((error) => pulumi.RunError.isInstance(error)));
  });
});

describe("RecoveryClone, before anything is registered, refuses", () => {
  test.for<[string, object, string]>([
    ["no point at all", {}, "before is missing, and so is snapshotId: set before to the time of the corruption"],
    [
      "two ways to name a point",
      { before: "2026-11-27T13:09:57Z", snapshotId: ID },
      "before and snapshotId exclude each other",
    ],
    ["what only an environment has", { before: "2026-11-27T13:09:57Z", refresh: "x" }, "refresh is not known here"],
    ["a level of its own", { snapshotId: ID, accessRules: [{}] }, "accessRules[0] has no accessTo"],
  ])("%s", ([, args, message]) => {
    expect(made(RecoveryClone, { ...common, ...args })).toThrow(`RecoveryClone qa: ${message}`);
  });
});

test("the types know what must be plain", () => {
  // @ts-expect-error: decides which resources there are
  const later: EnvironmentCloneArgs = { ...common, from: pulumi.output("now" as const) };
  // @ts-expect-error: no schedule
  const hourly: EnvironmentCloneArgs = { ...common, refresh: { schedule: "hourly" } };
  const fine: EnvironmentCloneArgs = {
    ...common,
    serviceName: pulumi.output(ID),
    refresh: pulumi.output(1),
    accessRules: [{ accessTo: pulumi.output("10.0.5.0/24"), accessLevel: "ro", name: "developers" }],
  };
  expect([later, hourly, fine]).toHaveLength(3);
});
