import type { Fields } from "./values";

/** One side of a step: a resource before or after it. Without hidden keys and secrets. */
export interface State {
  /** Empty where it is not made yet. */
  id: string;
  parent: string;
  external: boolean;
  /** The object stays at the service when it leaves the stack. */
  retained: boolean;
  inputs: Fields;
  outputs: Fields;
  /** By property, the resources that its value comes from. Only in the plain form. */
  dependencies: Fields;
}

/** All that a preview says of one resource. */
export interface Step {
  urn: string;
  /** `ovh:ShareClone`, or the whole type of what is not ours. */
  kind: string;
  ours: boolean;
  name: string;
  /** The engine's operations, in its order. */
  ops: string[];
  before?: State | undefined;
  after?: State | undefined;
  /** Properties that differ. */
  differs: string[];
}

/** What a rule of a pack has found. */
export interface Finding {
  urn: string;
  level: string;
  rule: string;
  pack: string;
  severity: string;
  /** The rule's description and what it found, with the remedy. */
  message: string;
}

export interface Message {
  urn: string;
  text: string;
}

/** What was read. */
export interface Preview {
  /** `events` is the stream; `digest` the plain form of `pulumi preview --json`; `none` is neither. */
  form: "events" | "digest" | "none";
  /** Empty where nothing names them. */
  stack: string;
  project: string;
  steps: Map<string, Step>;
  findings: Finding[];
  /** Properties that a rule has changed, by rule and resource. */
  remediations: { urn: string; rule: string; properties: string[] }[];
  /** Packs that ran, with their versions. */
  packs: Map<string, string>;
  /** Rules that ran. */
  rules: Set<string>;
  errors: Message[];
  warnings: Message[];
  /** What was printed before there were any resources. */
  printed: string[];
  /** The engine's last word; absent where the input ends before it. */
  result?: string | undefined;
  /** False for an update. */
  planned: boolean;
  /** Lines that are not JSON. */
  foreign: number;
  /** What must not be shown. */
  secrets: Set<string>;
  /** The same, unless it also stands where everybody may see it. */
  suspected: Set<string>;
  /** When it ran, in milliseconds. */
  at: number;
}

/** What becomes of a resource. */
export type Fate = "create" | "import" | "replace" | "update" | "delete" | "forget" | "read" | "same";

const made = (op: string): boolean => op === "replace" || op === "create-replacement" || op === "import-replacement";

export function fateOf({ ops, before }: Step): Fate {
  if (ops.some(made)) return "replace";
  if (ops.includes("create")) return "create";
  if (ops.includes("import")) return "import";
  if (ops.includes("update")) return "update";
  // What an interrupted replacement has left is deleted beside a resource that stays.
  if (ops.some((op) => op === "delete" || op === "delete-replaced"))
    return before?.retained === true ? "forget" : "delete";
  return ops.some((op) => op === "read" || op.startsWith("read-") || op.startsWith("discard")) ? "read" : "same";
}

/** Whether a replacement deletes the old object before it makes the new one: the engine's steps come in that order. */
export function deletesFirst({ ops }: Step): boolean {
  const deleted = ops.indexOf("delete-replaced");
  return deleted >= 0 && deleted < ops.findIndex(made);
}
