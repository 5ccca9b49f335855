import { defaultOvhFiles, readOvhAccount } from "./account";
import { ovhTransport, type Transport } from "./transport";

/**
 * The account's transport, made at the first call that needs one: a preview of new resources needs no credentials.
 * Credentials are read then, and never kept anywhere else.
 */
export function ovhConnection(config: (key: string) => string | undefined): () => Promise<Transport> {
  let transport: Transport | undefined;
  return async () => {
    transport ??= ovhTransport(
      readOvhAccount({ config, environment: process.env, files: defaultOvhFiles(process.env, process.cwd()) }),
    );
    return transport;
  };
}
