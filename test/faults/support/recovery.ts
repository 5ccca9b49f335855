import type { Call } from "./calls";
import { messageOf } from "./message";
import { helped } from "./people";
import type { Phase } from "./scenario";
import { type ProgramAt, placeOf, type World } from "./service";
import { differencesAt } from "./wanted";
import { type Count, KINDS, ours, watchMost } from "./watch";

/** A command of the scenario that met a fault. */
export interface Met {
  phase: Phase;
  fault: string;
  call: Call;
  /** What was there before the program. */
  seed: ReadonlySet<string>;
  /** The most objects of ours that there may be at once. */
  most: Count;
  problem(text: string): void;
}

/** Looks on from before the fault, and brings everything to its end afterwards. */
export class Recovery {
  readonly #world: World;
  readonly #met: Met;
  readonly #held: Count;
  #watched: () => string[];
  #program: ProgramAt;
  #helped = false;

  constructor(world: World, met: Met) {
    this.#world = world;
    this.#met = met;
    this.#program = met.phase.program;
    this.#held = watchMost(world, met.seed);
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
    const { phase, seed, problem } = this.#met;
    const world = this.#world;
    const up = () => world.stack.up(this.#program(placeOf(world)));
    if (!(await this.#tried("up repeated", up))) return;
    for (const difference of differencesAt({ ...phase, program: this.#program }, world, seed)) problem(difference);
    let again: string[] = [];
    await this.#tried("one more up", async () => {
      again = await up();
    });
    const changes = again.filter((done) => !done.startsWith("same "));
    if (changes.length > 0) problem(`one more up still changes something: ${changes.join(", ")}`);
  }

  #nothingIsLeft(): void {
    const { seed, problem } = this.#met;
    const left = ours(this.#world, seed);
    for (const kind of KINDS) if (left[kind].length > 0) problem(`destroy leaves ${kind}: ${left[kind].join(", ")}`);
    if (this.#world.stack.ids.size > 0) problem("destroy leaves the state with resources");
  }

  #nothingWasWrong(): void {
    const { most, problem } = this.#met;
    for (const kind of KINDS) {
      const [held, may] = [this.#held[kind], most[kind]];
      if (held > may) problem(`there were ${held} ${kind} at once, ${may} at most are declared`);
    }
    for (const wrong of this.#watched()) problem(wrong);
    for (const line of this.#world.simulator.unmatched) problem(`unknown call ${line}`);
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

  async #askForHelp(message: string): Promise<boolean> {
    const { fault, call, phase, problem } = this.#met;
    const program = await helped(this.#world, { fault, call, message, program: this.#program });
    if (program === undefined) return false;
    this.#helped = true;
    this.#program = program;
    // What the person asks for now is no repetition by itself.
    for (const wrong of this.#watched()) problem(wrong);
    this.#watched = phase.watch?.(this.#world) ?? (() => []);
    return true;
  }
}
