import type { Settings } from "./options";
import type {
  AccessPathRecord,
  AclRuleRecord,
  NetworkRecord,
  PolicyRecord,
  ServiceRecord,
  ShareRecord,
  SnapshotRecord,
} from "./records";

const TWO_HOURS = 7_200_000;

/** A time as the API writes it: ISO 8601 (datetime; whether with Z or an offset is unconfirmed). */
export const renderTime = (time: number, format: Settings["timeFormat"]): string =>
  format === "utc" ? new Date(time).toISOString() : `${new Date(time + TWO_HOURS).toISOString().slice(0, 19)}+02:00`;

/** An answer's form of the objects, in the published field names. */
export const renderer = ({ timeFormat }: Settings) => ({
  service: (service: ServiceRecord) => ({
    id: service.id,
    name: service.name,
    createdAt: renderTime(service.createdAt, timeFormat),
    performanceLevel: "premium",
    product: "enterprise-file-storage-premium-1tb",
    quota: service.quota,
    region: service.region,
    status: service.status,
  }),
  iam: (service: ServiceRecord) => ({
    id: service.id,
    urn: `urn:v1:eu:resource:storageNetApp:${service.id}`,
    displayName: service.name,
    tags: {},
    state: service.status === "suspended" ? "SUSPENDED" : "OK",
  }),
  network: (network: NetworkRecord) => ({ ...network }),
  share: (share: ShareRecord) => ({
    id: share.id,
    name: share.name,
    description: share.description,
    protocol: "NFS",
    size: share.size,
    // an empty text, not null, for a share not born from a snapshot (acceptance tests of the Terraform provider)
    snapshotID: share.snapshotId,
    mountPointName: share.mountPointName,
    accessMode: "rw",
    createdAt: renderTime(share.createdAt, timeFormat),
    status: share.status,
  }),
  snapshot: (snapshot: SnapshotRecord) => ({
    id: snapshot.id,
    name: snapshot.name,
    description: snapshot.description,
    type: snapshot.type,
    status: snapshot.status,
    createdAt: renderTime(snapshot.createdAt, timeFormat),
    path: snapshot.path,
  }),
  accessPath: (path: AccessPathRecord) => ({ ...path }),
  rule: (rule: AclRuleRecord) => ({
    id: rule.id,
    accessLevel: rule.accessLevel,
    accessTo: rule.accessTo,
    accessType: "ip",
    status: rule.status,
    createdAt: renderTime(rule.createdAt, timeFormat),
  }),
  policy: (policy: PolicyRecord) => ({
    id: policy.id,
    name: policy.name,
    description: policy.description,
    isDefault: policy.isDefault,
    createdAt: renderTime(policy.createdAt, timeFormat),
    status: policy.status,
    rules: policy.rules,
  }),
  sharePolicy: ({ policy }: ShareRecord) => ({ id: policy.id, status: policy.status }),
  shareReserve: ({ reserve }: ShareRecord) => ({ percent: reserve.percent, status: reserve.status }),
});

/** The functions that give answers their form. */
export type Renderer = ReturnType<typeof renderer>;
