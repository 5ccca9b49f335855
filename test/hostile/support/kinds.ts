import fc from "fast-check";
import type { Properties } from "../../../provider/core/properties";
import type { ResourceKind } from "../../../provider/kinds";
import * as element from "./elementOracle";
import type { Judge } from "./oracle";
import * as oracle from "./oracle";
import * as policies from "./policyOracle";
import { anything } from "./values";

interface Property {
  judge: Judge;
  /** Only what is valid by the oracle. */
  valid: fc.Arbitrary<unknown>;
  required?: true;
}

const id = fc.oneof(
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
);
const label = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }).filter((text) => text.length <= 255),
  fc.constantFrom("x".repeat(255), "\u05d0".repeat(255), "constructor", "\u202egnp", "a|b\\c,d. e-f_g"),
);
const duration = fc
  .array(fc.tuple(fc.constantFrom("1", "90", "0.5", "12.25"), fc.constantFrom("ms", "s", "m", "h", "\u00b5s")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.map(([amount, unit]) => amount + unit).join(""));
const timeouts: Property = {
  judge: oracle.timeouts,
  valid: fc.record({ create: duration, update: duration, delete: duration }, { requiredKeys: [] }),
};
const moment = fc
  .tuple(
    fc.date({ min: new Date("1971-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }),
    fc.constantFrom("Z", "+05:30", "-11:00"),
  )
  .map(([date, offset]) => date.toISOString().replace("Z", offset));
const network = fc
  .tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }), fc.boolean())
  .map(([address, prefix, bare]) => {
    const masked = bare ? address : prefix === 0 ? 0 : Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(masked / 2 ** shift) % 256).join(".");
    return bare ? octets : `${octets}/${prefix}`;
  });

const some = (low: number, high: number, minLength = 0) =>
  fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength, maxLength: 5 });
const schedule = fc.record(
  { minutes: some(0, 59, 1), hours: some(0, 23), days: some(1, 28), months: some(1, 12), weekdays: some(0, 6) },
  { requiredKeys: ["minutes"] },
);
const field = (low: number, high: number) =>
  fc.oneof(
    fc.constant("*"),
    some(low, high, 1).map(String),
    fc
      .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }), fc.integer({ min: 1, max: 9 }))
      .map(([one, other, step]) => `${Math.min(one, other)}-${Math.max(one, other)}${step > 5 ? `/${step}` : ""}`),
    fc.integer({ min: 1, max: high }).map((step) => `*/${step}`),
  );
const cron = fc.oneof(
  fc.constantFrom("@daily", "@yearly", "0 3 * * *", "*/15 8-18 * * mon-fri", "0 0 1 JAN,jul *"),
  fc.tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12)).map((fields) => `${fields.join(" ")} *`),
  fc
    .tuple(field(0, 59), field(0, 23), field(1, 12), field(0, 6))
    .map(([minute, hour, ...rest]) => `${minute}  ${hour} * ${rest.join(" ")}`),
);
const rules = fc.uniqueArray(
  fc
    .tuple(
      label.filter((prefix) => prefix !== ""),
      fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
      fc.oneof(
        schedule.map((given) => ({ schedule: given })),
        cron.map((given) => ({ cron: given })),
      ),
    )
    .map(([prefix, copies, timing]) => ({ prefix, ...(copies === undefined ? {} : { copies }), ...timing })),
  { minLength: 1, maxLength: 4, selector: ({ prefix }) => prefix },
);

const serviceName: Property = { judge: oracle.id, valid: id, required: true };
const shareId = serviceName;
const snapshotId = serviceName;
const texts = {
  name: { judge: oracle.name, valid: label.filter((text) => text !== "") },
  description: { judge: oracle.label, valid: label },
};
const { required: _, ...optionalId } = serviceName;
const shareSettings = {
  size: {
    judge: oracle.size,
    valid: fc.oneof(fc.constantFrom(100, 59_392), fc.integer({ min: 100, max: 59_392 })),
    required: true,
  },
  protocol: { judge: oracle.literal("NFS"), valid: fc.constant("NFS") },
  ...texts,
  mountPointName: { judge: oracle.mountPoint, valid: fc.stringMatching(/^[A-Za-z0-9_-]{1,40}$/) },
  snapshotPolicyId: optionalId,
  snapshotReserve: { judge: oracle.reserve, valid: fc.integer({ min: 5, max: 100 }) },
  timeouts,
} satisfies Record<string, Property>;
const trigger: Property = { judge: oracle.json, valid: anything.filter((value) => oracle.json(value) === "valid") };

const number = fc.integer({ min: 1, max: 2 ** 31 });
const numbered: Property = { judge: element.id, valid: number };
const flag: Property = { judge: element.flag, valid: fc.boolean() };
const attributes: Property = {
  judge: element.attributes,
  valid: fc.dictionary(
    fc.string({ maxLength: 10 }).filter((key) => key !== "__proto__" && key !== "holdfast"),
    fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 })),
    { maxKeys: 4, noNullPrototype: true },
  ),
};
const two = (value: number) => String(value).padStart(2, "0");

/** What each kind takes, by the service's documentation. */
export const KINDS: Record<ResourceKind, Record<string, Property>> = {
  "ovh:Share": { serviceName, ...shareSettings },
  "ovh:Snapshot": { serviceName, shareId, trigger, ...texts, timeouts },
  "ovh:HeldSnapshot": {
    serviceName,
    shareId,
    snapshotId: optionalId,
    select: {
      judge: oracle.object({ newest: oracle.literal(true), before: oracle.moment, namePrefix: oracle.someText }, [
        "newest",
      ]),
      valid: fc.record(
        { newest: fc.constant(true), before: moment, namePrefix: label.filter((text) => text !== "") },
        { requiredKeys: ["newest"] },
      ),
    },
    onlyIfNewer: { judge: oracle.literal(true, false), valid: fc.boolean() },
    trigger,
    ...texts,
    timeouts,
  },
  "ovh:ShareClone": { serviceName, snapshotId, shareId: optionalId, ...shareSettings },
  "ovh:ShareAccessRule": {
    serviceName,
    shareId,
    accessTo: { judge: oracle.network, valid: network, required: true },
    accessLevel: { judge: oracle.literal("ro", "rw"), valid: fc.constantFrom("ro", "rw"), required: true },
    timeouts,
  },
  "ovh:SnapshotPolicy": {
    serviceName,
    rules: { judge: policies.rules, valid: rules, required: true },
    ...texts,
    timeouts,
  },
  "ovh:ShareRevert": {
    serviceName,
    shareId,
    snapshotId,
    trigger,
    // Compared with the share's ID, see `together`.
    confirmDataLossOf: { judge: (value) => (typeof value === "string" ? "open" : "wrong"), valid: id },
    timeouts,
  },
  "element:VolumeClone": {
    volumeID: { ...numbered, required: true },
    snapshotID: numbered,
    trigger,
    name: { judge: element.volumeName, valid: fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/) },
    access: {
      judge: element.access,
      valid: fc.constantFrom("readOnly", "readWrite", "locked", "replicationTarget"),
    },
    attributes,
    enable512e: flag,
    enableSnapMirrorReplication: flag,
    newAccountID: numbered,
    // As the service stores it: what is rounded is no number that it was.
    newSize: {
      judge: element.newSize,
      valid: fc.integer({ min: 954, max: 16_777_216 }).map((mebibytes) => mebibytes * 1_048_576),
    },
    qos: {
      judge: element.qos,
      valid: fc
        .tuple(fc.integer({ min: 100, max: 15_000 }), fc.nat({ max: 90_000 }), fc.nat({ max: 90_000 }))
        .map(([least, more, most]) => ({ minIOPS: least, maxIOPS: least + more, burstIOPS: least + more + most })),
    },
    qosPolicyID: numbered,
    volumeAccessGroupIDs: { judge: element.ids, valid: fc.array(number, { maxLength: 4 }) },
    deletionPolicy: { judge: oracle.literal("delete", "purge"), valid: fc.constantFrom("delete", "purge") },
    onTimeout: { judge: oracle.literal("keep", "cancel"), valid: fc.constantFrom("keep", "cancel") },
    timeouts,
  },
  "element:Snapshot": {
    volumeID: { ...numbered, required: true },
    sourceSnapshotID: numbered,
    trigger,
    name: texts.name,
    retention: {
      judge: element.retention,
      valid: fc
        .tuple(fc.integer({ min: 1, max: 99 }), fc.nat({ max: 59 }), fc.nat({ max: 59 }))
        .map((parts) => parts.map(two).join(":")),
    },
    expirationTime: { judge: element.expirationTime, valid: moment },
    enableRemoteReplication: flag,
    snapMirrorLabel: { judge: element.snapMirrorLabel, valid: fc.stringMatching(/^[ -~]{1,31}$/) },
    attributes,
    ensureSerialCreation: flag,
    timeouts,
  },
};

/** Of two that exclude each other, the one that is refused comes last. */
const EXCLUSIVE: Partial<Record<ResourceKind, readonly [string, string]>> = {
  "element:VolumeClone": ["qos", "qosPolicyID"],
  "element:Snapshot": ["expirationTime", "retention"],
};

/** What properties must be together: changes some verdicts. */
export function together(kind: ResourceKind, news: Properties, verdicts: Map<string, oracle.Verdict>): void {
  const exclusive = EXCLUSIVE[kind];
  if (exclusive !== undefined) element.exclude(news, verdicts, exclusive);
  if (kind === "ovh:HeldSnapshot") {
    const given = ["snapshotId", "select"].filter((key) => !oracle.isAbsent(news[key]));
    if (given.length !== 1) verdicts.set("select", "wrong");
  }
  if (kind === "ovh:ShareRevert") {
    const { shareId, confirmDataLossOf: confirmed } = news;
    if (oracle.isUnknown(confirmed)) return;
    if (oracle.isUnknown(shareId) || oracle.id(shareId) === "wrong") {
      if (oracle.isAbsent(confirmed) || typeof confirmed === "string") verdicts.set("confirmDataLossOf", "open");
      return;
    }
    const agreed = typeof confirmed === "string" && confirmed.toLowerCase() === String(shareId).toLowerCase();
    verdicts.set("confirmDataLossOf", agreed ? "valid" : "wrong");
  }
}

/** Inputs that are valid as a whole. */
export function validInputs(kind: ResourceKind): fc.Arbitrary<Properties> {
  const properties = Object.entries(KINDS[kind]);
  const required = properties.filter(([, property]) => property.required).map(([key]) => key);
  const record = fc.record(Object.fromEntries(properties.map(([key, { valid }]) => [key, valid])), {
    requiredKeys: required,
  });
  if (kind === "ovh:HeldSnapshot") {
    return fc
      .tuple(record, fc.boolean(), KINDS[kind]["select"]?.valid ?? fc.constant({}), id)
      .map(([news, named, select, chosen]) =>
        named ? { ...without(news, "select"), snapshotId: chosen } : { ...without(news, "snapshotId"), select },
      );
  }
  const [other, refused] = EXCLUSIVE[kind] ?? [];
  if (other !== undefined && refused !== undefined) {
    return record.map((news) => (oracle.isAbsent(news[other]) ? news : without(news, refused)));
  }
  return kind === "ovh:ShareRevert" ? record.map((news) => ({ ...news, confirmDataLossOf: news["shareId"] })) : record;
}

const without = (news: Properties, key: string): Properties =>
  Object.fromEntries(Object.entries(news).filter(([name]) => name !== key));
