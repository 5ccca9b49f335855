import type { Moving, Outcome, Phase } from "./records";
import type { World } from "./world";

/** The asynchronous operations whose course can be changed with `model.steer`. */
export const TRANSITION_KINDS = [
  "createShare",
  "cloneShare",
  "extendShare",
  "shrinkShare",
  "revertShare",
  "deleteShare",
  "createSnapshot",
  "holdSnapshot",
  "deleteSnapshot",
  "createAclRule",
  "deleteAclRule",
  "createPolicy",
  "deletePolicy",
  "associatePolicy",
  "setReserve",
  "terminateService",
] as const;

/** One of {@link TRANSITION_KINDS}. */
export type TransitionKind = (typeof TRANSITION_KINDS)[number];

/** How the next operation of a kind goes. */
export interface Steering {
  /**
   * `stuck` never leaves its last pending state (see `model.release`), `failed` ends in an error state, `unchanged` ends well but
   * without effect, as when a resize goes back to available with the old size. @default "normal"
   */
  outcome?: "normal" | "stuck" | "failed" | "unchanged";
  /** The state in which it ends instead, for example `shrinking_possible_data_loss_error`. @default the one documented for the outcome */
  status?: string;
  /** A state shown before all others, also one that nobody documented. @default none */
  first?: string;
  /** How many reads show `first`, besides the answer to the call itself. @default 1 */
  firstReads?: number;
  /** Milliseconds for each step. @default the simulator's pace */
  ms?: number;
  /** How many operations are steered, `Infinity` for all to come. @default 1 */
  times?: number;
}

/** The courses that were ordered and not yet used. */
export class Steerings {
  #waiting: { kind: TransitionKind; steering: Steering; left: number }[] = [];

  /** Orders a course for the next operations of a kind. Several orders are used up one after the other. */
  add(kind: TransitionKind, steering: Steering): void {
    this.#waiting.push({ kind, steering, left: steering.times ?? 1 });
  }

  /** Forgets all orders. */
  clear(): void {
    this.#waiting = [];
  }

  /** The course of the operation that begins now. */
  take(kind: TransitionKind): Steering {
    const order = this.#waiting.find((candidate) => candidate.kind === kind);
    if (!order) return {};
    order.left -= 1;
    if (order.left <= 0) this.#waiting = this.#waiting.filter((candidate) => candidate !== order);
    return order.steering;
  }
}

/** The documented course of an operation. */
export interface Course {
  /** Pending states in their order. */
  through: readonly string[];
  /** When it ends well. */
  success: Outcome;
  /** When it fails. */
  failure: Outcome;
  /** When it changes nothing. */
  unchanged: Outcome;
  /** Milliseconds on top of the pace. */
  extraMs?: number;
}

const outcomeOf = (course: Course, steering: Steering): Outcome => {
  const ends = {
    normal: course.success,
    stuck: course.success,
    failed: course.failure,
    unchanged: course.unchanged,
  } as const;
  const end = ends[steering.outcome ?? "normal"];
  // an object that ends in a named state is still there
  return steering.status === undefined ? end : { ...end, status: steering.status, gone: false };
};

/** Starts an operation: the object shows its first pending state from now on. Answers how the operation is steered. */
export function begin(world: World, kind: TransitionKind, record: Moving, course: Course): Steering {
  const steering = world.steerings.take(kind);
  const { stepMs, stepMsOf } = world.settings;
  const ms = steering.ms ?? (stepMsOf[kind] ?? stepMs) + (course.extraMs ?? 0);
  const last = course.through.length - 1;
  const phases: Phase[] = course.through.map((status, index) => ({
    status,
    ms: steering.outcome === "stuck" && index === last ? null : ms,
    reads: 0,
  }));
  if (steering.first !== undefined) {
    phases.unshift({ status: steering.first, ms: 0, reads: steering.firstReads ?? 1 });
  }
  record.status = phases[0]?.status ?? record.status;
  record.progress = { phases, since: world.now(), end: outcomeOf(course, steering) };
  return steering;
}

/** Brings an object up to date. Answers the outcome when its operation has just ended. */
export function advance(record: Moving, now: number): Outcome | undefined {
  const { progress } = record;
  if (!progress) return undefined;
  for (let phase = progress.phases[0]; phase; phase = progress.phases[0]) {
    if (phase.reads > 0 || phase.ms === null || now < progress.since + phase.ms) {
      record.status = phase.status;
      return undefined;
    }
    progress.since += phase.ms;
    progress.phases.shift();
  }
  record.progress = null;
  record.status = progress.end.status ?? record.status;
  return progress.end;
}

/** Notes that an answer has shown the object's status. */
export function seen(record: Moving): void {
  const phase = record.progress?.phases[0];
  if (phase && phase.reads > 0) phase.reads -= 1;
}

/** Lets an operation end now, also one that is stuck. */
export function finish(record: Moving): void {
  for (const phase of record.progress?.phases ?? []) {
    phase.ms = 0;
    phase.reads = 0;
  }
}
