import { Refused } from "../../support/resource";

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Words with which a message tells somebody what to do. */
const ADVICE =
  /\b(run|check|try|ask|look|set|delete|choose|grant|change|take|wait|raise|import|give|order|remove|leave|use|free|repeat|pulumi up)\b/i;

/** What is wrong with an error that a user got to see; empty for one clear message. */
export function faultsOfMessage(error: unknown, secrets: readonly string[]): string[] {
  if (!(error instanceof Error)) return [`not an Error: ${String(error)}`];
  // The engine itself puts kind, name and property before each thing that a check refuses.
  if (error instanceof Refused) return error.failures.flatMap(({ reason }) => faultsOfText(reason, secrets));
  const named = /^[A-Z][A-Za-z]+ [a-z]+: \S/.test(error.message);
  return [
    ...(named ? [] : [`does not begin with its resource: ${error.message}`]),
    ...faultsOfText(error.message, secrets),
  ];
}

function faultsOfText(text: string, secrets: readonly string[]): string[] {
  const wrong = {
    "more than one line": text.includes("\n"),
    "holds a stack": /\bat .*\.[cm]?[jt]s\b/.test(text),
    "holds a value that is none": /\bundefined\b|\[object|\bNaN\b|\bnull\b/.test(text),
    "calls itself an error of ours": text.includes("please report"),
    "holds a credential": secrets.some((secret) => text.includes(secret)),
    "tells nothing to do": !ADVICE.test(text),
  };
  return Object.entries(wrong).flatMap(([what, is]) => (is ? [`${what}: ${text}`] : []));
}
