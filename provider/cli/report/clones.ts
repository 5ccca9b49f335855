import { isUnknown } from "../../core/unknowns";
import { table } from "./markdown";
import { fateOf, type Preview, type Step } from "./model";
import { factsOf, inputOf, knownOf, shareOf, snapshotOf } from "./related";
import { SECRET, textOf } from "./values";
import { volumeAccess, volumeOrigin } from "./volumeClones";
import { fateText, gib, originText, type Show, sizes, UNKNOWN, when } from "./words";

/** Where the contents of a share come from, and how old they are. */
function shareOrigin(preview: Preview, clone: Step, show: Show): [source: string, data: string] {
  const id = inputOf(clone, "snapshotId");
  const elsewhere = (shown: string): [string, string] => {
    const facts = factsOf(clone.after);
    if (facts === undefined) return [`${shown}, not looked up`, when(preview, recordedTime(clone, id), show)];
    const parent = `of share ${show(textOf(facts["shareId"]))}, now ${gib(facts["presentShareSizeGiB"])}`;
    const what = `${textOf(facts["type"]) === "manual" ? "manual" : show(textOf(facts["type"]))} snapshot`;
    return [`${what} ${show(textOf(facts["name"]))} (${shown}) ${parent}`, when(preview, facts["createdAt"], show)];
  };
  const found = snapshotOf(preview, clone);
  const dataOf = (snapshot: Step) => dataOfSnapshot(preview, snapshot, show);
  return originText(preview, { id, found, dataOf, time: "createdAt", elsewhere }, show);
}

/** What a clone that exists has kept of its source. */
function recordedTime(clone: Step, snapshotId: unknown): unknown {
  const outputs = clone.before?.outputs ?? {};
  return outputs["sourceSnapshotId"] === snapshotId ? outputs["sourceCreatedAt"] : undefined;
}

/** The time of a snapshot's data. What is made by the update has none yet, but it is known how it will come about. */
function dataOfSnapshot(preview: Preview, snapshot: Step, show: Show): string {
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

/** What the cells of a row tell, by the kind of the clone. */
interface Cells {
  /** The input that says the size. */
  size: string;
  origin(preview: Preview, clone: Step, show: Show): [source: string, data: string];
  access(clone: Step): string;
}

/** A row for each clone that changes. */
export function cloneLines(preview: Preview, show: Show): string[] {
  const rules = rulesByShare(preview);
  const cells: Readonly<Record<string, Cells>> = {
    "ovh:ShareClone": {
      size: "size",
      origin: shareOrigin,
      access: (clone) => accessText(preview, rules.get(clone) ?? [], show),
    },
    "element:VolumeClone": { size: "newSize", origin: volumeOrigin, access: (clone) => volumeAccess(clone, show) },
  };
  const rows = [...preview.steps.values()].flatMap((clone) => {
    const told = clone.ours ? cells[clone.kind] : undefined;
    const fate = fateOf(clone);
    if (told === undefined || ["same", "read"].includes(fate)) return [];
    const goes = ["delete", "forget"].includes(fate);
    const [source, data] = goes ? ["", ""] : told.origin(preview, clone, show);
    const access = goes ? "" : told.access(clone);
    return [[show(clone.name), fateText(clone), source, data, sizes(clone, told.size), access]];
  });
  if (rows.length === 0) return [];
  const head = ["Clone", "Is", "Source", "Data", "Size", "Access"];
  const more = rows.length > MOST_ROWS ? ["", `And ${rows.length - MOST_ROWS} more.`] : [];
  return ["### Clones", "", ...table(head, rows.slice(0, MOST_ROWS)), ...more, ""];
}
