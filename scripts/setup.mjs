// Makes a fresh checkout ready and does only what is missing: dependencies, build, Pulumi engine.
//
//   node scripts/setup.mjs [--only dependencies|build|engine] [--quiet] [-- command [argument...]]
//
// --quiet says only what it makes, and on stderr: stdout belongs to the command, or to npm pack.
// The command runs on the Node of node_modules, with HOLDFAST_ENGINE set to the engine that was found.
// Needs Node 20.20 or later and npm, nothing else. See provider/cli/engine.ts for the choice of an engine.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { removeComments } from "./comments.mjs";
import { keepReachableTypings } from "./declarations.mjs";
import { withLock } from "./lock.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeModules = join(root, "node_modules");
const dist = join(root, "dist");
const localNode = join(nodeModules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

/** A step can't succeed. The message says what to do; a stack would only hide it. */
class SetupError extends Error {}

let say = console.log;

const usage = "usage: node scripts/setup.mjs [--only dependencies|build|engine] [--quiet] [-- command [argument...]]";

async function main(args) {
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const [command, ...commandArgs] = args.slice(options.length + 1);
  const quiet = take(options, "--quiet");
  if (quiet) say = console.error;
  const only = take(options, "--only") ? options.shift() : undefined;
  const names = only === undefined ? Object.keys(steps) : [only];
  if (options.length > 0 || !names.every((name) => name in steps)) throw new SetupError(usage);

  if (!names.includes("dependencies")) await perform("dependencies", true); // nothing works without
  for (const name of names) await perform(name, quiet);
  if (command !== undefined) await exec(command, commandArgs);
}

function take(options, name) {
  const index = options.indexOf(name);
  if (index >= 0) options.splice(index, 1);
  return index >= 0;
}

/** `ready` tells what is there already, or answers `undefined` when there is something to `make`. */
const steps = {
  dependencies: { ready: dependenciesReady, make: installDependencies },
  build: { ready: buildReady, make: compile },
  engine: { ready: engineReady, make: makeEngine },
};

/** Looks without the lock, so a run with nothing to do waits for nobody; then again with it, as another may have done it. */
async function perform(name, quiet) {
  const started = performance.now();
  const line = (text) => say(`${name}: ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  const { ready, make } = steps[name];
  const before = await ready();
  if (before !== undefined) {
    if (!quiet) line(before);
    return;
  }
  const waiting = (owner) => say(`${name}: waiting for another set-up (process ${owner})`);
  line(await withLock(lockPath(name), waiting, async () => (await ready()) ?? (await make())));
}

/** Engines are shared by all checkouts of this user. */
function lockPath(name) {
  const subject = name === "engine" ? (process.env["XDG_CACHE_HOME"] ?? homedir()) : root;
  const key = createHash("sha256").update(`${homedir()}\0${subject}`).digest("hex").slice(0, 12);
  return join(tmpdir(), `pulumi-holdfast-${name === "engine" ? "engine" : "checkout"}-${key}.lock`);
}

// --- dependencies

/** npm keeps a copy of the lock file that describes what it has installed, without packages for other platforms. */
function dependenciesReady() {
  const installed = readJson(join(nodeModules, ".package-lock.json"))?.packages;
  if (installed === undefined || !existsSync(localNode)) return undefined;
  const wanted = readJson(join(root, "package-lock.json"))?.packages ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === "") continue;
    const found = installed[path];
    if (found === undefined ? !entry.optional : found.version !== entry.version || found.integrity !== entry.integrity)
      return undefined;
  }
  return "up to date";
}

async function installDependencies() {
  say("dependencies: installing with npm ci");
  // prepack inherits the --dry-run of npm pack
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error", "--dry-run=false"];
  // Started by `npm run`, we know npm's own Node. Ours may be the one in node_modules that npm ci replaces.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const { ok, output } =
    npm?.endsWith(".js") && node
      ? await run(node, [npm, ...args])
      : await run("npm", args, { shell: process.platform === "win32" });
  if (!ok) {
    throw new SetupError(
      `npm ci failed:\n${firstLines(output, 15)}\nCheck that npm is installed and reaches its registry (npm ping).`,
    );
  }
  if (!existsSync(localNode)) {
    throw new SetupError("npm has run no install scripts, so Node 24 is missing. Run: npm ci --ignore-scripts=false");
  }
  return "installed";
}

// --- build

const stamp = join(dist, ".sources");
const engineModule = join(dist, "provider", "cli", "engine.js");

function buildReady() {
  return readText(stamp) === sources() && existsSync(engineModule) ? "up to date" : undefined;
}

/** A hash of all that makes the build: names and contents, as times change with every checkout. */
function sources() {
  const hash = createHash("sha256");
  const add = (path) => {
    hash.update(`\0${path}\0`).update(readText(join(root, path)) ?? "");
  };
  for (const folder of ["provider", "policies"]) {
    const names = existsSync(join(root, folder)) ? readdirSync(join(root, folder), { recursive: true }) : [];
    for (const name of names.sort()) if (name.endsWith(".ts")) add(join(folder, name));
  }
  const others = ["tsconfig.json", "tsconfig.build.json", "package.json", "package-lock.json"];
  for (const file of [...others, "scripts/comments.mjs", "scripts/declarations.mjs"]) add(file);
  return hash.digest("hex");
}

/** Compiles beside the old files and then swaps: a failed build changes nothing, and deleted sources leave nothing. */
async function compile() {
  const compiled = sources();
  const next = join(dist, `.next-${process.pid}`);
  const old = join(dist, `.old-${process.pid}`);
  try {
    const tsc = join(nodeModules, "typescript", "bin", "tsc");
    const { ok, output } = await run(localNode, [tsc, "-p", "tsconfig.build.json", "--outDir", next]);
    if (!ok) throw new SetupError(`the sources don't compile:\n${firstLines(output, 40)}`);
    keepReachableTypings(next, typings());
    removeComments(next, createRequire(import.meta.url)(join(nodeModules, "typescript")), entries());
    rmSync(stamp, { force: true });
    mkdirSync(old, { recursive: true });
    for (const name of readdirSync(dist)) if (!name.startsWith(".")) renameSync(join(dist, name), join(old, name));
    for (const name of readdirSync(next)) renameSync(join(next, name), join(dist, name));
    writeFileSync(stamp, compiled);
  } finally {
    for (const folder of [next, old]) rmSync(folder, { recursive: true, force: true });
  }
  return "compiled";
}

/** What package.json names, as paths below dist. */
function typings() {
  const { types, typesVersions = {} } = readJson(join(root, "package.json")) ?? {};
  const named = [types, ...Object.values(typesVersions).flatMap(Object.values).flat()];
  return named.filter((path) => path !== undefined).map((path) => relative("dist", path));
}

/** What package.json lets others import, below `dist`. */
function entries() {
  const { exports = {} } = readJson(join(root, "package.json")) ?? {};
  return Object.values(exports).map((path) => relative("dist", path));
}

// --- engine

let engine;
let skipped = [];

async function engineReady() {
  skipped = [];
  engine = await loadEngineModule().findEngine({ onSkip: (reason) => skipped.push(reason) });
  if (!engine) return undefined;
  const origin = {
    path: "on PATH",
    folder: "named by HOLDFAST_ENGINE",
    download: "downloaded",
    build: "built from Go modules",
  }[engine.source];
  const instead = skipped.length > 0 ? `; not used: ${skipped.join(", ")}` : "";
  return `pulumi ${engine.version} in ${engine.bin}, ${origin}${instead}`;
}

async function makeEngine() {
  await loadEngineModule().installEngine({
    node: localNode,
    onProgress: (line) => say(`engine: ${line}`),
  });
  return engineReady();
}

/** The built file, or (with `--only engine`) the source on its own, so that the engine needs nothing else to compile. */
function loadEngineModule() {
  const require = createRequire(import.meta.url);
  if (buildReady() !== undefined) return require(engineModule);
  const ts = require(join(nodeModules, "typescript"));
  const source = readFileSync(join(root, "provider", "cli", "engine.ts"), "utf8");
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };
  const alone = join(dist, `.engine-${process.pid}.js`);
  mkdirSync(dist, { recursive: true });
  writeFileSync(alone, ts.transpileModule(source, { compilerOptions }).outputText);
  try {
    return require(alone);
  } finally {
    rmSync(alone);
  }
}

// --- the command

/** Takes the place of this process as far as Node can: same terminal, signals passed on, same way to end. */
async function exec(command, args) {
  const env = { ...process.env };
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  env[pathName] = [join(nodeModules, ".bin"), env[pathName]].join(delimiter);
  if (engine) env["HOLDFAST_ENGINE"] = dirname(engine.bin);
  const child = spawn(command === "node" ? localNode : command, args, { env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
      // Ctrl-C in a terminal has reached the child already, and a second one would make it give up its own clean-up
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new SetupError(`${command} can't be started: ${error.message}`)));
    child.once("exit", (...end) => resolve(end));
  });
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exitCode = code ?? 1;
}

// --- shared

function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], ...options });
    const end = () => child.kill();
    process.once("exit", end);
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const settle = (ok) => {
      process.off("exit", end);
      resolve({ ok, output });
    };
    child.once("error", (error) => {
      output += error.message;
      settle(false);
    });
    child.once("close", (code) => settle(code === 0));
  });
}

/** npm and the compiler name the cause first. */
const firstLines = (text, count) => text.trimEnd().split("\n").slice(0, count).join("\n");

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function readJson(path) {
  const text = readText(path);
  return text === undefined ? undefined : JSON.parse(text);
}

// Without these, a signal would end this process without its clean-up (locks, temporary folders).
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => process.exit(code));
}

main(process.argv.slice(2)).catch((error) => {
  const expected = error instanceof SetupError || error?.name === "EngineError";
  console.error(expected ? `setup: ${error.message}` : error);
  process.exitCode = 1;
});
