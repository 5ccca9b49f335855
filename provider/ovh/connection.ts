import { ConfigurationError } from "../core/errors";
import type { Transport } from "./transport";

/**
 * The account's transport, made at the first call that needs one: a preview of new resources needs neither credentials
 * nor an HTTP client. Credentials are read then, and kept nowhere else.
 */
export function ovhConnection(config: (key: string) => string | undefined): () => Promise<Transport> {
  let transport: Promise<Transport> | undefined;
  let told = false;
  return () => {
    transport ??= connect(config).catch((error: unknown) => {
      transport = undefined; // the next call looks again
      if (!told || !(error instanceof ConfigurationError)) {
        told = true;
        throw error;
      }
      // Every resource of a stack meets the same lack: what to do about it is told once.
      const [first] = error.message.split(/(?<=\.)\s|\n/);
      throw new ConfigurationError(`${first} The first such message tells what to do.`, error.missing);
    });
    return transport;
  };
}

async function connect(config: (key: string) => string | undefined): Promise<Transport> {
  const { defaultOvhFiles, readOvhAccount } = await import("./account.js");
  const { ovhTransport } = await import("./transport.js");
  return ovhTransport(
    readOvhAccount({ config, environment: process.env, files: defaultOvhFiles(process.env, process.cwd()) }),
  );
}
