// The compiler writes typings for every module. Only those that an entry of the package leads to are of use to anybody.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Removes all other typings.
 * @param {string} folder where the compiler has put everything
 * @param {string[]} entries typings that package.json names, as paths below the folder
 */
export function keepReachableTypings(folder, entries) {
  const reachable = new Set();
  const visit = (file) => {
    if (reachable.has(file) || !existsSync(file)) return;
    reachable.add(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(/\b(?:from|import|require)\s*\(?\s*"(\.[^"]*)"/g)) {
      const module = join(dirname(file), path.replace(/\.js$/, ""));
      for (const ending of [".d.ts", "/index.d.ts"]) visit(module + ending);
    }
  };
  for (const entry of entries) visit(join(folder, entry));
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith(".d.ts") && !reachable.has(file)) rmSync(file);
  }
}
