import { randomBytes, randomUUID } from "node:crypto";
import { createRule } from "./access";
import { addBackendSnapshot } from "./automaticSnapshots";
import type { Settings } from "./options";
import type { CredentialState, PolicyRecord, ServiceRecord, State } from "./records";
import { automaticName } from "./schedule";
import { newAdministration } from "./services";
import { createShare } from "./shares";
import { createWorld } from "./world";

const HOUR = 3_600_000;

const newCredentials = (): CredentialState => {
  const hex = (length: number): string => randomBytes(length / 2).toString("hex");
  return {
    applicationKey: hex(16),
    applicationSecret: hex(32),
    consumerKeys: [
      {
        key: hex(32),
        status: "validated",
        rules: ["GET", "POST", "PUT", "DELETE"].map((method) => ({ method, path: "/*" })),
        validationToken: hex(32),
      },
    ],
    clientId: `EU.${hex(16)}`,
    clientSecret: hex(32),
    tokens: [{ token: hex(64), expiresAt: null }],
  };
};

/** The address of the vRack Services behind a service's network (the form is our assumption), `null` while there are none. */
export const vRackServicesUrn = (serviceId: string, networkStatus: string): string | null =>
  networkStatus === "to_configure" ? null : `urn:v1:eu:resource:vrackServices:vrs-${serviceId.slice(0, 8)}`;

/** A running service with its default policy, which has no rules (unconfirmed; our assumption), and an hourly one. */
export function newService(options: { name: string; quotaGiB: number; at: number; networkStatus: string }): {
  service: ServiceRecord;
  policies: [PolicyRecord, PolicyRecord];
} {
  const { name, quotaGiB, at, networkStatus } = options;
  const id = randomUUID();
  const service: ServiceRecord = {
    id,
    name,
    createdAt: at,
    quota: quotaGiB,
    region: "eu-west-rbx",
    status: "running",
    progress: null,
    administration: newAdministration(),
    network: { id: randomUUID(), status: networkStatus, vRackServicesURN: vRackServicesUrn(id, networkStatus) },
  };
  const policy = {
    serviceId: id,
    description: null,
    createdAt: at,
    status: "available",
    progress: null,
  };
  const everyHour = { minutes: [0], hours: [], days: [], months: [], weekdays: [] };
  return {
    service,
    policies: [
      { ...policy, id: randomUUID(), name: "default", isDefault: true, rules: [] },
      {
        ...policy,
        id: randomUUID(),
        name: "hourly",
        isDefault: false,
        rules: [{ copies: 24, prefix: "hourly", schedule: everyHour }],
      },
    ],
  };
}

/** The first share: 100 GiB, on the hourly policy, with the snapshots of the last three full hours. */
const addProduction = (state: State, settings: Settings, hourly: PolicyRecord): void => {
  const world = createWorld(state, settings, () => {});
  const input = { name: "production", description: "Production data", size: 100, snapshotId: "", mountPointName: null };
  const share = createShare(world, state.serviceName, input);
  state.shareId = share.id;
  share.createdAt = state.services.get(state.serviceName)?.createdAt ?? share.createdAt;
  share.status = "available";
  share.progress = null;
  share.policy.id = hourly.id;
  const lastHour = world.now() - (world.now() % HOUR);
  for (const [index, at] of [lastHour - 2 * HOUR, lastHour - HOUR, lastHour].entries()) {
    const orders = Array.from({ length: index + 1 }, (_, row) => `${row + 1},order ${row + 1}\n`).join("");
    share.files = { "README.txt": "Files of the production share.\n", "data/orders.csv": `id,text\n${orders}` };
    addBackendSnapshot(world, share, { type: "automatic", name: automaticName("hourly", at), rule: "hourly", at });
  }
  const rule = createRule(world, state.serviceName, share.id, { accessLevel: "rw", accessTo: "10.0.0.0/24" });
  rule.status = "active";
  rule.progress = null;
};

/** The state of a simulator that starts for the first time. */
export function newState(settings: Settings): State {
  const { now, quotaGiB, networkStatus, empty } = settings;
  // bought some days ago, so that snapshots of the last hours are not older than the service
  const at = now() - 72 * HOUR;
  const { service, policies } = newService({ name: "simulated-efs", quotaGiB, at, networkStatus });
  const state: State = {
    services: new Map([[service.id, service]]),
    shares: new Map(),
    snapshots: new Map(),
    policies: new Map(policies.map((policy) => [policy.id, policy])),
    clockOffsetMs: 0,
    serviceName: service.id,
    shareId: "",
    credentials: newCredentials(),
  };
  if (!empty && networkStatus === "associated") addProduction(state, settings, policies[1]);
  return state;
}
