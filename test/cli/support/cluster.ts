import { importObjects } from "../../../provider/cli/import";
import { orphans } from "../../../provider/cli/orphans";
import { systemClock } from "../../../provider/core/clock";
import { typeOf } from "../../../provider/core/code";
import { hostLifecycle } from "../../../provider/core/host";
import { createLookUp } from "../../../provider/core/lookUp";
import { createManaged } from "../../../provider/core/managed";
import type { Properties } from "../../../provider/core/properties";
import { element } from "../../../provider/element/system";
import type { ElementKind } from "../../../provider/kinds";
import { type ElementSimulator, type ElementSimulatorOptions, simulateElement } from "../../../provider/simulators";
import { test as base } from "../machine";
import { type Run, runCommand, runLine, writeState } from "./commands";

/** A resource of a stack, as far as its state tells what a command needs. */
export interface Made {
  id: string;
  urn: string;
  outputs: Properties;
}

/** An object as an import file has it. */
export interface Entry {
  type: string;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}

/** A cluster where stacks and people have made objects, and a machine on which the commands run. */
export interface Site {
  simulator: ElementSimulator;
  /** The production volume that the cluster begins with. */
  volumeID: number;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Makes an object as a stack does. */
  made(kind: ElementKind, name: string, args: Properties): Promise<Made>;
  /** What a program's arguments change in an object that was imported: the engine's own comparison of inputs left out. */
  diff(kind: ElementKind, entry: Entry, args: Properties): Promise<{ replaces?: string[]; changes?: boolean }>;
  /** What `pulumi up` makes of them. */
  update(kind: ElementKind, entry: Entry, args: Properties): Promise<void>;
  /** Clones a volume by hand: without attributes the copy has those of its source. */
  byHand(volumeID: number, name: string, attributes?: object): Promise<{ id: string; cloneID: number }>;
  orphans(...args: string[]): Promise<Run>;
  imports(...args: string[]): Promise<Run>;
  /** Runs a command line that was printed. */
  runLine(line: string): Promise<Run>;
  /** Writes what `pulumi stack export` would. */
  state(file: string, managed?: readonly Made[]): void;
  /** The methods that were called since the last look, reading ones left out. */
  changes(): string[];
}

export const test = base.extend<{ options: ElementSimulatorOptions; site: Site }>({
  options: {},
  site: async ({ machine, options }, use) => {
    const simulator = await simulateElement(options);
    const environment: NodeJS.ProcessEnv = { ...machine.env, ...simulator.environment };
    const { folder } = machine;
    const opened = element.account({ environment, folder }).open(() => {});
    const context = {
      engine: { interrupted: new AbortController().signal, log: () => {} },
      clock: systemClock,
      backend: "file:///state",
      readState: async () => ({ ids: new Set<string>(), resources: [], interrupted: new Set<string>() }),
      managed: createManaged(),
      lookUp: createLookUp(systemClock),
      pollFloorMs: 20,
      random: Math.random,
    };
    const urnOf = (kind: ElementKind, name: string) => `urn:pulumi:dev::project::${typeOf(kind)}::${name}`;
    const hostOf = (kind: ElementKind) => {
      const lifecycle = opened.lifecycles[kind];
      if (lifecycle === undefined) throw new Error(`There is no ${kind}`);
      return hostLifecycle(kind, lifecycle, context, () => {});
    };
    const [first] = simulator.model.volumes;
    let looked = 0;
    machine.engine("tools", "3.254.0");
    await use({
      simulator,
      volumeID: first?.volumeID ?? 0,
      folder,
      environment,
      async made(kind, name, args) {
        const urn = urnOf(kind, name);
        const host = hostOf(kind);
        const { inputs, failures = [] } = await host.check({}, { ...args, __urn: urn });
        if (failures.length > 0) throw new Error(JSON.stringify(failures));
        const { id, outs = {} } = await host.create(inputs ?? {});
        return { id, urn, outputs: outs };
      },
      async diff(kind, { id, inputs, outputs }, args) {
        const host = hostOf(kind);
        const checked = await host.check(inputs, { ...args, __urn: urnOf(kind, "it") });
        return host.diff(id, outputs, checked.inputs ?? {});
      },
      async update(kind, { id, inputs, outputs }, args) {
        const host = hostOf(kind);
        const checked = await host.check(inputs, { ...args, __urn: urnOf(kind, "it") });
        await host.update(id, outputs, checked.inputs ?? {});
      },
      async byHand(volumeID, name, attributes) {
        const made = await rpc(simulator, "CloneVolume", { volumeID, name, attributes });
        return { id: String(made["volumeID"]), cloneID: Number(made["cloneID"]) };
      },
      orphans: (...args) => runCommand(orphans, args, environment, folder),
      imports: (...args) => runCommand(importObjects, args, environment, folder),
      runLine: (line) => runLine(line, environment, machine),
      state(file, managed = []) {
        const resources = managed.map(({ id, urn, outputs }) => ({
          urn,
          custom: true,
          id,
          type: urn.split("::")[2],
          outputs,
        }));
        writeState(folder, file, resources);
      },
      changes() {
        const made = simulator.calls.slice(looked);
        looked = simulator.calls.length;
        return made
          .filter(({ method }) => !/^(Get|List)/.test(method))
          .map(({ method, params }) => `${method} ${idIn(params)}`);
      },
    });
    await opened.close();
    await simulator.close();
  },
});

const idIn = (params: Readonly<Record<string, unknown>>) =>
  String(params["snapshotID"] ?? params["cloneID"] ?? params["volumeID"]);

/** A call beside our client. */
async function rpc(simulator: ElementSimulator, method: string, params: object): Promise<Record<string, unknown>> {
  const { username, password } = simulator.credentials;
  const answer = await fetch(`${simulator.url}/json-rpc/12.5`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` },
    body: JSON.stringify({ method, params, id: 1 }),
  });
  const { result }: { result?: Record<string, unknown> } = JSON.parse(await answer.text());
  if (result === undefined) throw new Error(`${method} was refused`);
  return result;
}
