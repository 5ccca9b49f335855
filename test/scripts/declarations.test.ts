import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { test as base, expect } from "vitest";
import { checkout } from "../cli/machine";

const test = base.extend("folder", async ({ task: _ }, { onCleanup }) => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-typings-"));
  onCleanup(() => rmSync(folder, { recursive: true }));
  return folder;
});

test("typings that an entry leads to stay, through every form of import, and all others go", ({ folder }) => {
  const files = {
    "index.d.ts": `export * from "./a";\nexport * as system from "./system";\nimport * as other from "elsewhere";`,
    "index.js": "",
    "a.d.ts": `export declare const b: import("./nested/b.js").B;`,
    "nested/b.d.ts": `import "../c";\nexport interface B {}`,
    "nested/unused.d.ts": `export * from "../a";`,
    "c.d.ts": `import a = require("./a");`,
    "system/index.d.ts": `export {};`,
    "system/index.js": "",
    "second.d.ts": `export {};`,
    "unused.d.ts": "",
    "unused.js": "",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }

  // a script has no typings of its own, so it runs as set-up runs it
  const script = pathToFileURL(join(checkout, "scripts/declarations.mjs")).href;
  const call = `keepReachableTypings(${JSON.stringify(folder)}, ["index.d.ts", "second.d.ts"])`;
  execFileSync(process.execPath, [
    "--input-type=module",
    "-e",
    `import { keepReachableTypings } from "${script}"; ${call}`,
  ]);

  const left = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.\w+$/.test(name));
  const gone = ["nested/unused.d.ts", "unused.d.ts"];
  expect(left.toSorted()).toEqual(
    Object.keys(files)
      .filter((name) => !gone.includes(name))
      .toSorted(),
  );
});
