import type { ResourceKind } from "../../kinds";
import { ovhActions, ovhImports } from "../../ovh/imports";

/** Every kind that can be imported. */
export const KINDS = Object.keys(ovhImports) as ResourceKind[]; // keys of a Record of kinds

const DYNAMIC = "pulumi-nodejs:dynamic/";
const short = (type: string): string => (type.startsWith(DYNAMIC) ? type.slice(DYNAMIC.length) : type);

/** The kind that a type names, in its short form `ovh:Share` or in Pulumi's. */
export const kindOf = (type: string): ResourceKind | undefined => KINDS.find((kind) => kind === short(type));

/** The kind of an entry in an import file, where only Pulumi's form is a type of ours. */
export const kindOfEntry = (type: string): ResourceKind | undefined =>
  type.startsWith(DYNAMIC) ? kindOf(type) : undefined;

export const isAction = (type: string): boolean => ovhActions.includes(short(type));

/** Why a type can't be imported. */
export const noKind = (type: string): string =>
  isAction(type)
    ? `${short(type)} is an action, done once by pulumi up: nothing exists that could be imported. Declare it in the program`
    : `There is no type "${type}" to import; there are ${KINDS.join(", ")}`;

/** The form of a kind's composite id, `<serviceName>/<shareId>`. */
export function idForm(kind: ResourceKind): string {
  const { parents = [], own = "id" } = ovhImports[kind] ?? {};
  return [...parents, own].map((part) => `<${part}>`).join("/");
}
