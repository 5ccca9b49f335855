import type { Properties } from "../../../provider/core/properties";
import type { ResourceKind } from "../../../provider/kinds";
import type { ProviderProcess } from "../../ovh/support/providerProcess";
import { Resource, type State } from "../../support/resource";

/** Of whatever system. */
type Process = Pick<ProviderProcess, "host">;
type Managed = Resource<Process>;

/** One resource of a program: its arguments are made from the ids of those before it. */
export interface Declared {
  kind: ResourceKind;
  name: string;
  args: (idOf: (name: string) => string) => Properties;
}

/** Resources in the order of their dependencies. */
export type Program = readonly Declared[];

/** What a state file keeps. */
export interface StackState {
  resources: { kind: ResourceKind; name: string; state: State }[];
  /** Replaced ones that are still to be deleted, oldest first. */
  replaced: { kind: ResourceKind; name: string; state: State }[];
}

/** What a command has done to which resource: `replace copy`. */
export type Done = string;

/**
 * A stack of several resources as the engine treats one (engine 3.259.0): each command starts a provider process of its own,
 * resources come one after another, what was replaced is deleted at the end and stays in the state until then, and after
 * a failure nothing more is begun.
 */
export class Stack {
  readonly #start: () => Process;
  readonly #resources = new Map<string, Managed>();
  #replaced: Managed[] = [];

  constructor(start: () => Process, state: StackState = { resources: [], replaced: [] }) {
    this.#start = start;
    const process = start();
    for (const entry of state.resources) this.#resources.set(entry.name, restored(process, entry));
    this.#replaced = state.replaced.map((entry) => restored(process, entry));
  }

  get state(): StackState {
    const entries = (resources: Iterable<Managed>) =>
      [...resources].flatMap(({ kind, name, state }) => (state === undefined ? [] : [{ kind, name, state }]));
    return structuredClone({ resources: entries(this.#resources.values()), replaced: entries(this.#replaced) });
  }

  /** Of everything in the state. */
  get ids(): ReadonlySet<string> {
    const { resources, replaced } = this.state;
    return new Set([...resources, ...replaced].map(({ state }) => state.id));
  }

  /** The id in the state, where the resource is in it. */
  idOf(name: string): string | undefined {
    return this.#resources.get(name)?.state?.id;
  }

  /** `pulumi up` */
  async up(program: Program): Promise<Done[]> {
    const process = this.#command();
    const done: Done[] = [];
    for (const { kind, name, args } of program) {
      const resource = this.#resources.get(name) ?? new Resource(process, kind, name);
      const keepReplaced = (state: State) => void this.#replaced.push(restored(process, { kind, name, state }));
      try {
        const steps = await resource.up(args(this.#known), keepReplaced);
        done.push(...steps.map((step) => `${step} ${name}`));
      } finally {
        if (resource.state === undefined) this.#resources.delete(name);
        else this.#resources.set(name, resource);
      }
    }
    done.push(...(await this.#deleteReplaced()));
    const declared = new Set(program.map(({ name }) => name));
    for (const [name, resource] of [...this.#resources].reverse()) {
      if (declared.has(name)) continue;
      await resource.destroy();
      this.#resources.delete(name);
      done.push(`delete ${name}`);
    }
    return done;
  }

  /** `pulumi refresh` */
  async refresh(): Promise<void> {
    this.#command();
    for (const [name, resource] of this.#resources) {
      await resource.refresh();
      if (resource.state === undefined) this.#resources.delete(name);
    }
  }

  /** `pulumi destroy` */
  async destroy(): Promise<void> {
    this.#command();
    await this.#deleteReplaced();
    for (const [name, resource] of [...this.#resources].reverse()) {
      await resource.destroy();
      this.#resources.delete(name);
    }
  }

  /** `pulumi import`, or an edited state. */
  put(kind: ResourceKind, name: string, state: State): void {
    this.#resources.set(name, restored(this.#start(), { kind, name, state }));
  }

  readonly #known = (name: string): string => {
    const id = this.idOf(name);
    if (id === undefined) throw new Error(`${name} is used before it is made`);
    return id;
  };

  #command(): Process {
    const process = this.#start();
    for (const resource of [...this.#resources.values(), ...this.#replaced]) resource.process = process;
    return process;
  }

  async #deleteReplaced(): Promise<Done[]> {
    const done: Done[] = [];
    for (let last = this.#replaced.at(-1); last !== undefined; last = this.#replaced.at(-1)) {
      await last.destroy();
      this.#replaced.pop();
      done.push(`delete-replaced ${last.name}`);
    }
    return done;
  }
}

function restored(
  process: Process,
  { kind, name, state }: { kind: ResourceKind; name: string; state: State },
): Managed {
  return Object.assign(new Resource(process, kind, name), { state: structuredClone(state) });
}
