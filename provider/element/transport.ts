import { type Clock, systemClock } from "../core/clock";
import { ApiError, ConfigurationError, ConnectionError, HoldfastError } from "../core/errors";
import { createHttp, type Http } from "../core/http";
import { createSecrets } from "../core/secrets";
import { userAgent } from "../core/userAgent";
import type { ElementAccount } from "./account";
import { failureOf, refusalOf } from "./refusal";

/** One authenticated exchange with a cluster. Nothing is repeated here. */
export interface Transport {
  /**
   * Calls a method of the API. Rejects with an `ApiError` for whatever is no result, whatever its HTTP status, and with a
   * `ConnectionError` when no complete answer arrived: `unreachable` means that the call had no effect.
   * @param version of the API, for calls that find out which one to use @default the one in use
   */
  call(method: string, params: object, version?: string): Promise<Answer>;
  /** The cluster's time in milliseconds since the epoch, as the last answer had it: this machine's clock may be wrong. */
  now(): number;
  /** Ends the connections, unless they belong to an `http` that was passed in. */
  close(): Promise<void>;
}

export interface Answer {
  result: unknown;
  /** Parameters that this version does not know, and has ignored. */
  unused: readonly string[];
}

/** As many calls at once as the vendor's own provider makes. */
const MOST_IN_FLIGHT = 6;

/** Makes no call before the first `call`. */
export function elementTransport(
  account: ElementAccount,
  versionInUse: () => string,
  options: { http?: Http | undefined; clock?: Clock } = {},
): Transport {
  const { endpoint, username, password, caCert, verifyCertificate } = account;
  const http =
    options.http ??
    createHttp({ maxInFlight: MOST_IN_FLIGHT, trust: { certificates: caCert, verify: verifyCertificate } });
  const clock = options.clock ?? systemClock;
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  const secrets = createSecrets([password]);
  secrets.add(basic);
  const context = { account, scrub: secrets.scrub };
  let aheadMs = 0;
  let calls = 0;

  const call: Transport["call"] = async (method, params, version = versionInUse()) => {
    const path = `/json-rpc/${version}`;
    calls += 1;
    const answer = await http
      .exchange({
        method: "POST",
        url: new URL(path, endpoint),
        headers: {
          Accept: "application/json",
          Authorization: `Basic ${basic}`,
          "Content-Type": "application/json-rpc",
          "User-Agent": userAgent(),
        },
        body: JSON.stringify({ method, params, id: calls }),
      })
      .catch((error: unknown) => {
        // Every call is a POST to one path: only the method of the API tells what it was.
        if (!(error instanceof ConnectionError)) throw error;
        const message = error.message.replace(/^POST \S+ at/, `${method} at`);
        throw new ConnectionError(message, error.failure, method, error.lasting);
      });
    const date = Date.parse(answer.headers["date"] ?? "");
    if (Number.isFinite(date)) aheadMs = date - clock.now();

    const body = jsonOf(answer.text);
    if (isObject(body)) {
      if (isObject(body["error"])) throw refusalOf(body["error"], { method, path }, answer.status, context);
      if (answer.status === 200 && isObject(body["result"])) {
        return { result: body["result"], unused: namesIn(body["unusedParameters"]) };
      }
    }
    if (answer.status !== 200) throw failureOf(answer, { method, path }, context);
    // A node that is up and does not serve the API yet answers so: the call had no effect.
    if (body === null) {
      throw new ApiError(
        `${method} at ${endpoint.host} was answered by a node that does not serve the API yet: the cluster is being started or upgraded. Run the same command again when it is up.`,
        { method, path, status: 200, repetition: "safe", advised: true },
      );
    }
    // A success whose content is lost is as good as no answer: what the call did is unknown.
    throw new ConnectionError(
      `${method} at ${endpoint.host} answered with something incomplete or other than JSON-RPC (${answer.text.length} characters).`,
      "dropped",
      method,
    );
  };

  return {
    now: () => clock.now() + aheadMs,
    async call(...args) {
      try {
        return await call(...args);
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

/** The message, and for a cluster out of reach where to look. */
function advised(error: HoldfastError, { wording, caCert }: ElementAccount): string {
  if (error instanceof ConfigurationError || !(error instanceof ConnectionError) || error.failure !== "unreachable") {
    return error.message;
  }
  if (error.message.includes("certificate was refused")) {
    // Why a general way of trusting an authority is not named: a cluster signs its own certificate.
    const reason = /\(([A-Z_0-9]+)/.exec(error.message)?.[1] ?? "";
    const what = `${error.message.replace(/ was refused \(.*$/s, " was refused")} (${reason}), nothing was sent.`;
    return caCert === undefined
      ? `${what} Clusters sign their own: save it in PEM and name the file with ${wording.spell("caCert")}.`
      : `${what} It is none of those that ${wording.spell("caCert")} in ${wording.place} trusts: has the cluster a new one?`;
  }
  return `${error.message} Check the network, and ${wording.spell("endpoint")} in ${wording.place}.`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Its form is not documented: a list of names, or an object that has them as its members. */
function namesIn(unused: unknown): string[] {
  if (Array.isArray(unused)) return unused.map((one) => (isObject(one) ? Object.keys(one).join(", ") : String(one)));
  return isObject(unused) ? Object.keys(unused) : [];
}
