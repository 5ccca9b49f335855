import * as pulumi from "@pulumi/pulumi";
import type { ResourceKind } from "../kinds";
import { providerText, typeOf } from "./code";

export { providerText, typeOf };

/** Limits of an operation, each a Pulumi duration such as `90s`, `15m` or `1h30m`. */
export interface Timeouts {
  /** How long create waits. */
  create?: string | undefined;
  /** How long an in-place change waits. */
  update?: string | undefined;
  /** How long delete waits. */
  delete?: string | undefined;
}

/** The arguments of a class: every property, nested ones too, as `pulumi.Input`. */
export type Wrapped<T> = { [K in keyof T]: pulumi.Input<WrappedValue<NonNullable<T[K]>>> | Extract<T[K], undefined> };
type WrappedValue<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<WrappedValue<Item>>[]
  : T extends object
    ? Wrapped<T>
    : T;

/**
 * The base of all our resources: a Pulumi dynamic resource whose code stays in the installed package. It sends what
 * `pulumi.dynamic.Resource` sends, without serializing closures.
 */
export abstract class ManagedResource extends pulumi.CustomResource {
  /** @internal */
  protected constructor(kind: ResourceKind, name: string, args: object, opts: pulumi.CustomResourceOptions = {}) {
    const type = typeOf(kind);
    const organization = pulumi.getOrganization();
    super(
      type,
      name,
      {
        ...args,
        ...limits(args, opts),
        __provider: providerText(kind),
        __urn: ownUrn(type, name, opts.parent),
        // Only a service backend has more than this one organization: it is not worth its bytes elsewhere.
        ...(organization === "organization" ? {} : { __organization: organization }),
      },
      opts,
    );
  }
}

/** True for an instance of the class with this type, also where the package is loaded twice. */
export const isOfType = (value: unknown, type: string): boolean =>
  pulumi.Resource.isInstance(value) && Reflect.get(value, "__pulumiType") === type;

/** Every output of a class, without a value: the SDK makes a property for each key. */
export const outputs = (names: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(names.map((name) => [name, undefined]));

/**
 * The URN under which the engine will know the resource. With a parent it is a promise: the Output itself depends on
 * the parent, and two of our resources in one component would then wait for each other for ever.
 */
function ownUrn(type: string, name: string, parent: pulumi.Resource | undefined): string | Promise<string> {
  if (parent === undefined) return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${name}`;
  return new Promise((resolve) => {
    pulumi.createUrn(name, type, parent).apply(resolve);
  });
}

/** The engine neither enforces `customTimeouts` nor passes them on: they travel as an input. */
function limits(args: object, opts: pulumi.CustomResourceOptions): { timeouts?: pulumi.Input<object> } {
  if (opts.customTimeouts === undefined) return {};
  const fromOptions = Object.fromEntries(
    Object.entries(opts.customTimeouts).filter(([, limit]) => limit !== undefined),
  );
  if (Object.keys(fromOptions).length === 0) return {};
  const own: pulumi.Input<object> | undefined =
    "timeouts" in args ? (args.timeouts as pulumi.Input<object>) : undefined; // the schema says what it is; check validates it
  return { timeouts: pulumi.output(own).apply((limitsOfArgs) => ({ ...fromOptions, ...limitsOfArgs })) };
}

/** The parents of an object, as `get` takes them: in the composite id, or in `state`. */
export function lookUp(
  className: string,
  name: string,
  id: pulumi.Input<pulumi.ID>,
  parents: readonly string[],
  state: object,
  opts: pulumi.CustomResourceOptions | undefined,
): { args: object; opts: pulumi.CustomResourceOptions } {
  const split = (text: string): string[] => {
    const given = text.toLowerCase().split("/");
    if (given.every((part) => part !== "") && [1, parents.length + 1].includes(given.length)) return given;
    throw new pulumi.RunError(
      `${className}.get("${name}"): the id "${text}" must be <${[...parents, "id"].join(">/<")}>, or the id alone with ${parents.join(" and ")} in the third argument.`,
    );
  };
  const missing = (parent: string) =>
    new pulumi.RunError(
      `${className}.get("${name}"): ${parent} is missing. Pass { ${parent} } as third argument, or the id as <${[...parents, "id"].join(">/<")}>.`,
    );
  // A plain id is looked at here: an error inside of an Output reaches the user once per property.
  const plain = typeof id === "string" ? split(id) : undefined;
  const without = parents.find((parent) => Reflect.get(state, parent) === undefined);
  if (plain?.length === 1 && without !== undefined) throw missing(without);
  const parts = plain === undefined ? pulumi.output(id).apply(split) : pulumi.output(plain);
  const ids = Object.fromEntries(
    parents.map((parent, index) => [
      parent,
      pulumi.all([parts, Reflect.get(state, parent) as pulumi.Input<string> | undefined]).apply(([given, stated]) => {
        const value = given.length > 1 ? given[index] : stated;
        if (value !== undefined) return value;
        throw missing(parent);
      }),
    ]),
  );
  return {
    args: { ...state, ...ids, __get: true },
    opts: { ...opts, id: parts.apply((given) => given.at(-1) ?? "") },
  };
}
