import { z } from "zod";
import { oneLine, snippet } from "../core/answerText";
import { placeOf } from "../core/credentials";
import { ApiError } from "../core/errors";
import type { HttpAnswer } from "../core/http";
import type { OvhAccount } from "./account";

export interface Call {
  method: string;
  /** Without host and query. */
  path: string;
}

/** The two error shapes of the API and the one of the token service; every field may be missing. */
const errorBody = z.object({
  class: z.string().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error_description: z.string().optional().catch(undefined),
  details: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

const MESSAGE_LENGTH = 1000;
/** Of a class, a request's id or an action, and how many of these are told. */
const WORD_LENGTH = 200;
const MOST_ACTIONS = 20;

/** What a status outside 200 to 299 means, in words a user can act on. `scrub` takes credentials out of a text. */
export function refusalFrom(
  answer: HttpAnswer,
  call: Call,
  context: { account: OvhAccount; now: () => number; scrub: (text: string) => string },
): ApiError {
  const { account, now, scrub } = context;
  const clean = (text: string | undefined) => (text ? oneLine(scrub(text)) : undefined);
  const body = errorBody.safeParse(jsonOrUndefined(answer.text)).data;

  // Scrubbed before it is cut: half a secret is still a secret.
  const word = (text: string | undefined) => clean(text)?.slice(0, WORD_LENGTH);
  const code = word(body?.class ?? body?.errorCode ?? body?.error);
  const said = clean(body?.message ?? body?.error_description);
  const text = said?.slice(0, MESSAGE_LENGTH) ?? snippet(body ? undefined : answer.text, scrub);
  const requestId = word(answer.headers["x-ovh-queryid"]);
  const missingActions = actionsIn(body?.details, word).slice(0, MOST_ACTIONS);

  const { method, path } = call;
  const status = answer.status;
  const first = `${method} ${path} answered ${[status, code].filter(Boolean).join(" ")}`;
  const what = `${first}${text ? `: ${text}` : ""}${requestId ? ` (request ${requestId})` : ""}`;
  const advice = adviceFor({ status, code, text, missingActions }, call, account);
  return new ApiError(advice ? `${what.replace(/\.$/, "")}. ${advice}` : what, {
    method,
    path,
    status,
    code,
    missingActions,
    requestId,
    retryAfterSeconds: retryAfter(answer.headers["retry-after"], now()),
    advised: advice !== undefined,
  });
}

function adviceFor(
  refusal: { status: number; code: string | undefined; text: string | undefined; missingActions: string[] },
  { method, path }: Call,
  { credentials, source }: OvhAccount,
): string | undefined {
  const { status, code, text, missingActions } = refusal;
  const place = placeOf(source);
  if (status >= 300 && status < 400) {
    return `No redirect is followed: credentials go to the endpoint alone. Check the endpoint in ${place}.`;
  }
  if (missingActions.length > 0) {
    return `The credentials in ${place} lack a permission: grant ${missingActions.join(", ")} in an IAM policy.`;
  }
  if (status === 429) return "Try again later, or set a lower ovh:requestsPerSecond.";
  switch (code) {
    case "QUERY_TIME_OUT":
      return "The service's clock and this machine's differ by too much: set this machine's clock, and try again.";
    case "NOT_GRANTED_CALL":
      return `The consumer key in ${place} doesn't cover this call: it needs an access rule for ${method} ${path}, or a wider one such as ${method} ${widerPath(path)}.`;
    case "INVALID_KEY":
      return `Check the application key in ${place}, and that it belongs to this endpoint.`;
    case "INVALID_CREDENTIAL":
    case "NOT_CREDENTIAL":
      if (credentials.kind !== "applicationKeys") break;
      return `Check the consumer key in ${place}: it must be validated, neither expired nor revoked, and belong to the application key.`;
  }
  const refusedSignature =
    credentials.kind === "applicationKeys" && status < 500 && /signature/i.test(`${code} ${text}`);
  const refused = ["INVALID_CREDENTIAL", "NOT_CREDENTIAL", "invalid_client"].includes(code ?? "");
  if (status !== 401 && !refusedSignature && !refused) return undefined;
  const names = {
    applicationKeys: "application secret and consumer key",
    oauth2: "client id and client secret",
    accessToken: "access token (it may have expired)",
  };
  return `Check the ${names[credentials.kind]} in ${place}.`;
}

/** `/storage/netapp/1234/share` -> `/storage/netapp/*` */
const widerPath = (path: string) => `${path.split("/").slice(0, 3).join("/")}/*`;

/** The values name actions, several at once separated by commas or spaces, and are empty when none is missing there. */
function actionsIn(details: Record<string, unknown> | undefined, word: (text: string) => string | undefined): string[] {
  const texts = [details?.["unauthorizedActionsByAuthentication"], details?.["unauthorizedActionsByIAM"]]
    .flat()
    .filter((value) => typeof value === "string");
  const actions = texts.flatMap((text) => text.split(/[\s,]+/)).slice(0, 10 * MOST_ACTIONS);
  return [...new Set(actions.flatMap((action) => word(action) || []))];
}

/** Seconds, or a date (RFC 9110, section 10.2.3). */
function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // errors needn't be JSON, see snippet()
  }
}
