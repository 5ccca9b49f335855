// A lock for processes on this machine: a folder whose owner touches it while it works.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const TOUCH_EVERY_MS = 2_000;
const STALE_AFTER_MS = 60_000;

/**
 * Runs `work` while no other process holds `path`.
 * @template T
 * @param {string} path
 * @param {(owner: number) => void} onWait told once when another process holds the lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    const owner = ownerOf(path);
    if (owner !== undefined && isStale(path, owner)) {
      remove(path, owner);
      continue;
    }
    if (owner !== undefined && !told) {
      onWait(owner);
      told = true;
    }
    await sleep(100);
  }
  const release = () => remove(path, process.pid);
  const touch = setInterval(() => {
    if (ownerOf(path) === process.pid) utimesSync(path, new Date(), new Date());
  }, TOUCH_EVERY_MS).unref();
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    process.off("exit", release);
    release();
  }
}

/** The folder is complete, with its owner, before it gets its name; and it can't get the name of one that isn't empty. */
function take(path) {
  const mine = mkdtempSync(`${path}.`);
  writeFileSync(join(mine, "pid"), `${process.pid}`);
  try {
    renameSync(mine, path);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) return false; // EPERM: Windows
    throw error;
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(join(path, "pid"), "utf8"));
  } catch {
    return undefined;
  }
}

/** The owner has died, or its number belongs to another process by now, which doesn't touch the lock. */
function isStale(path, owner) {
  try {
    process.kill(owner, 0);
  } catch (error) {
    if (error.code === "ESRCH") return true;
  }
  const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - touched > STALE_AFTER_MS;
}

/**
 * Removes the lock of that owner. Two may find the same stale lock, and the slower one must not remove what the faster
 * one has taken since; so the folder is moved aside first, and back if it is somebody else's.
 */
function remove(path, owner) {
  const aside = `${path}.old-${process.pid}`;
  try {
    renameSync(path, aside);
    if (ownerOf(aside) !== owner) renameSync(aside, path);
  } catch {
    // another process was faster
  }
  rmSync(aside, { recursive: true, force: true });
}
