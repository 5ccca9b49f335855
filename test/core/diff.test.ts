import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import type { ResourceKind } from "../../provider/kinds";
import { expect, isElement, test, type World } from "./support/test";

const [A, B] = ["0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"];
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource in the state with these inputs, as the provider records it, and what the engine asks about changes. */
async function recordedAs(world: World, kind: ResourceKind, args: Properties, outputs: Properties = {}) {
  const resource = world.resource(kind);
  const { inputs } = await resource.check(args);
  const keys = Object.keys(TABLE[kind].other).concat(Object.keys(TABLE[kind].replace));
  const absent = keys.filter((key) => inputs[key] === undefined).join(",");
  resource.state = {
    id: "1",
    inputs,
    outputs: {
      ...inputs,
      name: inputs["name"] ?? "made up",
      status: kind === "ovh:ShareAccessRule" || isElement(kind) ? "active" : "available",
      ...(absent ? { __absent: absent } : {}),
      ...outputs,
    },
    initErrors: [],
  };
  return resource;
}

/** For each kind: valid arguments, and another value for each property that replaces or does not. */
const TABLE: Record<ResourceKind, { args: Properties; replace: Properties; other: Properties }> = {
  "ovh:Share": {
    args: { serviceName: A, size: 100, mountPointName: "team" },
    replace: { serviceName: B, mountPointName: "crew" },
    other: { size: 200, name: "x", description: "x", timeouts: { create: "1h" } },
  },
  "ovh:Snapshot": {
    args: { serviceName: A, shareId: A },
    replace: { serviceName: B, shareId: B },
    other: { name: "x", description: "x", timeouts: { create: "1h" } },
  },
  "ovh:HeldSnapshot": {
    args: { serviceName: A, shareId: A, snapshotId: A, trigger: 1 },
    replace: { serviceName: B, shareId: B, snapshotId: B, trigger: 2 },
    other: { name: "x", description: "x", timeouts: { create: "1h" }, onlyIfNewer: false },
  },
  "ovh:ShareClone": {
    args: { serviceName: A, snapshotId: A, size: 100, mountPointName: "team" },
    replace: { serviceName: B, snapshotId: B, mountPointName: "crew" },
    other: { size: 200, name: "x", description: "x", timeouts: { create: "1h" }, shareId: B },
  },
  "ovh:ShareAccessRule": {
    args: { serviceName: A, shareId: A, accessTo: "10.0.5.0/24", accessLevel: "ro" },
    replace: { serviceName: B, shareId: B, accessTo: "10.0.6.0/24", accessLevel: "rw" },
    other: { timeouts: { create: "1h" } },
  },
  "ovh:SnapshotPolicy": {
    args: { serviceName: A, rules: [{ prefix: "nightly", cron: "0 3 * * *" }] },
    replace: { serviceName: B, rules: [{ prefix: "nightly", cron: "0 4 * * *" }] },
    other: {
      rules: [{ prefix: "nightly", copies: 1, schedule: { minutes: [0], hours: [3] } }],
      name: "x",
      description: "x",
      timeouts: { create: "1h" },
    },
  },
  "ovh:ShareRevert": {
    args: { serviceName: A, shareId: A, snapshotId: A, trigger: 1, confirmDataLossOf: A },
    replace: { serviceName: B, shareId: B, trigger: 2 },
    other: { snapshotId: B, confirmDataLossOf: B, timeouts: { create: "1h" } },
  },
  "element:VolumeClone": {
    args: { volumeID: 1, snapshotID: 5, trigger: 1, name: "copy", enable512e: true, newSize: 2 ** 31 },
    replace: { volumeID: 2, snapshotID: 6, trigger: 2, name: "staging", enable512e: false },
    other: {
      newSize: 2 ** 32,
      access: "readOnly",
      attributes: { purpose: "tests" },
      enableSnapMirrorReplication: true,
      newAccountID: 7,
      qos: { minIOPS: 50, maxIOPS: 100, burstIOPS: 100 },
      qosPolicyID: 3,
      volumeAccessGroupIDs: [4],
      deletionPolicy: "purge",
      onTimeout: "cancel",
      timeouts: { create: "1h" },
    },
  },
  "element:Snapshot": {
    args: { volumeID: 1, sourceSnapshotID: 5, trigger: 1, attributes: { purpose: "tests" }, name: "before" },
    replace: { volumeID: 2, sourceSnapshotID: 6, trigger: 2, attributes: { purpose: "staging" }, name: "after" },
    other: {
      retention: "24:00:00",
      expirationTime: "2027-01-01T00:00:00Z",
      enableRemoteReplication: true,
      snapMirrorLabel: "daily",
      ensureSerialCreation: true,
      timeouts: { create: "1h" },
    },
  },
};
/** What is as soon as it is made, and never anything else. */
const STATELESS: readonly ResourceKind[] = ["element:Snapshot"];
/** How a creation ends that failed for good. */
const FAILED = (kind: ResourceKind) => (isElement(kind) ? "failed" : "error");
/** Kinds whose objects hold no data. */
const DISPOSABLE: readonly ResourceKind[] = ["ovh:ShareAccessRule", "ovh:SnapshotPolicy"];
const cases = Object.entries(TABLE).map(([kind, table]) => [kind as ResourceKind, table] as const); // keys of a Record of kinds

describe.for(cases)("%s", ([kind, { args, replace, other }]) => {
  test.for(Object.entries(replace))(
    "is replaced when %s changes, and when its new value is not known yet",
    async ([key, value], { everything: world }) => {
      const resource = await recordedAs(world, kind, args);
      expect((await resource.diff({ ...args, [key]: value })).replaces).toEqual([key]);
      expect((await resource.diff({ ...args, [key]: UNKNOWN })).replaces).toEqual([key]);
    },
  );

  test("is not replaced when anything else changes", async ({ everything: world }) => {
    const resource = await recordedAs(world, kind, args);
    for (const [key, value] of Object.entries(other)) {
      const difference = await resource.diff({ ...args, [key]: value });
      expect([key, difference.replaces]).toEqual([key, []]);
    }
  });

  test("is not replaced because of a value that an older version did not record", async ({ everything: world }) => {
    for (const [key, value] of Object.entries(replace)) {
      const resource = await recordedAs(world, kind, args);
      const { [key]: _, __absent, ...older } = resource.outputs;
      resource.state = { id: "1", inputs: {}, outputs: older, initErrors: [] };
      expect([key, (await resource.diff({ ...args, [key]: value })).replaces]).toEqual([key, []]);
    }
  });

  test("has no difference to its own arguments", async ({ everything: world }) => {
    const resource = await recordedAs(world, kind, args);
    const { changes, replaces } = await resource.diff(args);
    expect([changes ?? false, replaces]).toEqual([false, []]);
  });

  test.for(["creating", "deleting", "a_state_of_next_year"])(
    "has its wait resumed when it was left in state %s",
    async (status, { everything: world }) => {
      const resource = await recordedAs(world, kind, args, { status });
      expect(await resource.diff(args)).toMatchObject({ changes: !STATELESS.includes(kind), replaces: [] });
    },
  );

  test("is updated when its creation was never seen to finish, also when it settled since", async ({
    everything: world,
  }) => {
    const resource = await recordedAs(world, kind, args, { __creating: true });
    expect(await resource.diff(args)).toMatchObject({ changes: true, replaces: [] });
  });

  test("is deleted and made again when its creation failed for good, but for an act; later only where it holds no data", async ({
    everything: world,
  }) => {
    const status = FAILED(kind);
    const never = await recordedAs(world, kind, args, { status, __creating: true });
    expect(await never.diff(args)).toEqual(
      kind === "ovh:ShareRevert" || STATELESS.includes(kind)
        ? { changes: true, replaces: [] }
        : { changes: true, replaces: ["status"], deleteBeforeReplace: true },
    );
    const used = await recordedAs(world, kind, args, { status });
    expect((await used.diff(args)).replaces).toEqual(DISPOSABLE.includes(kind) ? ["status"] : []);
  });

  test.for(["extending_error", "error_deleting", "shrinking_error", "reverting_error"])(
    "is never replaced in state %s",
    async (status, { everything: world }) => {
      const resource = await recordedAs(world, kind, args, { status });
      expect((await resource.diff(args)).replaces).toEqual([]);
    },
  );
});

test("a replace property that the program had left out and now sets replaces", async ({ everything: world }) => {
  const share = await recordedAs(world, "ovh:Share", { serviceName: A, size: 100 });
  expect((await share.diff({ serviceName: A, size: 100, mountPointName: "team" })).replaces).toEqual([
    "mountPointName",
  ]);
  expect((await share.diff({ serviceName: A, size: 100, mountPointName: UNKNOWN })).replaces).toEqual([
    "mountPointName",
  ]);
});

test("a replace property that the program takes out replaces", async ({ everything: world }) => {
  const share = await recordedAs(world, "ovh:Share", { serviceName: A, size: 100, mountPointName: "team" });
  expect((await share.diff({ serviceName: A, size: 100 })).replaces).toEqual(["mountPointName"]);
});

test("several changes are named together", async ({ everything: world }) => {
  const { args, replace } = TABLE["ovh:ShareClone"];
  const clone = await recordedAs(world, "ovh:ShareClone", args);
  expect((await clone.diff({ ...args, ...replace })).replaces?.toSorted()).toEqual(Object.keys(replace).toSorted());
});

describe("the old object goes first", () => {
  test.for(["ovh:Share", "ovh:ShareClone"] as const)(
    "when a %s keeps its mount point name, which is unique in its service",
    async (kind, { everything: world }) => {
      const { args } = TABLE[kind];
      const resource = await recordedAs(world, kind, args);
      expect(await resource.diff({ ...args, name: "other" })).toMatchObject({
        replaces: [],
        deleteBeforeReplace: true,
      });
      expect(await resource.diff({ ...args, serviceName: B })).toEqual({ replaces: ["serviceName"] });
      expect(await resource.diff({ ...args, mountPointName: "crew" })).not.toHaveProperty("deleteBeforeReplace");
      const free = await recordedAs(world, kind, { ...args, mountPointName: undefined });
      expect(await free.diff({ ...args, mountPointName: undefined, name: "other" })).not.toHaveProperty(
        "deleteBeforeReplace",
      );
    },
  );

  test("when an access rule changes its level, for the service takes one rule per network", async ({
    everything: world,
  }) => {
    const { args } = TABLE["ovh:ShareAccessRule"];
    const rule = await recordedAs(world, "ovh:ShareAccessRule", args);
    expect(await rule.diff({ ...args, accessLevel: "rw" })).toEqual({
      replaces: ["accessLevel"],
      deleteBeforeReplace: true,
    });
    expect(await rule.diff({ ...args, accessTo: "10.0.7.1" })).not.toHaveProperty("deleteBeforeReplace");
    expect(await rule.diff({ ...args, shareId: B })).not.toHaveProperty("deleteBeforeReplace");
  });
});

test("no diff makes a call", async ({ everything: world }) => {
  for (const [kind, { args, other }] of cases) {
    const resource = await recordedAs(world, kind, args); // which checks it as new, and an act may look then
    const before = world.called;
    await resource.diff({ ...args, ...other });
    expect([kind, world.called]).toEqual([kind, before]);
  }
});
