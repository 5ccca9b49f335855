// Runs all checks one after the other, goes on after a failure, and ends with the line "N passed, N failed".
// A vitest run counts its tests, every other step counts as one. With HOLDFAST_SUMMARY, the line goes into that file.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const temporary = mkdtempSync(join(tmpdir(), "holdfast-test-"));
process.once("exit", () => rmSync(temporary, { recursive: true, force: true }));

// vitest keeps a token in its user's data folder
const env = { ...process.env, XDG_DATA_HOME: join(temporary, "data") };
const inherit = { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] };
const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];

await step("lint", () => npmRun("lint"));
await step("typecheck", () => npmRun("typecheck"));
await step("package", checkPackage);
await step("lint:package", () => npmRun("lint:package"));
await step("test:unit", () => vitest("test:unit"));
await step("test:e2e", () => vitest("test:e2e"));
await step("test:faults:sample", () => vitest("test:faults:sample"));
await step("test:kills:sample", () => vitest("test:kills:sample"));
await step("test:install:sample", () => vitest("test:install:sample"));

for (const line of times) console.log(line);
const closing = `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`;
const summary = process.env["HOLDFAST_SUMMARY"];
if (summary) writeFileSync(summary, `${closing}\n`);
else console.log(closing);
process.exitCode = total.failed > 0 ? 1 : 0;

/** @param {() => Promise<boolean | typeof total>} work answers whether it went well, or what it counted */
async function step(name, work) {
  console.log(`--- ${name}`);
  const started = performance.now();
  const result = await work();
  const counted = typeof result === "object" ? result : { passed: result ? 1 : 0, failed: result ? 0 : 1, skipped: 0 };
  for (const kind of Object.keys(total)) total[kind] += counted[kind];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  times.push(`${name}: ${counted.failed > 0 ? "failed" : "ok"} (${seconds} s)`);
}

/** The scripts of package.json say what a step runs. Silent: npm's own messages would only repeat the failure. */
function npmRun(script, args = []) {
  return succeeds(npm(["run", "--silent", script, "--", ...args], inherit));
}

function npm(args, options) {
  const { npm_execpath: file, npm_node_execpath: node } = process.env;
  return file?.endsWith(".js") && node ? spawn(node, [file, ...args], options) : spawn("npm", args, options);
}

function succeeds(child) {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.once("exit", (code) => resolve(code === 0));
  });
}

/** Set-up has just compiled everything; what remains is that package.json names files which exist, are packed and load. */
async function checkPackage() {
  const { main, types, exports, typesVersions = {}, bin } = manifest;
  const typings = Object.values(typesVersions).flatMap(Object.values).flat();
  const named = new Set([main, types, ...Object.values(exports), ...typings, ...Object.values(bin)].map(normalize));
  const packed = await packedFiles();
  const missing = [...named].filter((file) => !existsSync(join(root, file)));
  const unpacked = [...named].filter((file) => !missing.includes(file) && !packed.has(file));
  for (const file of missing) console.error(`package.json names ${file}, which does not exist`);
  for (const file of unpacked) console.error(`package.json names ${file}, which npm pack leaves out`);

  const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith(".json"));
  const names = entries.map((entry) => manifest.name + entry.slice(1));
  const program = "for (const name of process.argv.slice(1)) require(name); process.exit()";
  const loads = await succeeds(spawn(process.execPath, ["-e", program, ...names], inherit));
  return missing.length === 0 && unpacked.length === 0 && loads;
}

/** What npm would publish. Without scripts: prepack would only find that everything is compiled. */
async function packedFiles() {
  const child = npm(["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const closed = new Promise((resolve) => child.once("close", resolve));
  if (!(await succeeds(child))) return new Set();
  await closed;
  // a list, or from npm 12 on an object by name
  const [packed] = Object.values(JSON.parse(output));
  return new Set(packed.files.map(({ path }) => normalize(path)));
}

async function vitest(script) {
  const report = join(temporary, `${script.replaceAll(":", "-")}.json`);
  const ok = await npmRun(script, ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`]);
  return existsSync(report) ? count(JSON.parse(readFileSync(report, "utf8")), ok) : false;
}

function count(report, ok) {
  const counted = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const before = counted.failed;
    for (const { status } of file.assertionResults) {
      counted[status === "passed" || status === "failed" ? status : "skipped"] += 1;
    }
    // a file that can't be loaded, or a hook that throws, fails without a failed test
    if (file.status === "failed" && counted.failed === before) counted.failed += 1;
  }
  // for example an unhandled rejection
  if (!ok && counted.failed === 0) counted.failed = 1;
  return counted;
}
