import { HoldfastError } from "../core/errors";
import type { Properties } from "../core/properties";
import type { Importable } from "../core/system";
import type { ResourceKind } from "../kinds";

/**
 * The API does not tell what a volume was cloned from: our own clones have it in their attributes, and of others the user
 * tells it. What the service calls otherwise than the program is compared with it all the same.
 */
function clone(id: string, live: Properties, told: Properties = {}): Properties {
  const source = told["volumeID"] === undefined ? live : told;
  const { volumeID } = source;
  const snapshotID = told["snapshotID"] ?? source["snapshotID"];
  const what = `volume ${id} ("${live["name"]}")`;
  if (volumeID === undefined) {
    throw new HoldfastError(
      `${what} does not tell what it was cloned from: the API does not keep it, and the volume's attributes have nothing of ours. Name its source with --source-volume ID, and with --source-snapshot ID where it was made from a snapshot; in a file, as "inputs": {"volumeID": ID, "snapshotID": ID} of its entry.`,
    );
  }
  if (String(volumeID) === id)
    throw new HoldfastError(`${what} can't be its own source: name the one it was cloned from.`);
  return { ...live, volumeID, snapshotID, newAccountID: live["accountID"], newSize: live["totalSize"] };
}

/** Every kind whose objects can be imported. */
export const elementImports: Readonly<Partial<Record<ResourceKind, Importable>>> = {
  "element:VolumeClone": {
    parents: [],
    own: "cloneVolumeID",
    told: { volumeID: "source-volume", snapshotID: "source-snapshot" },
    // Groups that the program does not name may be somebody else's doing: none of those counts as the program's, or it would
    // be left when the program takes up others.
    reported: ["snapshotID", "qosPolicyID", "volumeAccessGroupIDs"],
    asked: {},
    complete: clone,
  },
  "element:Snapshot": {
    parents: ["volumeID"],
    parentsOptional: true,
    own: "snapshotID",
    reported: ["expirationTime", "snapMirrorLabel"],
    asked: {},
    complete: (_id, live) => live,
  },
};
