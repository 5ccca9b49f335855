import { isUnknown } from "../../core/unknowns";
import { about, changeLines, countText, otherLines, unknownLines } from "./changes";
import { cloneLines } from "./clones";
import { code, counted } from "./markdown";
import type { Message, Preview } from "./model";
import { quotaTaken } from "./quota";
import { redactor } from "./secrets";
import { textsIn } from "./values";
import { verdictOf } from "./verdict";
import { type Show, UNKNOWN } from "./words";

/** Messages and findings of each sort that are shown. */
const MESSAGES = 20;

const shortened = (lines: readonly string[]): string[] =>
  lines.length > MESSAGES ? [...lines.slice(0, MESSAGES), `- and ${lines.length - MESSAGES} more`] : [...lines];

const signed = (size: number): string => (size > 0 ? `+${size}` : `${size}`);

function policyLines(preview: Preview, show: Show): string[] {
  if (preview.form === "digest") return ["Policies: not in this input.", ""];
  // Each sort by itself: a thousand notes must not push out what they are about.
  const refused = preview.findings.filter(({ level }) => level === "mandatory");
  const noted = preview.findings.filter(({ level }) => level !== "mandatory");
  const lines = [refused, noted].flatMap((findings) =>
    shortened(
      findings.map((finding) => {
        // The first line is the rule's description; what it has found, and the remedy, follow.
        const [description = "", ...found] = finding.message.trim().split("\n");
        const text = found.length > 0 ? found.join(" ") : description;
        return `- **${LEVELS.includes(finding.level) ? finding.level : "other level"}** ${show(finding.rule)}: ${about(finding.urn, show)}${show(text)}`;
      }),
    ),
  );
  for (const { urn, rule, properties } of preview.remediations) {
    lines.push(`- **changed by** ${show(rule)}: ${about(urn, show)}${properties.map((path) => show(path)).join(", ")}`);
  }
  const packs = [...preview.packs].map(([name, version]) => `${show(name)} ${show(version)}`);
  const ran = `${packs.join(", ")}: ${counted(preview.rules.size, "rule")} ran, ${counted(preview.findings.length, "finding")}.`;
  lines.push(...(lines.length > 0 ? [""] : []), packs.length > 0 ? ran : "No policy pack ran.");
  return ["### Policies", "", ...lines, ""];
}

const LEVELS = ["mandatory", "advisory", "remediate", "disabled"];

function quotaLines(preview: Preview, show: Show): string[] {
  const lines = quotaTaken(preview).map(({ service, after, meanwhile, unknown }) => {
    const peak = meanwhile > Math.max(0, after) ? `, and up to ${signed(meanwhile)} GiB while it runs` : "";
    const unsure =
      unknown.length > 0 ? `, and what is unknown until up: ${unknown.map((name) => show(name)).join(", ")}` : "";
    return `- service ${isUnknown(service) ? UNKNOWN : show(service)}: ${signed(after)} GiB${peak}${unsure}`;
  });
  return lines.length > 0 ? ["### Taken from the quota", "", ...lines, ""] : [];
}

function messageLines(title: string, messages: readonly Message[], show: Show): string[] {
  const lines = shortened([...new Set(messages.map(({ urn, text }) => `- ${about(urn, show)}${show(text)}`))]);
  return lines.length > 0 ? [`### ${title}`, "", ...lines, ""] : [];
}

/** The engine's own last word, which says nothing beside others. */
const isEcho = ({ urn, text }: Message): boolean => urn === "" && /^(preview|update) failed\s*$/.test(text);

const CUT = "*The report is cut here: it is longer than";

/** Takes whole lines only, the first ones: they matter most. */
function cut(lines: readonly string[], maxCharacters: number): string {
  const whole = `${lines.join("\n").trimEnd()}\n`;
  if (whole.length <= maxCharacters) return whole;
  const note = `\n${CUT} ${maxCharacters} characters.*\n`;
  let text = "";
  for (const line of lines) {
    if (text.length + line.length + 1 + note.length > maxCharacters) break;
    text += `${line}\n`;
  }
  return text + note;
}

/** What is suspected to be secret, without what resources show in plain. */
function hidden({ steps, suspected }: Preview): string[] {
  if (suspected.size === 0) return [];
  const plain = new Set<string>();
  for (const { before, after } of steps.values()) {
    for (const state of [before, after]) textsIn([state?.inputs, state?.outputs], plain);
  }
  return [...suspected].filter((text) => !plain.has(text));
}

export interface Rendering {
  marker: string;
  maxCharacters: number;
  /** Secrets that are known from elsewhere. */
  secrets: readonly string[];
}

/** The comment that the report begins with, so that a job finds it again. */
export const markerText = (name: string): string => `<!-- holdfast-report:${name} -->`;

/** The report, as Markdown. */
export function render(preview: Preview, { marker, maxCharacters, secrets }: Rendering): string {
  const redact = redactor([...preview.secrets, ...hidden(preview), ...secrets]);
  const show: Show = (text, longest) => code(redact(text), longest);
  const { headline, advice } = verdictOf(preview);
  const head = [markerText(marker), `## ${headline}`, ""];
  if (advice !== undefined) head.push(advice, "");
  const { stack, project } = preview;
  if (preview.form === "none") return cut(head, maxCharacters);
  head.push(`${stack === "" ? "" : `Stack ${show(stack)} of ${show(project)}: `}${countText(preview)}.`, "");
  if (preview.foreign > 0)
    head.push(`${counted(preview.foreign, "line")} of the input were not JSON, and are left out.`, "");
  const errors = preview.errors.filter((error) => preview.errors.length === 1 || !isEcho(error));
  const refused = preview.findings.some(({ level }) => level === "mandatory");
  return cut(
    [
      ...head,
      ...policyLines(preview, show),
      ...messageLines("Errors", refused ? errors.filter((error) => !isEcho(error)) : errors, show),
      ...cloneLines(preview, show),
      ...quotaLines(preview, show),
      ...changeLines(preview, show),
      ...otherLines(preview, show),
      ...unknownLines(preview, show),
      ...messageLines("Warnings", preview.warnings, show),
    ],
    maxCharacters,
  );
}
