import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test as base } from "vitest";

/** The checkout under test. */
export const checkout = resolve(__dirname, "../..");

/** A computer that has only what a test puts on it: its own home, PATH and cache. */
export interface Machine {
  folder: string;
  env: NodeJS.ProcessEnv;
  cache: string;
  /** A copy of the engine's recipe, so that a test may change it. */
  recipe: string;
  /** Writes an executable shell script to `file` in the machine's folder. Only builtins and absolute paths work in it. */
  script(file: string, ...lines: string[]): string;
  /** Puts `pulumi` and the two programs it starts into `<folder>/bin`. */
  engine(folder: string, version: string): string;
  /** Puts a `go` on PATH that "builds" by writing scripts. It counts its runs. */
  go(version?: string): void;
  /** How many times the fakes ran for this subject. */
  runs(subject: string): number;
}

const HOSTS = ["pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

export const test = base.extend<{ machine: Machine }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's dependencies from this pattern
  machine: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-machine-"));
    const at = (...path: string[]) => join(folder, ...path);
    mkdirSync(at("tools/bin"), { recursive: true });
    mkdirSync(at("tmp"));
    cpSync(join(checkout, "scripts/engine"), at("recipe"), { recursive: true });
    const machine: Machine = {
      folder,
      env: { HOME: at("home"), XDG_CACHE_HOME: at("cache"), TMPDIR: at("tmp"), PATH: at("tools/bin") },
      cache: at("cache/pulumi-holdfast"),
      recipe: at("recipe"),
      script(file, ...lines) {
        const path = at(file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"));
        chmodSync(path, 0o755);
        return path;
      },
      engine(where, version) {
        machine.script(join(where, "bin/pulumi"), `echo v${version}`);
        for (const host of HOSTS) machine.script(join(where, "bin", host));
        return at(where);
      },
      go(version = "1.26.3") {
        machine.script(
          "tools/bin/go",
          `if [ "$1" = version ]; then echo go version go${version} linux/amd64; exit; fi`,
          'while [ "$1" != -o ]; do shift; done',
          `echo "$2" >>'${at("go.runs")}'`,
          'printf "#!/bin/sh\\necho v3.259.0\\n" >"$2"',
          '/bin/chmod +x "$2"',
        );
      },
      runs(subject) {
        try {
          return readFileSync(at(`${subject}.runs`), "utf8")
            .trimEnd()
            .split("\n").length;
        } catch {
          return 0;
        }
      },
    };
    await use(machine);
    rmSync(folder, { recursive: true, force: true });
  },
});
