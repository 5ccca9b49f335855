import { oneLine, snippet } from "../core/answerText";
import { ApiError, ConnectionError, type HoldfastError, type Repetition } from "../core/errors";
import type { HttpAnswer } from "../core/http";
import { sentence } from "../core/once";
import type { ElementAccount } from "./account";

// What the cluster's errors mean. Names and classes: the API's reference and what clients in production rely on; the API says
// that there are more, so an unknown name is permanent, unless it speaks of the cluster's database.

/** Had no effect, and passes. */
const PASSING: ReadonlySet<string> = new Set(["xDBVersionMismatch", "xNotPrimary", "xSnapshotFailed"]);
/** Passes, and may have had its effect. */
const DOUBTFUL: ReadonlySet<string> = new Set(["xRecvTimeout", "xNoHandler", "xRpcTimeout"]);

const repetitionOf = (name: string): Repetition => {
  if (PASSING.has(name)) return "safe";
  if (name === "xDBNoSuchPath") return "useless"; // something is not there: what, depends on the call
  return DOUBTFUL.has(name) || name.startsWith("xDB") ? "afterLook" : "useless";
};

/** An answer with this name, or with a text that says the same in releases that use another one. */
const says =
  (names: readonly string[], text?: RegExp) =>
  (error: unknown): error is ApiError =>
    error instanceof ApiError &&
    (names.some((name) => name.toLowerCase() === error.code?.toLowerCase()) ||
      (error.repetition === "useless" && error.code !== undefined && text?.test(error.message) === true));

/** Too many clones run. */
export const isOverLimit = says(["xMaxClonesPerVolumeExceeded", "xMaxClonesPerNodeExceeded"]);

/** No room for a snapshot: also for the one that a clone takes for itself. */
export const isSnapshotLimit = says(["xMaxSnapshotsPerVolumeExceeded", "xMaxSnapshotsPerNodeExceeded"]);

/** A volume that is not ready yet: new, or still copying. */
export const isNotReady = says(["xSliceNotRegistered", "xNotReadyForIO"], /not in the active state/i);

/** What volumes that have only just been made answer as well, oddly, for some seconds. */
export const isInvalidParameter = says(["xInvalidParameter"]);

/** The volume is not there, or not any more. */
export const isVolumeGone = says(
  ["xVolumeIDDoesNotExist", "xVolumeDoesNotExist"],
  /volume\w*\s+\d+\s+does not exist|already (been )?(deleted|purged)/i,
);

export const isSnapshotGone = says(
  ["xSnapshotIDDoesNotExist", "xSnapshotDoesNotExist"],
  /snapshot\w*\s+\d+\s+does not exist/i,
);

/** An async handle that the cluster does not know, or not yet, or not any more. */
export const isHandleMissing = says(["xDBNoSuchPath", "xAsyncHandleDoesNotExist"]);

/** As it should be already. */
export const isMember = says(["xAlreadyInVolumeAccessGroup"]);
export const isNoMember = says(["xNotInVolumeAccessGroup"]);
export const isGroupGone = says(["xVolumeAccessGroupIDDoesNotExist", "xVolumeAccessGroupDoesNotExist"]);

export const isDenied = says(["xPermissionDenied"]);
export const isUnknownMethod = says(["xUnknownAPIMethod", "xUnknownRPCMethod"]);

const MESSAGE_LENGTH = 1000;
const NAME_LENGTH = 100;

/** A call, as messages name it. */
export interface Call {
  /** The method, `CloneVolume`. */
  method: string;
  /** `/json-rpc/12.5` */
  path: string;
}

/** What stands under `error` in an answer. */
export interface RpcError {
  code?: unknown;
  name?: unknown;
  message?: unknown;
}

const textOf = (value: unknown, scrub: (text: string) => string, length: number): string | undefined =>
  typeof value === "string" && value !== "" ? oneLine(scrub(value)).slice(0, length) : undefined;

/** An error of the API itself: they come with HTTP status 200, and say 500 inside. */
export function refusalOf(
  { name, message }: RpcError,
  call: Call,
  status: number,
  { account, scrub }: { account: ElementAccount; scrub: (text: string) => string },
): ApiError {
  const code = textOf(name, scrub, NAME_LENGTH) ?? "an error without a name";
  const text = textOf(message, scrub, MESSAGE_LENGTH);
  const advice = adviceFor(code, call, account);
  const what = `${call.method} answered ${code}${text && text !== code ? `: ${text}` : ""}`;
  return new ApiError(advice === undefined ? what : `${sentence(what)} ${advice}`, {
    ...call,
    status,
    code,
    repetition: repetitionOf(code),
    advised: advice !== undefined,
  });
}

function adviceFor(name: string, { method, path }: Call, { username, wording }: ElementAccount): string | undefined {
  switch (name) {
    case "xPermissionDenied":
      return `The cluster admin "${username}" (${wording.place}) lacks an access type for it: give it volumes, read and write, or administrator.`;
    case "xUnknownUsername":
      return `Check ${wording.spell("username")} in ${wording.place}: the directory does not know that user, or does not let it in.`;
    case "xUnknownAPIMethod":
    case "xUnknownRPCMethod":
      return `Version ${path.split("/").at(-1)} of the API does not have ${method}: the cluster is too old for it, or ${wording.spell("apiVersion")} is set too low, or the address is a node's and not the cluster's (MVIP).`;
    case "xAccountIDDoesNotExist":
      return "Set newAccountID to an account that the cluster has, or leave it out.";
    case "xQoSPolicyDoesNotExist":
      return "Set qosPolicyID to a QoS policy that the cluster has, or leave it out.";
    case "xFeatureNotEnabled":
      return "Enable the feature on the cluster, or take out the property that needs it, such as enableSnapMirrorReplication.";
    case "xTotalCapacityExceeded":
    case "xMaxVolumeCountExceeded":
      return "The cluster has no room for it: delete and purge volumes that nobody needs.";
    default:
      return undefined;
  }
}

/** An answer that is none of the API: of a proxy, of the server in front of it, or of a cluster that is not up. */
export function failureOf(
  answer: HttpAnswer,
  call: Call,
  { account, scrub }: { account: ElementAccount; scrub: (text: string) => string },
): ApiError {
  const { status } = answer;
  const { endpoint, wording } = account;
  const advice = {
    401: `Check ${wording.spell("username")} and ${wording.spell("password")} in ${wording.place}.`,
    404: `The cluster does not have version ${call.path.split("/").at(-1)} of the API: check ${wording.spell("apiVersion")} and ${wording.spell("endpoint")} in ${wording.place}.`,
  }[status];
  const redirect = `No redirect is followed: credentials go to the endpoint alone. Check ${wording.spell("endpoint")} in ${wording.place}.`;
  const told = advice ?? (status >= 300 && status < 400 ? redirect : undefined);
  // These pages say no more than their status.
  const text = advice === undefined ? snippet(answer.text, scrub) : undefined;
  const what = `${call.method} at ${endpoint.host} answered ${status}${text ? `: ${text}` : ""}`;
  return new ApiError(told === undefined ? what : `${sentence(what)} ${told}`, {
    ...call,
    status,
    advised: told !== undefined,
    repetition: status >= 500 && status !== 501 ? "afterLook" : "useless",
  });
}

const MAKERS: ReadonlySet<string | undefined> = new Set(["CloneVolume", "CreateSnapshot"]);

/** Whether a creation may have had its effect all the same: no answer came, or a doubtful one, or one that tells no id. */
export const isLost = (error: unknown): error is HoldfastError =>
  (error instanceof ConnectionError && MAKERS.has(error.method) && error.failure !== "unreachable") ||
  (error instanceof ApiError &&
    MAKERS.has(error.method) &&
    (error.repetition === "afterLook" || (error.repetition === undefined && error.status < 300)));
