import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, test as base, describe, expect, vi } from "vitest";
import { runDemo } from "../../provider/cli/demo";
import type { Screen } from "../../provider/cli/demo/report";
import { findEngine } from "../../provider/cli/engine";
import { type OvhSimulator, simulateOvh } from "../../provider/simulators";
import { packageRoot, QUICK } from "./support/project";

const CREDENTIALS = '{"current":"https://pulumi.example","accounts":{}}';

interface Ended {
  code: number | null;
  text: string;
  seconds: number;
}
/** A user's machine: a home with a Pulumi login, a folder for temporary files, settings of a real account, a proxy. */
interface Machine {
  demo(...args: string[]): { ended: Promise<Ended>; sees(text: string): Promise<void>; interrupt(): void };
  /** Every file in the user's home. */
  home(): Promise<string[]>;
  temporary(): Promise<string[]>;
  credentials(): Promise<string>;
}

/** The CLI finds this one by the user's entry in the system's list, whatever HOME says. */
const pulumiLogs = () => readdir(join(userInfo().homedir, ".pulumi", "logs")).catch(() => []);

const test = base.extend<{ machine: Machine; simulator: OvhSimulator; screen: Screen & { text: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixture's dependencies from this pattern
  machine: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-machine-"));
    const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
    await mkdir(join(home, ".pulumi"), { recursive: true });
    await mkdir(temporary);
    await writeFile(join(home, ".pulumi", "credentials.json"), CREDENTIALS);
    const engine = await findEngine();
    if (engine === undefined) throw new Error("There is no Pulumi engine yet: run npm run setup.");
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      TMPDIR: temporary,
      HOLDFAST_ENGINE: engine.root,
      OVH_ENDPOINT: "ovh-eu",
      OVH_CLIENT_ID: "EU.somebody",
      PULUMI_BACKEND_URL: "https://pulumi.example",
      PULUMI_ACCESS_TOKEN: "pul-somebody",
      http_proxy: "http://127.0.0.1:9",
    };
    await use({
      demo(...args) {
        const began = performance.now();
        const main = join(packageRoot, "dist", "provider", "cli", "main.js");
        const child = spawn(process.execPath, [main, "demo", ...args], { cwd: home, env, stdio: "pipe" });
        let text = "";
        for (const stream of [child.stdout, child.stderr]) {
          stream.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
        }
        return {
          ended: once(child, "close").then(([code]) => ({ code, text, seconds: (performance.now() - began) / 1000 })),
          sees: (part) => expect.poll(() => text).toContain(part),
          interrupt: () => child.kill("SIGINT"),
        };
      },
      home: async () => (await readdir(home, { recursive: true })).toSorted(),
      temporary: () => readdir(temporary),
      credentials: () => readFile(join(home, ".pulumi", "credentials.json"), "utf8"),
    });
    await rm(folder, { recursive: true, force: true });
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  simulator: async ({}, use) => {
    const simulator = await simulateOvh();
    await use(simulator);
    await simulator.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  screen: async ({}, use) => {
    const screen = {
      text: "",
      live: false,
      unicode: false,
      columns: 80,
      write: (text: string) => {
        screen.text += text;
      },
    };
    await use(screen);
  },
});

/** For what a demonstration starts in this process: one that fails is no slower for its user. */
const quickly = () => {
  for (const [name, value] of Object.entries(QUICK)) vi.stubEnv(name, value);
};
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("holdfast demo", () => {
  test("tells the whole story within a minute, and leaves nothing behind", async ({ machine }) => {
    const logs = await pulumiLogs();
    const { code, text, seconds } = await machine.demo().ended;

    expect(code, text).toBe(0);
    const entries = [...text.matchAll(/^(ok|FAIL) +(.+?) +[\d.]+ s +(.+)$/gm)].map(([, ...entry]) => entry);
    expect(entries).toEqual([
      ["ok", "preview", "3 to create"],
      ["ok", "up", "3 created"],
      ["ok", "up again", "nothing to change"],
      ["ok", "new trigger", "3 replaced"],
      ["ok", "destroy", "3 deleted"],
      ["ok", "what is left", "nothing but production"],
    ]);
    expect(text).toMatch(/mount -t nfs -o vers=3 [\d.]+:\/\S+ \/mnt\/development/);
    expect(text).toContain("New data alone renew nothing: the clone still has 1,042 orders.");
    expect(text).toMatch(/The new clone has the 1,057 orders of \d\d:00 UTC/);
    expect(text).toMatch(/^It works: \d+ s, \d+ API calls\.$/m);
    expect(text).toContain("The simulated clock runs ahead of yours");
    expect(text).toContain("npx pulumi-holdfast simulate ovh --state simulator.json -- pulumi up");
    expect(/^How to go on: +(.+)$/m.exec(text)?.[1]).toBe(join(packageRoot, "README.md"));
    expect(text).toMatch(/^[\n\x20-\x7e]+$/); // no terminal: no colours, nothing but ASCII
    expect(seconds).toBeLessThan(60);
    expect(await machine.temporary()).toEqual([]);
    expect(await machine.home()).toEqual([".pulumi", join(".pulumi", "credentials.json")]);
    expect(await machine.credentials()).toBe(CREDENTIALS);
    expect(await pulumiLogs()).toEqual(logs);
  });

  test("stops soon after Ctrl-C and removes its folder", async ({ machine }) => {
    const demo = machine.demo();
    await demo.sees("3 to create");
    expect(await machine.temporary()).toHaveLength(1);
    const interrupted = performance.now();
    demo.interrupt();

    const { code, text } = await demo.ended;

    expect(code, text).toBe(130);
    expect(performance.now() - interrupted).toBeLessThan(5000);
    expect(text).toContain("Stopped.");
    expect(text).not.toContain("FAIL");
    expect(await machine.temporary()).toEqual([]);
  });

  for (const minute of [2, 59]) {
    test(`begins with a snapshot of the data it shows, also ${minute} minutes past the hour`, async ({ screen }) => {
      const hour = 3_600_000;
      const shift = minute * 60_000 - (Date.now() % hour);
      const simulator = await simulateOvh({ now: () => Date.now() + shift });
      const told = /has 1,042 orders, and\s+its newest automatic snapshot, hourly\.\S+, is 34 minutes old/;
      const heard = new AbortController(); // far enough: the story goes on like the others
      const write = (text: string) => {
        screen.write(text);
        if (told.test(screen.text)) heard.abort();
      };

      await runDemo({ simulator, screen: { ...screen, write }, stop: heard.signal });

      expect(screen.text).toMatch(told);
      await simulator.close();
    });
  }

  test("names the step that fails and repeats Pulumi's reason", async ({ simulator, screen }) => {
    simulator.model.steer("cloneShare", { outcome: "failed" });
    quickly();

    expect(await runDemo({ simulator, screen })).toBe(1);

    expect(screen.text).toMatch(/^FAIL up +[\d.]+ s$/m);
    expect(screen.text).toContain('"up" failed');
    expect(screen.text).toContain("run: npx pulumi-holdfast demo --keep\n");
    expect(screen.text).toContain('ended in state "error" while creating');
    expect(screen.text).not.toContain("It works");
  });

  test("says what it expected and what it saw when a step succeeds with another result", async ({
    simulator,
    screen,
  }) => {
    const { model, shareId } = simulator;
    const overwriteClone = () => {
      for (const { id } of model.shares) if (id !== shareId) model.writeFile(id, "data/orders.csv", "id,text\n");
    };
    simulator.faults.add({
      method: "POST",
      path: "/storage/netapp/{serviceName}/share/{shareId}/acl",
      fault: { kind: "interfere", run: overwriteClone },
    });
    quickly();

    expect(await runDemo({ simulator, screen })).toBe(1);

    expect(screen.text).toContain('At "up", the orders on the clone should be\n  1042\nbut was\n  0\n');
    expect(screen.text).not.toContain("It works");
  });
});
