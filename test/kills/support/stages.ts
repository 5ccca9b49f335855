/** One part of the main scenario: what there is before, and the operation that is disturbed. */
export interface Stage {
  name: string;
  /** The program that has run before; empty for a new stack. */
  base: string;
  /** The program that is interrupted. Where it asks for something else in each round, its end is as good as the base. */
  target: string | ((round: number) => string);
  operation: "up" | "destroy";
  /** What is made carries no mark: the repeated command stops, and names the command that takes the object in. */
  imports?: boolean;
}

const SEED = "process.env.SHARE";
const SHARE = `const share = new Share("data", { serviceName, size: 100 });`;
const TAKEN = `const taken = new Snapshot("taken", { serviceName, shareId: ${SEED} });`;
const clone = (options = "") =>
  `const clone = new ShareClone("clone", { serviceName, snapshotId: taken.id, size: 100${options} });`;
const rule = (share: string) =>
  `new ShareAccessRule("rule", { serviceName, shareId: ${share}, accessTo: "10.0.5.0/24", accessLevel: "ro" });`;
const policy = (options = "") =>
  `const policy = new SnapshotPolicy("nightly", { serviceName, rules: [{ prefix: "nightly", copies: 3, schedule: { hours: [2], minutes: [0] } }]${options} });`;

const creation = (name: string, target: string, base = ""): Stage => ({
  name: `create ${name}`,
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
  { name: "update", base: CHANGED(false), target: CHANGED(true), operation: "up" },
  { name: "replacement", base: REPLACED(0), target: REPLACED, operation: "up" },
  { name: "destroy", base: EVERYTHING, target: EVERYTHING, operation: "destroy" },
];
