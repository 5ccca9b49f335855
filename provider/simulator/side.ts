import { decode, pathPattern } from "./paths";
import { refuse } from "./refusal";

/** Path below which the simulators' own calls are. They are no part of the service. */
export const SIDE_PREFIX = "/simulator/";

/** What the simulators' own calls need. */
export interface SideCall {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  calls: readonly unknown[];
  unmatched: readonly string[];
}

/** A text, or a value to write as JSON. */
export type SideAnswer = { status: number; body: unknown } | { status: number; text: string };

/** One of the simulator's own calls; the second argument holds the placeholders of its path. */
export type SideHandler<Call> = (call: Call, params: Readonly<Record<string, string>>) => SideAnswer;

/** Method, the whole path with placeholders or as a pattern, and what answers. */
export type SideRoute<Call> = readonly [method: string, path: string | RegExp, handler: SideHandler<Call>];

/** The answer of a call without a result. */
export const nothing: SideAnswer = { status: 204, text: "" };

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const requireLocal = ({ headers }: SideCall): void => {
  // A web page can reach loopback addresses. It cannot send this header to another origin without asking first, and a
  // name of its own that it lets point here shows in Host.
  const host = headers["host"];
  if (headers["x-holdfast-simulator"] !== "1") throw refuse(403, "Send the header X-Holdfast-Simulator: 1");
  if (typeof host !== "string" || !LOOPBACK.test(host)) throw refuse(403, "Call the simulator by a loopback address");
};

/** The simulator's own calls among each other. */
export interface SideCalls<Call> {
  /** Answers one without asking where it comes from. */
  answer(call: Call): SideAnswer;
  knows(method: string, path: string): boolean;
}

const SHARED: readonly SideRoute<SideCall>[] = [
  ["GET", "/simulator/calls", ({ calls }) => ({ status: 200, body: calls })],
  ["GET", "/simulator/unmatched", ({ unmatched }) => ({ status: 200, body: unmatched })],
];

/** Answers the simulator's own calls, which `simulators.ts` lists. */
export function sideApi<Call extends SideCall>(
  routesOf: (among: SideCalls<Call>) => readonly SideRoute<Call>[],
): (call: Call) => SideAnswer {
  const find = (method: string, path: string) => {
    for (const [wanted, pattern, handler] of routes) {
      const match = wanted === method ? pattern.exec(path) : null;
      if (match) return { handler, groups: match.groups ?? {} };
    }
    return undefined;
  };
  const answer = (call: Call): SideAnswer => {
    const found = find(call.method, call.path);
    if (!found) throw refuse(404, `The simulator has no call ${call.method} ${call.path}`);
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups)) params[name] = decode(value);
    return found.handler(call, params);
  };
  const all: readonly SideRoute<Call>[] = [
    ...SHARED,
    ...routesOf({ answer, knows: (method, path) => find(method, path) !== undefined }),
  ];
  const routes = all.map(
    ([method, path, handler]) => [method, typeof path === "string" ? pathPattern(path) : path, handler] as const,
  );
  return (call) => {
    requireLocal(call);
    return answer(call);
  };
}
