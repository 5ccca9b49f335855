import type { OvhSimulator, ShareRecord, SnapshotRecord } from "../../simulators";
import type { Command, DemoProject, Outcome } from "./project";
import type { Report } from "./report";

/** A step did something else than it should have. */
export class Unexpected extends Error {
  readonly expected: string;
  readonly seen: string;

  constructor(what: string, expected: unknown, seen: unknown) {
    super(what);
    this.expected = readable(expected);
    this.seen = readable(seen);
  }
}

const readable = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function check(what: string, seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) throw new Unexpected(what, expected, seen);
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** How old production's newest snapshot is whenever we look. */
const AGE = 34 * MINUTE;
const FILE = "data/orders.csv";
const NETWORK = "10.0.5.0/24";

const ordersFile = (count: number) =>
  `id,text\n${Array.from({ length: count }, (_, row) => `${row + 1},order ${row + 1}\n`).join("")}`;

const thousands = (count: number) => count.toLocaleString("en-US");
const clockTime = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;

/** The example's three resources, in the order in which they are made. */
const RESOURCES = [
  { kind: "HeldSnapshot", name: "production-data", purpose: "the newest snapshot, kept from rotation" },
  { kind: "ShareClone", name: "development", purpose: "a new share with that snapshot's data" },
  { kind: "ShareAccessRule", name: "developers", purpose: `lets ${NETWORK} mount the clone` },
];

export interface Cast {
  project: DemoProject;
  simulator: OvhSimulator;
  report: Report;
  /** Runs one step of the story, whose name stands before its result. */
  step(name: string, work: () => Promise<string[]>): Promise<void>;
}

/** Tells the story. @throws the first difference between what should be and what is */
export async function tell({ project, simulator, report, step }: Cast): Promise<void> {
  const { model, shareId } = simulator;
  const orders = (id: string) => (model.readFiles(id)[FILE] ?? "").split("\n").length - 2; // header, last line end
  const clones = () => model.shares.filter(({ id }) => id !== shareId);
  const manual = () => model.snapshots.filter(({ type }) => type === "manual");
  const newestAutomatic = () => newest(model.snapshots.filter(({ type }) => type === "automatic"));
  const settings = () => {
    const share = model.shares.find(({ id }) => id === shareId);
    return share && [share.size, rulesOf(share)];
  };
  const production = settings();
  /** New orders arrive, and the service goes on taking its hourly snapshots. */
  const produce = (count: number): SnapshotRecord => {
    model.writeFile(shareId, FILE, ordersFile(count));
    model.advanceClock(HOUR - (model.now % HOUR) + AGE); // over the next full hour, whatever time it is
    const snapshot = newestAutomatic();
    check("the newest automatic snapshot of production", orders(snapshot.id), count);
    return snapshot;
  };
  const holds = (what: string, id: string, count: number) => check(`the orders on ${what}`, orders(id), count);

  /** Held snapshot, clone and rule as they should be after an `up`, by the outputs and by the service. */
  const refreshed = ({ outputs }: Outcome, from: SnapshotRecord, count: number) => {
    const [held, ...otherHeld] = manual();
    const [clone, ...otherClones] = clones();
    check("the number of held snapshots and clones", [1 + otherHeld.length, 1 + otherClones.length], [1, 1]);
    if (held === undefined || clone === undefined)
      throw new Unexpected("the service", "a snapshot and a clone", "none");
    check("the automatic snapshot that was held", held.heldFrom, from.id);
    check("the snapshot that was cloned", clone.snapshotId, held.id);
    check("the state of snapshot and clone", [held.status, clone.status], ["available", "available"]);
    check("the access rules of the clone", rulesOf(clone), [`${NETWORK} rw active`]);
    check("the output developmentShareId", outputs["developmentShareId"], clone.id);
    check("the output dataFrom", Date.parse(String(outputs["dataFrom"])), from.createdAt);
    const path = clone.accessPaths.find(({ preferred }) => preferred)?.path;
    check("the output mountCommand", outputs["mountCommand"], `mount -t nfs -o vers=3 ${path} /mnt/development`);
    holds("the clone", clone.id, count);
    return { held, clone };
  };

  const first = produce(1042);
  report.paragraph(
    `Production is a share that somebody else manages. Its ${FILE} has ${thousands(1042)} orders, and`,
    `its newest automatic snapshot, ${first.name}, is ${Math.floor((model.now - first.createdAt) / MINUTE)} minutes old.`,
  );
  await project.configure({ serviceName: simulator.serviceName, productionShareId: shareId, trigger: "monday" });

  await step("preview", async () => {
    changed("preview", await project.run("preview"), "create");
    check("the clones and held snapshots after a preview", [clones().length, manual().length], [0, 0]);
    return [
      "3 to create",
      ...RESOURCES.map(({ kind, name, purpose }) => `${kind.padEnd(17)}${name.padEnd(17)}${purpose}`),
    ];
  });

  let old = { held: "", clone: "" };
  await step("up", async () => {
    const outcome = await project.run("up");
    changed("up", outcome, "create");
    const { held, clone } = refreshed(outcome, first, 1042);
    old = { held: held.id, clone: clone.id };
    return [
      "3 created",
      `The clone is a share of its own with the ${thousands(1042)} orders of ${clockTime(first.createdAt)}:`,
      String(outcome.outputs["mountCommand"]),
    ];
  });

  const second = produce(1057);
  holds("the clone after production has changed", old.clone, 1042);
  report.paragraph(
    `An hour later production has 15 more orders, ${thousands(1057)}, and a new snapshot, ${second.name}.`,
  );

  await step("up again", async () => {
    changed("up", await project.run("up"), undefined);
    check("the clones", ids(clones()), [old.clone]);
    holds("the clone", old.clone, 1042);
    return ["nothing to change", `New data alone renew nothing: the clone still has ${thousands(1042)} orders.`];
  });

  await step("new trigger", async () => {
    await project.configure({ trigger: "tuesday" });
    const outcome = await project.run("up");
    changed("up", outcome, "replace");
    const { held, clone } = refreshed(outcome, second, 1057);
    check("the number of new snapshots and clones", [held.id !== old.held, clone.id !== old.clone], [true, true]);
    old = { held: held.id, clone: clone.id };
    return [
      "3 replaced",
      "pulumi config set trigger tuesday && pulumi up",
      "Held snapshot, clone and access rule are new, and nothing else has changed.",
      `The new clone has the ${thousands(1057)} orders of ${clockTime(second.createdAt)}; the old one and its snapshot are gone.`,
    ];
  });

  await step("destroy", async () => {
    changed("destroy", await project.run("destroy"), "delete");
    return ["3 deleted"];
  });

  await step("what is left", async () => {
    check("the resources in the state", await project.resources(), []);
    check("the shares", ids(model.shares), [shareId]);
    check("the held snapshots", ids(manual()), []);
    holds("production", shareId, 1057);
    check("production's size and access rules", settings(), production);
    const [hold, release] = ["POST /snapshot/{id}/hold", "DELETE /snapshot/{id}"];
    check("the calls that change production", writesTo(simulator, shareId).toSorted(), [release, release, hold, hold]);
    check("the calls that the simulator does not know", simulator.unmatched, []);
    return [
      "nothing but production",
      "No resource in the state, no held snapshot and no clone in the service.",
      `Production has its ${thousands(1057)} orders. API calls have held and then deleted two of its snapshots,`,
      "and changed nothing else there.",
    ];
  });
}

const newest = (snapshots: readonly SnapshotRecord[]): SnapshotRecord => {
  const [found] = snapshots.toSorted((one, other) => other.createdAt - one.createdAt);
  if (found === undefined) throw new Unexpected("production's automatic snapshots", "at least one", "none");
  return found;
};

const ids = (records: readonly { id: string }[]) => records.map(({ id }) => id);
const rulesOf = ({ rules }: ShareRecord) => rules.map((rule) => `${rule.accessTo} ${rule.accessLevel} ${rule.status}`);

/** All three resources and no other, or none at all. */
function changed(command: Command, { changes }: Outcome, effect: "create" | "replace" | "delete" | undefined): void {
  const seen = [...changes].map(([name, change]) => `${change.effect} ${change.kind} ${name}`);
  const expected = effect === undefined ? [] : RESOURCES.map(({ name, kind }) => `${effect} ${kind} ${name}`);
  const list = (lines: string[]) => lines.toSorted().join(", ") || "none";
  check(`the changes of pulumi ${command}`, list(seen), list(expected));
}

/** Calls that change the share or what belongs to it, as in `DELETE /snapshot/{id}`. */
function writesTo({ calls, serviceName }: OvhSimulator, shareId: string): string[] {
  const path = `/1.0/storage/netapp/${serviceName}/share/${shareId}`;
  return calls
    .filter((call) => call.method !== "GET" && call.path.startsWith(path))
    .map(({ method, path: called }) => `${method} ${called.slice(path.length).replace(/[0-9a-f-]{36}/g, "{id}")}`);
}
