import { type Clock, systemClock } from "../core/clock";
import { placeOf } from "../core/credentials";
import { ApiError, ConfigurationError, ConnectionError, HoldfastError } from "../core/errors";
import { createHttp, type Http, type HttpAnswer, type HttpRequest } from "../core/http";
import { createPace, type Pace } from "../core/pace";
import { createSecrets, type Secrets } from "../core/secrets";
import { userAgent } from "../core/userAgent";
import type { OvhAccount } from "./account";
import { basicAuthorization, type Exchange, readyToken, serviceAccount } from "./oauth2";
import { type Call, refusalFrom } from "./refusal";
import { type Authorize, signing } from "./signature";

/** One authenticated exchange with the API. Nothing is repeated here but what the service refused as unauthenticated. */
export interface Transport {
  /**
   * `path` is relative to the account's API URL, begins with a slash, is already encoded and may carry a query. `body`
   * of the answer is `null` for an empty one. Rejects with an `ApiError` for a status outside 200 to 299, and with a
   * `ConnectionError` when no complete answer arrived: `unreachable` means that the call had no effect.
   */
  send(
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body?: object,
  ): Promise<{ status: number; body: unknown }>;
  /**
   * Gives the account's calls their turns. Whoever sends takes one before each; what `send` itself asks before a call (the
   * time or a token, once in a long while) goes with that call's turn.
   */
  readonly pace?: Pace;
  /** The service's time, in milliseconds since the epoch, as the last answer had it: this machine's clock may be wrong. */
  now?(): number;
}

export interface OvhTransport extends Transport {
  readonly pace: Pace;
  /** Ends the connections, unless they belong to an `http` that was passed in. */
  close(): Promise<void>;
}

/** Makes no call before the first `send`. */
export function ovhTransport(
  account: OvhAccount,
  options: { http?: Http; clock?: Clock; requestsPerSecond?: number | undefined } = {},
): OvhTransport {
  const http = options.http ?? createHttp();
  const clock = options.clock ?? systemClock;
  const now = () => clock.now();
  const secrets = secretsOf(account);

  /** An answer that is known to be a success, with its JSON. */
  const accepted = (answer: HttpAnswer, call: Call) => {
    if (answer.status < 200 || answer.status > 299) {
      throw refusalFrom(answer, call, { account, now, scrub: secrets.scrub });
    }
    return { status: answer.status, body: jsonOf(answer, call) };
  };
  // Answers tell the time to the second; what they took to arrive makes no difference where minutes count.
  let aheadMs = 0;
  const dated = async (request: HttpRequest) => {
    const answer = await http.exchange(request);
    const date = Date.parse(answer.headers["date"] ?? "");
    if (Number.isFinite(date)) aheadMs = date - clock.now();
    return answer;
  };
  const exchange: Exchange = async ({ method, url, headers, body }, path = url.pathname) => {
    const answer = await dated({
      method,
      url,
      headers: () => ({ Accept: "application/json", "User-Agent": userAgent(), ...headers() }),
      ...(body ? { body } : {}),
    });
    return accepted(answer, { method, path });
  };
  const authorize = authorizeFor(account, { now, exchange, onToken: secrets.add });

  const send: Transport["send"] = async (method, path, body) => {
    const url = urlOf(account.apiUrl, path);
    const text = body === undefined ? "" : JSON.stringify(body);
    const call = { method, path: path.replace(/\?.*$/s, "") };
    for (let first = true; ; first = false) {
      // A literal "?" without a query is not sent, so it must not be signed either.
      const called = url.origin + url.pathname + url.search;
      const authorization = await before(call, () => authorize(method, called, text));
      // Only with a body: some servers refuse an empty text that calls itself JSON.
      const type: Record<string, string> = text ? { "Content-Type": "application/json" } : {};
      const headers = () => ({ ...type, ...authorization.headers() });
      try {
        return await exchange({ method, url, headers, body: text }, call.path);
      } catch (error) {
        if (!first || !(error instanceof ApiError)) throw error;
        if (!(await before(call, () => authorization.renewed(error)))) throw error;
      }
    }
  };

  return {
    now: () => clock.now() + aheadMs,
    pace: createPace({ clock, requestsPerSecond: options.requestsPerSecond }),
    async send(method, path, body) {
      try {
        return await send(method, path, body);
      } catch (error) {
        if (error instanceof HoldfastError) error.message = secrets.scrub(advised(error, account));
        throw error;
      }
    },
    async close() {
      if (!options.http) await http.close();
    },
  };
}

/** The message, and for a service out of reach where to look. */
function advised(error: HoldfastError, account: OvhAccount): string {
  if (!(error instanceof ConnectionError) || error.failure !== "unreachable") return error.message;
  const advice = `Check the network, and the endpoint in ${placeOf(account.source)}.`;
  return error.message.endsWith(advice) ? error.message : `${error.message} ${advice}`;
}

function authorizeFor(
  account: OvhAccount,
  tools: {
    now: () => number;
    exchange: Exchange;
    onToken: (token: string) => void;
  },
): Authorize {
  const { credentials, tokenUrl, apiUrl } = account;
  switch (credentials.kind) {
    case "applicationKeys":
      return signing(credentials, {
        now: tools.now,
        async serverSeconds() {
          const url = urlOf(apiUrl, "/auth/time");
          const { status, body } = await tools.exchange({ method: "GET", url, headers: () => ({}) });
          if (typeof body === "number" && Number.isFinite(body)) return body;
          throw new ApiError(
            `GET ${url.pathname} at ${url.host} answered something other than the time: is the endpoint right?`,
            { method: "GET", path: url.pathname, status },
          );
        },
      });
    case "oauth2":
      if (!tokenUrl) throw new ConfigurationError(`The endpoint ${account.endpoint} has no OAuth2 token service.`);
      return serviceAccount(credentials, { ...tools, tokenUrl });
    case "accessToken":
      return readyToken(credentials.accessToken);
  }
}

/**
 * Runs what has to happen before a call (the time, a token). When that breaks down, the call itself has had no effect,
 * whatever became of the preparation: `unreachable` says so and lets even a create be repeated.
 */
async function before<T>(call: Call, prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (error) {
    const message = `Before ${call.method} ${call.path}: ${error instanceof Error ? error.message : String(error)}`;
    if (error instanceof ConnectionError && error.failure !== "aborted") {
      throw new ConnectionError(message, "unreachable", undefined, error.lasting);
    }
    if (error instanceof ApiError && (error.status === 408 || error.status >= 500)) {
      throw new ConnectionError(message, "unreachable");
    }
    throw error;
  }
}

/** The URL really called, which is also the one that is signed. */
function urlOf(apiUrl: URL, path: string): URL {
  const url = new URL(apiUrl.href.replace(/\/+$/, "") + path);
  // An id such as ".." would silently address another object.
  if (!path.startsWith("/") || url.hash || !url.href.endsWith(path)) {
    throw new ConfigurationError(`${path} is no valid path of the API. Check the ids in it.`);
  }
  return url;
}

function jsonOf(answer: HttpAnswer, { method, path }: Call): unknown {
  if (answer.text.trim() === "") return null;
  try {
    return JSON.parse(answer.text);
  } catch {
    // A success whose content is lost is as good as no answer: what the call did is unknown.
    throw new ConnectionError(
      `${method} ${path} answered ${answer.status} with incomplete or invalid JSON (${answer.text.length} characters).`,
      "dropped",
      method,
    );
  }
}

/** Credentials in the forms in which a service could echo them. */
function secretsOf({ credentials }: OvhAccount): Secrets {
  const { kind, ...values } = credentials;
  const secrets = createSecrets(Object.values(values), /\$1\$[0-9a-f]{40}/g); // signatures
  if (credentials.kind === "oauth2") secrets.add(basicAuthorization(credentials).replace(/^Basic |=+$/g, ""));
  return secrets;
}
