import { Refused } from "../../ovh/support/resource";

/** Words with which a message tells somebody what to do. */
const ADVICE =
  /\b(run|check|try|ask|look|set|delete|choose|grant|change|take|wait|raise|import|give|order|remove|leave|use|free|repeat|pulumi up)\b/i;

/** What is wrong with an error that a user got to see; empty for one clear message. */
export function faultsOfMessage(error: unknown, secrets: readonly string[]): string[] {
  if (!(error instanceof Error)) return [`not an Error: ${String(error)}`];
  const { message } = error;
  const wrong: string[] = [];
  const note = (what: string, is: boolean) => {
    if (is) wrong.push(`${what}: ${message}`);
  };
  // The engine itself puts kind and name before what a check refuses.
  note("does not begin with its resource", !(error instanceof Refused) && !/^[A-Z][A-Za-z]+ [a-z]+: \S/.test(message));
  note("more than one line", message.includes("\n"));
  note("holds a stack", /\bat .*\.[cm]?[jt]s\b/.test(message));
  note("holds a value that is none", /\bundefined\b|\[object|\bNaN\b|\bnull\b/.test(message));
  note("calls itself an error of ours", message.includes("please report"));
  note(
    "holds a credential",
    secrets.some((secret) => message.includes(secret)),
  );
  note("tells nothing to do", !ADVICE.test(message));
  return wrong;
}
