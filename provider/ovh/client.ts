import { z } from "zod";
import { lackIn } from "../core/answerText";
import type { Clock } from "../core/clock";
import { type Collection, createCollection, type Journey } from "../core/collection";
import { ApiError } from "../core/errors";
import { ended, unlessAborted } from "../core/interruption";
import { given } from "../core/properties";
import { type Operation, retrying } from "../core/retry";
import { isNotFound, unknownService } from "./answers";
import {
  type AccessPathModel,
  type AccessRuleModel,
  accessPathModel,
  accessRuleModel,
  createdAccessRule,
  createdPolicy,
  createdShare,
  createdSnapshot,
  type FollowedPolicyModel,
  followedPolicyModel,
  type PolicyModel,
  type PolicyRuleModel,
  policyModel,
  type ReserveModel,
  reserveModel,
  type ServiceModel,
  type ShareModel,
  type SnapshotModel,
  serviceModel,
  shareModel,
  snapshotModel,
} from "./models";
import { type StorageSettings, storageSettings } from "./settings";
import type { Transport } from "./transport";

/** Name and description, the two texts that can be changed in place. */
export interface Texts {
  name?: string | undefined;
  description?: string | undefined;
}
export interface NewShare extends Texts {
  protocol: string;
  /** GiB. */
  size: number;
  /** Spelled with a capital ID by the API. */
  snapshotID?: string | undefined;
  mountPointName?: string | undefined;
}

export interface NewPolicy extends Texts {
  rules: readonly PolicyRuleModel[];
}

/** One Enterprise File Storage service: a capacity pool and the shares in it. */
export interface FileStorage {
  readonly serviceName: string;
  settings(): StorageSettings;
  /** The service's time in milliseconds since the epoch, as far as it is known. */
  now(): Promise<number>;
  /** Fails where there are no credentials. For look-ups that may as well not be made: the user is not told by it. */
  ready(): Promise<void>;
  /** As it was at most `maxAgeMs` ago. @default 0 */
  service(maxAgeMs?: number): Promise<ServiceModel>;
  readonly shares: Collection<ShareModel>;
  createShare(share: NewShare): Promise<ShareModel>;
  renameShare(id: string, texts: Texts): Promise<void>;
  /** `size` is the absolute target in GiB. */
  extendShare(id: string, size: number): Promise<void>;
  /** `size` is the absolute target in GiB. */
  shrinkShare(id: string, size: number): Promise<void>;
  deleteShare(id: string): Promise<void>;
  accessPaths(shareId: string): Promise<AccessPathModel[]>;
  share(shareId: string): ShareContents;
  readonly policies: Collection<PolicyModel>;
  createPolicy(policy: NewPolicy): Promise<PolicyModel>;
  renamePolicy(id: string, texts: Texts): Promise<void>;
  deletePolicy(id: string): Promise<void>;
}

/** What belongs to one share. */
export interface ShareContents {
  readonly shareId: string;
  readonly snapshots: Collection<SnapshotModel>;
  createSnapshot(texts: Texts): Promise<SnapshotModel>;
  renameSnapshot(id: string, texts: Texts): Promise<void>;
  deleteSnapshot(id: string): Promise<void>;
  /** Answers with the new record: its id replaces the old one, name, time and path stay. */
  holdSnapshot(id: string): Promise<SnapshotModel>;
  readonly accessRules: Collection<AccessRuleModel>;
  createAccessRule(rule: { accessTo: string; accessLevel: string }): Promise<AccessRuleModel>;
  deleteAccessRule(id: string): Promise<void>;
  /** The policy that the share follows, never none. A change goes on for a while: see its status. */
  policy(): Promise<FollowedPolicyModel>;
  followPolicy(policyId: string): Promise<void>;
  reserve(): Promise<ReserveModel>;
  setReserve(percent: number): Promise<void>;
  /** Takes the whole share back to one of its snapshots. What is newer is lost. */
  revert(snapshotId: string): Promise<void>;
}

export interface ClientOptions {
  /** `quietly`: the caller keeps a lack of credentials to itself. */
  transport: (options?: { quietly: boolean }) => Promise<Transport>;
  clock: Clock;
  /** Ends the pauses between attempts. */
  signal: AbortSignal;
  /** @default what holds where nothing is set */
  settings?: () => StorageSettings;
}

/** The typed client. It owns paths, encoding, parsing and repetition; what it returns per service is made once. */
export function createFileStorages(options: ClientOptions): (serviceName: string) => FileStorage {
  const storages = new Map<string, FileStorage>();
  return (serviceName) => {
    const storage = storages.get(serviceName) ?? fileStorage(options, serviceName);
    storages.set(serviceName, storage);
    return storage;
  };
}

type Method = "GET" | "POST" | "PUT" | "DELETE";
/** `patience` ends a read that nobody waits for any more, repetitions included; `journey` is told where the call is. */
type Call = <T>(
  model: z.ZodType<T>,
  operation: Operation,
  method: Method,
  path: string,
  body?: object,
  patience?: AbortSignal,
  journey?: Journey,
) => Promise<T>;

/** How each call to the API is made: in its turn, repeated where that is safe, parsed, and ended by an interruption. */
export function caller({ transport, clock, signal: interrupted }: ClientOptions): Call {
  return async (model, operation, method, path, body, patience, journey = { leftAt: undefined }) => {
    const signal = patience === undefined ? interrupted : AbortSignal.any([interrupted, patience]);
    const to = await transport();
    journey.leftAt = undefined;
    return retrying(
      operation,
      async () => {
        if (operation === "create" && signal.aborted) throw ended(`${method} ${path} was not sent`);
        journey.leftAt = clock.now();
        const sent = to.send(method, path, body);
        // What only reads may be left alone; a change is waited for, or its outcome would be lost.
        const answered = method === "GET" ? unlessAborted(sent, signal, `${method} ${path}`) : sent;
        const answer = await answered.catch((error: unknown) => {
          journey.leftAt = undefined; // only another attempt can bring an answer
          throw error;
        });
        const parsed = model.safeParse(answer.body);
        if (parsed.success) return parsed.data;
        throw new ApiError(`${method} ${path} answered ${answer.status} ${lackIn(parsed.error, "the body")}`, {
          method,
          path,
          status: answer.status,
        });
      },
      { clock, signal, pace: to.pace },
    );
  };
}

/** Void routes answer with nothing, `null` or an object. */
const nothing = z.unknown().transform(() => undefined);

/** As one segment of a path; the transport refuses "." and "..", which no URL keeps. Half a character has no encoding. */
const segment = (id: string) => encodeURIComponent(id.replace(/\p{Surrogate}/gu, "\ufffd")) || ".";

function fileStorage(options: ClientOptions, serviceName: string): FileStorage {
  const [call, clock] = [caller(options), options.clock];
  const root = `/storage/netapp/${segment(serviceName)}`;
  const contents = new Map<string, ShareContents>();
  const known = (error: unknown): never => {
    throw isNotFound(error) ? unknownService(serviceName, error) : error;
  };
  const shares = createCollection(clock, (...asking) =>
    call(z.array(shareModel), "read", "GET", `${root}/share?detail=true`, undefined, ...asking).catch(known),
  );
  const itself = createCollection(clock, async (...asking) => [
    await call(serviceModel, "read", "GET", root, undefined, ...asking),
  ]);
  const at = (id: string) => `${root}/share/${segment(id)}`;
  return {
    serviceName,
    settings: options.settings ?? (() => storageSettings(() => undefined)),
    now: async () => (await options.transport()).now?.() ?? clock.now(),
    ready: async () => void (await options.transport({ quietly: true })),
    service: async (maxAgeMs = 0) => (await itself.recent(maxAgeMs))[0] as ServiceModel, // `itself` has one member
    shares,
    createShare: (share) =>
      shares.writing(() => call(createdShare(share.size), "create", "POST", `${root}/share`, given(share))),
    renameShare: (id, texts) => shares.writing(() => call(nothing, "read", "PUT", at(id), given(texts))),
    extendShare: (id, size) => shares.writing(() => call(nothing, "create", "POST", `${at(id)}/extend`, { size })),
    shrinkShare: (id, size) => shares.writing(() => call(nothing, "create", "POST", `${at(id)}/shrink`, { size })),
    deleteShare: (id) => shares.writing(() => call(nothing, "delete", "DELETE", at(id))),
    accessPaths: (id) => call(z.array(accessPathModel), "read", "GET", `${at(id)}/accessPath`),
    share: (shareId) => {
      const known = contents.get(shareId) ?? shareContents(call, clock, at(shareId), shareId, shares);
      contents.set(shareId, known);
      return known;
    },
    ...snapshotPolicies(call, clock, root, known),
  };
}

/** Policies belong to the service; shares follow them. */
function snapshotPolicies(
  call: Call,
  clock: Clock,
  service: string,
  known: (error: unknown) => never,
): Pick<FileStorage, "policies" | "createPolicy" | "renamePolicy" | "deletePolicy"> {
  const root = `${service}/snapshotPolicy`;
  const policies = createCollection(clock, (_, journey) =>
    call(z.array(policyModel), "read", "GET", root, undefined, undefined, journey).catch(known),
  );
  const at = (id: string) => `${root}/${segment(id)}`;
  return {
    policies,
    createPolicy: (policy) => policies.writing(() => call(createdPolicy, "create", "POST", root, given(policy))),
    renamePolicy: (id, texts) => policies.writing(() => call(nothing, "read", "PUT", at(id), given(texts))),
    deletePolicy: (id) => policies.writing(() => call(nothing, "delete", "DELETE", at(id))),
  };
}

function shareContents(
  call: Call,
  clock: Clock,
  root: string,
  shareId: string,
  shares: Collection<ShareModel>,
): ShareContents {
  const snapshots = createCollection(clock, (...asking) =>
    call(z.array(snapshotModel), "read", "GET", `${root}/snapshot?detail=true`, undefined, ...asking),
  );
  const accessRules = createCollection(clock, (...asking) =>
    call(z.array(accessRuleModel), "read", "GET", `${root}/acl`, undefined, ...asking),
  );
  const snapshotAt = (id: string) => `${root}/snapshot/${segment(id)}`;
  return {
    shareId,
    snapshots,
    createSnapshot: (texts) =>
      snapshots.writing(() => call(createdSnapshot("creating"), "create", "POST", `${root}/snapshot`, given(texts))),
    renameSnapshot: (id, texts) => snapshots.writing(() => call(nothing, "read", "PUT", snapshotAt(id), given(texts))),
    deleteSnapshot: (id) => snapshots.writing(() => call(nothing, "delete", "DELETE", snapshotAt(id))),
    holdSnapshot: (id) =>
      snapshots.writing(() => call(createdSnapshot("manage_starting"), "create", "POST", `${snapshotAt(id)}/hold`)),
    accessRules,
    createAccessRule: (rule) =>
      accessRules.writing(() => call(createdAccessRule(rule), "create", "POST", `${root}/acl`, rule)),
    deleteAccessRule: (id) =>
      accessRules.writing(() => call(nothing, "delete", "DELETE", `${root}/acl/${segment(id)}`)),
    policy: () => call(followedPolicyModel, "read", "GET", `${root}/snapshotPolicy`),
    followPolicy: (snapshotPolicyID) => call(nothing, "read", "PUT", `${root}/snapshotPolicy`, { snapshotPolicyID }),
    reserve: () => call(reserveModel, "read", "GET", `${root}/snapshotReserve`),
    setReserve: (percent) => call(nothing, "read", "PUT", `${root}/snapshotReserve`, { percent }),
    revert: (snapshotID) =>
      shares.writing(() => snapshots.writing(() => call(nothing, "create", "POST", `${root}/revert`, { snapshotID }))),
  };
}
