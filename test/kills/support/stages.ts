import { element } from "./element";
import { OVH } from "./ovh";
import type { Stage } from "./system";

const SEED = "process.env.SHARE";
const SHARE = `const share = new Share("data", { serviceName, size: 100 });`;
const TAKEN = `const taken = new Snapshot("taken", { serviceName, shareId: ${SEED} });`;
const clone = (options = "") =>
  `const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: 100${options} });`;
const rule = (share: string) =>
  `new ShareAccessRule("rule", { serviceName, shareId: ${share}, accessTo: "10.0.5.0/24", accessLevel: "ro" });`;
const policy = (options = "") =>
  `const policy = new SnapshotPolicy("nightly", { serviceName, rules: [{ prefix: "nightly", copies: 3, schedule: { hours: [2], minutes: [0] } }]${options} });`;

const creation = (name: string, target: string, base = "", system = OVH): Stage => ({
  name: `create ${name}`,
  system,
  base,
  target: base + target,
  operation: "up",
});

const REPLACED = (trigger: number) =>
  `const taken = new Snapshot("taken", { serviceName, shareId: ${SEED}, trigger: ${trigger} });` +
  clone() +
  rule("clone.id");

/** For what knows nothing of the one before it: the engine then takes them in this order each time. */
const after = (other: string) => `, { dependsOn: [${other}] }`;

const CHANGED = (changed: boolean) =>
  policy(changed ? `, description: "every night"` : "") +
  `const share = new Share("data", { serviceName, size: ${changed ? 150 : 100}, name: "${changed ? "new" : "old"}"` +
  (changed ? ", snapshotPolicyId: policy.id, snapshotReserve: 10" : "") +
  ` }${after("policy")});` +
  `new Snapshot("taken", { serviceName, shareId: ${SEED}, description: "${changed ? "new" : "old"}" }${after("share")});`;

const EVERYTHING =
  `${policy()}const share = new Share("data", { serviceName, size: 100 }${after("policy")});` +
  `const taken = new Snapshot("taken", { serviceName, shareId: ${SEED} }${after("share")});` +
  clone() +
  rule("clone.id");

/** The main scenario, each part as small as it can be: one stack and one small program per kill. */
export const STAGES: readonly Stage[] = [
  creation("Share", SHARE),
  creation("Share with a name", `new Share("data", { serviceName, size: 100, name: "my data", description: "mine" });`),
  creation("Snapshot", TAKEN),
  {
    ...creation(
      "HeldSnapshot",
      `new HeldSnapshot("held", { serviceName, shareId: ${SEED}, select: { newest: true } });`,
    ),
    imports: true,
  },
  creation("ShareClone", clone(), TAKEN),
  creation("ShareAccessRule", rule("share.id"), SHARE),
  creation("SnapshotPolicy", policy()),
  { name: "update", system: OVH, base: CHANGED(false), target: CHANGED(true), operation: "up" },
  { name: "replacement", system: OVH, base: REPLACED(0), target: REPLACED, operation: "up" },
  { name: "destroy", system: OVH, base: EVERYTHING, target: EVERYTHING, operation: "destroy" },
];

const POINT = (options = "") => `const { snapshotID } = new Snapshot("point", { volumeID${options} });`;
const COPY = (options = "") => `const copy = new VolumeClone("copy", { volumeID, snapshotID${options} });`;
const ASKED =
  ', access: "readOnly", qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 }, volumeAccessGroupIDs, deletionPolicy: "purge"';

/** Other settings, told: what a program leaves out stays as it is. */
const OTHERWISE = ', access: "readWrite", qos: { minIOPS: 50, maxIOPS: 15000, burstIOPS: 15000 }';

/** Over in a moment: the next command finds the clone finished. */
const AT_ONCE = { cloneMs: 40 };
/** Still running when the next command looks. */
const RUNNING = { cloneMs: 4000 };

/** The same for NetApp Element, on clusters that hide a clone that is being copied, and on those that list it. */
export const ELEMENT_STAGES: readonly Stage[] = [
  ...(["hidden", "listed"] as const).flatMap((shown) => [
    creation(`VolumeClone (${shown})`, `new VolumeClone("copy", { volumeID });`, "", element(shown, AT_ONCE)),
    creation(
      `VolumeClone that runs on (${shown})`,
      `new VolumeClone("copy", { volumeID, name: "staging" });`,
      "",
      element(shown, RUNNING),
    ),
    creation(`VolumeClone of a snapshot (${shown})`, COPY(ASKED), POINT(), element(shown, AT_ONCE)),
  ]),
  creation("Snapshot of a volume", POINT(', name: "point", retention: "24:00:00"'), "", element("hidden", AT_ONCE)),
  {
    name: "update of a VolumeClone and its snapshot",
    system: element("hidden", AT_ONCE),
    base: POINT() + COPY(OTHERWISE),
    target: POINT(', snapMirrorLabel: "daily"') + COPY(ASKED),
    operation: "up",
  },
  {
    name: "replacement of a VolumeClone and its snapshot",
    system: element("hidden", AT_ONCE),
    base: POINT(", trigger: 0") + COPY(ASKED),
    target: (round) => POINT(`, trigger: ${round}`) + COPY(ASKED),
    operation: "up",
  },
  {
    name: "destroy of a VolumeClone and its snapshot",
    system: element("hidden", AT_ONCE),
    base: POINT() + COPY(ASKED),
    target: POINT() + COPY(ASKED),
    operation: "destroy",
  },
];
