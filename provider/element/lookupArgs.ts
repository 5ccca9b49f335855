import { z } from "zod";
import type { Shape } from "../core/check";
import { checking, excludes, word } from "../core/lookupArgs";
import type { GetSnapshotsArgs, GetVolumeArgs, GetVolumesArgs } from "./lookupTypes";
import { accountID, volumeID } from "./schemas";

const volumes = z.strictObject({
  accountID: accountID.optional(),
  namePrefix: word.optional(),
  status: word.optional(),
} satisfies Shape<GetVolumesArgs>);
const volume = z.strictObject({
  volumeID: volumeID.optional(),
  name: word.optional(),
  accountID: accountID.optional(),
  status: word.optional(),
} satisfies Shape<GetVolumeArgs>);
const snapshots = z.strictObject({ volumeID, namePrefix: word.optional() } satisfies Shape<GetSnapshotsArgs>);

export const checkVolumesArgs = checking(volumes);

export const checkVolumeArgs = checking(volume, (given) =>
  "volumeID" in given || "name" in given
    ? excludes(given, "volumeID", ["name", "accountID"])
    : { property: "volumeID", reason: "is missing: set volumeID, or name." },
);

export const checkSnapshotsArgs = checking(snapshots);

export const checkNothing = checking(z.strictObject({}));
