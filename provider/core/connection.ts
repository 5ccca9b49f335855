import { ConfigurationError } from "./errors";

/** Gives an account's transport. `quietly`: the caller keeps a lack of credentials to itself. */
export type Connection<T> = (options?: { quietly: boolean }) => Promise<T>;

/**
 * A transport that is made at the first call that needs one: a preview of new resources needs neither credentials nor an
 * HTTP client. Credentials are read then, and kept nowhere else.
 */
export function connection<T>(connect: () => Promise<T>): Connection<T> {
  let transport: Promise<T> | undefined;
  let told = false;
  return async ({ quietly } = { quietly: false }) => {
    transport ??= connect().catch((error: unknown) => {
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
