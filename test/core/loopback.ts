import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  method: string;
  /** Path with query, as it came over the wire. */
  path: string;
  headers: IncomingMessage["headers"];
  /** Names in the case in which they were sent. */
  rawHeaders: string[];
  body: Buffer;
}

/** A server on a free port of this machine, gone when the test ends. `received` grows with each request. */
export async function serve(
  answer: (request: Received, response: ServerResponse) => void,
): Promise<{ origin: string; received: Received[]; connections: () => number }> {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, rawHeaders } = request;
      const arrived = { method, path: url, headers, rawHeaders, body: Buffer.concat(chunks) };
      received.push(arrived);
      answer(arrived, response);
    });
  });
  server.on("connection", (socket) => {
    connections++;
    socket.unref(); // so that only the client's side counts in getActiveResourcesInfo()
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // A TCP server's address is never a string (that would be a pipe).
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, received, connections: () => connections };
}

export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}
