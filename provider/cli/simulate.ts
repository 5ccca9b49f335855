import { spawn } from "node:child_process";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { findEngine } from "./engine";
import { element } from "./simulate/element";
import { ovh } from "./simulate/ovh";
import { type Order, type Running, type System, wholeNumber } from "./simulate/system";
import { explained, orderOf, UsageError, word } from "./usage";

const SYSTEMS: Readonly<Record<string, System>> = { ovh, element };

const NAMES = Object.keys(SYSTEMS).join(", ");

const USAGE = `Usage: npx pulumi-holdfast simulate <system> [options] [-- command ...]

Starts a local simulator of a storage service: ${NAMES}. Without a command it prints the environment
variables that point programs at it, then the line "ready", and runs until it is interrupted. With a
command it runs that with the variables set, and stops with it.

Options:
  --port N                  port on 127.0.0.1 (default: a free one)
  --step MS                 milliseconds that each step of an asynchronous operation takes (default: 0)
  --state FILE              keep the state, credentials included, in this file
  --log                     write each call to stderr
  -h, --help                show this text

Of ovh:
  --snapshot-every SECONDS  let the policy take automatic snapshots at this pace (default: every full hour)
  --requests-per-second N   refuse more calls of a credential than that with 429 (default: take any number)

Of element:
  --tls                     speak HTTPS with a self-signed certificate; ELEMENT_CA_CERT names its file
  --ca-file FILE            where to write that certificate (default: a temporary file, removed at the end)
  --api-version VERSION     version of the cluster (default: 12.5)

Example:
  npx pulumi-holdfast simulate ovh --state simulator.json -- pulumi up

Other programs change contents, the clock or the course of operations below /simulator/ on the same port, with the
header X-Holdfast-Simulator: 1. For example: POST /simulator/shares/{id}/automatic-snapshots takes a snapshot now.
`;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What the command reads and writes besides the simulator; a parameter so that tests can stand in for the terminal. */
export interface SimulateHost {
  /** Writes to stdout. */
  out(text: string): void;
  /** Writes to stderr. */
  err(text: string): void;
  /** Calls back on a signal; answers a function that stops it. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
}

const terminal: SimulateHost = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  onSignal(listener) {
    for (const signal of SIGNALS) process.on(signal, listener);
    return () => {
      for (const signal of SIGNALS) process.off(signal, listener);
    };
  },
};

interface CommandOrder {
  help: boolean;
  title: string;
  /** Starts the simulator. */
  start(): Promise<Running>;
  keepsState: boolean;
  command: string[];
}

/** Node takes "--step -5" for two options, and needs three lines to say so. */
const joinNegativeNumbers = (args: string[]): string[] => {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1);
    if (/^-\d/.test(arg) && before?.startsWith("--") && !before.includes("=")) joined.splice(-1, 1, `${before}=${arg}`);
    else joined.push(arg);
  }
  return joined;
};

const OWN = Object.values(SYSTEMS).flatMap(({ options }) => Object.entries(options));

const parseOptions = (args: string[]) => {
  return explained(() =>
    parseArgs({
      args: joinNegativeNumbers(args),
      allowPositionals: true,
      options: {
        port: { type: "string" },
        step: { type: "string" },
        state: { type: "string" },
        log: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        ...Object.fromEntries(OWN.map(([name, type]) => [name, { type }])),
      },
    }),
  );
};

/** The options that only some systems have; those of another one are refused, not ignored. */
const ownOptions = (values: Readonly<Record<string, unknown>>, name: string, system: System): Order["own"] => {
  const own: Record<string, string | boolean> = {};
  for (const [option] of OWN) {
    const value = values[option];
    if (typeof value !== "string" && typeof value !== "boolean") continue;
    if (!Object.hasOwn(system.options, option)) {
      const owner = Object.keys(SYSTEMS).find((other) => Object.hasOwn(SYSTEMS[other]?.options ?? {}, option));
      throw new UsageError(`--${option} is an option of ${owner}, not of ${name}`);
    }
    own[option] = value;
  }
  return own;
};

const parse = (args: string[], host: SimulateHost): CommandOrder => {
  const separator = args.indexOf("--");
  const { values, positionals } = parseOptions(separator < 0 ? args : args.slice(0, separator));
  const command = separator < 0 ? [] : args.slice(separator + 1);
  const { port, step, state: stateFile, log, help } = values;
  const common = {
    port: wholeNumber(port ?? "0", "--port", 0, 65_535),
    stepMs: wholeNumber(step ?? "0", "--step", 0, 2_147_483_647),
    stateFile,
    log,
  };
  const [name, ...others] = positionals;
  const order = { help, title: "", start: () => Promise.reject(new Error("Nothing to start")), command };
  if (help) return { ...order, keepsState: false };
  if (name === undefined) throw new UsageError(`Name the system to simulate: ${NAMES}`);
  const system = Object.hasOwn(SYSTEMS, name) ? SYSTEMS[name] : undefined;
  if (!system) throw new UsageError(`Unknown system "${name}"; available: ${NAMES}`);
  if (others.length > 0) throw new UsageError(`Unexpected argument "${others[0]}"; put a command after --`);
  if (separator >= 0 && command.length === 0) throw new UsageError("There is no command after --");
  if (stateFile === "") throw new UsageError("--state needs the name of a file");
  const own = ownOptions(values, name, system);
  const start = system.prepare({ ...common, own }, (text) => host.err(text));
  return { ...order, title: system.title, start, keepsState: stateFile !== undefined };
};

/** Why a command could not be started, and for Pulumi how to get it. */
async function whyNotRun(file: string, error: unknown): Promise<string> {
  const reason = error instanceof Error ? error.message : String(error);
  const notFound = error instanceof Error && "code" in error && error.code === "ENOENT";
  if (!notFound || /[/\\]/.test(file)) return `cannot run ${file}: ${reason}`;
  if (file !== "pulumi") return `${file} is not on PATH.`;
  // a setting that findEngine refuses has nothing to do with this command
  const engine = await findEngine().catch(() => undefined);
  const remedy =
    engine === undefined
      ? "Install it: https://www.pulumi.com/docs/install/"
      : `Add the folder of the one that the demo uses: ${engine.bin}`;
  return `pulumi is not on PATH. ${remedy}`;
}

/** Runs a command against the simulator. Answers its exit code, or 128 and the signal's number as shells do. */
async function runCommand(command: string[], simulator: Running, host: SimulateHost): Promise<number> {
  const [file = "", ...args] = command;
  const env: NodeJS.ProcessEnv = { ...process.env, ...simulator.environment };
  for (const name of simulator.conflicting) delete env[name];
  const child = spawn(file, args, { stdio: "inherit", env });
  const stop = host.onSignal((signal) => {
    // a terminal sends Ctrl-C to the command as well, and some commands take a second one for "at once"
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  });
  try {
    const [code, signal]: [number | null, NodeJS.Signals | null] = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (...result) => resolve(result));
    });
    return code ?? 128 + (signal ? constants.signals[signal] : 0);
  } catch (error) {
    host.err(`holdfast simulate: ${await whyNotRun(file, error)}\n`);
    return 127;
  } finally {
    stop();
  }
}

/** Runs until a signal comes. */
async function serve(title: string, simulator: Running, host: SimulateHost): Promise<number> {
  const interrupted = new Promise<void>((resolve) => {
    const stop = host.onSignal(() => {
      stop();
      resolve();
    });
  });
  const exports = Object.entries(simulator.environment).map(([name, value]) => `export ${name}=${word(value)}\n`);
  host.out(`${exports.join("")}ready\n`);
  host.err(`${title}, simulated. Set the variables above in another terminal; Ctrl-C ends it.\n`);
  const doubled = simulator.conflicting.filter((name) => process.env[name]);
  if (doubled.length > 0) host.err(`There, also run: unset ${doubled.join(" ")}\n`);
  await interrupted;
  return 0;
}

/**
 * The `holdfast simulate` subcommand.
 * @param args - What stands after `simulate`.
 * @returns The exit code: 0, 2 for bad arguments, 1 when the simulator cannot start, otherwise the command's own.
 */
export async function simulate(args: string[], host: SimulateHost = terminal): Promise<number> {
  const order = orderOf("simulate", USAGE, host, () => parse(args, host));
  if (typeof order === "number") return order;
  const { title, start, command, keepsState } = order;
  let simulator: Running;
  try {
    simulator = await start();
  } catch (error) {
    host.err(`holdfast simulate: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  if (command.length > 0 && !keepsState) {
    host.err("holdfast simulate: this service ends with the command; keep it with --state FILE\n");
  }
  try {
    return command.length > 0 ? await runCommand(command, simulator, host) : await serve(title, simulator, host);
  } finally {
    await simulator.close();
  }
}
