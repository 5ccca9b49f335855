import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../provider/core/clock";
import { ApiError, ConfigurationError, ConnectionError } from "../../provider/core/errors";
import type { OvhAccount, OvhCredentials } from "../../provider/ovh/account";
import { ovhTransport } from "../../provider/ovh/transport";
import { answerJson, type Received, serve } from "../core/loopback";

const NOW = Date.UTC(2026, 0, 1, 12);
const applicationKeys = {
  kind: "applicationKeys",
  applicationKey: "app-key-1234",
  applicationSecret: "app-secret-1234",
  consumerKey: "consumer-key-1234",
} as const;
const oauth2 = { kind: "oauth2", clientId: "client-id-1234", clientSecret: "client/secret+1234" } as const;
const accessToken = { kind: "accessToken", accessToken: "ready-token-1234" } as const;

type Answer = (request: Received, response: ServerResponse) => void;

interface Service {
  /** Seconds by which the service's clock is ahead. */
  ahead: number;
  /** Answers in turn; the last one stays. */
  answers: Answer[];
  /** Overrides what the time route or the token route answers. */
  time?: Answer;
  token?: Answer;
  expiresIn: number;
}

/** The API under /1.0 and the token service, with a transport for it on a clock that the test sets. */
async function start(credentials: OvhCredentials, ...answers: Answer[]) {
  const clock: Clock & { time: number } = { time: NOW, now: () => clock.time, sleep: async () => {} };
  const service: Service = { ahead: 0, answers, expiresIn: 3599 };
  let tokens = 0;
  const { origin, received } = await serve((request, response) => {
    if (request.path === "/1.0/auth/time") {
      if (service.time) service.time(request, response);
      else answerJson(response, 200, Math.round(clock.time / 1000) + service.ahead);
    } else if (request.path === "/auth/oauth2/token") {
      const token = {
        access_token: `token-${++tokens}`,
        token_type: "Bearer",
        expires_in: service.expiresIn,
        scope: "all",
      };
      if (service.token) service.token(request, response);
      else answerJson(response, 200, token);
    } else {
      const [answer, ...later] = service.answers;
      if (later.length > 0) service.answers = later;
      if (answer) answer(request, response);
      else answerJson(response, 200, { ok: true });
    }
  });
  const account: OvhAccount = {
    endpoint: `${origin}/1.0`,
    apiUrl: new URL(`${origin}/1.0`),
    tokenUrl: new URL(`${origin}/auth/oauth2/token`),
    credentials,
    source: "stack configuration",
  };
  const transport = ovhTransport(account, { clock });
  onTestFinished(() => transport.close());
  const paths = () => received.map(({ method, path }) => `${method} ${path}`);
  const calls = () => received.filter(({ path }) => path.startsWith("/1.0/storage"));
  return { origin, received, transport, clock, service, paths, calls };
}

const json =
  (status: number, body?: unknown, headers?: Record<string, string>): Answer =>
  (_request, response) =>
    answerJson(response, status, body, headers);
const text =
  (status: number, body: string): Answer =>
  (_request, response) =>
    response.writeHead(status).end(body);
const hangUp: Answer = (_request, response) => void response.destroy();

async function apiErrorOf(outcome: Promise<unknown>): Promise<ApiError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`expected an ApiError, got ${String(error)}`);
  return error;
}

async function connectionErrorOf(outcome: Promise<unknown>): Promise<ConnectionError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectionError)) throw new Error(`expected a ConnectionError, got ${String(error)}`);
  return error;
}

/** The signature as the vendor documents it, computed from what arrived. */
function expectedSignature(origin: string, request: Received, timestamp: number): string {
  const { applicationSecret, consumerKey } = applicationKeys;
  const parts = [
    applicationSecret,
    consumerKey,
    request.method,
    origin + request.path,
    request.body.toString("latin1"),
    timestamp,
  ];
  return `$1$${createHash("sha1")
    .update(Buffer.from(parts.join("+"), "latin1"))
    .digest("hex")}`;
}

// --- signed requests

test("signs the URL, port and query included, the exact bytes of the body and the service's time", async () => {
  const { transport, service, origin, calls } = await start(applicationKeys);
  service.ahead = 90;
  await transport.send("POST", "/storage/netapp/s/share?detail=true", {
    name: "Prüfung 🗄",
    size: 100,
    description: null,
  });
  const [request] = calls();
  if (!request) throw new Error("no request arrived");
  const timestamp = NOW / 1000 + 90;
  expect(request.headers).toMatchObject({
    "x-ovh-application": "app-key-1234",
    "x-ovh-consumer": "consumer-key-1234",
    "x-ovh-timestamp": String(timestamp),
    "x-ovh-signature": expectedSignature(origin, request, timestamp),
    "content-type": "application/json",
    accept: "application/json",
  });
  expect(request.headers["user-agent"]).toMatch(/^pulumi-holdfast\/\d+\.\d+\.\d+/);
  expect(request.headers.authorization).toBeUndefined();
  expect(JSON.parse(request.body.toString("utf8"))).toEqual({ name: "Prüfung 🗄", size: 100, description: null });
});

test("signs a request without a body with an empty text, and sends no content type", async () => {
  const { transport, origin, calls } = await start(applicationKeys);
  await transport.send("GET", "/storage/netapp/s/share");
  const [request] = calls();
  if (!request) throw new Error("no request arrived");
  expect(request.body).toHaveLength(0);
  expect(request.headers["content-type"]).toBeUndefined();
  expect(request.headers["x-ovh-signature"]).toBe(expectedSignature(origin, request, NOW / 1000));
});

test("asks for the time once, unsigned, however many first calls there are", async () => {
  const { transport, received } = await start(applicationKeys);
  await Promise.all([1, 2, 3].map((i) => transport.send("GET", `/storage/netapp/${i}`)));
  await transport.send("GET", "/storage/netapp/4");
  const times = received.filter(({ path }) => path === "/1.0/auth/time");
  expect(times).toHaveLength(1);
  expect(times[0]?.headers["x-ovh-signature"]).toBeUndefined();
  expect(times[0]?.headers["x-ovh-application"]).toBeUndefined();
});

test("follows the local clock between calls", async () => {
  const { transport, clock, calls } = await start(applicationKeys);
  await transport.send("GET", "/storage/netapp/s");
  clock.time += 5_000;
  await transport.send("GET", "/storage/netapp/s");
  expect(calls().map(({ headers }) => Number(headers["x-ovh-timestamp"]) - NOW / 1000)).toEqual([0, 5]);
});

test.each([
  ["400 with the code of the authentication layer", 400, { errorCode: "QUERY_TIME_OUT", message: "Query out of time" }],
  ["400 about the signature", 400, { class: "Client::BadRequest", message: "Invalid signature" }],
  ["403", 403, { errorCode: "INVALID_CREDENTIAL", message: "This credential is not valid" }],
  ["401", 401, { class: "Client::Unauthorized", message: "no" }],
])(
  "asks for the time again and repeats the call after a %s when the clocks have moved apart",
  async (_name, status, body) => {
    const { transport, service, paths, calls } = await start(
      applicationKeys,
      json(200, {}),
      json(status, body),
      json(201, { id: "x" }),
    );
    await transport.send("GET", "/storage/netapp/s");
    service.ahead = 600;
    const answer = await transport.send("POST", "/storage/netapp/s/share", { size: 100 });
    expect(answer).toEqual({ status: 201, body: { id: "x" } });
    expect(paths().slice(2)).toEqual([
      "POST /1.0/storage/netapp/s/share",
      "GET /1.0/auth/time",
      "POST /1.0/storage/netapp/s/share",
    ]);
    expect(calls().at(-1)?.headers["x-ovh-timestamp"]).toBe(String(NOW / 1000 + 600));
  },
);

test("repeats a refused call only once", async () => {
  const { transport, service, calls } = await start(applicationKeys, (_request, response) => {
    service.ahead += 600;
    answerJson(response, 403, { errorCode: "INVALID_CREDENTIAL", message: "no" });
  });
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow("403 INVALID_CREDENTIAL");
  expect(calls()).toHaveLength(2);
});

test("does not repeat a refused call when the clocks agree", async () => {
  const { transport, calls } = await start(
    applicationKeys,
    json(403, { errorCode: "INVALID_CREDENTIAL", message: "no" }),
  );
  await expect(transport.send("POST", "/storage/netapp/s", {})).rejects.toThrow(ApiError);
  expect(calls()).toHaveLength(1);
});

test.each([
  [400, { class: "Client::BadRequest", message: "size is too small" }],
  [403, { errorCode: "NOT_GRANTED_CALL", message: "no" }],
  [403, { errorCode: "INVALID_KEY", message: "no" }],
  [
    403,
    { class: "Client::Forbidden", message: "no", details: { unauthorizedActionsByIAM: "storageNetApp:apiovh:get" } },
  ],
  [404, { class: "Client::NotFound", message: "no" }],
])("does not suspect the clock after a %s %j", async (status, body) => {
  const { transport, service, paths } = await start(applicationKeys, json(200, {}), json(status, body));
  await transport.send("GET", "/storage/netapp/s");
  service.ahead = 600;
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow(ApiError);
  expect(paths()).toHaveLength(3);
});

test("asks for the time again after a failure to get it, and calls the call itself unsent", async () => {
  const { transport, service, calls } = await start(applicationKeys);
  for (const [failure, message] of [
    [hangUp, "before the answer was complete"],
    [text(503, "<h1>busy</h1>"), "answered 503: busy"],
    [text(200, "not json"), "invalid JSON"],
  ] as const) {
    service.time = failure;
    const error = await connectionErrorOf(transport.send("POST", "/storage/netapp/s/share", {}));
    expect(error.failure).toBe("unreachable");
    expect(error.message).toMatch(/^Before POST \/storage\/netapp\/s\/share: GET \/1\.0\/auth\/time /);
    expect(error.message).toContain(message);
  }
  expect(calls()).toHaveLength(0);
  delete service.time;
  await expect(transport.send("GET", "/storage/netapp/s")).resolves.toMatchObject({ status: 200 });
});

test("suspects the endpoint when the time is not a number", async () => {
  const { transport, service } = await start(applicationKeys);
  service.time = json(200, { welcome: "to some other service" });
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow("is the endpoint right?");
});

// --- tokens

test("gets a token with the client's form-encoded credentials and sends nothing but the token", async () => {
  const { transport, received, paths } = await start(oauth2);
  await transport.send("GET", "/storage/netapp/s");
  expect(paths()).toEqual(["POST /auth/oauth2/token", "GET /1.0/storage/netapp/s"]);
  const [token, call] = received;
  expect(token?.body.toString()).toBe("grant_type=client_credentials&scope=all");
  expect(token?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(token?.headers["user-agent"]).toMatch(/^pulumi-holdfast\//);
  const basic = Buffer.from("client-id-1234:client%2Fsecret%2B1234").toString("base64");
  expect(token?.headers.authorization).toBe(`Basic ${basic}`);
  expect(call?.headers.authorization).toBe("Bearer token-1");
  expect(call?.rawHeaders.filter((name) => /^x-ovh/i.test(name))).toEqual([]);
});

test("shares one token among concurrent first calls and later ones, and renews it with a minute to go", async () => {
  const { transport, clock, calls } = await start(oauth2);
  const token = async () => {
    await transport.send("GET", "/storage/netapp/s");
    return calls().at(-1)?.headers.authorization;
  };
  await Promise.all([token(), token(), token()]);
  expect(await token()).toBe("Bearer token-1");
  clock.time += (3599 - 60) * 1000;
  expect(await token()).toBe("Bearer token-1");
  clock.time += 1;
  expect(await Promise.all([token(), token()])).toEqual(["Bearer token-2", "Bearer token-2"]);
});

test.each([401, 403])("renews a token that is answered with %i once, and repeats the call once", async (status) => {
  const { transport, paths, calls } = await start(oauth2, json(status, { message: "expired" }), json(201, { id: "x" }));
  expect(await transport.send("POST", "/storage/netapp/s/share", { size: 1 })).toEqual({
    status: 201,
    body: { id: "x" },
  });
  expect(calls().map(({ headers, body }) => [headers.authorization, body.toString()])).toEqual([
    ["Bearer token-1", '{"size":1}'],
    ["Bearer token-2", '{"size":1}'],
  ]);
  expect(paths().filter((path) => path.includes("token"))).toHaveLength(2);
});

test("gives up when the renewed token is refused too, and says which credentials to check", async () => {
  const { transport, calls } = await start(oauth2, json(401, { class: "Client::Unauthorized", message: "no" }));
  const error = await apiErrorOf(transport.send("GET", "/storage/netapp/s"));
  expect(error.message).toBe(
    "GET /storage/netapp/s answered 401 Client::Unauthorized: no. Check the client id and client secret in the stack configuration.",
  );
  expect(calls()).toHaveLength(2);
});

test("keeps the token when the answer lists missing permissions", async () => {
  const details = { unauthorizedActionsByIAM: "storageNetApp:apiovh:get" };
  const { transport, calls } = await start(oauth2, json(403, { class: "Client::Forbidden", message: "no", details }));
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow(ApiError);
  expect(calls()).toHaveLength(1);
});

test("reports a refused client by name of the source, without its secret", async () => {
  const { transport, service, calls } = await start(oauth2);
  service.token = json(401, { error: "invalid_client", error_description: "bad client" });
  const error = await apiErrorOf(transport.send("GET", "/storage/netapp/s"));
  expect(error.message).toBe(
    "POST /auth/oauth2/token answered 401 invalid_client: bad client. Check the client id and client secret in the stack configuration.",
  );
  expect(calls()).toHaveLength(0);
  delete service.token;
  await expect(transport.send("GET", "/storage/netapp/s")).resolves.toMatchObject({ status: 200 });
});

test("says so when the token service answers without a token", async () => {
  const { transport, service } = await start(oauth2);
  service.token = json(200, { token_type: "Bearer" });
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow("without a usable access_token");
});

test("uses a ready-made token as it is, and repeats nothing when it is refused", async () => {
  const { transport, paths, calls } = await start(accessToken, json(401, { message: "expired" }));
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow(
    "Check the access token (it may have expired) in the stack configuration.",
  );
  expect(calls()[0]?.headers.authorization).toBe("Bearer ready-token-1234");
  expect(paths()).toEqual(["GET /1.0/storage/netapp/s"]);
});

// --- answers

test.each([
  ["an empty 200", text(200, ""), 200, null],
  ["an empty 202", text(202, ""), 202, null],
  ["a 204", text(204, ""), 204, null],
  ["a bare null", text(200, "null"), 200, null],
  ["blanks", text(200, " \n"), 200, null],
  ["a number", text(200, "42"), 200, 42],
  ["a list", json(200, [{ id: "é" }]), 200, [{ id: "é" }]],
])("accepts %s", async (_name, answer, status, body) => {
  const { transport } = await start(accessToken, answer);
  expect(await transport.send("DELETE", "/storage/netapp/s")).toEqual({ status, body });
});

test.each(['{"id":"x","si', "<html>welcome</html>"])(
  "treats a success with the content %j as a lost answer",
  async (content) => {
    const { transport } = await start(accessToken, text(201, content));
    const error = await connectionErrorOf(transport.send("POST", "/storage/netapp/s/share", {}));
    expect(error.failure).toBe("dropped");
    expect(error.message).toContain("POST /storage/netapp/s/share answered 201 with incomplete or invalid JSON");
  },
);

test("passes a dropped connection on as dropped", async () => {
  const { transport } = await start(accessToken, hangUp);
  expect((await connectionErrorOf(transport.send("POST", "/storage/netapp/s", {}))).failure).toBe("dropped");
});

test("tells method, path, status, class, message and the service's id of the request", async () => {
  const conflict = { class: "Client::Conflict", message: "Share is busy" };
  const { transport } = await start(accessToken, json(409, conflict, { "X-OVH-QUERYID": "EU.ext-1.abc" }));
  const error = await apiErrorOf(transport.send("POST", "/storage/netapp/s/share?x=1", {}));
  expect(error.message).toBe(
    "POST /storage/netapp/s/share answered 409 Client::Conflict: Share is busy (request EU.ext-1.abc)",
  );
  expect(error).toMatchObject({
    method: "POST",
    path: "/storage/netapp/s/share",
    status: 409,
    code: "Client::Conflict",
    missingActions: [],
    requestId: "EU.ext-1.abc",
    retryAfterSeconds: undefined,
  });
});

test("names the missing permissions, once each and without empty ones", async () => {
  const details = {
    unauthorizedActionsByAuthentication: "",
    unauthorizedActionsByIAM: "storageNetApp:apiovh:share/create, storageNetApp:apiovh:get storageNetApp:apiovh:get",
  };
  const { transport } = await start(
    accessToken,
    json(403, { class: "Client::Forbidden", message: "User not granted.", details }),
  );
  const error = await apiErrorOf(transport.send("POST", "/storage/netapp/s/share", {}));
  expect(error.missingActions).toEqual(["storageNetApp:apiovh:share/create", "storageNetApp:apiovh:get"]);
  expect(error.message).toBe(
    "POST /storage/netapp/s/share answered 403 Client::Forbidden: User not granted. The credentials in the stack configuration lack a permission: grant storageNetApp:apiovh:share/create, storageNetApp:apiovh:get in an IAM policy.",
  );
});

test.each([
  [
    "NOT_GRANTED_CALL",
    "it needs an access rule for DELETE /storage/netapp/s/share/x, or a wider one such as DELETE /storage/netapp/*.",
  ],
  ["INVALID_KEY", "Check the application key in the stack configuration"],
  ["INVALID_CREDENTIAL", "Check the consumer key in the stack configuration"],
  ["NOT_CREDENTIAL", "Check the consumer key in the stack configuration"],
])("says what to do about %s", async (errorCode, advice) => {
  const refusal = { errorCode, httpCode: "403 Forbidden", message: "no" };
  const { transport } = await start(applicationKeys, json(403, refusal));
  const error = await apiErrorOf(transport.send("DELETE", "/storage/netapp/s/share/x"));
  expect(error.code).toBe(errorCode);
  expect(error.message).toContain(advice);
});

test("says which secrets to check when the signature is refused", async () => {
  const { transport } = await start(
    applicationKeys,
    json(400, { class: "Client::BadRequest", message: "Invalid signature" }),
  );
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow(
    "Check the application secret and consumer key in the stack configuration.",
  );
});

test("shows the beginning of an answer that is not JSON, without its tags", async () => {
  const page = `<html><head><style>b{}</style><title>Bad Gateway</title></head>\n<body>${"<p>again</p> ".repeat(100)}</body></html>`;
  const { transport } = await start(accessToken, text(502, page));
  const error = await apiErrorOf(transport.send("GET", "/storage/netapp/s"));
  expect(error.status).toBe(502);
  expect(error.message).toMatch(/^GET \/storage\/netapp\/s answered 502: Bad Gateway again again/);
  expect(error.message).not.toMatch(/[<>{}]/);
  expect(error.message.length).toBeLessThan(180);
});

test.each([
  ["nothing", text(500, "")],
  ["JSON that is no object", text(500, "[]")],
  ["fields of the wrong type", json(500, { class: 5, message: {}, details: "none" })],
])("survives an error that consists of %s", async (_name, answer) => {
  const { transport } = await start(accessToken, answer);
  const error = await apiErrorOf(transport.send("GET", "/storage/netapp/s"));
  expect(error.status).toBe(500);
  expect(error.message).toMatch(/^GET \/storage\/netapp\/s answered 500/);
});

test("takes control characters out of the service's words", async () => {
  const { transport } = await start(accessToken, json(400, { message: "a\u001b[2Jb\nc" }));
  await expect(transport.send("GET", "/storage/netapp/s")).rejects.toThrow("answered 400: a [2Jb c");
});

test.each([
  ["7", 7],
  [new Date(NOW + 90_000).toUTCString(), 90],
  [new Date(NOW - 90_000).toUTCString(), 0],
  ["soon", undefined],
])("reads Retry-After: %s", async (value, seconds) => {
  const { transport } = await start(accessToken, json(429, { message: "slow down" }, { "Retry-After": value }));
  expect((await apiErrorOf(transport.send("GET", "/storage/netapp/s"))).retryAfterSeconds).toBe(seconds);
});

test("does not follow a redirect with the credentials", async () => {
  const { transport, calls } = await start(accessToken, json(302, undefined, { location: "/1.0/storage/elsewhere" }));
  expect((await apiErrorOf(transport.send("GET", "/storage/netapp/s"))).status).toBe(302);
  expect(calls()).toHaveLength(1);
});

test.each([
  "/storage/netapp/../me",
  "/storage/netapp/%2e%2e/me",
  "/storage/netapp/a b",
  "/storage/netapp/a#b",
  "storage",
])("refuses the path %s, which would address something else", async (path) => {
  const { transport, received } = await start(accessToken);
  await expect(transport.send("DELETE", path)).rejects.toThrow(ConfigurationError);
  expect(received).toEqual([]);
});

// --- secrets

test.each([
  [
    "application keys",
    applicationKeys,
    ["app-key-1234", "app-secret-1234", "consumer-key-1234", Buffer.from("app-secret-1234").toString("base64")],
  ],
  [
    "a service account",
    oauth2,
    [
      "client/secret+1234",
      "client%2Fsecret%2B1234",
      Buffer.from("client-id-1234:client%2Fsecret%2B1234").toString("base64"),
    ],
  ],
  ["a token", accessToken, ["ready-token-1234"]],
])("keeps the values of %s out of messages when the service echoes them", async (_name, credentials, values) => {
  for (const answer of [
    json(
      400,
      { class: `Client::${values[0]}`, message: `You sent ${values.join(" and ")}` },
      { "X-OVH-QUERYID": values[0] ?? "" },
    ),
    json(400, { message: `${"x".repeat(990)} ${values[0]}` }), // would be cut in the middle of the secret
    text(502, `<html>${values.join("</p>")}</html>`),
    text(502, `<html>${"x".repeat(105)} ${values[0]}</html>`), // as above
  ]) {
    const { transport } = await start(credentials, answer);
    const error = await apiErrorOf(transport.send("GET", "/storage/netapp/s"));
    for (const value of values) expect(JSON.stringify([error.message, error])).not.toContain(value.slice(0, 8));
  }
});

test("keeps obtained tokens and signatures out of messages", async () => {
  const echo: Answer = ({ headers }, response) =>
    answerJson(response, 400, { message: `${headers.authorization} ${headers["x-ovh-signature"]}` });
  const bearer = await start(oauth2, echo);
  expect((await apiErrorOf(bearer.transport.send("GET", "/storage/x"))).message).toBe(
    "GET /storage/x answered 400: Bearer *** undefined",
  );
  const signed = await start(applicationKeys, echo);
  await expect(signed.transport.send("GET", "/storage/x")).rejects.toThrow(
    "GET /storage/x answered 400: undefined ***",
  );
});
