import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ApiError, ConfigurationError, ConnectionError } from "../../provider/core/errors";
import { type OvhAccount, type OvhCredentials, readOvhAccount, readProviderAccount } from "../../provider/ovh/account";
import { ovhTransport } from "../../provider/ovh/transport";
import { answerJson, serve } from "../core/loopback";
import { selfSigned, serveTls } from "../core/tls";
import { runs } from "./support/settings";

// Where credentials could be sent that are meant for one address alone.

const KINDS: Record<string, OvhCredentials> = {
  "application keys": {
    kind: "applicationKeys",
    applicationKey: "app-key-1234",
    applicationSecret: "app-secret-1234",
    consumerKey: "consumer-key-1234",
  },
  "a service account": { kind: "oauth2", clientId: "client-id-1234", clientSecret: "client-secret-1234" },
  "an access token": { kind: "accessToken", accessToken: "access-token-1234" },
};

function transportTo(origin: string, credentials: OvhCredentials) {
  const account: OvhAccount = {
    endpoint: origin,
    apiUrl: new URL(`${origin}/1.0`),
    tokenUrl: new URL(`${origin}/auth/oauth2/token`),
    credentials,
    source: "environment",
  };
  const transport = ovhTransport(account);
  onTestFinished(() => transport.close());
  return transport;
}

async function errorOf(outcome: Promise<unknown>): Promise<Error> {
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("it succeeded");
  return error;
}

describe.each(Object.entries(KINDS))("with %s, a redirect", (_kind, credentials) => {
  test.for([301, 302, 303, 307, 308])("%i is an error, and nothing arrives where it points", async (status) => {
    const elsewhere = await serve((_request, response) => answerJson(response, 200, { access_token: "t", id: "x" }));
    for (const method of ["GET", "POST", "PUT", "DELETE"] as const) {
      const { origin, received } = await serve(({ path }, response) => {
        if (path === "/1.0/auth/time") answerJson(response, 200, Math.round(Date.now() / 1000));
        else response.writeHead(status, { Location: `${elsewhere.origin}${path}` }).end();
      });
      const body = method === "POST" || method === "PUT" ? { name: "x" } : undefined;

      const error = await errorOf(transportTo(origin, credentials).send(method, "/storage/netapp/s", body));

      expect(error).toBeInstanceOf(ApiError);
      expect(error.message).toContain(`answered ${status}`);
      expect(error.message).toContain(
        "No redirect is followed: credentials go to the endpoint alone. Check the endpoint in the environment.",
      );
      expect(received.filter(({ path }) => path !== "/1.0/auth/time")).toHaveLength(1);
    }
    expect(elsewhere.received).toEqual([]);
    expect(elsewhere.connections()).toBe(0);
  });
});

test("the time is not taken from where a redirect points", async () => {
  const elsewhere = await serve((_request, response) => answerJson(response, 200, 1));
  const { origin } = await serve((_request, response) =>
    response.writeHead(302, { Location: `${elsewhere.origin}/1.0/auth/time` }).end(),
  );
  const [, credentials] = Object.entries(KINDS)[0] ?? [];
  if (credentials === undefined) throw new Error("no credentials");
  const error = await errorOf(transportTo(origin, credentials).send("GET", "/storage/netapp/s"));
  expect(error.message).toContain("GET /1.0/auth/time answered 302. No redirect is followed");
  expect(elsewhere.received).toEqual([]);
});

describe("plain http", () => {
  const KEYS = { accessToken: "access-token-1234" };
  /** The account of each source that can name an endpoint. */
  const SOURCES: Record<string, (endpoint: string) => OvhAccount> = {
    "the stack's configuration": (endpoint) =>
      readOvhAccount({ config: (key) => ({ ...KEYS, endpoint })[key.replace("ovh:", "")], environment: {}, files: [] }),
    "the environment": (endpoint) =>
      readOvhAccount({ environment: { OVH_ENDPOINT: endpoint, OVH_ACCESS_TOKEN: KEYS.accessToken }, files: [] }),
    "a file": (endpoint) =>
      readOvhAccount({
        environment: {},
        files: ["/home/me/.ovh.conf"],
        readFile: () => `[default]\nendpoint=${endpoint}\n[${endpoint}]\naccess_token=${KEYS.accessToken}\n`,
      }),
    "an explicit provider": (endpoint) =>
      readProviderAccount('ovh.Provider "second"', (key) => ({ ...KEYS, endpoint })[key.replace("ovh:", "")]),
  };
  const remote = fc
    .oneof(
      fc.domain(),
      fc.ipV4().filter((address) => !address.startsWith("127.")),
      fc
        .ipV6()
        .map((address) => `[${address}]`)
        .filter((address) => !/^\[[0:]*:0*1\]$/.test(address)),
      fc.constantFrom(
        "localhost.example.com",
        "127.0.0.1.nip.io",
        "127.example.com",
        "0.0.0.0",
        "localhost.",
        "eu.api.ovh.com",
        "[::ffff:7f00:1]",
        "[::]",
        "me@127.0.0.1",
        "127.0.0.1@evil.example.com",
      ),
    )
    .chain((host) =>
      fc.constantFrom(`http://${host}/1.0`, `http://${host}:8080/1.0`, `HTTP://${host}/`, `ftp://${host}/1.0`),
    );

  test.each(Object.entries(SOURCES))(
    "is refused for other machines in %s, in words that repeat no secret",
    (_name, read) => {
      const property = fc.property(remote, (endpoint) => {
        let error: unknown;
        try {
          const { apiUrl } = read(endpoint);
          error = `it took ${apiUrl}`;
        } catch (reason) {
          error = reason;
        }
        if (!(error instanceof ConfigurationError)) throw new Error(String(error));
        expect(error.message).toContain("must be a plain https URL such as https://eu.api.ovh.com/1.0");
        expect(error.message).not.toContain(KEYS.accessToken);
      });
      fc.assert(property, runs(300));
    },
  );

  test.each(Object.entries(SOURCES))(
    "is taken for this machine in %s, and tokens are then asked for there",
    (_name, read) => {
      for (const host of ["127.0.0.1", "127.8.9.1", "localhost", "[::1]"]) {
        const { apiUrl, tokenUrl } = read(`http://${host}:4000/1.0`);
        expect(apiUrl.href).toBe(`http://${host}:4000/1.0`);
        expect(tokenUrl?.origin).toBe(apiUrl.origin);
      }
    },
  );

  test("is never used for a token service elsewhere, whatever the account says", async () => {
    const { origin } = await serve((_request, response) => answerJson(response, 200, {}));
    const account: OvhAccount = {
      endpoint: origin,
      apiUrl: new URL(`${origin}/1.0`),
      tokenUrl: new URL("http://tokens.example.com/auth/oauth2/token"),
      credentials: { kind: "oauth2", clientId: "client-id-1234", clientSecret: "client-secret-1234" },
      source: "environment",
    };
    const transport = ovhTransport(account);
    onTestFinished(() => transport.close());
    const error = await errorOf(transport.send("GET", "/storage/netapp/s"));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain("http://tokens.example.com can't be used");
  });
});

describe("a server whose certificate nobody vouches for", () => {
  test.each(Object.entries(KINDS))(
    "gets no byte of %s, also with NODE_TLS_REJECT_UNAUTHORIZED=0",
    async (_name, credentials) => {
      vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
      onTestFinished(() => void vi.unstubAllEnvs());
      const { port, paths } = await serveTls(selfSigned());
      const error = await errorOf(
        transportTo(`https://localhost:${port}`, credentials).send("GET", "/storage/netapp/s"),
      );
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error.message).toContain("the server's certificate was refused (DEPTH_ZERO_SELF_SIGNED_CERT; ");
      expect(error.message).toContain(
        "a private certificate authority belongs in NODE_EXTRA_CA_CERTS; NODE_TLS_REJECT_UNAUTHORIZED changes nothing here)",
      );
      expect(error.message).toContain("nothing was sent");
      expect(paths).toEqual([]);
    },
  );
});
