import type { Candidate } from "../core/leftBehind";
import type { Operation } from "../core/lifecycle";
import { isManaged as isManagedBy, type Making as MakingOf, makeOnce as makeOnceFor } from "../core/once";
import type { ResourceKind } from "../kinds";
import { isLost } from "./answers";
import type { FileStorage, Texts } from "./client";

export { importHint, LOOK_SECONDS, sentence } from "../core/once";

/** Ids are unique over all kinds. */
export type Making<T extends Candidate> = Omit<MakingOf<T>, "kinds">;

const OVH: readonly ResourceKind[] = [
  "ovh:Share",
  "ovh:ShareClone",
  "ovh:Snapshot",
  "ovh:HeldSnapshot",
  "ovh:ShareAccessRule",
  "ovh:SnapshotPolicy",
];

/** The names of objects that the engine is known to manage in this process, those that it has made too. */
export const managedNames = ({ managed }: Pick<Operation, "managed">): unknown[] =>
  OVH.flatMap((kind) => [...managed(kind).values()].map(({ name }) => name));

/** Whether the engine is known to manage an object in this process. */
export const isManaged = (operation: Pick<Operation, "managed">, id: string): boolean =>
  isManagedBy(OVH, operation, id);

/** Makes an object in a service, or takes over what an interrupted run left of it. */
export const makeOnce = <T extends Candidate>(
  storage: FileStorage,
  making: Making<T>,
  operation: Operation,
  make: () => Promise<T>,
): Promise<{ object: T; left: boolean }> =>
  makeOnceFor(
    { adoptWithinMinutes: storage.settings().adoptWithinMinutes, now: storage.now, isLost },
    { ...making, kinds: OVH },
    operation,
    make,
  );

/** For bringing what was left to the program's values: a description that the program has no more is taken out. */
export const withoutEarlier = (operation: Operation, { description }: Texts): Operation =>
  description === undefined ? { ...operation, dropped: ["description"] } : operation;
