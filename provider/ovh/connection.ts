import { type Connection, connection } from "../core/connection";
import { EXPLICIT_KEY } from "../core/credentials";
import { requestsPerSecond } from "./settings";
import type { Transport } from "./transport";

/** The account's transport. */
export const ovhConnection = (config: (key: string) => string | undefined): Connection<Transport> =>
  connection(() => connect(config));

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
