import type { z } from "zod";

const SNIPPET_LENGTH = 120;
/** What is looked through for that: expressions over tags that never end take the square of it. */
const SNIPPET_FROM = 10_000;

/** Proxies and load balancers answer in HTML. */
export function snippet(text: string | undefined, scrub: (text: string) => string): string | undefined {
  if (!text) return undefined;
  const words = scrub(text)
    .slice(0, SNIPPET_FROM)
    .replace(/<(script|style)\b.*?<\/\1>/gis, " ")
    .replace(/<[^>]*>/g, " ");
  const line = oneLine(scrub(words));
  return line.length > SNIPPET_LENGTH ? `${line.slice(0, SNIPPET_LENGTH)}...` : line || undefined;
}

/** Control characters of a foreign text could rewrite the terminal. */
export const oneLine = (text: string) => text.replace(/[\p{Cc}\s]+/gu, " ").trim();

/** What a success lacks, for a message. The value that is there is not told. @param whole what the answer as such is called */
export function lackIn({ issues: [issue] }: z.ZodError, whole: string): string {
  const place = issue?.path.join(".") || whole;
  return `without what the API promises: ${place}: ${issue?.message.replace(/, received .*$/, "")}.`;
}
