import type { CommonFault } from "../../simulator/faults";
import { type Answering, answerWithFault } from "../../simulator/faultyAnswer";
import { Refusal, reasonOf } from "../../simulator/refusal";
import type { HttpAnswer } from "../../simulator/send";
import { bearerToken, type CredentialTrouble } from "./credentials";
import type { Destination, Dispatcher, Request } from "./dispatch";
import type { Fault } from "./faults";
import { fullAction } from "./operations";
import { errorClass, refuseAction } from "./refusal";

/** The answer to a call that failed: the service's refusal (`class` and `message`, go-ovh: error.go), or 500 for what should not happen. */
export const refusalAnswer = (error: unknown): HttpAnswer => {
  const status = error instanceof Refusal ? error.status : 500;
  const body = error instanceof Refusal ? error.body : undefined;
  return { status, body: body ?? { class: errorClass(status), message: reasonOf(error) } };
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

const troubleOf = (fault: Fault | undefined): CredentialTrouble => {
  if (fault?.kind === "clockSkew") return { skewSeconds: fault.seconds };
  return { expired: fault?.kind === "expiredToken" };
};

/** The part of a fault that every simulator has. */
export const common = (fault: Fault | undefined): CommonFault | undefined => {
  if (fault?.kind === "missingPermission" || fault?.kind === "clockSkew" || fault?.kind === "expiredToken")
    return undefined;
  return fault;
};

/** Answers a call with the fault that strikes it; `undefined` when the connection is to be reset. */
export async function answerCall(
  dispatcher: Dispatcher,
  [request, destination]: [Request, Destination],
  fault: Fault | undefined,
  closing: AbortSignal,
): Promise<HttpAnswer | undefined> {
  if (fault?.kind === "missingPermission") {
    const needed = destination.kind === "route" ? destination.route.action : "";
    return refusalAnswer(refuseAction(fullAction(fault.action ?? needed)));
  }
  const answering: Answering = {
    answer: () => dispatcher.answer(request, destination, troubleOf(fault)),
    failed: refusalAnswer,
    ordered: (status) => ({ body: { class: errorClass(status), message: "Fault ordered from the simulator" } }),
    mutated: (answer, change) => (answer.status >= 300 ? answer : { ...answer, body: change(answer.body) }),
  };
  return answerWithFault(answering, common(fault), closing);
}
