import type { ResourceKind } from "../kinds";
import type { LeftBehind } from "./leftBehind";
import type { Properties } from "./properties";
import type { StackState } from "./stackState";
import type { Wait } from "./wait";

/** One property that the service or the spec would refuse. Pulumi prints the property and its value in front of it. */
export interface CheckFailure {
  property: string;
  reason: string;
}

export interface CheckResult {
  inputs: Properties;
  failures: CheckFailure[];
}

/** What differs. `changes` stays undefined so that the engine computes the exact difference of the inputs itself. */
export interface Difference {
  replaces: string[];
  deleteBeforeReplace?: boolean;
  changes?: boolean;
}

/** What check and diff may use. They run in previews too: they change nothing. */
export interface Preview {
  /** A create follows: there is no such object yet, or a new one is about to replace it. Always false in diff. */
  readonly creating: boolean;
  /** The inputs in the state, as the last check that succeeded returned them. Empty where a create follows, and in diff. */
  readonly recorded: Properties;
  /** Shows a warning on the resource's row. */
  warn(message: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** The objects of a kind that the engine is known to manage in this process: recorded states by id. */
  managed(kind: ResourceKind): ReadonlyMap<string, Properties>;
  /** Whether this process has created the object: a preview does not know such an id. */
  isNew(kind: ResourceKind, id: string): boolean;
  /**
   * What the service says, or `undefined` where it can't be asked: no credentials or rights, not reached, too slow, or
   * `HOLDFAST_OFFLINE=1`. Never fails a check. After the first such lack nothing is asked any more in this process, and the
   * user is told once. `patience` ends when the answer is no longer waited for.
   */
  lookUp<T>(work: (patience: AbortSignal) => Promise<T>): Promise<T | undefined>;
}

/** What one call of a lifecycle may use: who it works for, and how it waits. */
export interface Operation {
  /** The resource's name in the program. */
  readonly logicalName: string;
  readonly urn: string;
  /** Short hash of the resource's hidden identity and its create-only inputs: a creation that was interrupted is known by it. */
  marker(createOnlyInputs: Properties): string;
  /** The one object that an interrupted creation left behind. An error where it can't be told: then nothing may be made. */
  leftBehind: LeftBehind;
  /** What the engine has recorded. Costs a command of the CLI, once per process: only for what is strange. */
  stackState(): Promise<StackState | { unreadable: string }>;
  /**
   * From here on the object exists: whatever fails later keeps the resource with this id and these outputs in the
   * state, and the next `pulumi up` resumes. Call it again when more is known.
   */
  exists(id: string, outputs: object): void;
  /** It was taken away again: nothing stays in the state when the creation fails now. */
  undone(): void;
  /** The creation is not finished: one that failed for good is deleted and made again by the next `pulumi up`. */
  readonly creating: boolean;
  /** Inputs that the program once set and has taken out since. Empty but in an update. */
  readonly dropped: readonly string[];
  /**
   * Inputs that the service keeps as it has them: the object comes from another provider, whose state has them as the
   * program does. That provider notices no change made elsewhere, and a move must do nothing that its preview does not show.
   */
  readonly untouched: readonly string[];
  /** The objects of a kind that the engine is known to manage in this process: recorded states by id. */
  managed(kind: ResourceKind): ReadonlyMap<string, Properties>;
  /** Shows a warning on the resource's row. */
  warn(message: string): void;
  /** Shows a line on the resource's row. */
  inform(message: string): void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits until an object settles. */
  wait: Wait;
}

/** All that a deletion uses: a command does without an engine. */
export type Waiting = Pick<Operation, "wait">;

export interface Created<Outputs> {
  id: string;
  outputs: Outputs;
}

/** The life of one kind of resource. Made by a function that receives its API: no `this`, no globals. */
export interface Lifecycle<Inputs, Outputs> {
  /** The names of the properties that a program may set. */
  readonly inputKeys: readonly string[];
  /** Inputs that only help a look-up: adding, changing or removing one changes nothing. */
  readonly hints?: readonly string[];
  /** Inputs that are for this package alone, beside `timeouts`: a change is kept in the state, and nothing is called for it. */
  readonly local?: readonly string[];
  /** The inputs with what is written in more than one way in one form. Where there is none, equal values mean the same. */
  readonly meaning?: (inputs: Properties) => Properties;
  /**
   * Holds no data: one that fails later than at its creation is replaced as well. The failed one goes first where it stands
   * in the way, and last where others still hang on it.
   */
  readonly disposable?: "deletedFirst" | "deletedLast";
  /** Validates and normalises. Never throws. Asks the service only about what is named anew or is about to be done. */
  check(news: Properties, preview: Preview): CheckResult | Promise<CheckResult>;
  /** Compares recorded outputs with new inputs. */
  diff(olds: Properties, news: Properties, preview: Preview): Difference;
  /** Whether a recorded state settles the object: `busy` resumes the wait, `failed` replaces what was never finished. */
  settled(outputs: Partial<Outputs>): "settled" | "busy" | "failed";
  /** Settled, and yet in need of something: each `pulumi up` calls update, also where nothing differs. */
  unfinished?(outputs: Partial<Outputs>): boolean;
  create(inputs: Inputs, operation: Operation): Promise<Created<Outputs>>;
  /** The live object, or `undefined` when it is proved gone: its parent was read and does not have it. */
  read(id: string, state: Partial<Outputs>, operation: Operation): Promise<Outputs | undefined>;
  /** Brings the object to `news`: looks first, applies what differs, resumes an unfinished wait. */
  update(id: string, olds: Partial<Outputs>, news: Inputs, operation: Operation): Promise<Outputs>;
  /** Succeeds on what is already gone, and waits until the service says so. */
  delete(id: string, state: Partial<Outputs>, operation: Operation): Promise<void>;
}

/**
 * As the host sees it, which passes bags of properties. That they have the lifecycle's types holds at run time: inputs
 * went through its check, and states were written by it.
 */
export const untyped = <Inputs, Outputs>(lifecycle: Lifecycle<Inputs, Outputs>) =>
  lifecycle as unknown as Lifecycle<Properties, Properties>;
