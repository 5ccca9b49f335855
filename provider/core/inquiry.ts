import { setTimeout as delay } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { idsBehind } from "./behind";
import { ConnectionError, HoldfastError } from "./errors";
import { type AccountNames, accountFor, type CreateAccount, createRuns, type Outcome } from "./inquiryAccount";
import { offline } from "./offline";

// How a program's look-ups reach a service. Schemas and client are loaded by the first of them.

/** Look-ups that wait for no resource share lists up to this old, in milliseconds: those at a program's start go together. */
const SHARED_MS = 10_000;

/** Long enough for a program's own code to run to its end, in milliseconds. */
const READ_MS = 50;

/** How a look-up asks: `maxAgeMs` is how old a list may be that answers it. */
export interface Asking<Account> {
  account: Account;
  maxAgeMs: number;
}

/** What answers the look-ups of a system. */
export interface Answering<Account, Answers> {
  /** Makes no call by itself. */
  createAccount: CreateAccount<Account>;
  /** Every look-up: checks its arguments at once, and asks when it is told how. */
  lookUps: { [Name in keyof Answers]: (args: unknown) => (asking: Asking<Account>) => Promise<Answers[Name]> };
}

/** The look-ups of a system. */
export interface LookedUp<Account, Answers> extends AccountNames {
  /** What a preview tells of an account that is nowhere. */
  noAccount: string;
  load: () => Promise<Answering<Account, Answers>>;
}

export interface Inquiry<Answers> {
  /** A plain look-up: it fails where the Output form would be unknown. */
  ask<Name extends keyof Answers & string>(
    name: Name,
    args: unknown,
    opts?: pulumi.InvokeOptions,
  ): Promise<Answers[Name]>;
  /** A look-up whose arguments are outputs. It waits for the resources that they come from, and for `dependsOn`. */
  askOutput<Name extends keyof Answers & string>(
    name: Name,
    args: unknown,
    opts?: pulumi.InvokeOutputOptions,
  ): pulumi.Output<Answers[Name]>;
}

export function createInquiry<Account extends { hasCredentials(): Promise<boolean> }, Answers>(
  system: LookedUp<Account, Answers>,
): Inquiry<Answers> {
  const thisRun = createRuns<Account>();

  async function look<Name extends keyof Answers & string>(
    name: Name,
    args: unknown,
    opts: pulumi.InvokeOptions,
    { maxAgeMs, mayBeUnknown }: { maxAgeMs: number; mayBeUnknown: boolean },
  ): Promise<Outcome<Answers[Name]>> {
    const preview = pulumi.runtime.isDryRun();
    // As for every call of the SDK's own: the program does not end before it.
    const done = pulumi.runtime.rpcKeepAlive();
    try {
      const { createAccount, lookUps } = await system.load();
      const answer = lookUps[name](args);
      if (offline(process.env)) {
        if (preview) return { unknown: "HOLDFAST_OFFLINE is set, so nothing is looked up.", tell: true };
        throw new HoldfastError("HOLDFAST_OFFLINE is set, so nothing can be looked up. Unset it, or only preview.");
      }
      const account = await accountFor(thisRun(), system, opts, createAccount);
      if ("unknown" in account) return account;
      if (preview && mayBeUnknown && !(await account.answer.hasCredentials())) {
        return { unknown: system.noAccount, tell: true };
      }
      return { answer: await answer({ account: account.answer, maxAgeMs }) };
    } catch (error) {
      await programRead();
      throw explained(name, error, preview);
    } finally {
      done();
    }
  }

  function tellOnce(reason: string): void {
    const run = thisRun();
    if (run.told) return;
    run.told = true;
    void pulumi.log.info(`Look-ups of ${system.what} are unknown in this preview. ${reason}`);
  }

  return {
    async ask(name, args, opts = {}) {
      const outcome = await look(name, args, opts, { maxAgeMs: SHARED_MS, mayBeUnknown: false });
      if ("answer" in outcome) return outcome.answer;
      await programRead();
      throw new HoldfastError(
        `${name}: ${outcome.unknown} ${name}Output is unknown in such a preview, and does not fail.`,
      );
    },
    askOutput<Name extends keyof Answers & string>(name: Name, args: unknown, opts: pulumi.InvokeOutputOptions = {}) {
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
    },
  };
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
