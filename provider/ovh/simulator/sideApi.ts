import { fieldsOf, parseJson } from "./body";
import type { OvhModel } from "./model";
import { decode, pathPattern } from "./pathTemplate";
import { type Steering, TRANSITION_KINDS } from "./progress";
import { refuse } from "./refusal";
import { renderer } from "./render";

/** Path below which the simulator's own calls are. They are no part of the service. */
export const SIDE_PREFIX = "/simulator/";

/** What the simulator's own calls need. */
export interface SideCall {
  model: OvhModel;
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  calls: readonly unknown[];
  unmatched: readonly string[];
}

/** A text, or a value to write as JSON. */
export type SideAnswer = { status: number; body: unknown } | { status: number; text: string };

type Handler = (call: SideCall, params: Readonly<Record<string, string>>) => SideAnswer;

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const requireLocal = ({ headers }: SideCall): void => {
  // A web page can reach loopback addresses. It cannot send this header to another origin without asking first, and a
  // name of its own that it lets point here shows in Host.
  const host = headers["host"];
  if (headers["x-holdfast-simulator"] !== "1") throw refuse(403, "Send the header X-Holdfast-Simulator: 1");
  if (typeof host !== "string" || !LOOPBACK.test(host)) throw refuse(403, "Call the simulator by a loopback address");
};

const requireKnown = (known: readonly { id: string }[], id: string): string => {
  if (!known.some((one) => one.id === id)) throw refuse(404, `The simulator has nothing with id ${id}`);
  return id;
};

const readFiles: Handler = ({ model }, { id = "" }) => ({
  status: 200,
  body: model.readFiles(requireKnown([...model.shares, ...model.snapshots], id)),
});

const readFile: Handler = ({ model }, { id = "", path = "" }) => {
  const files = model.readFiles(requireKnown([...model.shares, ...model.snapshots], id));
  const text = Object.hasOwn(files, path) ? files[path] : undefined;
  if (text === undefined) throw refuse(404, `There is no file ${path}`);
  return { status: 200, text };
};

const writeFile: Handler = ({ model, body }, { id = "", path = "" }) => {
  model.writeFile(requireKnown(model.shares, id), path, body.toString("utf8"));
  return { status: 204, text: "" };
};

const takeSnapshot: Handler = ({ model }, { id = "" }) => {
  const snapshot = model.takeAutomaticSnapshot(requireKnown(model.shares, id));
  return { status: 201, body: renderer(model.world.settings).snapshot(snapshot) };
};

const advanceClock: Handler = ({ model, body }) => {
  const { advanceMs } = fieldsOf(parseJson(body));
  if (typeof advanceMs !== "number" || !Number.isSafeInteger(advanceMs) || advanceMs < 0) {
    throw refuse(400, "advanceMs must be a number of milliseconds, at least 0");
  }
  model.advanceClock(advanceMs);
  return { status: 200, body: { now: new Date(model.now).toISOString() } };
};

const OUTCOMES = ["normal", "stuck", "failed", "unchanged"] as const;

const steer: Handler = ({ model, body }) => {
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
  return { status: 204, text: "" };
};

const release: Handler = ({ model }, { id = "" }) => {
  const rules = model.shares.flatMap((share) => share.rules);
  model.release(requireKnown([...model.shares, ...model.snapshots, ...model.policies, ...rules], id));
  return { status: 204, text: "" };
};

/** A path ending in a placeholder for the rest, slashes included. */
const filePattern = (kind: string): RegExp => new RegExp(`^/simulator/${kind}/(?<id>[^/]+)/files/(?<path>.+)$`);

const HANDLERS: readonly [method: string, pattern: RegExp, handler: Handler][] = [
  ["GET", pathPattern("/simulator/shares/{id}/files"), readFiles],
  ["GET", filePattern("shares"), readFile],
  ["PUT", filePattern("shares"), writeFile],
  ["GET", pathPattern("/simulator/snapshots/{id}/files"), readFiles],
  ["GET", filePattern("snapshots"), readFile],
  ["POST", pathPattern("/simulator/shares/{id}/automatic-snapshots"), takeSnapshot],
  ["GET", pathPattern("/simulator/calls"), ({ calls }) => ({ status: 200, body: calls })],
  ["GET", pathPattern("/simulator/unmatched"), ({ unmatched }) => ({ status: 200, body: unmatched })],
  ["POST", pathPattern("/simulator/clock"), advanceClock],
  ["POST", pathPattern("/simulator/steering"), steer],
  ["POST", pathPattern("/simulator/objects/{id}/release"), release],
];

/** Answers the simulator's own calls, which `simulators.ts` lists. */
export function answerSide(call: SideCall): SideAnswer {
  requireLocal(call);
  for (const [method, pattern, handler] of HANDLERS) {
    const match = method === call.method ? pattern.exec(call.path) : null;
    if (!match) continue;
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(match.groups ?? {})) params[name] = decode(value);
    return handler(call, params);
  }
  throw refuse(404, `The simulator has no call ${call.method} ${call.path}`);
}
