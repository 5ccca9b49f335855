import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate";
import { refuse } from "./refusal";

const LARGEST_BODY = 1_048_576;

/** The whole body of a request. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > LARGEST_BODY) throw refuse(413, `The body is larger than ${LARGEST_BODY} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const MOST_CALLS = 100_000;

/** Keeps a call, and forgets the oldest of very many. */
export function remember<Call>(calls: Call[], call: Call): void {
  calls.push(call);
  if (calls.length > MOST_CALLS) calls.shift();
}

/** How a simulator listens. */
export interface Service {
  /** 0 for a free port. */
  port: number;
  /** With a certificate it speaks HTTPS. */
  certificate?: Certificate | undefined;
  /** Answers one request. `closing` tells that the simulator is on its way out. */
  handle(incoming: IncomingMessage, response: ServerResponse, closing: AbortSignal): Promise<void>;
  /** Answers a request that `handle` failed on. */
  failed(error: unknown, response: ServerResponse): void;
  /** Runs once, after the server has closed. */
  closed(): void;
}

/** Listens on 127.0.0.1. */
export async function serve(service: Service): Promise<{ origin: string; close(): Promise<void> }> {
  const closing = new AbortController();
  const listener: RequestListener = (incoming, response) => {
    service.handle(incoming, response, closing.signal).catch((error: unknown) => {
      // the caller hung up, or the simulator is closing during a slow answer
      if (!closing.signal.aborted && !incoming.destroyed) service.failed(error, response);
      else response.destroy();
    });
  };
  const { certificate } = service;
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  // longer than clients keep a connection, so that they never meet one that is just being closed
  server.keepAliveTimeout = 65_000;
  server.listen(service.port, "127.0.0.1");
  await once(server, "listening");
  // a TCP server always has an AddressInfo once it listens
  const { port } = server.address() as AddressInfo;
  let closed: Promise<unknown> | undefined;
  return {
    origin: `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    async close() {
      closed ??= new Promise((resolve) => {
        closing.abort();
        server.close(resolve);
        server.closeAllConnections();
      }).finally(() => service.closed());
      await closed;
    },
  };
}
