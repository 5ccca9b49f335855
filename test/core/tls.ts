import { generateKeyPairSync, sign } from "node:crypto";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { onTestFinished } from "vitest";

interface Certificate {
  key: string;
  cert: string;
}

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

/** A certificate without a past: made from its DER parts, so that no key has to lie in the repository. */
export function selfSigned(): Certificate {
  const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
    const content = Buffer.concat(parts);
    const { length } = content;
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), content]);
  };
  const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
  const ed25519 = sequence(der(0x06, Buffer.from([0x2b, 0x65, 0x70])));
  const commonName = sequence(der(0x06, Buffer.from([0x55, 0x04, 0x03])), der(0x0c, Buffer.from("localhost")));
  const name = sequence(der(0x31, commonName));
  const validity = sequence(der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231235959Z")));
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const toBeSigned = sequence(der(0x02, Buffer.from([1])), ed25519, name, validity, name, spki);
  const signature = der(0x03, Buffer.from([0]), sign(null, toBeSigned, privateKey));
  const body = sequence(toBeSigned, ed25519, signature).toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
  };
}
