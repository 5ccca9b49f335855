import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { HoldfastError } from "../core/errors";
import type { CheckFailure } from "../core/lifecycle";
import { isHidden } from "../core/properties";
import type { GetServiceArgs, GetShareArgs, GetSharesArgs, GetSnapshotArgs, GetSnapshotsArgs } from "./lookupTypes";
import { instant, serviceName, shareId, snapshotId } from "./schemas";

const text = z.string({ error: "must be a text" }).min(1, "must not be empty: leave it out instead").optional();
const type = z
  .enum(["manual", "automatic", "system"], { error: 'must be "manual", "automatic" or "system"' })
  .optional();
const filters = { type, status: text, name: text, namePrefix: text, before: instant.optional() };

const services = z.strictObject({
  serviceName: serviceName.optional(),
  name: text,
} satisfies Shape<GetServiceArgs>);
const share = z.strictObject({ serviceName, shareId: shareId.optional(), name: text } satisfies Shape<GetShareArgs>);
const shares = z.strictObject({ serviceName, namePrefix: text, status: text } satisfies Shape<GetSharesArgs>);
const snapshots = z.strictObject({ serviceName, shareId, ...filters } satisfies Shape<GetSnapshotsArgs>);
const snapshot = z.strictObject({
  serviceName,
  shareId,
  snapshotId: snapshotId.optional(),
  ...filters,
} satisfies Shape<GetSnapshotArgs>);

/** What a program passed, without what is not set. */
type Given = Record<string, unknown>;

const excludes = (given: Given, one: string, others: readonly string[]): CheckFailure | undefined => {
  const other = others.find((key) => key in given);
  if (!(one in given) || other === undefined) return undefined;
  return { property: other, reason: `can't be set beside ${one}: leave one of them out.` };
};

export const checkServiceArgs = checking(services, (given) => excludes(given, "serviceName", ["name"]));

export const checkShareArgs = checking(share, (given) =>
  "shareId" in given || "name" in given
    ? excludes(given, "shareId", ["name"])
    : { property: "shareId", reason: "is missing: set shareId, or name." },
);

export const checkSharesArgs = checking(shares);

export const checkSnapshotsArgs = checking(snapshots);

export const checkSnapshotArgs = checking(snapshot, (given) => excludes(given, "snapshotId", Object.keys(filters)));

/** Checks all of it at once, and normalises it: one message tells every mistake. */
function checking<Schema extends z.ZodObject>(
  schema: Schema,
  rule: (given: Given) => CheckFailure | undefined = () => undefined,
): (args: unknown) => z.output<Schema> {
  return (args) => {
    if (typeof args !== "object" || args === null) {
      throw new HoldfastError(`its first argument must be an object with ${Object.keys(schema.shape).join(", ")}.`);
    }
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined && value !== null));
    const { failures } = checkKnown(schema, given, [() => rule(given)]);
    // A resource's check passes over these in silence, for they come from us.
    const ours = Object.keys(given).filter((key) => key === "source" || isHidden(key));
    failures.push(...ours.map((property) => ({ property, reason: "is not known here: remove it." })));
    if (failures.length === 0) return schema.parse(given);
    throw new HoldfastError(
      failures.map(({ property, reason }) => `${property}${shown(given[property])} ${reason}`).join(" "),
    );
  };
}

const shown = (value: unknown): string => (typeof value === "string" ? ` "${value.slice(0, 200)}"` : "");
