import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import { changed } from "../core/diff";
import type { Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import { autoName } from "./names";
import { description, mountPointName, name, protocol, serviceName, size, timeouts } from "./schemas";
import type { ShareInputs } from "./share";
import { deleteShare } from "./shareDeletion";
import {
  changeShare,
  makeShare,
  readShare,
  SHARE_LIMIT_SECONDS,
  type ShareFacts,
  settledShare,
  sharesMountPoint,
} from "./shares";

export const shareInputs = z.strictObject({
  serviceName,
  size,
  protocol,
  name: name.optional(),
  description: description.optional(),
  mountPointName: mountPointName.optional(),
  timeouts,
} satisfies Shape<ShareInputs>);
export type ShareOutputs = ShareFacts;

/** The properties of a share whose change makes a new one. */
const REPLACE = ["serviceName", "protocol", "mountPointName"];

export const share = (
  storageOf: (serviceName: string) => FileStorage,
): Lifecycle<z.output<typeof shareInputs>, ShareOutputs> => ({
  inputKeys: Object.keys(shareInputs.shape),
  check: (news) => checkKnown(shareInputs, news),
  diff: (olds, news) => changed(olds, news, { replace: REPLACE, deleteBeforeReplace: sharesMountPoint }),
  settled: settledShare,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { size, protocol, description, mountPointName } = inputs;
    const name =
      inputs.name ??
      autoName(operation, { serviceName: inputs.serviceName, protocol, mountPointName }, await storage.shares.kept());
    const wait = {
      activity: "creating",
      limitSeconds: SHARE_LIMIT_SECONDS,
      remedy: "The next pulumi up deletes it and makes it again.",
    };
    const wanted = { protocol, size, name, description, mountPointName };
    return makeShare(storage, wanted, operation, wait, (_, facts) => facts);
  },

  async read(id, state) {
    return (await readShare(storageOf(recorded(state, "serviceName")), id, state))?.facts;
  },

  update: (id, olds, news, operation) => changeShare(storageOf(news.serviceName), id, olds, news, operation),

  async delete(id, state, operation) {
    await deleteShare(storageOf(recorded(state, "serviceName")), id, operation);
  },
});
