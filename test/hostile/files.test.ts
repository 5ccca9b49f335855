import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { removeFolder, temporaryFolder } from "../../provider/cli/demo/project";
import { installEngine } from "../../provider/cli/engine";
import { simulateOvh } from "../../provider/simulators";
import { test } from "../cli/machine";

// What we write is for its owner's eyes, whatever the shell's umask lets through.

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test("a simulator's state and the lock beside it are for their owner alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-files-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const stateFile = join(folder, "state.json");
  const simulator = await simulateOvh({ stateFile });
  const files = readdirSync(folder).map((name) => `${name} ${modeOf(join(folder, name))}`);
  await simulator.close();
  expect(files.toSorted()).toEqual(["state.json 600", "state.json.lock 600"]);
  expect(readdirSync(folder)).toEqual(["state.json"]);
});

test("the demo's folder is for its owner alone", async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => removeFolder(folder));
  expect(modeOf(folder)).toBe("700");
});

test("the folder that engines are kept in, and run from, is for its owner alone", async ({ machine }) => {
  machine.go();
  await installEngine({ env: { ...machine.env, HOLDFAST_ENGINE: "build" }, recipe: machine.recipe });
  expect(modeOf(machine.cache)).toBe("700");
});
