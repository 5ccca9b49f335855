import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { withoutCredentials } from "./support/accounts";
import type { Project, Run } from "./support/project";
import { test } from "./support/test";

/** Commands of the engine, one after the other. */
const LIMIT_MS = 240_000;

/** A value in the forms in which somebody could write it. */
const formsOf = (secret: string): string[] => [
  ...new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64").replace(/=+$/, "")]),
];

/** Everything that Pulumi has written below the project's folder, its own home included, by path. */
async function written(project: Project): Promise<Map<string, string>> {
  const files = await readdir(project.folder, { recursive: true, withFileTypes: true });
  const texts = new Map<string, string>();
  for (const entry of files) {
    if (!entry.isFile() || entry.parentPath.includes("node_modules") || entry.name.endsWith("ovh.conf")) continue;
    const path = join(entry.parentPath, entry.name);
    texts.set(path, await readFile(path, "utf8"));
  }
  return texts;
}

/** The places where a secret stands in clear: files, or lines of what was printed. */
function leaks(texts: Iterable<[string, string]>, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap(formsOf);
  return [...texts].flatMap(([where, text]) =>
    text
      .split("\n")
      .filter((line) => forms.some((form) => line.includes(form)))
      .map((line) => `${where}: ${forms.reduce((rest, form) => rest.replaceAll(form, "SECRET"), line)}`),
  );
}

const printed = (runs: Record<string, Run>): [string, string][] =>
  Object.entries(runs).map(([command, { text }]) => [command, text]);

/** The service repeats what it was sent, in the next refusal. */
function echo(simulator: OvhSimulator, ...secrets: string[]): void {
  const message = `bad key ${secrets.flatMap(formsOf).join(" ")}`;
  simulator.faults.add({ method: "POST", path: /\/share$/, fault: { kind: "status", status: 400, body: { message } } });
}

test("of the configuration and of an explicit provider are in no file, event or message, and at -v=9 only in the engine's own lines", {
  timeout: LIMIT_MS,
}, async ({ project, simulator }) => {
  const other = await simulateOvh({ schedule: false });
  onTestFinished(() => other.close());
  withoutCredentials(project);
  const { applicationKey, applicationSecret, consumerKey } = simulator.credentials;
  const { accessToken } = other.credentials;
  const secrets = [applicationSecret, consumerKey, accessToken];
  const plain = { "ovh:endpoint": simulator.url, "ovh:applicationKey": applicationKey, "second:endpoint": other.url };
  const secret = {
    "ovh:applicationSecret": applicationSecret,
    "ovh:consumerKey": consumerKey,
    "second:token": accessToken,
  };
  const options = [
    ...Object.entries(plain).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
    ...Object.entries(secret).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
  ];
  await project.pulumi("config", "set-all", ...options);
  // The argument's text is plain in the program's hands: the provider makes it secret.
  await project.program(`
import { Provider } from "pulumi-holdfast/ovh";
const config = new pulumi.Config("second");
const second = new Provider("second", { endpoint: config.require("endpoint"), accessToken: config.require("token") });
new Share("one", { serviceName, size: 100 });
new Share("two", { serviceName: "${other.serviceName}", size: 100 }, { provider: second });
`);
  echo(simulator, applicationSecret, consumerKey);
  echo(other, accessToken);

  const failed = await project.up("-v=9", "--logtostderr");
  const preview = await project.preview("--json");
  const up = await project.up();
  const refresh = await project.refresh("-v=9", "--logtostderr");
  const exported = await project.exportState();
  const files = await written(project);
  const destroy = await project.destroy();

  expect([failed.code === 0, preview.code, up.code, refresh.code, destroy.code]).toEqual([false, 0, 0, 0, 0]);
  expect(failed.text.match(/answered 400: bad key \*\*\*/g)?.length).toBeGreaterThanOrEqual(2);
  expect(exported).toContain("ovh:Share");
  expect([...files.keys()].filter((path) => path.includes("/state/")).length).toBeGreaterThan(2);
  expect(leaks([...files, ["export", exported], ...printed({ preview, up, destroy })], secrets)).toEqual([]);
  // What the engine hands to a provider process, it prints at this level: nobody but it can keep that back.
  const engines =
    /"msg":"(Unm|M)arshaling property for RPC\[(Provider\[\w+\]\.Configure\(\)\.inputs|ResourceMonitor\.RegisterResource\(pulumi:providers:[^)]*\))\]: /;
  const others = leaks(printed({ failed, refresh }), secrets).filter((line) => !engines.test(line));
  expect(others).toEqual([]);
  expect(leaks([["calls", JSON.stringify([simulator.calls, other.calls])]], secrets)).toEqual([]);
});

test("of the environment and of files are nowhere, also at -v=9 with --debug", { timeout: LIMIT_MS }, async ({
  project,
  simulator,
}) => {
  withoutCredentials(project);
  const { applicationKey, applicationSecret, consumerKey, clientId, clientSecret } = simulator.credentials;
  const tokens: string[] = [];
  const change = (body: unknown) => {
    if (typeof body === "object" && body !== null) tokens.push(String(Reflect.get(body, "access_token")));
    return body;
  };
  const path = /\/oauth2\/token$/;
  simulator.faults.add({ path, times: Number.POSITIVE_INFINITY, fault: { kind: "mutate", change } });
  const conf = (key: string) =>
    `[default]\nendpoint=${simulator.url}\n[${simulator.url}]\napplication_key=${applicationKey}\napplication_secret=${applicationSecret}\nconsumer_key=${key}\n`;
  const account = { OVH_ENDPOINT: simulator.url, OVH_CLIENT_ID: clientId, OVH_CLIENT_SECRET: clientSecret };
  await project.program(`new Share("data", { serviceName, size: 100 });`);
  const loud = ["-v=9", "--logtostderr", "--debug"];

  Object.assign(project.env, account);
  echo(simulator, clientSecret, `${clientId}:${clientSecret}`);
  const failed = await project.up(...loud);
  withoutCredentials(project);
  const wrongKey = "a-consumer-key-that-is-wrong";
  await writeFile(join(project.folder, "ovh.conf"), conf(wrongKey));
  const refused = await project.up(...loud);
  await writeFile(join(project.folder, "ovh.conf"), "");
  await writeFile(join(project.folder, "home", ".ovh.conf"), conf(consumerKey));
  const up = await project.up(...loud);
  const destroy = await project.destroy(...loud);

  expect([failed.code === 0, refused.code === 0, up.code, destroy.code]).toEqual([false, false, 0, 0]);
  expect(failed.text).toContain("answered 400: bad key ***");
  expect(refused.text).toMatch(/answered 403 .* Check the consumer key in \S+\/ovh\.conf/);
  expect(tokens).toHaveLength(1);
  const secrets = [clientSecret, `${clientId}:${clientSecret}`, ...tokens, applicationSecret, consumerKey, wrongKey];
  const texts = [...(await written(project)), ...printed({ failed, refused, up, destroy })];
  expect(leaks([...texts, ["calls", JSON.stringify(simulator.calls)]] as [string, string][], secrets)).toEqual([]);
});
