import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A stand-in for the terminal. */
export class Host {
  stdout = "";
  stderr = "";
  #listeners = new Set<(signal: NodeJS.Signals) => void>();
  out(text: string): void {
    this.stdout += text;
  }
  err(text: string): void {
    this.stderr += text;
  }
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  signal(signal: NodeJS.Signals): void {
    for (const listener of this.#listeners) listener(signal);
  }
}

/** A folder that goes when the test ends. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "simulate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A command that runs JavaScript. */
export const node = (code: string): string[] => ["--", process.execPath, "-e", code];
