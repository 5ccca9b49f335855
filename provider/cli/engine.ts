import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import { access, chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";

/** The version we install: the newest one that our tests have run on. */
const VERSION = "3.259.0";
/** The oldest one we accept on PATH or in a folder of the user's. */
const OLDEST = "3.254.0";
/** What the engine starts for a Node program and for its dynamic resources. */
const HOSTS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/** A Pulumi CLI that can run our programs. */
export interface Engine {
  /** Folder above `bin`: what `PulumiCommand.get({ root })` takes. */
  root: string;
  /** Folder that holds `pulumi`. */
  bin: string;
  version: string;
  /** On PATH, in a folder named by HOLDFAST_ENGINE, or in our cache: the vendor's release or a build from Go modules. */
  source: "path" | "folder" | "download" | "build";
}

export interface EngineOptions {
  /** Decides by HOLDFAST_ENGINE, PATH and XDG_CACHE_HOME. @default process.env */
  env?: NodeJS.ProcessEnv;
  /** Folder with the Go module to build from. @default `scripts/engine` of this package, when it is there */
  recipe?: string;
  /** Node 22 or later, for the vendor's installer. @default the running Node */
  node?: string;
  /** Told about each `pulumi` on PATH that won't do, and why. */
  onSkip?: (reason: string) => void;
  /** Told what takes long, before it starts. */
  onProgress?: (line: string) => void;
}

/** No engine, or none like the one that was asked for. The message says what to do. */
export class EngineError extends Error {
  override name = "EngineError";
}

/**
 * Looks for an engine and changes nothing: on PATH, then in our cache. HOLDFAST_ENGINE narrows that down to `path`,
 * `download` or `build`, or names a folder whose `bin` holds `pulumi`; an unusable folder is an error.
 */
export async function findEngine(options: EngineOptions = {}): Promise<Engine | undefined> {
  const env = options.env ?? process.env;
  const choice = chosen(env);
  if (isAbsolute(choice)) return inFolder(choice, env);
  if (choice === "path" || choice === "") {
    const engine = await onPath(env, options.onSkip ?? (() => {}));
    if (engine || choice === "path") return engine;
  }
  if (choice !== "build") {
    const engine = cached(downloadFolder(env), "download");
    if (engine || choice === "download") return engine;
  }
  const recipe = options.recipe ?? ownRecipe();
  return recipe === undefined || !existsSync(recipe) ? undefined : cached(buildFolder(env, recipe), "build");
}

/** Puts an engine into our cache: the vendor's release, else a build from Go modules. Takes minutes; call after `findEngine`. */
export async function installEngine(options: EngineOptions = {}): Promise<Engine> {
  const env = options.env ?? process.env;
  const choice = chosen(env);
  if (choice === "path") {
    throw new EngineError(`HOLDFAST_ENGINE=path, but PATH has no Pulumi CLI ${OLDEST} or later. ${INSTALL_PULUMI}`);
  }
  const progress = options.onProgress ?? (() => {});
  const recipe = options.recipe ?? ownRecipe();
  if (choice === "build") return build(env, recipe, progress);

  progress(`downloading pulumi ${VERSION}`);
  const failure = await download(env, options.node ?? process.execPath);
  const engine = cached(downloadFolder(env), "download");
  if (engine) return engine;
  if (choice === "download") throw new EngineError(`${failure}. ${INSTALL_PULUMI}`);
  progress(failure);
  return build(env, recipe, progress);
}

const INSTALL_PULUMI = `Install the Pulumi CLI ${OLDEST} or later (https://www.pulumi.com/docs/install/) and try again.`;
const INSTALL_EITHER = `Install the Pulumi CLI ${OLDEST} or later (https://www.pulumi.com/docs/install/), or Go 1.26 or later (https://go.dev/dl/; 1.21 will do where it may download toolchains), and try again.`;

function chosen(env: NodeJS.ProcessEnv): string {
  const choice = env["HOLDFAST_ENGINE"] ?? "";
  if (["", "path", "download", "build"].includes(choice) || isAbsolute(choice)) return choice;
  throw new EngineError(`HOLDFAST_ENGINE is "${choice}": set it to path, download, build or an absolute folder.`);
}

// --- where engines are

/** Our folder for what takes long to get. Nothing in it is missed when it is deleted. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const home = env["HOME"] || homedir();
  const xdg = env["XDG_CACHE_HOME"] ?? "";
  if (isAbsolute(xdg)) return join(xdg, "pulumi-holdfast");
  if (process.platform === "win32") return join(env["LOCALAPPDATA"] || home, "pulumi-holdfast", "cache");
  return join(home, process.platform === "darwin" ? "Library/Caches" : ".cache", "pulumi-holdfast");
}

const downloadFolder = (env: NodeJS.ProcessEnv) => join(cacheFolder(env), `pulumi-${VERSION}`);

/** A changed recipe is another folder, so a cache never serves an outdated build. */
function buildFolder(env: NodeJS.ProcessEnv, recipe: string): string {
  const hash = createHash("sha256").update(JSON.stringify([BUILD_FLAGS, process.platform, process.arch]));
  for (const file of readdirSync(recipe).sort()) {
    if (file.startsWith(".")) continue; // an editor's or a desktop's
    hash.update(`\0${file}\0`).update(readFileSync(join(recipe, file)));
  }
  return join(cacheFolder(env), `engine-${VERSION}-${hash.digest("hex").slice(0, 12)}`);
}

/** In the checkout and in an installed package. */
function ownRecipe(): string | undefined {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (!existsSync(join(folder, "package.json"))) continue;
    const recipe = join(folder, "scripts", "engine");
    return existsSync(recipe) ? recipe : undefined;
  }
  return undefined;
}

/** Folders get their final name only when they are complete, so this need not start anything. */
function cached(root: string, source: "download" | "build"): Engine | undefined {
  const bin = join(root, "bin");
  return [`pulumi`, ...HOSTS].every((name) => program(bin, name)) ? { root, bin, version: VERSION, source } : undefined;
}

async function onPath(env: NodeJS.ProcessEnv, onSkip: (reason: string) => void): Promise<Engine | undefined> {
  for (const bin of new Set(pathFolders(env))) {
    if (!program(bin, "pulumi")) continue;
    const found = await inspect(bin, env);
    if ("version" in found) return { root: dirname(bin), bin, version: found.version, source: "path" };
    onSkip(found.problem);
  }
  return undefined;
}

async function inFolder(root: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const bin = join(root, "bin");
  const found = program(bin, "pulumi") ? await inspect(bin, env) : { problem: `${bin} has no pulumi` };
  if ("version" in found) return { root, bin, version: found.version, source: "folder" };
  throw new EngineError(`HOLDFAST_ENGINE=${root} can't be used: ${found.problem}.`);
}

async function inspect(bin: string, env: NodeJS.ProcessEnv): Promise<{ version: string } | { problem: string }> {
  const pulumi = join(bin, "pulumi");
  if (basename(bin) !== "bin") return { problem: `${pulumi} is not in a folder named bin` };
  const version = await versionOf(program(bin, "pulumi") ?? pulumi, env);
  if (version === undefined) return { problem: `${pulumi} does not tell its version` };
  if (!isRecent(version)) return { problem: `${pulumi} is ${version}, not ${OLDEST} or a later 3.x` };
  const missing = HOSTS.find((host) => ![bin, ...pathFolders(env)].some((folder) => program(folder, host)));
  return missing ? { problem: `${pulumi} has no ${missing} beside it` } : { version };
}

/** What `pulumi version` of this executable file says. */
async function versionOf(pulumi: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  // Even `pulumi version` keeps a log in its home, and the user's is not ours to write to.
  const home = await mkdtemp(join(tmpdir(), "holdfast-version-"));
  const apart = { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const answer = await run(pulumi, ["version"], apart, { seconds: 20 });
  await rm(home, { recursive: true, force: true });
  return answer.ok ? /^v?(\d+\.\d+\.\d+)/.exec(answer.text)?.[1] : undefined;
}

/** The `pulumi` that a shell would run, whether it will do or not. */
export async function pulumiOnPath(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ file: string; version: string | undefined } | undefined> {
  const file = pathFolders(env)
    .map((folder) => program(folder, "pulumi"))
    .find((found) => found !== undefined);
  return file === undefined ? undefined : { file, version: await versionOf(file, env) };
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST.split(".").map(Number);
  return major === oldestMajor && minor >= oldestMinor;
}

function pathFolders(env: NodeJS.ProcessEnv): string[] {
  return (env["PATH"] ?? env["Path"] ?? "").split(delimiter).filter(isAbsolute);
}

/** The path of an executable file, with the ending it has on Windows. */
function program(folder: string, name: string): string | undefined {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  return endings.map((ending) => join(folder, name + ending)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

// --- the vendor's installer

const CONNECT_SECONDS = 10;
const DOWNLOAD_SECONDS = 300;

/** Runs on its own, because the installer has no time limit and can't be stopped from within. */
const INSTALLER = `
const [root, version] = process.argv.slice(1);
const automation = require.resolve("@pulumi/pulumi/automation");
const { SemVer } = require(require.resolve("semver", { paths: [automation] }));
const limit = setTimeout(() => fail("no answer within ${CONNECT_SECONDS} s"), ${CONNECT_SECONDS * 1000});
const fail = (reason) => { console.error(reason); process.exit(1); };
fetch("https://get.pulumi.com/install.sh", { method: "HEAD" })
  .then(() => { clearTimeout(limit); return require(automation).PulumiCommand.install({ root, version: new SemVer(version) }); })
  .then(() => process.exit(0), (error) => fail(error.cause?.message || error.message));
`;

/** @returns why it failed, for people; look into the cache for success. */
async function download(env: NodeJS.ProcessEnv, node: string): Promise<string> {
  const target = downloadFolder(env);
  await makeCache(dirname(target));
  const result = await installInto(target, async (root) => {
    const answer = await run(
      node,
      ["-e", INSTALLER, root, VERSION],
      { ...env, NODE_USE_ENV_PROXY: "1", PULUMI_SKIP_UPDATE_CHECK: "true" },
      { cwd: __dirname, seconds: DOWNLOAD_SECONDS },
    );
    return answer.ok ? "" : lastLines(answer.text, 1) || `not done within ${DOWNLOAD_SECONDS} s`;
  });
  return `the download from get.pulumi.com failed (${result})`;
}

// --- a build from Go modules

const BUILD_FLAGS = [
  "-trimpath",
  "-buildvcs=false", // in a checkout that belongs to another user, git refuses and the build would fail
  "-tags=osusergo,grpcnotrace",
  `-ldflags=-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${VERSION}`,
];

async function build(
  env: NodeJS.ProcessEnv,
  recipe: string | undefined,
  progress: (line: string) => void,
): Promise<Engine> {
  if (process.platform === "win32") {
    throw new EngineError(`pulumi can't be built from Go modules on Windows. ${INSTALL_PULUMI}`);
  }
  if (recipe === undefined || !existsSync(recipe)) {
    const folder = recipe ?? "scripts/engine of this package";
    throw new EngineError(`The recipe to build pulumi from Go modules is missing: ${folder}. ${INSTALL_PULUMI}`);
  }
  const goEnv = {
    ...env,
    HOME: env["HOME"] || homedir(), // Go keeps its caches there
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    GOTOOLCHAIN: env["GOTOOLCHAIN"] || "auto",
    GOOS: "",
    GOARCH: "",
  };
  const go = pathFolders(env)
    .map((folder) => program(folder, "go"))
    .find((file) => file !== undefined);
  if (go === undefined) throw new EngineError(`There is no Go to build pulumi with. ${INSTALL_EITHER}`);
  const { text } = await run(go, ["version"], { ...goEnv, GOTOOLCHAIN: "local" }, { cwd: tmpdir(), seconds: 20 });
  const [, release, minor] = /\bgo(1\.(\d+)\S*)/.exec(text) ?? [];
  // from 1.21 on, Go fetches the toolchain that go.mod asks for
  if (minor !== undefined && Number(minor) < 21) {
    throw new EngineError(`Go ${release} is too old to build pulumi. ${INSTALL_EITHER}`);
  }

  const target = buildFolder(env, recipe);
  await makeCache(dirname(target));
  progress(`building pulumi ${VERSION} from Go modules, about 4 minutes the first time`);
  const log = `${target}.log`;
  await rm(log, { force: true });
  const failed = await installInto(target, async (root) => {
    const bin = join(root, "bin");
    await mkdir(bin, { recursive: true });
    for (const [name, from] of [
      ["pulumi-language-nodejs", "."], // first: it is small, so most problems show at once
      ["pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    ] as const) {
      const args = ["build", ...BUILD_FLAGS, "-o", join(bin, name), from];
      if (!(await run(go, args, goEnv, { cwd: recipe, log })).ok) return name;
    }
    const script = join(bin, "pulumi-resource-pulumi-nodejs");
    await copyFile(join(recipe, basename(script)), script);
    await chmod(script, 0o755); // archives may lose the mode
    return "";
  });
  const engine = cached(target, "build");
  if (engine) {
    await rm(log, { force: true });
    return engine;
  }
  const output = lastLines(await readFile(log, "utf8").catch(() => ""), 15);
  throw new EngineError(
    `Building ${failed} failed. The whole log is in ${log}, its end:\n${output}\n` +
      `Check that Go reaches its module proxy and that the disk has 3 GB left, or install the Pulumi CLI ${OLDEST} or later (https://www.pulumi.com/docs/install/).`,
  );
}

// --- shared

/**
 * Fills a temporary folder beside the target and gives it the target's name when it is complete: a killed run leaves no
 * half engine, and of two at once the first wins. @returns what went wrong, or nothing
 */
async function installInto(target: string, fill: (folder: string) => Promise<string>): Promise<string> {
  await removeAbandoned(dirname(target));
  const temporary = `${target}.tmp-${randomUUID().slice(0, 8)}`;
  try {
    const problem = await fill(temporary);
    if (problem) return problem;
    await rename(temporary, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST" && error.code !== "EPERM") throw error;
      if (cached(target, "build")) return; // another one was faster
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
    });
    return "";
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function makeCache(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 }); // what lies there is run
    await access(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      `The folder for the engine, ${folder}, can't be written: ${reason}. ` +
        "Set XDG_CACHE_HOME to the absolute path of a folder that can be, and try again.",
    );
  }
}

/** A killed installation leaves up to 130 MB behind. None takes an hour, so older ones are nobody's. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (name.includes(".tmp-") && age > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

/** Runs a program without input. It ends with us, and with `seconds` at the latest; `log` takes its output instead of `text`. */
function run(
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  { cwd, seconds, log }: { cwd?: string; seconds?: number; log?: string } = {},
): Promise<{ ok: boolean; text: string }> {
  return new Promise((resolve) => {
    const output = log === undefined ? ("pipe" as const) : openSync(log, "a");
    // a process group of its own, so that what it started ends with it
    const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
    if (typeof output === "number") closeSync(output);
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // already gone
      }
    };
    const limit = seconds === undefined ? undefined : setTimeout(end, seconds * 1000);
    const interrupted = (signal: NodeJS.Signals) => {
      end();
      settle(false);
      process.kill(process.pid, signal); // with our listener gone, it does what it always does
    };
    process.once("SIGINT", interrupted).once("SIGTERM", interrupted).once("exit", end);
    const settle = (ok: boolean, rest = "") => {
      clearTimeout(limit);
      process.off("SIGINT", interrupted).off("SIGTERM", interrupted).off("exit", end);
      resolve({ ok, text: text + rest });
    };
    child.once("error", (error) => settle(false, error.message));
    child.once("close", (code) => settle(code === 0));
  });
}

const lastLines = (text: string, count: number) => text.trimEnd().split("\n").slice(-count).join("\n");
