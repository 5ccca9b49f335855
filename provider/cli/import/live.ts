import { systemClock } from "../../core/clock";
import { providerText, typeOf } from "../../core/code";
import { ApiError, HoldfastError } from "../../core/errors";
import { type HostedProvider, hostLifecycle } from "../../core/host";
import { type Imported, importedState } from "../../core/imported";
import type { CheckResult } from "../../core/lifecycle";
import { createLookUp } from "../../core/lookUp";
import { createManaged } from "../../core/managed";
import type { Properties } from "../../core/properties";
import type { Account, Importable } from "../../core/system";
import type { ResourceKind } from "../../kinds";
import { idForm, ruleOf } from "./types";

/** An object to import: its kind, its name in the program, and its composite id. */
export interface Wanted {
  kind: ResourceKind;
  name: string;
  id: string;
  /** Inputs that the user tells because the service may not know them. */
  told?: Properties;
}

/** An object as the import file describes it. */
export interface Live extends Imported {
  /** Its own id, which is the resource's. */
  id: string;
  /** What the service calls it, and its state, for people. */
  summary: string;
  /** What could not be read of it, with the reasons, for people. */
  unread: readonly string[];
}

export interface LiveReader {
  read(wanted: Wanted): Promise<Live>;
  close(): Promise<void>;
}

/** Reads objects through the same client and lifecycles as the provider process. It changes nothing. */
export function liveReader(account: Account, warn: (message: string) => void = () => {}): LiveReader {
  const opened = account.open(warn);
  const context = {
    engine: {
      interrupted: new AbortController().signal,
      log: (_urn: string | undefined, message: string, severity: string) => severity === "warning" && warn(message),
    },
    clock: systemClock,
    backend: undefined,
    readState: async () => ({ unreadable: "an import makes nothing" }),
    managed: createManaged(),
    lookUp: createLookUp(systemClock),
    pollFloorMs: 250,
    random: Math.random,
  };
  return {
    close: () => opened.close(),
    async read({ kind, name, id: given, told = {} }) {
      const { rule } = ruleOf(kind);
      const lifecycle = opened.lifecycles[kind];
      if (lifecycle === undefined) throw new HoldfastError(`${kind} can't be imported.`);
      const { own, parents } = idsIn(given, kind);
      const host = hostLifecycle(kind, lifecycle, context, () => {});
      // The name in messages.
      const urn = { __urn: `urn:pulumi:-::-::${typeOf(kind)}::${name}` };
      // A look-up: what does not exist is an error.
      const { props = {} } = await host.read(own, { ...parents, ...urn, __get: true });
      const { answered, unread } = await readAsked(host, own, props, rule);
      for (const [parent, id] of Object.entries(parents)) {
        if (props[parent] !== id) throw new HoldfastError(`${own} is of ${parent} ${props[parent]}, not of ${id}.`);
      }
      const found = { ...props, ...answered };
      const condition = lifecycle.settled(found);
      // Some clusters show nothing else of what is still being made.
      if (condition === "busy" && found["status"] === undefined) {
        throw new HoldfastError(`${own} is still being made. Import it when that has ended.`);
      }
      const live = rule.complete(own, found, told);
      if (condition === "busy") {
        throw new HoldfastError(`${own} is in state "${live["status"]}". Import it when that has ended.`);
      }
      if (condition === "failed" && lifecycle.disposable !== undefined) {
        throw new HoldfastError(
          `${own} is in state "${live["status"]}", and pulumi up would delete it and make it again. Delete it yourself, and let pulumi up create it without an import.`,
        );
      }
      const state = await importedState(lifecycle, checkBy(host, urn), live, rule.reported);
      const code = { __provider: providerText(kind) };
      return {
        id: own,
        inputs: { ...state.inputs, ...code },
        outputs: { ...state.outputs, ...code },
        summary: summaryOf(kind, live),
        unread,
      };
    },
  };
}

/** The parts of a composite id. */
function idsIn(given: string, kind: ResourceKind): { own: string; parents: Properties } {
  const { rule, system } = ruleOf(kind);
  const parts = given.toLowerCase().split("/");
  const own = parts.at(-1) ?? "";
  const count = rule.parents.length + 1;
  const complete = parts.length === count || (rule.parentsOptional === true && parts.length === 1);
  if (!complete || !parts.every((part) => system.ids.pattern.test(part))) {
    const form = count === 1 ? system.ids.one : `${count} ${system.ids.many} with / between them`;
    throw new HoldfastError(`the id "${given}" must be ${idForm(kind)}, ${form}.`);
  }
  const parents = parts.slice(0, -1).map((part, index) => [rule.parents[index], system.ids.parse(part)]);
  return { own, parents: Object.fromEntries(parents) };
}

/**
 * What is asked for beside the object. It may stay unread: then nothing is known of it, and the object is imported all the
 * same. Each is asked for by itself, so that a lack of one right leaves the others.
 */
async function readAsked(
  host: HostedProvider,
  id: string,
  found: Properties,
  { asked }: Importable,
): Promise<{ answered: Properties; unread: string[] }> {
  const answered: Properties = {};
  const unread: string[] = [];
  for (const [key, question] of Object.entries(asked)) {
    try {
      const { props = {} } = await host.read(id, { ...found, [key]: question, __get: true });
      if (props[key] === question) unread.push(`${key} (state "${props["status"]}")`);
      else answered[key] = props[key];
    } catch (error) {
      const lack = lackOfRights(error);
      if (lack === undefined) throw error;
      unread.push(`${key} (${lack})`);
    }
  }
  return { answered, unread };
}

function lackOfRights(error: unknown): string | undefined {
  const refusal = error instanceof HoldfastError ? error.cause : undefined;
  if (!(refusal instanceof ApiError) || refusal.status !== 403) return undefined;
  if (refusal.missingActions.length > 0) return `the credentials lack ${refusal.missingActions.join(", ")}`;
  // How application keys say the same.
  if (refusal.code !== "NOT_GRANTED_CALL") return undefined;
  return `the credentials don't cover ${refusal.method} ${refusal.path}`;
}

/** The check of a resource that exists: nothing is looked up for it. */
const checkBy =
  (host: HostedProvider, urn: Properties) =>
  async (given: Properties): Promise<CheckResult> => {
    const { inputs = {}, failures = [] } = await host.check(urn, { ...given, ...urn });
    return { inputs, failures };
  };

/** `"orders", 500 GiB, available`. */
const summaryOf = (kind: ResourceKind, live: Properties): string =>
  [...ruleOf(kind).system.summary(live), live["status"]].filter((part) => part !== undefined).join(", ");
