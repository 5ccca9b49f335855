import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { EXPLICIT_KEY } from "../core/credentials";
import { ConnectionError, HoldfastError } from "../core/errors";
import { offline } from "../core/offline";
import type { Account, Answers } from "./lookups.calls";
import { accountOf, type ProviderAccount } from "./provider";

// How a program's look-ups reach a service. Schemas and client are loaded by the first of them.

/** Look-ups that wait for no resource share lists up to this old, in milliseconds: those at a program's start go together. */
const SHARED_MS = 10_000;

/** Long enough for a program's own code to run to its end, in milliseconds. */
const READ_MS = 50;

/** What components pass providers on for: every resource of ours is of this package. */
const ANY_TYPE = "pulumi-nodejs:dynamic/ovh:Share";

/** An answer, or why there is none in this preview; `tell` where that is not the program's own doing. */
type Outcome<T> = { answer: T } | { unknown: string; tell: boolean };

/** A plain look-up: it fails where the Output form would be unknown. */
export async function ask<Name extends keyof Answers>(
  name: Name,
  args: unknown,
  opts: pulumi.InvokeOptions = {},
): Promise<Answers[Name]> {
  const outcome = await look(name, args, opts, { maxAgeMs: SHARED_MS, mayBeUnknown: false });
  if ("answer" in outcome) return outcome.answer;
  await programRead();
  throw new HoldfastError(`${name}: ${outcome.unknown} ${name}Output is unknown in such a preview, and does not fail.`);
}

/** A look-up whose arguments are outputs. It waits for the resources that they come from, and for `dependsOn`. */
export function askOutput<Name extends keyof Answers>(
  name: Name,
  args: unknown,
  opts: pulumi.InvokeOutputOptions = {},
): pulumi.Output<Answers[Name]> {
  const given = pulumi.output(args);
  const outcome = pulumi.output(idsBehind(given, pulumi.output(opts.dependsOn))).apply((ids) =>
    // In a preview the id of what does not exist yet is unknown, and so is then everything that waits for it.
    pulumi.all([given, ...ids]).apply(async ([known]) => {
      const maxAgeMs = ids.length > 0 ? 0 : SHARED_MS;
      const found = await look(name, known, opts, { maxAgeMs, mayBeUnknown: true });
      if ("answer" in found) return found.answer;
      if (found.tell) tellOnce(found.unknown);
      return pulumi.unknown;
    }),
  );
  // The SDK takes `unknown` for a value of any type that is not known yet. Answers are plain, so unwrapping changes none.
  return outcome as pulumi.Output<Answers[Name]>;
}

async function look<Name extends keyof Answers>(
  name: Name,
  args: unknown,
  opts: pulumi.InvokeOptions,
  { maxAgeMs, mayBeUnknown }: { maxAgeMs: number; mayBeUnknown: boolean },
): Promise<Outcome<Answers[Name]>> {
  const preview = pulumi.runtime.isDryRun();
  // As for every call of the SDK's own: the program does not end before it.
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    const { createAccount, lookUps } = await import("./lookups.calls.js");
    const answer = lookUps[name](args);
    if (offline(process.env)) {
      if (preview) return { unknown: "HOLDFAST_OFFLINE is set, so nothing is looked up.", tell: true };
      throw new HoldfastError("HOLDFAST_OFFLINE is set, so nothing can be looked up. Unset it, or only preview.");
    }
    const account = await accountFor(opts, createAccount);
    if ("unknown" in account) return account;
    if (preview && mayBeUnknown && !(await account.answer.hasCredentials())) {
      return { unknown: "No OVHcloud credentials were found.", tell: true };
    }
    return { answer: await answer({ account: account.answer, maxAgeMs }) };
  } catch (error) {
    await programRead();
    throw explained(name, error, preview);
  } finally {
    done();
  }
}

/**
 * What fails without a call fails before the program has been read to its end. Nobody looks at an exported promise until
 * then, and Node would print a warning beside the error for each.
 */
const programRead = () => delay(READ_MS);

/** Always a new error: a failed list reaches every look-up that shares it. */
function explained(name: string, error: unknown, preview: boolean): unknown {
  if (!(error instanceof HoldfastError)) return error;
  const reachable = !(error instanceof ConnectionError);
  const advice = preview && !reachable ? " To preview without the service, set HOLDFAST_OFFLINE=1." : "";
  return new HoldfastError(`${name}: ${error.message}${advice}`, { cause: error });
}

/** What the look-ups of one run of a program share. An Automation API process can run several. */
interface Run {
  /** By provider; the stack's own account under `undefined`. */
  accounts: Map<ProviderAccount | undefined, Promise<Outcome<Account>>>;
  told: boolean;
}

const runs = new WeakMap<object, Run>();
const noStack = {};

function thisRun(): Run {
  const stack = pulumi.runtime.getStackResource() ?? noStack;
  const run = runs.get(stack) ?? { accounts: new Map(), told: false };
  runs.set(stack, run);
  return run;
}

function tellOnce(reason: string): void {
  const run = thisRun();
  if (run.told) return;
  run.told = true;
  void pulumi.log.info(`Look-ups of OVHcloud file storage are unknown in this preview. ${reason}`);
}

type CreateAccount = typeof import("./lookups.calls").createAccount;

/** The client of the account to ask, one per run: it has the connections and the lists. */
function accountFor(opts: pulumi.InvokeOptions, createAccount: CreateAccount): Promise<Outcome<Account>> {
  const provider = opts.provider ?? opts.parent?.getProvider(ANY_TYPE);
  const own = accountOf(provider);
  if (provider !== undefined && own === undefined) {
    throw new HoldfastError(
      `its provider is a ${provider.constructor.name}, which is no account of OVHcloud file storage. Pass an ovh.Provider.`,
    );
  }
  const { accounts } = thisRun();
  const account =
    accounts.get(own) ??
    (own === undefined
      ? Promise.resolve({ answer: createAccount((key) => pulumi.runtime.allConfig()[key]) })
      : providerAccount(own, createAccount));
  accounts.set(own, account);
  return account;
}

/** With the provider's arguments once they are known; they stay in the closure that the client reads them with. */
async function providerAccount(own: ProviderAccount, createAccount: CreateAccount): Promise<Outcome<Account>> {
  const values: unknown = await promised(pulumi.output(own.settings));
  if (pulumi.containsUnknowns(values)) {
    return {
      unknown: `The credentials of ${own.label} are not known before the resource that makes them exists.`,
      tell: false,
    };
  }
  const settings = new Map<string, unknown>(
    typeof values === "object" && values !== null ? Object.entries(values) : [],
  );
  return {
    answer: createAccount((key) => {
      const value = key === EXPLICIT_KEY ? own.label : settings.get(key);
      return typeof value === "string" ? value : undefined;
    }),
  };
}

/** The ids of the resources that the arguments come from, and of those in `dependsOn`, a component's children included. */
async function idsBehind(
  given: pulumi.Output<unknown>,
  dependsOn: pulumi.Output<unknown>,
): Promise<pulumi.Output<pulumi.ID>[]> {
  const listed = [await promised(dependsOn)].flat();
  const all = [...(await resourcesOf(given)), ...(await resourcesOf(dependsOn)), ...listed];
  return [...new Set(all.flatMap(customResources))].flatMap(({ id }) => (id === undefined ? [] : [id]));
}

function customResources(value: unknown): pulumi.CustomResource[] {
  if (pulumi.CustomResource.isInstance(value)) return [value];
  if (!pulumi.Resource.isInstance(value)) return [];
  const children: unknown = Reflect.get(value, "__childResources");
  return children instanceof Set ? [...children].flatMap(customResources) : [];
}

// The SDK keeps these two members out of its types. They are how its own functions wait for arguments; `apply` alone never
// calls back for a value that is unknown.
const promised = (output: pulumi.Output<unknown>): Promise<unknown> =>
  Reflect.get(output, "promise").call(output, true);
const resourcesOf = (output: pulumi.Output<unknown>): Promise<Set<unknown>> =>
  Reflect.get(output, "allResources").call(output);
