import { randomBytes } from "node:crypto";
import { fail, outOfRange } from "./errors";
import type { Call } from "./method";
import type { AccountRecord } from "./records";
import { findAccount, readAttributes } from "./volumeRules";
import type { World } from "./world";

/** Volumes of an account; those that are being cloned or deleted are not among them (our assumption). */
const render = ({ state }: World, account: AccountRecord) => ({
  accountID: account.accountID,
  username: account.username,
  status: "active",
  volumes: [...state.volumes.values()]
    .filter((volume) => volume.accountID === account.accountID && volume.status === "active")
    .map((volume) => volume.volumeID),
  initiatorSecret: account.initiatorSecret,
  targetSecret: account.targetSecret,
  attributes: account.attributes,
});

const secret = (): string => randomBytes(8).toString("hex");

/** A new account, with secrets of its own unless some are given. */
export function newAccount(world: World, given: Partial<AccountRecord> & { username: string }): AccountRecord {
  const account = {
    attributes: {},
    initiatorSecret: secret(),
    targetSecret: secret(),
    ...given,
    accountID: world.nextID("account"),
  };
  world.state.accounts.set(account.accountID, account);
  return account;
}

/** AddAccount. */
export function addAccount({ world, params }: Call): object {
  const { limits } = world.settings;
  const username = params.text("username");
  if (username.length < limits.accountNameLengthMin || username.length > limits.accountNameLengthMax) {
    throw outOfRange(
      world.settings,
      `username must have ${limits.accountNameLengthMin} to ${limits.accountNameLengthMax} characters`,
    );
  }
  if ([...world.state.accounts.values()].some((account) => account.username === username)) {
    throw fail("xDuplicateUsername", `There is an account ${username}`);
  }
  const account = newAccount(world, {
    username,
    attributes: readAttributes(world, params) ?? {},
    initiatorSecret: params.optionalText("initiatorSecret") ?? secret(),
    targetSecret: params.optionalText("targetSecret") ?? secret(),
  });
  return { accountID: account.accountID, account: render(world, account) };
}

/** ListAccounts. */
export function listAccounts({ world, params }: Call): object {
  const start = params.optionalInteger("startAccountID") ?? 0;
  const limit = params.optionalInteger("limit") ?? 0;
  const accounts = [...world.state.accounts.values()].filter((account) => account.accountID >= start);
  return { accounts: accounts.slice(0, limit === 0 ? undefined : limit).map((account) => render(world, account)) };
}

/** GetAccountByID; which error an unknown id gives is our assumption (spec 9). */
export function getAccountByID({ world, params }: Call): object {
  return { account: render(world, findAccount(world, params.integer("accountID"))) };
}

/** GetAccountByName (spec 9). */
export function getAccountByName({ world, params }: Call): object {
  const username = params.text("username");
  const account = [...world.state.accounts.values()].find((one) => one.username === username);
  if (!account) throw fail("xUnknownAccount", "xUnknownAccount");
  return { account: render(world, account) };
}
