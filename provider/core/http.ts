import { checkServerIdentity, type PeerCertificate } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent, Pool } from "undici";
import { ConfigurationError, ConnectionError, type ConnectionFailure } from "./errors";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: URL;
  /** As a function they are made when the request leaves: a signed timestamp must not grow old in the queue. */
  headers: Record<string, string> | (() => Record<string, string>);
  body?: string;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case; repeated headers joined with a comma. */
  headers: Record<string, string>;
  text: string;
}

/** One exchange with a server: no redirects, no repetition, no interpretation of the status. */
export interface Http {
  /** Rejects with a `ConnectionError` when no complete answer arrives. */
  exchange(request: HttpRequest): Promise<HttpAnswer>;
  /** Resolves when the requests in flight are answered. Later ones are refused. */
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Limit for one exchange, from the connection to the last byte; waiting for a free slot doesn't count. @default 30 */
  requestTimeoutSeconds?: number;
  /** Requests on the wire at the same time, further ones wait for a slot. @default 8 */
  maxInFlight?: number;
  /** Largest answer accepted, in MiB. @default 32 */
  maxAnswerMebibytes?: number;
  /** Where `HTTPS_PROXY` and `NO_PROXY` (or their lower-case forms) are read. @default process.env */
  environment?: NodeJS.ProcessEnv;
  /** How the server proves who it is. @default a certificate for its name, from an authority that this machine trusts */
  trust?: Trust;
}

/** How a server proves who it is, where that is not left to the authorities that this machine trusts. */
export interface Trust {
  /**
   * Certificates in PEM that are trusted alone: authorities, or the server's own, which then need not be issued for the
   * name by which it is called.
   */
  certificates?: string | undefined;
  /** False takes any certificate: whoever sits between may read and change everything. @default true */
  verify?: boolean | undefined;
}

const MEBIBYTE = 2 ** 20;
/** Below the usual limit of 30 s, so that a host that swallows packets counts as unreachable, not as a lost answer. */
const CONNECT_TIMEOUT_SECONDS = 10;

/** Keep-alive connections with verified certificates. Idle ones don't keep the process alive. */
export function createHttp(options: HttpOptions = {}): Http {
  const { requestTimeoutSeconds = 30, maxInFlight = 8, maxAnswerMebibytes = 32, environment = process.env } = options;
  const connectTimeout = Math.min(CONNECT_TIMEOUT_SECONDS, requestTimeoutSeconds) * 1000;
  // Said explicitly, because NODE_TLS_REJECT_UNAUTHORIZED=0 only changes the default.
  const tls = { ...trusting(options.trust), timeout: connectTimeout };
  const agentOptions = { connections: maxInFlight, connect: tls, headersTimeout: 0, bodyTimeout: 0 };

  const direct = new Agent(agentOptions);
  let remote: Dispatcher | undefined;
  const dispatcherFor = (url: URL): Dispatcher => {
    if (isLoopback(url.hostname)) return direct;
    remote ??= remoteDispatcher(direct, agentOptions, environment);
    return remote;
  };

  const inSlot = slots(maxInFlight);
  const limits = { seconds: requestTimeoutSeconds, bytes: maxAnswerMebibytes * MEBIBYTE };
  return {
    async exchange(request) {
      refuseOpenTransport(request.url);
      return inSlot(() => exchangeOn(dispatcherFor(request.url), request, limits));
    },
    async close() {
      await Promise.all([direct.close(), remote === direct ? undefined : remote?.close()]);
    },
  };
}

function trusting({ certificates, verify = true }: Trust = {}) {
  if (!verify) return { rejectUnauthorized: false };
  if (certificates === undefined) return { rejectUnauthorized: true };
  const own = new Set(certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.map(derOf));
  return {
    rejectUnauthorized: true,
    ca: certificates,
    // A device's own certificate is mostly issued for no name or another one. To know it is more than to know a name.
    checkServerIdentity: (name: string, certificate: PeerCertificate) =>
      own.has(certificate.raw.toString("base64")) ? undefined : checkServerIdentity(name, certificate),
  };
}

const derOf = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, "");

/** 127.0.0.0/8, ::1 and localhost, as `URL.hostname` spells them. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function refuseOpenTransport(url: URL): void {
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return;
  throw new ConfigurationError(
    `${url.protocol}//${url.host} can't be used: credentials and data would travel unprotected. Use https; plain http is accepted for this machine only (127.0.0.1, ::1, localhost).`,
  );
}

/** Only HTTPS_PROXY matters: plain http never leaves this machine, so HTTP_PROXY has nothing to carry. */
function remoteDispatcher(
  direct: Dispatcher,
  options: Agent.Options & { connect: ReturnType<typeof trusting> & { timeout: number } },
  environment: NodeJS.ProcessEnv,
): Dispatcher {
  const httpsProxy = environment["https_proxy"] || environment["HTTPS_PROXY"];
  if (!httpsProxy) return direct;
  try {
    return new EnvHttpProxyAgent({
      ...options,
      httpProxy: "",
      httpsProxy,
      noProxy: environment["no_proxy"] || environment["NO_PROXY"] || "",
      requestTls: options.connect,
      proxyTls: options.connect,
      clientFactory: (origin, poolOptions) =>
        proxyPool(new Pool(origin, { ...poolOptions, headersTimeout: options.connect.timeout })),
    });
  } catch {
    // The cause would repeat the value, which often holds a password.
    throw new ConfigurationError("HTTPS_PROXY is set, but not to a URL such as http://proxy.example.com:3128.");
  }
}

/** undici takes a proxy that hangs up for a passing trouble and comes back at once, without end: name it a failure. */
function proxyPool(pool: Pool): Pool {
  const connect = pool.connect.bind(pool);
  return Object.assign(pool, {
    connect: (options: Parameters<typeof connect>[0]) =>
      connect(options).catch((error: Error) => {
        throw new Error(`the proxy in HTTPS_PROXY can't be used: ${inPlainWords(error)}`);
      }),
  });
}

function slots(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (taken < limit) taken++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else taken--;
    }
  };
}

/**
 * undici's `dispatch` rather than `request`: it tells when a request starts on a connection. Whatever fails before that,
 * proxy and certificate included, has certainly sent nothing, and no list of error codes has to be trusted for it.
 */
function exchangeOn(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: { seconds: number; bytes: number },
): Promise<HttpAnswer> {
  const { method, url, body } = request;
  const headers = typeof request.headers === "function" ? request.headers() : request.headers;
  return new Promise((resolve, reject) => {
    let connection: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let answerHeaders: Record<string, string> = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      act();
    };
    const giveUp = (cause: string, failure: ConnectionFailure, lasting = false) => {
      const message = `${method} ${url.pathname} at ${url.host}: ${cause}.`;
      settle(() => reject(new ConnectionError(message, failure, method, lasting)));
      connection?.abort(new Error(cause));
    };
    const timer = setTimeout(() => {
      if (connection) giveUp(`no complete answer within ${limits.seconds} s`, "timeout");
      else giveUp(`no connection within ${limits.seconds} s, nothing was sent`, "unreachable");
    }, limits.seconds * 1000);

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        // Given up while still connecting: not a byte may follow.
        if (settled) controller.abort(new Error("given up"));
        else connection = controller;
      },
      onResponseStart(_controller, statusCode, received) {
        status = statusCode; // 1xx answers come first and are overwritten
        answerHeaders = Object.fromEntries(
          Object.entries(received).map(([name, value]) => [name.toLowerCase(), [value ?? ""].flat().join(", ")]),
        );
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size <= limits.bytes) chunks.push(chunk);
        else giveUp(`the answer is larger than ${limits.bytes / MEBIBYTE} MiB`, "dropped");
      },
      onResponseEnd() {
        settle(() => resolve({ status, headers: answerHeaders, text: Buffer.concat(chunks).toString("utf8") }));
      },
      onResponseError(_controller, error) {
        const code = codeOf(error);
        if (code === "UND_ERR_INVALID_ARG") {
          // Names the header, never its value.
          settle(() => reject(new ConfigurationError(`${method} ${url.pathname} can't be sent: ${error.message}.`)));
        } else if (code === "UND_ERR_CLOSED" || code === "UND_ERR_DESTROYED") {
          giveUp("the client is closed", "aborted");
        } else if (connection) {
          giveUp(`${inPlainWords(error)} before the answer was complete`, "dropped");
        } else {
          giveUp(`${inPlainWords(error)}, nothing was sent`, "unreachable", ofCertificate(code));
        }
      },
    };
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body: body ?? null },
      handler,
    );
  });
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

const CAUSES: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "the connection was reset",
  EPIPE: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the host name could not be looked up (no network?)",
  EHOSTUNREACH: "no route to the host",
  ENETUNREACH: "the network is unreachable",
  ETIMEDOUT: "the connection timed out",
  UND_ERR_CONNECT_TIMEOUT: "no connection within the time limit",
};

const ofCertificate = (code: string): boolean => /CERT|UNABLE_TO_VERIFY/.test(code);

function inPlainWords(error: Error): string {
  const code = codeOf(error);
  const known = CAUSES[code];
  if (known) return known;
  if (ofCertificate(code)) {
    return `the server's certificate was refused (${code}; a private certificate authority belongs in NODE_EXTRA_CA_CERTS; NODE_TLS_REJECT_UNAUTHORIZED changes nothing here)`;
  }
  return code ? `${error.message} (${code})` : error.message;
}
