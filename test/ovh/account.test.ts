import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ConfigurationError } from "../../provider/core/errors";
import { defaultOvhFiles, type OvhAccount, readOvhAccount } from "../../provider/ovh/account";

type Texts = Record<string, string>;

/** Reads an account from given configuration keys, environment variables and files (in this order of priority). */
function read(config: Texts, environment: Texts = {}, files: Texts = {}): OvhAccount {
  return readOvhAccount({
    config: (key) => config[key],
    environment,
    files: Object.keys(files),
    readFile: (path) => files[path],
  });
}

function failureOf(act: () => unknown): ConfigurationError {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("expected a ConfigurationError");
}

const configKeys = {
  "ovh:applicationKey": "c-key",
  "ovh:applicationSecret": "c-secret",
  "ovh:consumerKey": "c-consumer",
};
const environmentKeys = {
  OVH_APPLICATION_KEY: "e-key",
  OVH_APPLICATION_SECRET: "e-secret",
  OVH_CONSUMER_KEY: "e-consumer",
};
const fileKeys = "application_key=f-key\napplication_secret=f-secret\nconsumer_key=f-consumer\n";
const keys = (letter: string) => ({
  kind: "applicationKeys",
  applicationKey: `${letter}-key`,
  applicationSecret: `${letter}-secret`,
  consumerKey: `${letter}-consumer`,
});

test("prefers the configuration to the environment, and that to files", () => {
  const files = { "/f": `[ovh-eu]\n${fileKeys}` };
  expect(read(configKeys, environmentKeys, files)).toMatchObject({
    credentials: keys("c"),
    source: "stack configuration",
  });
  expect(read({}, environmentKeys, files)).toMatchObject({ credentials: keys("e"), source: "environment" });
  expect(read({}, {}, files)).toMatchObject({ credentials: keys("f"), source: "/f" });
});

test("takes the first of the files that has credentials", () => {
  const other = `[ovh-eu]\n${fileKeys.replaceAll("f-", "g-")}`;
  expect(read({}, {}, { "/a": "; nothing", "/b": other, "/c": `[ovh-eu]\n${fileKeys}` })).toMatchObject({
    credentials: keys("g"),
    source: "/b",
  });
});

test("reads no file when an earlier source decides", () => {
  const readFile = () => {
    throw new Error("must not be read");
  };
  expect(readOvhAccount({ environment: environmentKeys, files: ["/f"], readFile }).source).toBe("environment");
});

test("reads a service account and a ready-made token", () => {
  expect(read({ "ovh:clientId": "id", "ovh:clientSecret": "secret" }).credentials).toEqual({
    kind: "oauth2",
    clientId: "id",
    clientSecret: "secret",
  });
  expect(read({}, { OVH_ACCESS_TOKEN: "token" }).credentials).toEqual({ kind: "accessToken", accessToken: "token" });
});

test("takes an empty value for one that is not set, and ignores blanks around values", () => {
  const environment = { ...environmentKeys, OVH_CLIENT_ID: "", OVH_ACCESS_TOKEN: "  ", OVH_ENDPOINT: "" };
  expect(read({ "ovh:applicationKey": "" }, environment)).toMatchObject({ endpoint: "ovh-eu", credentials: keys("e") });
  expect(read({}, { OVH_ACCESS_TOKEN: " token\n" }).credentials).toMatchObject({ accessToken: "token" });
});

test("never completes credentials from another source, and names what is missing in the source's own spelling", () => {
  const { "ovh:consumerKey": _, ...twoKeys } = configKeys;
  const inConfig = failureOf(() => read(twoKeys, environmentKeys));
  expect(inConfig.message).toContain("the stack configuration are incomplete");
  expect(inConfig.message).toContain("but not ovh:consumerKey.");
  expect(inConfig.missing).toEqual(["ovh:consumerKey"]);

  const inEnvironment = failureOf(() => read({}, { OVH_CLIENT_SECRET: "s" }, { "/f": `[ovh-eu]\n${fileKeys}` }));
  expect(inEnvironment.missing).toEqual(["OVH_CLIENT_ID"]);

  const inFile = failureOf(() => read({}, {}, { "/f": "[ovh-eu]\napplication_key=f-key" }));
  expect(inFile.message).toContain("/f are incomplete");
  expect(inFile.missing).toEqual(["application_secret in [ovh-eu]", "consumer_key in [ovh-eu]"]);
});

test("refuses two kinds of credentials in one source, even where one is incomplete, and names both", () => {
  const error = failureOf(() => read({}, { ...environmentKeys, OVH_CLIENT_ID: "id" }));
  expect(error.message).toContain(
    "OVH_APPLICATION_KEY, OVH_APPLICATION_SECRET, OVH_CONSUMER_KEY, OVH_CLIENT_ID. Keep one",
  );
  expect(
    failureOf(() => read({ "ovh:accessToken": "t", "ovh:clientId": "i", "ovh:clientSecret": "s" })).message,
  ).toContain("ovh:clientId, ovh:clientSecret, ovh:accessToken");
});

test("accepts different kinds in different sources: the first source decides", () => {
  expect(read({ "ovh:accessToken": "t" }, environmentKeys).credentials.kind).toBe("accessToken");
});

test("lists what may be set, and a way to try it without an account, when there are no credentials", () => {
  const error = failureOf(() =>
    read({ "ovh:endpoint": "ovh-ca" }, { OVH_ENDPOINT: "ovh-eu" }, { "/f": "[default]\nendpoint=ovh-eu" }),
  );
  for (const part of [
    "ovh:consumerKey",
    "ovh:clientSecret",
    "ovh:accessToken",
    "OVH_CONSUMER_KEY",
    "OVH_CLIENT_ID",
    "/f",
  ]) {
    expect(error.message).toContain(part);
  }
  expect(error.message).toContain("`npx pulumi-holdfast simulate ovh`");
  expect(error.missing).toContain("ovh:applicationKey");
});

test("never repeats a value in a message", () => {
  const hush = "hush-hush";
  const failures = [
    () => read({ "ovh:applicationKey": hush, "ovh:clientId": hush }),
    () => read({ "ovh:applicationKey": hush }),
    () => read({ ...configKeys, "ovh:endpoint": hush }),
    () => read({ ...configKeys, "ovh:endpoint": `https://u:${hush}@h/1.0` }),
    () => read({ "ovh:accessToken": `${hush} ${hush}` }),
    () => read({}, {}, { "/f": `[ovh-eu]\napplication_key=${hush}` }),
    () => read({}, {}, { "/f": `[ovh-ca]\napplication_key=${hush}` }),
  ];
  for (const failure of failures) expect(failureOf(failure).message).not.toContain(hush);
});

test("refuses a value that can't be a credential", () => {
  expect(failureOf(() => read({ "ovh:accessToken": "two words" })).message).toContain(
    "ovh:accessToken (stack configuration)",
  );
  expect(failureOf(() => read({}, { OVH_ACCESS_TOKEN: "tok\u2026en" })).message).toContain(
    "OVH_ACCESS_TOKEN (environment)",
  );
});

test.each([
  ["ovh-eu", "https://eu.api.ovh.com/1.0", "https://www.ovh.com/auth/oauth2/token"],
  ["ovh-ca", "https://ca.api.ovh.com/1.0", "https://ca.ovh.com/auth/oauth2/token"],
  ["ovh-us", "https://api.us.ovhcloud.com/1.0", "https://us.ovhcloud.com/auth/oauth2/token"],
  ["kimsufi-eu", "https://eu.api.kimsufi.com/1.0", undefined],
  ["ks-ca", "https://ca.api.kimsufi.com/1.0", undefined],
  ["soyoustart-ca", "https://ca.api.soyoustart.com/1.0", undefined],
  ["sys-eu", "https://eu.api.soyoustart.com/1.0", undefined],
  ["https://eu.api.ovh.com/1.0/", "https://eu.api.ovh.com/1.0", "https://www.ovh.com/auth/oauth2/token"],
  ["https://gateway.example.com/ovh/1.0", "https://gateway.example.com/ovh/1.0", undefined],
  ["http://127.0.0.1:4000/1.0", "http://127.0.0.1:4000/1.0", "http://127.0.0.1:4000/auth/oauth2/token"],
  ["http://localhost:4000/1.0/", "http://localhost:4000/1.0", "http://localhost:4000/auth/oauth2/token"],
  ["http://[::1]:4000/1.0", "http://[::1]:4000/1.0", "http://[::1]:4000/auth/oauth2/token"],
])("finds the URLs of the endpoint %s", (endpoint, apiUrl, tokenUrl) => {
  const account = read({ ...configKeys, "ovh:endpoint": endpoint });
  expect(account.endpoint).toBe(endpoint);
  expect(account.apiUrl.href).toBe(apiUrl);
  expect(account.tokenUrl?.href).toBe(tokenUrl);
});

test.each([
  "http://eu.api.ovh.com/1.0",
  "ftp://127.0.0.1/1.0",
  "https://host/1.0?x=1",
  "https://host/#x",
  "https:///",
  "a/b",
])("refuses %s as an endpoint", (endpoint) => {
  expect(failureOf(() => read({ ...configKeys, "ovh:endpoint": endpoint })).message).toContain(
    "ovh:endpoint (stack configuration)",
  );
});

test.each(["ovh-de", "toString", "__proto__"])("lists the known endpoints for the unknown one %s", (endpoint) => {
  const { message } = failureOf(() => read({}, { ...environmentKeys, OVH_ENDPOINT: endpoint }));
  expect(message).toContain("OVH_ENDPOINT (environment) names no known endpoint");
  expect(message).toContain("ovh-eu, ovh-us, ovh-ca");
});

test.each(["kimsufi-eu", "https://gateway.example.com/1.0"])(
  "refuses a service account at %s, where OAuth2 is not known",
  (endpoint) => {
    const account = { "ovh:clientId": "id", "ovh:clientSecret": "secret", "ovh:endpoint": endpoint };
    expect(failureOf(() => read(account)).message).toContain("no known OAuth2 service");
  },
);

test("takes the default endpoint, not that of a later source, when the credentials' source sets none", () => {
  expect(read(configKeys, { OVH_ENDPOINT: "ovh-ca" }).endpoint).toBe("ovh-eu");
});

test("refuses to pass over an endpoint in the environment in favour of a file's other one", () => {
  const file = { "/f": `[ovh-eu]\n${fileKeys}[ovh-ca]\n${fileKeys}` };
  expect(failureOf(() => read({}, { OVH_ENDPOINT: "ovh-ca" }, file)).message).toContain(
    "OVH_ENDPOINT (environment) is ovh-ca, but the credentials come from /f, which sets no endpoint and so means ovh-eu.",
  );
  expect(read({}, { OVH_ENDPOINT: "ovh-eu" }, file).endpoint).toBe("ovh-eu");
});

test("refuses to pass over an endpoint in the configuration in favour of another one", () => {
  const { message } = failureOf(() => read({ "ovh:endpoint": "ovh-ca" }, environmentKeys));
  expect(message).toContain(
    "ovh:endpoint (stack configuration) is ovh-ca, but the credentials come from the environment",
  );
  expect(message).toContain("OVH_ENDPOINT");
  expect(read({ "ovh:endpoint": "ovh-ca" }, { ...environmentKeys, OVH_ENDPOINT: "ovh-ca" }).source).toBe("environment");
  expect(read({ "ovh:endpoint": "https://eu.api.ovh.com/1.0" }, environmentKeys).source).toBe("environment");
});

test("reads the section that the file's default endpoint names", () => {
  const file = `; comment\n[default]\nendpoint = ovh-ca ; here too\n\n[ovh-eu]\n${fileKeys}\n[ovh-ca]\r\nApplication_Key : "g-key"\r\n# no\napplication_secret='g-secret'\nconsumer_key=g-consumer`;
  expect(read({}, {}, { "/f": file })).toMatchObject({ endpoint: "ovh-ca", credentials: keys("g") });
});

test("reads the section of a URL endpoint, with or without its final slash", () => {
  const file = `\uFEFF[default]\nendpoint=http://127.0.0.1:4000/1.0/\n[http://127.0.0.1:4000/1.0]\n${fileKeys}`;
  const account = read({}, {}, { "/f": file });
  expect(account.apiUrl.href).toBe("http://127.0.0.1:4000/1.0");
  expect(account.credentials).toEqual(keys("f"));
});

test("stops at a file whose credentials are for another endpoint, instead of using the next account", () => {
  const files = { "/a": `[ovh-ca]\n${fileKeys}`, "/b": `[ovh-eu]\n${fileKeys}` };
  expect(failureOf(() => read({}, {}, files)).message).toBe(
    '/a has credentials for [ovh-ca], but its endpoint is the default, [ovh-eu]. Set "endpoint" in its [default] section to the section to use.',
  );
});

test("looks into the program's directory, then the home directory, then /etc", () => {
  expect(defaultOvhFiles({ HOME: "/home/x" }, "/home/x/program")).toEqual([
    "/home/x/program/ovh.conf",
    "/home/x/.ovh.conf",
    "/etc/ovh.conf",
  ]);
});

test("reads real files, skips absent ones and says which one can't be read", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "ovh.conf");
  writeFileSync(file, `[ovh-eu]\n${fileKeys}`);
  const files = [join(folder, "absent"), join(file, "not-a-folder"), file];
  expect(readOvhAccount({ environment: {}, files })).toMatchObject({ credentials: keys("f"), source: file });

  // A folder stands for every file that is there and can't be read: the tests may run as root, who can read all files.
  const unreadable = join(folder, "folder");
  mkdirSync(unreadable);
  const { message } = failureOf(() => readOvhAccount({ environment: {}, files: [unreadable, file] }));
  expect(message).toBe(
    `${unreadable} exists but can't be read (EISDIR). Make it readable for this user, or remove it.`,
  );
});

test("calls an explicit provider's arguments by their name", () => {
  const config = (key: string) => (key === "ovh:clientId" ? "id" : undefined);
  const sources = { config, configName: "provider's arguments", environment: {}, files: [] };
  expect(failureOf(() => readOvhAccount(sources)).message).toContain("the provider's arguments are incomplete");
});
