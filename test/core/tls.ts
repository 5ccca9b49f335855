import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { onTestFinished } from "vitest";
import { type Certificate, selfSigned as certificateFor } from "../../provider/simulator/certificate";

export async function serveTls(certificate: Certificate): Promise<{ port: number; paths: string[] }> {
  const paths: string[] = [];
  const server = createTlsServer(certificate, (request, response) => {
    paths.push(request.url ?? "");
    response.end("secure");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A TCP server's address is never a string (that would be a pipe).
  return { port: (server.address() as AddressInfo).port, paths };
}

/** Trusted by this process until the test ends. */
export function trusted(certificate: Certificate): Certificate {
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, certificate.cert]);
  onTestFinished(() => setDefaultCACertificates(before));
  return certificate;
}

/** For the name localhost alone, so that 127.0.0.1 is another name. */
export const selfSigned = (): Certificate => certificateFor([]);
