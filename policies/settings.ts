import type { RuleArgs } from "./rule";

/**
 * What a rule is configured with. The engine fills in a schema's defaults and checks types, but not in every place that runs
 * a pack, and it lets keys pass that the schema does not have.
 */
export function settingsOf<C extends object>(
  { name, settings, problem }: Pick<RuleArgs<C>, "name" | "settings" | "problem">,
  given: object,
): C {
  const known = Object.keys(settings);
  const strange = Object.keys(given).find((key) => !known.includes(key));
  if (strange !== undefined) {
    throw configError(`${name} has no setting "${strange}". It has ${["enforcementLevel", ...known].join(", ")}.`);
  }
  const entries = Object.entries<{ default: unknown }>(settings).map(([key, { default: fallback }]) => {
    const value: unknown = Reflect.get(given, key);
    // An object with one of two members keeps the default of the other one.
    return [key, isPlain(fallback) && isPlain(value) ? { ...fallback, ...value } : (value ?? fallback)];
  });
  // Each setting of C is there: from the configuration, whose types the engine has checked, or from its default.
  const config = Object.fromEntries(entries) as C;
  const wrong = problem?.(config);
  if (wrong !== undefined) throw configError(`${name}: ${wrong}`);
  return config;
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Without a stack, which the SDK would show instead of the message. */
export function configError(message: string): Error {
  const error = new Error(`Policy configuration: ${message}`);
  error.stack = error.message;
  return error;
}
