import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { simulate } from "../../../provider/cli/simulate";

/** A stand-in for the terminal. */
class Host {
  stdout = "";
  stderr = "";
  #listeners = new Set<(signal: NodeJS.Signals) => void>();
  out(text: string): void {
    this.stdout += text;
  }
  err(text: string): void {
    this.stderr += text;
  }
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  signal(signal: NodeJS.Signals): void {
    for (const listener of this.#listeners) listener(signal);
  }
}

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "simulate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A command that runs JavaScript. */
const node = (code: string): string[] => ["--", process.execPath, "-e", code];

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

test("runs a command with the variables, prints nothing itself and answers the exit code", async () => {
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
  expect([host.stdout, host.stderr]).toEqual(["", ""]);
});

test("passes signals on and answers as shells do when the command dies of one", async () => {
  const host = new Host();
  const file = join(temporaryFolder(), "started");
  const code = `require("node:fs").writeFileSync(${JSON.stringify(file)}, "x"); setInterval(() => {}, 1000);`;
  const ended = simulate(["ovh", ...node(code)], host);
  await expect.poll(() => statSync(file, { throwIfNoEntry: false })?.size, { timeout: 5000 }).toBe(1);
  host.signal("SIGTERM");
  expect(await ended).toBe(128 + 15);
});

test("says which command cannot be run", async () => {
  const host = new Host();
  expect(await simulate(["ovh", "--", "no-such-command-here"], host)).toBe(127);
  expect(host.stderr).toContain("no-such-command-here");
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
