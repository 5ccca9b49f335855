import { isUnknown } from "../../core/unknowns";
import { age, table } from "./markdown";
import { type Fate, fateOf, type Preview, type Step } from "./model";
import { factsOf, inputOf, knownOf, orderOf, type Related, shareOf, sizeOf, snapshotOf } from "./related";
import { SECRET, textOf } from "./values";

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

const named = ({ steps, certain }: Related, show: Show): string => {
  const names = steps.slice(0, 4).map((step) => `${step.kind.slice(4)} ${show(step.name)}`);
  if (steps.length > names.length) names.push(`${steps.length - names.length} more`);
  if (certain) return names.join(", ");
  return names.length === 1 ? `probably ${names[0]}, the only new one that fits` : `a new one: ${names.join(" or ")}`;
};

/** Where the contents come from, and how old they are. */
function sourceOf(preview: Preview, clone: Step, show: Show): [source: string, data: string] {
  const id = inputOf(clone, "snapshotId");
  const found = snapshotOf(preview, clone);
  const facts = factsOf(clone.after);
  const [step] = found.steps;
  if (id === SECRET) return ["secret", "not shown"];
  if (isUnknown(id) || id === undefined) {
    if (step === undefined) return [UNKNOWN, UNKNOWN];
    return [named(found, show), found.steps.length === 1 ? dataOf(preview, step, show) : UNKNOWN];
  }
  const number = `${show(textOf(id))}`;
  if (step !== undefined) {
    // The id of an object that leaves the stack: its replacement has another one.
    const old = step.before?.id === id && ["replace", "delete", "forget"].includes(fateOf(step));
    const data = old ? when(preview, step.before?.outputs["createdAt"], show) : dataOf(preview, step, show);
    return [
      `${named(found, show)} (${number})${old && step.before?.retained !== true ? ", **which this update deletes**" : ""}`,
      data,
    ];
  }
  if (facts === undefined) return [`${number}, not looked up`, when(preview, recordedTime(clone, id), show)];
  const parent = `of share ${show(textOf(facts["shareId"]))}, now ${gib(facts["presentShareSizeGiB"])}`;
  const what = `${textOf(facts["type"]) === "manual" ? "manual" : show(textOf(facts["type"]))} snapshot`;
  return [`${what} ${show(textOf(facts["name"]))} (${number}) ${parent}`, when(preview, facts["createdAt"], show)];
}

/** What a clone that exists has kept of its source. */
function recordedTime(clone: Step, snapshotId: unknown): unknown {
  const outputs = clone.before?.outputs ?? {};
  return outputs["sourceSnapshotId"] === snapshotId ? outputs["sourceCreatedAt"] : undefined;
}

const gib = (size: unknown): string => (typeof size === "number" ? `${size} GiB` : UNKNOWN);

const when = (preview: Preview, time: unknown, show: Show): string => {
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? "not known" : `${age(at, preview.at)}, ${show(new Date(at).toISOString().slice(0, 16))}`;
};

/** The time of a snapshot's data. What is made by the update has none yet, but it is known how it will come about. */
function dataOf(preview: Preview, snapshot: Step, show: Show): string {
  const time = knownOf(snapshot, "createdAt");
  if (typeof time === "string" && !isUnknown(time)) return when(preview, time, show);
  if (snapshot.kind === "ovh:Snapshot") return "taken during up";
  const facts = factsOf(snapshot.after);
  if (facts !== undefined) return when(preview, facts["createdAt"], show);
  const select = snapshot.after?.inputs["select"];
  if (typeof select !== "object" || select === null) return UNKNOWN;
  const before = "before" in select ? select.before : undefined;
  if (before === undefined) return "the newest automatic snapshot at the time of up";
  return `the newest automatic snapshot before ${isUnknown(before) ? "a time that is unknown until up" : show(String(before))}`;
}

const sizes = (step: Step): string => {
  const [old, now] = [sizeOf(step.before), sizeOf(step.after)];
  if (["delete", "forget"].includes(fateOf(step))) return gib(old);
  if (inputOf(step, "size") === SECRET) return "secret";
  return old === undefined || old === now || fateOf(step) === "create" ? gib(now) : `${old} GiB to ${gib(now)}`;
};

/** `10.0.5.0/24 rw` */
export function ruleText(rule: Step, show: Show): string {
  const part = (key: string): string => {
    const value = inputOf(rule, key);
    return isUnknown(value) ? `${key} ${UNKNOWN}` : show(textOf(value));
  };
  return `${part("accessTo")} ${part("accessLevel")}`;
}

/** Rules by the share that they open; one that may belong to several is told with each. */
function rulesByShare(preview: Preview): Map<Step, Step[]> {
  const rules = new Map<Step, Step[]>();
  for (const step of preview.steps.values()) {
    if (!step.ours || step.kind !== "ovh:ShareAccessRule" || ["delete", "forget"].includes(fateOf(step))) continue;
    for (const share of shareOf(preview, step).steps) {
      const others = rules.get(share);
      if (others === undefined) rules.set(share, [step]);
      else others.push(step);
    }
  }
  return rules;
}

/** As many as the service takes for a share. */
const MOST_RULES = 16;

function accessText(preview: Preview, rules: readonly Step[], show: Show): string {
  const texts = rules.slice(0, MOST_RULES).map((rule) => {
    const { certain, steps } = shareOf(preview, rule);
    const kind = inputOf(rule, "shareId") === SECRET ? "share, its id is secret" : "new share";
    return `${ruleText(rule, show)}${certain || steps.length === 1 ? "" : ` (this or another ${kind})`}`;
  });
  if (rules.length > MOST_RULES) texts.push(`${rules.length - MOST_RULES} more`);
  return texts.length > 0 ? texts.join("<br>") : "nobody yet: no rule in this program";
}

/** What the quota loses has to find its place below. */
const MOST_ROWS = 100;

/** A row for each clone that changes. */
export function cloneLines(preview: Preview, show: Show): string[] {
  const clones = [...preview.steps.values()].filter(({ ours, kind }) => ours && kind === "ovh:ShareClone");
  const changing = clones.filter((clone) => !["same", "read"].includes(fateOf(clone)));
  const rules = rulesByShare(preview);
  const rows = changing.map((clone) => {
    const goes = ["delete", "forget"].includes(fateOf(clone));
    const [source, data] = goes ? ["", ""] : sourceOf(preview, clone, show);
    const access = goes ? "" : accessText(preview, rules.get(clone) ?? [], show);
    return [show(clone.name), fateText(clone), source, data, sizes(clone), access];
  });
  if (rows.length === 0) return [];
  const head = ["Clone", "Is", "Source", "Data", "Size", "Access"];
  const more = rows.length > MOST_ROWS ? ["", `And ${rows.length - MOST_ROWS} more.`] : [];
  return ["### Clones", "", ...table(head, rows.slice(0, MOST_ROWS)), ...more, ""];
}
