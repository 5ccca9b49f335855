import { fieldsOf, parseJson } from "../../simulator/fields";
import { refuse } from "../../simulator/refusal";
import type { CredentialTrouble, OvhCredentials, SignedRequest } from "./credentials";
import type { AccessRule } from "./records";
import { refuseCredential } from "./refusal";

/** Path of the OAuth2 token call; it lies outside the API's branches. */
export const TOKEN_PATH = "/auth/oauth2/token";

/** The page where a person would validate a consumer key. */
export const VALIDATION_PATH = "/auth/";

const accessRules = (body: unknown): AccessRule[] => {
  const rules = fieldsOf(body)["accessRules"];
  if (!Array.isArray(rules)) throw refuse(400, "accessRules must be a list");
  return rules.map((value: unknown) => {
    const { method, path } = fieldsOf(value);
    if (typeof method !== "string" || typeof path !== "string") {
      throw refuse(400, "Each of accessRules needs a method and a path");
    }
    return { method, path };
  });
};

/** Answers a call under `/auth` of a branch; `undefined` when there is no such call. */
export function answerAuth(
  credentials: OvhCredentials,
  request: SignedRequest,
  path: string,
  origin: string,
  trouble: CredentialTrouble,
): { status: number; body: unknown } | undefined {
  switch (`${request.method} ${path}`) {
    case "GET /auth/time":
      return { status: 200, body: credentials.time };
    case "POST /auth/credential": {
      const applicationKey = request.headers["x-ovh-application"];
      if (typeof applicationKey !== "string" || applicationKey === "") {
        throw refuseCredential(403, "INVALID_KEY", "This application key is invalid");
      }
      const record = credentials.requestConsumerKey(applicationKey, accessRules(parseJson(request.body)));
      const validationUrl = `${origin}${VALIDATION_PATH}?credentialToken=${record.validationToken}`;
      return { status: 200, body: { consumerKey: record.key, state: record.status, validationUrl } };
    }
    case "GET /auth/details":
      credentials.check(request, path, trouble);
      // more members exist; clients read `account`
      return {
        status: 200,
        body: { account: "simulated-ovh", method: "account", identities: [], roles: [], user: null },
      };
    default:
      return undefined;
  }
}

const basicCredentials = (header: string): [string, string] | undefined => {
  const encoded = /^Basic (.+)$/i.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon < 0) return undefined;
  // form-encoded before it is put into the header (RFC 6749, section 2.3.1); some clients skip that, which is the same for our characters
  const plain = (text: string): string => new URLSearchParams(`x=${text}`).get("x") ?? "";
  return [plain(decoded.slice(0, colon)), plain(decoded.slice(colon + 1))];
};

/** Answers the token call: client credentials in HTTP Basic or in the form (RFC 6749; go-ovh uses both ways). */
export function answerToken(
  credentials: OvhCredentials,
  request: SignedRequest,
): { status: number; body: unknown; headers?: Record<string, string> } {
  const form = new URLSearchParams(request.body.toString("utf8"));
  if (form.get("grant_type") !== "client_credentials") {
    const error = form.has("grant_type") ? "unsupported_grant_type" : "invalid_request";
    return { status: 400, body: { error, error_description: "grant_type must be client_credentials" } };
  }
  const { authorization } = request.headers;
  const basic = typeof authorization === "string" ? basicCredentials(authorization) : undefined;
  const [clientId, clientSecret] = basic ?? [form.get("client_id") ?? "", form.get("client_secret") ?? ""];
  if (!credentials.isClient(clientId, clientSecret)) {
    const body = { error: "invalid_client", error_description: "Client authentication failed" };
    return { status: 401, body, headers: { "www-authenticate": 'Basic realm="simulator"' } };
  }
  const { token, seconds } = credentials.issueToken();
  const body = { access_token: token, token_type: "Bearer", expires_in: seconds, scope: form.get("scope") ?? "all" };
  return { status: 200, body, headers: { "cache-control": "no-store" } };
}
