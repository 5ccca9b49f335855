import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { State } from "./records";
import { complete } from "./stateUpgrade";

const FORMAT = "holdfast-ovh-simulator";
const VERSION = 1;
const TABLES = ["services", "shares", "snapshots", "policies"] as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const broken = (file: string, reason: string): Error =>
  new Error(
    `State file ${file} cannot be used: ${reason}. ` +
      "Name another file, or move this one away; the simulator then starts with a new state and new credentials.",
  );

const table = (file: string, value: unknown): Map<string, unknown> => {
  if (!Array.isArray(value)) throw broken(file, "a part of it is missing");
  return new Map(
    value.map((record: unknown) => {
      if (!isObject(record) || typeof record["id"] !== "string") throw broken(file, "it holds something without an id");
      return [record["id"], record];
    }),
  );
};

const parse = (file: string, text: string): State => {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch (error) {
    throw broken(file, `it is not valid JSON (${reasonOf(error)})`);
  }
  if (!isObject(stored) || stored["format"] !== FORMAT) throw broken(file, "it was not written by this simulator");
  if (stored["version"] !== VERSION) {
    throw broken(file, `it has version ${String(stored["version"])}, this simulator reads version ${VERSION}`);
  }
  if (!isObject(stored["credentials"]) || !isObject(stored["rest"])) throw broken(file, "a part of it is missing");
  const tables = Object.fromEntries(TABLES.map((name) => [name, table(file, stored[name])]));
  // our own format and version, written by `save` below: the records are what they were then
  const state = { ...stored["rest"], ...tables, credentials: stored["credentials"] } as unknown as State;
  // the first service itself may be gone: it can be terminated
  if (typeof state.serviceName !== "string") throw broken(file, "a part of it is missing");
  complete(state);
  return state;
};

/** Reads a state, or `undefined` when there is no file yet or it is empty. */
export function loadState(file: string): State | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (isObject(error) && error["code"] === "ENOENT") return undefined;
    throw broken(file, reasonOf(error));
  }
  return text.trim() === "" ? undefined : parse(file, text);
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

/** Makes a state what another one is, without replacing the objects that the simulator's parts share. */
const restore = (state: State, from: State): void => {
  const kept = { credentials: state.credentials, ...Object.fromEntries(TABLES.map((name) => [name, state[name]])) };
  for (const name of TABLES) {
    // the same table of two states has the same records
    const target: Map<string, unknown> = state[name];
    target.clear();
    for (const [id, record] of from[name]) target.set(id, record);
  }
  clear(state.credentials);
  Object.assign(state.credentials, from.credentials);
  clear(state);
  Object.assign(state, from, kept);
};

/**
 * A function that writes the state: only for its owner to read, and never half. When it can't, it throws, and the state
 * is again what was written last: a change that the caller is told has failed must not show later.
 */
export function stateSaver(file: string, state: State): () => void {
  let last = fingerprint(file);
  let saved: string | undefined;
  const save = (): void => {
    const current = fingerprint(file);
    if (current !== undefined && last !== undefined && current !== last) {
      throw new Error(`State file ${file} was changed by someone else. Run one simulator at a time on a file.`);
    }
    const { services, shares, snapshots, policies, credentials, ...rest } = state;
    const tables = { services, shares, snapshots, policies };
    const lists = Object.fromEntries(TABLES.map((name) => [name, [...tables[name].values()]]));
    const text = JSON.stringify({ format: FORMAT, version: VERSION, rest, ...lists, credentials });
    write(file, text);
    last = fingerprint(file);
    saved = text;
  };
  return () => {
    try {
      save();
    } catch (error) {
      if (saved !== undefined) restore(state, parse(file, saved));
      throw error;
    }
  };
}
