import * as pulumi from "@pulumi/pulumi";
import { promised } from "./behind";
import { EXPLICIT_KEY } from "./credentials";
import { HoldfastError } from "./errors";
import { accountOf, labelOf, type ProviderAccount } from "./provider";

// Whom a program's look-ups ask.

/** An answer, or why there is none in this preview; `tell` where that is not the program's own doing. */
export type Outcome<T> = { answer: T } | { unknown: string; tell: boolean };

/** Makes the client of an account. `config` has the values of the stack configuration or of an explicit provider. */
export type CreateAccount<Account> = (config: (key: string) => string | undefined) => Account;

/** How a system's accounts are told apart from others. */
export interface AccountNames {
  /** What messages call the system, `OVHcloud file storage`. */
  what: string;
  /** What messages call its explicit provider, `ovh.Provider`. */
  providerClass: string;
  /** What components pass providers on for: every resource of ours is of this package. */
  anyType: string;
}

/** What the look-ups of one run of a program share. An Automation API process can run several. */
export interface Run<Account> {
  /** By provider; the stack's own account under `undefined`. */
  accounts: Map<ProviderAccount | undefined, Promise<Outcome<Account>>>;
  told: boolean;
}

const noStack = {};

export function createRuns<Account>(): () => Run<Account> {
  const runs = new WeakMap<object, Run<Account>>();
  return () => {
    const stack = pulumi.runtime.getStackResource() ?? noStack;
    const run = runs.get(stack) ?? { accounts: new Map(), told: false };
    runs.set(stack, run);
    return run;
  };
}

/** The client of the account to ask, one per run: it has the connections and the lists. */
export function accountFor<Account>(
  { accounts }: Run<Account>,
  { what, providerClass, anyType }: AccountNames,
  opts: pulumi.InvokeOptions,
  createAccount: CreateAccount<Account>,
): Promise<Outcome<Account>> {
  const provider = opts.provider ?? opts.parent?.getProvider(anyType);
  const own = accountOf(providerClass, provider);
  if (provider !== undefined && own === undefined) {
    const given = labelOf(provider) ?? `a ${provider.constructor.name}`;
    throw new HoldfastError(`its provider is ${given}, which is no account of ${what}. Pass an ${providerClass}.`);
  }
  const account =
    accounts.get(own) ??
    (own === undefined
      ? Promise.resolve({ answer: createAccount((key) => pulumi.runtime.allConfig()[key]) })
      : providerAccount(own, createAccount));
  accounts.set(own, account);
  return account;
}

/** With the provider's arguments once they are known; they stay in the closure that the client reads them with. */
async function providerAccount<Account>(
  own: ProviderAccount,
  createAccount: CreateAccount<Account>,
): Promise<Outcome<Account>> {
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
