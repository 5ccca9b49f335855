import { HoldfastError } from "../core/errors";
import type { Properties } from "../core/properties";
import type { Importable } from "../core/system";
import type { ResourceKind } from "../kinds";

const asRead = (_id: string, live: Properties): Properties => live;

/** An imported clone follows the snapshot that the service names (OVHcloud API, `snapshotID`, empty for an empty share). */
function clone(id: string, live: Properties): Properties {
  if (typeof live["sourceSnapshotId"] === "string" && live["sourceSnapshotId"] !== "") {
    return { ...live, snapshotId: live["sourceSnapshotId"] };
  }
  throw new HoldfastError(
    `share ${id} ("${live["name"]}") was not made from a snapshot, as far as the service tells. Import it as ovh:Share.`,
  );
}

/** Automatic snapshots belong to their policy, which deletes them; system ones to OVHcloud. */
function manual(id: string, live: Properties): Properties {
  const what = `snapshot ${id} ("${live["name"]}")`;
  if (live["type"] === "manual") return live;
  if (live["type"] === "automatic") {
    throw new HoldfastError(
      `${what} is "automatic": its policy rotates it away, so nobody can manage it. Hold it with a new HeldSnapshot and snapshotId: "${id}", without an import; only manual snapshots can be imported.`,
    );
  }
  throw new HoldfastError(
    `${what} is "${live["type"]}", made by OVHcloud itself, and can't be imported. Only manual snapshots can be.`,
  );
}

/** The service neither changes nor deletes its default policy (OVHcloud guide "Snapshot policy"). */
function ownPolicy(id: string, live: Properties): Properties {
  if (live["isDefault"] !== true) return live;
  throw new HoldfastError(
    `snapshot policy ${id} ("${live["name"]}") is the service's default one, which can't be changed or deleted. Use its id in the program, without an import.`,
  );
}

/** Compared with what the program sets, if it sets them. */
const SETTINGS = { snapshotPolicyId: "?", snapshotReserve: -1 };

/** Every kind whose objects can be imported. */
export const ovhImports: Readonly<Partial<Record<ResourceKind, Importable>>> = {
  "ovh:Share": {
    parents: ["serviceName"],
    own: "shareId",
    reported: ["mountPointName"],
    asked: SETTINGS,
    complete: asRead,
  },
  "ovh:ShareClone": {
    parents: ["serviceName"],
    own: "shareId",
    reported: ["mountPointName"],
    asked: SETTINGS,
    complete: clone,
  },
  "ovh:Snapshot": { parents: ["serviceName", "shareId"], own: "snapshotId", reported: [], asked: {}, complete: manual },
  "ovh:HeldSnapshot": {
    parents: ["serviceName", "shareId"],
    own: "snapshotId",
    reported: [],
    asked: {},
    complete: manual,
  },
  "ovh:ShareAccessRule": {
    parents: ["serviceName", "shareId"],
    own: "aclRuleId",
    reported: [],
    asked: {},
    complete: asRead,
  },
  "ovh:SnapshotPolicy": {
    parents: ["serviceName"],
    own: "snapshotPolicyId",
    reported: [],
    asked: {},
    complete: ownPolicy,
  },
};

/** Kinds that are something done, not something that exists. */
export const ovhActions: readonly string[] = ["ovh:ShareRevert"];
