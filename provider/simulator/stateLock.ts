import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { unwritable } from "./stateFile";

/** The locks that this process holds. */
const held = new Set<string>();

const removeAll = (): void => {
  for (const lock of held) rmSync(lock, { force: true });
};

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** How long somebody may take between making a lock and writing into it. */
const UNFINISHED_MS = 5000;

const ownerOf = (lock: string): number | undefined => {
  try {
    const text = readFileSync(lock, "utf8").trim();
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH"; // EPERM: it belongs to somebody else
  }
};

/** Our own number without a lock of ours: a former process had it, which happens in containers. */
const isAbandoned = (lock: string, owner: number | undefined): boolean => {
  if (owner === undefined) {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return Date.now() - made > UNFINISHED_MS;
  }
  return owner === process.pid ? !held.has(lock) : !isAlive(owner);
};

/** Moves the lock aside first, and back if somebody else has taken it since: two may find the same abandoned one. */
const removeAbandoned = (lock: string, owner: number | undefined): void => {
  const aside = `${lock}.old-${process.pid}`;
  try {
    renameSync(lock, aside);
    if (ownerOf(aside) !== owner) renameSync(aside, lock);
  } catch {
    // another process was faster
  }
  rmSync(aside, { force: true });
};

const take = (file: string, lock: string): boolean => {
  try {
    writeFileSync(lock, `${process.pid}\n`, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw unwritable(file, error);
  }
};

/**
 * Takes the lock `<file>.lock`, also that of a process that has died. It goes with this process at the latest.
 * @returns a function that gives it back
 */
export function lockStateFile(file: string): () => void {
  const lock = `${file}.lock`;
  for (let tries = 0; !take(file, lock); tries += 1) {
    const owner = ownerOf(lock);
    if (tries >= 10 || !isAbandoned(lock, owner)) {
      const who = owner === undefined ? "which has only just started" : `process ${owner}`;
      throw new Error(
        `State file ${file} is in use by another simulator, ${who}. Stop that one, use it, or name another file.`,
      );
    }
    removeAbandoned(lock, owner);
  }
  if (held.size === 0) process.once("exit", removeAll);
  held.add(lock);
  return () => {
    if (!held.delete(lock)) return;
    rmSync(lock, { force: true });
    if (held.size === 0) process.off("exit", removeAll);
  };
}
