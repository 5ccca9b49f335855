import { callsOf, describeCall } from "./calls";
import { faultsOfMessage, messageOf } from "./message";
import { differencesAt, type Met, Recovery } from "./recovery";
import type { Call, Count, FaultKind, Phase, Situation, System, World, WorldOptions } from "./system";
import { most, watchMost } from "./watch";

/** A phase of a scenario, as it goes when nothing goes wrong. */
export interface Studied<W extends World, O extends WorldOptions> {
  system: System<W, O>;
  phase: Phase<W>;
  /** Where it begins. */
  from: Situation;
  calls: readonly Call[];
  /** The most objects that there were at once. */
  most: Count;
  seed: ReadonlySet<string>;
}

/** Does what the phase does. */
async function run<W extends World>({ command, program }: Phase<W>, world: W): Promise<string[]> {
  if (command === "up") return world.stack.up(program(world));
  await world.stack[command]();
  return [];
}

/** Runs a scenario once without faults, and notes the calls of each phase. */
export async function study<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  phases: readonly Phase<W>[],
  options: O,
): Promise<Studied<W, O>[]> {
  const world = await system.start(options);
  try {
    const seed = system.seedOf(world);
    const studied: Studied<W, O>[] = [];
    for (const phase of phases) {
      phase.before?.(world);
      const from = world.snapshot();
      const held = watchMost(system, world, seed);
      const calls = await callsOf(system, world, async () => void (await run(phase, world)));
      const wrong = phase.command === "up" ? differencesAt(system, phase, world, seed) : [];
      if (wrong.length > 0) throw new Error(`${phase.name} goes wrong without any fault: ${wrong.join("; ")}`);
      // What a replacement has beside it counts; what is missing at first, because somebody took it away, may come back.
      const declared = system.declared(phase.program(world));
      studied.push({ system, phase, from, calls, most: most(most(held(), declared), phase.most ?? {}), seed });
    }
    return studied;
  } finally {
    await world.close();
  }
}

/** What became of one combination of a call and a fault. */
export interface Outcome {
  fault: string;
  call: string;
  /** The error of the command that met the fault, where there was one. */
  message?: string;
  problems: string[];
}

/** A command meets a fault, and fails or not; afterwards everything must come to its end. */
export async function combine<W extends World, O extends WorldOptions>(
  { system, phase, from, most, seed }: Studied<W, O>,
  call: Call,
  fault: FaultKind<W, O>,
): Promise<Outcome> {
  const world = await system.start({ ...fault.options, from } as O); // every option is optional
  const outcome: Outcome = { fault: fault.name, call: `${phase.name}: ${describeCall(system, call)}`, problems: [] };
  const problem = (text: string) => void outcome.problems.push(text);
  const met: Met<W, O> = { system, phase, seed, fault: fault.name, call, most, problem };
  try {
    const recovery = new Recovery(world, met);
    const armed = fault.arm(world, call);
    const failure = await run(phase, world).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!armed.struck()) problem("the call was not made, so the fault did not strike");
    armed.over();
    if (failure !== undefined) {
      outcome.message = messageOf(failure);
      for (const wrong of faultsOfMessage(failure, world.secrets)) problem(wrong);
    }
    if (phase.upInstead && failure !== undefined) await insteadOfDestroying(world.snapshot(), met);
    await recovery.run(failure !== undefined);
  } catch (error) {
    problem(error instanceof Error ? error.stack || error.message : String(error));
  } finally {
    await world.close();
  }
  return outcome;
}

/** Somebody thinks better of it and runs `up --refresh` after a `destroy` that failed. */
async function insteadOfDestroying<W extends World, O extends WorldOptions>(
  from: Situation,
  met: Met<W, O>,
): Promise<void> {
  const { system } = met;
  const world = await system.start({ from } as O); // every option is optional
  try {
    const problem = (text: string) => met.problem(`up instead of destroy: ${text}`);
    const most = system.mostInstead?.(met.most, met) ?? met.most;
    await new Recovery(world, { ...met, phase: { ...met.phase, command: "refresh" }, most, problem }).run(true);
  } finally {
    await world.close();
  }
}
