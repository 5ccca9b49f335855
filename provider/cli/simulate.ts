import { spawn } from "node:child_process";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { type OvhCall, type OvhSimulator, simulateOvh } from "../simulators";
import { findEngine } from "./engine";
import { explained, orderOf, UsageError } from "./usage";

const SYSTEMS = ["ovh"];

const USAGE = `Usage: npx pulumi-holdfast simulate <system> [options] [-- command ...]

Starts a local simulator of a storage service: ${SYSTEMS.join(", ")}. Without a command it prints the environment
variables that point programs at it, then the line "ready", and runs until it is interrupted. With a
command it runs that with the variables set, and stops with it.

Options:
  --port N                  port on 127.0.0.1 (default: a free one)
  --step MS                 milliseconds that each step of an asynchronous operation takes (default: 0)
  --snapshot-every SECONDS  let the policy take automatic snapshots at this pace (default: every full hour)
  --requests-per-second N   refuse more calls of a credential than that with 429 (default: take any number)
  --state FILE              keep the state, credentials included, in this file
  --log                     write each call to stderr
  -h, --help                show this text

Example:
  npx pulumi-holdfast simulate ovh --state simulator.json -- pulumi up

Other programs change files, the clock or the course of operations below /simulator/ on the same port, with the
header X-Holdfast-Simulator: 1. For example: POST /simulator/shares/{id}/automatic-snapshots takes a snapshot now.
`;

/** Variables that would be a second kind of credentials; the vendor's tools refuse two. */
const CONFLICTING = ["OVH_CLIENT_ID", "OVH_CLIENT_SECRET", "OVH_ACCESS_TOKEN"];

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

interface Order {
  help: boolean;
  log: boolean;
  port: number;
  stepMs: number;
  snapshotEveryMs: number | undefined;
  requestsPerSecond: number | undefined;
  stateFile: string | undefined;
  command: string[];
}

const wholeNumber = (text: string, option: string, least: number, most: number): number => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new UsageError(`${option} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return number;
};

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

const parseOptions = (args: string[]) => {
  return explained(() =>
    parseArgs({
      args: joinNegativeNumbers(args),
      allowPositionals: true,
      options: {
        port: { type: "string" },
        step: { type: "string" },
        "snapshot-every": { type: "string" },
        "requests-per-second": { type: "string" },
        state: { type: "string" },
        log: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    }),
  );
};

const parse = (args: string[]): Order => {
  const separator = args.indexOf("--");
  const { values, positionals } = parseOptions(separator < 0 ? args : args.slice(0, separator));
  const command = separator < 0 ? [] : args.slice(separator + 1);
  const { "snapshot-every": every, "requests-per-second": most } = values;
  const order: Order = {
    help: values.help,
    log: values.log,
    port: wholeNumber(values.port ?? "0", "--port", 0, 65_535),
    stepMs: wholeNumber(values.step ?? "0", "--step", 0, 2_147_483_647),
    snapshotEveryMs: every === undefined ? undefined : wholeNumber(every, "--snapshot-every", 1, 86_400) * 1000,
    requestsPerSecond: most === undefined ? undefined : wholeNumber(most, "--requests-per-second", 1, 1_000_000),
    stateFile: values.state,
    command,
  };
  if (order.help) return order;
  const [system, ...others] = positionals;
  if (system === undefined) throw new UsageError(`Name the system to simulate: ${SYSTEMS.join(", ")}`);
  if (!SYSTEMS.includes(system)) throw new UsageError(`Unknown system "${system}"; available: ${SYSTEMS.join(", ")}`);
  if (others.length > 0) throw new UsageError(`Unexpected argument "${others[0]}"; put a command after --`);
  if (separator >= 0 && command.length === 0) throw new UsageError("There is no command after --");
  if (order.stateFile === "") throw new UsageError("--state needs the name of a file");
  return order;
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
async function runCommand(command: string[], simulator: OvhSimulator, host: SimulateHost): Promise<number> {
  const [file = "", ...args] = command;
  const env: NodeJS.ProcessEnv = { ...process.env, ...simulator.environment };
  for (const name of CONFLICTING) delete env[name];
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
async function serve(simulator: OvhSimulator, host: SimulateHost): Promise<number> {
  const interrupted = new Promise<void>((resolve) => {
    const stop = host.onSignal(() => {
      stop();
      resolve();
    });
  });
  const exports = Object.entries(simulator.environment).map(([name, value]) => `export ${name}=${value}\n`);
  host.out(`${exports.join("")}ready\n`);
  host.err(
    "OVHcloud Enterprise File Storage, simulated. Set the variables above in another terminal; Ctrl-C ends it.\n",
  );
  const doubled = CONFLICTING.filter((name) => process.env[name]);
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
  const order = orderOf("simulate", USAGE, host, () => parse(args));
  if (typeof order === "number") return order;
  let simulator: OvhSimulator;
  try {
    const { port, stepMs, snapshotEveryMs, requestsPerSecond, stateFile, log } = order;
    const onCall = ({ method, path, query, status }: OvhCall): void => {
      if (log) host.err(`${status || "reset"} ${method} ${path}${query && "?"}${query}\n`);
    };
    simulator = await simulateOvh({
      port,
      stepMs,
      onCall,
      ...(snapshotEveryMs === undefined ? {} : { snapshotEveryMs }),
      ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
      ...(stateFile === undefined ? {} : { stateFile }),
    });
  } catch (error) {
    host.err(`holdfast simulate: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  if (order.command.length > 0 && order.stateFile === undefined) {
    host.err("holdfast simulate: this service ends with the command; keep it with --state FILE\n");
  }
  try {
    return order.command.length > 0 ? await runCommand(order.command, simulator, host) : await serve(simulator, host);
  } finally {
    await simulator.close();
  }
}
