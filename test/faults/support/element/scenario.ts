import type { Properties } from "../../../../provider/core/properties";
import type { Declared, Program } from "../stack";
import type { Phase, ProgramAt } from "../system";
import type { ElementWorld } from "./service";

const GIB = 2 ** 30;

interface Arguments {
  point: Properties;
  copy: Properties;
  live: Properties;
}

/** A snapshot, a clone of it, and one of the volume itself; only their arguments differ from program to program. */
const program =
  (argumentsOf: (world: ElementWorld, snapshotID: number) => Arguments): ProgramAt<ElementWorld> =>
  (world): Program => {
    const declared = (kind: Declared["kind"], name: keyof Arguments): Declared => ({
      kind,
      name,
      args: (idOf) => ({
        volumeID: world.database,
        timeouts: { create: "10m" },
        // Only the clone of the snapshot needs it: the others may be made before.
        ...argumentsOf(world, name === "copy" ? Number(idOf("point")) : 0)[name],
      }),
    });
    return [
      declared("element:Snapshot", "point"),
      declared("element:VolumeClone", "copy"),
      declared("element:VolumeClone", "live"),
    ];
  };

const first = program(({ testAccount, testHosts, policy }, snapshotID) => ({
  point: { retention: "24:00:00", attributes: { purpose: "tests" } },
  copy: {
    snapshotID,
    newAccountID: testAccount,
    access: "readWrite",
    attributes: { purpose: "tests" },
    qos: { minIOPS: 100, maxIOPS: 1000, burstIOPS: 2000 },
    volumeAccessGroupIDs: [testHosts],
    deletionPolicy: "purge",
  },
  live: { name: "live", newSize: 50 * GIB, qosPolicyID: policy, enableSnapMirrorReplication: true },
}));

/** Everything that can be changed in place. */
const changed = program(({ testHosts, productionHosts, testAccount }, snapshotID) => ({
  point: {
    name: "before the migration",
    expirationTime: "2027-01-01T00:00:00Z",
    snapMirrorLabel: "monthly",
    attributes: { purpose: "tests" },
  },
  copy: {
    snapshotID,
    newAccountID: testAccount,
    newSize: 150 * GIB,
    access: "readOnly",
    attributes: { purpose: "staging" },
    qos: { minIOPS: 50, maxIOPS: 500, burstIOPS: 600 },
    volumeAccessGroupIDs: [productionHosts],
    deletionPolicy: "purge",
  },
  live: { name: "live", newSize: 60 * GIB, newAccountID: testAccount, volumeAccessGroupIDs: [testHosts] },
}));

/** A new point in time, with it a new clone, and a new one of the volume as it is now. */
const replaced = program(({ productionHosts, testAccount }, snapshotID) => ({
  point: { name: "after the migration", trigger: 2 },
  copy: {
    snapshotID,
    newAccountID: testAccount,
    access: "readOnly",
    qos: { minIOPS: 50, maxIOPS: 500, burstIOPS: 600 },
    volumeAccessGroupIDs: [productionHosts],
    deletionPolicy: "purge",
  },
  live: { name: "live", newSize: 40 * GIB, newAccountID: testAccount },
}));

/** What people do by hand: other settings, an access group, and a snapshot that is gone. */
function meddle({ simulator: { model }, stack, testHosts }: ElementWorld): void {
  model.setVolume(Number(stack.idOf("copy")), {
    access: "readWrite",
    qos: { minIOPS: 50, maxIOPS: 15_000, burstIOPS: 15_000 },
  });
  const live = Number(stack.idOf("live"));
  model.setVolume(live, { attributes: {} });
  model.accessGroups.find(({ volumeAccessGroupID }) => volumeAccessGroupID === testHosts)?.volumes.push(live);
  model.world.state.snapshots.delete(Number(stack.idOf("point")));
}

/** Volumes of ours that were to be purged, and are kept restorable. */
const purgedOnes = ({ simulator: { model } }: ElementWorld): string[] =>
  model.volumes
    .filter(({ status, name }) => status === "deleted" && name.startsWith("copy"))
    .map(({ volumeID }) => `volume ${volumeID} is kept instead of purged`);

/** A new snapshot for the one that is gone has its clone replaced, which is there until the new one is. */
const CLONED_AGAIN = { volumes: 3 };

export const MAIN: readonly Phase<ElementWorld>[] = [
  { name: "create", command: "up", program: first },
  { name: "change", command: "up", program: changed },
  { name: "replace", command: "up", program: replaced, wrong: purgedOnes },
  { name: "refresh", command: "refresh", before: meddle, program: replaced, most: CLONED_AGAIN, wrong: purgedOnes },
  { name: "destroy", command: "destroy", program: replaced, most: CLONED_AGAIN, upInstead: true },
];
