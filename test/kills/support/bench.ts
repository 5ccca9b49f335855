import { setTimeout as sleep } from "node:timers/promises";
import { type OvhSimulator, simulateOvh } from "../../../provider/simulators";
import { createProject, type Project, type Run } from "../../e2e/support/project";
import { type Moment, moments } from "./calls";
import { beyond, type Counts, counts, disagreements, locked, most, NOTHING, objects } from "./ledger";
import { alive, isProvider, type Running, signal, tree } from "./processes";
import type { Stage } from "./stages";

/** What is killed: the provider process, the CLI, or the CLI with everything that it started, as when a container stops. */
export type Victim = "provider" | "CLI" | "everything";
export type When = "before" | "after";

/** How long a step of the service takes, so that what was left behind may still be under way afterwards. */
const STEP_MS = 40;
/** A provider process notices a dead engine within this time. */
const NOTICED_MS = 15_000;

/** A service and a stack on it, on which one stage is run again and again. */
export class Bench {
  readonly simulator: OvhSimulator;
  readonly project: Project;
  readonly stage: Stage;
  /** Objects that are none of the program's. */
  readonly seed: readonly string[];
  /** The most objects at a time since the last reset. */
  peak: Counts = NOTHING;
  #rounds = 0;
  /** What was started and may have survived. */
  #left: Running[] = [];

  private constructor(simulator: OvhSimulator, project: Project, stage: Stage) {
    this.simulator = simulator;
    this.project = project;
    this.stage = stage;
    this.seed = Object.values(objects(simulator)).flat();
  }

  static async open(stage: Stage, env: Record<string, string> = {}): Promise<Bench> {
    let watch = (): void => {};
    // Told of each call after its effect: the count can't miss an object that lives only for a moment.
    const simulator = await simulateOvh({ schedule: false, stepMs: STEP_MS, onCall: () => watch() });
    const project = await createProject({ env: { ...simulator.environment, SHARE: simulator.shareId, ...env } });
    const bench = new Bench(simulator, project, stage);
    watch = () => {
      bench.peak = most(bench.peak, counts(simulator));
    };
    return bench;
  }

  /** Brings the stack to where the stage begins. */
  async begin(): Promise<void> {
    const { base, target } = this.stage;
    const cyclic = typeof target === "function";
    if (!cyclic || this.#rounds === 0) {
      await this.project.program(base);
      const run = base === "" ? await this.project.destroy() : await this.project.up();
      const wrong = [...(run.code === 0 ? [] : [run.text]), ...(await this.differences())];
      if (wrong.length > 0) throw new Error(`The stage can't begin:\n${wrong.join("\n")}`);
    }
    // A hold takes an automatic snapshot away for ever.
    this.simulator.model.advanceClock(3_600_000);
    this.simulator.model.takeAutomaticSnapshot(this.simulator.shareId);
    this.#rounds += 1;
    await this.project.program(cyclic ? target(this.#rounds) : target);
    this.peak = counts(this.simulator);
  }

  async close(): Promise<void> {
    signal(this.#left, "SIGKILL");
    await this.project.remove();
    await this.simulator.close();
  }

  /** Destroys everything. Answers what is left or recorded then. */
  async end(): Promise<string[]> {
    const run = await this.project.destroy();
    const left = Object.values(objects(this.simulator))
      .flat()
      .filter((id) => !this.seed.includes(id));
    return [...(run.code === 0 ? [] : [run.text]), ...left.map((id) => `${id} is left`), ...(await this.differences())];
  }

  /** Runs the stage's operation undisturbed. */
  async run(): Promise<Run> {
    const { operation } = this.stage;
    return operation === "up" ? this.project.up(...SERIAL) : this.project.destroy(...SERIAL);
  }

  /** The calls of an undisturbed run, and how many objects it needs at most. */
  async discover(): Promise<{ calls: Moment[]; limit: Counts }> {
    await this.begin();
    const from = this.simulator.calls.length;
    const run = await this.run();
    if (run.code !== 0) throw new Error(`The stage fails by itself:\n${run.text}`);
    return { calls: moments(this.simulator.calls.slice(from)), limit: this.peak };
  }

  /** Runs the operation and kills at one of its calls. Answers what the user saw. */
  async runKilled(victim: Victim, when: When, moment: Moment): Promise<Run> {
    const { simulator, project } = this;
    let killed = false;
    const started = project.start([this.stage.operation, "--yes", "--skip-preview", ...SERIAL]);
    const kill = () => {
      const family = tree(started.process.pid ?? 0);
      this.#left = family;
      const doomed = {
        provider: family.filter(isProvider),
        CLI: family.slice(0, 1),
        everything: family,
      }[victim];
      killed = doomed.length > 0;
      signal(doomed, "SIGKILL");
    };
    const order = { method: moment.method, path: moment.path, skip: moment.occurrence };
    // A provider that lives on carries its call out: only a dead one can have had no effect.
    const interfere = () => {
      kill();
      if (victim !== "CLI") throw new Error("The caller was killed before anything happened.");
    };
    const spoil = (body: unknown) => {
      kill();
      return body;
    };
    const takeBack = simulator.faults.add({
      ...order,
      fault: when === "before" ? { kind: "interfere", run: interfere } : { kind: "mutate", change: spoil },
    });
    const run = await started.ended;
    takeBack();
    if (!killed) throw new Error(`The call did not come, so nothing was killed:\n${run.text}`);
    return run;
  }

  /** What a user does next: unlocks the stack where it is locked, and repeats the command. */
  async recover(): Promise<Run> {
    if (locked(this.project)) {
      const cancelled = await this.project.pulumi("cancel", "--yes");
      if (cancelled.code !== 0) throw new Error(`pulumi cancel failed:\n${cancelled.text}`);
    }
    return this.run();
  }

  /**
   * Provider processes of the killed run that have not noticed that their engine is dead. What else is left, such as the
   * language's host, does not talk to the service; it is ended here.
   */
  async survivors(): Promise<Running[]> {
    const providers = this.#left.filter(isProvider);
    const until = performance.now() + NOTICED_MS;
    while (alive(providers).length > 0 && performance.now() < until) await sleep(100);
    const still = alive(providers);
    signal(this.#left, "SIGKILL");
    this.#left = [];
    return still;
  }

  /** What is not as it should be: objects lost, doubled, forgotten, left over, or too many at a time. */
  async differences(limit?: Counts): Promise<string[]> {
    return [
      ...(await disagreements(this.project, this.simulator, this.seed)),
      ...(limit === undefined ? [] : beyond(this.peak, limit)),
      ...this.simulator.unmatched.map((call) => `unknown call ${call}`),
    ];
  }
}

/** One resource after the other, so that the calls come in the same order each time. */
const SERIAL = ["--parallel", "1"];
