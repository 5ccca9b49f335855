import type * as pulumi from "@pulumi/pulumi";
import type { ResourceKind } from "../kinds";
import { ABSENT } from "./diff";
import { HoldfastError } from "./errors";
import { FACTS } from "./facts";
import { guarded, keep } from "./failures";
import { tellsAll, told } from "./imported";
import { differing, inputsOf, sameBut, withoutInputs } from "./inputs";
import type { Lifecycle } from "./lifecycle";
import { type Begun, type HostContext, operationOf, previewOf, type Standing } from "./operation";
import { printable } from "./printable";
import { clean, keysIn, type Properties, visible } from "./properties";
import { adopt, asRecorded, isForeign, refuseReplacement, takenOver } from "./takeover";

/** Hidden output: the object's creation was never seen to finish. */
const CREATING = "__creating";
/** Hidden output: the last update was never seen to finish. It lists the inputs that stay as the service has them. */
const UPDATING = "__updating";
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
  const begin = (state: Properties, id?: string): Begun => {
    const urn = typeof state["__urn"] === "string" ? state["__urn"] : undefined;
    const logicalName = urn?.split("::").slice(3).join("::") || id || "";
    return {
      subject: `${kind.split(":")[1]} ${logicalName}`,
      logicalName,
      urn,
      identity: {
        backend: context.backend,
        organization: typeof state["__organization"] === "string" ? state["__organization"] : "organization",
        urn: urn ?? "",
      },
    };
  };

  const preview = (begun: Begun, creating: boolean, recorded?: Properties) =>
    previewOf(context, begun, creating, recorded);
  const operate = (begun: Begun, limit: unknown, standing?: Partial<Standing>) =>
    operationOf(context, begun, limit, standing);

  /**
   * Everything that the state keeps: the inputs, hidden ones too, under what the service says. What the program took out
   * and the service may still have (`dropped`) does not count as left out: the next update takes it out again.
   */
  const stateOf = (
    inputs: Properties,
    outputs: Properties,
    { creating = false, dropped = [], untouched }: Partial<Standing> = {},
  ): Properties => {
    const left = lifecycle.inputKeys.filter((key) => inputs[key] === undefined && !dropped.includes(key));
    return clean({
      ...inputs,
      ...outputs,
      [ABSENT]: left.length > 0 ? left.join(",") : undefined,
      [CREATING]: creating ? true : undefined,
      [UPDATING]: untouched?.join(","),
      [GET]: undefined,
    });
  };

  /** The inputs in the state by today's URN, as check got them: diff and update get only outputs. */
  const recordedInputs = new Map<unknown, Properties>();
  /** Those that a program sent: an import file's and another provider's have no `__urn`. */
  const sentBefore = (news: Properties): Properties | undefined => {
    // Without a check the engine is refreshing, and `news` are the recorded ones.
    const inputs = recordedInputs.get(news["__urn"]) ?? news;
    return typeof inputs["__urn"] === "string" ? inputs : undefined;
  };

  const provider: HostedProvider = {
    configure: async ({ config }) => configure(config),

    check: async (olds, news) =>
      guarded(begin(news), async (begun) => {
        const creating = Object.keys(olds).length === 0;
        // An import file's own inputs: no program has sent them, and the engine takes none from the answer. A program that
        // takes the key out gets no facts of its own making in that way.
        if (!creating && news["__urn"] === undefined) {
          return { inputs: clean({ ...news, [FACTS]: olds[FACTS] }), failures: [] };
        }
        if (!creating) recordedInputs.set(news["__urn"], olds);
        const { inputs, failures } = await lifecycle.check(news, preview(begun, creating, olds));
        const shown = failures.map(({ property, reason }) => ({ property, reason: printable(reason) }));
        return { inputs: clean(inputs), failures: shown };
      }),

    diff: async (id, olds, news) =>
      // Today's name and URN: an alias or a renamed stack leaves the recorded ones behind.
      guarded(begin(news, id), async (begun) => {
        const { subject, urn } = begun;
        context.managed.add(kind, id, olds);
        if (isForeign(olds)) {
          const shown = preview(begun, false);
          refuseReplacement(lifecycle, await takenOver(lifecycle, olds, news, shown), news, shown);
          return { changes: true, replaces: [] };
        }
        const condition = lifecycle.settled(olds);
        if (condition === "failed" && (olds[CREATING] === true || lifecycle.disposable !== undefined)) {
          const failed = olds[CREATING] === true ? "its creation ended in" : "it is in";
          const first = olds[CREATING] === true || lifecycle.disposable === "deletedFirst";
          const remedy = first ? "it is deleted and made again" : "it is made again, and then deleted";
          context.engine.log(urn, `${subject}: ${failed} state "${olds["status"]}": ${remedy}.`, "warning");
          return { changes: true, replaces: ["status"], ...(first ? { deleteBeforeReplace: true } : {}) };
        }
        const sent = sentBefore(news);
        const whole = told(olds, sent, news);
        const difference = lifecycle.diff(whole, visible(news), preview(begun, false));
        if (condition === "busy" || olds[CREATING] === true || lifecycle.unfinished?.(olds))
          return { ...difference, changes: true };
        // What we wrote has the program's words; what was imported has the service's.
        const { meaning = (inputs: Properties) => inputs } = whole === olds ? {} : lifecycle;
        const same = sameBut(lifecycle, meaning(inputsOf(lifecycle, whole, whole)), meaning(news));
        if (same) return { ...difference, changes: false };
        // A refresh leaves the inputs of such a state alone, so the engine can't see what changed at the service.
        const drifted = whole !== olds && sent !== undefined && differing(lifecycle, sent, news).length === 0;
        return drifted ? { ...difference, changes: true } : difference;
      }),

    create: async (inputs) => {
      const begun = begin(inputs);
      const operation = operate(begun, limitOf(inputs, "create"), { creating: true, exists: false });
      try {
        const { id, outputs } = await lifecycle.create(visible(inputs), operation);
        const state = stateOf(inputs, outputs);
        context.managed.made(kind, id, state);
        return { id, outs: state };
      } catch (error) {
        throw keep(begun, error, operation.known, (outputs) => stateOf(inputs, outputs, { creating: true }));
      }
    },

    read: async (id, props = {}) =>
      guarded(begin(props, id), async (begun) => {
        const outputs = await lifecycle.read(id, visible(props), operate(begun, undefined));
        if (outputs === undefined) {
          if (props[GET] !== true) return { id: "", props: {} };
          const parents = Object.entries(visible(props)).map(([key, value]) => `${key} ${value}`);
          const where = parents.length > 0 ? `there (${parents.join(", ")})` : "there";
          throw new HoldfastError(`${begun.subject}: nothing with the id ${id} exists ${where}. Check the ids.`);
        }
        context.managed.add(kind, id, props);
        const settled = lifecycle.settled(outputs) === "settled";
        const finished = settled ? { [CREATING]: undefined, [UPDATING]: undefined } : {};
        const state = clean({ ...props, ...outputs, [GET]: undefined, ...finished });
        // Without inputs in the answer the engine keeps those that it has, which know more than this state.
        return {
          id,
          props: state,
          ...(tellsAll(props) ? { inputs: inputsOf(lifecycle, props, state) } : {}),
        };
      }),

    update: async (id, olds, news) => {
      const begun = begin(news, id);
      context.managed.add(kind, id, olds);
      const foreign = isForeign(olds);
      const sent = sentBefore(news);
      const own = foreign ? await takenOver(lifecycle, olds, news, preview(begun, false)) : told(olds, sent, news);
      const recorded = inputsOf(lifecycle, own, own);
      const creating = own[CREATING] === true;
      // An update that failed may have changed the object all the same: then it is looked at, whatever the state says.
      const finished = !foreign && !creating && own[UPDATING] === undefined && !lifecycle.unfinished?.(own);
      // Limits are for us: there is nothing to tell the service.
      const local = ["timeouts", ...(lifecycle.local ?? [])];
      if (finished && lifecycle.settled(own) === "settled" && sameBut(lifecycle, recorded, news, ...local)) {
        return { outs: stateOf(news, withoutInputs(lifecycle, own)) };
      }
      const dropped = lifecycle.inputKeys.filter(
        (key) => !local.includes(key) && recorded[key] !== undefined && news[key] === undefined,
      );
      const untouched = foreign
        ? asRecorded(lifecycle.inputKeys, recorded, news)
        : // After a failed update the engine keeps the inputs from before it: another provider's, after a failed move.
          asRecorded(keysIn(own[UPDATING]), recordedInputs.get(news["__urn"]), news);
      const operation = operate(begun, limitOf(news, creating ? "create" : "update"), { dropped, untouched, creating });
      try {
        if (foreign) await adopt(lifecycle, id, own, news, operation, preview(begun, false));
        const outputs = await lifecycle.update(id, visible(own), visible(news), operation);
        return { outs: stateOf(news, outputs) };
      } catch (error) {
        // What was to be taken out and is not told by the service is kept, or nothing would say that it is still to do.
        const taken = Object.fromEntries(dropped.map((key) => [key, own[key]]));
        const earlier = { ...taken, ...withoutInputs(lifecycle, own) };
        throw keep(begun, error, operation.known, (outputs) =>
          stateOf(news, { ...earlier, ...outputs }, { creating, dropped, untouched }),
        );
      }
    },

    delete: async (id, props) =>
      guarded(begin(props, id), async (begun) => {
        context.managed.add(kind, id, props);
        await lifecycle.delete(id, visible(props), operate(begun, limitOf(props, "delete")));
      }),
  };
  return provider;
}

function limitOf(inputs: Properties, operation: "create" | "update" | "delete"): unknown {
  const limits = inputs["timeouts"];
  return typeof limits === "object" && limits !== null ? Reflect.get(limits, operation) : undefined;
}
