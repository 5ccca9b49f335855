import { expect } from "vitest";
import { type Fault, type FaultOrder, type OvhSimulator, simulateOvh } from "../../../../provider/simulators";
import { createProject, type Run } from "../../../e2e/support/project";

/** The main scenario as a program: all kinds of resources, most of them beside one another. */
const PROGRAM = `
const policy = new SnapshotPolicy("policy", { serviceName, rules: [{ prefix: "nightly", copies: 2, cron: "0 2 * * *" }] });
const data = new Share("data", { serviceName, size: Number(process.env.SIZE ?? 100), name: "orders", snapshotPolicyId: policy.id });
new ShareAccessRule("app", { serviceName, shareId: data.id, accessTo: "10.0.0.0/24", accessLevel: "ro" });
new Snapshot("point", { serviceName, shareId: data.id });
const held = new HeldSnapshot("held", { serviceName, shareId: process.env.SHARE, select: { newest: true } });
const copy = new ShareClone("copy", { serviceName, snapshotId: held.id, shareId: process.env.SHARE, size: 100 });
new ShareAccessRule("reader", { serviceName, shareId: copy.id, accessTo: "10.0.1.0/24", accessLevel: "rw" });
`;

const NOTHING = { shares: 0, snapshots: 0, rules: 0, policies: 0 };
/** What the program makes, all in all. */
const DECLARED = { shares: 2, snapshots: 2, rules: 2, policies: 1 };

/** One combination on the real engine. */
export interface EngineCase {
  command: "up" | "change" | "refresh" | "destroy";
  /** The call that goes wrong. */
  order: FaultOrder;
  /** Everything after it goes wrong in this way until the command ends. */
  afterwards?: Fault;
  /** Whether the command ends well all the same. */
  survives: boolean;
}

const live = ({ model, shareId }: OvhSimulator) => {
  const shares = model.shares.filter(({ id }) => id !== shareId);
  return {
    shares: shares.length,
    snapshots: model.snapshots.filter(({ type }) => type === "manual").length,
    rules: shares.flatMap(({ rules }) => rules).length,
    policies: model.policies.length - 2,
  };
};

const isPending = ({ faults }: OvhSimulator, order: FaultOrder): boolean =>
  faults.pending.some((pending) => pending.order === order);

/** On the row of each resource that failed there is one message, and no stack. */
function expectClear({ diagnostics, text }: Run): void {
  const rows = diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn.includes("pulumi-nodejs:dynamic"))
    .map(({ urn }) => urn);
  expect(rows.length, text).toBeGreaterThan(0);
  expect(rows, text).toEqual([...new Set(rows)]);
  expect(text).not.toMatch(/ at .*\.js:\d+|\bundefined\b|\[object/);
}

/** One command meets the fault; then `up`, once more without a change, and `destroy` without faults. */
export async function expectRecovery({ command, order, afterwards, survives }: EngineCase): Promise<void> {
  const most = { ...NOTHING };
  let broken = false;
  // Without the hourly schedule: a full hour that strikes during a test must not make a difference.
  const simulator: OvhSimulator = await simulateOvh({
    schedule: false,
    onCall: () => {
      for (const [kind, count] of Object.entries(live(simulator))) {
        Reflect.set(most, kind, Math.max(count, Reflect.get(most, kind)));
      }
      if (afterwards === undefined || broken || !ordered || isPending(simulator, order)) return;
      broken = true;
      simulator.faults.add({ times: Number.POSITIVE_INFINITY, fault: afterwards });
    },
  });
  let ordered = false;
  const project = await createProject({ env: { ...simulator.environment, SHARE: simulator.shareId } });
  const run = async (what: EngineCase["command"]): Promise<Run> => {
    if (what === "change") project.env["SIZE"] = "150";
    return what === "change" ? project.up() : project[what]();
  };
  try {
    await project.program(PROGRAM);
    if (command !== "up") expect((await run("up")).code).toBe(0);
    simulator.faults.add(order);
    ordered = true;
    const met = await run(command);
    expect(isPending(simulator, order)).toBe(false);
    simulator.faults.clear();
    expect(met.code === 0, met.text).toBe(survives);
    if (!survives) expectClear(met);

    if (command !== "destroy") {
      const again = await run("up");
      expect(again.code, again.text).toBe(0);
      expect(live(simulator)).toEqual(DECLARED);
    }
    const destroyed = await run("destroy");
    expect(destroyed.code, destroyed.text).toBe(0);
    expect(live(simulator)).toEqual(NOTHING);
    expect(most).toEqual(DECLARED);
    expect(simulator.unmatched).toEqual([]);
  } finally {
    await project.remove();
    await simulator.close();
  }
}
