import endpoints from "ovh/lib/endpoints";
import { ConfigurationError } from "../core/errors";
import { isLoopback } from "../core/http";

export const DEFAULT_ENDPOINT = "ovh-eu";

export interface Endpoint {
  /** A name of the vendor's table, or the URL as given. */
  name: string;
  /** Base of all paths, without a final slash. */
  apiUrl: URL;
  /** Absent where the service knows no OAuth2. */
  tokenUrl?: URL;
}

/** Finds the URLs of an endpoint. `setting` names where the value stands, for messages; the value itself is not repeated. */
export function endpointOf(value: string, setting: string): Endpoint {
  const listed = Object.hasOwn(endpoints, value) ? endpoints[value] : undefined;
  if (listed) return { name: value, apiUrl: new URL(`https://${listed.host}/1.0`), ...tokenUrlOf(listed) };
  if (!value.includes("/")) {
    throw new ConfigurationError(
      `${setting} names no known endpoint. Use one of ${Object.keys(endpoints).join(", ")}, or a URL such as https://eu.api.ovh.com/1.0.`,
    );
  }
  const apiUrl = apiUrlOf(value, setting);
  const sameHost = Object.values(endpoints).find(({ host }) => apiUrl.origin === `https://${host}`);
  if (sameHost) return { name: value, apiUrl, ...tokenUrlOf(sameHost) };
  // Elsewhere the place of the token service is unknown, and a secret must not be sent to a guess.
  if (isLoopback(apiUrl.hostname)) return { name: value, apiUrl, tokenUrl: new URL("/auth/oauth2/token", apiUrl) };
  return { name: value, apiUrl };
}

function tokenUrlOf({ tokenURL }: { tokenURL?: string }): { tokenUrl?: URL } {
  return tokenURL ? { tokenUrl: new URL("oauth2/token", tokenURL) } : {};
}

function apiUrlOf(value: string, setting: string): URL {
  const url = URL.canParse(value) ? new URL(value.replace(/\/+$/, "")) : undefined;
  const acceptable = url && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
  if (!acceptable || url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError(
      `${setting} must be a plain https URL such as https://eu.api.ovh.com/1.0, without user, query or fragment (http only for this machine, such as http://127.0.0.1:4000/1.0).`,
    );
  }
  return url;
}
