import type { ApiError } from "../core/errors";
import type { OvhCredentials } from "./account";
import { renewable } from "./renewable";

/** What makes one request acceptable to the service. */
export interface Authorization {
  /** To be called when the request leaves, not when it queues up: signatures hold the time. */
  headers: () => Record<string, string>;
  /** After a refusal: renews what may have gone stale, and tells whether sending again can turn out differently. */
  renewed(refusal: ApiError): Promise<boolean>;
}

/** `url` and `body` must be exactly what is sent. */
export type Authorize = (method: string, url: string, body: string) => Promise<Authorization>;

type ApplicationKeys = Extract<OvhCredentials, { kind: "applicationKeys" }>;

/**
 * Signed requests. The signature holds the time as the service sees it: the difference to the local clock is asked once
 * and again when a call is refused, because a laptop that sleeps or a clock that is set makes it wrong.
 */
export function signing(
  keys: ApplicationKeys,
  options: { now: () => number; serverSeconds: () => Promise<number> },
): Authorize {
  const localSeconds = () => Math.round(options.now() / 1000);
  const difference = renewable(async () => ({ seconds: (await options.serverSeconds()) - localSeconds() }));
  // Loaded on the first signature: the package brings an HTTP client and a schema library, 60 ms that others need not pay.
  const vendor = renewable(async () => {
    const { default: ovh } = await import("ovh");
    return ovh({ appKey: keys.applicationKey, appSecret: keys.applicationSecret, consumerKey: keys.consumerKey });
  });

  return async (method, url, body) => {
    const [used, signer] = await Promise.all([difference.get(), vendor.get()]);
    return {
      headers() {
        const timestamp = localSeconds() + used.seconds;
        return {
          "X-Ovh-Application": keys.applicationKey,
          "X-Ovh-Consumer": keys.consumerKey,
          "X-Ovh-Timestamp": String(timestamp),
          "X-Ovh-Signature": signer.signRequest(method, url, body, timestamp),
        };
      },
      async renewed(refusal) {
        if (!mayBeClockSkew(refusal)) return false;
        const now = await difference.renew(used);
        // Both numbers are rounded to a second; within that the clock is not what was wrong.
        return Math.abs(now.seconds - used.seconds) > 1;
      },
    };
  };
}

/**
 * The service's error for a stale timestamp is not published. A wrong guess here costs one unauthenticated GET. A 400
 * counts when it comes from the authentication layer: that one answers in capitals (`INVALID_...`), products in classes.
 */
function mayBeClockSkew({ status, code = "", message, missingActions }: ApiError): boolean {
  if (missingActions.length > 0 || code === "NOT_GRANTED_CALL" || code === "INVALID_KEY") return false;
  if (status === 401 || status === 403) return true;
  return status === 400 && (/^[A-Z_]+$/.test(code) || /signature|timestamp|clock|out of time/i.test(message));
}
