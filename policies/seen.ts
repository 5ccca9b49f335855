import type { PolicyResource } from "@pulumi/policy";
import type { Properties } from "../provider/core/properties";
import { isUnknown } from "../provider/core/unknowns";

/*
 * Guarded reads of what a policy sees of a resource. The SDK throws on a value that a preview does not know yet, and makes a
 * note of it whatever the rule's level: nothing here reads through its proxy.
 */

/** A resource, as a resource rule and as a stack rule sees it. Only a stack rule knows what it depends on. */
export type Seen = Pick<PolicyResource, "type" | "name" | "urn" | "opts"> & { props: Properties };
/** A resource in the list of a stack rule. */
export type InStack = Seen & Pick<PolicyResource, "propertyDependencies" | "provider">;

/** The property as it is, a placeholder where it is not known. */
export const raw = (of: Seen, key: string): unknown => Reflect.getOwnPropertyDescriptor(of.props, key)?.value;

/** Whether the property is set, to whatever, or to something that is not known yet. */
export const isSet = (of: Seen, key: string): boolean => (raw(of, key) ?? undefined) !== undefined;

/** Whether the property is set and a preview can't know its value yet. */
export const unknown = (of: Seen, key: string): boolean => isUnknown(raw(of, key));

/** The property where it is a known text. */
export function text(of: Seen, key: string): string | undefined {
  const value = raw(of, key);
  return typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;
}

/** The property where it is a known number. */
export function number(of: Seen, key: string): number | undefined {
  const value = raw(of, key);
  return typeof value === "number" ? value : undefined;
}

/** The members of a property that is a known object, each maybe a placeholder. */
export function parts(of: Seen, key: string): Properties {
  const value = raw(of, key);
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Whether the service has it, as far as a policy can tell: the preview of a change sees no more than that of a creation. */
export const exists = (of: Seen): boolean => text(of, "status") !== undefined;

/** `ShareClone staging`, as in all our messages. */
export const called = ({ type, name }: Seen): string => `${type.split(":").at(-1)} ${name}`;

/** Those resources of a type that a property was made from, through `apply`, `pulumi.all` and components. */
export const madeFrom = (of: InStack, key: string, types: readonly string[]): InStack[] =>
  byUrn((of.propertyDependencies[key] ?? []).filter(({ type }) => types.includes(type)));

/** The engine lists resources in another order each time. */
export const byUrn = (resources: InStack[]): InStack[] =>
  resources.toSorted((left, right) => (left.urn < right.urn ? -1 : 1));
