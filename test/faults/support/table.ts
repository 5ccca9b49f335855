import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { Outcome } from "./combination";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder in which each test leaves what became of its combinations. */
    faultResults: string;
  }
}

/** Leaves results where the end of the run finds them; a run of a single file may have no such place. */
export function record(folder: string | undefined, outcomes: readonly Outcome[]): void {
  if (folder === undefined) return;
  const lines = outcomes.map(({ fault, call, problems }) => ({ fault, call, failed: problems.length > 0 }));
  writeFileSync(join(folder, `${process.pid}-${process.hrtime.bigint()}.json`), JSON.stringify(lines));
}

interface Line {
  fault: string;
  call: string;
  failed: boolean;
}

/** Before all files of the project, and after them. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-faults-"));
  project.provide("faultResults", folder);
  return () => {
    const lines = readdirSync(folder).flatMap((file): Line[] => JSON.parse(readFileSync(join(folder, file), "utf8")));
    rmSync(folder, { recursive: true, force: true });
    if (lines.length > 0) console.log(table(lines));
  };
}

/** `calls x faults`, and how each kind of fault ended. */
export function table(lines: readonly Line[]): string {
  const calls = new Set(lines.map(({ call }) => call)).size;
  const faults = [...new Set(lines.map(({ fault }) => fault))];
  const width = Math.max(...faults.map((fault) => fault.length), 5);
  const row = (name: string, of: readonly Line[]) => {
    const bad = of.filter(({ failed }) => failed).length;
    return `${name.padEnd(width)}  ${String(of.length - bad).padStart(6)}  ${String(bad).padStart(6)}`;
  };
  return [
    `${calls} calls x ${faults.length} faults: ${lines.length} combinations`,
    `${"fault".padEnd(width)}  ${"ok".padStart(6)}  ${"failed".padStart(6)}`,
    ...faults.map((fault) =>
      row(
        fault,
        lines.filter((line) => line.fault === fault),
      ),
    ),
    row("all", lines),
  ].join("\n");
}
