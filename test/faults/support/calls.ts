import type { Call, System, World, WorldOptions } from "./system";

const keyOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;

/** Runs a command and notes every call that it makes. */
export async function callsOf<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  world: W,
  command: () => Promise<void>,
): Promise<Call[]> {
  const calls: Call[] = [];
  const seen = new Map<string, number>();
  const bodies = new Map<string, unknown>();
  // A change that changes nothing sees each answer.
  const looks = system.routes.map((route) =>
    world.order(
      route,
      {
        kind: "mutate",
        change: (body) => {
          bodies.set(keyOf(route), body);
          return body;
        },
      },
      Number.POSITIVE_INFINITY,
    ),
  );
  const note = (called: { method: string; path: string }) => {
    const { product, ...route } = system.routeOf(called.method, called.path);
    const key = keyOf(route);
    const skip = seen.get(key) ?? 0;
    seen.set(key, skip + 1);
    const writes = system.writes(route);
    const begins = writes && system.hasJustBegun(world);
    calls.push({ ...route, skip, product, begins, writes, body: bodies.get(key) });
  };
  world.watchers.push(note);
  try {
    await command();
  } finally {
    for (const look of looks) look.takeBack();
    world.watchers.splice(world.watchers.indexOf(note), 1);
  }
  return calls;
}

const TIMES = ["1st", "2nd", "3rd"];

/** `POST /share (1st)` */
export const describeCall = <W extends World, O extends WorldOptions>(system: System<W, O>, call: Call): string =>
  `${system.describeRoute(call)} (${TIMES[call.skip] ?? `${call.skip + 1}th`})`;
