import type { Count, System, World, WorldOptions } from "./system";

/** What there is beside the seed. */
export function ours<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  world: W,
  seed: ReadonlySet<string>,
): Record<string, string[]> {
  const own = Object.entries(system.objects(world)).map(([kind, objects]) => [
    kind,
    objects.filter(({ id }) => !seed.has(id)).map(({ id, status }) => `${id} (${status})`),
  ]);
  return Object.fromEntries(own);
}

export const most = (left: Count, right: Count): Count => {
  const kinds = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, Math.max(left[kind] ?? 0, right[kind] ?? 0)]));
};

/** The most that there ever was at once, looked at after each call. */
export function watchMost<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  world: W,
  seed: ReadonlySet<string>,
): () => Count {
  const count = (): Count =>
    Object.fromEntries(Object.entries(ours(system, world, seed)).map(([kind, { length }]) => [kind, length]));
  let held = count();
  world.watchers.push(() => {
    held = most(held, count());
  });
  return () => held;
}
