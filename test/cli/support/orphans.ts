import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { orphans } from "../../../provider/cli/orphans";
import type { Properties } from "../../../provider/core/properties";
import type { ResourceKind } from "../../../provider/kinds";
import type { FileStorage } from "../../../provider/ovh/client";
import type { StorageSettings } from "../../../provider/ovh/settings";
import { type OvhSimulator, type OvhSimulatorOptions, simulateOvh } from "../../../provider/simulators";
import { byHand } from "../../ovh/support/byHand";
import { startProcess } from "../../ovh/support/providerProcess";
import { JumpingClock } from "../../support/clock";
import { Resource } from "../../support/resource";
import { test as base } from "../machine";
import { type Run, runCommand, runLine, writeState } from "./commands";

/** A service where stacks and people have made objects, and a machine on which the command runs. */
export interface Site {
  simulator: OvhSimulator;
  storage: FileStorage;
  serviceName: string;
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Makes an object as a stack does. */
  made(kind: ResourceKind, name: string, args: Properties, settings?: Partial<StorageSettings>): Promise<Resource>;
  run(...args: string[]): Promise<Run>;
  /** Runs a command line that was printed. */
  runLine(line: string): Promise<Run>;
  /** Writes what `pulumi stack export` would. */
  state(file: string, managed?: readonly Pick<Resource, "id" | "urn">[], more?: object): void;
  write(file: string, content: string): void;
  /** The product calls so far, below the service, without the first ones that made the site. */
  calls(): string[];
}

export const HOUR_MS = 3_600_000;

export const test = base.extend<{ options: OvhSimulatorOptions; site: Site }>({
  options: {},
  site: async ({ machine, options }, use) => {
    const simulator = await simulateOvh({ schedule: false, ...options });
    const { serviceName } = simulator;
    const clock = new JumpingClock();
    clock.time = Date.now();
    const closing: (() => Promise<void>)[] = [() => simulator.close()];
    const environment: NodeJS.ProcessEnv = { ...machine.env, ...simulator.environment };
    const at = (file: string) => join(machine.folder, file);
    await use({
      simulator,
      storage: byHand(simulator),
      serviceName,
      folder: machine.folder,
      environment,
      async made(kind, name, args, settings = {}) {
        const process = startProcess(simulator, clock, { settings });
        closing.unshift(() => process.close());
        const resource = new Resource(process, kind, name);
        await resource.up({ serviceName, ...args });
        return resource;
      },
      run: (...args) => runCommand(orphans, args, environment, machine.folder),
      runLine: (line) => runLine(line, environment, machine),
      state(file, managed = [], more = {}) {
        const resources = managed.map(({ id, urn }) => ({ urn, custom: true, id, type: urn.split("::")[2] }));
        writeState(machine.folder, file, resources, more);
      },
      write: (file, content) => writeFileSync(at(file), content),
      calls: () =>
        simulator.calls.map(
          ({ method, path }) => `${method} ${path.replace(`/1.0/storage/netapp/${serviceName}`, "")}`,
        ),
    });
    for (const close of closing) await close();
    expect(simulator.unmatched).toEqual([]);
  },
});

export const RULES = [{ prefix: "mine", copies: 2, cron: "0 3 * * *" }];

/** Lets an object be older than it is. */
export function age({ simulator: { model } }: Site, { id }: { id: string }, ms: number): void {
  const object = [...model.shares, ...model.snapshots, ...model.policies].find((one) => one.id === id);
  if (object === undefined) throw new Error(`There is no ${id}`);
  object.createdAt -= ms;
}

/** Something of each kind that carries a mark. The names of the clone and the policy are the program's own. */
export async function oneOfEach(site: Site) {
  const share = await site.made("ovh:Share", "data", { size: 120 });
  const snapshot = await site.made("ovh:Snapshot", "before", { shareId: share.id });
  const clone = await site.made("ovh:ShareClone", "staging", {
    snapshotId: snapshot.id,
    size: 150,
    name: "Staging area",
    description: "For QA",
  });
  const policy = await site.made("ovh:SnapshotPolicy", "nightly", { rules: RULES, name: "nightly" });
  return { share, snapshot, clone, policy };
}

export const shareIds = ({ simulator }: Site) => simulator.model.shares.map(({ id }) => id);
