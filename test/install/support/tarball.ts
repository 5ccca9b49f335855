import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { test as base } from "vitest";
import { packageRoot } from "../../e2e/support/project";
import { npm } from "./tools";

/** Our package as npm would publish it. */
export interface Tarball {
  file: string;
  /** What is in it: texts by path below the package's folder. */
  contents: ReadonlyMap<string, string>;
}

/** Packs once for all tests of a file. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's dependencies from this pattern
export const test = base.extend("tarball", { scope: "file" }, async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-packed-"));
  onCleanup(() => rm(folder, { recursive: true }));
  return pack(folder);
});

async function pack(folder: string): Promise<Tarball> {
  const name = (await npm(["pack", "--silent", "--pack-destination", folder], packageRoot)).trim();
  const packed = join(folder, name);
  const hash = createHash("sha256").update(await readFile(packed));
  // some package managers keep what a name had before
  const file = join(folder, `pulumi-holdfast-${hash.digest("hex").slice(0, 12)}.tgz`);
  await rename(packed, file);
  await promisify(execFile)("tar", ["-xzf", file, "-C", folder]);
  return { file, contents: await contentsOf(join(folder, "package")) };
}

/** What package managers put into a package's folder: its own dependencies, and Bun's note of where it comes from. */
const ADDED = /^node_modules\/|^\.bun-tag$/;

/** Texts of all files by path below the folder, without what a package manager adds. */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const own = files.map((file) => relative(folder, file)).filter((path) => !ADDED.test(path));
  return new Map(
    await Promise.all(own.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const)),
  );
}
