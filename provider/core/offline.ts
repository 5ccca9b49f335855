/**
 * Whether `HOLDFAST_OFFLINE` forbids questions to a service that could be left out: look-ups of a program, and what a
 * preview asks to fail early. Set to anything but an empty text, `0`, `false` or `no`, it does. What changes something, and
 * what a resource reads of itself, goes on.
 */
export function offline(environment: NodeJS.ProcessEnv): boolean {
  const value = environment["HOLDFAST_OFFLINE"]?.trim().toLowerCase() ?? "";
  return !["", "0", "false", "no"].includes(value);
}
