import { generateKeyPairSync, sign } from "node:crypto";

/** A certificate and its key, both PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const bytes = (...values: number[]) => Buffer.from(values);

const ECDSA_WITH_SHA256 = sequence(der(0x06, bytes(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)));

/** Extension 2.5.29.17 (RFC 5280, section 4.2.1.6): DNS names and IPv4 addresses. */
const subjectAltName = (addresses: readonly string[]) => {
  const ips = addresses.map((address) => der(0x87, bytes(...address.split(".").map(Number))));
  return sequence(der(0x06, bytes(0x55, 0x1d, 0x11)), der(0x04, sequence(der(0x82, Buffer.from("localhost")), ...ips)));
};

/**
 * A certificate without a past, for `localhost` and some addresses: made from its DER parts (RFC 5280, section 4.1), so that no key has
 * to lie anywhere. Whoever trusts it trusts this one server: its key exists only in this process.
 */
export function selfSigned(addresses: readonly string[] = ["127.0.0.1"]): Certificate {
  const commonName = sequence(der(0x06, bytes(0x55, 0x04, 0x03)), der(0x0c, Buffer.from("localhost")));
  const name = sequence(der(0x31, commonName));
  const validity = sequence(der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231235959Z")));
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const version3 = der(0xa0, der(0x02, bytes(2)));
  const extensions = der(0xa3, sequence(subjectAltName(addresses)));
  const toBeSigned = sequence(version3, der(0x02, bytes(1)), ECDSA_WITH_SHA256, name, validity, name, spki, extensions);
  const signature = der(0x03, bytes(0), sign("sha256", toBeSigned, privateKey));
  const body = sequence(toBeSigned, ECDSA_WITH_SHA256, signature).toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
  };
}
