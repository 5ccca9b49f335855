import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { simulate } from "../../../provider/cli/simulate";
import { simulateOvh } from "../../../provider/simulators";
import { Host, node, temporaryFolder } from "../../cli/support/terminal";

test("prints the variables first, then ready, and runs until a signal", async () => {
  const host = new Host();
  const ended = simulate(["ovh", "--step", "50", "--log"], host);
  await expect.poll(() => host.stdout).toMatch(/\nready\n$/);
  const lines = host.stdout.trimEnd().split("\n");
  expect(lines.map((line) => line.split("=")[0])).toEqual([
    "export OVH_ENDPOINT",
    "export OVH_APPLICATION_KEY",
    "export OVH_APPLICATION_SECRET",
    "export OVH_CONSUMER_KEY",
    "export HOLDFAST_OVH_SERVICE",
    "export HOLDFAST_OVH_SHARE",
    "ready",
  ]);
  const endpoint = lines[0]?.split("=")[1];
  expect((await fetch(`${endpoint}/auth/time`)).status).toBe(200);
  expect(host.stderr).toContain("200 GET /1.0/auth/time\n");
  host.signal("SIGTERM");
  expect(await ended).toBe(0);
  await expect(fetch(`${endpoint}/auth/time`)).rejects.toThrow();
});

test("runs a command with the variables, prints nothing on stdout itself and answers the exit code", async () => {
  const host = new Host();
  const file = join(temporaryFolder(), "seen.json");
  const code = `
    const { OVH_ENDPOINT, OVH_CLIENT_ID, HOLDFAST_OVH_SERVICE } = process.env;
    fetch(OVH_ENDPOINT + "/auth/time").then(async (answer) => {
      const seen = { time: await answer.text(), OVH_CLIENT_ID, HOLDFAST_OVH_SERVICE, argv: process.argv.slice(1) };
      require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify(seen));
      process.exitCode = 7;
    });`;
  process.env["OVH_CLIENT_ID"] = "would be a second kind of credentials";
  onTestFinished(() => {
    delete process.env["OVH_CLIENT_ID"];
  });
  expect(await simulate(["ovh", ...node(code), "a", "--port", "x"], host)).toBe(7);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    time: expect.stringMatching(/^\d{10}$/),
    HOLDFAST_OVH_SERVICE: expect.stringMatching(/^[0-9a-f-]{36}$/),
    argv: ["a", "--port", "x"],
  });
  expect(host.stdout).toBe("");
});

test("passes signals on and answers as shells do when the command dies of one", async () => {
  const host = new Host();
  const file = join(temporaryFolder(), "started");
  const code = `require("node:fs").writeFileSync(${JSON.stringify(file)}, "x"); setInterval(() => {}, 1000);`;
  const ended = simulate(["ovh", ...node(code)], host);
  await expect.poll(() => statSync(file, { throwIfNoEntry: false })?.size).toBe(1);
  host.signal("SIGTERM");
  expect(await ended).toBe(128 + 15);
});

test("says in one line that the service ends with the command when there is no state file", async () => {
  const without = new Host();
  expect(await simulate(["ovh", ...node("")], without)).toBe(0);
  expect(without.stderr).toBe("holdfast simulate: this service ends with the command; keep it with --state FILE\n");
  const kept = new Host();
  expect(await simulate(["ovh", "--state", join(temporaryFolder(), "state.json"), ...node("")], kept)).toBe(0);
  expect(kept.stderr).toBe("");
});

/** Runs a command that can't be found, on a machine without programs and with this cache. Answers the last line. */
const notFound = async (command: string, cache: string): Promise<string | undefined> => {
  const settings = { PATH: cache, XDG_CACHE_HOME: cache, HOLDFAST_ENGINE: "" };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const host = new Host();
  expect(await simulate(["ovh", "--", command], host)).toBe(127);
  return host.stderr.trimEnd().split("\n").at(-1);
};

test("says that a command is not on PATH, and which file cannot be run", async () => {
  const folder = temporaryFolder();
  expect(await notFound("no-such-command-here", folder)).toBe(
    "holdfast simulate: no-such-command-here is not on PATH.",
  );
  expect(await notFound("./no-such-file", folder)).toContain("cannot run ./no-such-file");
});

test("says how to get Pulumi when it is not on PATH, or where it is", async () => {
  const folder = temporaryFolder();
  expect(await notFound("pulumi", folder)).toBe(
    "holdfast simulate: pulumi is not on PATH. Install it: https://www.pulumi.com/docs/install/",
  );
  const bin = join(folder, "pulumi-holdfast", "pulumi-3.259.0", "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]) {
    writeFileSync(join(bin, name), "#!/bin/sh\n", { mode: 0o755 });
  }
  expect(await notFound("pulumi", folder)).toBe(
    `holdfast simulate: pulumi is not on PATH. Add the folder of the one that the demo uses: ${bin}`,
  );
});

test("takes automatic snapshots at the pace of --snapshot-every", async () => {
  const host = new Host();
  const state = join(temporaryFolder(), "state.json");
  const code = `
    const { OVH_ENDPOINT, HOLDFAST_OVH_SHARE } = process.env;
    const look = () => fetch(new URL("/simulator/shares/" + HOLDFAST_OVH_SHARE + "/files", OVH_ENDPOINT), { headers: { "x-holdfast-simulator": "1" } });
    setTimeout(look, 2100);`;
  expect(await simulate(["ovh", "--state", state, "--snapshot-every", "1", ...node(code)], host)).toBe(0);
  const { snapshots } = JSON.parse(readFileSync(state, "utf8"));
  expect(snapshots.length).toBeGreaterThanOrEqual(5); // three from the start
});

test("ends with 1 and one line when another simulator has the state file", async () => {
  const host = new Host();
  const state = join(temporaryFolder(), "state.json");
  const first = await simulateOvh({ stateFile: state });
  onTestFinished(() => first.close());
  expect(await simulate(["ovh", "--state", state], host)).toBe(1);
  expect(host.stderr).toMatch(
    new RegExp(`^holdfast simulate: State file ${state} is in use by another simulator, process ${process.pid}.*\n$`),
  );
});

test("keeps the state in a file", async () => {
  const host = new Host();
  const state = join(temporaryFolder(), "state.json");
  expect(await simulate(["ovh", "--state", state, ...node("")], host)).toBe(0);
  const before = readFileSync(state, "utf8");
  expect(await simulate(["ovh", "--state", state, ...node("")], host)).toBe(0);
  const ids = (text: string): unknown => JSON.parse(text).rest.serviceName;
  expect(ids(readFileSync(state, "utf8"))).toBe(ids(before));
});

test.each([
  [[], /Name the system to simulate: ovh/],
  [["element-x"], /Unknown system "element-x"; available: ovh/],
  [["ovh", "more"], /Unexpected argument "more"/],
  [["ovh", "--port", "70000"], /--port must be a whole number/],
  [["ovh", "--step", "-1"], /--step/],
  [["ovh", "--step", "-5"], /--step must be a whole number from 0 to 2147483647, not "-5"\.$/],
  [["ovh", "--state", "--log"], /'--state' argument is ambiguous\.$/],
  [["ovh", "--snapshot-every", "0"], /--snapshot-every must be a whole number from 1 to 86400, not "0"\.$/],
  [["ovh", "--step", "1.5"], /--step must be a whole number/],
  [["ovh", "--speed", "1"], /--speed/],
  [["ovh", "--"], /no command after --/],
])("explains what is wrong with %j and shows the usage", async (args, message) => {
  const host = new Host();
  expect(await simulate(args, host)).toBe(2);
  expect(host.stderr.split("\n")[0]).toMatch(message);
  expect(host.stderr).toContain("Usage: npx pulumi-holdfast simulate");
  expect(host.stdout).toBe("");
});

test("shows its usage on demand", async () => {
  const host = new Host();
  expect(await simulate(["--help"], host)).toBe(0);
  expect(host.stdout).toMatch(/^Usage: npx pulumi-holdfast simulate/);
  expect(host.stdout).toContain("--snapshot-every SECONDS");
  expect(host.stdout).toContain("X-Holdfast-Simulator: 1");
});

test("ends with 1 and the reason when it cannot start", async () => {
  const host = new Host();
  const state = join(temporaryFolder(), "state.json");
  writeFileSync(state, "no state");
  expect(await simulate(["ovh", "--state", state], host)).toBe(1);
  expect(host.stderr).toContain(`State file ${state} cannot be used`);
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await expect.poll(() => taken.address()).not.toBeNull();
  const address = taken.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  expect(await simulate(["ovh", "--port", port], host)).toBe(1);
  expect(host.stderr).toContain("EADDRINUSE");
});
