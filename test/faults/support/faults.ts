import { finish } from "../../../provider/ovh/simulator/progress";
import { type Fault, type FaultOrder, TRANSITION_KINDS } from "../../../provider/simulators";
import { type Call, routeOf } from "./calls";
import type { World, WorldOptions } from "./service";

/** One way for a call to go wrong. */
export interface FaultKind {
  name: string;
  /** Whether it means anything for this call. */
  fits: (call: Call) => boolean;
  options?: WorldOptions;
  /** Orders it for this call of the command that runs next. */
  arm: (world: World, call: Call) => Armed;
}

export interface Armed {
  struck: () => boolean;
  /** The command has ended, and with it the trouble. */
  over: () => void;
}

type Fits = (call: Call) => boolean;

const always: Fits = () => true;
const product: Fits = (call) => call.product;
const begins: Fits = (call) => call.begins;
const changes: Fits = ({ product, method }) => product && method !== "GET";
const signs: Fits = product;

/** What the simulator itself can do to a call. */
const simulated = (
  name: string,
  fault: Fault,
  { fits = always, times = 1, options = {} }: { fits?: Fits; times?: number; options?: WorldOptions } = {},
): FaultKind => ({
  name,
  fits,
  options,
  arm: (world, { method, path, skip }) => {
    const { faults } = world.simulator;
    const order: FaultOrder = { method, path, skip, times, fault };
    faults.add(order);
    return {
      struck: () => faults.pending.every((pending) => pending.order !== order || pending.left < times),
      over: () => faults.clear(),
    };
  },
});

/** Something that happens at the moment when a call arrives. */
const atTheCall = (
  name: string,
  fits: Fits,
  strike: (world: World) => { answered?: () => void; over?: () => void },
): FaultKind => ({
  name,
  fits,
  arm: (world, { method, path, skip }) => {
    let effect: ReturnType<typeof strike> | undefined;
    let answered = false;
    const run = () => {
      effect = strike(world);
    };
    world.simulator.faults.add({ method, path, skip, fault: { kind: "interfere", run } });
    world.watchers.push(() => {
      if (effect === undefined || answered) return;
      answered = true;
      effect.answered?.();
    });
    return {
      struck: () => effect !== undefined,
      over: () => {
        world.simulator.faults.clear();
        effect?.over?.();
      },
    };
  },
});

/** Nobody listens any more at so many calls, beginning with this one: any call then, or only this one. */
const refused = (name: string, times: number, afterwards: "it" | "all"): FaultKind => ({
  name,
  fits: always,
  arm: (world, call) => {
    let [seen, struck] = [0, 0];
    world.refuses = (method, called) => {
      const same = method === call.method && routeOf(method, called).path === call.path;
      if (same) seen += 1;
      const begun = seen > call.skip && (afterwards === "all" || same);
      if (!begun || struck >= times) return false;
      struck += 1;
      return true;
    };
    return {
      struck: () => struck > 0,
      over: () => {
        world.refuses = () => false;
      },
    };
  },
});

/** From this call on everything fails in this way, until the command ends. */
const outage = (name: string, first: Fault, then: Fault, fits: Fits = always): FaultKind => ({
  name,
  fits,
  arm: (world, { method, path, skip }) => {
    const { faults } = world.simulator;
    const order: FaultOrder = { method, path, skip, fault: first };
    faults.add(order);
    const struck = () => !faults.pending.some((pending) => pending.order === order);
    let begun = false;
    world.watchers.push(() => {
      if (begun || !struck()) return;
      begun = true;
      faults.add({ times: Number.POSITIVE_INFINITY, fault: then });
    });
    return { struck: () => begun, over: () => faults.clear() };
  },
});

/** Operations that begin with the call go another way than they should. */
const steered = (name: string, outcome: "stuck" | "failed"): FaultKind =>
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

const moving = ({ shares, snapshots, policies }: World["simulator"]["model"]) => [
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

const objectsIn = (body: unknown): object[] =>
  (Array.isArray(body) ? body : [body]).filter((one): one is object => typeof one === "object" && one !== null);

const inEach = (body: unknown, change: (object: object) => object): unknown => {
  if (Array.isArray(body)) return body.map((one: unknown) => inEach(one, change));
  return typeof body === "object" && body !== null ? change(body) : body;
};

const withUnknown =
  (members: readonly string[]) =>
  (body: unknown): unknown =>
    inEach(body, (object) =>
      Object.fromEntries(
        Object.entries(object).map(([key, value]) => [key, members.includes(key) ? "hibernating" : value]),
      ),
    );

const without = (isMissing: (member: string) => boolean) => (body: unknown) =>
  inEach(body, (object) => Object.fromEntries(Object.entries(object).filter(([key]) => !isMissing(key))));

const isListed: Fits = ({ body }) => objectsIn(body).length > 0;

const STATUS = (status: number, more: { retryAfter?: number; html?: string; afterEffect?: boolean } = {}): Fault => ({
  kind: "status",
  status,
  ...more,
});

const GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
const LOGIN_PAGE = "<!doctype html><html><body>Please log in</body></html>";

export const TEN_MINUTES_MS = 10 * 60_000;

/** Every fault that a call is made to meet. */
export const FAULTS: readonly FaultKind[] = [
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
