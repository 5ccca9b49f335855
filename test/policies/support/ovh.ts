import type { SourceFacts } from "../../../provider/ovh/cloneConstraints";
import { type Given, UNKNOWN } from "./analyzer";

export const serviceName = "d1a5ace1-21d3-478c-9438-2c45932aecc2";
export const shareId = "14b170ca-a8aa-4a89-9cdf-9e50789fd9e2";
export const snapshotId = "199dac2c-12ac-4edb-a28a-4265776100d9";

const HOUR_MS = 3_600_000;
export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** What check found out about the snapshot with this ID. */
export const source = (facts: Partial<SourceFacts> = {}): SourceFacts => ({
  snapshotId,
  name: "nightly",
  type: "manual",
  status: "available",
  createdAt: hoursAgo(1),
  shareId,
  presentShareSizeGiB: 200,
  ...facts,
});

/** A resource as a preview of its creation shows it, with inputs only. */
export const given = (
  kind: string,
  name: string,
  props: Record<string, unknown> = {},
  from: Record<string, string[]> = {},
): Given => ({ kind, name, props: { serviceName, ...props }, from });

/** The same as it stands in the state, with what only the service knows. */
export const made = (resource: Given, outputs: Record<string, unknown> = {}): Given => ({
  ...resource,
  props: { status: "available", createdAt: hoursAgo(1), ...resource.props, ...outputs },
});

/** A clone of the snapshot that the program names by its ID. */
export const clone = (props: Record<string, unknown> = {}): Given =>
  given("ShareClone", "staging", { snapshotId, size: 200, protocol: "NFS", ...props });

/** A clone of a snapshot of the program that does not exist yet, and that snapshot. */
export const clonesOf = (kind: string, props: Record<string, unknown> = {}): Given[] => [
  given(kind, "point", { shareId }),
  given("ShareClone", "staging", { snapshotId: UNKNOWN, size: 200, ...props }, { snapshotId: ["point"] }),
];
