import type { Call, FaultKind, World } from "./system";

// How calls of any system go wrong.

type Fits = (call: Call) => boolean;
export const always: Fits = () => true;
export const begins: Fits = (call) => call.begins;
export const changes: Fits = ({ product, writes }) => product && writes;

/** The ways of one system, with the faults that its simulator knows. */
export function waysOf<W extends World, O extends object>(
  routeOf: (method: string, path: string) => { method: string; path: string },
) {
  type Fault = Parameters<W["order"]>[1];

  /** What the simulator itself can do to a call. */
  const simulated = (
    name: string,
    fault: Fault,
    { fits = always, times = 1, options }: { fits?: Fits; times?: number; options?: O } = {},
  ): FaultKind<W, O> => ({
    name,
    fits,
    options,
    arm: (world, { method, path, skip }) => {
      const ordered = world.order({ method, path, skip }, fault, times);
      return { struck: ordered.struck, over: () => world.calm() };
    },
  });

  /** Something that happens at the moment when a call arrives. */
  const atTheCall = (
    name: string,
    fits: Fits,
    strike: (world: W) => { answered?: () => void; over?: () => void },
    options?: O,
  ): FaultKind<W, O> => ({
    name,
    fits,
    options,
    arm: (world, { method, path, skip }) => {
      let effect: ReturnType<typeof strike> | undefined;
      let answered = false;
      const run = () => {
        effect = strike(world);
      };
      world.order({ method, path, skip }, { kind: "interfere", run });
      world.watchers.push(() => {
        if (effect === undefined || answered) return;
        answered = true;
        effect.answered?.();
      });
      return {
        struck: () => effect !== undefined,
        over: () => {
          world.calm();
          effect?.over?.();
        },
      };
    },
  });

  /** Nobody listens any more at so many calls, beginning with this one: any call then, or only this one. */
  const refused = (name: string, times: number, afterwards: "it" | "all"): FaultKind<W, O> => ({
    name,
    fits: always,
    arm: (world, call) => {
      let [seen, struck] = [0, 0];
      world.refuses = (method, path) => {
        const route = routeOf(method, path);
        const same = route.method === call.method && route.path === call.path;
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
  const outage = (name: string, first: Fault, then: Fault, fits: Fits = always): FaultKind<W, O> => ({
    name,
    fits,
    arm: (world, { method, path, skip }) => {
      const ordered = world.order({ method, path, skip }, first);
      let begun = false;
      world.watchers.push(() => {
        if (begun || !ordered.over()) return;
        begun = true;
        world.order({}, then, Number.POSITIVE_INFINITY);
      });
      return { struck: () => begun, over: () => world.calm() };
    },
  });

  return { simulated, atTheCall, refused, outage };
}

export const objectsIn = (body: unknown): object[] =>
  (Array.isArray(body) ? body : [body]).filter((one): one is object => typeof one === "object" && one !== null);

export const inEach = (body: unknown, change: (object: object) => object): unknown => {
  if (Array.isArray(body)) return body.map((one: unknown) => inEach(one, change));
  return typeof body === "object" && body !== null ? change(body) : body;
};

export const without = (isMissing: (member: string) => boolean) => (body: unknown) =>
  inEach(body, (object) => Object.fromEntries(Object.entries(object).filter(([key]) => !isMissing(key))));

export const GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>";
export const LOGIN_PAGE = "<!doctype html><html><body>Please log in</body></html>";
