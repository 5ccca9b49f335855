import { describeSeconds } from "../../core/duration";
import type { Found } from "../../core/system";
import { word } from "../usage";
import type { States } from "./states";

/** What the command is given, as it is to be given again. */
export interface Given {
  states: States | undefined;
  /** `--stack dev` or `--no-stack`, for the credentials. */
  account: readonly string[];
}

/** How long the next run takes over what an interrupted one made, where nothing else is set, in minutes. */
const TAKEN_OVER_MINUTES = 60;

export const NO_STATES =
  "Without --stack-file it can't be told which of these a stack manages, so nothing can be deleted. For each stack that uses the service, run pulumi stack export --stack NAME --file NAME.json, and give each file with --stack-file.";

/** A name as the service has it, with nothing that could steer a terminal. */
export const quoted = (name: string): string =>
  JSON.stringify(name).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

export const titleOf = ({ kind, id, name }: Found): string => `${kind} ${quoted(id).slice(1, -1)} ${quoted(name)}`;

const ageOf = ({ madeAt }: Found): number | undefined =>
  madeAt === undefined ? undefined : Math.max(0, Math.round((Date.now() - madeAt) / 1000));

/** Whether a state may have it by now: it was made after that was exported. */
export const isNewer = ({ madeAt = 0 }: Found, { oldest }: States): boolean => madeAt > oldest.writtenAt;

/** For people. */
export function asText(orphans: readonly Found[], managed: number, given: Given): string {
  const { states } = given;
  const where = states === undefined ? "" : ` in ${states.files.join(", ")}`;
  const known = states === undefined ? "" : ` ${managed} more ${managed === 1 ? "is" : "are"}${where}.`;
  if (orphans.length === 0) {
    return states === undefined
      ? "Nothing carries a mark of Holdfast.\n"
      : `Nothing is left behind: no object carries a mark of Holdfast and is not${where}.${managed === 0 ? "" : known}\n`;
  }
  const count = orphans.length === 1 ? "1 object carries" : `${orphans.length} objects carry`;
  const head = `${count} a mark of Holdfast${states === undefined ? "" : ` and ${orphans.length === 1 ? "is" : "are"} not${where}`}.${known}`;
  const notes = states === undefined ? [NO_STATES] : [running(orphans, states)].filter((note) => note !== undefined);
  return `${[head, ...orphans.map((one) => entry(one, given)), ...notes].join("\n\n")}\n`;
}

function running(orphans: readonly Found[], { pending }: States): string | undefined {
  const young = orphans.some((one) => (ageOf(one) ?? 0) < TAKEN_OVER_MINUTES * 60);
  if (!young && pending.length === 0) return undefined;
  const told = pending.length > 0 ? `${pending.join(", ")}: an operation was under way, or interrupted. ` : "";
  return `${told}Make sure that no pulumi is running: what it is making just now looks the same. What is less than ${TAKEN_OVER_MINUTES} min old, the next pulumi up of its stack may take over.`;
}

function entry(one: Found, given: Given): string {
  const age = ageOf(one);
  const facts = [
    titleOf(one),
    age === undefined ? "of unknown age" : `${describeSeconds(age)} old`,
    ...(one.size === undefined ? [] : [one.size]),
    ...(one.usable ? [] : [one.status]),
  ];
  const doubt = one.doubt === undefined ? [] : [`  ${one.doubt}`];
  const { states } = given;
  const late = states !== undefined && isNewer(one, states);
  const lines = late
    ? [`  made after ${states.oldest.file} was exported: export that again`]
    : Object.entries(commandsFor(one, given)).map(([what, command]) => `  ${what}: ${command}`);
  return [facts.join(", "), ...doubt, ...lines].join("\n");
}

/** Only where the states tell that nobody manages it. */
export function commandsFor(one: Found, { states, account }: Given): { import?: string; delete?: string } {
  if (states === undefined) return {};
  const { kind, called, path, options } = one;
  const files = states.files.flatMap((file) => ["--stack-file", file]);
  const words = (...all: string[]) => ["npx pulumi-holdfast", ...all.map(word)].join(" ");
  return {
    import: words("import", kind, logicalName(one), path, ...account),
    delete: words("orphans", ...options, ...files, ...account, "--delete", called),
  };
}

/** What stands before the mark in a name that we made, else a guess. */
function logicalName({ kind, name, mark }: Found): string {
  const [, before = ""] = mark === undefined ? [] : (new RegExp(`^(.*)-${mark}(-\\d+)?$`, "su").exec(name) ?? []);
  if (/^[^-\p{C}\p{Zl}\p{Zp}][^\p{C}\p{Zl}\p{Zp}]*$/u.test(before)) return before;
  const guess = name.toLowerCase().replace(/[^\p{L}\p{N}._]+/gu, "-");
  return guess.replace(/^-|-$/g, "") || kind.replace(/^.*:/, "").toLowerCase();
}

/** For scripts. */
export const asJson = (orphans: readonly Found[], managed: number, given: Given): string =>
  `${JSON.stringify(
    {
      objects: orphans.map((one) => {
        const { kind, id, name, status, mark, createdAt, details } = one;
        return {
          kind,
          id,
          ...details,
          name,
          mark,
          doubtful: one.doubt !== undefined,
          status,
          createdAt,
          ageSeconds: ageOf(one),
          newerThanStates: given.states && isNewer(one, given.states),
          ...commandsFor(one, given),
        };
      }),
      managed: given.states && managed,
    },
    undefined,
    2,
  )}\n`;
