import { decode } from "./pathTemplate";
import { refuse } from "./refusal";
import type { SideAnswer, SideCall, SideRoute } from "./sideCall";
import { faultRoutes } from "./sideFaults";
import { MODEL_ROUTES } from "./sideModel";

/** Path below which the simulator's own calls are. They are no part of the service. */
export const SIDE_PREFIX = "/simulator/";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const requireLocal = ({ headers }: SideCall): void => {
  // A web page can reach loopback addresses. It cannot send this header to another origin without asking first, and a
  // name of its own that it lets point here shows in Host.
  const host = headers["host"];
  if (headers["x-holdfast-simulator"] !== "1") throw refuse(403, "Send the header X-Holdfast-Simulator: 1");
  if (typeof host !== "string" || !LOOPBACK.test(host)) throw refuse(403, "Call the simulator by a loopback address");
};

const find = (method: string, path: string) => {
  for (const [wanted, pattern, handler] of ROUTES) {
    const match = wanted === method ? pattern.exec(path) : null;
    if (match) return { handler, groups: match.groups ?? {} };
  }
  return undefined;
};

const answer = (call: SideCall): SideAnswer => {
  const found = find(call.method, call.path);
  if (!found) throw refuse(404, `The simulator has no call ${call.method} ${call.path}`);
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(found.groups)) params[name] = decode(value);
  return found.handler(call, params);
};

const ROUTES: readonly SideRoute[] = [
  ...MODEL_ROUTES,
  ...faultRoutes(answer, ({ method, path }) => find(method, path) !== undefined),
];

/** Answers the simulator's own calls, which `simulators.ts` lists. */
export function answerSide(call: SideCall): SideAnswer {
  requireLocal(call);
  return answer(call);
}
