import { rmSync } from "node:fs";
import { constants } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { HoldfastError } from "../core/errors";
import { type OvhCall, type OvhSimulator, simulateOvh } from "../simulators";
import { createProject, kept, packageRoot, removeFolder, temporaryFolder } from "./demo/project";
import { createReport, type Screen, terminal } from "./demo/report";
import { tell, Unexpected } from "./demo/story";
import { type Engine, findEngine, installEngine } from "./engine";

const USAGE = `Usage: npx pulumi-holdfast demo [options]

Refreshes a development share from production data: a real Pulumi engine runs the example program against a local
simulator of OVHcloud Enterprise File Storage. Needs no account. Everything lies in a temporary folder, which is
removed at the end; your Pulumi login, configuration and stacks are not touched. Exits with 0 when every step did
what it should.

Options:
  --calls     list the API calls of each step
  --verbose   show what Pulumi prints
  --keep      keep the temporary folder
  -h, --help  show this text
`;

export interface DemoOptions {
  /** The service to run against; the caller closes it. @default one that takes 0.7 s for each step of an operation */
  simulator?: OvhSimulator;
  /** @default the terminal */
  screen?: Screen;
  verbose?: boolean;
  calls?: boolean;
  keep?: boolean;
  /** Ends the story. */
  stop?: AbortSignal;
  /** Interrupts the running Pulumi command. Apart from `stop`, as a terminal interrupts it by itself. */
  interrupt?: AbortSignal;
  /** Told of the temporary folder when it is made. */
  onFolder?: (folder: string) => void;
}

/**
 * Long enough that progress can be seen, short enough for the whole to be a matter of seconds. With 0.1 s between two
 * reads the waits end soon after the steps.
 */
const PACE = { stepMs: 700, pollMs: 100 };

/**
 * Runs the demo.
 * @returns 0 when every step did what it should, otherwise 1
 * @throws EngineError or HoldfastError when it can't begin
 */
export async function runDemo(options: DemoOptions = {}): Promise<number> {
  const screen = options.screen ?? terminal();
  const stop = options.stop ?? new AbortController().signal;
  if (!process.features.typescript) {
    throw new HoldfastError(
      `The demo needs Node 22.18 or later, which runs TypeScript; this is ${process.versions.node}. https://nodejs.org has newer ones.`,
    );
  }
  const engine = await engineFor(screen);
  const restore = hideUserSettings();
  const simulator = options.simulator ?? (await simulateOvh({ stepMs: PACE.stepMs }));
  const folder = await temporaryFolder();
  options.onFolder?.(folder);
  try {
    return await perform({ ...options, screen, stop, engine, simulator, folder });
  } finally {
    if (simulator !== options.simulator) await simulator.close();
    if (options.keep) screen.write(`${kept(folder)}\n`);
    else await removeFolder(folder);
    restore();
  }
}

async function engineFor(screen: Screen): Promise<Engine> {
  const onSkip = (reason: string) => screen.write(`Not used: ${reason}\n`);
  return (
    (await findEngine({ onSkip })) ??
    (await installEngine({ onProgress: (line) => screen.write(`First run only: ${line}\n`) }))
  );
}

/**
 * Automation hands the whole environment of this process down, so the user's settings leave it for the time of the demo.
 * Proxies as well: everything is on this machine, and without NO_PROXY Pulumi's own processes would not reach each other.
 */
function hideUserSettings(): () => void {
  const settings = /^(OVH|PULUMI|HOLDFAST)_|^(https?|all|grpc)_proxy$/i;
  const hidden = Object.entries(process.env).filter(([name]) => settings.test(name));
  for (const [name] of hidden) delete process.env[name];
  return () => void Object.assign(process.env, Object.fromEntries(hidden));
}

interface Run extends DemoOptions {
  screen: Screen;
  stop: AbortSignal;
  engine: Engine;
  simulator: OvhSimulator;
  folder: string;
}

async function perform({ screen, stop, engine, simulator, folder, ...options }: Run): Promise<number> {
  const started = performance.now();
  // between lines of Pulumi there is no line to write over
  const report = createReport(options.verbose ? { ...screen, live: false } : screen, stop);
  let printed = "";
  let current = "";
  const step = async (name: string, work: () => Promise<string[]>) => {
    stop.throwIfAborted();
    [current, printed] = [name, ""];
    const before = simulator.calls.length;
    await report.step(name, async () => {
      const lines = await work();
      return options.calls ? [...lines, ...tally(simulator.calls.slice(before))] : lines;
    });
  };
  screen.write(`holdfast demo: a development share with production's data, renewed on demand\n`);
  screen.write(`Pulumi ${engine.version} is real, OVHcloud is simulated on this machine: no account, no costs.\n`);
  screen.write("The simulated clock runs ahead of yours, so that hours pass at once.\n");
  try {
    const project = await createProject(
      folder,
      engine,
      { ...simulator.environment, HOLDFAST_POLL_MS: String(PACE.pollMs) },
      {
        signal: options.interrupt ?? stop,
        verbose: options.verbose === true,
        onProgress: report.progress,
        onOutput(text) {
          printed += text;
          if (options.verbose) screen.write(text);
        },
      },
    );
    await tell({ project, simulator, report, step });
  } catch (error) {
    if (stop.aborted) {
      screen.write("\nStopped. All of it was simulated, so there is nothing to clean up.\n");
    } else if (error instanceof HoldfastError) {
      throw error;
    } else {
      const output = options.verbose ? "" : printed; // it was seen already
      screen.write(failure(error, current || "the start", output, options.keep === true));
    }
    return 1;
  }
  const seconds = Math.round((performance.now() - started) / 1000);
  const program = join(packageRoot(), "examples", "refresh-environment", "index.mts");
  report.paragraph(
    `It works: ${seconds} s, ${simulator.calls.length} API calls.`,
    "",
    `This program did it:     ${display(program)}`,
    "To try one of your own:  npx pulumi-holdfast simulate ovh --state simulator.json -- pulumi up",
    `How to go on:            ${display(join(packageRoot(), "README.md"))}`,
  );
  return 0;
}

function failure(error: unknown, step: string, output: string, kept: boolean): string {
  const lines =
    error instanceof Unexpected
      ? [`At "${step}", ${error.message} should be`, `  ${error.expected}`, "but was", `  ${error.seen}`]
      : [`"${step}" failed${output ? "" : `: ${error instanceof Error ? error.message : String(error)}`}`];
  const diagnostics = output.indexOf("\nDiagnostics:"); // what went wrong; before it, each row's progress
  const told = output.slice(Math.max(0, diagnostics)).trim();
  if (told) lines.push("", "Pulumi printed:", ...told.split("\n").map((line) => `  | ${line}`));
  const again = kept ? "" : " To look around in the project and its state, run: npx pulumi-holdfast demo --keep";
  return `\n${lines.join("\n")}\n\nThe demo did not go as it should.${again}\n`;
}

/** Calls of the same kind together, the most frequent first. */
function tally(calls: readonly OvhCall[]): string[] {
  const counts = new Map<string, number>();
  for (const { method, path, query } of calls) {
    const call = `${method.padEnd(6)} ${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}")}${query && "?"}${query}`;
    counts.set(call, (counts.get(call) ?? 0) + 1);
  }
  const rows = [...counts].toSorted(([, one], [, other]) => other - one);
  return [`API calls: ${calls.length}`, ...rows.map(([call, count]) => `${String(count).padStart(4)} ${call}`)];
}

/** Relative to where the user is, unless that leads out of it. */
function display(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

/** How long a command that the terminal has interrupted may take to end, in milliseconds, before we interrupt it again. */
const PATIENCE_MS = 5000;

/**
 * The `holdfast demo` subcommand.
 * @returns 0, 1 when a step was not as it should be, 2 for bad arguments, 128 and the signal's number when it was interrupted
 */
export async function demo(args: string[]): Promise<number> {
  const flag = { type: "boolean", default: false } as const;
  let values: Record<"calls" | "verbose" | "keep" | "help", boolean>;
  try {
    ({ values } = parseArgs({
      args,
      options: { calls: flag, verbose: flag, keep: flag, help: { ...flag, short: "h" } },
    }));
  } catch (error) {
    process.stderr.write(`holdfast demo: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }

  const [stop, interrupt] = [new AbortController(), new AbortController()];
  let folder = "";
  let signalled: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (signalled !== undefined && signal !== "SIGPIPE") {
      // the second time, at once
      if (folder && !values.keep) rmSync(folder, { recursive: true, force: true });
      process.exit(128 + constants.signals[signal]);
    }
    signalled ??= signal;
    stop.abort();
    // a terminal's Ctrl-C reaches Pulumi as well, and a second one would kill it instead of stopping it
    const patience = signal === "SIGINT" && process.stdin.isTTY ? PATIENCE_MS : 0;
    setTimeout(() => interrupt.abort(), patience).unref();
  };
  const onClosed = () => onSignal("SIGPIPE"); // nobody reads any more, as with `| head`
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  process.stdout.on("error", onClosed);
  try {
    const code = await runDemo({
      ...values,
      stop: stop.signal,
      interrupt: interrupt.signal,
      onFolder(made) {
        folder = made;
        // only now: before, finding and installing an engine ends by itself on a signal
        for (const signal of signals) process.on(signal, onSignal);
      },
    });
    return signalled === undefined ? code : 128 + constants.signals[signalled];
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    process.stdout.off("error", onClosed);
  }
}
