// Comments are for whoever reads the sources. Compiled files go without, the typings keep theirs for the editor.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Takes the comments out of all JavaScript below a folder.
 * @param {string} folder where the compiler has put everything
 * @param {typeof import("typescript")} ts
 */
export function removeComments(folder, ts) {
  // As it is: CommonJS already, and an import() of an ES module must stay one.
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, removeComments: true };
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    const file = join(folder, name);
    writeFileSync(file, ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions }).outputText);
  }
}
