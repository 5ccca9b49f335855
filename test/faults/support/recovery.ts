import { messageOf } from "./message";
import type { Call, Count, Phase, ProgramAt, System, World, WorldOptions } from "./system";
import { ours, watchMost } from "./watch";

/** A command of the scenario that met a fault. */
export interface Met<W extends World, O extends WorldOptions> {
  system: System<W, O>;
  phase: Phase<W>;
  fault: string;
  call: Call;
  /** What was there before the program. */
  seed: ReadonlySet<string>;
  /** The most objects of ours that there may be at once. */
  most: Count;
  problem(text: string): void;
}

/** Looks on from before the fault, and brings everything to its end afterwards. */
export class Recovery<W extends World, O extends WorldOptions> {
  readonly #world: W;
  readonly #met: Met<W, O>;
  readonly #held: () => Count;
  #watched: () => string[];
  #program: ProgramAt<W>;
  #helped = false;

  constructor(world: W, met: Met<W, O>) {
    this.#world = world;
    this.#met = met;
    this.#program = met.phase.program;
    this.#held = watchMost(met.system, world, met.seed);
    this.#watched = met.phase.watch?.(world) ?? (() => []);
  }

  /** The same command again, then `up` until nothing changes any more, then `destroy`. */
  async run(failed: boolean): Promise<void> {
    const { stack } = this.#world;
    const { command } = this.#met.phase;
    // One that ended well is not repeated, whatever it was told.
    if (command === "refresh" && failed) await this.#tried("refresh repeated", () => stack.refresh());
    if (command !== "destroy") await this.#untilNothingChanges();
    await this.#tried("destroy", () => stack.destroy());
    this.#nothingIsLeft();
    this.#nothingWasWrong();
  }

  async #untilNothingChanges(): Promise<void> {
    const { system, phase, seed, problem } = this.#met;
    const world = this.#world;
    const up = () => world.stack.up(this.#program(world));
    if (!(await this.#tried("up repeated", up))) return;
    for (const difference of differencesAt(system, { ...phase, program: this.#program }, world, seed))
      problem(difference);
    let again: string[] = [];
    await this.#tried("one more up", async () => {
      again = await up();
    });
    const changes = again.filter((done) => !done.startsWith("same "));
    if (changes.length > 0) problem(`one more up still changes something: ${changes.join(", ")}`);
  }

  #nothingIsLeft(): void {
    const { system, seed, problem } = this.#met;
    const left = Object.entries(ours(system, this.#world, seed));
    for (const [kind, ids] of left) if (ids.length > 0) problem(`destroy leaves ${kind}: ${ids.join(", ")}`);
    if (this.#world.stack.ids.size > 0) problem("destroy leaves the state with resources");
  }

  #nothingWasWrong(): void {
    const { most, problem } = this.#met;
    for (const [kind, held] of Object.entries(this.#held())) {
      const may = most[kind] ?? 0;
      if (held > may) problem(`there were ${held} ${kind} at once, ${may} at most are declared`);
    }
    for (const wrong of this.#watched()) problem(wrong);
    for (const line of this.#world.unmatched) problem(`unknown call ${line}`);
    for (const { message } of this.#world.logs) {
      if (this.#world.secrets.some((secret) => message.includes(secret))) problem(`logged a credential: ${message}`);
    }
  }

  /** Runs a command without faults. Where it fails with what only a person can do, that is done, once. */
  async #tried(what: string, command: () => Promise<unknown>): Promise<boolean> {
    try {
      await command();
      return true;
    } catch (error) {
      if (!this.#helped && (await this.#askForHelp(messageOf(error)))) return this.#tried(`${what} with help`, command);
      this.#met.problem(`${what} fails: ${messageOf(error)}`);
      return false;
    }
  }

  /** Does what a message asks for, where only a person can do that after this fault. */
  async #askForHelp(message: string): Promise<boolean> {
    const { system, fault, call, phase, problem } = this.#met;
    for (const help of system.help) {
      const fits = (help.fault ?? fault) === fault && help.call.test(system.describeRoute(call));
      const asked = fits ? help.asked.exec(message) : null;
      if (asked === null) continue;
      await help.act(this.#world, asked);
      this.#helped = true;
      this.#program = help.program ?? this.#program;
      // What the person asks for now is no repetition by itself.
      for (const wrong of this.#watched()) problem(wrong);
      this.#watched = phase.watch?.(this.#world) ?? (() => []);
      return true;
    }
    return false;
  }
}

/** Everything in which the service differs from what a phase is to lead to; empty when all is well. */
export function differencesAt<W extends World, O extends WorldOptions>(
  system: System<W, O>,
  { program, wrong }: Phase<W>,
  world: W,
  seed: ReadonlySet<string>,
): string[] {
  const declared = program(world);
  const expected = system.declared(declared);
  const own = Object.entries(ours(system, world, seed));
  const numbers = own.flatMap(([kind, ids]) =>
    ids.length === (expected[kind] ?? 0)
      ? []
      : [`${ids.length} ${kind} instead of ${expected[kind] ?? 0}: ${ids.join(", ")}`],
  );
  return [...numbers, ...system.wrong(world, declared), ...(wrong?.(world) ?? [])];
}
