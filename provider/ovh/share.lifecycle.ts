import { z } from "zod";
import { checkKnown, type Shape } from "../core/check";
import type { Lifecycle } from "../core/lifecycle";
import { recorded } from "../core/properties";
import type { FileStorage } from "./client";
import {
  description,
  mountPointName,
  name,
  protocol,
  serviceName,
  size,
  snapshotPolicyId,
  snapshotReserve,
  timeouts,
} from "./schemas";
import type { ShareInputs } from "./share";
import { makeShare } from "./shareCreation";
import { deleteShare } from "./shareDeletion";
import { SHARE_LIMIT_SECONDS, settledShare } from "./shareStates";
import { changeShare, diffShare, readShare, type ShareFacts } from "./shares";
import { holdsUnfitShrink } from "./unfitShrink";

export const shareInputs = z.strictObject({
  serviceName,
  size,
  protocol,
  name: name.optional(),
  description: description.optional(),
  mountPointName: mountPointName.optional(),
  snapshotPolicyId: snapshotPolicyId.optional(),
  snapshotReserve: snapshotReserve.optional(),
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
  diff: (olds, news, preview) => diffShare(olds, news, preview, REPLACE),
  settled: settledShare,
  unfinished: holdsUnfitShrink,

  async create(inputs, operation) {
    const storage = storageOf(inputs.serviceName);
    const { protocol, mountPointName } = inputs;
    const wait = {
      activity: "creating",
      limitSeconds: SHARE_LIMIT_SECONDS,
      remedy: "The next pulumi up deletes it and makes it again.",
    };
    return makeShare(
      storage,
      {
        kind: "ovh:Share",
        createOnly: { protocol, mountPointName },
        wanted: inputs,
        wait,
        send: storage.createShare,
        factsOf: (_, facts) => facts,
      },
      operation,
    );
  },

  async read(id, state) {
    return (await readShare(storageOf(recorded(state, "serviceName")), id, state))?.facts;
  },

  update: (id, olds, news, operation) => changeShare(storageOf(news.serviceName), id, olds, news, operation),

  async delete(id, state, operation) {
    await deleteShare(storageOf(recorded(state, "serviceName")), id, operation);
  },
});
