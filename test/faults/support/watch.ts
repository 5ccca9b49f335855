import type { World } from "./service";

/** Live objects that can only be of the program, by the kind of route that makes them. */
export interface Count {
  shares: number;
  snapshots: number;
  rules: number;
  policies: number;
}

export const KINDS = ["shares", "snapshots", "rules", "policies"] as const satisfies readonly (keyof Count)[];

/** The ids of everything that was there before the program. Automatic snapshots come and go by themselves. */
export function seedOf({ simulator }: World): ReadonlySet<string> {
  const { shares, snapshots, policies } = simulator.model;
  const rules = shares.flatMap((share) => share.rules);
  return new Set([...shares, ...rules, ...snapshots, ...policies].map(({ id }) => id));
}

/** What there is beside the seed. */
export function ours({ simulator }: World, seed: ReadonlySet<string>): Record<keyof Count, string[]> {
  const { shares, snapshots, policies } = simulator.model;
  const own = (objects: readonly { id: string; status: string }[]) =>
    objects.filter(({ id }) => !seed.has(id)).map(({ id, status }) => `${id} (${status})`);
  return {
    shares: own(shares),
    snapshots: own(snapshots.filter(({ type }) => type === "manual")),
    rules: own(shares.flatMap((share) => share.rules)),
    policies: own(policies),
  };
}

export function count(world: World, seed: ReadonlySet<string>): Count {
  const own = ours(world, seed);
  return {
    shares: own.shares.length,
    snapshots: own.snapshots.length,
    rules: own.rules.length,
    policies: own.policies.length,
  };
}

/** The most that there ever was at once, looked at after each call. */
export function watchMost(world: World, seed: ReadonlySet<string>): Count {
  const most = count(world, seed);
  world.watchers.push(() => {
    const now = count(world, seed);
    for (const kind of KINDS) most[kind] = Math.max(most[kind], now[kind]);
  });
  return most;
}
