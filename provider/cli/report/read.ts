import { linesOf } from "./lines";
import type { Preview, State, Step } from "./model";
import { secretsIn, withoutPrinted } from "./secrets";
import { type Fields, fieldsOf, isFields, textOf, textsOf, withoutSecrets } from "./values";

const DYNAMIC = "pulumi-nodejs:dynamic/";
const OURS = /^(ovh|element):\w+$/;

const empty = (): Preview => ({
  form: "none",
  stack: "",
  project: "",
  steps: new Map(),
  findings: [],
  remediations: [],
  packs: new Map(),
  rules: new Set(),
  errors: [],
  warnings: [],
  printed: [],
  planned: true,
  foreign: 0,
  secrets: new Set(),
  suspected: new Set(),
  at: Date.now(),
});

function stateOf(value: unknown): State | undefined {
  if (!isFields(value)) return undefined;
  return {
    id: textOf(value["id"]),
    parent: textOf(value["parent"]),
    external: value["external"] === true,
    retained: value["retainOnDelete"] === true,
    inputs: fieldsOf(withoutSecrets(value["inputs"])),
    outputs: fieldsOf(withoutSecrets(value["outputs"])),
    dependencies: fieldsOf(value["propertyDependencies"]),
  };
}

/** Adds an operation to what is known of its resource. `urn:pulumi:<stack>::<project>::<types>::<name>` */
function addStep(preview: Preview, urn: string, op: string, before: unknown, after: unknown, differs: string[]): void {
  const [stack = "", project = "", types = "", ...name] = urn.split("::");
  preview.stack ||= stack.replace("urn:pulumi:", "");
  preview.project ||= project;
  const type = types.split("$").at(-1) ?? "";
  if (type === "pulumi:pulumi:Stack" || type.startsWith("pulumi:providers:")) return;
  // A program may give a resource of its own any type: it is ours only where the rest is a plain name.
  const ours = type.startsWith(DYNAMIC) && OURS.test(type.slice(DYNAMIC.length));
  const kind = type.replace(DYNAMIC, "");
  const step: Step = preview.steps.get(urn) ?? { urn, kind, ours, name: name.join("::"), ops: [], differs: [] };
  step.ops.push(op);
  // An operation that has only one side must not take away the other.
  step.before = stateOf(before) ?? step.before;
  step.after = stateOf(after) ?? step.after;
  if (differs.length > 0) step.differs = differs;
  preview.steps.set(urn, step);
}

function addMessage(preview: Preview, urn: string, severity: string, text: string): void {
  // What a policy pack prints that can't start. Nothing else holds the reason, and no resource has shown a secret yet.
  if (severity === "info#err" && urn === "" && preview.steps.size === 0) preview.printed.push(text);
  // Debug messages hold secrets in clear. They are good for one thing: to know what to keep out of the others.
  if (severity === "debug") {
    const { certain, suspected } = secretsIn(text);
    for (const secret of certain) preview.secrets.add(secret);
    for (const secret of suspected) preview.suspected.add(secret);
  }
  if (severity !== "error" && severity !== "warning") return;
  // The plain form repeats the severity; frames of a stack trace tell nothing here.
  const shown = withoutPrinted(text);
  for (const secret of shown.secrets) preview.secrets.add(secret);
  const plain = shown.text.replace(/^(error|warning): /, "").replaceAll(/\n\s+at .*/g, "");
  (severity === "error" ? preview.errors : preview.warnings).push({ urn, text: plain });
}

/** One kind of event each; kinds that are not here are nothing to report. */
const EVENTS: Readonly<Record<string, (preview: Preview, event: Fields) => void>> = {
  resourcePreEvent(preview, { metadata }) {
    const { urn, op, old, new: after, keys, diffs } = fieldsOf(metadata);
    addStep(preview, textOf(urn), textOf(op), old, after, [...new Set([...textsOf(keys), ...textsOf(diffs)])]);
  },
  resOutputsEvent(preview, { metadata }) {
    // A refresh ends as an update or a deletion of what the stack knows: no operation of the program.
    const { urn, new: after } = fieldsOf(metadata);
    const step = preview.steps.get(textOf(urn));
    if (step !== undefined) step.after = stateOf(after) ?? step.after;
  },
  diagnosticEvent(preview, { urn, severity, message, ephemeral }) {
    if (ephemeral !== true) addMessage(preview, textOf(urn), textOf(severity), textOf(message));
  },
  errorEvent(preview, { error }) {
    preview.errors.push({ urn: "", text: textOf(error) });
  },
  policyEvent(preview, event) {
    preview.findings.push({
      urn: textOf(event["resourceUrn"]),
      level: textOf(event["enforcementLevel"]),
      rule: textOf(event["policyName"]),
      pack: textOf(event["policyPackName"]),
      severity: textOf(event["severity"]),
      message: textOf(event["message"]),
    });
  },
  policyRemediationEvent(preview, { resourceUrn, policyName, before, after }) {
    const [old, now] = [fieldsOf(before), fieldsOf(after)];
    const properties = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
      (key) => !key.startsWith("__") && JSON.stringify(old[key]) !== JSON.stringify(now[key]),
    );
    preview.remediations.push({ urn: textOf(resourceUrn), rule: textOf(policyName), properties });
  },
  policyAnalyzeSummaryEvent: addRules,
  policyAnalyzeStackSummaryEvent: addRules,
  policyRemediateSummaryEvent: addRules,
  summaryEvent(preview, { result, isPreview }) {
    preview.result = textOf(result) || "succeeded";
    preview.planned = isPreview !== false;
  },
};

function addRules(preview: Preview, event: Fields): void {
  preview.packs.set(textOf(event["policyPackName"]), textOf(event["policyPackVersion"]));
  for (const rule of [...textsOf(event["passed"]), ...textsOf(event["failed"])]) preview.rules.add(rule);
}

function addEvent(preview: Preview, value: Fields): void {
  preview.form = "events";
  if (typeof value["timestamp"] === "number") preview.at = value["timestamp"] * 1000;
  for (const [kind, event] of Object.entries(value)) {
    if (Object.hasOwn(EVENTS, kind)) EVENTS[kind]?.(preview, fieldsOf(event));
  }
}

/** It leaves out what is empty. */
const DIGEST_KEYS = ["steps", "diagnostics", "changeSummary"];

function addDigest(preview: Preview, digest: Fields): void {
  preview.form = "digest";
  for (const entry of Array.isArray(digest["steps"]) ? digest["steps"] : []) {
    const { urn, op, oldState, newState, diffReasons, replaceReasons } = fieldsOf(entry);
    const differs = [...new Set([...textsOf(replaceReasons), ...textsOf(diffReasons)])];
    addStep(preview, textOf(urn), textOf(op), oldState, newState, differs);
  }
  for (const entry of Array.isArray(digest["diagnostics"]) ? digest["diagnostics"] : []) {
    const { urn, severity, message } = fieldsOf(entry);
    addMessage(preview, textOf(urn), textOf(severity), textOf(message));
  }
  // It has no word of its own for the result.
  preview.result = preview.errors.length > 0 ? "failed" : "succeeded";
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const placeOf = ({ rule, urn, message }: Preview["findings"][number]) => [rule, urn, message].join("\n");

/**
 * Reads the output of `pulumi preview --json`, in either form, and keeps what a report may show: no debug messages, no
 * hidden keys, no secret values.
 */
export async function readPreview(input: AsyncIterable<string | Uint8Array>): Promise<Preview> {
  const preview = empty();
  const take = (value: Fields | undefined): void => {
    if (value !== undefined && DIGEST_KEYS.some((key) => key in value)) addDigest(preview, value);
    else if (typeof value?.["sequence"] === "number") addEvent(preview, value);
    else preview.foreign += 1;
  };

  // The plain form is one object over many lines, the first and the last of which are a brace.
  let digest: string[] | undefined;
  for await (const line of linesOf(input)) {
    const text = line.trimEnd();
    if (digest !== undefined) {
      digest.push(text);
      if (text !== "}") continue;
      take(parsed(digest.join("\n")));
      digest = undefined;
    } else if (text === "{") digest = [text];
    else if (text.trim() !== "") take(parsed(text));
  }
  if (
    preview.result === undefined &&
    preview.errors.length === 0 &&
    preview.printed.length > 0 &&
    preview.steps.size === 0
  ) {
    addMessage(preview, "", "error", preview.printed.join("").replaceAll("\n\n", "\n"));
  }
  // The engine's order is another one each time: a comment that is brought up to date shows what has changed, and no more.
  const { compare } = new Intl.Collator("en", { numeric: true });
  preview.steps = new Map([...preview.steps].sort(([one], [other]) => compare(one, other)));
  preview.findings.sort((one, other) => compare(placeOf(one), placeOf(other)));
  if (digest !== undefined && preview.form === "none") preview.form = "digest"; // without a result: it was cut off
  return preview;
}
