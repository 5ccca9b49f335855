import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { ConfigurationError, ConnectionError } from "../../provider/core/errors";
import { createHttp, type HttpOptions, type HttpRequest, isLoopback } from "../../provider/core/http";
import { serve } from "./loopback";
import { selfSigned, serveTls, trusted } from "./tls";

function client(options: HttpOptions = {}) {
  const http = createHttp({ environment: {}, ...options });
  onTestFinished(() => http.close());
  return http;
}

const get = (url: string): HttpRequest => ({ method: "GET", url: new URL(url), headers: {} });

async function failureOf(outcome: Promise<unknown>): Promise<ConnectionError> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectionError)) throw new Error(`expected a ConnectionError, got ${String(error)}`);
  return error;
}

/** A server that does to each TCP connection what the test says. */
async function rawServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createTcpServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  // A TCP server's address is never a string (that would be a pipe).
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function unusedPort(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // as above
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

test("sends method, path, query, headers and body as they are, and returns the answer whole", async () => {
  const { origin, received } = await serve((_request, response) => {
    response.writeHead(201, { "X-OVH-QUERYID": "EU.1", "Set-Cookie": ["a=1", "b=2"] });
    response.end("déjà vu");
  });
  const answer = await client().exchange({
    method: "POST",
    url: new URL(`${origin}/1.0/share?detail=true`),
    headers: { "X-Custom": "1" },
    body: '{"name":"é"}',
  });
  expect(answer).toMatchObject({
    status: 201,
    text: "déjà vu",
    headers: { "x-ovh-queryid": "EU.1", "set-cookie": "a=1, b=2" },
  });
  expect(received).toMatchObject([{ method: "POST", path: "/1.0/share?detail=true", headers: { "x-custom": "1" } }]);
  expect(received[0]?.body.toString("utf8")).toBe('{"name":"é"}');
});

test("returns an empty answer and an error status as answers", async () => {
  const { origin } = await serve((_request, response) => response.writeHead(204).end());
  expect(await client().exchange(get(origin))).toMatchObject({ status: 204, text: "" });
  const failing = await serve((_request, response) => response.writeHead(500).end("broken"));
  expect(await client().exchange(get(failing.origin))).toMatchObject({ status: 500, text: "broken" });
});

test("returns the final answer after an early hint", async () => {
  const { origin } = await serve((_request, response) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    response.end("final");
  });
  expect(await client().exchange(get(origin))).toMatchObject({ status: 200, text: "final" });
});

test("does not follow redirects", async () => {
  const { origin, received } = await serve((_request, response) =>
    response.writeHead(302, { location: "/other" }).end(),
  );
  expect(await client().exchange(get(`${origin}/here`))).toMatchObject({
    status: 302,
    headers: { location: "/other" },
  });
  expect(received.map((request) => request.path)).toEqual(["/here"]);
});

test("uses one connection for requests that follow each other", async () => {
  const server = await serve((_request, response) => response.end("ok"));
  const http = client();
  for (let i = 0; i < 3; i++) {
    await http.exchange(get(server.origin));
    await nextTurn();
  }
  expect(server.connections()).toBe(1);
});

test("keeps no handle and no timer alive when idle", async () => {
  const { origin } = await serve((_request, response) => response.end("ok"));
  const alive = () => process.getActiveResourcesInfo().filter((kind) => /^TCPSocketWrap$|^Timeout$/.test(kind)).length;
  const before = alive();
  await client().exchange(get(origin));
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  expect(alive()).toBe(before);
});

test("keeps at most eight requests in flight and sends the others afterwards", async () => {
  const waiting: (() => void)[] = [];
  const { origin, received } = await serve((_request, response) => waiting.push(() => response.end("ok")));
  const http = client();
  const outcomes = Array.from({ length: 20 }, (_, i) => http.exchange(get(`${origin}/${i}`)));
  while (received.length < 8) await nextTurn();
  await delay(50);
  expect(received).toHaveLength(8);
  waiting.shift()?.();
  while (received.length < 9) await nextTurn();
  while (received.length < 20 || waiting.length > 0) {
    waiting.shift()?.();
    await nextTurn();
  }
  expect((await Promise.all(outcomes)).map((answer) => answer.status)).toEqual(Array(20).fill(200));
});

test("frees the slot of a request that failed", async () => {
  let count = 0;
  const { origin } = await serve((_request, response) => {
    if (++count === 1) response.destroy();
    else response.end("ok");
  });
  const http = client({ maxInFlight: 1 });
  const outcomes = await Promise.allSettled([http.exchange(get(origin)), http.exchange(get(origin))]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "fulfilled"]);
});

test("does not count the time in the queue against the limit", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const waiting: (() => void)[] = [];
  const { origin } = await serve((_request, response) => waiting.push(() => response.end("ok")));
  const http = client({ maxInFlight: 1, requestTimeoutSeconds: 0.4 });
  const outcomes = Array.from({ length: 4 }, () => http.exchange(get(origin)));
  for (let count = 0; count < 4; count += 1) {
    while (waiting.length === 0) await nextTurn();
    vi.advanceTimersByTime(150);
    waiting.shift()?.();
  }
  expect((await Promise.all(outcomes)).map((answer) => answer.text)).toEqual(Array(4).fill("ok"));
  vi.useRealTimers();
});

test("makes computed headers when the request leaves the queue", async () => {
  let time = "early";
  const { origin, received } = await serve((_request, response) => {
    time = "late";
    response.end("ok");
  });
  const http = client({ maxInFlight: 1 });
  const request = { ...get(origin), headers: () => ({ "X-Time": time }) };
  await Promise.all([http.exchange(request), http.exchange(request)]);
  expect(received.map(({ headers }) => headers["x-time"])).toEqual(["early", "late"]);
});

test("reports a refused connection as unreachable, with method, path and host, without the query", async () => {
  const host = await unusedPort();
  const error = await failureOf(client().exchange(get(`http://${host}/1.0/me?token=hush`)));
  expect(error.failure).toBe("unreachable");
  expect(error.lasting).toBe(false);
  expect(error.message).toBe(`GET /1.0/me at ${host}: connection refused, nothing was sent.`);
});

test("reports an unknown host name as unreachable", async () => {
  const error = await failureOf(client().exchange(get("https://holdfast.invalid/1.0")));
  expect(error.failure).toBe("unreachable");
  expect(error.message).toMatch(/^GET \/1\.0 at holdfast\.invalid: .*host name.*nothing was sent\.$/);
});

test("reports a connection that ends before the answer as dropped", async () => {
  const { origin } = await serve((_request, response) => response.destroy());
  const error = await failureOf(client().exchange({ ...get(`${origin}/share`), method: "POST", body: "{}" }));
  expect(error.failure).toBe("dropped");
  expect(error.message).toMatch(
    /^POST \/share at 127\.0\.0\.1:\d+: the connection was (closed|reset) before the answer was complete\.$/,
  );
});

test("reports an answer that breaks off in the middle as dropped", async () => {
  const { origin } = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("only this");
    setTimeout(() => response.destroy(), 20);
  });
  expect((await failureOf(client().exchange(get(origin)))).failure).toBe("dropped");
});

test("reports something that is not HTTP as dropped", async () => {
  const host = await rawServer((socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));
  expect((await failureOf(client().exchange(get(`http://${host}/`)))).failure).toBe("dropped");
});

test("gives up when the answer does not begin within the limit", async () => {
  const { origin } = await serve(() => {});
  const error = await failureOf(client({ requestTimeoutSeconds: 0.1 }).exchange(get(`${origin}/slow`)));
  expect(error.failure).toBe("timeout");
  expect(error.message).toMatch(/^GET \/slow at .*: no complete answer within 0\.1 s\.$/);
});

test("gives up when the answer dribbles beyond the limit", async () => {
  const { origin } = await serve((_request, response) => {
    const timer = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(timer));
  });
  expect((await failureOf(client({ requestTimeoutSeconds: 0.2 }).exchange(get(origin)))).failure).toBe("timeout");
});

test("calls it unreachable when the limit passes before there is a connection, and sends nothing later", async () => {
  // TCP is accepted, but the TLS handshake is never answered.
  const bytes: Buffer[] = [];
  const host = await rawServer((socket) => socket.on("data", (chunk: Buffer) => bytes.push(chunk)));
  const error = await failureOf(client({ requestTimeoutSeconds: 0.1 }).exchange(get(`https://${host}/marker`)));
  expect(error.failure).toBe("unreachable");
  expect(error.message).toContain("nothing was sent");
  expect(Buffer.concat(bytes).toString("latin1")).not.toContain("marker");
});

test("reports a connection lost in the TLS handshake as unreachable", async () => {
  const host = await rawServer((socket) => socket.destroy());
  expect((await failureOf(client().exchange(get(`https://${host}/`)))).failure).toBe("unreachable");
});

test("refuses answers above the size limit", async () => {
  const { origin } = await serve((_request, response) => response.end(Buffer.alloc(2 * 2 ** 20, "x")));
  const error = await failureOf(client({ maxAnswerMebibytes: 1 }).exchange(get(origin)));
  expect(error.failure).toBe("dropped");
  expect(error.message).toContain("the answer is larger than 1 MiB");
  expect((await client({ maxAnswerMebibytes: 2 }).exchange(get(origin))).text).toHaveLength(2 * 2 ** 20);
});

test.each([
  "http://eu.api.ovh.com/1.0",
  "http://127.example.com/",
  "http://10.0.0.1/",
  "http://[::2]/",
  "ftp://127.0.0.1/",
])("refuses %s, which is neither https nor this machine", async (url) => {
  await expect(client().exchange(get(url))).rejects.toThrow(ConfigurationError);
});

test("knows the names of this machine", () => {
  const hostname = (url: string) => new URL(url).hostname;
  for (const url of [
    "http://127.0.0.1",
    "http://127.8.9.1:80",
    "http://127.1",
    "http://LOCALHOST:1",
    "http://[::1]:1",
  ]) {
    expect(isLoopback(hostname(url)), url).toBe(true);
  }
  for (const url of ["http://128.0.0.1", "http://localhost.example.com", "http://127.0.0.1.nip.io", "http://[::]"]) {
    expect(isLoopback(hostname(url)), url).toBe(false);
  }
});

test("names the header that can't be sent, never its value", async () => {
  const { origin, received } = await serve((_request, response) => response.end());
  const outcome = client().exchange({ ...get(origin), headers: { "X-Key": "hush\nhush" } });
  await expect(outcome).rejects.toThrow(ConfigurationError);
  await expect(outcome).rejects.toThrow(/x-key/i);
  await expect(outcome).rejects.not.toThrow(/hush/);
  expect(received).toEqual([]);
});

test("refuses a certificate that nobody vouches for, even with NODE_TLS_REJECT_UNAUTHORIZED=0", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  onTestFinished(() => void vi.unstubAllEnvs());
  const { port, paths } = await serveTls(selfSigned());
  const error = await failureOf(client().exchange(get(`https://localhost:${port}/`)));
  expect(error.failure).toBe("unreachable");
  expect(error.lasting).toBe(true);
  expect(error.message).toContain("certificate was refused (DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(paths).toEqual([]);
});

test("speaks TLS with a server whose certificate is trusted, but not under another name", async () => {
  const { port, paths } = await serveTls(trusted(selfSigned()));
  expect(await client().exchange(get(`https://localhost:${port}/safe`))).toMatchObject({ status: 200, text: "secure" });
  const error = await failureOf(client().exchange(get(`https://127.0.0.1:${port}/other`)));
  expect(error.message).toContain("certificate was refused (ERR_TLS_CERT_ALTNAME_INVALID");
  expect(paths).toEqual(["/safe"]);
});

test("sends nothing on a connection that comes about after the limit", async () => {
  const { port, paths } = await serveTls(trusted(selfSigned()));
  let handshakes = 0;
  const slow = await rawServer(async (socket) => {
    await delay(150);
    handshakes++;
    const onward = connect(port, "127.0.0.1").on("error", () => {});
    socket.pipe(onward).pipe(socket);
  });
  const url = `https://${slow.replace("127.0.0.1", "localhost")}/late`;
  expect((await failureOf(client({ requestTimeoutSeconds: 0.1 }).exchange(get(url)))).failure).toBe("unreachable");
  await delay(250);
  expect(handshakes).toBe(1);
  expect(paths).toEqual([]);
});

test("goes through HTTPS_PROXY to other machines, and calls a proxy that refuses unreachable", async () => {
  const requests: string[] = [];
  const proxy = await rawServer((socket) =>
    socket.once("data", (chunk: Buffer) => {
      requests.push(chunk.toString("latin1").split("\r\n")[0] ?? "");
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    }),
  );
  const http = client({ environment: { HTTPS_PROXY: `http://${proxy}` } });
  const error = await failureOf(http.exchange(get("https://holdfast.invalid/1.0")));
  expect(error.failure).toBe("unreachable");
  expect(error.message).toContain("403");
  expect(requests).toEqual(["CONNECT holdfast.invalid:443 HTTP/1.1"]);
});

test("gives up on a proxy that hangs up", async () => {
  let connections = 0;
  const proxy = await rawServer((socket) => {
    connections++;
    socket.once("data", () => socket.destroy());
  });
  const http = client({ environment: { HTTPS_PROXY: `http://${proxy}` } });
  const error = await failureOf(http.exchange(get("https://holdfast.invalid/1.0")));
  expect(error.failure).toBe("unreachable");
  expect(error.message).toContain("the proxy in HTTPS_PROXY can't be used: the connection was");
  await delay(100);
  expect(connections).toBe(1);
});

test("goes around HTTPS_PROXY where NO_PROXY says so, and always for this machine", async () => {
  let used = 0;
  const proxy = await rawServer((socket) => {
    used++;
    socket.destroy();
  });
  const environment = { HTTPS_PROXY: `http://${proxy}`, HTTP_PROXY: `http://${proxy}`, NO_PROXY: ".invalid" };
  const { origin } = await serve((_request, response) => response.end("direct"));
  expect((await client({ environment }).exchange(get(origin))).text).toBe("direct");
  const { port } = await serveTls(trusted(selfSigned()));
  expect((await client({ environment }).exchange(get(`https://localhost:${port}/`))).text).toBe("secure");
  await failureOf(client({ environment }).exchange(get("https://holdfast.invalid/")));
  expect(used).toBe(0);
});

test("says that HTTPS_PROXY is unusable without repeating it", async () => {
  const http = client({ environment: { HTTPS_PROXY: "user:hush@proxy" } });
  const outcome = http.exchange(get("https://holdfast.invalid/"));
  await expect(outcome).rejects.toThrow(/HTTPS_PROXY/);
  await expect(outcome).rejects.not.toThrow(/hush/);
});

test("answers what is in flight when closed, and refuses what comes later", async () => {
  const { origin } = await serve((_request, response) => void setTimeout(() => response.end("ok"), 50));
  const http = createHttp({ environment: {} });
  const inFlight = http.exchange(get(origin));
  await nextTurn();
  const closed = http.close();
  expect((await inFlight).text).toBe("ok");
  await closed;
  expect((await failureOf(http.exchange(get(origin)))).failure).toBe("aborted");
});
