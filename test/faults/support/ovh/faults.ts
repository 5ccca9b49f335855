import { finish } from "../../../../provider/ovh/simulator/progress";
import { type Fault, TRANSITION_KINDS } from "../../../../provider/simulators";
import type { Call, FaultKind } from "../system";
import { begins, changes, GATEWAY_PAGE, inEach, LOGIN_PAGE, objectsIn, waysOf, without } from "../ways";
import { routeOf } from "./routes";
import type { OvhWorld, OvhWorldOptions } from "./service";

const { simulated, atTheCall, refused, outage } = waysOf<OvhWorld, OvhWorldOptions>(routeOf);

type Fits = (call: Call) => boolean;
const product: Fits = (call) => call.product;
const signs: Fits = product;

/** Operations that begin with the call go another way than they should. */
const steered = (name: string, outcome: "stuck" | "failed"): FaultKind<OvhWorld, OvhWorldOptions> =>
  atTheCall(name, begins, ({ simulator: { model } }) => {
    for (const kind of TRANSITION_KINDS) model.steer(kind, { outcome });
    return {
      answered: () => model.clearSteering(),
      // The service has found its way in the meantime.
      over: () => {
        if (outcome === "stuck") for (const record of moving(model)) finish(record);
      },
    };
  });

const moving = ({ shares, snapshots, policies }: OvhWorld["simulator"]["model"]) => [
  ...shares,
  ...shares.flatMap(({ rules, policy, reserve }) => [...rules, policy, reserve]),
  ...snapshots,
  ...policies,
];

/** Members of the answers whose values are enumerations. */
const STATES = ["status"];
const OTHER_ENUMERATIONS = ["type", "accessType", "accessMode", "accessLevel", "protocol", "performanceLevel"];

const has = (members: readonly string[]): Fits => {
  return ({ body }) => objectsIn(body).some((object) => members.some((member) => member in object));
};

const withUnknown =
  (members: readonly string[]) =>
  (body: unknown): unknown =>
    inEach(body, (object) =>
      Object.fromEntries(
        Object.entries(object).map(([key, value]) => [key, members.includes(key) ? "hibernating" : value]),
      ),
    );

const isListed: Fits = ({ body }) => objectsIn(body).length > 0;

const STATUS = (status: number, more: { retryAfter?: number; html?: string; afterEffect?: boolean } = {}): Fault => ({
  kind: "status",
  status,
  ...more,
});

export const TEN_MINUTES_MS = 10 * 60_000;

/** Every fault that a call is made to meet. */
export const FAULTS: readonly FaultKind<OvhWorld, OvhWorldOptions>[] = [
  refused("connection refused", 1, "it"),
  refused("refused until the command ends", Number.POSITIVE_INFINITY, "all"),
  simulated("dropped before the effect", { kind: "dropBefore" }),
  simulated("dropped after the effect", { kind: "dropAfter" }),
  outage("lost, then nothing until the command ends", { kind: "dropAfter" }, { kind: "dropBefore" }),
  simulated("timeout", { kind: "slow", ms: 600_000 }, { options: { requestTimeoutSeconds: 0.25 } }),
  simulated("400", STATUS(400)),
  simulated("401", STATUS(401)),
  simulated("403", STATUS(403)),
  simulated("403 with the missing permission", { kind: "missingPermission" }, { fits: product }),
  simulated("404", STATUS(404)),
  simulated("409", STATUS(409)),
  simulated("423", STATUS(423)),
  simulated("429", STATUS(429)),
  simulated("429 with Retry-After", STATUS(429, { retryAfter: 7 })),
  simulated("500", STATUS(500)),
  simulated("500 after the effect", STATUS(500, { afterEffect: true }), { fits: changes }),
  simulated("502 in HTML", STATUS(502, { html: GATEWAY_PAGE })),
  simulated("502 in HTML after the effect", STATUS(502, { html: GATEWAY_PAGE, afterEffect: true }), { fits: changes }),
  simulated("503, three times", STATUS(503), { times: 3 }),
  outage("503 until the command ends", STATUS(503), STATUS(503)),
  simulated("truncated", { kind: "truncated" }),
  simulated("invalid JSON", { kind: "body", text: '{"id":' }),
  simulated("a page instead of an answer", { kind: "body", text: LOGIN_PAGE, contentType: "text/html" }),
  simulated("an empty body", { kind: "body", text: "" }),
  simulated("an unknown state", { kind: "mutate", change: withUnknown(STATES) }, { fits: has(STATES) }),
  simulated(
    "another unknown value",
    { kind: "mutate", change: withUnknown(OTHER_ENUMERATIONS) },
    { fits: has(OTHER_ENUMERATIONS) },
  ),
  simulated("no id", { kind: "mutate", change: without((member) => member === "id") }, { fits: isListed }),
  simulated("nothing but the id", { kind: "mutate", change: without((member) => member !== "id") }, { fits: isListed }),
  atTheCall("a clock 10 minutes off", signs, ({ simulator }) => {
    simulator.model.credentials.clockSkewMs += TEN_MINUTES_MS;
    return {};
  }),
  simulated("an expired consumer key", { kind: "expiredToken" }, { fits: product }),
  simulated("an expired token", { kind: "expiredToken" }, { fits: product, options: { serviceAccount: true } }),
  steered("a state that sticks", "stuck"),
  steered("a state that fails", "failed"),
  atTheCall("no quota left", changes, ({ simulator }) => {
    const [service] = simulator.model.services;
    if (service === undefined) return {};
    const { quota } = service;
    service.quota -= simulator.model.freeQuotaGiB(service.id);
    return {
      over: () => {
        service.quota = quota;
      },
    };
  }),
];
