import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { changed } from "../core/diff";
import { HoldfastError, TerminalStateError } from "../core/errors";
import type { Lifecycle, Operation } from "../core/lifecycle";
import { equal, type Properties, recorded } from "../core/properties";
import { containsUnknown } from "../core/unknowns";
import type { FileStorage, Texts } from "./client";
import { PROOF_AGE_MS } from "./find";
import { type Marked, marked, withoutMark } from "./marks";
import type { PolicyModel } from "./models";
import { type Making, makeOnce, withoutEarlier } from "./once";
import { deletePolicy, findPolicy, POLICY_LIMIT_SECONDS, settledPolicy } from "./policyDeletion";
import { acrossRules, rules } from "./policyRules";
import { listed, meaning, stored } from "./schedule";
import { description, name, serviceName, timeouts } from "./schemas";
import type { SnapshotPolicyInputs, SnapshotPolicyRule, StoredSnapshotPolicyRule } from "./snapshotPolicy";
import { changedTexts, markedTexts } from "./texts";

export const snapshotPolicyInputs = z.strictObject({
  serviceName,
  rules,
  name: name.optional(),
  description: description.optional(),
  timeouts,
} satisfies Shape<SnapshotPolicyInputs>);
export interface SnapshotPolicyOutputs {
  serviceName: string;
  rules: SnapshotPolicyRule[];
  storedRules: StoredSnapshotPolicyRule[];
  name: string;
  description: string;
  isDefault: boolean;
  status: string;
  createdAt?: string | undefined;
}

export const snapshotPolicy = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<z.output<typeof snapshotPolicyInputs>, SnapshotPolicyOutputs> => ({
  inputKeys: Object.keys(snapshotPolicyInputs.shape),
  meaning: meant,
  disposable: "deletedLast", // shares follow it until they follow the new one
  check: (news) => checkKnown(snapshotPolicyInputs, news, acrossRules(news)),
  diff: (olds, news) => changed(meant(olds), meant(news), { replace: ["serviceName", "rules"] }),
  settled: settledPolicy,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const wanted = wantedRules(inputs.rules);
    const before = await storage.policies.first();
    const marks = marked(operation, { serviceName: inputs.serviceName, rules: wanted }, inputs, {
      existing: before,
      inDescription: storage.settings().descriptionMark,
    });
    const { object: created, left } = await makeOnce(
      storage,
      { ...making(storage, wanted, marks), before },
      operation,
      () =>
        storage.createPolicy({
          ...marks.texts,
          rules: wanted.map((rule) => ({ ...rule, schedule: listed(rule.schedule) })),
        }),
    );
    const known = facts(storage, { ...created, rules: [] }, inputs.rules);
    operation.exists(created.id, known);
    if (left) {
      const own = withoutEarlier(operation, inputs);
      return { id: created.id, outputs: await change(storage, created.id, known, inputs, own) };
    }
    const settled = await settle(storage, created.id, operation, "creating");
    return { id: created.id, outputs: facts(storage, settled, inputs.rules) };
  },

  async read(id, state) {
    const storage = storageOf(recorded(state, "serviceName"));
    const live = (await findPolicy(storage, id)) ?? (await findPolicy(storage, id, PROOF_AGE_MS));
    return live && facts(storage, live, state.rules);
  },

  update: (id, olds, news, operation) => change(storageOf(news.serviceName), id, olds, news, operation),

  delete: (id, state, operation) => deletePolicy(storageOf(recorded(state, "serviceName")), id, operation),
});

/** Resumes an unfinished wait, then changes name and description. */
async function change(
  storage: FileStorage,
  id: string,
  olds: Partial<SnapshotPolicyOutputs>,
  news: Texts & { rules: readonly SnapshotPolicyRule[] },
  operation: Operation,
): Promise<SnapshotPolicyOutputs> {
  const present = await findPolicy(storage, id, 0);
  if (present === undefined) {
    throw new HoldfastError(
      `snapshot policy ${id} is gone from service ${storage.serviceName}. Run pulumi refresh, then pulumi up makes a new one.`,
    );
  }
  operation.exists(id, { ...olds, ...facts(storage, present, news.rules) });
  const activity = present.status === "available" ? "updating" : present.status;
  const settled = await settle(storage, id, operation, activity);
  const outputs = facts(storage, settled, news.rules);
  const texts = changedTexts(settled, news, operation);
  if (texts === undefined) return outputs;
  operation.exists(id, { ...olds, ...outputs });
  if (settled.isDefault) {
    throw new HoldfastError(
      `snapshot policy ${id} is the service's default one, which can't be changed. Leave its ${Object.keys(texts).join(" and ")} as the service has it, or make a SnapshotPolicy of your own.`,
    );
  }
  await storage.renamePolicy(id, markedTexts(texts, settled));
  return { ...outputs, ...texts };
}

const making = (
  storage: FileStorage,
  wanted: readonly StoredSnapshotPolicyRule[],
  { carries, texts, marked }: Marked,
): Omit<Making<PolicyModel>, "before"> => ({
  kind: "ovh:SnapshotPolicy",
  parents: [storage.serviceName],
  list: storage.policies,
  isLike: (policy) =>
    carries(policy) &&
    policy.status !== "deleting" &&
    (policy.rules.length === 0 || equal(stored(policy.rules), wanted)),
  sign: "carries this resource's mark",
  known: marked,
  describe: ({ id, name }) => `snapshot policy ${id} ("${name ?? ""}")`,
  wanted: `snapshot policy ${texts.name ?? ""}`,
});

/** The properties with what the rules mean in the place of how they are written. What is not known yet stays. */
function meant(properties: Properties): Properties {
  const { rules } = properties;
  if (!Array.isArray(rules) || containsUnknown(rules)) return properties;
  // check has let these rules through, or the service gave them
  return { ...properties, rules: meaning(rules as SnapshotPolicyRule[]) ?? rules };
}

/** What the service is to store. */
function wantedRules(rules: readonly SnapshotPolicyRule[]): StoredSnapshotPolicyRule[] {
  const wanted = meaning(rules);
  if (wanted !== undefined) return wanted;
  throw new HoldfastError("its rules can't be turned into schedules: each needs a schedule or a cron text."); // check refuses such rules
}

/** What the service says. Rules keep the words that were written for them as long as these mean what it stores. */
function facts(
  storage: FileStorage,
  policy: PolicyModel,
  written: readonly SnapshotPolicyRule[] | undefined,
): SnapshotPolicyOutputs {
  // They never change (OVHcloud guide "Snapshot policy"): an answer that leaves them out has no others.
  const storedRules = policy.rules.length > 0 ? stored(policy.rules) : (meaning(written ?? []) ?? []);
  const same = written !== undefined && equal(meaning(written), storedRules);
  return {
    serviceName: storage.serviceName,
    rules: same ? [...written] : storedRules,
    storedRules,
    name: policy.name ?? "",
    description: withoutMark(policy.description),
    isDefault: policy.isDefault,
    status: policy.status,
    createdAt: policy.createdAt ?? undefined,
  };
}

/** Waits until a policy can be followed. */
async function settle(storage: FileStorage, id: string, operation: Operation, activity: string): Promise<PolicyModel> {
  const policy = await operation.wait({
    read: (maxAgeMs) => findPolicy(storage, id, maxAgeMs),
    state: ({ status }) => status,
    judge: (status) => {
      if (status === "available") return "done";
      if (status === "deleting")
        return new TerminalStateError(
          `snapshot policy ${id} is being deleted by somebody else. Run pulumi refresh when it is gone.`,
          status,
        );
      if (status !== "error") return "busy";
      return new TerminalStateError(
        `snapshot policy ${id} ended in state "error". The next pulumi up deletes it and makes it again.`,
        status,
      );
    },
    absent: "tolerate",
    activity,
    limitSeconds: POLICY_LIMIT_SECONDS,
  });
  if (policy === undefined) throw new HoldfastError(`snapshot policy ${id} is gone.`); // `tolerate` never ends this way
  return policy;
}
