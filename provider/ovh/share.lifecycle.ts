import { z } from "zod";
import { checkKnown } from "../core/check";
import { changed } from "../core/diff";
import type { Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import { autoName } from "./names";
import { description, mountPointName, name, protocol, serviceName, size, timeouts } from "./schemas";
import {
  changeShare,
  deleteShare,
  explainQuota,
  readShare,
  SHARE_LIMIT_SECONDS,
  type ShareFacts,
  settledShare,
  settleShare,
  shareFacts,
} from "./shares";

export const shareInputs = z.strictObject({
  /** ID of the Enterprise File Storage service, a UUID. Changing it replaces the share. */
  serviceName,
  /** Size in GiB: a whole number, at least 100. Extended in place. */
  size,
  /** Protocol. Changing it replaces the share. @default "NFS" */
  protocol,
  /** Name shown in the control panel, 1 to 255 characters. Changed in place. @default the resource's name, a mark of this resource, and a number */
  name: name.optional(),
  /** Description, at most 255 characters. Changed in place. */
  description: description.optional(),
  /** Readable last part of the access path, unique in the service. Changing it replaces the share, the old one deleted first. */
  mountPointName: mountPointName.optional(),
  /** How long create, update and delete wait, as Pulumi durations. `customTimeouts` sets the same. @default 30 minutes, 60 for a resize */
  timeouts,
});
export type ShareInputs = z.input<typeof shareInputs>;
export type ShareOutputs = ShareFacts;

/** The properties of a share whose change makes a new one. */
const REPLACE = ["serviceName", "protocol", "mountPointName"];

export const share = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<z.output<typeof shareInputs>, ShareOutputs> => ({
  inputKeys: Object.keys(shareInputs.shape),
  check: (news) => checkKnown(shareInputs, news),
  diff: (olds, news) =>
    changed(olds, news, {
      replace: REPLACE,
      deleteBeforeReplace: ({ mountPointName: fixed }) => fixed === news["mountPointName"] && fixed !== undefined,
    }),
  settled: settledShare,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { size, protocol, description, mountPointName } = inputs;
    const name =
      inputs.name ??
      autoName(operation, { serviceName: inputs.serviceName, protocol, mountPointName }, await storage.shares.kept());
    const created = await storage
      .createShare({ protocol, size, name, description, mountPointName })
      .catch(async (error: unknown) => {
        throw await explainQuota(storage, error, size);
      });
    operation.exists(created.id, shareFacts(storage, created));
    const { facts } = await settleShare(storage, created.id, operation, {
      activity: "creating",
      limitSeconds: SHARE_LIMIT_SECONDS,
      remedy: "The next pulumi up deletes it and makes it again.",
    });
    return { id: created.id, outputs: facts };
  },

  async read(id, state) {
    return (await readShare(storageOf(recorded(state, "serviceName")), id, state))?.facts;
  },

  update: (id, olds, news, operation) => changeShare(storageOf(news.serviceName), id, olds, news, operation),

  async delete(id, state, operation) {
    await deleteShare(storageOf(recorded(state, "serviceName")), id, operation);
  },
});
