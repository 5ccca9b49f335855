import { describe } from "vitest";
import { createHttp } from "../../provider/core/http";
import { readElementAccount } from "../../provider/element/account";
import { reach } from "../../provider/element/reach";
import { simulateElement } from "../../provider/simulators";
import { expect, messageOf, test } from "./support/test";

const PASSWORD = "correct-horse-battery";

const account = (environment: NodeJS.ProcessEnv) =>
  readElementAccount({
    config: () => undefined,
    environment: { ELEMENT_USERNAME: "admin", ELEMENT_PASSWORD: PASSWORD, ...environment },
  });
const config = (values: Record<string, string>) => (key: string) => values[key];
const refused = (work: () => unknown) => messageOf(Promise.resolve().then(work));

describe("an account", () => {
  test.for([
    ["mvip.example.com", "https://mvip.example.com/"],
    ["https://10.0.0.1", "https://10.0.0.1/"],
    ["https://10.0.0.1:8443/json-rpc/12.5/", "https://10.0.0.1:8443/"],
    ["http://127.0.0.1:49152", "http://127.0.0.1:49152/"],
  ] as const)("is reached at %s", ([given, url]) => {
    expect(account({ ELEMENT_ENDPOINT: given }).endpoint.href).toBe(url);
  });

  test.for([
    ["http://mvip.example.com", /begins with http:\/\/, by which credentials would travel unprotected/],
    ["https://admin:secret@mvip.example.com", /has credentials in it, which belong in a place of their own/],
    ["https://mvip.example.com/ui", /with more than an address/],
    ["::", /is no address/],
  ] as const)("is not reached at %s", async ([given, message]) => {
    const text = await refused(() => account({ ELEMENT_ENDPOINT: given }));
    expect(text).toMatch(message);
    expect(text).toMatch(/Set it to the cluster's management address \(MVIP\)/);
    expect(text).not.toContain("secret");
  });

  test("is taken whole from one place: half of it elsewhere counts for nothing", async () => {
    const sources = {
      config: config({ "element:endpoint": "mvip.example.com" }),
      environment: { ELEMENT_ENDPOINT: "other.example.com", ELEMENT_USERNAME: "admin", ELEMENT_PASSWORD: PASSWORD },
    };
    const text = await refused(() => readElementAccount(sources));
    expect(text).toMatch(
      /in the stack configuration is incomplete: there is element:endpoint, but not element:username and element:password/,
    );
    expect(text).not.toContain(PASSWORD);
  });

  test("that nobody has set is asked for, with the way to try it without a cluster", async () => {
    const text = await refused(() => readElementAccount({ config: () => undefined, environment: {} }));
    expect(text).toMatch(/ELEMENT_ENDPOINT \+ ELEMENT_USERNAME \+ ELEMENT_PASSWORD/);
    expect(text).toContain("npx pulumi-holdfast simulate element");
  });

  test.for([
    [
      { ELEMENT_API_VERSION: "12" },
      /ELEMENT_API_VERSION in the environment is "12", but must be a version such as 12.5/,
    ],
    [{ ELEMENT_VERIFY_CERTIFICATE: "no" }, /ELEMENT_VERIFY_CERTIFICATE is "no", but must be true or false/],
    [
      { ELEMENT_CA_CERT: "/nowhere/cluster.pem" },
      /neither a certificate in PEM nor the path of a file that can be read \(ENOENT\)/,
    ],
    [{ ELEMENT_CA_CERT: __filename }, /holds no certificate in PEM/],
  ] as const)("with %j is refused", async ([wrong, message]) => {
    expect(await refused(() => account({ ELEMENT_ENDPOINT: "mvip.example.com", ...wrong }))).toMatch(message);
  });
});

describe("a cluster", () => {
  const reached = async (
    simulator: Awaited<ReturnType<typeof simulateElement>>,
    environment: NodeJS.ProcessEnv = {},
  ) => {
    const warnings: string[] = [];
    const found = readElementAccount({
      config: () => undefined,
      environment: { ...simulator.environment, ...environment },
    });
    const to = await reach(found, { warn: (text) => warnings.push(text) });
    return { to, warnings };
  };

  test("is asked once which versions it has, and used with the newest", async () => {
    await using simulator = await disposable({ apiVersion: "12.7" });
    const { to } = await reached(simulator);
    expect([to.apiVersion, to.currentVersion]).toEqual(["12.7", "12.7"]);
    await to.call("GetClusterInfo", {});
    expect(simulator.calls.map(({ method, version }) => `${method} ${version}`)).toEqual([
      "GetAPI 9.0",
      "GetClusterInfo 12.7",
    ]);
    await to.close();
  });

  test("is used with the version that is chosen, if it has that", async () => {
    await using simulator = await disposable({ apiVersion: "12.5" });
    const { to } = await reached(simulator, { ELEMENT_API_VERSION: "11.1" });
    expect(to.apiVersion).toBe("11.1");
    await to.close();
    expect(await messageOf(reached(simulator, { ELEMENT_API_VERSION: "12.9" }))).toMatch(
      /^ELEMENT_API_VERSION in the environment is 12\.9, which 127\.0\.0\.1:\d+ does not have: its newest is 12\.5\. Set one of 9\.0, .*12\.5, or remove it\.$/,
    );
  });

  test("that is too old is refused, and so is a version that is", async () => {
    await using old = await disposable({ apiVersion: "8.4" });
    expect(await messageOf(reached(old))).toMatch(
      /^The newest version of the API that 127\.0\.0\.1:\d+ has is 8\.4, but at least 9\.0 is needed: /,
    );
    await using simulator = await disposable({});
    expect(await messageOf(reached(simulator, { ELEMENT_API_VERSION: "8.0" }))).toMatch(
      /^ELEMENT_API_VERSION in the environment is 8\.0, but at least 9\.0 is needed/,
    );
  });

  test("refuses a wrong password, which no message repeats", async () => {
    await using simulator = await disposable({});
    const text = await messageOf(reached(simulator, { ELEMENT_PASSWORD: PASSWORD }));
    expect(text).toMatch(
      /^GetAPI at 127\.0\.0\.1:\d+ answered 401\. Check ELEMENT_USERNAME and ELEMENT_PASSWORD in the environment\.$/,
    );
    expect(text).not.toContain(PASSWORD);
  });

  test("with a certificate of its own is trusted by that certificate, under any name", async () => {
    await using simulator = await disposable({ tls: true });
    const { ELEMENT_CA_CERT: _, ...environment } = simulator.environment;
    const untrusted = await messageOf(reached({ ...simulator, environment }));
    expect(untrusted).toMatch(
      /the server's certificate was refused \(DEPTH_ZERO_SELF_SIGNED_CERT\), nothing was sent\. Clusters sign their own: save it in PEM and name the file with ELEMENT_CA_CERT\.$/,
    );
    const { to, warnings } = await reached(simulator, { ELEMENT_CA_CERT: simulator.caCert });
    expect(warnings).toEqual([]);
    await to.close();
    await using other = await disposable({ tls: true });
    expect(await messageOf(reached(simulator, { ELEMENT_CA_CERT: other.caCert }))).toContain(
      "It is none of those that ELEMENT_CA_CERT in the environment trusts: has the cluster a new one?",
    );
  });

  test("is not verified only where that is said, and then a warning is", async () => {
    await using simulator = await disposable({ tls: true });
    const { to, warnings } = await reached(simulator, { ELEMENT_VERIFY_CERTIFICATE: "false" });
    expect(warnings).toEqual([
      expect.stringMatching(
        /^ELEMENT_VERIFY_CERTIFICATE in the environment is false: the certificate of 127\.0\.0\.1:\d+ is not verified/,
      ),
    ]);
    await to.close();
  });

  test("that is no cluster is told", async () => {
    await using simulator = await disposable({});
    simulator.faults.add({ method: "GetAPI", fault: { kind: "mutate", change: () => ({ hello: "world" }) } });
    expect(await messageOf(reached(simulator))).toMatch(/does not tell which versions of the API it has/);
  });

  test("that echoes credentials has them taken out", async () => {
    await using simulator = await disposable({});
    const { password } = simulator.credentials;
    const basic = Buffer.from(`${simulator.credentials.username}:${password}`).toString("base64");
    const { to } = await reached(simulator);
    simulator.faults.add({
      method: "ListAccounts",
      fault: { kind: "error", name: "xUnknown", message: `seen ${password} and Basic ${basic}` },
    });
    const text = await messageOf(to.call("ListAccounts", {}));
    expect(text).toBe("ListAccounts answered xUnknown: seen *** and Basic ***");
    await to.close();
  });
});

test("an answer that names no certificate of a pin is verified as ever", async () => {
  await using simulator = await disposable({ tls: true });
  const http = createHttp({ trust: { certificates: simulator.caCert } });
  const url = new URL(simulator.url);
  url.hostname = "localhost";
  const answer = await http.exchange({ method: "POST", url: new URL("/json-rpc/9.0", url), headers: {}, body: "{}" });
  expect(answer.status).toBe(401);
  await http.close();
});

async function disposable(options: Parameters<typeof simulateElement>[0]) {
  const simulator = await simulateElement(options);
  return Object.assign(simulator, { [Symbol.asyncDispose]: () => simulator.close() });
}
