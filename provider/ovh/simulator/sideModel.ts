import { advanceMs, fieldsOf, integer, optionalText, parseJson, requiredText } from "../../simulator/fields";
import { refuse } from "../../simulator/refusal";
import { nothing, type SideRoute } from "../../simulator/side";
import type { OvhModel } from "./model";
import { fullAction, ovhOperations } from "./operations";
import { type Steering, TRANSITION_KINDS } from "./progress";
import { renderer } from "./render";
import { requireKnown, type SideCall, type SideHandler } from "./sideCall";
import { stateOf } from "./sideState";
import { checkRequestsPerSecond } from "./throttling";

const movingObjects = ({ services, shares, snapshots, policies }: OvhModel): { id: string }[] => [
  ...services,
  ...shares,
  ...snapshots,
  ...policies,
  ...shares.flatMap((share) => share.rules),
];

const readFiles: SideHandler = ({ model }, { id = "" }) => ({
  status: 200,
  body: model.readFiles(requireKnown([...model.shares, ...model.snapshots], id)),
});

const readFile: SideHandler = ({ model }, { id = "", path = "" }) => {
  const files = model.readFiles(requireKnown([...model.shares, ...model.snapshots], id));
  const text = Object.hasOwn(files, path) ? files[path] : undefined;
  if (text === undefined) throw refuse(404, `There is no file ${path}`);
  return { status: 200, text };
};

const writeFile: SideHandler = ({ model, body }, { id = "", path = "" }) => {
  model.writeFile(requireKnown(model.shares, id), path, body.toString("utf8"));
  return nothing;
};

const takeSnapshot: SideHandler = ({ model }, { id = "" }) => {
  const snapshot = model.takeAutomaticSnapshot(requireKnown(model.shares, id));
  return { status: 201, body: renderer(model.world.settings).snapshot(snapshot) };
};

const advanceClock: SideHandler = ({ model, body }) => {
  model.advanceClock(advanceMs(body));
  return { status: 200, body: { now: new Date(model.now).toISOString() } };
};

const OUTCOMES = ["normal", "stuck", "failed", "unchanged"] as const;

const steer: SideHandler = ({ model, body }) => {
  const fields = fieldsOf(parseJson(body));
  const kind = TRANSITION_KINDS.find((candidate) => candidate === fields["kind"]);
  if (kind === undefined) throw refuse(400, `kind must be one of ${TRANSITION_KINDS.join(", ")}`);
  const outcome = OUTCOMES.find((candidate) => candidate === (fields["outcome"] ?? "normal"));
  if (outcome === undefined) throw refuse(400, `outcome must be one of ${OUTCOMES.join(", ")}`);
  const steering: Steering = { outcome };
  for (const name of ["status", "first"] as const) {
    const value = fields[name];
    if (typeof value === "string") steering[name] = value;
    else if (value !== undefined) throw refuse(400, `${name} must be a string`);
  }
  for (const name of ["firstReads", "ms", "times"] as const) {
    const value = fields[name];
    if (typeof value === "number" && value >= 0) steering[name] = value;
    else if (value !== undefined) throw refuse(400, `${name} must be a number, at least 0`);
  }
  model.steer(kind, steering);
  return nothing;
};

const release: SideHandler = ({ model }, { id = "" }) => {
  model.release(requireKnown(movingObjects(model), id));
  return nothing;
};

const setStatus: SideHandler = ({ model, body }, { id = "" }) => {
  const status = requiredText(fieldsOf(parseJson(body)), "status");
  model.setStatus(requireKnown(movingObjects(model), id), status);
  return nothing;
};

const setNetworkStatus: SideHandler = ({ model, body }, { id = "" }) => {
  const status = requiredText(fieldsOf(parseJson(body)), "status");
  model.setNetworkStatus(requireKnown(model.services, id), status);
  return nothing;
};

const setUsed: SideHandler = ({ model, body }, { id = "" }) => {
  const { usedGiB } = fieldsOf(parseJson(body));
  const share = model.shares.find((one) => one.id === requireKnown(model.shares, id));
  if (typeof usedGiB !== "number" || usedGiB < 0 || usedGiB > (share?.size ?? 0)) {
    throw refuse(400, `usedGiB must be a number from 0 to the share's ${share?.size} GiB`);
  }
  model.setUsedGiB(id, usedGiB);
  return nothing;
};

const takeSystemSnapshot: SideHandler = ({ model, body }, { id = "" }) => {
  const name = optionalText(fieldsOf(parseJson(body)), "name");
  const snapshot = model.takeSystemSnapshot(requireKnown(model.shares, id), name);
  return { status: 201, body: renderer(model.world.settings).snapshot(snapshot) };
};

const rotateAway: SideHandler = ({ model }, { id = "" }) => {
  model.rotateAway(requireKnown(model.snapshots, id));
  return nothing;
};

const addService: SideHandler = ({ model, body }) => {
  const fields = fieldsOf(parseJson(body));
  const quota = fields["quotaGiB"] === undefined ? undefined : integer(fields, "quotaGiB");
  if (quota !== undefined && quota < 100) throw refuse(400, "quotaGiB must be at least 100");
  const service = model.addService(requiredText(fields, "name"), quota);
  return { status: 201, body: renderer(model.world.settings).service(service) };
};

const setTags: SideHandler = ({ model, body }, { id = "" }) => {
  const fields = fieldsOf(parseJson(body));
  const tags = Object.fromEntries(Object.keys(fields).map((name) => [name, requiredText(fields, name)]));
  model.setServiceTags(requireKnown(model.services, id), tags);
  return nothing;
};

const acceptContacts: SideHandler = ({ model }, { id = "" }) => {
  model.acceptContactChanges(requireKnown(model.services, id));
  return nothing;
};

const ACTIONS = new Set(ovhOperations.map(({ action }) => action));

const actions = (value: unknown, name: string): string[] => {
  if (!Array.isArray(value)) throw refuse(400, `${name} must be a list of IAM actions`);
  return value.map((one: unknown) => {
    const action = typeof one === "string" ? fullAction(one) : "";
    // an unknown action would be denied without any effect
    if (!ACTIONS.has(action)) throw refuse(400, `${name}: ${String(one)} is no action of a call that is simulated`);
    return action;
  });
};

const changePermissions: SideHandler = ({ model, body }) => {
  const { deny, allow } = fieldsOf(parseJson(body));
  const denied = actions(deny ?? [], "deny");
  const allowed = new Set(actions(allow ?? [], "allow"));
  for (const action of denied) model.deniedActions.add(action);
  for (const one of model.deniedActions) if (allowed.has(fullAction(one))) model.deniedActions.delete(one);
  return { status: 200, body: { deniedActions: [...model.deniedActions].map(fullAction) } };
};

const throttle: SideHandler = ({ throttling, body }) => {
  const { requestsPerSecond, retryAfter = throttling.retryAfter } = fieldsOf(parseJson(body));
  if (typeof retryAfter !== "boolean") throw refuse(400, "retryAfter must be true or false");
  try {
    throttling.requestsPerSecond = checkRequestsPerSecond(requestsPerSecond);
  } catch (error) {
    throw refuse(400, error instanceof Error ? error.message : String(error));
  }
  throttling.retryAfter = retryAfter;
  return nothing;
};

/** A path ending in a placeholder for the rest, slashes included. */
const filePattern = (kind: string): RegExp => new RegExp(`^/simulator/${kind}/(?<id>[^/]+)/files/(?<path>.+)$`);

/** Calls that look at the model or reach behind the API. */
export const MODEL_ROUTES: readonly SideRoute<SideCall>[] = [
  ["GET", "/simulator/state", ({ model }) => ({ status: 200, body: stateOf(model) })],
  ["GET", "/simulator/shares/{id}/files", readFiles],
  ["GET", filePattern("shares"), readFile],
  ["PUT", filePattern("shares"), writeFile],
  ["GET", "/simulator/snapshots/{id}/files", readFiles],
  ["GET", filePattern("snapshots"), readFile],
  ["POST", "/simulator/shares/{id}/automatic-snapshots", takeSnapshot],
  ["POST", "/simulator/shares/{id}/system-snapshots", takeSystemSnapshot],
  ["POST", "/simulator/shares/{id}/used", setUsed],
  ["POST", "/simulator/snapshots/{id}/rotate-away", rotateAway],
  ["POST", "/simulator/services", addService],
  ["POST", "/simulator/services/{id}/network-status", setNetworkStatus],
  ["POST", "/simulator/services/{id}/tags", setTags],
  ["POST", "/simulator/services/{id}/accept-contacts", acceptContacts],
  ["POST", "/simulator/objects/{id}/status", setStatus],
  ["POST", "/simulator/objects/{id}/release", release],
  ["POST", "/simulator/permissions", changePermissions],
  ["POST", "/simulator/steering", steer],
  ["POST", "/simulator/clock", advanceClock],
  ["POST", "/simulator/throttling", throttle],
];
