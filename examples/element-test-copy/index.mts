// A copy of a production volume for tests, in an account of its own, renewed whenever `trigger` changes.
import * as pulumi from "@pulumi/pulumi";
import { Snapshot, VolumeClone } from "pulumi-holdfast/element";

const config = new pulumi.Config();
// Beside `npx pulumi-holdfast simulate element -- ...` the ids come from the environment.
const id = (key: string, variable: string) =>
  config.getNumber(key) ?? (Number(process.env[variable]) || config.requireNumber(key));
const volumeID = id("volumeID", "HOLDFAST_ELEMENT_VOLUME");
const accountID = id("accountID", "HOLDFAST_ELEMENT_ACCOUNT");
const volumeAccessGroupID = id("volumeAccessGroupID", "HOLDFAST_ELEMENT_ACCESS_GROUP");

// The volume as it is now. The cluster deletes it when its time is over; the clone does not need it any more by then.
const point = new Snapshot("database", {
  volumeID,
  retention: config.get("retention") ?? "168:00:00",
  trigger: config.get("trigger") ?? "first",
});

const copy = new VolumeClone(
  "database-test",
  {
    volumeID,
    snapshotID: point.snapshotID,
    newAccountID: accountID,
    access: "readWrite", // without it, what the source allows
    qos: {
      minIOPS: 50,
      maxIOPS: config.getNumber("maxIOPS") ?? 1000,
      burstIOPS: config.getNumber("burstIOPS") ?? 2000,
    },
    volumeAccessGroupIDs: [volumeAccessGroupID], // without it, nobody reaches the clone
    deletionPolicy: "purge", // frees its space at once: nobody restores a test's data
  },
  { customTimeouts: { create: config.get("patience") ?? "4h" } },
);

/** What the test hosts connect to. */
export const { iqn } = copy;
export const cloneVolumeID = copy.cloneVolumeID;
export const dataFrom = point.createTime;
