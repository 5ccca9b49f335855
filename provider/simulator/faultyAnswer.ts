import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { changed } from "./bodyPatch";
import type { CommonFault } from "./faults";
import { type HttpAnswer, send, sendHalf } from "./send";

/** How a service answers one call. */
export interface Answering {
  /** Carries the call out. Refusals are thrown. */
  answer(): HttpAnswer;
  /** The answer to a call that failed. */
  failed(error: unknown): HttpAnswer;
  /** The body of an ordered status that has none. */
  ordered(status: number): Omit<HttpAnswer, "status">;
  /** An answer with the part that `mutate` is about changed; a refusal as it is. */
  mutated(answer: HttpAnswer, change: (part: unknown) => unknown): HttpAnswer;
}

const statusAnswer = (fault: Extract<CommonFault, { kind: "status" }>, answering: Answering): HttpAnswer => {
  const { status, retryAfter, html, body } = fault;
  const given: Omit<HttpAnswer, "status"> =
    html !== undefined
      ? { text: html, headers: { "content-type": "text/html" } }
      : body !== undefined
        ? { body }
        : answering.ordered(status);
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  return { status, ...given, headers: { ...given.headers, ...headers } };
};

/** What a fault makes of the answer to a call that was carried out. */
const spoiled = (answer: HttpAnswer, fault: CommonFault | undefined, answering: Answering): HttpAnswer => {
  switch (fault?.kind) {
    case "status":
      return statusAnswer(fault, answering);
    case "body": {
      const headers = { ...answer.headers, "content-type": fault.contentType ?? "application/json; charset=utf-8" };
      // a 204 has no body on the wire
      return { status: answer.status === 204 ? 200 : answer.status, text: fault.text, headers };
    }
    case "mutate": {
      const { change } = fault;
      return answering.mutated(answer, (part) =>
        typeof change === "function" ? change(structuredClone(part)) : changed(part, change),
      );
    }
    default:
      return answer;
  }
};

/** The answer to a call that meets a fault, or none; `undefined` when the connection is to be reset. */
export async function answerWithFault(
  answering: Answering,
  fault: CommonFault | undefined,
  closing: AbortSignal,
): Promise<HttpAnswer | undefined> {
  if (fault?.kind === "dropBefore") return undefined;
  if (fault?.kind === "status" && !fault.afterEffect) return statusAnswer(fault, answering);
  let answer: HttpAnswer;
  try {
    if (fault?.kind === "interfere") fault.run();
    answer = answering.answer();
  } catch (error) {
    answer = answering.failed(error);
  }
  if (fault?.kind === "slow") await delay(fault.ms, undefined, { signal: closing });
  if (fault?.kind === "dropAfter") return undefined;
  try {
    return spoiled(answer, fault, answering);
  } catch (error) {
    return answering.failed(error);
  }
}

/** Sends an answer as the fault has it: whole, half of it, or nothing but a reset. */
export function deliver(
  { incoming, response }: { incoming: IncomingMessage; response: ServerResponse },
  answer: HttpAnswer | undefined,
  fault: CommonFault | undefined,
  headers: HttpAnswer["headers"],
  closing: AbortSignal,
): void {
  if (!answer) {
    // a reset, not an orderly end
    incoming.socket.resetAndDestroy();
  } else if (fault?.kind === "truncated") sendHalf(response, answer, headers, () => void response.destroy());
  else if (fault?.kind === "stalled") {
    sendHalf(response, answer, headers, (rest) => {
      const wait = delay(fault.ms, undefined, { signal: closing });
      wait.then(
        () => response.end(rest),
        () => response.destroy(),
      );
    });
  } else send(response, answer, headers);
}
