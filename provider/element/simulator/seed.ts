import { randomBytes, randomUUID } from "node:crypto";
import type { StateForm } from "../../simulator/stateFile";
import { newAccount } from "./accounts";
import { addAccessGroup } from "./groups";
import type { Settings } from "./options";
import { addQoSPolicy } from "./qos";
import { COUNTERS, type State } from "./records";
import { newVolume } from "./volumes";
import { createWorld } from "./world";

const GIB = 1_073_741_824;

/** A cluster with a production volume, and an account and hosts for tests. */
export function newState(settings: Settings): State {
  const { clusterUniqueID } = settings;
  if (!/^[\x21-\x7e]{4}$/.test(clusterUniqueID)) {
    throw new Error(`clusterUniqueID must be four visible ASCII characters, not "${clusterUniqueID}"`);
  }
  const state: State = {
    volumes: new Map(),
    snapshots: new Map(),
    accounts: new Map(),
    accessGroups: new Map(),
    qosPolicies: new Map(),
    jobs: new Map(),
    handles: new Map(),
    events: [],
    counters: { ...COUNTERS },
    clockOffsetMs: 0,
    fullness: "stage1Happy",
    clusterUUID: randomUUID(),
    clusterUniqueID,
    credentials: { username: "admin", password: randomBytes(12).toString("hex") },
    first: { volumeID: 0, accountID: 0, volumeAccessGroupID: 0 },
  };
  const world = createWorld(state, settings, () => {});
  const production = newAccount(world, { username: "production" });
  const test = newAccount(world, { username: "test" });
  const volumes: number[] = [];
  if (!settings.empty) {
    const given = { name: "database", accountID: production.accountID, totalSize: 100 * GIB, enable512e: true };
    const { volumeID } = newVolume(world, { ...given, readyAt: world.now(), sliceCount: 1 });
    volumes.push(volumeID);
  }
  const hosts = "iqn.1993-08.org.debian:01";
  addAccessGroup(world, { name: "production-hosts", volumes, initiators: [`${hosts}:production`] });
  const { volumeAccessGroupID } = addAccessGroup(world, { name: "test-hosts", initiators: [`${hosts}:test`] });
  addQoSPolicy(world, "test", { minIOPS: 50, maxIOPS: 1000, burstIOPS: 2000 });
  state.first = { volumeID: volumes[0] ?? 0, accountID: test.accountID, volumeAccessGroupID };
  return state;
}

/** How the state lies in its file. */
export const STATE_FORM: StateForm<State> = {
  format: "holdfast-element-simulator",
  tables: {
    volumes: "volumeID",
    snapshots: "snapshotID",
    accounts: "accountID",
    accessGroups: "volumeAccessGroupID",
    qosPolicies: "qosPolicyID",
    jobs: "cloneID",
    handles: "asyncHandle",
  },
  objects: ["credentials"],
  complete: (state) => typeof state.first === "object" && typeof state.counters === "object",
};
