import { describe } from "vitest";
import type { Properties } from "../../provider/core/properties";
import type { ResourceKind } from "../../provider/kinds";
import { expect, test, type World } from "./support/test";

const ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
const UNKNOWNS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];
const [UNKNOWN = ""] = UNKNOWNS;

const VALID: Record<ResourceKind, Properties> = {
  "ovh:Share": { serviceName: ID, size: 100 },
  "ovh:Snapshot": { serviceName: ID, shareId: ID },
  "ovh:HeldSnapshot": { serviceName: ID, shareId: ID, select: { newest: true } },
  "ovh:ShareClone": { serviceName: ID, snapshotId: ID, size: 100 },
  "ovh:ShareAccessRule": { serviceName: ID, shareId: ID, accessTo: "10.0.5.0/24", accessLevel: "ro" },
  "ovh:SnapshotPolicy": { serviceName: ID, rules: [{ prefix: "nightly", cron: "0 3 * * *" }] },
  "ovh:ShareRevert": { serviceName: ID, shareId: ID, snapshotId: ID, trigger: 1, confirmDataLossOf: ID },
  "element:VolumeClone": { volumeID: 1 },
  "element:Snapshot": { volumeID: 1 },
};
const KINDS = Object.keys(VALID) as ResourceKind[]; // keys of a Record of kinds
const NAMELESS: ReadonlySet<ResourceKind> = new Set(["ovh:ShareAccessRule", "ovh:ShareRevert"]);

/** What the user reads: property and reason of each failure. */
async function failures(world: World, kind: ResourceKind, changes: Properties): Promise<string[]> {
  const { failures } = await world.resource(kind).check({ ...VALID[kind], ...changes });
  return failures.map(({ property, reason }) => `${property} ${reason}`);
}
async function inputs(world: World, kind: ResourceKind, changes: Properties): Promise<Properties> {
  const checked = await world.resource(kind).check({ ...VALID[kind], ...changes });
  expect(checked.failures).toEqual([]);
  return checked.inputs;
}

const UUID_OF = (what: string) => `must be ${what}, a UUID such as ${ID}, not a display name.`;
const DURATION = 'must be a Pulumi duration such as "90s", "15m" or "1h30m".';
const ADDRESS = 'must be an IPv4 address such as "10.0.5.7" or a network such as "10.0.5.0/24".';
const ACCESS = 'must be "readOnly", "readWrite", "locked" or "replicationTarget".';
const RETENTION = 'must be hours, minutes and seconds such as "24:00:00".';
const TIME = 'must be an RFC 3339 time such as "2026-11-21T09:00:00Z".';

describe("a wrong value is refused in words that help", () => {
  const cases: [ResourceKind, Properties, string][] = [
    [
      "ovh:Share",
      { serviceName: "my service" },
      `serviceName ${UUID_OF("the ID of the Enterprise File Storage service")}`,
    ],
    ["ovh:Share", { serviceName: 5 }, "serviceName must be the ID of the Enterprise File Storage service, a text."],
    ["ovh:Share", { serviceName: undefined }, "serviceName is missing: set serviceName."],
    ["ovh:Share", { serviceName: null }, "serviceName is missing: set serviceName."],
    ["ovh:Share", { size: undefined }, "size is missing: set size."],
    ["ovh:Share", { size: 99 }, "size must be at least 100 GiB."],
    [
      "ovh:Share",
      { size: 107_374_182_400 },
      "size must be a number of GiB: this is more than any service has, so it may be bytes or MiB.",
    ],
    ["ovh:Share", { size: 0 }, "size must be at least 100 GiB."],
    ["ovh:Share", { size: -100 }, "size must be at least 100 GiB."],
    ["ovh:Share", { size: 100.5 }, "size must be a whole number of GiB."],
    ["ovh:Share", { size: Number.NaN }, "size must be a number of GiB."],
    ["ovh:Share", { size: Number.POSITIVE_INFINITY }, "size must be a number of GiB."],
    [
      "ovh:Share",
      { serviceName: { inside: Number.NaN } },
      "serviceName must be the ID of the Enterprise File Storage service, a text.",
    ],
    [
      "ovh:Snapshot",
      { trigger: [1, { inside: Number.NaN }] },
      "trigger has a number that is NaN or infinite: set it to a finite one.",
    ],
    [
      "ovh:Share",
      { serviceName: { length: { toString: 5 } } },
      "serviceName has members that are called like parts of every object: remove them.",
    ],
    ["ovh:Share", { size: "100" }, "size must be a number of GiB."],
    ["ovh:Share", { protocol: "SMB" }, 'protocol must be "NFS", the only protocol of the service.'],
    ["ovh:Share", { protocol: "nfs" }, 'protocol must be "NFS", the only protocol of the service.'],
    ["ovh:Share", { name: "" }, "name must not be empty: leave it out to have one made."],
    ["ovh:Share", { name: "x".repeat(256) }, "name must have at most 255 characters."],
    ["ovh:Share", { name: ["x"] }, "name must be a text."],
    ["ovh:Share", { description: "x".repeat(256) }, "description must have at most 255 characters."],
    ["ovh:Share", { description: 5 }, "description must be a text."],
    ["ovh:Share", { mountPointName: "" }, "mountPointName must not be empty: leave it out instead."],
    ["ovh:Share", { timeouts: { create: "soon" } }, `timeouts its create ${DURATION}`],
    ["ovh:Share", { timeouts: { update: 90 } }, `timeouts its update ${DURATION}`],
    ["ovh:Share", { timeouts: { delete: "0s" } }, `timeouts its delete ${DURATION}`],
    [
      "ovh:Share",
      { timeouts: "5m" },
      'timeouts must be { create, update, delete }, each a Pulumi duration such as "15m".',
    ],
    ["ovh:Share", { timeouts: { created: "5m" } }, "timeouts created is not known here: did you mean create?"],
    [
      "ovh:Share",
      { timeouts: { read: "5m" } },
      "timeouts read is not known here: check its spelling, or remove it. It takes create, update, delete.",
    ],
    ["ovh:Snapshot", { shareId: "data" }, `shareId ${UUID_OF("the ID of a share")}`],
    [
      "ovh:HeldSnapshot",
      { select: undefined },
      "select is missing, and so is snapshotId: set select to { newest: true }, or snapshotId to an automatic snapshot.",
    ],
    ["ovh:HeldSnapshot", { snapshotId: ID }, "select and snapshotId exclude each other: set only one of them."],
    ["ovh:HeldSnapshot", { snapshotId: UNKNOWN }, "select and snapshotId exclude each other: set only one of them."],
    [
      "ovh:HeldSnapshot",
      { select: UNKNOWN, snapshotId: UNKNOWN },
      "select and snapshotId exclude each other: set only one of them.",
    ],
    [
      "ovh:HeldSnapshot",
      { select: "newest" },
      "select must be { newest: true }, with before and namePrefix as you like.",
    ],
    ["ovh:HeldSnapshot", { select: {} }, "select its newest must be true, the only way to select."],
    ["ovh:HeldSnapshot", { select: { newest: false } }, "select its newest must be true, the only way to select."],
    ["ovh:HeldSnapshot", { select: { newest: true, before: "yesterday" } }, `select its before ${TIME}`],
    ["ovh:HeldSnapshot", { select: { newest: true, before: "2026-11-21" } }, `select its before ${TIME}`],
    ["ovh:HeldSnapshot", { select: { newest: true, before: "2026-11-21T09:00:00" } }, `select its before ${TIME}`],
    ["ovh:HeldSnapshot", { select: { newest: true, before: "2026-02-30T09:00:00Z" } }, `select its before ${TIME}`],
    [
      "ovh:HeldSnapshot",
      { select: { newest: true, before: 5 } },
      'select its before must be a time such as "2026-11-21T09:00:00Z".',
    ],
    [
      "ovh:HeldSnapshot",
      { select: { newest: true, namePrefix: "" } },
      "select its namePrefix must not be empty: leave it out instead.",
    ],
    [
      "ovh:HeldSnapshot",
      { select: { newest: true, prefix: "x" } },
      "select prefix is not known here: check its spelling, or remove it. It takes newest, before, namePrefix.",
    ],
    ["ovh:HeldSnapshot", { onlyIfNewer: "yes" }, "onlyIfNewer must be true or false."],
    ["ovh:ShareClone", { snapshotId: "nightly" }, `snapshotId ${UUID_OF("the ID of a snapshot")}`],
    ["ovh:ShareClone", { size: 50 }, "size must be at least 100 GiB."],
    ["ovh:ShareAccessRule", { accessLevel: "write" }, 'accessLevel must be "ro" (read only) or "rw" (read and write).'],
    ["ovh:ShareAccessRule", { accessTo: 10 }, "accessTo must be a text."],
    ["ovh:SnapshotPolicy", { rules: undefined }, "rules is missing: set rules."],
    ["ovh:SnapshotPolicy", { name: "" }, "name must not be empty: leave it out to have one made."],
    ["ovh:ShareRevert", { snapshotId: "nightly" }, `snapshotId ${UUID_OF("the ID of a snapshot")}`],
    ["ovh:ShareRevert", { snapshotId: undefined }, "snapshotId is missing: set snapshotId."],
    ["ovh:ShareRevert", { confirmDataLossOf: true }, "confirmDataLossOf must be the ID of the share, a text."],
    ["element:VolumeClone", { volumeID: undefined }, "volumeID is missing: set volumeID."],
    [
      "element:VolumeClone",
      { volumeID: "1" },
      "volumeID must be the ID of a volume, a number such as 42 (of a resource, the output that is a number: not its id).",
    ],
    ["element:VolumeClone", { volumeID: 0 }, "volumeID must be the ID of a volume, a number above 0."],
    ["element:VolumeClone", { snapshotID: 1.5 }, "snapshotID must be the ID of a snapshot, a whole number."],
    ["element:VolumeClone", { newAccountID: -1 }, "newAccountID must be the ID of an account, a number above 0."],
    ["element:VolumeClone", { name: "" }, "name must not be empty: leave it out to have one made."],
    ["element:VolumeClone", { name: "x".repeat(65) }, "name must have at most 64 characters."],
    [
      "element:VolumeClone",
      { name: "my_copy" },
      "name must have letters, digits and hyphens only: it becomes part of the volume's iqn.",
    ],
    ["element:VolumeClone", { access: "readwrite" }, `access ${ACCESS}`],
    [
      "element:VolumeClone",
      { newSize: 100 },
      "newSize must be at least 1000000000 bytes: newSize counts bytes, not GiB.",
    ],
    ["element:VolumeClone", { newSize: 2 ** 50 }, "newSize must be at most 17592186044416 bytes."],
    ["element:VolumeClone", { newSize: 1e9 + 0.5 }, "newSize must be a whole number of bytes."],
    ["element:VolumeClone", { attributes: ["x"] }, "attributes must be an object with names and values."],
    [
      "element:VolumeClone",
      { attributes: { holdfast: {} } },
      "attributes must not have a member holdfast: this package keeps its own mark there.",
    ],
    [
      "element:VolumeClone",
      { attributes: { x: "x".repeat(900) } },
      "attributes must be less than 880 bytes as JSON: the service takes 1000, of which the mark of this package needs up to 120.",
    ],
    ["element:VolumeClone", { enable512e: "true" }, "enable512e must be true or false."],
    ["element:VolumeClone", { qos: 100 }, "qos must be { minIOPS, maxIOPS, burstIOPS }, all three."],
    [
      "element:VolumeClone",
      { qos: { minIOPS: 10, maxIOPS: 1000, burstIOPS: 1000 } },
      "qos its minIOPS must be 50 to 15000.",
    ],
    [
      "element:VolumeClone",
      { qos: { minIOPS: 100, maxIOPS: 2000, burstIOPS: 1000 } },
      "qos its maxIOPS must not be above its burstIOPS.",
    ],
    [
      "element:VolumeClone",
      { qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 1000 }, qosPolicyID: 1 },
      "qosPolicyID can't be set together with qos: keep one of them.",
    ],
    [
      "element:VolumeClone",
      { volumeAccessGroupIDs: 5 },
      "volumeAccessGroupIDs must be a list of IDs of volume access groups.",
    ],
    ["element:VolumeClone", { deletionPolicy: "keep" }, 'deletionPolicy must be "delete" or "purge".'],
    ["element:VolumeClone", { onTimeout: "purge" }, 'onTimeout must be "keep" or "cancel".'],
    ["element:VolumeClone", { volumeId: 5 }, "volumeId is not known here: did you mean volumeID?"],
    ["element:Snapshot", { retention: "24:00" }, `retention ${RETENTION}`],
    ["element:Snapshot", { retention: "00:00:00" }, `retention ${RETENTION}`],
    ["element:Snapshot", { expirationTime: "2026-11-21" }, `expirationTime ${TIME}`],
    [
      "element:Snapshot",
      { retention: "24:00:00", expirationTime: "2027-01-01T00:00:00Z" },
      "retention can't be set together with expirationTime: keep one of them.",
    ],
    ["element:Snapshot", { snapMirrorLabel: "x".repeat(32) }, "snapMirrorLabel must have at most 31 characters."],
    ["element:Snapshot", { name: "x".repeat(256) }, "name must have at most 255 characters."],
  ];
  test.for(cases)("%s %j", async ([kind, changes, expected], { everything: world }) => {
    expect(await failures(world, kind, changes)).toEqual([expected]);
  });

  test("all of them at once, and an unknown one hides no other", async ({ everything: world }) => {
    const found = await failures(world, "ovh:ShareClone", { snapshotId: UNKNOWN, size: 5, name: "", extra: 1 });
    expect(found.map((failure) => failure.split(" ")[0]).toSorted()).toEqual(["extra", "name", "size"]);
  });
});

describe("a property that is not known", () => {
  test.for([
    ["ovh:Share", "sizeGiB", "did you mean size?"],
    ["ovh:Share", "servicename", "did you mean serviceName?"],
    ["ovh:Share", "mountPoint", "did you mean mountPointName?"],
    ["ovh:ShareClone", "snapshotID", "did you mean snapshotId?"],
    ["ovh:ShareAccessRule", "access", "did you mean accessTo?"],
    [
      "ovh:Snapshot",
      "retention",
      "check its spelling, or remove it. It takes serviceName, shareId, trigger, name, description, timeouts.",
    ],
    ["ovh:SnapshotPolicy", "rule", "did you mean rules?"],
    ["ovh:HeldSnapshot", "triger", "did you mean trigger?"],
    ["ovh:ShareAccessRule", "acessTo", "did you mean accessTo?"],
    ["ovh:Share", "descripton", "did you mean description?"],
    ["ovh:Share", "constructor", "check its spelling, or remove it."],
    ["ovh:Share", "toString", "check its spelling, or remove it."],
  ] as const)("of %s, %s, is refused with what to do", async ([kind, key, remedy], { everything: world }) => {
    const [failure, ...more] = await failures(world, kind, { [key]: 1 });
    expect([failure?.startsWith(`${key} is not known here: ${remedy}`), more]).toEqual([true, []]);
  });
});

describe("a value that is not known yet", () => {
  test.for(KINDS)(
    "is accepted for every property of %s, whichever of the seven placeholders stands for it",
    async (kind, { everything: world }) => {
      for (const placeholder of UNKNOWNS) {
        const unknown = Object.fromEntries(Object.keys(VALID[kind]).map((key) => [key, placeholder]));
        const all = {
          ...unknown,
          timeouts: placeholder,
          ...(NAMELESS.has(kind) ? {} : { name: placeholder }),
        };
        expect(await inputs(world, kind, all)).toMatchObject(all);
      }
    },
  );

  test("is accepted inside of a property, whose other parts are still checked", async ({ everything: world }) => {
    const select = { newest: UNKNOWN, before: UNKNOWN, namePrefix: UNKNOWN };
    expect(await inputs(world, "ovh:HeldSnapshot", { select })).toMatchObject({ select });
    expect(await failures(world, "ovh:HeldSnapshot", { select: { newest: UNKNOWN, before: "x" } })).toEqual([
      `select its before ${TIME}`,
    ]);
    expect(await failures(world, "ovh:Share", { timeouts: { create: UNKNOWN, delete: "x", crate: UNKNOWN } })).toEqual([
      `timeouts its delete ${DURATION}`,
      "timeouts crate is not known here: did you mean create?",
    ]);
    expect(await inputs(world, "ovh:HeldSnapshot", { trigger: { a: [UNKNOWN] } })).toMatchObject({
      trigger: { a: [UNKNOWN] },
    });
  });
});

describe("what an access rule admits", () => {
  test("is one text for one network: an address is its own /32", async ({ everything: world }) => {
    expect(await inputs(world, "ovh:ShareAccessRule", { accessTo: "10.0.5.7/32" })).toMatchObject({
      accessTo: "10.0.5.7",
    });
  });

  test.for(["10.0.5.7/24", "10.0.5.128/24", "1.0.0.0/0"])(
    "is not accepted as %s, an address inside of a network",
    async (accessTo, { everything: world }) => {
      expect(await failures(world, "ovh:ShareAccessRule", { accessTo })).toEqual([
        "accessTo is an address inside a network: give the network itself, such as 10.0.5.0/24, or the address without /.",
      ]);
    },
  );

  test.for(["10.0.5.7", "10.0.5.0/24", "0.0.0.0/0", "255.255.255.255", "10.0.5.128/25", UNKNOWN])(
    "is accepted as %s",
    async (accessTo, { everything: world }) => {
      expect(await inputs(world, "ovh:ShareAccessRule", { accessTo })).toMatchObject({ accessTo });
    },
  );

  test.for([
    "",
    "10.0.5",
    "10.0.5.256",
    "10.0.5.0/33",
    "10.0.5.0/",
    "10.0.5.0/-1",
    "10.0.5.0/024",
    "10.0.5.0/24/24",
    "010.0.5.7",
    " 10.0.5.7",
    "10.0.5.7\n",
    "::1",
    "fe80::/10",
    "example.com",
    "*",
  ])("is not accepted as %j", async (accessTo, { everything: world }) => {
    expect(await failures(world, "ovh:ShareAccessRule", { accessTo })).toEqual([`accessTo ${ADDRESS}`]);
  });
});

describe("what is left after the check", () => {
  test("has the defaults that never change", async ({ everything: world }) => {
    expect(await inputs(world, "ovh:Share", {})).toMatchObject({ protocol: "NFS" });
    expect(await inputs(world, "ovh:HeldSnapshot", {})).toMatchObject({ onlyIfNewer: true });
  });

  test("is the same for two ways to write one time or one id", async ({ everything: world }) => {
    const select = (before: string) => inputs(world, "ovh:HeldSnapshot", { select: { newest: true, before } });
    expect(await select("2026-11-21T10:30:00+01:30")).toEqual(await select("2026-11-21T09:00:00Z"));
    expect(await select("2026-11-21T09:00:00.000Z")).toEqual(await select("2026-11-21T09:00:00Z"));
    expect(await inputs(world, "ovh:Share", { serviceName: ID.toUpperCase() })).toMatchObject({ serviceName: ID });
  });

  test("has no null: it counts as left out", async ({ everything: world }) => {
    const checked = await inputs(world, "ovh:HeldSnapshot", {
      name: null,
      trigger: null,
      snapshotId: null,
      timeouts: null,
    });
    expect(Object.keys(checked).toSorted()).toEqual(
      ["__provider", "__urn", "onlyIfNewer", "select", "serviceName", "shareId"].toSorted(),
    );
  });

  test("has no facts and no hidden properties that a program made up", async ({ everything: world }) => {
    const forged = { source: { type: "manual" }, __creating: true, __absent: "name", __get: true, __other: 1 };
    const checked = await inputs(world, "ovh:ShareClone", forged);
    expect(Object.keys(checked).toSorted()).toEqual(
      ["__provider", "__urn", "protocol", "serviceName", "size", "snapshotId"].toSorted(),
    );
  });

  test("is not changed by members that are called like parts of every object", async ({ everything: world }) => {
    const args: Properties = JSON.parse(`{"__proto__": {"polluted": true}, "serviceName": "${ID}", "size": 100}`);
    const { inputs: checked = {} } = await world.process.host("ovh:Share").check({}, args);
    expect(Reflect.get(checked, "polluted")).toBeUndefined();
    expect(Object.getPrototypeOf(checked)).toBe(Object.prototype);
  });

  test("has today's URN and organization, and an alias or a renamed stack is no change all the same", async ({
    everything: world,
  }) => {
    const host = world.process.host("ovh:Share");
    const old = { ...VALID["ovh:Share"], __urn: "urn:pulumi:old::p::t::data", __organization: "before" };
    const news = { ...VALID["ovh:Share"], __urn: "urn:pulumi:new::p::t::data", __organization: "now" };

    const { inputs: checked } = await host.check(old, news);

    expect(checked).toMatchObject({ __urn: news.__urn, __organization: "now" });
    const recorded = { ...old, protocol: "NFS", __absent: "name,description,mountPointName,timeouts" };
    expect(await host.diff("1", recorded, checked ?? {})).toMatchObject({ changes: false, replaces: [] });
  });
});

test("the largest name and description and the smallest size are accepted", async ({ everything: world }) => {
  const text = "x".repeat(255);
  expect(await inputs(world, "ovh:Share", { name: text, description: text, size: 100 })).toMatchObject({ name: text });
  expect(await inputs(world, "ovh:Share", { description: "" })).toMatchObject({ description: "" });
});

test("no check makes a call, but about what is named by its id, or about to be done", async ({ everything: world }) => {
  const asking: ReadonlySet<ResourceKind> = new Set(["ovh:ShareRevert", "ovh:ShareClone", "element:VolumeClone"]);
  for (const kind of KINDS.filter((other) => !asking.has(other))) await inputs(world, kind, {});
  await inputs(world, "ovh:ShareClone", { snapshotId: UNKNOWN });
  const revert = world.resource("ovh:ShareRevert");
  revert.state = { id: "1", inputs: VALID["ovh:ShareRevert"], outputs: {}, initErrors: [] };
  expect((await revert.check({ ...VALID["ovh:ShareRevert"], snapshotId: UNKNOWN })).failures).toEqual([]);
  await inputs(world, "element:VolumeClone", { volumeID: UNKNOWN });
  expect(world.called).toBe(0);
});
