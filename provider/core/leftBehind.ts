import { describeSeconds } from "./duration";
import { HoldfastError } from "./errors";
import type { StackState } from "./stackState";

/** An object that the service has, and that an interrupted creation may have left behind. */
export interface Candidate {
  id: string;
  createdAt?: string | null | undefined;
}

/** Whom an object would belong to, and how it is recognised. */
export interface Search<T extends Candidate> {
  /** What looks like what the create is about to make, and is not known to be managed. */
  candidates: readonly T[];
  /** As a message names it: `share 1b2c... ("data-k3xq...-0")`. */
  describe(candidate: T): string;
  /** How it is known: "carries this resource's mark". */
  sign: string;
  /** How to get rid of it or keep it. */
  remedy(candidate: T): string;
  /** Only objects that were created within so many minutes are taken over. */
  withinMinutes: number;
  /** The service's time in milliseconds since the epoch. */
  now: number;
  /** Where anybody could have made the like: whether it was this stack. */
  evidence?: ((state: StackState) => boolean) | undefined;
  /** Whether the stack manages it, where an id alone does not tell. @default by the id */
  isManagedBy?: ((state: StackState, candidate: T) => boolean) | undefined;
}

/** How a creation finds what an interrupted one has left behind. */
export type LeftBehind = <T extends Candidate>(search: Search<T>) => Promise<T | undefined>;

/**
 * The one object that an interrupted creation left behind: not in the engine's state, created lately, and alone. Where it
 * can't be told, nothing may be made: the error names what there is.
 */
export async function leftBehind<T extends Candidate>(
  { candidates, describe, sign, remedy, withinMinutes, now, evidence = () => true, ...search }: Search<T>,
  stackState: () => Promise<StackState | { unreadable: string }>,
  warn: (message: string) => void,
): Promise<T | undefined> {
  const ageOf = ({ createdAt }: T) => (now - Date.parse(createdAt ?? "")) / 1000;
  const told = (candidate: T) => {
    const age = ageOf(candidate);
    return `${describe(candidate)}${Number.isFinite(age) ? `, ${describeSeconds(Math.max(0, age))} old` : ""}`;
  };
  // What is older was not made by a run that has just been interrupted; one without a time may have been.
  const young = candidates.filter((candidate) => !(ageOf(candidate) > withinMinutes * 60));
  if (candidates.length === 0) return undefined;

  const state = await stackState();
  if ("unreadable" in state) {
    if (young.length === 0) return undefined;
    throw new HoldfastError(
      `${young.map(told).join("; ")} ${sign}: an interrupted run may have made it. Whether this stack manages it can't be told, for ${state.unreadable}. Nothing was created. ${young.map(remedy).join(" ")}`,
    );
  }
  if (!evidence(state)) return undefined;
  const { isManagedBy = ({ ids }: StackState, { id }: T) => ids.has(id) } = search;
  const free = (candidate: T) => !isManagedBy(state, candidate);
  const ours = young.filter(free);
  if (ours.length > 1) {
    throw new HoldfastError(
      `${ours.length} objects ${sign.replace(/^carries/, "carry")}, and this stack manages none of them: ${ours.map(told).join("; ")}. Only one can be this resource, so nothing was created.\n${ours.map(remedy).join("\n")}`,
    );
  }
  for (const old of candidates.filter((candidate) => !young.includes(candidate) && free(candidate))) {
    warn(
      `${told(old)}, ${sign}, but was not created within the last ${withinMinutes} min: it is left alone, and a new one is made. ${remedy(old)}`,
    );
  }
  return ours[0];
}
