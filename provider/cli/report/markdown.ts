/** Characters of free text that are shown; a stack trace is longer. */
const LONGEST = 700;

/**
 * What is not seen, or turns the text around it: controls, soft hyphens, zero widths, marks and overrides of direction, separators
 * of lines, tag characters, halves of a pair.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]+/gu;

/**
 * Text of somebody else on one line, as code: there neither HTML nor links, images, mentions, references and emphasis have a
 * meaning, at GitHub and at GitLab. What would end the code or a cell of a table gives way to its like.
 */
export function code(text: string, longest = LONGEST): string {
  const line = text
    .replaceAll(/\s+/g, " ")
    .replaceAll(INVISIBLE, "")
    .replaceAll("`", "'")
    .replaceAll("|", "\u00a6")
    .replaceAll("<!--", "<! --")
    .trim();
  const characters = [...line];
  const shown = characters.length > longest ? `${characters.slice(0, longest).join("").trimEnd()}\u2026` : line;
  return shown === "" ? "(empty)" : `\`${shown}\``;
}

/** `1 clone`, `2 clones` */
export const counted = (count: number, word: string, many = `${word}s`): string =>
  `${count} ${count === 1 ? word : many}`;

/** Rows of cells that hold no line breaks. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);

const UNITS = [
  [86_400, "day"],
  [3_600, "hour"],
  [60, "minute"],
] as const;

/** `3 hours old`, with the largest unit of which there are at least two. */
export function age(from: number, until: number): string {
  const seconds = Math.max(0, (until - from) / 1000);
  for (const [length, word] of UNITS) {
    if (seconds >= 2 * length) return `${Math.floor(seconds / length)} ${word}s old`;
  }
  return "less than 2 minutes old";
}
