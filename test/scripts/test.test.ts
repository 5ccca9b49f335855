import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { checkout, test as onMachine } from "../cli/machine";

interface Outcome {
  /** Exit codes of the scripts that package.json names. @default 0 */
  exit?: Record<string, number>;
  /** Statuses in the report of each vitest run; without a report, the run has crashed. */
  reports?: Record<string, { status: string; tests: string[] }[]>;
  /** Files that npm would pack. @default all that package.json names */
  packed?: string[];
}

const PACKED = ["package.json", "dist/index.js", "dist/index.d.ts", "dist/main.js"];

/** Runs the checks of a small package whose lint, compiler and vitest have this outcome. */
const test = onMachine.extend<{
  check: (outcome: Outcome, command?: string[]) => { code: number | null; lines: string[] };
}>({
  check: async ({ machine }, use) => {
    const folder = join(machine.folder, "project");
    cpSync(join(checkout, "scripts"), join(folder, "scripts"), { recursive: true });
    cpSync(join(checkout, ".ci"), join(folder, ".ci"), { recursive: true });
    mkdirSync(join(folder, "dist"));
    for (const file of ["index.js", "index.d.ts", "main.js"]) writeFileSync(join(folder, "dist", file), "");
    const manifest = {
      name: "pulumi-holdfast",
      main: "./dist/index.js",
      types: "./dist/index.d.ts",
      typesVersions: { "*": { part: ["./dist/index.d.ts"] } },
      exports: { ".": "./dist/index.js", "./package.json": "./package.json" },
      bin: { holdfast: "./dist/main.js" },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    await use((outcome, command = [process.execPath, "scripts/test.mjs"]) => {
      const npm = `
        const { exit = {}, reports = {}, packed = ${JSON.stringify(PACKED)} } = ${JSON.stringify(outcome)};
        if (process.argv[2] === "pack") {
          console.log(JSON.stringify([{ files: packed.map((path) => ({ path })) }]));
          process.exit(process.argv.includes("--dry-run") && process.argv.includes("--json") ? exit.pack : 1);
        }
        const script = process.argv[2] === "test" ? "test" : process.argv[4];
        const file = process.argv.find((arg) => arg.startsWith("--outputFile.json="))?.slice(18);
        const testResults = reports[script]?.map(({ status, tests }) => ({ status, assertionResults: tests.map((status) => ({ status })) }));
        if (testResults) require("node:fs").writeFileSync(file, JSON.stringify({ testResults }));
        console.error("noise of " + script);
        console.log("data of " + script + " in " + process.env.XDG_DATA_HOME);
        process.exitCode = exit[script] ?? 0;
        if (script === "test" && exit.test === undefined)
          process.exitCode = require("node:child_process").spawnSync(process.execPath, ["scripts/test.mjs"], { stdio: "inherit" }).status;`;
      writeFileSync(join(machine.folder, "npm.js"), npm);
      machine.script("tools/bin/npm", `exec '${process.execPath}' '${join(machine.folder, "npm.js")}' "$@"`);
      const env = { ...machine.env, PATH: `${machine.env["PATH"]}:/usr/bin:/bin` };
      const [file = "", ...args] = command;
      const { status, stdout } = spawnSync(file, args, { cwd: folder, env, encoding: "utf8" });
      return { code: status, lines: stdout.trimEnd().split("\n") };
    });
  },
});

const good = { status: "passed", tests: ["passed", "passed"] };
const samples = { "test:faults:sample": [good], "test:kills:sample": [good], "test:install:sample": [good] };
const reports = { "test:unit": [good, good], "test:e2e": [good], ...samples };

test("counts every test, and every other step as one", async ({ check }) => {
  const { code, lines } = check({ reports });
  expect(lines.at(-1)).toBe("16 passed, 0 failed");
  expect(code).toBe(0);
  expect(lines.slice(-10, -1).map((line) => line.replace(/\d+\.\d s/, "… s"))).toEqual([
    "lint: ok (… s)",
    "typecheck: ok (… s)",
    "package: ok (… s)",
    "lint:package: ok (… s)",
    "test:unit: ok (… s)",
    "test:e2e: ok (… s)",
    "test:faults:sample: ok (… s)",
    "test:kills:sample: ok (… s)",
    "test:install:sample: ok (… s)",
  ]);
});

test("goes on after a failed step and counts it", async ({ check }) => {
  const { code, lines } = check({ exit: { lint: 1 }, reports });
  expect(lines.at(-1)).toBe("15 passed, 1 failed");
  expect(code).toBe(1);
});

test("counts failed and skipped tests", async ({ check }) => {
  const mixed = { status: "failed", tests: ["failed", "passed", "pending", "todo", "skipped"] };
  const { code, lines } = check({ exit: { "test:unit": 1 }, reports: { ...reports, "test:unit": [mixed] } });
  expect(lines.at(-1)).toBe("13 passed, 1 failed, 3 skipped");
  expect(code).toBe(1);
});

test("counts a test file that can't be loaded as a failure", async ({ check }) => {
  const unloadable = { status: "failed", tests: [] };
  const { lines } = check({ exit: { "test:e2e": 1 }, reports: { ...reports, "test:e2e": [good, unloadable] } });
  expect(lines.at(-1)).toBe("16 passed, 1 failed");
});

test.for([
  ["crashes before it reports", { "test:unit": [good], ...samples }, "12 passed, 1 failed"],
  ["fails although all its tests pass", reports, "16 passed, 1 failed"],
] as const)("counts a vitest run that %s as a failure", async ([, reported, closing], { check }) => {
  const { code, lines } = check({
    exit: { "test:e2e": 1 },
    reports: structuredClone(reported) as Outcome["reports"] & {},
  });
  expect(lines.at(-1)).toBe(closing);
  expect(code).toBe(1);
});

test("fails when package.json names a file that was not built", async ({ machine, check }) => {
  const manifest = join(machine.folder, "project/package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace("dist/main.js", "dist/mian.js"));
  expect(check({ reports }).lines.at(-1)).toBe("15 passed, 1 failed");
});

test.for(PACKED)("fails when npm would leave out %s, which package.json names", async (file, { check }) => {
  const packed = PACKED.filter((other) => other !== file);
  expect(check({ reports, packed }).lines.at(-1)).toBe("15 passed, 1 failed");
});

test("fails when npm can't tell what it would pack", async ({ check }) => {
  expect(check({ reports, exit: { pack: 1 } }).lines.at(-1)).toBe("15 passed, 1 failed");
});

test("fails when package.json names types for classic resolution that were not built", async ({ machine, check }) => {
  const manifest = join(machine.folder, "project/package.json");
  writeFileSync(manifest, readFileSync(manifest, "utf8").replace('["./dist/index.d.ts"]', '["./dist/indexx.d.ts"]'));
  expect(check({ reports }).lines.at(-1)).toBe("15 passed, 1 failed");
});

test("gives vitest a data folder that is gone afterwards, instead of the user's", async ({ check }) => {
  const { lines } = check({ reports });
  const folders = lines.flatMap((line) => /^data of test:\S+ in (.+)$/.exec(line)?.[1] ?? []);
  expect(folders).toHaveLength(5);
  for (const folder of folders) {
    expect(folder).toContain("holdfast-test-");
    expect(existsSync(folder)).toBe(false);
  }
});

test("ends the CI run with the same line, once and last, and with the same exit code", async ({ check }) => {
  const passed = check({ reports }, ["bash", ".ci/run"]);
  expect(passed.lines.filter((line) => line.includes(" passed"))).toEqual(["16 passed, 0 failed"]);
  expect(passed.lines.at(-1)).toBe("16 passed, 0 failed");
  expect(passed.code).toBe(0);
  const failed = check({ exit: { typecheck: 2 }, reports }, ["bash", ".ci/run"]);
  expect(failed.lines.at(-1)).toBe("15 passed, 1 failed");
  expect(failed.code).toBe(1);
});

test("ends the CI run with a failure when set-up fails", async ({ check }) => {
  const { code, lines } = check({ exit: { test: 1 } }, ["bash", ".ci/run"]);
  expect(lines.at(-1)).toBe("0 passed, 1 failed");
  expect(code).toBe(1);
});
