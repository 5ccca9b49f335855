import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isObject } from "./fields";
import { reasonOf } from "./refusal";

/** How a simulator's state lies in its file: some tables, some objects that its parts share, and the rest. */
export interface StateForm<State extends object> {
  /** Tells the files of different simulators apart. */
  format: string;
  /** The tables, and which member of their records is the key. */
  tables: Readonly<Partial<Record<keyof State & string, string>>>;
  /** Objects that are changed in place. */
  objects: readonly (keyof State & string)[];
  /** Whether what was read is a state; adds what simulators did not know yet when they wrote it. */
  complete(state: State): boolean;
}

const VERSION = 1;

const broken = (file: string, reason: string): Error =>
  new Error(
    `State file ${file} cannot be used: ${reason}. ` +
      "Name another file, or move this one away; the simulator then starts with a new state and new credentials.",
  );

const table = (file: string, value: unknown, key: string): Map<unknown, unknown> => {
  if (!Array.isArray(value)) throw broken(file, "a part of it is missing");
  return new Map(
    value.map((record: unknown) => {
      const id = isObject(record) ? record[key] : undefined;
      if (typeof id !== "string" && typeof id !== "number") throw broken(file, "it holds something without an id");
      return [id, record];
    }),
  );
};

const tablesOf = (form: { tables: object }): [name: string, key: string][] => Object.entries(form.tables);

const parse = <State extends object>(file: string, text: string, form: StateForm<State>): State => {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    throw broken(file, `it is not valid JSON (${reasonOf(error)})`);
  }
  if (!isObject(stored) || stored["format"] !== form.format) throw broken(file, "it was not written by this simulator");
  if (stored["version"] !== VERSION) {
    throw broken(file, `it has version ${String(stored["version"])}, this simulator reads version ${VERSION}`);
  }
  const { rest } = stored;
  const parts: Record<string, unknown> = {};
  for (const name of form.objects) parts[name] = stored[name];
  if (!isObject(rest) || !Object.values(parts).every(isObject)) throw broken(file, "a part of it is missing");
  for (const [name, key] of tablesOf(form)) parts[name] = table(file, stored[name], key);
  // our own format and version, written by `save` below: the records are what they were then
  const state = { ...rest, ...parts } as unknown as State;
  if (!form.complete(state)) throw broken(file, "a part of it is missing");
  return state;
};

/** Reads a state, or `undefined` when there is no file yet or it is empty. */
export function loadState<State extends object>(file: string, form: StateForm<State>): State | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (isObject(error) && error["code"] === "ENOENT") return undefined;
    throw broken(file, reasonOf(error));
  }
  return text.trim() === "" ? undefined : parse(file, text, form);
}

const fingerprint = (file: string): string | undefined => {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats && `${stats.ino} ${stats.mtimeNs} ${stats.size}`;
};

/** Says that the file, or what lies beside it, can't be written. */
export const unwritable = (file: string, error: unknown): Error =>
  new Error(`State file ${file} cannot be written: ${reasonOf(error)}`);

const write = (file: string, text: string): void => {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw unwritable(file, error);
  }
};

const clear = (target: object): void => {
  for (const key of Object.keys(target)) Reflect.deleteProperty(target, key);
};

const mapOf = (state: object, name: string): Map<unknown, unknown> => {
  const value: unknown = Reflect.get(state, name);
  if (!(value instanceof Map)) throw new Error(`The state has no table ${name}`);
  return value;
};

/** Makes a state what another one is, without replacing the objects that the simulator's parts share. */
const restore = <State extends object>(state: State, from: State, form: StateForm<State>): void => {
  const kept: Record<string, unknown> = {};
  for (const [name] of tablesOf(form)) {
    const target = mapOf(state, name);
    target.clear();
    for (const [id, record] of mapOf(from, name)) target.set(id, record);
    kept[name] = target;
  }
  for (const name of form.objects) {
    const target: unknown = state[name];
    if (!isObject(target)) continue;
    clear(target);
    kept[name] = Object.assign(target, from[name]);
  }
  clear(state);
  Object.assign(state, from, kept);
};

/**
 * A function that writes the state: only for its owner to read, and never half. When it can't, it throws, and the state
 * is again what was written last: a change that the caller is told has failed must not show later.
 */
export function stateSaver<State extends object>(file: string, state: State, form: StateForm<State>): () => void {
  let last = fingerprint(file);
  let saved: string | undefined;
  const save = (): void => {
    const current = fingerprint(file);
    if (current !== undefined && last !== undefined && current !== last) {
      throw new Error(`State file ${file} was changed by someone else. Run one simulator at a time on a file.`);
    }
    const rest: Record<string, unknown> = Object.fromEntries(Object.entries(state));
    const parts: Record<string, unknown> = {};
    for (const [name] of tablesOf(form)) {
      parts[name] = [...mapOf(state, name).values()];
      delete rest[name];
    }
    for (const name of form.objects) {
      parts[name] = state[name];
      delete rest[name];
    }
    const text = JSON.stringify({ format: form.format, version: VERSION, rest, ...parts });
    write(file, text);
    last = fingerprint(file);
    saved = text;
  };
  return () => {
    try {
      save();
    } catch (error) {
      if (saved !== undefined) restore(state, parse(file, saved, form), form);
      throw error;
    }
  };
}
