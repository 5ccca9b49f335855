import { splitBranch } from "../../../provider/ovh/simulator/pathTemplate";
import { pathPattern } from "../../../provider/simulator/paths";
import { ovhOperations } from "../../../provider/simulators";
import type { World } from "./service";

/** A call that a command makes, as it is found again in another run of the same command. */
export interface Call {
  method: string;
  /** Path below the branch, with placeholders. */
  path: string;
  /** How many calls of the same method and path the command makes before it. */
  skip: number;
  /** A call of the product, not of the authentication. */
  product: boolean;
  /** Whether an operation begins with it that takes time. */
  begins: boolean;
  /** The status of the answer. */
  status: number;
  /** What was answered. */
  body: unknown;
}

const TOKEN_PATH = "/auth/oauth2/token";

const ROUTES = [
  ...ovhOperations.map(({ method, path }) => ({ method, path, product: true })),
  { method: "GET", path: "/auth/time", product: false },
  { method: "POST", path: TOKEN_PATH, product: false },
].map((route) => ({ ...route, pattern: pathPattern(route.path) }));

export function routeOf(method: string, path: string): { method: string; path: string; product: boolean } {
  const rest = splitBranch(path)?.rest ?? path;
  const found = ROUTES.find((route) => route.method === method && route.pattern.test(rest));
  if (found === undefined) throw new Error(`${method} ${path} is no call that the simulator knows`);
  return found;
}

/** Runs a command and notes every call that it makes. */
export async function callsOf(world: World, command: () => Promise<void>): Promise<Call[]> {
  const calls: Call[] = [];
  const seen = new Map<string, number>();
  const bodies = new Map<string, unknown>();
  // A change that changes nothing sees each answer.
  const taken = ROUTES.map(({ method, path }) =>
    world.simulator.faults.add({
      method,
      path,
      times: Number.POSITIVE_INFINITY,
      fault: {
        kind: "mutate",
        change: (body) => {
          bodies.set(`${method} ${path}`, body);
          return body;
        },
      },
    }),
  );
  const note = ({ method, path: called, status }: { method: string; path: string; status: number }) => {
    const { path, product } = routeOf(method, called);
    const key = `${method} ${path}`;
    const skip = seen.get(key) ?? 0;
    seen.set(key, skip + 1);
    const begins = method !== "GET" && hasJustBegun(world);
    calls.push({ method, path, skip, product, begins, status, body: bodies.get(key) });
  };
  world.watchers.push(note);
  try {
    await command();
  } finally {
    for (const takeBack of taken) takeBack();
    world.watchers.splice(world.watchers.indexOf(note), 1);
  }
  return calls;
}

/** Whether anything of the service has begun to move at this instant. */
function hasJustBegun({ simulator, clock }: World): boolean {
  const { shares, snapshots, policies } = simulator.model;
  const moving = [
    ...shares,
    ...shares.flatMap((share) => [...share.rules, share.policy, share.reserve]),
    ...snapshots,
    ...policies,
  ];
  return moving.some(({ progress }) => progress?.since === clock.time);
}

const TIMES = ["1st", "2nd", "3rd"];

/** `POST /share (1st)` */
export const describeCall = ({ method, path, skip }: Call): string =>
  `${method} ${path.replace("/storage/netapp/{serviceName}", "") || "/"} (${TIMES[skip] ?? `${skip + 1}th`})`;
