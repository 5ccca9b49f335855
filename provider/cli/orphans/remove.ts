import { systemClock } from "../../core/clock";
import { HoldfastError, WaitTimeoutError } from "../../core/errors";
import type { Waiting } from "../../core/lifecycle";
import type { Found, Named, OrphanWords } from "../../core/system";
import { waitFor } from "../../core/wait";
import { isNewer, quoted, titleOf } from "./show";
import type { Managed, States } from "./states";

/** What keeps an object from being deleted, by what it is called. */
export type Reasons = Map<string, string>;

/** An object that is to be deleted, with the words of its system. */
export interface Condemned extends Named {
  words: OrphanWords;
}

/** What is known of all objects. */
interface Knowledge {
  objects: readonly Found[];
  states: States;
  managed: Managed;
}

/** What speaks against these deletions. Where anything does, nothing is deleted. */
export function refusals(all: readonly Condemned[], knowledge: Knowledge): Reasons {
  const reasons = all.map((one) => [one.called, refusal(one, all, knowledge)] as const);
  return new Map(reasons.flatMap(([id, reason]) => (reason === undefined ? [] : [[id, reason]])));
}

function refusal(
  { key, called, words }: Condemned,
  all: readonly Condemned[],
  knowledge: Knowledge,
): string | undefined {
  const { objects, states } = knowledge;
  const managed = inState(key, knowledge);
  if (managed !== undefined) return `it ${managed}. Take it out of that program: its pulumi up deletes it.`;
  const object = objects.find((one) => one.key === key && one.called === called);
  if (object === undefined) return words.absent;
  const what = `${object.kind} ${quoted(object.name)}`;
  if (object.mark === undefined) return `${what} ${words.unmarked}`;
  if (isNewer(object, states)) {
    return `${what} was made after ${states.oldest.file} was exported, and may be in that state by now. Export it again.`;
  }
  const gone = (one: Found) => one.leaving || all.some((other) => other.key === one.key);
  const blocking = objects.filter((one) => one.holds === key && !gone(one));
  if (blocking.length === 0) return undefined;
  const told = blocking.map(
    (one) => `\n    ${one.called} (${quoted(one.name)}) ${inState(one.key, knowledge) ?? wayOut(one, words)}`,
  );
  return `${what} ${words.held}${told.join("")}`;
}

function inState(key: string, { managed }: Knowledge): string | undefined {
  const at = managed.get(key);
  return at && `is in ${at.file}, as ${at.urn}`;
}

const wayOut = ({ called, mark }: Found, { byHand }: OrphanWords): string =>
  mark === undefined ? byHand : `carries a mark and is in no given state: add --delete ${called}`;

/** What hangs on another one is younger. */
const inOrder = (left: Found, right: Found): number =>
  left.phase - right.phase || (right.madeAt ?? 0) - (left.madeAt ?? 0) || left.rank - right.rank;

/** Deletes one after another, and waits until each is gone. */
export async function remove(
  objects: readonly Found[],
  how: { purge: boolean },
  err: (text: string) => void,
  gone: (object: Found) => void,
): Promise<Reasons> {
  const reasons: Reasons = new Map();
  for (const object of objects.toSorted(inOrder)) {
    try {
      await object.remove(waiting(object, err), how);
      gone(object);
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      // The waiter's own words are for a resource of a program.
      const late = `${object.kind} ${quoted(object.name)} is not gone so far. The service goes on: run the same command again to wait for it.`;
      reasons.set(object.called, error instanceof WaitTimeoutError ? late : error.message);
    }
  }
  return reasons;
}

/** As in a provider process, but that nobody interrupts: Ctrl-C ends the command, and the service goes on. */
function waiting(object: Found, err: (text: string) => void): Waiting {
  const pace = {
    clock: systemClock,
    signal: new AbortController().signal,
    floorMs: 250,
    ceilingMs: 15_000,
    random: Math.random,
  };
  const subject = titleOf(object);
  const report = (state: string) => state !== "" && err(`${subject}: ${state}\n`);
  return { wait: (options) => waitFor({ subject, pace, kept: () => true, limit: undefined, report }, options) };
}
