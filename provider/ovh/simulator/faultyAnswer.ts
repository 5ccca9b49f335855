import { setTimeout as delay } from "node:timers/promises";
import { changed } from "./bodyPatch";
import { bearerToken, type CredentialTrouble } from "./credentials";
import type { Destination, Dispatcher, HttpAnswer, Request } from "./dispatch";
import type { Fault } from "./faults";
import { fullAction } from "./operations";
import { errorClass, Refusal, refuseAction } from "./refusal";

/** The answer to a call that failed: the service's refusal, or 500 for what should not happen. */
export const refusalAnswer = (error: unknown): HttpAnswer => {
  if (error instanceof Refusal) return { status: error.status, body: error.body };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, body: { class: "Server::InternalServerError", message } };
};

const needsCredential = (destination: Destination): boolean =>
  destination.kind === "route" || (destination.kind === "auth" && destination.rest === "/auth/details");

/** Whether a fault means anything for a call. */
export function canStrike(fault: Fault, request: Request, destination: Destination): boolean {
  switch (fault.kind) {
    case "clockSkew":
      return needsCredential(destination) && bearerToken(request) === undefined;
    case "expiredToken":
      return needsCredential(destination);
    case "missingPermission":
      return destination.kind === "route";
    default:
      return true;
  }
}

const statusAnswer = (fault: Extract<Fault, { kind: "status" }>): HttpAnswer => {
  const headers: Record<string, string> = {};
  if (fault.retryAfter !== undefined) headers["retry-after"] = String(fault.retryAfter);
  if (fault.html !== undefined) {
    headers["content-type"] = "text/html";
    return { status: fault.status, text: fault.html, headers };
  }
  const body = fault.body ?? { class: errorClass(fault.status), message: "Fault ordered from the simulator" };
  return { status: fault.status, body, headers };
};

const troubleOf = (fault: Fault | undefined): CredentialTrouble => {
  if (fault?.kind === "clockSkew") return { skewSeconds: fault.seconds };
  return { expired: fault?.kind === "expiredToken" };
};

/** What a fault makes of the answer to a call that was carried out. */
const spoiled = (answer: HttpAnswer, fault: Fault | undefined): HttpAnswer => {
  switch (fault?.kind) {
    case "status":
      return statusAnswer(fault);
    case "body": {
      const headers = { ...answer.headers, "content-type": fault.contentType ?? "application/json; charset=utf-8" };
      // a 204 has no body on the wire
      return { status: answer.status === 204 ? 200 : answer.status, text: fault.text, headers };
    }
    case "mutate": {
      if (answer.status >= 300) return answer;
      const { change } = fault;
      const body = typeof change === "function" ? change(structuredClone(answer.body)) : changed(answer.body, change);
      return { ...answer, body };
    }
    default:
      return answer;
  }
};

/**
 * Answers calls with their fault: `undefined` when the connection shall be reset.
 * @param closing - Ends slow answers.
 */
export function answeringWithFaults(
  dispatcher: Dispatcher,
  closing: AbortSignal,
): (request: Request, destination: Destination, fault: Fault | undefined) => Promise<HttpAnswer | undefined> {
  return async (request, destination, fault) => {
    if (fault?.kind === "dropBefore") return undefined;
    if (fault?.kind === "status" && !fault.afterEffect) return statusAnswer(fault);
    if (fault?.kind === "missingPermission") {
      const needed = destination.kind === "route" ? destination.route.action : "";
      return refusalAnswer(refuseAction(fullAction(fault.action ?? needed)));
    }
    let answer: HttpAnswer;
    try {
      if (fault?.kind === "interfere") fault.run();
      answer = dispatcher.answer(request, destination, troubleOf(fault));
    } catch (error) {
      answer = refusalAnswer(error);
    }
    if (fault?.kind === "slow") await delay(fault.ms, undefined, { signal: closing });
    if (fault?.kind === "dropAfter") return undefined;
    try {
      return spoiled(answer, fault);
    } catch (error) {
      return refusalAnswer(error);
    }
  };
}
