import { setTimeout as sleep } from "node:timers/promises";
import { createProject, type Project, type Run } from "../../e2e/support/project";
import { moments } from "./calls";
import { beyond, type Counts, counts, disagreements, locked, made, most } from "./ledger";
import { alive, isProvider, type Running, signal, tree } from "./processes";
import type { Moment, Service, Stage } from "./system";

/** What is killed: the provider process, the CLI, or the CLI with everything that it started, as when a container stops. */
export type Victim = "provider" | "CLI" | "everything";
export type When = "before" | "after";

/** A provider process notices a dead engine within this time. */
const NOTICED_MS = 15_000;

/** A service and a stack on it, on which one stage is run again and again. */
export class Bench {
  readonly service: Service;
  readonly project: Project;
  readonly stage: Stage;
  /** Objects that are none of the program's. */
  readonly seed: readonly string[];
  /** The most objects at a time since the last reset. */
  peak: Counts = {};
  #rounds = 0;
  /** What was started and may have survived. */
  #left: Running[] = [];

  private constructor(service: Service, project: Project, stage: Stage) {
    this.service = service;
    this.project = project;
    this.stage = stage;
    this.seed = Object.values(service.objects()).flat();
  }

  static async open(stage: Stage, env: Record<string, string> = {}): Promise<Bench> {
    let watch = (): void => {};
    // Told of each call after its effect: the count can't miss an object that lives only for a moment.
    const service = await stage.system.open(() => watch());
    const project = await createProject({ env: { ...service.environment, ...env } });
    const bench = new Bench(service, project, stage);
    watch = () => {
      bench.peak = most(bench.peak, counts(service));
    };
    return bench;
  }

  /** Brings the stack to where the stage begins. */
  async begin(): Promise<void> {
    const { base, target, system } = this.stage;
    const cyclic = typeof target === "function";
    if (!cyclic || this.#rounds === 0) {
      await system.write(this.project, base);
      const run = base === "" ? await this.project.destroy() : await this.project.up();
      const wrong = [...(run.code === 0 ? [] : [run.text]), ...(await this.differences())];
      if (wrong.length > 0) throw new Error(`The stage can't begin:\n${wrong.join("\n")}`);
    }
    this.service.prepare();
    this.#rounds += 1;
    await system.write(this.project, cyclic ? target(this.#rounds) : target);
    this.peak = counts(this.service);
  }

  async close(): Promise<void> {
    signal(this.#left, "SIGKILL");
    await this.project.remove();
    await this.service.close();
  }

  /** Destroys everything. Answers what is left or recorded then. */
  async end(): Promise<string[]> {
    const run = await this.project.destroy();
    const left = made(this.service, this.seed);
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
    const from = this.service.called;
    const run = await this.run();
    if (run.code !== 0) throw new Error(`The stage fails by itself:\n${run.text}`);
    return { calls: moments(this.service.since(from)), limit: this.peak };
  }

  /** Runs the operation and kills at one of its calls. Answers what the user saw. */
  async runKilled(victim: Victim, when: When, moment: Moment): Promise<Run> {
    const { service, project } = this;
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
    // A provider that lives on carries its call out: only a dead one can have had no effect.
    const interfere = () => {
      kill();
      if (victim !== "CLI") throw new Error("The caller was killed before anything happened.");
    };
    const spoil = (body: unknown) => {
      kill();
      return body;
    };
    const takeBack = service.order(
      moment,
      when === "before" ? { kind: "interfere", run: interfere } : { kind: "mutate", change: spoil },
    );
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
      ...(await disagreements(this.project, this.stage.system, this.service, this.seed)),
      ...(limit === undefined ? [] : beyond(this.peak, limit)),
      ...this.service.unmatched.map((call) => `unknown call ${call}`),
    ];
  }
}

/** One resource after the other, so that the calls come in the same order each time. */
const SERIAL = ["--parallel", "1"];
