import { equal, type Properties } from "../../../../provider/core/properties";
import { markOf, withoutMark } from "../../../../provider/element/marks";
import type { Program } from "../stack";
import type { Count } from "../system";
import type { ElementWorld } from "./service";

/** How many objects a program declares. */
export function declaredCount(program: Program): Count {
  const number = (wanted: string) => program.filter(({ kind }) => kind === wanted).length;
  return { volumes: number("element:VolumeClone"), snapshots: number("element:Snapshot") };
}

/** What the cluster has of a resource, in the words of its arguments. */
function live({ simulator: { model } }: ElementWorld, kind: string, id: number): Properties | undefined {
  if (kind === "element:Snapshot") {
    const snapshot = model.snapshots.find(({ snapshotID }) => snapshotID === id);
    if (snapshot === undefined) return undefined;
    const { expiresAt } = snapshot;
    return { ...snapshot, expirationTime: expiresAt === null ? undefined : new Date(expiresAt).toISOString() };
  }
  const volume = model.volumes.find(({ volumeID }) => volumeID === id);
  if (volume === undefined) return undefined;
  const groups = model.accessGroups.filter(({ volumes }) => volumes.includes(id));
  return {
    ...volume,
    newAccountID: volume.accountID,
    newSize: volume.totalSize,
    volumeAccessGroupIDs: groups.map(({ volumeAccessGroupID }) => volumeAccessGroupID),
  };
}

/** Arguments that say how a thing is made, or what is to become of it, which it does not show. */
const NOT_SHOWN = new Set(["volumeID", "snapshotID", "trigger", "retention", "timeouts", "deletionPolicy"]);

function sameAs(key: string, value: unknown, wanted: unknown): boolean {
  if (key === "attributes") return equal(withoutMark(value as Properties), wanted);
  if (key === "expirationTime") return Date.parse(String(value)) === Date.parse(String(wanted));
  // Groups that somebody else puts it into are none of ours.
  if (key === "volumeAccessGroupIDs") return (wanted as number[]).every((id) => (value as number[]).includes(id));
  return equal(value, wanted);
}

/** In what the cluster differs from what a program declares, resource by resource; empty when all is well. */
export function differences(world: ElementWorld, declared: Program): string[] {
  const { stack } = world;
  const found: string[] = [];
  for (const { kind, name, args } of declared) {
    const id = stack.idOf(name);
    const object = id === undefined ? undefined : live(world, kind, Number(id));
    if (object === undefined) {
      found.push(`${name} (${id}) does not exist`);
      continue;
    }
    const wanted = args((other) => stack.idOf(other) ?? "");
    const origin = markOf(object["attributes"] as Properties);
    if (kind === "element:Snapshot") {
      if (object["volumeID"] !== wanted["volumeID"]) found.push(`${name} is of volume ${String(object["volumeID"])}`);
    } else {
      if (object["status"] !== "active") found.push(`${name} is ${String(object["status"])}`);
      if (origin !== undefined && origin.snapshotID !== wanted["snapshotID"]) {
        found.push(`${name} was made from snapshot ${origin.snapshotID}`);
      }
    }
    for (const [key, value] of Object.entries(wanted)) {
      if (value === undefined || NOT_SHOWN.has(key) || sameAs(key, object[key], value)) continue;
      found.push(`${name} has ${key} ${JSON.stringify(object[key])} instead of ${JSON.stringify(value)}`);
    }
  }
  return found;
}
