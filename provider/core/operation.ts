import type { Clock } from "./clock";
import { durationSeconds } from "./duration";
import type { Engine } from "./engine";
import { TerminalStateError } from "./errors";
import { type Identity, marker } from "./identity";
import { leftBehind } from "./leftBehind";
import type { Created, Operation, Preview } from "./lifecycle";
import type { LookUp } from "./lookUp";
import type { Managed } from "./managed";
import type { Properties } from "./properties";
import type { ReadState } from "./stackState";
import { waitFor } from "./wait";

/** What all resources of a provider process share. */
export interface HostContext {
  engine: Engine;
  clock: Clock;
  /** Where the stack's state is kept, as far as it can be told. */
  backend: string | undefined;
  readState: ReadState;
  managed: Managed;
  lookUp: LookUp;
  /** Shortest delay between two reads of a wait in milliseconds. */
  pollFloorMs: number;
  random: () => number;
}

/** Longest delay between two reads of a wait in milliseconds. */
const POLL_CEILING_MS = 15_000;

/** Whom a call of the engine is about. */
export interface Begun {
  subject: string;
  logicalName: string;
  urn: string | undefined;
  identity: Identity;
}

const say =
  ({ engine }: HostContext, { subject, urn }: Begun, severity: "warning" | "info") =>
  (message: string) =>
    engine.log(urn, `${subject}: ${message}`, severity);

/** What a check or a diff may use. */
export const previewOf = (
  context: HostContext,
  begun: Begun,
  creating: boolean,
  recorded: Properties = {},
): Preview => ({
  creating,
  recorded,
  warn: say(context, begun, "warning"),
  now: context.clock.now,
  managed: context.managed.of,
  isNew: context.managed.isNew,
  lookUp: (work) => context.lookUp(work, (reason) => say(context, begun, "info")(notAsked(reason))),
});

const notAsked = (reason: string): string =>
  `what the program names could not be looked up. ${reason.replace(/\.?$/, ".")} Nothing more is looked up in this run: what the service refuses shows when it is asked to create. HOLDFAST_OFFLINE=1 previews without asking.`;

/** How an operation stands to its object. */
export interface Standing {
  dropped: readonly string[];
  untouched: readonly string[];
  creating: boolean;
  exists: boolean;
}

/** What a create, read, update or delete may use, and what is `known` of its object from `exists` on. */
export function operationOf(
  context: HostContext,
  begun: Begun,
  limit: unknown,
  { dropped = [], untouched = [], creating = false, exists = true }: Partial<Standing> = {},
): Operation & { known?: Created<Properties> } {
  const pace = {
    clock: context.clock,
    signal: context.engine.interrupted,
    floorMs: context.pollFloorMs,
    ceilingMs: POLL_CEILING_MS,
    random: context.random,
  };
  const seconds = typeof limit === "string" ? durationSeconds(limit) : undefined;
  const wait = {
    subject: begun.subject,
    pace,
    limit: seconds === undefined ? undefined : { seconds, endsAt: context.clock.now() + seconds * 1000 },
    kept: () => exists || operation.known !== undefined,
    report: (text: string) => context.engine.log(begun.urn, text, "status"),
  };
  const warn = say(context, begun, "warning");
  const stackState: Operation["stackState"] = async () =>
    begun.identity.backend === undefined
      ? { unreadable: "its backend is not known" }
      : context.readState(begun.identity);
  const operation: Operation & { known?: Created<Properties> } = {
    logicalName: begun.logicalName,
    urn: begun.identity.urn,
    marker: (createOnlyInputs) => marker(begun.identity, createOnlyInputs),
    leftBehind: (search) => leftBehind(search, stackState, warn),
    stackState,
    exists: (id, outputs) => {
      operation.known = { id, outputs: Object.fromEntries(Object.entries(outputs)) };
    },
    undone: () => {
      delete operation.known;
    },
    dropped,
    untouched,
    creating,
    managed: context.managed.of,
    warn,
    inform: say(context, begun, "info"),
    now: context.clock.now,
    wait: async (options) => {
      try {
        return await waitFor(wait, options);
      } catch (error) {
        // Recorded, or the next diff would resume the wait for an object whose creation has failed for good.
        if (error instanceof TerminalStateError && operation.known) {
          operation.known.outputs["status"] = error.observed;
        }
        throw error;
      }
    },
  };
  return operation;
}
