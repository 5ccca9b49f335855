import { z } from "zod";
import { ApiError } from "../core/errors";
import type { HttpRequest } from "../core/http";
import { renewable } from "./renewable";
import type { Authorize } from "./signature";

/** A token is replaced when fewer than this many seconds remain: long enough for a slow call to end within its life. */
const RENEW_BELOW_SECONDS = 60;

/** Sends a request as it is and parses the answer's JSON. Rejects with an `ApiError` when the answer is a refusal. */
export type Exchange = (
  request: { method: HttpRequest["method"]; url: URL; headers: () => Record<string, string>; body?: string },
  /** What messages call the path. @default the URL's */
  path?: string,
) => Promise<{ status: number; body: unknown }>;

interface Token {
  value: string;
  expiresAt: number;
}

const tokenAnswer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().optional() });

/**
 * Bearer tokens of a service account (client credentials grant). The vendor's package has this flow too, but it comes
 * with its own HTTP client: no time limit, no proxy, certificates not always verified, and failures without a message.
 */
export function serviceAccount(
  client: { clientId: string; clientSecret: string },
  options: {
    tokenUrl: URL;
    now: () => number;
    exchange: Exchange;
    /** Called with each token before it is used, so that it can be kept out of messages. */
    onToken: (token: string) => void;
  },
): Authorize {
  const { tokenUrl, now, exchange, onToken } = options;
  const tokens = renewable(async (): Promise<Token> => {
    const { status, body } = await exchange({
      method: "POST",
      url: tokenUrl,
      headers: () => ({
        Authorization: basicAuthorization(client),
        "Content-Type": "application/x-www-form-urlencoded",
      }),
      body: "grant_type=client_credentials&scope=all",
    });
    const parsed = tokenAnswer.safeParse(body);
    if (!parsed.success) {
      const call = { method: "POST", path: tokenUrl.pathname };
      throw new ApiError(`POST ${call.path} answered ${status} without a usable access_token.`, {
        ...call,
        status,
      });
    }
    const { access_token, expires_in } = parsed.data;
    onToken(access_token);
    return { value: access_token, expiresAt: expires_in === undefined ? Infinity : now() + expires_in * 1000 };
  });

  return async () => {
    let token = await tokens.get();
    if (token.expiresAt - now() < RENEW_BELOW_SECONDS * 1000) token = await tokens.renew(token);
    return {
      ...bearer(token.value),
      async renewed({ status, missingActions }) {
        // An answer that lists missing permissions has recognised the token.
        if ((status !== 401 && status !== 403) || missingActions.length > 0) return false;
        await tokens.renew(token);
        return true;
      },
    };
  };
}

/** A token that was made elsewhere: used as it is, nothing to renew. */
export function readyToken(accessToken: string): Authorize {
  return async () => ({ ...bearer(accessToken), renewed: async () => false });
}

const bearer = (token: string) => ({ headers: () => ({ Authorization: `Bearer ${token}` }) });

/** RFC 6749, section 2.3.1: both parts are form-encoded before they are joined. */
export function basicAuthorization({ clientId, clientSecret }: { clientId: string; clientSecret: string }): string {
  const encode = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
}
