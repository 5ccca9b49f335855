import { isUnknown } from "../../core/unknowns";
import { deletesFirst, fateOf, type Preview, type State, type Step } from "./model";
import { isFields, SECRET, textOf, textsOf } from "./values";

/** What a resource's property refers to: certainly one, or one of several, or nothing in the program. */
export interface Related {
  steps: Step[];
  /** Told by an id or by the engine, not inferred. */
  certain: boolean;
}

/** A property of what a resource is made from, as it will be; as it was where the resource goes. */
export const inputOf = (step: Step, key: string): unknown => (step.after ?? step.before)?.inputs[key];

/** The same, of what is known of the object, too. */
export const knownOf = (step: Step, key: string): unknown => {
  const wanted = inputOf(step, key);
  return wanted === undefined ? (step.after ?? step.before)?.outputs[key] : wanted;
};

const idsOf = (step: Step): string[] =>
  [step.after, step.before].flatMap((state) => (state && state.id !== "" && !isUnknown(state.id) ? [state.id] : []));

/** The object is new: its id is not known before the update. */
const isNew = (step: Step): boolean => ["create", "replace"].includes(fateOf(step));

const agree = (one: unknown, other: unknown): boolean =>
  [one, other].some((value) => value === undefined || isUnknown(value) || value === SECRET) || one === other;

const parentOf = ({ after, before }: Step): string => textOf((after ?? before)?.parent);

/**
 * What `step` refers to with `key`, among resources of these kinds. A known id says it. For an unknown one only the plain form
 * names the resource (`propertyDependencies`); the stream does not, so what remains are the new ones that fit, of the same
 * component first.
 */
function relatedBy(preview: Preview, step: Step, key: string, kinds: readonly string[], fits: string[]): Related {
  const id = inputOf(step, key);
  const all = [...preview.steps.values()].filter((other) => other.ours && kinds.includes(other.kind));
  if (typeof id === "number" || (typeof id === "string" && !isUnknown(id) && id !== SECRET)) {
    return { steps: all.filter((other) => idsOf(other).includes(String(id))), certain: true };
  }
  const urns = textsOf(step.after?.dependencies[key]);
  const named = all.filter(({ urn }) => urns.includes(urn));
  if (named.length > 0) return { steps: named, certain: named.length === 1 };
  // A secret id may be that of any.
  const fresh = all.filter(
    (other) =>
      (isNew(other) || id === SECRET) &&
      fits.every((property) => agree(inputOf(step, property), inputOf(other, property))),
  );
  const siblings = fresh.filter((other) => parentOf(other) === parentOf(step) && isComponent(parentOf(step)));
  return { steps: siblings.length > 0 ? siblings : fresh, certain: false };
}

/** The stack itself is a parent, too. */
const isComponent = (urn: string): boolean => urn !== "" && !urn.includes("::pulumi:pulumi:Stack::");

export const SNAPSHOTS = ["ovh:Snapshot", "ovh:HeldSnapshot"];
export const SHARES = ["ovh:Share", "ovh:ShareClone"];
export const VOLUMES = ["element:VolumeClone"];

/** Looked for once: every resource is asked about several times. */
const found = new WeakMap<Step, Related>();

function once(step: Step, look: () => Related): Related {
  const known = found.get(step) ?? look();
  found.set(step, known);
  return known;
}

/** The snapshot that a clone is filled from. */
export const snapshotOf = (preview: Preview, clone: Step): Related =>
  once(clone, () => relatedBy(preview, clone, "snapshotId", SNAPSHOTS, ["serviceName", "shareId"]));

/** The snapshot that a clone of a volume is made from. */
export const snapshotOfVolume = (preview: Preview, clone: Step): Related =>
  once(clone, () => relatedBy(preview, clone, "snapshotID", ["element:Snapshot"], ["volumeID"]));

/** The volume that another one is a clone of. */
export const volumeOf = (preview: Preview, clone: Step): Related =>
  once(clone, () => relatedBy(preview, clone, "volumeID", VOLUMES, []));

/** The share that an access rule is for. */
export const shareOf = (preview: Preview, rule: Step): Related =>
  once(rule, () => relatedBy(preview, rule, "shareId", SHARES, ["serviceName"]));

/** Facts that check has looked up for an id that stands in the program. */
export function factsOf(state: State | undefined): Readonly<Record<string, unknown>> | undefined {
  const source = state?.inputs["source"];
  return isFields(source) ? source : undefined;
}

const GIB = 1024 ** 3;

/** A number of GiB, or `undefined` where it is not known yet. */
export function sizeOf(state: State | undefined): number | undefined {
  const [inputs, outputs] = [state?.inputs ?? {}, state?.outputs ?? {}];
  const first = (...values: unknown[]) => values.find((value) => typeof value === "number" && Number.isFinite(value));
  const size = first(inputs["size"], outputs["size"]);
  if (typeof size === "number") return size;
  // What a clone of a volume has without a size of its own is what its source has.
  const bytes = first(inputs["newSize"], outputs["totalSize"], factsOf(state)?.["totalSize"]);
  return typeof bytes === "number" ? bytes / GIB : undefined;
}

/** How a replacement goes. */
export const orderOf = (step: Step): string => (deletesFirst(step) ? "old one deleted first" : "new one made first");
