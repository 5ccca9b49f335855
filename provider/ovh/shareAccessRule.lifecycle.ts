import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { changed } from "../core/diff";
import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Lifecycle, Operation } from "../core/lifecycle";
import { recorded } from "../core/properties";
import { isConflict } from "./answers";
import type { FileStorage } from "./client";
import { refusedDeletion } from "./deletion";
import { findShare, listedIn, PROOF_AGE_MS } from "./find";
import type { AccessRuleModel } from "./models";
import { canonicalNetwork, hasHostBits, isNetwork } from "./networks";
import { isManaged, type Making, makeOnce } from "./once";
import { serviceName, shareId, timeouts } from "./schemas";
import { sendAgain } from "./sendAgain";
import type { ShareAccessRuleInputs } from "./shareAccessRule";
import { SHARE_LIMIT_SECONDS, settledShare } from "./shareStates";
import { settledParent } from "./snapshots";

export const shareAccessRuleInputs = z.strictObject({
  serviceName,
  shareId,
  accessTo: z
    .string({ error: "must be a text" })
    .refine(isNetwork, {
      error: 'must be an IPv4 address such as "10.0.5.7" or a network such as "10.0.5.0/24"',
      abort: true,
    })
    .refine((text) => !hasHostBits(text), {
      error: "is an address inside a network: give the network itself, such as 10.0.5.0/24, or the address without /",
    })
    .transform(canonicalNetwork),
  accessLevel: z.enum(["ro", "rw"], { error: 'must be "ro" (read only) or "rw" (read and write)' }),
  timeouts,
} satisfies Shape<ShareAccessRuleInputs>);
export interface ShareAccessRuleOutputs {
  serviceName: string;
  shareId: string;
  accessTo: string;
  accessLevel: "ro" | "rw";
  status: string;
  createdAt?: string | undefined;
}

const LIMIT_SECONDS = 10 * 60;

export const shareAccessRule = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<z.output<typeof shareAccessRuleInputs>, ShareAccessRuleOutputs> => ({
  inputKeys: Object.keys(shareAccessRuleInputs.shape),
  disposable: "deletedFirst", // others wait behind one in error (Manila)
  check: (news) => checkKnown(shareAccessRuleInputs, news),
  diff: (olds, news) =>
    changed(olds, news, {
      replace: ["serviceName", "shareId", "accessTo", "accessLevel"],
      deleteBeforeReplace: sameNetwork,
    }),
  settled: ({ status }) =>
    status === "error" ? "failed" : status === undefined || status === "active" ? "settled" : "busy",

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { accessTo, accessLevel } = inputs;
    const { createAccessRule, accessRules } = storage.share(inputs.shareId);
    const before = await listedIn(storage, inputs.shareId, accessRules.first);
    const ground = () => ({ shareId: inputs.shareId });
    const { object: created } = await makeOnce(
      storage,
      { ...making(storage, inputs, operation), before },
      operation,
      () =>
        sendAgain(storage, ground, operation, async () => {
          await settledParent(storage, inputs.shareId, operation);
          return createAccessRule({ accessTo, accessLevel });
        }).catch(async (error: unknown) => {
          throw isConflict(error) ? await explained(storage, inputs, error) : error;
        }),
    );
    operation.exists(created.id, facts(storage, inputs.shareId, created, inputs));
    return { id: created.id, outputs: await settle(storage, { ...inputs, id: created.id }, operation) };
  },

  async read(id, state) {
    const [storage, shareId] = [storageOf(recorded(state, "serviceName")), recorded(state, "shareId")];
    const { accessRules } = storage.share(shareId);
    const rule = (await listedIn(storage, shareId, accessRules.kept)).find((found) => found.id === id);
    const live = rule ?? (await readRule(storage, shareId, id, PROOF_AGE_MS));
    return live && facts(storage, shareId, live, state);
  },

  async update(id, olds, news, operation) {
    const storage = storageOf(news.serviceName);
    if (!operation.creating && (await readRule(storage, news.shareId, id, 0)) === undefined) {
      throw new HoldfastError(
        `access rule ${id} is gone from share ${news.shareId}. Run pulumi refresh, then pulumi up makes a new one.`,
      );
    }
    operation.exists(id, olds);
    return settle(storage, { ...news, id }, operation);
  },

  async delete(id, state, operation) {
    const [storage, shareId] = [storageOf(recorded(state, "serviceName")), recorded(state, "shareId")];
    const read = (maxAgeMs: number) => readRule(storage, shareId, id, maxAgeMs);
    const rule = await read(0);
    if (rule === undefined) return;
    if (!DENYING.has(rule.status)) {
      const ask = () =>
        refusedDeletion({
          send: () => storage.share(shareId).deleteAccessRule(id),
          read: () => read(0),
          leaving: DENYING,
        });
      const refused = await ask();
      if (refused !== undefined) {
        if (!isConflict(refused.refusal)) throw refused.refusal;
        await untilShareSettles(storage, shareId, operation); // refused while the share is in transition (Manila)
        const again = await ask();
        if (again !== undefined) throw again.refusal;
      }
    }
    await operation.wait({
      read,
      state: ({ status }) => status,
      judge: (status) =>
        status === "error" && rule.status !== "error"
          ? new TerminalStateError(
              `access rule ${id} could not be deleted (error). Try again, or ask OVHcloud's support.`,
              status,
            )
          : "busy",
      absent: "done",
      activity: "deleting",
      limitSeconds: LIMIT_SECONDS,
    });
  },
});

/**
 * A rule has no text for a mark: its content tells, on a share of this stack. On a share that others use as well, anybody may
 * have made the same rule: there, only a creation of this resource that is known to have been interrupted does.
 */
const making = (
  storage: FileStorage,
  { shareId, accessTo, accessLevel }: Pick<ShareAccessRuleOutputs, "shareId" | "accessTo" | "accessLevel">,
  operation: Operation,
): Omit<Making<AccessRuleModel>, "before"> => ({
  kind: "ovh:ShareAccessRule",
  parents: [storage.serviceName, shareId],
  list: storage.share(shareId).accessRules,
  isLike: (rule) =>
    canonicalNetwork(rule.accessTo) === accessTo && rule.accessLevel === accessLevel && !DENYING.has(rule.status),
  sign: "is what this resource is to make",
  known: true,
  evidence: ({ ids, interrupted }) =>
    ids.has(shareId) || isManaged(operation, shareId) || interrupted.has(operation.urn),
  describe: ({ id, accessTo: network, accessLevel: level }) => `access rule ${id} (${network} ${level})`,
  wanted: `access rule for ${accessTo}`,
});

/** Addresses per share (OVHcloud guide "Enterprise File Storage - Concepts"). */
const MOST_RULES = 16;

/** What a refusal means where the share's rules tell. */
async function explained(
  storage: FileStorage,
  { shareId, accessTo }: { shareId: string; accessTo: string },
  refusal: Error,
): Promise<Error> {
  const rules = await storage.share(shareId).accessRules.recent(0);
  const twin = rules.find((rule) => canonicalNetwork(rule.accessTo) === accessTo);
  if (twin !== undefined) {
    return new HoldfastError(
      `share ${shareId} has an access rule for ${accessTo} already: ${twin.id} (${twin.accessLevel}). Change or remove that one; where it is to be replaced by this one, set deleteBeforeReplace: true.`,
    );
  }
  if (rules.length < MOST_RULES) return refusal;
  return new HoldfastError(
    `share ${shareId} has ${rules.length} access rules, and takes ${MOST_RULES}: accessTo ${accessTo} is one too many. Remove a rule, or let one network stand for several addresses. The service said: ${refusal.message}`,
  );
}

const DENYING: ReadonlySet<string> = new Set(["queued_to_deny", "denying"]);

const untilShareSettles = (storage: FileStorage, shareId: string, operation: Operation) =>
  operation.wait({
    read: (maxAgeMs) => findShare(storage, shareId, maxAgeMs),
    state: ({ status }) => status,
    judge: (status) => (settledShare({ status }) === "busy" ? "busy" : "done"),
    absent: "done",
    activity: "waiting for the share",
    limitSeconds: SHARE_LIMIT_SECONDS,
  });

/** The service refuses two rules for one network: the old one goes first. */
const sameNetwork = (olds: object, news: object): boolean =>
  ["serviceName", "shareId", "accessTo"].every((key) => Reflect.get(olds, key) === Reflect.get(news, key));

/** What an answer leaves out, or a level that nobody has documented, is no reason to replace a rule: what is `known` stays. */
const facts = (
  storage: FileStorage,
  shareId: string,
  rule: AccessRuleModel,
  known: { accessTo?: string; accessLevel?: "ro" | "rw" },
): ShareAccessRuleOutputs => ({
  serviceName: storage.serviceName,
  shareId,
  accessTo: isNetwork(rule.accessTo) ? canonicalNetwork(rule.accessTo) : (known.accessTo ?? rule.accessTo),
  accessLevel: rule.accessLevel === "rw" || rule.accessLevel === "ro" ? rule.accessLevel : (known.accessLevel ?? "ro"),
  status: rule.status,
  createdAt: rule.createdAt ?? undefined,
});

const listRules = (storage: FileStorage, shareId: string, maxAgeMs: number) =>
  listedIn(storage, shareId, () => storage.share(shareId).accessRules.recent(maxAgeMs));

const readRule = async (storage: FileStorage, shareId: string, id: string, maxAgeMs: number) =>
  (await listRules(storage, shareId, maxAgeMs)).find((rule) => rule.id === id);

async function settle(
  storage: FileStorage,
  { shareId, id, ...known }: Pick<ShareAccessRuleOutputs, "shareId" | "accessTo" | "accessLevel"> & { id: string },
  operation: Operation,
): Promise<ShareAccessRuleOutputs> {
  const found = await operation.wait({
    read: async (maxAgeMs) => {
      const rules = await listRules(storage, shareId, maxAgeMs);
      const rule = rules.find((candidate) => candidate.id === id);
      return rule && { rule, failed: rules.find(({ status }) => status === "error") };
    },
    // One in error must be deleted before others are applied (Manila): whose it is must be seen.
    state: ({ rule: { status }, failed }) =>
      failed !== undefined && status === "queued_to_apply"
        ? `${status} behind access rule ${failed.id} for ${failed.accessTo}, which is in error and must be deleted`
        : status,
    judge: (_, { rule: { status } }) => {
      if (status === "active") return "done";
      if (DENYING.has(status)) {
        return new TerminalStateError(
          `access rule ${id} is being deleted by somebody else. Run pulumi refresh when it is gone.`,
          status,
        );
      }
      if (status !== "error") return "busy";
      return new TerminalStateError(
        `access rule ${id} ended in state "error": the share can't be mounted through it, and other rules wait behind it. The next pulumi up deletes it and makes it again.`,
        status,
      );
    },
    absent: "tolerate",
    activity: "applying",
    limitSeconds: LIMIT_SECONDS,
  });
  if (found === undefined) throw new HoldfastError(`access rule ${id} is gone.`); // `tolerate` never ends this way
  return facts(storage, shareId, found.rule, known);
}
