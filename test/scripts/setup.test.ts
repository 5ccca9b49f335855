import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { describe, expect } from "vitest";
import { checkout, type Machine, test as onMachine } from "../cli/machine";

interface Project {
  folder: string;
  /** Runs the project's setup.mjs to its end. */
  setup(...args: string[]): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>;
  start(...args: string[]): { child: ChildProcess; output: () => string; end: ReturnType<Project["setup"]> };
  write(file: string, text: string): void;
}

/** A fresh checkout of a small project with our scripts, on a machine whose npm, compiler and Go only count their runs. */
const test = onMachine.extend<{ project: Project }>({
  project: async ({ machine }, use) => {
    const folder = join(machine.folder, "project");
    const write = (file: string, text: string) => {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    cpSync(join(checkout, "scripts"), join(folder, "scripts"), { recursive: true });
    write("package.json", JSON.stringify({ name: "pulumi-holdfast" }));
    write("package-lock.json", JSON.stringify(lock("1.0.0")));
    write("provider/cli/engine.ts", readFileSync(join(checkout, "provider/cli/engine.ts"), "utf8"));
    fakeNpm(machine);
    machine.go();
    machine.env["HOLDFAST_ENGINE"] = "build";
    const start: Project["start"] = (...args) => {
      const child = spawn(process.execPath, [join(folder, "scripts/setup.mjs"), ...args], {
        cwd: folder,
        env: machine.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
      const end = new Promise<Awaited<ReturnType<Project["setup"]>>>((resolve) =>
        child.once("close", (code, signal) => resolve({ code, signal, output })),
      );
      return { child, output: () => output, end };
    };
    await use({ folder, write, start, setup: (...args) => start(...args).end });
  },
});

const lock = (version: string) => ({
  packages: {
    "": { name: "pulumi-holdfast" },
    "node_modules/typescript": { version, integrity: "sha512-x" },
    "node_modules/only-on-another-platform": { version, optional: true },
  },
});

/** Installs a Node, a compiler that writes the compiled engine module, and the copy of the lock file that npm keeps. */
function fakeNpm({ folder, script }: Machine) {
  const source = readFileSync(join(checkout, "provider/cli/engine.ts"), "utf8");
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023 };
  writeFileSync(join(folder, "engine.js"), transpileModule(source, { compilerOptions }).outputText);
  const compiler = `
    const { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync } = require("node:fs");
    appendFileSync(${JSON.stringify(join(folder, "tsc.runs"))}, "run\\n");
    if (existsSync("provider/broken.ts")) { console.log("provider/broken.ts(1,1): error TS1: no"); process.exit(2); }
    const out = process.argv.at(-1);
    mkdirSync(out + "/provider/cli", { recursive: true });
    for (const name of readdirSync("provider")) if (name.endsWith(".ts")) copyFileSync("provider/" + name, out + "/provider/" + name);
    copyFileSync(${JSON.stringify(join(folder, "engine.js"))}, out + "/provider/cli/engine.js");`;
  const npm = `
    const { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
    appendFileSync(${JSON.stringify(join(folder, "npm.runs"))}, process.argv.slice(2).join(" ") + "\\n");
    rmSync("node_modules", { recursive: true, force: true });
    for (const name of ["node/bin", ".bin", "typescript/bin"]) mkdirSync("node_modules/" + name, { recursive: true });
    symlinkSync(process.execPath, "node_modules/node/bin/node");
    writeFileSync("node_modules/typescript/bin/tsc", ${JSON.stringify(compiler)});
    writeFileSync("node_modules/typescript/index.js", 'module.exports = require(${JSON.stringify(join(checkout, "node_modules/typescript"))});');
    cpSync("package-lock.json", "node_modules/.package-lock.json");`;
  writeFileSync(join(folder, "npm.js"), npm);
  script("tools/bin/npm", `exec '${process.execPath}' '${join(folder, "npm.js")}' "$@"`);
}

const runs = ({ runs }: Machine) => ({ npm: runs("npm"), tsc: runs("tsc"), go: runs("go") });
/** The engine is two programs built by Go. */
const ONCE = { npm: 1, tsc: 1, go: 2 };

describe("set-up", () => {
  test("does all that a fresh checkout misses, one line per step with its time", async ({ machine, project }) => {
    const { code, output } = await project.setup();
    const lines = output.replaceAll(machine.cache, "…").replaceAll(/\d+\.\d s\b/g, "… s");
    expect(
      lines
        .replace(/-[0-9a-f]{12}/, "-…")
        .trimEnd()
        .split("\n"),
    ).toEqual([
      "dependencies: installing with npm ci",
      "dependencies: installed (… s)",
      "build: compiled (… s)",
      "engine: building pulumi 3.259.0 from Go modules, about 4 minutes the first time",
      "engine: pulumi 3.259.0 in …/engine-3.259.0-…/bin, built from Go modules (… s)",
    ]);
    expect(code).toBe(0);
    expect(runs(machine)).toEqual(ONCE);
  });

  test("starts nothing when nothing is missing", async ({ machine, project }) => {
    await project.setup();
    const { code, output } = await project.setup();
    expect(code).toBe(0);
    expect(output).toMatch(/^dependencies: up to date .*\nbuild: up to date .*\nengine: pulumi .*\n$/);
    expect((await project.setup("--quiet")).output).toBe("");
    expect(runs(machine)).toEqual(ONCE);
  });

  test("lets two at once do the work once", async ({ machine, project }) => {
    const goOn = join(machine.folder, "go-on");
    machine.script(
      "tools/bin/npm",
      `until [ -e '${goOn}' ]; do /bin/sleep 0.02; done`,
      `exec '${process.execPath}' '${join(machine.folder, "npm.js")}' "$@"`,
    );
    const first = project.start();
    await expect.poll(first.output).toContain("installing with npm ci");
    const second = project.start();
    await expect.poll(second.output).toContain("waiting for another set-up");
    writeFileSync(goOn, "");
    expect([(await first.end).code, (await second.end).code]).toEqual([0, 0]);
    expect(runs(machine)).toEqual(ONCE);
  });

  test("takes over from one that was killed", async ({ machine, project }) => {
    machine.script("tools/bin/go", 'if [ "$1" = version ]; then echo go1.26.0; else exec /bin/sleep 5; fi');
    const { child, output, end } = project.start();
    await expect.poll(output).toContain("building pulumi");
    child.kill("SIGKILL");
    await end;
    machine.go();
    expect(await project.setup()).toMatchObject({ code: 0 });
  });

  test("ends what it has started when it is told to stop", async ({ machine, project }) => {
    const beats = join(machine.folder, "beats");
    machine.script(
      "tools/bin/go",
      'if [ "$1" = version ]; then echo go1.26.0; exit; fi',
      `while :; do echo beat >>'${beats}'; /bin/sleep 0.02; done`,
    );
    const { child, end } = project.start();
    await expect.poll(() => existsSync(beats)).toBe(true);
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ code: 143 });
    const before = readFileSync(beats, "utf8");
    await sleep(200);
    expect(readFileSync(beats, "utf8")).toBe(before);
  });

  test("installs again when the lock file has changed", async ({ machine, project }) => {
    await project.setup();
    project.write("package-lock.json", JSON.stringify(lock("1.0.1")));
    expect((await project.setup()).output).toContain("dependencies: installed");
    expect(machine.runs("npm")).toBe(2);
  });

  test("compiles again when a source has changed, and drops what deleted sources left", async ({
    machine,
    project,
  }) => {
    project.write("provider/old.ts", "");
    await project.setup();
    expect(existsSync(join(project.folder, "dist/provider/old.ts"))).toBe(true);
    renameSync(join(project.folder, "provider/old.ts"), join(project.folder, "provider/new.ts"));
    expect((await project.setup()).output).toContain("build: compiled");
    expect(existsSync(join(project.folder, "dist/provider/old.ts"))).toBe(false);
    expect(existsSync(join(project.folder, "dist/provider/new.ts"))).toBe(true);
    expect(machine.runs("tsc")).toBe(2);
  });

  test("keeps the last good build when the sources don't compile, and shows the errors", async ({ project }) => {
    await project.setup();
    project.write("provider/broken.ts", "");
    const { code, output } = await project.setup("--", "echo", "not reached");
    expect(code).toBe(1);
    expect(output).toContain("setup: the sources don't compile:\nprovider/broken.ts(1,1): error TS1: no");
    expect(output).not.toContain("not reached");
    expect(existsSync(join(project.folder, "dist/provider/cli/engine.js"))).toBe(true);
  });

  test("shows npm's reason when the dependencies can't be installed", async ({ machine, project }) => {
    machine.script("tools/bin/npm", "echo npm error code ENOTFOUND >&2; exit 1");
    const { code, output } = await project.setup();
    expect(code).toBe(1);
    expect(output).toContain("setup: npm ci failed:\nnpm error code ENOTFOUND\nCheck that npm");
  });

  test("says what to install when there is neither an engine nor Go", async ({ machine, project }) => {
    rmSync(join(machine.folder, "tools/bin/go"));
    const { code, output } = await project.setup();
    expect(code).toBe(1);
    expect(output).toMatch(/^setup: There is no Go to build pulumi with\. Install the Pulumi CLI 3\.254\.0 or later/m);
  });

  test("names a pulumi on PATH that it does not use", async ({ machine, project }) => {
    await project.setup();
    delete machine.env["HOLDFAST_ENGINE"];
    const root = machine.engine("tools", "3.100.0");
    const { output } = await project.setup();
    expect(output).toContain(`not used: ${root}/bin/pulumi is 3.100.0`);
  });

  test("leaves stdout to the command or to npm pack with --quiet, also when it has much to do", async ({
    machine,
    project,
  }) => {
    const first = project.start("--only", "build", "--quiet");
    let stdout = "";
    first.child.stdout?.on("data", (chunk) => (stdout += chunk));
    expect(await first.end).toMatchObject({ code: 0, output: expect.stringContaining("build: compiled") });
    expect(stdout).toBe("");
    expect(runs(machine)).toEqual({ npm: 1, tsc: 1, go: 0 });
  });

  test("installs the dependencies also below npm pack --dry-run", async ({ machine, project }) => {
    machine.env["npm_config_dry_run"] = "true";
    await project.setup("--only", "build", "--quiet");
    expect(readFileSync(join(machine.folder, "npm.runs"), "utf8")).toMatch(/^ci .*--dry-run=false$/m);
  });

  test("refuses options it does not know", async ({ machine, project }) => {
    expect((await project.setup("--only", "coffee")).output).toMatch(/^setup: usage: /);
    expect((await project.setup("--fast")).code).toBe(1);
    expect(runs(machine)).toEqual({ npm: 0, tsc: 0, go: 0 });
  });
});

describe("a command after set-up", () => {
  test("runs with the engine, the arguments and the exit code of its own", async ({ machine, project }) => {
    const program = "console.log(process.env.HOLDFAST_ENGINE, process.argv.slice(1)); process.exit(7)";
    const { code, output } = await project.setup("--quiet", "--", "node", "-e", program, "--", "--only");
    expect(output).toContain(`${machine.cache}/engine-3.259.0-`);
    expect(output).toContain("[ '--only' ]");
    expect(code).toBe(7);
  });

  test("gets the signals that set-up gets, and ends it the same way", async ({ project }) => {
    await project.setup();
    const program = "process.on('SIGTERM', () => process.exit(5)); console.log('up'); setInterval(() => {}, 1000)";
    const handled = project.start("--", "node", "-e", program);
    await expect.poll(handled.output).toContain("up\n");
    handled.child.kill("SIGTERM");
    expect(await handled.end).toMatchObject({ code: 5 });

    const unhandled = project.start("--", "node", "-e", "console.log('up'); setInterval(() => {}, 1000)");
    await expect.poll(unhandled.output).toContain("up\n");
    unhandled.child.kill("SIGTERM");
    expect(await unhandled.end).toMatchObject({ signal: "SIGTERM" });
  });
});
