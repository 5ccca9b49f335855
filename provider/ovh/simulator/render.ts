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
import { RENEW_PERIODS } from "./services";

const TWO_HOURS = 7_200_000;

/** A time as the API writes it: ISO 8601 (datetime; whether with Z or an offset is unconfirmed). */
export const renderTime = (time: number, format: Settings["timeFormat"]): string =>
  format === "utc" ? new Date(time).toISOString() : `${new Date(time + TWO_HOURS).toISOString().slice(0, 19)}+02:00`;

const renderDate = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The first day after `now` that is whole months after `start`; the last one of a month that is too short. */
const nextMonth = (start: number, now: number): number => {
  const from = new Date(start);
  const at = (months: number): number => {
    const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    return Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay));
  };
  let months = 1;
  while (at(months) <= now) months += 1;
  return at(months);
};

/** How the state of a service shows in its administration, where it is not "ok" (our assumption). */
const BILLING_STATES: Readonly<Record<string, string>> = {
  creating: "inCreation",
  suspending: "unPaid",
  suspended: "unPaid",
  deleting: "expired",
  deleted: "expired",
};

/** The same in its IAM data. */
const RESOURCE_STATES: Readonly<Record<string, string>> = {
  creating: "IN_CREATION",
  suspending: "SUSPENDED",
  suspended: "SUSPENDED",
  deleting: "EXPIRED",
  deleted: "EXPIRED",
};

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
    tags: { ...service.administration.tags },
    state: RESOURCE_STATES[service.status] ?? "OK",
  }),
  serviceInfos: (service: ServiceRecord, now: number) => ({
    canDeleteAtExpiration: true,
    ...service.administration.contacts,
    creation: renderDate(service.createdAt),
    domain: service.id,
    engagedUpTo: null,
    expiration: renderDate(nextMonth(service.createdAt, now)),
    possibleRenewPeriod: [...RENEW_PERIODS],
    renew: { ...service.administration.renew },
    renewalType: "automaticV2016",
    serviceId: service.administration.number,
    status: BILLING_STATES[service.status] ?? "ok",
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
