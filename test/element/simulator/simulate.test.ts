import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { simulate } from "../../../provider/cli/simulate";
import { Host, node, temporaryFolder } from "../../cli/support/terminal";

/** What was printed before "ready": names and values. */
const printed = (host: Host): Record<string, string> =>
  Object.fromEntries(
    host.stdout
      .trimEnd()
      .split("\n")
      .slice(0, -1)
      .map((line) => line.replace(/^export /, "").split("=", 2)),
  );

/** Starts it in the background; answers what ends it. */
const served = async (...args: string[]) => {
  const host = new Host();
  const ended = simulate(["element", ...args], host);
  await expect.poll(() => host.stdout).toMatch(/\nready\n$/);
  const end = async () => {
    host.signal("SIGTERM");
    expect(await ended).toBe(0);
  };
  onTestFinished(() => host.signal("SIGTERM"));
  return { host, end, variables: printed(host) };
};

const call = async (variables: Record<string, string>, method: string, params = {}, version = "12.5") => {
  const { ELEMENT_ENDPOINT, ELEMENT_USERNAME, ELEMENT_PASSWORD } = variables;
  const authorization = `Basic ${Buffer.from(`${ELEMENT_USERNAME}:${ELEMENT_PASSWORD}`).toString("base64")}`;
  const init = { method: "POST", headers: { authorization }, body: JSON.stringify({ method, params }) };
  const response = await fetch(`${ELEMENT_ENDPOINT}/json-rpc/${version}`, init);
  return { status: response.status, text: await response.text() };
};

test("prints the variables first, then ready, runs until a signal, and logs no secrets", async () => {
  const { host, end, variables } = await served("--step", "60000", "--log");
  expect(Object.keys(variables)).toEqual([
    "ELEMENT_ENDPOINT",
    "ELEMENT_USERNAME",
    "ELEMENT_PASSWORD",
    "HOLDFAST_ELEMENT_VOLUME",
    "HOLDFAST_ELEMENT_ACCOUNT",
    "HOLDFAST_ELEMENT_ACCESS_GROUP",
  ]);
  await call(variables, "AddAccount", { username: "new", initiatorSecret: "abcdefghijkl" });
  await call(variables, "CloneVolume", { volumeID: 1, name: "clone" });
  expect((await call(variables, "GetAsyncResult", { asyncHandle: 901 })).text).toContain('"running"');
  await call(variables, "DeleteVolume", { volumeID: 99 });
  expect(host.stderr).toContain("200 AddAccount\n200 CloneVolume\n200 GetAsyncResult\n");
  expect(host.stderr).toContain("200 DeleteVolume xVolumeIDDoesNotExist\n");
  expect(host.stderr).toContain("NetApp Element, simulated.");
  for (const secret of ["abcdefghijkl", variables["ELEMENT_PASSWORD"]]) expect(host.stderr).not.toContain(secret);
  await end();
  await expect(call(variables, "GetAPI")).rejects.toThrow();
});

test("has the version that it is told", async () => {
  const { variables } = await served("--api-version", "11.3");
  expect((await call(variables, "GetAPI", {}, "11.3")).text).toContain('"currentVersion":"11.3"');
  expect((await call(variables, "GetAPI", {}, "12.5")).status).toBe(404);
});

test("writes its certificate to a temporary file, which is gone at the end", async () => {
  const { variables, end } = await served("--tls");
  const file = variables["ELEMENT_CA_CERT"] ?? "";
  expect(variables["ELEMENT_ENDPOINT"]).toMatch(/^https:/);
  expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  await end();
  expect(existsSync(dirname(file))).toBe(false);
});

test("or to a file that is named, which stays", async () => {
  const file = join(temporaryFolder(), "ca.pem");
  const { variables, end } = await served("--tls", "--ca-file", file);
  expect(variables["ELEMENT_CA_CERT"]).toBe(file);
  await end();
  expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
});

test("a command meets a server that it can trust by the variables", async () => {
  const host = new Host();
  const code = `
    const { ELEMENT_ENDPOINT, ELEMENT_CA_CERT } = process.env;
    const ca = require("node:fs").readFileSync(ELEMENT_CA_CERT);
    require("node:https").get(ELEMENT_ENDPOINT + "/json-rpc/12.5", { ca, agent: false }, (response) => {
      process.exitCode = response.statusCode === 401 ? 7 : 1;
      response.resume();
    });`;
  expect(await simulate(["element", "--tls", ...node(code)], host)).toBe(7);
});

test("a command without TLS does not get the certificate of another server", async () => {
  process.env["ELEMENT_CA_CERT"] = "/of/another.pem";
  onTestFinished(() => {
    delete process.env["ELEMENT_CA_CERT"];
  });
  const code = "process.exitCode = process.env.ELEMENT_CA_CERT === undefined ? 7 : 1";
  expect(await simulate(["element", ...node(code)], new Host())).toBe(7);
});

test("keeps the state in a file", async () => {
  const file = join(temporaryFolder(), "state.json");
  expect(await simulate(["element", "--state", file, ...node("")], new Host())).toBe(0);
  const { password } = JSON.parse(readFileSync(file, "utf8")).credentials;
  const { variables } = await served("--state", file);
  expect(variables["ELEMENT_PASSWORD"]).toBe(password);
});

test("ends with 1 when the certificate cannot be written", async () => {
  const host = new Host();
  const file = join(temporaryFolder(), "missing", "ca.pem");
  expect(await simulate(["element", "--tls", "--ca-file", file], host)).toBe(1);
  expect(host.stderr).toMatch(/^holdfast simulate: ENOENT/);
});

test.each([
  [["element", "--snapshot-every", "5"], /--snapshot-every is an option of ovh, not of element\.$/],
  [["element", "--requests-per-second", "5"], /--requests-per-second is an option of ovh, not of element\.$/],
  [["ovh", "--tls"], /--tls is an option of element, not of ovh\.$/],
  [["ovh", "--ca-file", "x"], /--ca-file is an option of element, not of ovh\.$/],
  [["ovh", "--api-version", "12.5"], /--api-version is an option of element, not of ovh\.$/],
  [["element", "--ca-file", "x"], /--ca-file goes with --tls\.$/],
  [["element", "--tls", "--ca-file", ""], /--ca-file needs a value\.$/],
  [["element", "--api-version", "new"], /--api-version must look like 12\.5, not "new"\.$/],
  [["solidfire"], /Unknown system "solidfire"; available: ovh, element\.$/],
])("explains what is wrong with %j", async (args, message) => {
  const host = new Host();
  expect(await simulate(args, host)).toBe(2);
  expect(host.stderr.split("\n")[0]).toMatch(message);
});
