import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ConfigurationError, HoldfastError } from "../core/errors";
import type { Account, AccountSources, System } from "../core/system";
import { findEngine, pulumiOnPath } from "./engine";

/** Where the command runs. */
export interface Place {
  environment: NodeJS.ProcessEnv;
  folder: string;
  /** Takes a line for people. */
  err(text: string): void;
}

export interface Wanted {
  systems: readonly System[];
  /** Whether each of them is needed, or those are enough that have credentials. */
  each: boolean;
  /** The stack that is named; `false` to leave all of them aside, `undefined` for the selected one. */
  stack: string | false | undefined;
}

const LIMIT_MS = 60_000;

/**
 * The accounts to read with: those of the resources, so a stack's configuration comes first, the selected one's in a project.
 * Where no stack is selected, or Pulumi is not logged in, environment and files are left.
 */
export async function accountsOf({ systems, each, stack }: Wanted, place: Place): Promise<Map<System, Account>> {
  const { environment, folder } = place;
  const sources = { environment, folder };
  if (stack === false || (stack === undefined && !inProject(folder))) return read(systems, each, sources);
  const settings = await settingsOf(systems, stack, place);
  if ("config" in settings) return read(systems, each, { ...sources, config: settings.config });
  if (stack !== undefined) throw new HoldfastError(settings.lack);
  const accounts = withReason(systems, settings.lack, () => read(systems, each, sources));
  place.err(`${settings.lack.replace(/\s+/g, " ")} Environment and files are used without it.\n`);
  return accounts;
}

function read(systems: readonly System[], each: boolean, sources: AccountSources): Map<System, Account> {
  const wanted = each ? systems : systems.filter((system) => system.hasAccount(sources));
  if (wanted.length > 0) return new Map(wanted.map((system) => [system, system.account(sources)]));
  const lacks = systems.map((system) => lackOf(() => system.account(sources)));
  throw new ConfigurationError(
    lacks.map(({ message }) => message).join("\n"),
    lacks.flatMap(({ missing }) => missing),
  );
}

function lackOf(get: () => unknown): ConfigurationError {
  try {
    get();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("There is an account"); // the system has said that it has none
}

/** Where there are no credentials at all, the stack's may be the ones that are missed. */
function withReason<T>(systems: readonly System[], lack: string, get: () => T): T {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !foundNothing(error, systems)) throw error;
    throw new ConfigurationError(`${error.message}\n${lack}`, error.missing);
  }
}

/** Then it names the settings of every source; a source that has only some names its own. */
const foundNothing = ({ missing }: ConfigurationError, systems: readonly System[]): boolean =>
  missing.length > 0 && missing.every((key) => systems.some(({ name }) => key.startsWith(`${name}:`)));

/**
 * What a stack's configuration says of the accounts, or why Pulumi shows none. Secrets are asked for only where it says
 * anything, for they may take the stack's passphrase.
 */
async function settingsOf(
  systems: readonly System[],
  stack: string | undefined,
  place: Place,
): Promise<{ config: (key: string) => string | undefined } | { lack: string }> {
  const which = `The configuration of ${stack === undefined ? "the selected stack" : `stack "${stack}"`}`;
  const shown = await stackConfig(stack, [], place);
  if (typeof shown === "string") return { lack: `${which} can't be read: ${shown}.` };
  const told = systems.filter(({ configKeys }) => configKeys.some((key) => Object.hasOwn(shown, key)));
  if (told.length === 0) return { config: () => undefined };
  const whole = await stackConfig(stack, ["--show-secrets"], place);
  if (typeof whole === "string") {
    throw new HoldfastError(
      `${which} has ${told.map(({ title }) => title).join(" and ")} settings, which come before those of the environment, and can't be read: ${whole}.`,
    );
  }
  return {
    config: (key) => {
      const setting: unknown = Reflect.get(whole, key);
      const value: unknown =
        typeof setting === "object" && setting !== null ? Reflect.get(setting, "value") : undefined;
      return typeof value === "string" ? value : undefined;
    },
  };
}

function inProject(folder: string): boolean {
  if (["Pulumi.yaml", "Pulumi.yml"].some((file) => existsSync(join(folder, file)))) return true;
  return dirname(folder) !== folder && inProject(dirname(folder));
}

/** The one that the demo has fetched or built. */
async function ownPulumi(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const engine = await findEngine({ env });
  return engine && join(engine.bin, "pulumi");
}

/**
 * The configuration of a stack, the selected one without a name, or a text with the reason why there is none. The values go
 * nowhere but into the account.
 */
async function stackConfig(
  stack: string | undefined,
  options: readonly string[],
  { environment, folder }: Place,
): Promise<object | string> {
  const pulumi = (await pulumiOnPath(environment))?.file ?? (await ownPulumi(environment));
  if (pulumi === undefined) return "there is no pulumi on PATH";
  const args = ["config", "--json", ...options, "--non-interactive", "--color", "never"];
  const answer = await promisify(execFile)(pulumi, [...args, ...(stack === undefined ? [] : ["--stack", stack])], {
    cwd: folder,
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: LIMIT_MS,
  }).catch((error: { stderr?: unknown }) => {
    // Not its standard output, nor the command's own message: values stand there.
    const said = typeof error.stderr === "string" ? error.stderr.trim().replace(/^error: |\.$/g, "") : "";
    return said || "pulumi config failed";
  });
  return typeof answer === "string" ? answer : settingsIn(answer.stdout);
}

function settingsIn(text: string): object | string {
  try {
    const config: unknown = JSON.parse(text);
    if (typeof config === "object" && config !== null) return config;
  } catch {
    // told below: the parser's own message shows what it read
  }
  return "pulumi config answered with something else than JSON";
}
