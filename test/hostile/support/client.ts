import { onTestFinished } from "vitest";
import { HoldfastError } from "../../../provider/core/errors";
import { createFileStorages, type FileStorage } from "../../../provider/ovh/client";
import { createServices } from "../../../provider/ovh/services";
import { ovhTransport } from "../../../provider/ovh/transport";
import { JumpingClock } from "../../support/clock";

/** What no message may hold. */
export const TOKEN = "an-access-token-that-nobody-else-may-see";
export const ID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

/** The real client and transport for a server on this machine, on a clock that jumps over pauses. */
export function clientOf(origin: string) {
  const clock = new JumpingClock();
  const apiUrl = new URL(`${origin}/1.0`);
  const credentials = { kind: "accessToken", accessToken: TOKEN } as const;
  const transport = ovhTransport({ endpoint: apiUrl.href, apiUrl, credentials, source: "environment" }, { clock });
  onTestFinished(() => transport.close());
  const options = {
    transport: async () => ({
      send: (...call: Parameters<typeof transport.send>) => clock.during(() => transport.send(...call)),
    }),
    clock,
    signal: new AbortController().signal,
  };
  return { storageOf: createFileStorages(options), services: createServices(options), clock };
}

/** Every call that the client makes, with ids of the caller's choice. */
export const CALLS: Record<string, (storage: FileStorage, id: string) => Promise<unknown>> = {
  service: (storage) => storage.service(),
  shares: (storage) => storage.shares.recent(-1),
  createShare: (storage) => storage.createShare({ protocol: "NFS", size: 100, name: "made" }),
  renameShare: (storage, id) => storage.renameShare(id, { name: "new" }),
  extendShare: (storage, id) => storage.extendShare(id, 200),
  shrinkShare: (storage, id) => storage.shrinkShare(id, 100),
  deleteShare: (storage, id) => storage.deleteShare(id),
  accessPaths: (storage, id) => storage.accessPaths(id),
  snapshots: (storage, id) => storage.share(id).snapshots.recent(-1),
  createSnapshot: (storage, id) => storage.share(id).createSnapshot({}),
  renameSnapshot: (storage, id) => storage.share(ID).renameSnapshot(id, { name: "new" }),
  deleteSnapshot: (storage, id) => storage.share(ID).deleteSnapshot(id),
  holdSnapshot: (storage, id) => storage.share(ID).holdSnapshot(id),
  accessRules: (storage, id) => storage.share(id).accessRules.recent(-1),
  createAccessRule: (storage, id) => storage.share(id).createAccessRule({ accessTo: "10.0.0.1", accessLevel: "ro" }),
  deleteAccessRule: (storage, id) => storage.share(ID).deleteAccessRule(id),
  policy: (storage, id) => storage.share(id).policy(),
  followPolicy: (storage, id) => storage.share(id).followPolicy(ID),
  reserve: (storage, id) => storage.share(id).reserve(),
  setReserve: (storage, id) => storage.share(id).setReserve(5),
  revert: (storage, id) => storage.share(id).revert(ID),
  policies: (storage) => storage.policies.recent(-1),
  createPolicy: (storage) => storage.createPolicy({ rules: [] }),
  renamePolicy: (storage, id) => storage.renamePolicy(id, { name: "new" }),
  deletePolicy: (storage, id) => storage.deletePolicy(id),
};

export type Outcome = { answer: unknown } | { error: HoldfastError };

/** What became of a call. Anything but an answer and an error of ours fails the test. */
export async function outcomeOf(name: string, call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { answer: await call() };
  } catch (error) {
    if (error instanceof HoldfastError) {
      const unfit = error.message.includes(TOKEN) || error.message.length > 7000 || /\p{Cc}/u.test(error.message);
      if (unfit) throw new Error(`${name} was reported with: ${error.message}`);
      return { error };
    }
    throw new Error(`${name} failed with ${String(error)}`, { cause: error });
  }
}
