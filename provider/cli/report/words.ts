import { isUnknown } from "../../core/unknowns";
import { age } from "./markdown";
import { type Fate, fateOf, type Preview, type Step } from "./model";
import { orderOf, type Related, sizeOf } from "./related";
import { SECRET } from "./values";

/** Words for people; `show` makes free text safe. */
export type Show = (text: string, longest?: number) => string;

export const UNKNOWN = "unknown until up";

const FATES: Readonly<Record<Fate, string>> = {
  create: "created",
  import: "imported",
  replace: "replaced",
  update: "updated",
  delete: "deleted",
  forget: "forgotten, but stays at the service",
  read: "looked up",
  same: "unchanged",
};

export const fateText = (step: Step): string => {
  const fate = fateOf(step);
  if (fate !== "replace") return FATES[fate];
  return `${FATES[fate]}, ${orderOf(step)}${step.before?.retained === true ? ", the old one stays at the service" : ""}`;
};

export const gib = (size: unknown): string => (typeof size === "number" ? `${Number(size.toFixed(2))} GiB` : UNKNOWN);

/** @param inputs those that say the size, for one that is secret */
export const sizes = (step: Step, input: string): string => {
  const [old, now] = [sizeOf(step.before), sizeOf(step.after)];
  if (["delete", "forget"].includes(fateOf(step))) return gib(old);
  if ((step.after ?? step.before)?.inputs[input] === SECRET) return "secret";
  return old === undefined || old === now || fateOf(step) === "create" ? gib(now) : `${gib(old)} to ${gib(now)}`;
};

export const when = (preview: Preview, time: unknown, show: Show): string => {
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? "not known" : `${age(at, preview.at)}, ${show(new Date(at).toISOString().slice(0, 16))}`;
};

const named = ({ steps, certain }: Related, show: Show): string => {
  const names = steps.slice(0, 4).map((step) => `${withoutSystem(step.kind)} ${show(step.name)}`);
  if (steps.length > names.length) names.push(`${steps.length - names.length} more`);
  if (certain) return names.join(", ");
  return names.length === 1 ? `probably ${names[0]}, the only new one that fits` : `a new one: ${names.join(" or ")}`;
};

/** `ShareClone` of `ovh:ShareClone`. */
export const withoutSystem = (kind: string): string => kind.replace(/^\w+:/, "");

/** What a clone is made from. */
export interface Origin {
  id: unknown;
  /** In the program. */
  found: Related;
  /** The time of a resource's data, in words. */
  dataOf(step: Step): string;
  /** The output that tells the time of an object that exists. */
  time: string;
  /** Where no resource of the program has the id. */
  elsewhere(id: string): [source: string, data: string];
}

/** Where the contents come from, and how old they are. */
export function originText(
  preview: Preview,
  { id, found, dataOf, time, elsewhere }: Origin,
  show: Show,
): [source: string, data: string] {
  const [step] = found.steps;
  if (id === SECRET) return ["secret", "not shown"];
  if (isUnknown(id) || id === undefined) {
    if (step === undefined) return [UNKNOWN, UNKNOWN];
    return [named(found, show), found.steps.length === 1 ? dataOf(step) : UNKNOWN];
  }
  const shown = show(String(id));
  if (step === undefined) return elsewhere(shown);
  // The id of an object that leaves the stack: its replacement has another one.
  const old = step.before?.id === String(id) && ["replace", "delete", "forget"].includes(fateOf(step));
  const data = old ? when(preview, step.before?.outputs[time], show) : dataOf(step);
  const leaves = old && step.before?.retained !== true ? ", **which this update deletes**" : "";
  return [`${named(found, show)} (${shown})${leaves}`, data];
}
