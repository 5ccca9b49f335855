import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Settings } from "./options";
import type { AccessRule, ConsumerKeyRecord, CredentialState } from "./records";
import { refuseCredential } from "./refusal";
import type { OvhSimulatorCredentials } from "./server";

/** What a signature covers, as it came over the wire. */
export interface SignedRequest {
  /** Upper-case HTTP method. */
  method: string;
  /** Path and query exactly as sent. */
  target: string;
  /** The Host header. */
  host: string;
  /** Raw bytes, empty when there was no body. */
  body: Buffer;
  /** Header names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

const equal = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const matches = (rule: AccessRule, method: string, path: string): boolean => {
  const pattern = rule.path.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return rule.method.toUpperCase() === method && new RegExp(`^${pattern}$`).test(path);
};

/** The bearer token of a request, `undefined` when it has none. */
export const bearerToken = ({ headers: { authorization } }: Pick<SignedRequest, "headers">): string | undefined =>
  typeof authorization === "string" ? /^Bearer (.+)$/i.exec(authorization)?.[1]?.trim() : undefined;

/**
 * The addresses a client may have signed: the one it calls, and without the port, as the vendor's Node client signs; that one
 * always speaks https.
 */
const signedUrls = ({ host, target }: SignedRequest): string[] => {
  const bare = host.replace(/:\d+$/, "");
  return [`http://${host}`, `http://${bare}`, `https://${host}`, `https://${bare}`].map((origin) => origin + target);
};

/** What a fault makes of a request's credential. */
export interface CredentialTrouble {
  /** By how many seconds its timestamp counts as off. */
  skewSeconds?: number;
  /** Its consumer key or token counts as expired. */
  expired?: boolean;
}

/** Application keys, consumer keys and bearer tokens, and the checks of a request against them. */
export class OvhCredentials {
  /** How far the time for authentication is ahead of the clock, in milliseconds. Change it to simulate a clock that steps. */
  clockSkewMs: number;
  readonly #state: CredentialState;
  readonly #settings: Settings;
  readonly #save: () => void;

  /** Made by `simulateOvh`. */
  constructor(state: CredentialState, settings: Settings, save: () => void) {
    this.#state = state;
    this.#settings = settings;
    this.#save = save;
    this.clockSkewMs = settings.clockSkewMs;
  }

  /** Everything that is valid at start. */
  get initial(): Omit<OvhSimulatorCredentials, "tokenUrl"> {
    const { applicationKey, applicationSecret, consumerKeys, clientId, clientSecret, tokens } = this.#state;
    return {
      applicationKey,
      applicationSecret,
      consumerKey: consumerKeys[0]?.key ?? "",
      clientId,
      clientSecret,
      accessToken: tokens[0]?.token ?? "",
    };
  }

  /** The answer of `/auth/time`: Unix seconds. */
  get time(): number {
    return Math.floor((this.#settings.now() + this.clockSkewMs) / 1000);
  }

  /** Makes a consumer key useless, as when its owner revokes it or its time is over. */
  expireConsumerKey(key: string): void {
    for (const record of this.#state.consumerKeys) if (record.key === key) record.status = "expired";
    this.#save();
  }

  /** Makes a bearer token useless. */
  expireToken(token: string): void {
    for (const record of this.#state.tokens) if (record.token === token) record.expiresAt = 0;
    this.#save();
  }

  /** Limits a consumer key to some calls; `*` in a path stands for anything. */
  restrict(consumerKey: string, rules: readonly AccessRule[]): void {
    for (const record of this.#state.consumerKeys) if (record.key === consumerKey) record.rules = [...rules];
    this.#save();
  }

  /** A new consumer key that waits for a person. */
  requestConsumerKey(applicationKey: string, rules: AccessRule[]): ConsumerKeyRecord {
    this.#requireApplication(applicationKey);
    const record: ConsumerKeyRecord = {
      key: randomBytes(16).toString("hex"),
      status: "pendingValidation",
      rules,
      validationToken: randomBytes(16).toString("hex"),
    };
    this.#state.consumerKeys.push(record);
    this.#save();
    return record;
  }

  /** Does what a person does on the validation page. Answers whether the token belongs to a waiting key. */
  validate(validationToken: string): boolean {
    const record = this.#state.consumerKeys.find((key) => key.validationToken === validationToken);
    if (record?.status !== "pendingValidation") return false;
    record.status = "validated";
    this.#save();
    return true;
  }

  /** Whether a client id and secret belong together. */
  isClient(clientId: string, clientSecret: string): boolean {
    return equal(clientId, this.#state.clientId) && equal(clientSecret, this.#state.clientSecret);
  }

  /** A new bearer token and its lifetime in seconds. */
  issueToken(): {
    /** The token. */
    token: string;
    /** Its lifetime. */
    seconds: number;
  } {
    const now = this.#settings.now();
    const seconds = this.#settings.tokenSeconds;
    const token = randomBytes(32).toString("hex");
    // an expired token is answered like an unknown one, so it need not be remembered; the first is the ready-made one
    const [first, ...others] = this.#state.tokens;
    const valid = others.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
    this.#state.tokens = [...(first ? [first] : []), ...valid, { token, expiresAt: now + seconds * 1000 }];
    this.#save();
    return { token, seconds };
  }

  /** Lets a request pass that has a valid signature or bearer token; throws the documented refusal otherwise. */
  check(request: SignedRequest, path: string, trouble: CredentialTrouble = {}): void {
    const header = (name: string): string => {
      const value = request.headers[name];
      return typeof value === "string" ? value : "";
    };
    const bearer = bearerToken(request);
    if (bearer !== undefined) {
      this.#checkToken(bearer, trouble.expired ?? false);
      return;
    }
    const applicationKey = header("x-ovh-application");
    if (applicationKey === "") throw refuseCredential(403, "NOT_CREDENTIAL", "You must login first");
    this.#requireApplication(applicationKey);
    this.#checkTimestamp(header("x-ovh-timestamp"), trouble.skewSeconds ?? 0);
    const consumerKey = this.#consumerKey(header("x-ovh-consumer"), trouble.expired ?? false);
    if (this.#settings.checkSignatures) {
      this.#checkSignature(request, header("x-ovh-signature"), consumerKey.key, header("x-ovh-timestamp"));
    }
    if (!consumerKey.rules.some((rule) => matches(rule, request.method, path))) {
      throw refuseCredential(403, "NOT_GRANTED_CALL", "This call has not been granted");
    }
  }

  #requireApplication(applicationKey: string): void {
    if (!equal(applicationKey, this.#state.applicationKey)) {
      throw refuseCredential(403, "INVALID_KEY", "This application key is invalid");
    }
  }

  #checkToken(token: string, expired: boolean): void {
    // the ready-made token cannot be asked for again, so it does not expire for good
    const found = this.#state.tokens.find((candidate) => equal(candidate.token, token));
    if (expired && found?.expiresAt != null) this.expireToken(token);
    if (expired || !found || (found.expiresAt !== null && found.expiresAt <= this.#settings.now())) {
      // status and code are unconfirmed, our assumption
      throw refuseCredential(
        this.#settings.badTokenStatus,
        "INVALID_CREDENTIAL",
        "This access token is invalid or expired",
      );
    }
  }

  #checkTimestamp(timestamp: string, skewSeconds: number): void {
    const skew = /^\d+$/.test(timestamp) ? Math.abs(Number(timestamp) + skewSeconds - this.time) : Number.NaN;
    // tolerance, status and code are unconfirmed, our assumption
    if (!(skew <= this.#settings.maxSkewSeconds)) {
      throw refuseCredential(
        400,
        "QUERY_TIME_OUT",
        "The timestamp of this query is missing or too far from the server's time",
      );
    }
  }

  #consumerKey(key: string, expired: boolean): ConsumerKeyRecord {
    const record = this.#state.consumerKeys.find((candidate) => equal(candidate.key, key));
    if (!record) throw refuseCredential(403, "NOT_CREDENTIAL", "This credential does not exist");
    if (expired || record.status !== "validated")
      throw refuseCredential(403, "INVALID_CREDENTIAL", "This credential is not valid");
    return record;
  }

  #checkSignature(request: SignedRequest, given: string, consumerKey: string, timestamp: string): void {
    const { applicationSecret } = this.#state;
    const good = signedUrls(request).some((url) => {
      const hash = createHash("sha1");
      hash.update(`${applicationSecret}+${consumerKey}+${request.method}+${url}+`);
      hash.update(request.body);
      hash.update(`+${timestamp}`);
      return equal(given, `$1$${hash.digest("hex")}`);
    });
    // status and code are unconfirmed, our assumption
    if (!good) throw refuseCredential(this.#settings.badSignatureStatus, "INVALID_SIGNATURE", "Invalid signature");
  }
}
