import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(__dirname, "../..");
const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));

interface Locked {
  version: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

/** Everything that an installation of the package brings along, by its place. */
const production = (): [string, Locked][] =>
  Object.entries<Locked>(read("package-lock.json").packages).filter(([place, { dev }]) => place !== "" && dev !== true);

/** Ask for nothing but their own text to be kept. */
const PERMISSIVE = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];

test("everything that is installed with the package has a permissive licence, by the lock file and by its own word", () => {
  const packages = production();
  expect(packages.length).toBeGreaterThan(Object.keys(read("package.json").dependencies).length);
  const licences = packages.flatMap(([place, { license }]) => [
    [place, license],
    [place, read(join(place, "package.json")).license],
  ]);
  expect(licences.filter(([, licence]) => !PERMISSIVE.includes(licence ?? ""))).toEqual([]);
});

test("nothing that is installed with the package runs a script then, or comes from anywhere but the registry", () => {
  const odd = production().filter(
    // The lock file leaves the registry's own addresses out.
    ([, { resolved, integrity = "", hasInstallScript }]) =>
      hasInstallScript === true || resolved !== undefined || !integrity.startsWith("sha512-"),
  );
  expect(odd).toEqual([]);
  const { scripts } = read("package.json");
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
});

test("a publication is public, asks for a provenance statement, and comes from this repository's own files", () => {
  const { publishConfig, private: hidden, files } = read("package.json");
  expect(publishConfig).toEqual({ access: "public", provenance: true });
  expect(hidden).toBeUndefined();
  expect(files).toContain("dist/provider");
});
