import { z } from "zod";
import type { Shape } from "../core/check";
import { checking, excludes, word } from "../core/lookupArgs";
import type { GetSnapshotsArgs, GetVolumeArgs, GetVolumesArgs } from "./lookupTypes";

const id = (what: string) => {
  const error = `must be the ID of ${what}, a whole number above 0`;
  return z.int({ error }).positive(error);
};
const accountID = id("an account").optional();
const volumes = z.strictObject({
  accountID,
  namePrefix: word.optional(),
  status: word.optional(),
} satisfies Shape<GetVolumesArgs>);
const volume = z.strictObject({
  volumeID: id("a volume").optional(),
  name: word.optional(),
  accountID,
  status: word.optional(),
} satisfies Shape<GetVolumeArgs>);
const snapshots = z.strictObject({
  volumeID: id("a volume"),
  namePrefix: word.optional(),
} satisfies Shape<GetSnapshotsArgs>);

export const checkVolumesArgs = checking(volumes);

export const checkVolumeArgs = checking(volume, (given) =>
  "volumeID" in given || "name" in given
    ? excludes(given, "volumeID", ["name", "accountID"])
    : { property: "volumeID", reason: "is missing: set volumeID, or name." },
);

export const checkSnapshotsArgs = checking(snapshots);

export const checkNothing = checking(z.strictObject({}));
