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
