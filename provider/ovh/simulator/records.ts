/** One state of an asynchronous operation and how long it lasts. */
export interface Phase {
  /** The status shown meanwhile. */
  status: string;
  /** Milliseconds; `null` never ends. */
  ms: number | null;
  /** How many answers must have shown the status before it may end. */
  reads: number;
}

/** What an asynchronous operation changes when it ends. */
export interface Outcome {
  /** The status afterwards. Absent when the object disappears. */
  status?: string;
  /** The object is gone: from here on its id answers 404. */
  gone?: boolean;
  /** The share's new size in GiB. */
  size?: number;
  /** The share's new content. */
  files?: Files;
  /** The share's new used space in GiB. */
  usedGiB?: number;
  /** The policy that the share follows again. */
  policyId?: string;
  /** The share's reserve, in percent, as it was. */
  percent?: number;
  /** Ids of snapshots that disappear with it. */
  removeSnapshots?: string[];
}

/** An asynchronous operation under way. */
export interface Progress {
  /** The phases still to come, the current one first. */
  phases: Phase[];
  /** When the current phase began, in milliseconds since the epoch. */
  since: number;
  /** What happens after the last phase. */
  end: Outcome;
}

/** Anything whose status changes with time. */
export interface Moving {
  /** Current status. A string, not a union: tests may show states that nobody documented. */
  status: string;
  /** The operation under way, or `null` when the status is settled. */
  progress: Progress | null;
}

/** The stand-in for a share's files: path to text. Never changed in place, so that snapshots can keep a reference. */
export type Files = Readonly<Record<string, string>>;

/** A service's private network. */
export interface NetworkRecord {
  /** UUID. */
  id: string;
  /** `associated` allows shares and access rules. */
  status: string;
  /** URN of the vRack Services, or `null` while nothing is configured. */
  vRackServicesURN: string | null;
}

/** How a service is renewed; the members are the API's own. */
export interface RenewRecord {
  /** Renewed and paid without being asked. */
  automatic: boolean;
  /** Ends when its time is over; a confirmed termination sets it. */
  deleteAtExpiration: boolean;
  /** Cannot be switched off. */
  forced: boolean;
  /** Invoices are paid by hand. */
  manualPayment: boolean | null;
  /** Months. */
  period: number | null;
}

/** Who answers for a service. Account names. */
export interface ContactsRecord {
  /** Who decides. */
  contactAdmin: string;
  /** Who pays. */
  contactBilling: string;
  /** Who operates it. */
  contactTech: string;
}

/** A change of one contact that waits for both sides to agree. */
export interface ContactTaskRecord {
  /** Number of the task. */
  id: number;
  /** Which contact. */
  contact: keyof ContactsRecord;
  /** The account that shall take over. */
  to: string;
}

/** The administrative side of a service. */
export interface AdministrationRecord {
  /** The service's number at OVHcloud; not its id in paths. */
  number: number;
  /** Who is responsible. */
  contacts: ContactsRecord;
  /** IAM tags. */
  tags: Readonly<Record<string, string>>;
  /** Changes of contacts that wait to be accepted, or did. */
  contactTasks: ContactTaskRecord[];
  /** How it is renewed. */
  renew: RenewRecord;
  /** The token that `terminate` has sent by mail and when, in milliseconds since the epoch; `null` when none waits. */
  termination: { token: string; issuedAt: number } | null;
}

/** A purchased capacity pool. */
export interface ServiceRecord extends Moving {
  /** UUID; the `serviceName` of every path. */
  id: string;
  /** Display name. */
  name: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Capacity in GiB. */
  quota: number;
  /** For example `eu-west-rbx`. */
  region: string;
  /** The only network. */
  network: NetworkRecord;
  /** Contacts, renewal, termination. */
  administration: AdministrationRecord;
}

/** Where a share can be mounted. */
export interface AccessPathRecord {
  /** UUID. */
  id: string;
  /** Address and junction. */
  path: string;
  /** One path of a share is preferred. */
  preferred: boolean;
}

/** A rule that lets an address mount a share. */
export interface AclRuleRecord extends Moving {
  /** UUID. */
  id: string;
  /** `ro` or `rw`. */
  accessLevel: "ro" | "rw";
  /** IPv4 address or CIDR, echoed as sent. */
  accessTo: string;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

/** A volume. */
export interface ShareRecord extends Moving {
  /** UUID. */
  id: string;
  /** UUID of the service. */
  serviceId: string;
  /** Name, or `null` when none was given. */
  name: string | null;
  /** Description, or `null` when none was given. */
  description: string | null;
  /** GiB. */
  size: number;
  /** Used space in GiB. The API does not show it. */
  usedGiB: number;
  /** Id of the snapshot it was cloned from; empty for a plain share. */
  snapshotId: string;
  /** Id of the share that snapshot belonged to; empty for a plain share. */
  sourceShareId: string;
  /** Alias in the access path, or `null`. */
  mountPointName: string | null;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** When it became available for the first time, or `null`. */
  readyAt: number | null;
  /** Paths, shown once the share has been available. */
  accessPaths: AccessPathRecord[];
  /** Access rules in order of creation. */
  rules: AclRuleRecord[];
  /** The snapshot policy it follows. */
  policy: Moving & {
    /** UUID of the policy. */
    id: string;
  };
  /** Percentage set aside for snapshots. */
  reserve: Moving & {
    /** Percent of the size. */
    percent: number;
  };
  /** Content. */
  files: Files;
  /** Up to when the policy's schedule has been carried out, in milliseconds since the epoch. */
  scheduledUntil: number;
}

/** A point in time of one share. */
export interface SnapshotRecord extends Moving {
  /** UUID; a hold gives a new one. */
  id: string;
  /** UUID of the share. */
  shareId: string;
  /** Name, or `null` when none was given. */
  name: string | null;
  /** Description, or `null` when none was given. */
  description: string | null;
  /** Who made it. */
  type: "manual" | "automatic" | "system";
  /** Milliseconds since the epoch; kept by a hold. */
  createdAt: number;
  /** Where it is visible inside the share; kept by a hold. */
  path: string;
  /** GiB below which it cannot be cloned. The API does not show it. */
  size: number;
  /** The share's used space at that instant, in GiB. The API does not show it either. */
  usedGiB: number;
  /** The share's content at that instant. */
  files: Files;
  /** Prefix of the policy rule that made it; empty for all others. */
  rule: string;
  /** Id of the manual snapshot that a hold is turning this automatic one into, or `null`. */
  heldAs: string | null;
  /** Id of the automatic snapshot that this one was; empty for all others. */
  heldFrom: string;
}

/** When a policy rule fires, in UTC. An empty list means every. */
export interface Schedule {
  /** 0-59, at least one. */
  minutes: number[];
  /** 0-23. */
  hours: number[];
  /** 1-31. */
  days: number[];
  /** 1-12. */
  months: number[];
  /** 0-6, 0 is Sunday. */
  weekdays: number[];
}

/** One line of a snapshot policy. */
export interface PolicyRule {
  /** How many automatic snapshots of this rule are kept. */
  copies: number;
  /** First part of the snapshots' names. */
  prefix: string;
  /** When they are taken. */
  schedule: Schedule;
}

/** A schedule of automatic snapshots that shares can follow. */
export interface PolicyRecord extends Moving {
  /** UUID. */
  id: string;
  /** UUID of the service. */
  serviceId: string;
  /** Name, or `null` when none was given. */
  name: string | null;
  /** Description, or `null` when none was given. */
  description: string | null;
  /** The policy of new shares; it cannot be altered. */
  isDefault: boolean;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** At most four. */
  rules: PolicyRule[];
}

/** Which calls a consumer key may make. `*` in the path stands for anything. */
export interface AccessRule {
  /** HTTP method. */
  method: string;
  /** Path without the branch, for example `/storage/netapp/*`. */
  path: string;
}

/** A consumer key and whether it works. */
export interface ConsumerKeyRecord {
  /** The key itself. */
  key: string;
  /** Only `validated` works. */
  status: "pendingValidation" | "validated" | "expired";
  /** What it allows. */
  rules: AccessRule[];
  /** The secret part of the page address where a person would validate it. */
  validationToken: string;
}

/** Everything the simulator knows about credentials. */
export interface CredentialState {
  applicationKey: string;
  applicationSecret: string;
  consumerKeys: ConsumerKeyRecord[];
  clientId: string;
  clientSecret: string;
  /** Bearer tokens; `expiresAt` in milliseconds since the epoch, `null` for never. The first is the ready-made one. */
  tokens: { token: string; expiresAt: number | null }[];
}

/** Everything the simulator knows. Maps keep the order of creation. */
export interface State {
  services: Map<string, ServiceRecord>;
  shares: Map<string, ShareRecord>;
  snapshots: Map<string, SnapshotRecord>;
  policies: Map<string, PolicyRecord>;
  /** How far the model's time is ahead of the clock, in milliseconds. */
  clockOffsetMs: number;
  /** The service that exists at start. */
  serviceName: string;
  /** The share that exists at start; empty when there was none. */
  shareId: string;
  credentials: CredentialState;
}
