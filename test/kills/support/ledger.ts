import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OvhSimulator } from "../../../provider/simulators";
import type { Project } from "../../e2e/support/project";

/** How many objects of each kind there are. */
export interface Counts {
  shares: number;
  snapshots: number;
  rules: number;
  policies: number;
}

const LEAVING: ReadonlySet<string> = new Set(["deleting", "deleted", "queued_to_deny", "denying"]);

/** What the service holds and nobody is deleting: manual snapshots only, for the others are the policy's. */
export function objects({ model }: OvhSimulator): Record<keyof Counts, string[]> {
  const live = (records: readonly { id: string; status: string }[]) =>
    records.filter(({ status }) => !LEAVING.has(status)).map(({ id }) => id);
  return {
    shares: live(model.shares),
    snapshots: live(model.snapshots.filter(({ type }) => type === "manual")),
    rules: live(model.shares.flatMap(({ rules }) => rules)),
    policies: live(model.policies),
  };
}

/** Objects that the program made, by id: what there is beyond `before`. */
export function made(simulator: OvhSimulator, before: readonly string[]): string[] {
  return Object.values(objects(simulator))
    .flat()
    .filter((id) => !before.includes(id))
    .toSorted();
}

export const counts = (simulator: OvhSimulator): Counts => {
  const { shares, snapshots, rules, policies } = objects(simulator);
  return { shares: shares.length, snapshots: snapshots.length, rules: rules.length, policies: policies.length };
};

export const NOTHING: Counts = { shares: 0, snapshots: 0, rules: 0, policies: 0 };

export const most = (left: Counts, right: Counts): Counts => ({
  shares: Math.max(left.shares, right.shares),
  snapshots: Math.max(left.snapshots, right.snapshots),
  rules: Math.max(left.rules, right.rules),
  policies: Math.max(left.policies, right.policies),
});

/** Kinds of which there are more than there should ever be. */
export const beyond = (seen: Counts, limit: Counts): string[] =>
  Object.entries(seen).flatMap(([kind, count]) => {
    const allowed = limit[kind as keyof Counts]; // a key of Counts
    return count > allowed ? [`${count} ${kind}, never more than ${allowed} are declared`] : [];
  });

interface Recorded {
  type: string;
  urn: string;
  id?: string;
  delete?: boolean;
  initErrors?: string[];
  outputs?: Record<string, unknown>;
}
interface Checkpoint {
  checkpoint: { latest?: { resources?: Recorded[]; pending_operations?: { type: string }[] } };
}

/** What the engine keeps, read from its file: asking the CLI would cost a start. */
export async function recorded(project: Project): Promise<{ resources: Recorded[]; pending: string[] }> {
  const file = join(project.folder, "state", ".pulumi", "stacks", "e2e", "test.json");
  const { checkpoint }: Checkpoint = JSON.parse(await readFile(file, "utf8"));
  const resources = checkpoint.latest?.resources ?? [];
  return {
    resources: resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")),
    pending: (checkpoint.latest?.pending_operations ?? []).map(({ type }) => type),
  };
}

/** Whether a killed CLI left the stack locked. */
export function locked({ folder }: Project): boolean {
  const locks = join(folder, "state", ".pulumi", "locks", "organization", "e2e", "test");
  return existsSync(locks) && readdirSync(locks).length > 0;
}

/** Where state and service disagree: nothing when every object is recorded once, finished, and nothing else exists. */
export async function disagreements(
  project: Project,
  simulator: OvhSimulator,
  before: readonly string[],
): Promise<string[]> {
  const { resources } = await recorded(project);
  const exist = made(simulator, before);
  const kept = resources.map(({ id = "" }) => id);
  const name = ({ urn }: Recorded) => urn.split("::").at(-1) ?? "";
  return [
    ...exist.filter((id) => !kept.includes(id)).map((id) => `${id} exists and is not in the state (lost or doubled)`),
    ...resources
      .filter(({ id = "" }) => !exist.includes(id))
      .map((one) => `${name(one)} is recorded and does not exist`),
    ...kept.filter((id, index) => kept.indexOf(id) !== index).map((id) => `${id} is recorded twice`),
    ...resources.filter((one) => one.delete === true).map((one) => `${name(one)} still waits to be deleted`),
    ...resources.filter((one) => (one.initErrors ?? []).length > 0).map((one) => `${name(one)} is not finished`),
    ...resources
      .filter(({ outputs = {} }) => outputs["__creating"] !== undefined || outputs["__updating"] !== undefined)
      .map((one) => `${name(one)} is marked as unfinished`),
  ];
}
