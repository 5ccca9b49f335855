import type * as pulumi from "@pulumi/pulumi";
import type { ResourceKind } from "../kinds";
import type { Clock } from "./clock";
import { ABSENT, absentInputs } from "./diff";
import { durationSeconds } from "./duration";
import type { Engine } from "./engine";
import { HoldfastError } from "./errors";
import { type Identity, marker } from "./identity";
import type { Created, Lifecycle, Operation } from "./lifecycle";
import { clean, equal, isHidden, type Properties, visible } from "./properties";
import { containsUnknown } from "./unknowns";
import { waitFor } from "./wait";

/** What all resources of a provider process share. */
export interface HostContext {
  engine: Engine;
  clock: Clock;
  /** Where the stack's state is kept, as far as it can be told. */
  backend: string | undefined;
  managed: Managed;
  /** Shortest delay between two reads of a wait in milliseconds. */
  pollFloorMs: number;
  random: () => number;
}

/** The objects that the engine is known to manage: what diff, read, update, delete and check have seen in this process. */
export interface Managed {
  add(kind: ResourceKind, id: string, state: Properties): void;
  /** The recorded states by id. */
  of(kind: ResourceKind): ReadonlyMap<string, Properties>;
}

export function createManaged(): Managed {
  const kinds = new Map<ResourceKind, Map<string, Properties>>();
  const of = (kind: ResourceKind) => {
    const known = kinds.get(kind) ?? new Map<string, Properties>();
    kinds.set(kind, known);
    return known;
  };
  return { add: (kind, id, state) => void of(kind).set(id, state), of };
}

/** Longest delay between two reads of a wait in milliseconds. */
const POLL_CEILING_MS = 15_000;
/** Hidden output: the object's creation was never seen to finish. */
const CREATING = "__creating";
/** Hidden input: this is a look-up by `get`, where a missing object is an error. */
const GET = "__get";

/** What the SDK's host is given, with nothing left out. */
export type HostedProvider = Required<pulumi.dynamic.ResourceProvider<Properties, Properties>>;

/**
 * Runs a lifecycle for the SDK's dynamic provider host: the one place that cleans results, hides stacks and hidden keys,
 * keeps what exists when something fails after an id is known, and remembers what the engine manages.
 */
export function hostLifecycle(
  kind: ResourceKind,
  lifecycle: Lifecycle<Properties, Properties>,
  context: HostContext,
  configure: (config: pulumi.dynamic.Config) => void,
): HostedProvider {
  /** The URN of today for one that check kept: an alias or a renamed stack must not look like a change. */
  const presentUrns = new Map<string, string>();

  const begin = (state: Properties, id?: string): Begun => {
    const recordedUrn = typeof state["__urn"] === "string" ? state["__urn"] : undefined;
    const urn = recordedUrn === undefined ? undefined : (presentUrns.get(recordedUrn) ?? recordedUrn);
    const logicalName = urn?.split("::").at(-1) ?? id ?? "";
    return {
      subject: `${kind.split(":")[1]} ${logicalName}`,
      logicalName,
      urn,
      identity: {
        backend: context.backend,
        organization: typeof state["__organization"] === "string" ? state["__organization"] : "organization",
        urn: recordedUrn ?? "",
      },
    };
  };

  const operate = (
    begun: Begun,
    limit: unknown,
    dropped: readonly string[] = [],
  ): Operation & { known?: Created<Properties> } => {
    const pace = {
      clock: context.clock,
      signal: context.engine.interrupted,
      floorMs: context.pollFloorMs,
      ceilingMs: POLL_CEILING_MS,
      random: context.random,
    };
    const limitSeconds = typeof limit === "string" ? durationSeconds(limit) : undefined;
    const report = (activity: string, seconds: number, state: string) =>
      context.engine.log(begun.urn, `${activity} (${Math.round(seconds)}s) ${state}`, "status");
    const operation: Operation & { known?: Created<Properties> } = {
      subject: begun.subject,
      logicalName: begun.logicalName,
      marker: (createOnlyInputs) => marker(begun.identity, createOnlyInputs),
      exists: (id, outputs) => {
        operation.known = { id, outputs: Object.fromEntries(Object.entries(outputs)) };
      },
      dropped,
      managed: context.managed.of,
      now: context.clock.now,
      wait: (options) => waitFor({ subject: begun.subject, pace, limitSeconds, report }, options),
      note: (message) => context.engine.log(begun.urn, message, "info"),
    };
    return operation;
  };

  /** Everything that the state keeps: the inputs, hidden ones too, under what the service says. */
  const stateOf = (inputs: Properties, outputs: Properties, creating: boolean): Properties => {
    const left = lifecycle.inputKeys.filter((key) => inputs[key] === undefined);
    return clean({
      ...inputs,
      ...outputs,
      [ABSENT]: left.length > 0 ? left.join(",") : undefined,
      [CREATING]: creating ? true : undefined,
      [GET]: undefined,
    });
  };

  const provider: HostedProvider = {
    configure: async ({ config }) => configure(config),

    check: async (olds, news) =>
      guarded(begin(news), async () => {
        const present = typeof news["__urn"] === "string" ? news["__urn"] : undefined;
        if (typeof olds["__urn"] === "string" && present !== undefined) presentUrns.set(olds["__urn"], present);
        const { inputs, failures } = lifecycle.check(news);
        for (const key of ["__urn", "__organization"]) if (olds[key] !== undefined) inputs[key] = olds[key];
        return { inputs: clean(inputs), failures };
      }),

    diff: async (id, olds, news) =>
      guarded(begin(olds, id), async () => {
        context.managed.add(kind, id, olds);
        const { subject, urn } = begin(olds, id);
        const condition = lifecycle.settled(olds);
        if (condition === "failed" && olds[CREATING] === true) {
          context.engine.log(
            urn,
            `${subject}: its creation ended in "${olds["status"]}": it is deleted and made again.`,
            "warning",
          );
          return { changes: true, replaces: ["status"], deleteBeforeReplace: true };
        }
        const difference = lifecycle.diff(olds, visible(news));
        if (condition === "busy" || olds[CREATING] === true) return { ...difference, changes: true };
        if (sameButForHints(lifecycle, olds, news)) return { ...difference, changes: false };
        return difference;
      }),

    create: async (inputs) => {
      const begun = begin(inputs);
      const operation = operate(begun, limitOf(inputs, "create"));
      try {
        const { id, outputs } = await lifecycle.create(visible(inputs), operation);
        const state = stateOf(inputs, outputs, false);
        context.managed.add(kind, id, state);
        return { id, outs: state };
      } catch (error) {
        throw keep(begun, error, operation.known, (outputs) => stateOf(inputs, outputs, true));
      }
    },

    read: async (id, props = {}) =>
      guarded(begin(props, id), async () => {
        const begun = begin(props, id);
        const outputs = await lifecycle.read(id, visible(props), operate(begun, undefined));
        if (outputs === undefined) {
          if (props[GET] !== true) return { id: "", props: {} };
          const parents = Object.entries(visible(props)).map(([key, value]) => `${key} ${value}`);
          throw new HoldfastError(
            `${begun.subject}: nothing with the id ${id} exists there (${parents.join(", ")}). Check the ids.`,
          );
        }
        context.managed.add(kind, id, props);
        const settled = lifecycle.settled(outputs) === "settled";
        const state = clean({ ...props, ...outputs, [GET]: undefined, ...(settled ? { [CREATING]: undefined } : {}) });
        return { id, props: state, inputs: inputsOf(lifecycle, props, state) };
      }),

    update: async (id, olds, news) => {
      const begun = begin(news, id);
      context.managed.add(kind, id, olds);
      const recorded = inputsOf(lifecycle, olds, olds);
      if (
        onlyLimitsDiffer(lifecycle, recorded, news) &&
        olds[CREATING] !== true &&
        lifecycle.settled(olds) === "settled"
      ) {
        return { outs: stateOf(news, withoutInputs(lifecycle, olds), false) };
      }
      const dropped = lifecycle.inputKeys.filter((key) => recorded[key] !== undefined && news[key] === undefined);
      const operation = operate(begun, limitOf(news, olds[CREATING] === true ? "create" : "update"), dropped);
      try {
        const outputs = await lifecycle.update(id, visible(olds), visible(news), operation);
        return { outs: stateOf(news, outputs, false) };
      } catch (error) {
        throw keep(begun, error, operation.known, (outputs) => stateOf(news, outputs, olds[CREATING] === true));
      }
    },

    delete: async (id, props) =>
      guarded(begin(props, id), async () => {
        context.managed.add(kind, id, props);
        await lifecycle.delete(id, visible(props), operate(begin(props, id), limitOf(props, "delete")));
      }),
  };
  return provider;
}

interface Begun {
  subject: string;
  logicalName: string;
  urn: string | undefined;
  identity: Identity;
}

function limitOf(inputs: Properties, operation: "create" | "update" | "delete"): unknown {
  const limits = inputs["timeouts"];
  return typeof limits === "object" && limits !== null ? Reflect.get(limits, operation) : undefined;
}

/** The inputs that a state speaks of: what the program set, with the values that the service has now. */
function inputsOf(lifecycle: Lifecycle<Properties, Properties>, recorded: Properties, live: Properties): Properties {
  const absent = absentInputs(recorded) ?? lifecycle.inputKeys.filter((key) => recorded[key] === undefined);
  const given = Object.entries(live).filter(([key]) =>
    isHidden(key)
      ? key === "__urn" || key === "__organization"
      : lifecycle.inputKeys.includes(key) && !absent.includes(key),
  );
  return Object.fromEntries(given);
}

/** The inputs that are not as recorded. */
const differing = (lifecycle: Lifecycle<Properties, Properties>, recorded: Properties, news: Properties): string[] =>
  lifecycle.inputKeys.filter((key) => containsUnknown(news[key]) || !equal(recorded[key], news[key]));

/** Nothing that counts: at most hints differ, which the state's inputs may have and its outputs not. */
const sameButForHints = (lifecycle: Lifecycle<Properties, Properties>, olds: Properties, news: Properties): boolean =>
  differing(lifecycle, inputsOf(lifecycle, olds, olds), news).every((key) => lifecycle.hints?.includes(key));

/** Then there is nothing to tell the service. */
const onlyLimitsDiffer = (
  lifecycle: Lifecycle<Properties, Properties>,
  recorded: Properties,
  news: Properties,
): boolean => differing(lifecycle, recorded, news).every((key) => key === "timeouts" || lifecycle.hints?.includes(key));

/** What the service said, without the inputs that the program sets. An input that it leaves out stays: a name, say. */
const withoutInputs = (lifecycle: Lifecycle<Properties, Properties>, state: Properties): Properties => {
  const given = inputsOf(lifecycle, state, state);
  return Object.fromEntries(Object.entries(visible(state)).filter(([key]) => !Object.hasOwn(given, key)));
};

/** Check, diff, read and delete: a failure is one message, without a stack. */
async function guarded<T>(begun: Begun, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(begun, error);
  }
}

/** An error as the user sees it: it begins with the resource, and a fault of ours says so. */
function explained(begun: Begun, error: unknown): HoldfastError {
  if (error instanceof HoldfastError) {
    if (!error.message.startsWith(begun.subject)) error.message = `${begun.subject}: ${error.message}`;
    return error;
  }
  const message = error instanceof Error ? `${error.message}${firstFrame(error)}` : String(error);
  return new HoldfastError(`${begun.subject}: an error inside pulumi-holdfast, please report it: ${message}`);
}

const firstFrame = (error: Error): string => {
  const frame = error.stack?.split("\n").find((line) => line.trimStart().startsWith("at "));
  return frame === undefined ? "" : ` (${frame.trim()})`;
};

/** What the SDK's host looks for in an error: with these the engine keeps the resource and asks for update next time. */
type InitFailure = HoldfastError & { id: string; properties: Properties; reasons: string[] };

/** The object exists: the engine must keep it. Without an id, nothing was made and the plain error is right. */
function keep(
  begun: Begun,
  error: unknown,
  known: Created<Properties> | undefined,
  stateOf: (outputs: Properties) => Properties,
): HoldfastError | InitFailure {
  const failure = explained(begun, error);
  if (known === undefined) return failure;
  return Object.assign(failure, { id: known.id, properties: stateOf(known.outputs), reasons: [failure.message] });
}
