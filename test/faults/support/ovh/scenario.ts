import type { Properties } from "../../../../provider/core/properties";
import type { Declared, Program } from "../stack";
import type { Phase } from "../system";
import { type OvhProgram, type OvhWorld, type Place, placeOf } from "./service";

interface Arguments {
  policy: Properties;
  data: Properties;
  app: Properties;
  point: Properties;
  held: Properties;
  copy: Properties;
  reader: Properties;
}

/** The same seven resources of all kinds in every program; only their arguments differ. */
const program =
  (argumentsOf: (place: Place, idOf: (name: string) => string) => Arguments): OvhProgram =>
  (world): Program => {
    const place = placeOf(world);
    const declared = (kind: Declared["kind"], name: keyof Arguments): Declared => ({
      kind,
      name,
      args: (idOf) => ({ serviceName: place.serviceName, ...argumentsOf(place, lazily(idOf, name))[name] }),
    });
    return [
      declared("ovh:SnapshotPolicy", "policy"),
      declared("ovh:Share", "data"),
      declared("ovh:ShareAccessRule", "app"),
      declared("ovh:Snapshot", "point"),
      declared("ovh:HeldSnapshot", "held"),
      declared("ovh:ShareClone", "copy"),
      declared("ovh:ShareAccessRule", "reader"),
    ];
  };

/** The arguments of all are made to get those of one: ids that only others need may be missing. */
const ORDER = ["policy", "data", "app", "point", "held", "copy", "reader"];
const lazily = (idOf: (name: string) => string, user: string) => (name: string) =>
  ORDER.indexOf(name) < ORDER.indexOf(user) ? idOf(name) : "";

const NIGHTLY = [{ prefix: "nightly", copies: 2, cron: "0 2 * * *" }];
const NIGHTLY_KEPT_LONGER = [{ prefix: "nightly", copies: 7, cron: "0 2 * * *" }];

const first = program(({ production }, idOf) => ({
  policy: { rules: NIGHTLY, description: "Every night" },
  data: { size: 100, name: "orders", description: "Orders", snapshotPolicyId: idOf("policy"), snapshotReserve: 10 },
  app: { shareId: idOf("data"), accessTo: "10.0.0.0/24", accessLevel: "ro" },
  point: { shareId: idOf("data"), trigger: 1 },
  held: { shareId: production, select: { newest: true }, trigger: 1 },
  copy: { snapshotId: idOf("held"), shareId: production, size: 100 },
  reader: { shareId: idOf("copy"), accessTo: "10.0.1.0/24", accessLevel: "rw" },
}));

/** Everything that can be changed in place, upwards. */
const changed = program(({ production, hourly }, idOf) => ({
  policy: { rules: NIGHTLY, name: "each night", description: "Every night at two" },
  data: { size: 150, name: "orders 2", description: "All orders", snapshotPolicyId: hourly, snapshotReserve: 20 },
  app: { shareId: idOf("data"), accessTo: "10.0.0.0/24", accessLevel: "ro" },
  point: { shareId: idOf("data"), trigger: 1, name: "before the migration", description: "Keep" },
  held: { shareId: production, select: { newest: true }, trigger: 1, name: "for staging", description: "Held" },
  copy: {
    snapshotId: idOf("held"),
    shareId: production,
    size: 200,
    name: "staging",
    description: "For tests",
    snapshotPolicyId: idOf("policy"),
    snapshotReserve: 15,
  },
  reader: { shareId: idOf("copy"), accessTo: "10.0.1.0/24", accessLevel: "rw" },
}));

/** Smaller, and without what may be left out again. */
const reduced = program(({ production }, idOf) => ({
  policy: { rules: NIGHTLY, name: "each night" },
  data: { size: 120, name: "orders 2" },
  app: { shareId: idOf("data"), accessTo: "10.0.0.0/24", accessLevel: "ro" },
  point: { shareId: idOf("data"), trigger: 1, name: "before the migration" },
  held: { shareId: production, select: { newest: true }, trigger: 1, name: "for staging" },
  copy: { snapshotId: idOf("held"), shareId: production, size: 180, name: "staging", snapshotPolicyId: idOf("policy") },
  reader: { shareId: idOf("copy"), accessTo: "10.0.1.0/24", accessLevel: "rw" },
}));

/** New rules, a new point in time, and with it a new clone and its access rule; `app` goes before it is made again. */
const replaced = program(({ production }, idOf) => ({
  policy: { rules: NIGHTLY_KEPT_LONGER, name: "each night" },
  data: { size: 120, name: "orders 2" },
  app: { shareId: idOf("data"), accessTo: "10.0.0.0/24", accessLevel: "rw" },
  point: { shareId: idOf("data"), trigger: 2, name: "before the migration" },
  held: { shareId: production, select: { newest: true }, trigger: 2, name: "for staging" },
  copy: { snapshotId: idOf("held"), shareId: production, size: 180, name: "staging", snapshotPolicyId: idOf("policy") },
  reader: { shareId: idOf("copy"), accessTo: "10.0.1.0/24", accessLevel: "rw" },
}));

/** What people do by hand: a name, a size, and a snapshot that is gone. */
function meddle({ simulator, stack }: OvhWorld): void {
  const { model } = simulator;
  for (const share of model.shares) {
    if (share.id === stack.idOf("data")) share.name = "renamed by hand";
    if (share.id === stack.idOf("copy")) share.size = 220;
  }
  model.rotateAway(stack.idOf("point") ?? "");
}

export const MAIN: readonly Phase<OvhWorld>[] = [
  { name: "create", command: "up", program: first },
  { name: "change", command: "up", program: changed },
  { name: "reduce", command: "up", program: reduced },
  {
    name: "replace",
    command: "up",
    before: ({ simulator, clock, production }) => {
      clock.pass(60_000); // the newest point of a later minute: names hold no seconds
      simulator.model.takeAutomaticSnapshot(production);
    },
    program: replaced,
  },
  { name: "refresh", command: "refresh", before: meddle, program: replaced },
  { name: "destroy", command: "destroy", program: replaced, upInstead: true },
];
