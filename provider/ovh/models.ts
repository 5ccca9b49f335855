import { z } from "zod";

// Only the fields that we use; further ones are ignored. Every enumeration is open: values have been added and renamed.
// Only the id is never null (schema), and one odd object of somebody else's must not break the list it stands in.
const text = z.string().nullish();
/** Unknown counts as busy, and as a type of its own. */
const state = z
  .string()
  .nullish()
  .transform((word) => word ?? "unknown");
/** Documented as a UUID. What could stand for something else in a path is no id. */
const id = z.string().regex(/^(?!\.+$)[\w.~-]{1,128}$/, "is no id");
export const shareModel = z.object({
  id,
  name: text,
  description: text,
  protocol: text,
  /** GiB. */
  size: z
    .number()
    .nullish()
    .transform((size) => size ?? 0),
  /** Empty where the share was not made from a snapshot. */
  snapshotID: text,
  mountPointName: text,
  createdAt: text,
  status: state,
});
export const snapshotModel = z.object({
  id,
  name: text,
  description: text,
  type: state,
  status: state,
  createdAt: text,
  path: text,
});
export const accessRuleModel = z.object({
  id,
  accessTo: state,
  accessLevel: state,
  status: state,
  createdAt: text,
});
export const accessPathModel = z.object({ id: z.string(), path: z.string(), preferred: z.boolean() });
const moments = z
  .array(z.number())
  .nullish()
  .transform((list) => list ?? []);
export const policyModel = z.object({
  id,
  name: text,
  description: text,
  isDefault: z
    .boolean()
    .nullish()
    .transform((own) => own ?? false),
  createdAt: text,
  status: state,
  /** Each list of a schedule is empty where it means "every". */
  rules: z
    .array(
      z.object({
        prefix: z.string(),
        copies: z.number(),
        schedule: z.object({
          minutes: moments,
          hours: moments,
          days: moments,
          months: moments,
          weekdays: moments,
        }),
      }),
    )
    .nullish()
    .transform((rules) => rules ?? []),
});
/** Which policy a share follows, and the percentage of its size set aside for snapshots. */
export const followedPolicyModel = z.object({ id, status: state });
export const reserveModel = z.object({ percent: z.number(), status: state });
export const serviceModel = z.object({
  id,
  name: text,
  /** GiB. */
  quota: z.number(),
  region: text,
  performanceLevel: text,
  status: text,
  createdAt: text,
  /** What IAM calls it: the control panel lets people change either name. */
  iam: z.object({ displayName: text }).nullish().catch(undefined),
});

/**
 * What a creation answers. Only the id is sure to be there (all else may be null), and an answer that was refused for a
 * missing member would lose the id of what now exists.
 */
export const createdShare = (size: number) =>
  shareModel.extend({ size: z.number().catch(size), status: z.string().catch("creating") });
export const createdSnapshot = (status: string) =>
  snapshotModel.extend({ type: z.string().catch("manual"), status: z.string().catch(status) });
export const createdAccessRule = (rule: { accessTo: string; accessLevel: string }) =>
  accessRuleModel.extend({
    accessTo: z.string().catch(rule.accessTo),
    accessLevel: z.string().catch(rule.accessLevel),
    status: z.string().catch("queued_to_apply"),
  });
export const createdPolicy = policyModel.extend({ status: z.string().catch("creating") });

export type ShareModel = z.output<typeof shareModel>;
export type SnapshotModel = z.output<typeof snapshotModel>;
export type AccessRuleModel = z.output<typeof accessRuleModel>;
export type AccessPathModel = z.output<typeof accessPathModel>;
export type PolicyModel = z.output<typeof policyModel>;
export type PolicyRuleModel = PolicyModel["rules"][number];
export type FollowedPolicyModel = z.output<typeof followedPolicyModel>;
export type ReserveModel = z.output<typeof reserveModel>;
export type ServiceModel = z.output<typeof serviceModel>;
