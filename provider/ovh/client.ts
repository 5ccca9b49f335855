import { z } from "zod";
import type { Clock } from "../core/clock";
import { type Collection, createCollection } from "../core/collection";
import { ApiError, ConnectionError, HoldfastError, InterruptedError } from "../core/errors";
import { type Operation, retrying } from "../core/retry";
import {
  type AccessPathModel,
  type AccessRuleModel,
  accessPathModel,
  accessRuleModel,
  createdAccessRule,
  createdShare,
  createdSnapshot,
  type ServiceModel,
  type ShareModel,
  type SnapshotModel,
  serviceModel,
  shareModel,
  snapshotModel,
} from "./models";
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

/** One Enterprise File Storage service: a capacity pool and the shares in it. */
export interface FileStorage {
  readonly serviceName: string;
  service(): Promise<ServiceModel>;
  readonly shares: Collection<ShareModel>;
  createShare(share: NewShare): Promise<ShareModel>;
  renameShare(id: string, texts: Texts): Promise<void>;
  /** `size` is the absolute target in GiB. */
  extendShare(id: string, size: number): Promise<void>;
  deleteShare(id: string): Promise<void>;
  accessPaths(shareId: string): Promise<AccessPathModel[]>;
  share(shareId: string): ShareContents;
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
}

export interface ClientOptions {
  transport: () => Promise<Transport>;
  clock: Clock;
  /** Ends the pauses between attempts. */
  signal: AbortSignal;
}

/** The typed client. It owns paths, encoding, parsing and repetition; what it returns per service is made once. */
export function createFileStorages(options: ClientOptions): (serviceName: string) => FileStorage {
  const storages = new Map<string, FileStorage>();
  return (serviceName) => {
    const storage = storages.get(serviceName) ?? fileStorage(caller(options), options.clock, serviceName);
    storages.set(serviceName, storage);
    return storage;
  };
}

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Call = <T>(model: z.ZodType<T>, operation: Operation, method: Method, path: string, body?: object) => Promise<T>;

function caller({ transport, clock, signal }: ClientOptions): Call {
  return (model, operation, method, path, body) =>
    retrying(
      operation,
      async () => {
        if (operation === "create" && signal.aborted) throw interrupted(`${method} ${path} was not sent`);
        const sent = (await transport()).send(method, path, body);
        // What only reads may be left alone; a change is waited for, or its outcome would be lost.
        const answer = await (method === "GET" ? unlessAborted(sent, signal, `${method} ${path}`) : sent);
        const parsed = model.safeParse(answer.body);
        if (parsed.success) return parsed.data;
        const [issue] = parsed.error.issues;
        throw new ApiError(
          `${method} ${path} answered ${answer.status} without what the API promises: ${issue?.path.join(".") || "the body"}: ${issue?.message}.`,
          { method, path, status: answer.status },
        );
      },
      { clock, signal },
    );
}

const interrupted = (what: string) =>
  new InterruptedError(`Interrupted: ${what}. Run the same command again to go on.`);

/** The answer, or an end at once when the user interrupts: a slow service must not keep anybody waiting. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal, call: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(interrupted(`${call} had no answer yet`));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Void routes answer with nothing, `null` or an object. */
const nothing = z.unknown().transform(() => undefined);
/** The API leaves missing members as they are; an empty text clears. */
const given = (texts: object) => Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined));

function fileStorage(call: Call, clock: Clock, serviceName: string): FileStorage {
  const root = `/storage/netapp/${encodeURIComponent(serviceName)}`;
  const contents = new Map<string, ShareContents>();
  const shares = createCollection(clock, () =>
    call(z.array(shareModel), "read", "GET", `${root}/share?detail=true`).catch((error: unknown) => {
      throw isNotFound(error) ? unknownService(serviceName, error) : error;
    }),
  );
  const at = (id: string) => `${root}/share/${encodeURIComponent(id)}`;
  return {
    serviceName,
    service: () => call(serviceModel, "read", "GET", root),
    shares,
    createShare: (share) =>
      shares.writing(() =>
        naming(
          `share ${share.name ?? ""}`,
          call(createdShare(share.size), "create", "POST", `${root}/share`, given(share)),
        ),
      ),
    renameShare: (id, texts) => shares.writing(() => call(nothing, "read", "PUT", at(id), given(texts))),
    extendShare: (id, size) => shares.writing(() => call(nothing, "create", "POST", `${at(id)}/extend`, { size })),
    deleteShare: (id) => shares.writing(() => call(nothing, "delete", "DELETE", at(id))),
    accessPaths: (id) => call(z.array(accessPathModel), "read", "GET", `${at(id)}/accessPath`),
    share: (shareId) => {
      const known = contents.get(shareId) ?? shareContents(call, clock, at(shareId), shareId);
      contents.set(shareId, known);
      return known;
    },
  };
}

function shareContents(call: Call, clock: Clock, root: string, shareId: string): ShareContents {
  const snapshots = createCollection(clock, () =>
    call(z.array(snapshotModel), "read", "GET", `${root}/snapshot?detail=true`),
  );
  const accessRules = createCollection(clock, () => call(z.array(accessRuleModel), "read", "GET", `${root}/acl`));
  const snapshotAt = (id: string) => `${root}/snapshot/${encodeURIComponent(id)}`;
  return {
    shareId,
    snapshots,
    createSnapshot: (texts) =>
      snapshots.writing(() =>
        naming(
          `snapshot ${texts.name ?? ""}`,
          call(createdSnapshot("creating"), "create", "POST", `${root}/snapshot`, given(texts)),
        ),
      ),
    renameSnapshot: (id, texts) => snapshots.writing(() => call(nothing, "read", "PUT", snapshotAt(id), given(texts))),
    deleteSnapshot: (id) => snapshots.writing(() => call(nothing, "delete", "DELETE", snapshotAt(id))),
    holdSnapshot: (id) =>
      snapshots.writing(() =>
        naming(
          `held snapshot made from ${id}`,
          call(createdSnapshot("manage_starting"), "create", "POST", `${snapshotAt(id)}/hold`),
        ),
      ),
    accessRules,
    createAccessRule: (rule) =>
      accessRules.writing(() =>
        naming(
          `access rule for ${rule.accessTo}`,
          call(createdAccessRule(rule), "create", "POST", `${root}/acl`, rule),
        ),
      ),
    deleteAccessRule: (id) =>
      accessRules.writing(() => call(nothing, "delete", "DELETE", `${root}/acl/${encodeURIComponent(id)}`)),
  };
}

/** It proves nothing gone: another endpoint answers the same. */
const unknownService = (serviceName: string, { message, ...fields }: ApiError) =>
  new ApiError(
    `${message.replace(/\.?$/, ".")} Service ${serviceName} is not known there: check serviceName, the endpoint and the account (for a simulator, start it with the same --state file). Nothing was taken out of the state; where the service is gone for good, pulumi state delete does that.`,
    fields,
  );

/** A create whose answer was lost may have worked: the message names what to look for before another try. */
async function naming<T>(object: string, creation: Promise<T>): Promise<T> {
  try {
    return await creation;
  } catch (error) {
    const lost =
      (error instanceof ConnectionError && error.failure !== "unreachable") ||
      // A gateway's answer, most likely, or one that tells no id.
      (error instanceof ApiError && (error.status === 408 || error.status >= 500 || error.status < 300));
    if (!lost) throw error;
    throw new HoldfastError(
      `${error.message.replace(/\.?$/, ".")} The service may have made the ${object.trim()} all the same: look for it, and delete or import it, before you try again.`,
    );
  }
}

/**
 * The service refused because of a present state. Codes are not published and differ between the layers behind the API,
 * so a conflict is any of these, and what it means is decided after reading the object again.
 */
export const isConflict = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  (error.status === 400 ||
    error.status === 409 ||
    error.status === 423 ||
    (error.status === 403 && error.missingActions.length === 0));

export const isNotFound = (error: unknown): error is ApiError => error instanceof ApiError && error.status === 404;

/** How old a list may be that proves something gone, in milliseconds. */
export const PROOF_AGE_MS = 2000;

/**
 * A member of a list that belongs to a share. A share without the list's route is proved gone by a list of shares that
 * answered without it; anything else that answers 404, a wrong endpoint for example, proves nothing and fails.
 */
export async function listedIn<T extends { id: string }>(
  storage: FileStorage,
  shareId: string,
  list: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await list();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const shares = await storage.shares.recent(PROOF_AGE_MS);
    if (shares.some((share) => share.id === shareId)) throw error;
    return [];
  }
}

/** One share as the service lists it now. */
export async function findShare(storage: FileStorage, id: string, maxAgeMs?: number): Promise<ShareModel | undefined> {
  const shares = maxAgeMs === undefined ? await storage.shares.kept() : await storage.shares.recent(maxAgeMs);
  return shares.find((share) => share.id === id);
}

/** The share that something is to be made on; an error where the service has no such share. */
export async function requireShare(storage: FileStorage, id: string): Promise<ShareModel> {
  const share = await findShare(storage, id, 0);
  if (share !== undefined) return share;
  throw new HoldfastError(`service ${storage.serviceName} has no share ${id}. Check shareId and serviceName.`);
}
