// A development share with a copy of production's data, renewed whenever `trigger` changes.
import * as pulumi from "@pulumi/pulumi";
import { HeldSnapshot, Share, ShareAccessRule, ShareClone } from "pulumi-holdfast/ovh";

// Beside `npx pulumi-holdfast simulate ovh -- ...` the two ids come from the environment.
const config = new pulumi.Config();
const serviceName = config.get("serviceName") || process.env["HOLDFAST_OVH_SERVICE"] || config.require("serviceName");
const shareId =
  config.get("productionShareId") || process.env["HOLDFAST_OVH_SHARE"] || config.require("productionShareId");

// Managed elsewhere: this stack reads it, and never changes it.
const production = Share.get("production", `${serviceName}/${shareId}`);

// The newest automatic snapshot, kept from rotation. A new trigger holds the newest one of then.
const held = new HeldSnapshot("production-data", {
  serviceName,
  shareId: production.id,
  select: { newest: true },
  trigger: config.get("trigger") ?? "first",
});

const development = new ShareClone("development", {
  serviceName,
  shareId: production.id,
  snapshotId: held.id,
  size: production.size,
  description: pulumi.interpolate`Production data of ${held.createdAt}`,
});

const access = new ShareAccessRule("developers", {
  serviceName,
  shareId: development.id,
  accessTo: config.get("developmentNetwork") ?? "10.0.5.0/24",
  accessLevel: "rw",
});

/** How old the data were when the clone was made: it stays the same until the next refresh. */
const minutes = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

/** Works once the access rule is active. */
export const mountCommand = pulumi.interpolate`mount -t nfs -o vers=3 ${development.preferredAccessPath} /mnt/development`;
export const dataFrom = held.createdAt;
export const dataAgeMinutes = pulumi
  .all([held.createdAt, development.createdAt])
  .apply(([from, to]) => minutes(from, to));
export const developmentShareId = development.id;
export const admitted = access.accessTo;
