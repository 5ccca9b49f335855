/**
 * Every error of this package. Pulumi prints the message and nothing else, so the message carries it all: which
 * resource, what happened, what to do. `stack` is empty because the dynamic provider host would print it to the user.
 */
export class HoldfastError extends Error {
  /** Name of the class. */
  override readonly name: string = "HoldfastError";
  /** Empty. */
  override stack = "";

  /**
   * In a user's program the SDK prints such an error as its message alone, without "unhandled exception" and source text.
   * @internal
   */
  get __pulumiRunError(): true {
    return true;
  }

  /** The host writes `${error}` to the terminal: the message alone, without the class. */
  override toString(): string {
    return this.message;
  }
}

/** Credentials or settings are missing, incomplete or contradict each other. */
export class ConfigurationError extends HoldfastError {
  override readonly name = "ConfigurationError";
  /** Names of the settings to add, as their own source spells them; empty when nothing is missing. */
  readonly missing: readonly string[];

  constructor(message: string, missing: readonly string[] = []) {
    super(message);
    this.missing = missing;
  }
}

/** Where the exchange with a service broke down before an answer was complete. */
export type ConnectionFailure =
  /** Nothing was sent: connection refused, name not found, certificate refused. */
  | "unreachable"
  /** The connection ended after the request may have arrived. */
  | "dropped"
  /** No complete answer within the limit per request. */
  | "timeout"
  /** A caller's signal ended the exchange. */
  | "aborted";

/** No complete answer arrived. Whether the service acted on the request is known only for `unreachable`. */
export class ConnectionError extends HoldfastError {
  override readonly name = "ConnectionError";
  /** Where it broke down. */
  readonly failure: ConnectionFailure;
  /** HTTP method of the call, where a request was sent. */
  readonly method: string | undefined;
  /** Whether another attempt would end the same: a certificate that is not trusted does not become so by itself. */
  readonly lasting: boolean;

  constructor(message: string, failure: ConnectionFailure, method?: string, lasting = false) {
    super(message);
    this.failure = failure;
    this.method = method;
    this.lasting = lasting;
  }
}

/**
 * What a second try could do, where the service has its own words for that: `safe` means that the call had no effect and that
 * the reason passes, `afterLook` that it may have had one, `useless` that the answer stays the same.
 */
export type Repetition = "safe" | "afterLook" | "useless";

/** What a service said when it refused a call. */
export interface ApiErrorFields {
  /** HTTP method of the call. */
  method: string;
  /** Path without host and query. */
  path: string;
  /** HTTP status. */
  status: number;
  /** The service's own class or code, for example `Client::NotFound`. */
  code?: string | undefined;
  /** IAM actions that the credentials lack. */
  missingActions?: readonly string[] | undefined;
  /** The service's id of the request, for its support. */
  requestId?: string | undefined;
  /** Seconds after which the service wants to be asked again (`Retry-After`). */
  retryAfterSeconds?: number | undefined;
  /** Whether the message tells what to do. @default false */
  advised?: boolean;
  /** What a second try could do. @default what the HTTP status says */
  repetition?: Repetition | undefined;
}

/** The service answered with an error, or with something that is not an answer to the call. */
export class ApiError extends HoldfastError {
  override readonly name = "ApiError";
  /** HTTP method of the call. */
  readonly method: string;
  /** Path without host and query. */
  readonly path: string;
  /** HTTP status. */
  readonly status: number;
  /** The service's own class or code, for example `Client::NotFound`. */
  readonly code: string | undefined;
  /** IAM actions that the credentials lack. */
  readonly missingActions: readonly string[];
  /** The service's id of the request, for its support. */
  readonly requestId: string | undefined;
  /** Seconds after which the service wants to be asked again (`Retry-After`). */
  readonly retryAfterSeconds: number | undefined;
  /** Whether the message tells what to do. */
  readonly advised: boolean;
  /** What a second try could do; `undefined` where the HTTP status says it. */
  readonly repetition: Repetition | undefined;

  constructor(message: string, fields: ApiErrorFields) {
    super(message);
    this.method = fields.method;
    this.path = fields.path;
    this.status = fields.status;
    this.code = fields.code;
    this.missingActions = fields.missingActions ?? [];
    this.requestId = fields.requestId;
    this.retryAfterSeconds = fields.retryAfterSeconds;
    this.advised = fields.advised ?? false;
    this.repetition = fields.repetition;
  }
}

/** A wait reached its limit, or the service did not show the object for too long. */
export class WaitTimeoutError extends HoldfastError {
  override readonly name = "WaitTimeoutError";
  /** Whether it ended before its limit, because the service did not show the object. */
  readonly absent: boolean;

  constructor(message: string, { absent }: { absent: boolean }) {
    super(message);
    this.absent = absent;
  }
}

/** A wait was ended by the user (Ctrl-C). */
export class InterruptedError extends HoldfastError {
  override readonly name = "InterruptedError";
}

/** An object reached a state that it does not leave by itself. */
export class TerminalStateError extends HoldfastError {
  override readonly name = "TerminalStateError";
  /** The state that the service reported. */
  readonly observed: string;

  constructor(message: string, observed: string) {
    super(message);
    this.observed = observed;
  }
}
