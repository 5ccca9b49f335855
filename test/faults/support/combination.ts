import { type Call, callsOf, describeCall } from "./calls";
import type { FaultKind } from "./faults";
import { faultsOfMessage } from "./message";
import { helped } from "./people";
import type { Phase } from "./scenario";
import { placeOf, type Situation, startWorld, type World, type WorldOptions } from "./service";
import { declaredCount, differences } from "./wanted";
import { type Count, KINDS, ours, seedOf, watchMost } from "./watch";

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

const differencesAt = ({ program, wrong }: Phase, world: World, seed: ReadonlySet<string>): string[] => [
  ...differences(world, program, seed),
  ...(wrong?.(world) ?? []),
];

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

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** The command fails or not; afterwards everything must come to its end. */
export async function combine({ phase, from, most, seed }: Studied, call: Call, fault: FaultKind): Promise<Outcome> {
  const world = await startWorld({ ...fault.options, from });
  const outcome: Outcome = { fault: fault.name, call: `${phase.name}: ${describeCall(call)}`, problems: [] };
  const problem = (text: string) => void outcome.problems.push(text);
  try {
    const held = watchMost(world, seed);
    const watched = phase.watch?.(world);
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
    const help = (message: string) => helped(world, fault.name, call, message);
    await recover(phase, world, seed, { failed: failure !== undefined, help, problem });
    for (const kind of KINDS) {
      if (held[kind] > most[kind])
        problem(`there were ${held[kind]} ${kind} at once, ${most[kind]} at most are declared`);
    }
    for (const wrong of watched?.() ?? []) problem(wrong);
    for (const line of world.simulator.unmatched) problem(`unknown call ${line}`);
    for (const { message } of world.logs) {
      if (world.secrets.some((secret) => message.includes(secret))) problem(`logged a credential: ${message}`);
    }
  } catch (error) {
    problem(error instanceof Error ? (error.stack ? error.stack : error.message) : String(error));
  } finally {
    await world.close();
  }
  return outcome;
}

async function recover(
  phase: Phase,
  world: World,
  seed: ReadonlySet<string>,
  {
    failed,
    help,
    problem,
  }: { failed: boolean; help: (message: string) => Promise<boolean>; problem: (text: string) => void },
): Promise<void> {
  const { stack } = world;
  let helpedOnce = false;
  const tried = async (what: string, command: () => Promise<unknown>): Promise<boolean> => {
    try {
      await command();
      return true;
    } catch (error) {
      if (!helpedOnce && (await help(messageOf(error)))) {
        helpedOnce = true;
        return tried(`${what}, with help,`, command);
      }
      problem(`${what} fails: ${messageOf(error)}`);
      return false;
    }
  };
  const program = () => phase.program(placeOf(world));
  if (phase.command !== "destroy") {
    // One that ended well is not repeated, whatever it was told.
    if (phase.command === "refresh" && failed) await tried("refresh repeated without faults", () => stack.refresh());
    if (await tried("up repeated without faults", () => stack.up(program()))) {
      for (const difference of differencesAt(phase, world, seed)) problem(difference);
      let again: string[] = [];
      await tried("a third up", async () => {
        again = await stack.up(program());
      });
      const changes = again.filter((done) => !done.startsWith("same "));
      if (changes.length > 0) problem(`a third up still changes something: ${changes.join(", ")}`);
    }
  }
  await tried("destroy", () => stack.destroy());
  const left = ours(world, seed);
  for (const kind of KINDS) if (left[kind].length > 0) problem(`destroy leaves ${kind}: ${left[kind].join(", ")}`);
  if (stack.state.resources.length + stack.state.replaced.length > 0)
    problem("destroy leaves the state with resources");
}
