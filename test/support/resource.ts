import { expect } from "vitest";
import { equal, type Properties } from "../../provider/core/properties";
import { providerText, typeOf } from "../../provider/core/resource";
import type { ResourceKind } from "../../provider/kinds";
import type { ProviderProcess } from "./process";

export type { ProviderProcess } from "./process";

/** What the engine keeps of a resource. */
export interface State {
  id: string;
  inputs: Properties;
  outputs: Properties;
  initErrors: readonly string[];
}

export type Step = "create" | "update" | "replace" | "delete-replaced" | "same" | "gone";

/** A check that refused, with everything it found. */
export class Refused extends Error {
  readonly failures: readonly { property: string; reason: string }[];
  constructor(failures: readonly { property: string; reason: string }[]) {
    super(failures.map(({ property, reason }) => `property ${property} ${reason}`).join("\n"));
    this.failures = failures;
  }
}

/**
 * One resource of a stack, driven as the engine and the SDK's host drive it (engine 3.259.0): the same calls in the same
 * order with the same arguments, hidden inputs included, and what they keep afterwards.
 */
export class Resource<P extends Pick<ProviderProcess, "host"> = ProviderProcess> {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly urn: string;
  process: P;
  state: State | undefined;

  constructor(process: P, kind: ResourceKind, name: string, stack = "dev") {
    this.process = process;
    this.kind = kind;
    this.name = name;
    this.urn = `urn:pulumi:${stack}::project::${typeOf(kind)}::${name}`;
  }

  get id(): string {
    if (this.state === undefined) throw new Error(`${this.name} is not in the state`);
    return this.state.id;
  }

  get outputs(): Properties {
    if (this.state === undefined) throw new Error(`${this.name} is not in the state`);
    return this.state.outputs;
  }

  /** The arguments as the class sends them. */
  sent(args: Properties): Properties {
    return { ...args, __provider: providerText(this.kind), __urn: this.urn };
  }

  async check(
    args: Properties,
  ): Promise<{ inputs: Properties; failures: readonly { property: string; reason: string }[] }> {
    const { inputs = {}, failures = [] } = await this.host.check(this.state?.inputs ?? {}, this.sent(args));
    return { inputs: storable({ ...inputs, __provider: providerText(this.kind) }), failures };
  }

  async diff(args: Properties) {
    const { inputs } = await this.check(args);
    return this.host.diff(this.id, this.outputs, inputs);
  }

  /**
   * `pulumi up` for this resource: what was done, in order. Whoever passes `deleteLater` deletes what was replaced
   * himself, at the end of the update as the engine does; without it that goes at once.
   */
  async up(args: Properties, deleteLater?: (replaced: State) => void): Promise<Step[]> {
    const { inputs, failures } = await this.check(args);
    if (failures.length > 0) throw new Refused(failures);
    const old = this.state;
    if (old === undefined) {
      await this.#create(inputs);
      return ["create"];
    }
    const { changes, replaces = [], deleteBeforeReplace } = await this.host.diff(old.id, old.outputs, inputs);
    if (replaces.length > 0) {
      const again = await this.#checkAsNew(args);
      if (deleteBeforeReplace === true) {
        await this.host.delete(old.id, old.outputs);
        this.state = undefined;
        await this.#create(again);
        return ["delete-replaced", "replace"];
      }
      if (deleteLater !== undefined) return this.#replaceFirst(again, old, deleteLater);
      await this.#create(again);
      await this.host.delete(old.id, old.outputs);
      return ["replace", "delete-replaced"];
    }
    const differs = changes ?? !equal(old.inputs, inputs);
    if (!differs && old.initErrors.length === 0) {
      this.state = { ...old, inputs };
      return ["same"];
    }
    try {
      const { outs } = await this.host.update(old.id, old.outputs, inputs);
      this.state = { id: old.id, inputs, outputs: storable({ ...outs }), initErrors: [] };
      return ["update"];
    } catch (error) {
      this.#keep(error, inputs);
      throw error;
    }
  }

  /** `pulumi up --replace`: the engine asks neither check nor diff about the old object (engine 3.259.0). */
  async replace(args: Properties): Promise<Step[]> {
    const old = this.state;
    if (old === undefined) throw new Error(`${this.name} is not in the state`);
    await this.#create(await this.#checkAsNew(args));
    await this.host.delete(old.id, old.outputs);
    return ["replace", "delete-replaced"];
  }

  /** `pulumi refresh`. */
  async refresh(): Promise<void> {
    const { id, outputs } = this;
    const kept = this.state?.inputs ?? {};
    const read = await this.host.read(id, outputs);
    this.state =
      read.id === "" || read.id === undefined
        ? undefined
        : {
            id: read.id,
            // An answer without inputs leaves those of the state alone.
            inputs: read.inputs === undefined ? kept : storable({ ...read.inputs, __provider: outputs["__provider"] }),
            outputs: storable({ ...read.props }),
            initErrors: [],
          };
  }

  /** `pulumi destroy`. */
  async destroy(): Promise<void> {
    await this.host.delete(this.id, this.outputs);
    this.state = undefined;
  }

  /** `X.get(name, id, state)`. */
  async get(id: string, state: Properties): Promise<void> {
    const read = await this.host.read(id, { ...this.sent(state), __get: true });
    this.state = { id, inputs: {}, outputs: storable({ ...read.props }), initErrors: [] };
  }

  get host() {
    return this.process.host(this.kind);
  }

  /** A replacement is checked once more, as if there were nothing, before anything is done. */
  async #checkAsNew(args: Properties): Promise<Properties> {
    const old = this.state;
    this.state = undefined;
    const { inputs, failures } = await this.check(args);
    this.state = old;
    if (failures.length > 0) throw new Refused(failures);
    return inputs;
  }

  async #replaceFirst(inputs: Properties, old: State, deleteLater: (replaced: State) => void): Promise<Step[]> {
    try {
      await this.#create(inputs);
      return ["replace"];
    } finally {
      // Also where the new one exists and is not finished.
      if (this.state !== old) deleteLater(old);
    }
  }

  async #create(inputs: Properties): Promise<void> {
    try {
      const { id, outs } = await this.host.create(inputs);
      this.state = { id, inputs, outputs: storable({ ...outs }), initErrors: [] };
    } catch (error) {
      this.#keep(error, inputs);
      throw error;
    }
  }

  /** As the SDK's host: an error with an id is a resource that exists and is not finished. */
  #keep(error: unknown, inputs: Properties): void {
    if (!(error instanceof Error)) throw new Error("not an Error", { cause: error });
    expect(error.stack).toBe("");
    const { id, properties, reasons } = { id: undefined, properties: {}, reasons: [], ...error };
    if (typeof id !== "string") return;
    expect(reasons).toEqual([error.message]);
    expect(properties).toMatchObject({ __provider: providerText(this.kind), __urn: inputs["__urn"] });
    this.state = { id, inputs, outputs: storable(properties), initErrors: reasons };
  }
}

/** Fails for what the engine can't store: one `undefined` anywhere is "Unexpected struct type." */
export function storable(properties: Properties): Properties {
  expect(JSON.parse(JSON.stringify(properties))).toStrictEqual(properties);
  return properties;
}

/** The message of what must fail. */
export async function messageOf(outcome: Promise<unknown>): Promise<string> {
  const error = await outcome.then(
    (value) => {
      throw new Error(`succeeded with ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error("not an Error", { cause: error });
  return error.message;
}
