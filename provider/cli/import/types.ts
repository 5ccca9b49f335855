import { HoldfastError } from "../../core/errors";
import type { Properties } from "../../core/properties";
import type { Importable, System } from "../../core/system";
import type { ResourceKind } from "../../kinds";
import { SYSTEMS } from "../systems";

/** Every kind that can be imported. */
export const KINDS = SYSTEMS.flatMap(({ imports }) => Object.keys(imports)) as ResourceKind[]; // keys of Records of kinds

const DYNAMIC = "pulumi-nodejs:dynamic/";
const short = (type: string): string => (type.startsWith(DYNAMIC) ? type.slice(DYNAMIC.length) : type);

/** The kind that a type names, in its short form `ovh:Share` or in Pulumi's. */
export const kindOf = (type: string): ResourceKind | undefined => KINDS.find((kind) => kind === short(type));

/** The kind of an entry in an import file, where only Pulumi's form is a type of ours. */
export const kindOfEntry = (type: string): ResourceKind | undefined =>
  type.startsWith(DYNAMIC) ? kindOf(type) : undefined;

export const isAction = (type: string): boolean => SYSTEMS.some(({ actions }) => actions.includes(short(type)));

/** Why a type can't be imported. */
export const noKind = (type: string): string =>
  isAction(type)
    ? `${short(type)} is an action, done once by pulumi up: nothing exists that could be imported. Declare it in the program`
    : `There is no type "${type}" to import; there are ${KINDS.join(", ")}`;

/** The system of a kind, and how its objects are imported. */
export function ruleOf(kind: ResourceKind): { system: System; rule: Importable } {
  for (const system of SYSTEMS) {
    const rule = system.imports[kind];
    if (rule !== undefined) return { system, rule };
  }
  throw new Error(`${kind} can't be imported`); // a kind comes from `kindOf`
}

/** The form of a kind's composite id, `<serviceName>/<shareId>`. */
export function idForm(kind: ResourceKind): string {
  const { parents, own, parentsOptional } = ruleOf(kind).rule;
  const whole = [...parents, own].map((part) => `<${part}>`).join("/");
  return parentsOptional === true ? `<${own}> or ${whole}` : whole;
}

/** By option, the kinds and their inputs that it tells. */
export const TOLD: ReadonlyMap<string, { kind: ResourceKind; input: string }> = new Map(
  KINDS.flatMap((kind) =>
    Object.entries(ruleOf(kind).rule.told ?? {}).map(([input, option]) => [option, { kind, input }] as const),
  ),
);

/** What the user tells of an object, in the form that properties have. */
export function toldOf(kind: ResourceKind, given: Properties): Properties {
  const { system, rule } = ruleOf(kind);
  const told: Properties = {};
  for (const [input, option] of Object.entries(rule.told ?? {})) {
    const value = given[input];
    if (value === undefined) continue;
    if (!system.ids.pattern.test(String(value))) {
      throw new HoldfastError(`${input} (--${option}) takes an id, ${system.ids.one}, and "${value}" is none.`);
    }
    told[input] = system.ids.parse(String(value));
  }
  return told;
}
