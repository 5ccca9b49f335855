import { z } from "zod";
import type { Shape } from "../core/check";
import { checking, excludes, word } from "../core/lookupArgs";
import type { GetServiceArgs, GetShareArgs, GetSharesArgs, GetSnapshotArgs, GetSnapshotsArgs } from "./lookupTypes";
import { instant, serviceName, shareId, snapshotId } from "./schemas";

const text = word.optional();
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

export const checkServiceArgs = checking(services, (given) => excludes(given, "serviceName", ["name"]));

export const checkShareArgs = checking(share, (given) =>
  "shareId" in given || "name" in given
    ? excludes(given, "shareId", ["name"])
    : { property: "shareId", reason: "is missing: set shareId, or name." },
);

export const checkSharesArgs = checking(shares);

export const checkSnapshotsArgs = checking(snapshots);

export const checkSnapshotArgs = checking(snapshot, (given) => excludes(given, "snapshotId", Object.keys(filters)));
