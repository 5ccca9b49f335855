import { typeOf } from "../core/code";
import { HoldfastError } from "../core/errors";
import type { RecordedResource } from "../core/stackState";
import { member } from "../core/stackState";
import type { ElementKind } from "../kinds";
import type { Element } from "./client";
import { isDenied } from "./refusal";

/** What tells an object from one with the same number on another cluster. */
export interface RecordedIdentity {
  clusterUniqueID?: string | undefined;
  volumeUUID?: string | undefined;
  snapshotUUID?: string | undefined;
}

/** The cluster's own id. Who may not ask for it reads it in a volume's iqn. */
export async function clusterOf(element: Element): Promise<string> {
  try {
    return (await element.cluster()).uniqueID;
  } catch (error) {
    if (!isDenied(error)) throw error;
    const iqns = (await element.volumes.kept()).map(({ iqn }) => iqn);
    const found = iqns.map((iqn) => /^iqn\.2010-01\.com\.solidfire:([^.]+)\./.exec(iqn ?? "")?.[1]).find(Boolean);
    if (found === undefined) throw error;
    return found;
  }
}

/**
 * The cluster, if it is the one that the state speaks of. Ids are small numbers of which every cluster has the same: on
 * another one they are somebody else's.
 */
export async function requireCluster(
  element: Element,
  { clusterUniqueID }: RecordedIdentity,
  what: string,
): Promise<string> {
  const cluster = await clusterOf(element);
  if (clusterUniqueID === undefined || clusterUniqueID === cluster) return cluster;
  throw new HoldfastError(
    `the endpoint leads to cluster "${cluster}", but ${what} is in cluster "${clusterUniqueID}". Nothing was done. Set element:endpoint (ELEMENT_ENDPOINT) to that cluster; to make it anew on this one, give the resource another name in the program, and take the old one away with the old endpoint.`,
  );
}

/** Refuses an object that has the recorded number, and is another one. */
export function requireSame(
  recorded: RecordedIdentity,
  live: { volumeUUID?: string | undefined; snapshotUUID?: string | undefined },
  what: string,
): void {
  for (const key of ["volumeUUID", "snapshotUUID"] as const) {
    const [before, now] = [recorded[key]?.toLowerCase(), live[key]?.toLowerCase()];
    if (before === undefined || now === undefined || before === now) continue;
    throw new HoldfastError(
      `${what} has the ${key} ${now}, but the state has ${before}: it is another one. Nothing was done. Check element:endpoint; where the recorded one is gone for good, pulumi state delete takes it out of the state.`,
    );
  }
}

/** Whether a stack's state has this object of this cluster. */
export const isRecorded = (
  resources: readonly RecordedResource[],
  kind: ElementKind,
  id: string,
  cluster: string,
): boolean =>
  resources.some(
    (one) =>
      one.type === typeOf(kind) &&
      one.id === id &&
      [cluster, undefined].includes(member(one.outputs, "clusterUniqueID") as string | undefined),
  );
