/*
 * Events in the form that the engine streams; test/e2e/report.test.ts sees that they still are. Only what a test is about
 * has to be given.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SERVICE = "9c98904c-b4d7-4453-9d2b-f657baaaaa64";
export const SHARE = "08883bbf-b948-4f2a-afb8-d05019839427";

/** Noon of this day is when the previews of these tests run. */
const NOW = Date.UTC(2026, 10, 27, 12) / 1000;

const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

export const secret = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

export const urnOf = (kind: string, name: string): string =>
  `urn:pulumi:dev::shop::${/^(ovh|element):/.test(kind) ? `pulumi-nodejs:dynamic/${kind}` : kind}::${name}`;

type Properties = Record<string, unknown>;

export interface Side {
  id?: string;
  parent?: string;
  retainOnDelete?: boolean;
  inputs?: Properties;
  outputs?: Properties;
}

const side = (urn: string, value: Side | undefined) =>
  value === undefined
    ? null
    : { urn, type: urn.split("::")[2], custom: true, id: "", parent: STACK, inputs: {}, outputs: {}, ...value };

export type Event = Record<string, unknown>;

/** A step of the engine, with what it makes known afterwards. */
export const step = (op: string, kind: string, name: string, now?: Side, old?: Side, diffs: string[] = []): Event[] => {
  const urn = urnOf(kind, name);
  const metadata = {
    op,
    urn,
    type: urn.split("::")[2],
    old: side(urn, old),
    new: side(urn, now),
    diffs,
    detailedDiff: null,
  };
  const known = { ...now, outputs: { ...now?.inputs, ...now?.outputs } };
  return [
    { resourcePreEvent: { metadata, planning: true } },
    { resOutputsEvent: { metadata: { ...metadata, new: now && side(urn, known) }, planning: true } },
  ];
};

/** A replacement: its steps come in the order in which they are done. */
export function replacement(kind: string, name: string, now: Side, old: Side, { deleteFirst = false } = {}): Event[] {
  const made = [...step("create-replacement", kind, name, now, old), ...step("replace", kind, name, now, old)];
  const deleted = step("delete-replaced", kind, name, undefined, old);
  return deleteFirst ? [...deleted, ...made] : [...made, ...deleted];
}

export const clone = (name: string, inputs: Properties = {}): Event[] =>
  step("create", "ovh:ShareClone", name, {
    inputs: { serviceName: SERVICE, shareId: SHARE, snapshotId: UNKNOWN, size: 100, ...inputs },
  });

export const rule = (name: string, inputs: Properties = {}): Event[] =>
  step("create", "ovh:ShareAccessRule", name, {
    inputs: { serviceName: SERVICE, shareId: UNKNOWN, accessTo: "10.0.5.0/24", accessLevel: "rw", ...inputs },
  });

export const says = (severity: string, message: string, urn?: string): Event => ({
  diagnosticEvent: { urn, prefix: `${severity}: `, message, color: "never", severity },
});

export const finding = (enforcementLevel: string, message: string, more: Properties = {}): Event => ({
  policyEvent: {
    resourceUrn: urnOf("ovh:ShareAccessRule", "developers"),
    message: `What the rule is for.\n${message}\n`,
    policyName: "ovh-restrict-access-rules",
    policyPackName: "holdfast",
    policyPackVersion: "0.1.0",
    enforcementLevel,
    severity: "high",
    ...more,
  },
});

export const ran = (passed: string[]): Event => ({
  policyAnalyzeSummaryEvent: { resourceUrn: STACK, policyPackName: "holdfast", policyPackVersion: "0.1.0", passed },
});

export const summary = (result = "succeeded"): Event => ({
  summaryEvent: {
    maybeCorrupt: false,
    durationSeconds: 2,
    resourceChanges: {},
    PolicyPacks: {},
    isPreview: true,
    result,
  },
});

/** The lines of a stream. */
export const stream = (...events: (Event | Event[])[]): string =>
  events
    .flat()
    .map((event, sequence) => `${JSON.stringify({ sequence, timestamp: NOW, ...event })}\n`)
    .join("");
