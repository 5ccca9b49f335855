import { type Call, callsOf, describeCall } from "./calls";
import type { FaultKind } from "./faults";
import { faultsOfMessage, messageOf } from "./message";
import { type Met, Recovery } from "./recovery";
import type { Phase } from "./scenario";
import { placeOf, type Situation, startWorld, type World, type WorldOptions } from "./service";
import { declaredCount, differencesAt } from "./wanted";
import { type Count, KINDS, seedOf, watchMost } from "./watch";

/** A phase of the scenario, as it goes when nothing goes wrong. */
export interface Studied {
  phase: Phase;
  /** Where it begins. */
  from: Situation;
  calls: readonly Call[];
  /** The most objects that there were at once. */
  most: Count;
  seed: ReadonlySet<string>;
}

/** Does what the phase does. */
async function run({ command, program }: Phase, world: World): Promise<string[]> {
  if (command === "up") return world.stack.up(program(placeOf(world)));
  await world.stack[command]();
  return [];
}

/** Runs a scenario once without faults, and notes the calls of each phase. */
export async function study(phases: readonly Phase[], options: WorldOptions = {}): Promise<Studied[]> {
  const world = await startWorld(options);
  try {
    const seed = seedOf(world);
    const studied: Studied[] = [];
    for (const phase of phases) {
      phase.before?.(world);
      const from = world.snapshot();
      const most = watchMost(world, seed);
      const calls = await callsOf(world, async () => void (await run(phase, world)));
      const wrong = phase.command === "up" ? differencesAt(phase, world, seed) : [];
      if (wrong.length > 0) throw new Error(`${phase.name} goes wrong without any fault: ${wrong.join("; ")}`);
      // What a replacement has beside it counts; what is missing at first, because somebody took it away, may come back.
      const declared = declaredCount(phase.program(placeOf(world)));
      for (const kind of KINDS) most[kind] = Math.max(most[kind], declared[kind]);
      studied.push({ phase, from, calls, most: { ...most }, seed });
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
export async function combine({ phase, from, most, seed }: Studied, call: Call, fault: FaultKind): Promise<Outcome> {
  const world = await startWorld({ ...fault.options, from });
  const outcome: Outcome = { fault: fault.name, call: `${phase.name}: ${describeCall(call)}`, problems: [] };
  const problem = (text: string) => void outcome.problems.push(text);
  const met = { phase, seed, fault: fault.name, call, most, problem };
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
async function insteadOfDestroying(from: Situation, met: Met): Promise<void> {
  const world = await startWorld({ from });
  try {
    const problem = (text: string) => met.problem(`up instead of destroy: ${text}`);
    // A policy whose deletion ended in `error` goes after the new one is there: shares follow it.
    const replaced = met.fault === "a state that fails" && met.call.path.endsWith("/snapshotPolicy/{snapshotPolicyId}");
    const most = replaced ? { ...met.most, policies: met.most.policies + 1 } : met.most;
    await new Recovery(world, { ...met, phase: { ...met.phase, command: "refresh" }, most, problem }).run(true);
  } finally {
    await world.close();
  }
}
