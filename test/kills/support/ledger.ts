import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "../../e2e/support/project";
import type { Service, System } from "./system";

/** How many objects of each kind there are. */
export type Counts = Readonly<Record<string, number>>;

/** Objects that the program made: what there is beyond `before`. */
export function made(service: Service, before: readonly string[]): string[] {
  return Object.values(service.objects())
    .flat()
    .filter((id) => !before.includes(id))
    .toSorted();
}

export const counts = (service: Service): Counts =>
  Object.fromEntries(Object.entries(service.objects()).map(([kind, { length }]) => [kind, length]));

export const most = (left: Counts, right: Counts): Counts => {
  const kinds = new Set([...Object.keys(left), ...Object.keys(right)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, Math.max(left[kind] ?? 0, right[kind] ?? 0)]));
};

/** Kinds of which there are more than there should ever be. */
export const beyond = (seen: Counts, limit: Counts): string[] =>
  Object.entries(seen).flatMap(([kind, count]) => {
    const allowed = limit[kind] ?? 0;
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
  { nameOf }: System,
  service: Service,
  before: readonly string[],
): Promise<string[]> {
  const { resources } = await recorded(project);
  const exist = made(service, before);
  const idOf = ({ type, id = "" }: Recorded) => nameOf(type, id);
  const kept = resources.map(idOf);
  const name = ({ urn }: Recorded) => urn.split("::").at(-1) ?? "";
  return [
    ...exist.filter((id) => !kept.includes(id)).map((id) => `${id} exists and is not in the state (lost or doubled)`),
    ...resources
      .filter((one) => !exist.includes(idOf(one)))
      .map((one) => `${name(one)} is recorded and does not exist`),
    ...kept.filter((id, index) => kept.indexOf(id) !== index).map((id) => `${id} is recorded twice`),
    ...resources.filter((one) => one.delete === true).map((one) => `${name(one)} still waits to be deleted`),
    ...resources.filter((one) => (one.initErrors ?? []).length > 0).map((one) => `${name(one)} is not finished`),
    ...resources
      .filter(({ outputs = {} }) => outputs["__creating"] !== undefined || outputs["__updating"] !== undefined)
      .map((one) => `${name(one)} is marked as unfinished`),
  ];
}
