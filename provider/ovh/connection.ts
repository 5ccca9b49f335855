import { EXPLICIT_KEY } from "../core/credentials";
import { ConfigurationError } from "../core/errors";
import { requestsPerSecond } from "./settings";
import type { Transport } from "./transport";

/**
 * The account's transport, made at the first call that needs one: a preview of new resources needs neither credentials
 * nor an HTTP client. Credentials are read then, and kept nowhere else.
 */
export function ovhConnection(
  config: (key: string) => string | undefined,
): (options?: { quietly: boolean }) => Promise<Transport> {
  let transport: Promise<Transport> | undefined;
  let told = false;
  return async ({ quietly } = { quietly: false }) => {
    transport ??= connect(config).catch((error: unknown) => {
      transport = undefined; // the next call looks again
      throw error;
    });
    return transport.catch((error: unknown) => {
      if (quietly) throw error; // nobody is told of it
      if (!told || !(error instanceof ConfigurationError)) {
        told = true;
        throw error;
      }
      // Every resource of a stack meets the same lack: what to do about it is told once.
      const [first] = error.message.split(/(?<=\.)\s|\n/);
      throw new ConfigurationError(`${first} The first such message tells what to do.`, error.missing);
    });
  };
}

async function connect(config: (key: string) => string | undefined): Promise<Transport> {
  const { defaultOvhFiles, readOvhAccount, readProviderAccount } = await import("./account.js");
  const { ovhTransport } = await import("./transport.js");
  const provider = config(EXPLICIT_KEY);
  return ovhTransport(
    provider === undefined
      ? readOvhAccount({ config, environment: process.env, files: defaultOvhFiles(process.env, process.cwd()) })
      : readProviderAccount(provider, config),
    { requestsPerSecond: requestsPerSecond.read(config) },
  );
}

/** Whether the account's place holds any credential. An explicit provider stands for its account, whatever it holds. */
export async function hasCredentials(config: (key: string) => string | undefined): Promise<boolean> {
  if (config(EXPLICIT_KEY) !== undefined) return true;
  const { defaultOvhFiles, findOvhAccount } = await import("./account.js");
  const files = defaultOvhFiles(process.env, process.cwd());
  return findOvhAccount({ config, environment: process.env, files }) !== undefined;
}
