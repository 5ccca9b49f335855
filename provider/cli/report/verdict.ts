import { counted } from "./markdown";
import type { Preview } from "./model";

/** What a gate goes by. */
export interface Verdict {
  headline: string;
  /** What to do, where there is no preview to show. */
  advice?: string;
  passed: boolean;
}

const STREAM = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1 pulumi preview --json";

export function verdictOf(preview: Preview): Verdict {
  const word = preview.planned ? "preview" : "update";
  const title = `Storage ${word}`;
  const stopped = preview.findings.filter(({ level }) => level === "mandatory").length;
  if (preview.form === "none") {
    const headline = `${title}: nothing to report, because ${preview.foreign > 0 ? "the input is not JSON" : "the input is empty"}`;
    return {
      headline,
      advice: `The output of \`${STREAM}\` was expected. See the job's log for why it did not come.`,
      passed: false,
    };
  }
  if (stopped > 0) {
    return { headline: `${title}: refused by ${counted(stopped, "mandatory policy violation")}`, passed: false };
  }
  if (preview.result === undefined) {
    return {
      headline: `${title}: failed, it did not come to its end`,
      advice: "The input ends before the summary: Pulumi could not start or was stopped. See the job's log.",
      passed: false,
    };
  }
  if (preview.errors.length > 0 || preview.result !== "succeeded") {
    const advice = preview.errors.length > 0 ? {} : { advice: "The input has no error message. See the job's log." };
    return { headline: `${title}: ${preview.result === "canceled" ? "canceled" : "failed"}`, ...advice, passed: false };
  }
  const advised = preview.findings.filter(({ level }) => level !== "disabled").length;
  const found = advised > 0 ? `, with ${counted(advised, "advisory finding")}` : "";
  return { headline: `${title}: ${preview.planned ? "can go ahead" : "done"}${found}`, passed: true };
}
